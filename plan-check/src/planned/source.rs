//! What objects are made of: the resources, and how they belong together.

use std::collections::{BTreeMap, BTreeSet};

use baseline::{Fact, Location};

use crate::node::Node;
use crate::references::References;
use crate::resource::{Resource, Side};

pub(crate) const TRAILS: &[&str] = &["alitrail_trail", "alicloud_actiontrail_trail", "alicloud_actiontrail"];
pub(crate) const BUCKETS: &[&str] = &["alitrail_oss_bucket", "alicloud_oss_bucket"];
pub(crate) const PROJECTS: &[&str] = &["alitrail_sls_project", "alicloud_log_project"];
pub(crate) const LOGSTORES: &[&str] = &["alitrail_sls_logstore", "alicloud_log_store"];
pub(crate) const ROLES: &[&str] = &["alitrail_delivery_role"];

/// What objects are made of: the resources, and how they belong together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'s, 'a> {
    pub(crate) resources: &'s [Resource],
    pub(crate) references: References<'s, 'a>,
    pub(crate) accounts: &'s Accounts,
    pub(crate) file: &'s str,
    pub(crate) side: Side,
}

impl<'s> Source<'s, '_> {
    /// The resources of these types that are there, with their values.
    pub(super) fn of(self, types: &'static [&'static str]) -> impl Iterator<Item = (&'s Resource, Node<'s>)> {
        self.resources
            .iter()
            .filter(move |resource| types.contains(&resource.r#type.as_str()))
            .filter_map(move |resource| Some((resource, resource.side(self.side)?)))
    }

    /// Where a resource is declared.
    pub(super) fn location(self, resource: &Resource) -> Location {
        Location { file: self.file.to_owned(), line: None, address: Some(resource.address.clone()) }
    }

    /// The name of an object: what its resource says in one of these attributes, or else its address, which serves as a name
    /// until there is one.
    pub(super) fn name(self, resource: &Resource, node: Node<'_>, attributes: &[&str]) -> String {
        let named = attributes.iter().find_map(|attribute| match node.text(attribute) {
            Fact::Known(name) => Some(name),
            _ => None,
        });
        named.unwrap_or_else(|| resource.address.clone())
    }

    /// The name of the object that an argument refers to.
    pub(super) fn reference(
        self,
        resource: &Resource,
        node: Node<'_>,
        argument: &str,
        types: &'static [&'static str],
        names: &[&str],
    ) -> Fact<String> {
        node.text(argument).or_resolved(|| {
            let target = self.references.resolve(resource, argument, types, self.resources)?;
            Some(self.name(target, target.side(self.side)?, names))
        })
    }

    pub(super) fn account(self, resource: &Resource) -> String {
        self.accounts.of(resource)
    }

    /// The region of a resource, as far as it or its provider block says.
    pub(super) fn region(self, resource: &Resource, node: Node<'_>) -> Option<String> {
        let said =
            ["region", "region_id", "location"].into_iter().find_map(|name| node.text(name).known().cloned());
        let said = said.map(|region| region.strip_prefix("oss-").unwrap_or(&region).to_owned());
        said.or_else(|| {
            let key = resource.configured.as_ref()?.provider.as_ref()?;
            self.references.provider_constant(key, "region")
        })
    }
}

/// A fact that may be found in another way.
trait OrResolved {
    fn or_resolved(self, resolve: impl FnOnce() -> Option<String>) -> Self;
}

impl OrResolved for Fact<String> {
    fn or_resolved(self, resolve: impl FnOnce() -> Option<String>) -> Self {
        match self {
            Fact::Unknown(why) => resolve().map_or(Fact::Unknown(why), Fact::Known),
            fact => fact,
        }
    }
}

/// Which account a resource is in: what it says itself, or else the only account that resources of the same provider block are
/// in, or else that provider block.
#[derive(Debug, Default)]
pub(crate) struct Accounts {
    of_provider: BTreeMap<String, BTreeSet<String>>,
}

impl Accounts {
    pub(crate) fn new(resources: &[Resource]) -> Self {
        let mut of_provider: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for resource in resources {
            if let Some(account) = own_account(resource) {
                of_provider.entry(provider(resource)).or_default().insert(account);
            }
        }
        Self { of_provider }
    }

    fn of(&self, resource: &Resource) -> String {
        own_account(resource).unwrap_or_else(|| {
            let provider = provider(resource);
            match self.of_provider.get(&provider).map(BTreeSet::len) {
                Some(1) => self.of_provider[&provider].iter().cloned().collect(),
                _ => provider,
            }
        })
    }
}

fn provider(resource: &Resource) -> String {
    let key = resource.configured.as_ref().and_then(|configured| configured.provider.clone());
    key.unwrap_or_else(|| resource.r#type.split('_').next().unwrap_or_default().to_owned())
}

fn own_account(resource: &Resource) -> Option<String> {
    // The owner of a bucket is the account that made it.
    let attribute = if resource.r#type == "alicloud_oss_bucket" { "owner" } else { "account_id" };
    [Side::After, Side::Before]
        .into_iter()
        .find_map(|side| resource.side(side)?.text(attribute).known().cloned())
        .filter(|account| account.bytes().all(|byte| byte.is_ascii_digit()))
}
