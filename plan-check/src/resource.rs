//! A managed resource, before and after the apply.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::node::Node;

/// What the configuration says of a resource.
#[derive(Debug, Clone)]
pub(crate) struct Configured {
    /// The arguments that it gives.
    pub(crate) arguments: BTreeSet<String>,
    /// Its expressions.
    pub(crate) expressions: Value,
    /// What its instances are made of.
    pub(crate) for_each: Value,
    /// Key of its provider block.
    pub(crate) provider: Option<String>,
}

/// A resource, before and after the apply.
#[derive(Debug)]
pub(crate) struct Resource {
    /// Such as `module.audit["a"].alicloud_oss_bucket.archive[0]`.
    pub(crate) address: String,
    /// Address of its module; empty for the root.
    pub(crate) module: String,
    pub(crate) r#type: String,
    pub(crate) name: String,
    pub(crate) index: Option<Value>,
    /// What the configuration says of it.
    pub(crate) configured: Option<Configured>,
    /// None if it is created.
    pub(crate) before: Option<Value>,
    /// None if it is destroyed.
    pub(crate) after: Option<Value>,
    pub(crate) unknown: Value,
    /// Destroyed, to be created again.
    pub(crate) is_replaced: bool,
}

/// A time of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Before,
    After,
}

impl Resource {
    /// Its values, if it is there.
    pub(crate) fn side(&self, side: Side) -> Option<Node<'_>> {
        match side {
            Side::Before => self.before.as_ref().map(|value| Node::new(value, &Value::Null)),
            Side::After => self.after.as_ref().map(|value| Node::new(value, &self.unknown)),
        }
    }

    /// Whether it is made by this plan.
    pub(crate) fn is_created(&self) -> bool {
        (self.before.is_none() || self.is_replaced) && self.after.is_some()
    }

    /// Whether the configuration gives an argument; none if there is no configuration.
    pub(crate) fn gives(&self, argument: &str) -> Option<bool> {
        self.configured.as_ref().map(|configured| configured.arguments.contains(argument))
    }

    pub(crate) fn is_of_alicloud(&self) -> bool {
        self.r#type.starts_with("alicloud_")
    }
}
