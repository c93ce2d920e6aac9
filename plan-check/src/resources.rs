//! The managed resources of a plan or state that matter here: those of the providers `alitrail` and `alicloud`.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::document::{Actions, Change, Document, Error, Module, Planned};
use crate::references::References;
use crate::resource::Resource;

/// All resources of a document, and the values in it that are not to be printed.
#[derive(Debug, Default)]
pub(crate) struct Resources {
    pub(crate) all: Vec<Resource>,
    pub(crate) sensitive: BTreeSet<String>,
}

impl Resources {
    pub(crate) fn read(document: &Document<'_>, references: &References<'_, '_>) -> Result<Self, Error> {
        let mut resources = Self::default();
        let mut seen = BTreeSet::new();
        for change in &document.resource_changes {
            if change.deposed.is_some() || !matters(&change.mode, &change.r#type, &change.provider_name) {
                continue;
            }
            seen.insert(change.address.as_str());
            resources.change(change, references)?;
        }
        for values in [&document.planned_values, &document.values].into_iter().flatten() {
            if let Some(module) = &values.root_module {
                resources.module(module, &seen, document.is_plan(), references)?;
            }
        }
        Ok(resources)
    }

    fn change(&mut self, change: &Change<'_>, references: &References<'_, '_>) -> Result<(), Error> {
        let mut actions: Actions = serde_json::from_str(change.change.get())?;
        collect_sensitive(&actions.before, &actions.before_sensitive, &mut self.sensitive);
        collect_sensitive(&actions.after, &actions.after_sensitive, &mut self.sensitive);
        // What is only forgotten stays as it is, and is nobody's business from then on. Another one may take its place.
        if actions.actions.iter().any(|action| action == "forget") {
            if actions.after.is_null() || !actions.actions.iter().any(|action| action == "create") {
                return Ok(());
            }
            actions.before = Value::Null;
        }
        let does = |name: &str| actions.actions.iter().any(|action| action == name);
        let is_replaced = does("create") && does("delete");
        let present = |value: Value| Some(value).filter(|value| !value.is_null());
        self.all.push(Resource {
            address: change.address.clone(),
            module: change.module_address.clone(),
            r#type: change.r#type.clone(),
            name: change.name.clone(),
            index: change.index.clone(),
            configured: references.configured(&change.module_address, &change.r#type, &change.name)?,
            is_replaced,
            before: present(std::mem::take(&mut actions.before)),
            after: present(std::mem::take(&mut actions.after)),
            unknown: actions.after_unknown,
        });
        Ok(())
    }

    fn module(
        &mut self,
        module: &Module<'_>,
        seen: &BTreeSet<&str>,
        is_plan: bool,
        references: &References<'_, '_>,
    ) -> Result<(), Error> {
        for resource in &module.resources {
            if resource.deposed_key.is_some()
                || seen.contains(resource.address.as_str())
                || !matters(&resource.mode, &resource.r#type, &resource.provider_name)
            {
                continue;
            }
            self.planned(resource, &module.address, is_plan, references)?;
        }
        for child in &module.child_modules {
            self.module(child, seen, is_plan, references)?;
        }
        Ok(())
    }

    fn planned(
        &mut self,
        resource: &Planned<'_>,
        module: &str,
        is_plan: bool,
        references: &References<'_, '_>,
    ) -> Result<(), Error> {
        let read = |text: Option<&serde_json::value::RawValue>| {
            text.map_or(Ok(Value::Null), |text| serde_json::from_str(text.get()))
        };
        let values: Value = read(resource.values)?;
        collect_sensitive(&values, &read(resource.sensitive_values)?, &mut self.sensitive);
        self.all.push(Resource {
            address: resource.address.clone(),
            module: module.to_owned(),
            r#type: resource.r#type.clone(),
            name: resource.name.clone(),
            index: resource.index.clone(),
            configured: references.configured(module, &resource.r#type, &resource.name)?,
            is_replaced: false,
            // A plan that was narrowed to other resources leaves this one as it is.
            before: is_plan.then(|| values.clone()),
            after: Some(values),
            unknown: Value::Null,
        });
        Ok(())
    }
}

/// Whether a resource is one that is read here. Its plugin may come from any registry.
fn matters(mode: &str, r#type: &str, provider: &str) -> bool {
    let of = |name: &str| {
        let is_named = provider.is_empty() || provider.rsplit('/').next() == Some(name);
        is_named && r#type.strip_prefix(name).is_some_and(|rest| rest.starts_with('_'))
    };
    mode == "managed" && (of("alitrail") || of("alicloud")) && crate::planned::is_known(r#type)
}

/// Collects the texts and numbers that are marked as sensitive.
fn collect_sensitive(value: &Value, mark: &Value, found: &mut BTreeSet<String>) {
    match (mark, value) {
        (Value::Bool(true), Value::Object(members)) => {
            members.values().for_each(|member| collect_sensitive(member, mark, found));
        }
        (Value::Bool(true), Value::Array(items)) => {
            items.iter().for_each(|item| collect_sensitive(item, mark, found));
        }
        (Value::Bool(true), Value::String(text)) => {
            // A document shows in parts.
            if let Ok(document @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(text) {
                collect_sensitive(&document, mark, found);
            }
            found.insert(text.clone());
        }
        (Value::Bool(true), Value::Number(number)) => {
            found.insert(number.to_string());
        }
        (Value::Object(marks), Value::Object(members)) => {
            for (name, mark) in marks {
                if let Some(member) = members.get(name) {
                    collect_sensitive(member, mark, found);
                }
            }
        }
        (Value::Array(marks), Value::Array(items)) => {
            marks.iter().zip(items).for_each(|(mark, item)| collect_sensitive(item, mark, found));
        }
        _ => {}
    }
}
