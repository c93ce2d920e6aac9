//! What the configuration in a plan refers to: a value that is unknown before the apply still says from which resource it will
//! come.

use std::collections::BTreeSet;

use serde_json::Value;
use serde_json::value::RawValue;

use crate::document::{Configuration, ConfiguredModule, ConfiguredResource, Error};
use crate::resource::{Configured, Resource};

/// The configuration of a plan, if it has one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct References<'c, 'a> {
    configuration: Option<&'c Configuration<'a>>,
}

/// How deep references are followed: through modules and their outputs.
const DEPTH: usize = 24;

impl<'c, 'a> References<'c, 'a> {
    pub(crate) fn new(configuration: Option<&'c Configuration<'a>>) -> Self {
        Self { configuration }
    }

    /// What the configuration says of a resource of a module.
    pub(crate) fn configured(
        self,
        module: &str,
        r#type: &str,
        name: &str,
    ) -> Result<Option<Configured>, Error> {
        let Some(resource) = self.module(module).and_then(|module| resource_of(module, r#type, name)) else {
            return Ok(None);
        };
        let expressions = read(resource.expressions)?;
        Ok(Some(Configured {
            arguments: expressions.as_object().into_iter().flat_map(|all| all.keys().cloned()).collect(),
            for_each: read(resource.for_each_expression)?,
            provider: resource.provider_config_key.clone(),
            expressions,
        }))
    }

    /// A constant of a provider block, such as its region.
    pub(crate) fn provider_constant(self, key: &str, argument: &str) -> Option<String> {
        let provider = self.configuration?.provider_config.get(key)?;
        let expressions = read(provider.expressions).ok()?;
        expressions[argument]["constant_value"].as_str().map(str::to_owned)
    }

    /// The only resource of one of these types that an argument of `from` refers to.
    pub(crate) fn resolve<'r>(
        self,
        from: &Resource,
        argument: &str,
        types: &[&str],
        all: &'r [Resource],
    ) -> Option<&'r Resource> {
        let configured = from.configured.as_ref()?;
        let mut found = Vec::new();
        let search = Search { references: self, types, all, each: from.index.as_ref() };
        let context = Context { module: &from.module, for_each: &configured.for_each };
        search.expression(&configured.expressions[argument], context, DEPTH, &mut found);
        let first = found.first()?.address.as_str();
        found.iter().all(|resource| resource.address == first).then(|| found[0])
    }

    fn module(self, address: &str) -> Option<&'c ConfiguredModule<'a>> {
        let mut module = &self.configuration?.root_module;
        for name in module_names(address) {
            module = &module.module_calls.get(name)?.module;
        }
        Some(module)
    }
}

static NOTHING: Value = Value::Null;

/// Where an expression stands.
#[derive(Debug, Clone, Copy)]
struct Context<'x> {
    module: &'x str,
    for_each: &'x Value,
}

struct Search<'s, 'c, 'a, 'r> {
    references: References<'c, 'a>,
    types: &'s [&'s str],
    all: &'r [Resource],
    /// The key of the instance that refers.
    each: Option<&'s Value>,
}

impl<'r> Search<'_, '_, '_, 'r> {
    fn expression(
        &self,
        expression: &Value,
        context: Context<'_>,
        depth: usize,
        found: &mut Vec<&'r Resource>,
    ) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let references: Vec<&str> = match &expression["references"] {
            Value::Array(references) => references.iter().filter_map(Value::as_str).collect(),
            // A block: its arguments are expressions.
            _ => {
                match expression {
                    Value::Object(members) => {
                        members.values().for_each(|member| self.expression(member, context, depth, found));
                    }
                    Value::Array(items) => {
                        items.iter().for_each(|item| self.expression(item, context, depth, found));
                    }
                    _ => {}
                }
                return;
            }
        };
        for reference in &references {
            // After `a.b.c` comes `a.b`, which says less.
            let is_part =
                |other: &&str| other.strip_prefix(reference).is_some_and(|rest| rest.starts_with(['.', '[']));
            if !references.iter().any(is_part) {
                self.reference(reference, context, depth, found);
            }
        }
    }

    fn reference(&self, reference: &str, context: Context<'_>, depth: usize, found: &mut Vec<&'r Resource>) {
        let steps = steps(reference);
        match steps.as_slice() {
            [("each", _), ..] => {
                self.expression(context.for_each, Context { for_each: &NOTHING, ..context }, depth, found)
            }
            [("var", _), (name, _), ..] => {
                let Some((parent, call)) = parent(context.module) else { return };
                let caller = self.references.module(parent);
                let Some(call) = caller.and_then(|module| module.module_calls.get(call)) else { return };
                let expressions = read(call.expressions).unwrap_or_default();
                let for_each = read(call.for_each_expression).unwrap_or_default();
                let context = Context { module: parent, for_each: &for_each };
                self.expression(&expressions[*name], context, depth, found);
            }
            [("module", _), (call, key), (output, _), ..] => {
                let instance = match key {
                    Some(key) => format!("{}[{key}]", join(context.module, call)),
                    None => self.instance_of(&join(context.module, call)),
                };
                let module = self.references.module(&instance);
                let Some(output) = module.and_then(|module| module.outputs.get(*output)) else { return };
                let expression = read(output.expression).unwrap_or_default();
                self.expression(&expression, Context { module: &instance, for_each: &NOTHING }, depth, found);
            }
            [(kind, _), (name, key), ..] if self.types.contains(kind) => {
                found.extend(self.resource(context.module, kind, name, *key));
            }
            _ => {}
        }
    }

    /// The address of a module that is called once, or for the same key as what refers to it.
    fn instance_of(&self, call: &str) -> String {
        let instances: BTreeSet<&str> =
            self.all.iter().filter_map(|resource| instance(&resource.module, call)).collect();
        let of_key = self.each.map(|key| format!("{call}[{key}]"));
        match of_key.filter(|address| instances.contains(address.as_str())) {
            Some(address) => address,
            None if instances.len() == 1 => instances.into_iter().collect(),
            None => call.to_owned(),
        }
    }

    fn resource(&self, module: &str, r#type: &str, name: &str, key: Option<&str>) -> Option<&'r Resource> {
        let instances: Vec<&Resource> = self
            .all
            .iter()
            .filter(|resource| {
                resource.module == module && resource.r#type == r#type && resource.name == name
            })
            .collect();
        let of = |key: &str| {
            let is_it = |resource: &&&Resource| {
                resource.index.as_ref().is_some_and(|index| index.to_string().as_str() == key)
            };
            instances.iter().find(is_it).copied()
        };
        match (key, instances.as_slice()) {
            (Some(key), _) if of(key).is_some() => of(key),
            (_, [only]) => Some(only),
            _ => self.each.and_then(|key| of(&key.to_string())),
        }
    }
}

fn resource_of<'m, 'a>(
    module: &'m ConfiguredModule<'a>,
    r#type: &str,
    name: &str,
) -> Option<&'m ConfiguredResource<'a>> {
    module
        .resources
        .iter()
        .find(|resource| resource.mode == "managed" && resource.r#type == r#type && resource.name == name)
}

fn read(text: Option<&RawValue>) -> Result<Value, serde_json::Error> {
    text.map_or(Ok(Value::Null), |text| serde_json::from_str(text.get()))
}

/// The steps of an address, each with its key: `module.a["x.y"].b` is `module`, `a` with `"x.y"`, `b`.
fn steps(address: &str) -> Vec<(&str, Option<&str>)> {
    let mut found = Vec::new();
    let (mut from, mut key_from, mut key, mut in_quotes, mut escaped) = (0, None, None, false, false);
    let end = address.len();
    for (at, c) in address.char_indices().chain([(end, '.')]) {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_quotes => escaped = true,
            '"' => in_quotes = !in_quotes,
            _ if in_quotes => {}
            '[' if key_from.is_none() => key_from = Some(at),
            ']' => key = key.or_else(|| key_from.map(|from| &address[from + 1..at])),
            '.' => {
                found.push((&address[from..key_from.unwrap_or(at)], key.take()));
                from = at + 1;
                key_from = None;
            }
            _ => {}
        }
    }
    found
}

/// The names of the calls in the address of a module.
fn module_names(address: &str) -> Vec<&str> {
    if address.is_empty() {
        return Vec::new();
    }
    steps(address).into_iter().skip(1).step_by(2).map(|(name, _)| name).collect()
}

/// The address of the module that calls a module, and the name of the call.
fn parent(module: &str) -> Option<(&str, &str)> {
    let steps = steps(module);
    let (name, _) = steps.last().filter(|_| steps.len() >= 2)?;
    // Where the last call begins: names have no dots, keys may.
    let offset = name.as_ptr() as usize - module.as_ptr() as usize;
    let parent = module[..offset].strip_suffix("module.")?;
    Some((parent.strip_suffix('.').unwrap_or(parent), name))
}

fn join(module: &str, call: &str) -> String {
    if module.is_empty() { format!("module.{call}") } else { format!("{module}.module.{call}") }
}

/// The part of a module's address that is an instance of a call.
fn instance<'m>(module: &'m str, call: &str) -> Option<&'m str> {
    let rest = module.strip_prefix(call)?;
    if rest.is_empty() || rest.starts_with('.') {
        return Some(&module[..call.len()]);
    }
    let inner = rest.strip_prefix('[')?;
    // A key is a number, or a text in quotes.
    let mut in_quotes = false;
    let mut escaped = false;
    let end = inner.char_indices().find(|(_, c)| {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_quotes => escaped = true,
            '"' => in_quotes = !in_quotes,
            ']' => return !in_quotes,
            _ => {}
        }
        false
    })?;
    Some(&module[..call.len() + 1 + end.0 + 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart() {
        assert_eq!(
            steps(r#"module.a["x.y]"].alicloud_oss_bucket.b[0].id"#),
            [
                ("module", None),
                ("a", Some(r#""x.y]""#)),
                ("alicloud_oss_bucket", None),
                ("b", Some("0")),
                ("id", None)
            ]
        );
        assert_eq!(module_names(r#"module.a["module.z"].module.b[1]"#), ["a", "b"]);
        assert_eq!(parent(r#"module.a["p.q"].module.b[1]"#), Some((r#"module.a["p.q"]"#, "b")));
        assert_eq!((parent("module.a"), parent("")), (Some(("", "a")), None));
        assert_eq!(instance(r#"module.a["p]q"].module.b"#, "module.a"), Some(r#"module.a["p]q"]"#));
        assert_eq!(
            (instance("module.ab", "module.a"), instance("module.a.module.b", "module.a")),
            (None, Some("module.a"))
        );
    }
}
