//! Compares values with what they may be, as far as they are written out.

use std::collections::BTreeMap;

use hcl_edit::expr::{Expression, Object, ObjectKey, TraversalOperator};
use hcl_edit::structure::Body;

use super::files::{File, Module};
use super::found::{Found, NotSeen, Unknown};
use super::shape::{Shape, key_name};

/// References that lead to references that lead back end here.
const DEPTH: usize = 16;
/// From here on two names are alike.
const ALIKE: f64 = 0.75;

/// Checks a module.
pub(super) struct Checker<'m> {
    module: &'m Module,
    found: &'m mut Found,
}

/// Where a value stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    file: &'a File,
    block: &'a str,
    depth: usize,
}

impl<'m> Checker<'m> {
    pub(super) fn new(module: &'m Module, found: &'m mut Found) -> Self {
        Self { module, found }
    }

    /// Checks the resources, data sources and calls of local modules.
    pub(super) fn check(
        mut self,
        schemas: &BTreeMap<(&'static str, String), BTreeMap<String, Shape>>,
        modules: &BTreeMap<String, BTreeMap<String, Shape>>,
    ) {
        for kind in ["resource", "data"] {
            for (file, block) in self.module.blocks(kind) {
                let [ty, name, ..] = &block.labels[..] else { continue };
                let Some(attributes) = schemas.get(&(kind, ty.as_str().to_owned())) else { continue };
                let prefix = if kind == "data" { "data." } else { "" };
                let label = format!("{prefix}{}.{}", ty.as_str(), name.as_str());
                self.body(&block.body, attributes, Place { file, block: &label, depth: 0 });
            }
        }
        for (file, block) in self.module.blocks("module") {
            let source = block.body.get_attribute("source").and_then(|source| source.value.as_str());
            let (Some(variables), [name, ..]) =
                (source.and_then(|source| modules.get(source)), &block.labels[..])
            else {
                continue;
            };
            let label = format!("module.{}", name.as_str());
            self.body(&block.body, variables, Place { file, block: &label, depth: 0 });
        }
    }

    /// Attributes of a block that nothing declares are errors of Terraform's own.
    fn body(&mut self, body: &Body, attributes: &BTreeMap<String, Shape>, place: Place<'_>) {
        for attribute in body.attributes() {
            let name = attribute.key.as_str();
            if let Some(shape) = attributes.get(name).filter(|shape| shape.has_keys()) {
                self.value(&attribute.value, shape, name, place);
            }
        }
    }

    fn value(&mut self, value: &Expression, shape: &Shape, path: &str, place: Place<'_>) {
        if !shape.has_keys() || place.depth > DEPTH {
            return;
        }
        match (value, shape) {
            (Expression::Null(_), _) => {}
            (Expression::Parenthesis(inner), _) => self.value(inner.inner(), shape, path, place),
            (Expression::Conditional(both), _) => {
                self.value(&both.true_expr, shape, path, place);
                self.value(&both.false_expr, shape, path, place);
            }
            (Expression::Object(object), Shape::Object(members)) => self.object(object, members, path, place),
            (Expression::Object(object), Shape::Map(inner)) => {
                for (key, value) in object.iter() {
                    let key = key_name(key).unwrap_or_else(|| "*".to_owned());
                    self.value(value.expr(), inner, &format!("{path}.{key}"), place);
                }
            }
            (Expression::Array(array), Shape::List(inner)) => {
                for (index, value) in array.iter().enumerate() {
                    self.value(value, inner, &format!("{path}[{index}]"), place);
                }
            }
            (Expression::ForExpr(each), Shape::Map(inner) | Shape::List(inner)) => {
                self.value(&each.value_expr, inner, &format!("{path}[*]"), place);
            }
            (Expression::FuncCall(call), _) => {
                let passes = ["merge", "concat", "flatten", "tolist", "toset", "tomap", "try", "coalesce"];
                if passes.contains(&call.name.name.as_str()) {
                    call.args.iter().for_each(|argument| self.value(argument, shape, path, place));
                } else {
                    self.not_seen(value, path, place);
                }
            }
            (Expression::Traversal(_), _) => self.reference(value, shape, path, place),
            _ => self.not_seen(value, path, place),
        }
    }

    fn object(&mut self, object: &Object, members: &BTreeMap<String, Shape>, path: &str, place: Place<'_>) {
        for (key, value) in object.iter() {
            let Some(name) = key_name(key) else {
                self.not_seen(value.expr(), path, place);
                continue;
            };
            let full = format!("{path}.{name}");
            match members.get(&name) {
                Some(shape) => self.value(value.expr(), shape, &full, place),
                None => {
                    let line = match key {
                        ObjectKey::Ident(ident) => place.file.line(ident),
                        ObjectKey::Expression(expression) => place.file.line(expression),
                    };
                    self.found.unknown.push(Unknown {
                        file: place.file.path.clone(),
                        line,
                        block: place.block.to_owned(),
                        path: full,
                        meant: closest(&name, members),
                    });
                }
            }
        }
    }

    /// What a variable or local of the module is, where the whole of it is meant.
    fn reference(&mut self, value: &Expression, shape: &Shape, path: &str, place: Place<'_>) {
        let module = self.module;
        let Expression::Traversal(traversal) = value else { return };
        let (Expression::Variable(of), [operator]) = (&traversal.expr, &traversal.operators[..]) else {
            return self.not_seen(value, path, place);
        };
        let TraversalOperator::GetAttr(name) = operator.value() else {
            return self.not_seen(value, path, place);
        };
        let values = match of.as_str() {
            "var" => module.values_of(name.as_str()),
            "local" => module.local(name.as_str()).into_iter().collect(),
            _ => Vec::new(),
        };
        if values.is_empty() {
            return self.not_seen(value, path, place);
        }
        for (file, value) in values {
            self.value(value, shape, path, Place { file, depth: place.depth + 1, ..place });
        }
    }

    fn not_seen(&mut self, value: &Expression, path: &str, place: Place<'_>) {
        self.found.not_seen.push(NotSeen {
            file: place.file.path.clone(),
            line: place.file.line(value),
            block: place.block.to_owned(),
            path: path.to_owned(),
        });
    }
}

fn closest(name: &str, members: &BTreeMap<String, Shape>) -> Option<String> {
    let known = members.iter().filter(|(_, shape)| **shape != Shape::Unsupported).map(|(known, _)| known);
    let alike = known.map(|known| (strsim::jaro_winkler(name, known), known));
    let best = alike.filter(|(alike, _)| *alike >= ALIKE).max_by(|one, other| one.0.total_cmp(&other.0));
    best.map(|(_, known)| known.clone())
}
