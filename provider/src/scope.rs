//! Where an object is and what it is called there: `id`, `account_id` and `region`, declared once for all models.
//!
//! A model has them from one line, such as `#[attr(flatten)] pub scope: Regional`. From that and from the attributes that
//! it marks as `identity` follow its id, its import id, and the key by which the plugin framework guards its deletion.

use plugin::{Attr, Flatten, Model};
use reconciler::Scope;

use crate::check;

/// Attributes of a resource that belongs to the account as a whole: the provider's region says nothing about it.
#[derive(Debug, Clone, Default, PartialEq, Model)]
pub struct Global {
    /// Id of this resource: its import id without region and account.
    #[attr(computed)]
    pub id: Attr<String>,
    /// Account of this resource. Default: the account of the provider's credentials.
    #[attr(keeps = "an object stays where it was made", replace, identity_optional, check = check::account_id)]
    pub account_id: Attr<String>,
}

/// Attributes of a resource in a region, which is the provider's unless the configuration says otherwise.
#[derive(Debug, Clone, Default, PartialEq, Model)]
pub struct Regional {
    /// Region of this resource. Default: the provider's region.
    #[attr(keeps = "an object stays where it was made", replace, identity_optional, check = check::region)]
    pub region: Attr<String>,
    /// `id` and `account_id`.
    #[attr(flatten)]
    pub global: Global,
}

/// Attributes of a data source that reads what belongs to the account as a whole.
#[derive(Debug, Clone, Default, Model)]
pub struct GlobalQuery {
    /// Same as `account_id`.
    #[attr(computed)]
    pub id: Attr<String>,
    /// Account to read. Default: the account of the provider's credentials.
    #[attr(keeps = "unset is the provider's", check = check::account_id)]
    pub account_id: Attr<String>,
}

/// Attributes of a data source that reads what is in a region.
#[derive(Debug, Clone, Default, Model)]
pub struct RegionalQuery {
    /// Region to read. Default: the provider's region.
    #[attr(keeps = "unset is the provider's", check = check::region)]
    pub region: Attr<String>,
    /// `id` and `account_id`.
    #[attr(flatten, describe(id = "Same as `region`."))]
    pub global: GlobalQuery,
}

/// A model of attributes that say where something is.
pub trait Location: Model {
    /// These attributes for a scope.
    #[must_use]
    fn located(id: Attr<String>, scope: &Scope) -> Self;
    /// The id.
    fn id(&self) -> &Attr<String>;
    /// The account.
    fn account_id(&self) -> &Attr<String>;
    /// The region, where it is the provider's by default.
    fn region(&self) -> Option<&Attr<String>>;
}

/// Access to the attributes of the two models, which have the same names.
macro_rules! location {
    ($global:ident, $regional:ident) => {
        impl Location for $global {
            fn located(id: Attr<String>, scope: &Scope) -> Self {
                Self { id, account_id: scope.account.clone().into() }
            }

            fn id(&self) -> &Attr<String> {
                &self.id
            }

            fn account_id(&self) -> &Attr<String> {
                &self.account_id
            }

            fn region(&self) -> Option<&Attr<String>> {
                None
            }
        }

        impl Location for $regional {
            fn located(id: Attr<String>, scope: &Scope) -> Self {
                Self { region: scope.region.clone().into(), global: $global::located(id, scope) }
            }

            fn id(&self) -> &Attr<String> {
                &self.global.id
            }

            fn account_id(&self) -> &Attr<String> {
                &self.global.account_id
            }

            fn region(&self) -> Option<&Attr<String>> {
                Some(&self.region)
            }
        }
    };
}

location!(Global, Regional);
location!(GlobalQuery, RegionalQuery);

/// A model that says where its object is.
pub trait Scoped: Flatten<Shared: Location> {
    /// The attribute `account_id`.
    fn account_id(&self) -> &Attr<String> {
        self.shared().account_id()
    }

    /// The attribute `region`, where it is the provider's by default.
    fn region(&self) -> Option<&Attr<String>> {
        self.shared().region()
    }
}

impl<M: Flatten<Shared: Location>> Scoped for M {}
