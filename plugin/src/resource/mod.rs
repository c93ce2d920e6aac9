//! Managed resources: the trait a resource implements, and the life cycle that all of them share.
//!
//! # Protection and replacement
//! A resource that holds something worth keeping says so with [`Resource::deletion_guard`]. Then
//!
//! - a plan that destroys or replaces a protected object is an error, judged by the *prior* state, so lifting the
//!   protection takes an apply of its own;
//! - a change that only a new object can have is an error unless the object's name changes too: such an object is
//!   never deleted to be made again under the same name;
//! - a plan that cannot show whether the object stays or is replaced, because part of its name is not known yet, is an error;
//! - an imported object that the configuration names differently is never replaced;
//! - a plan that deletes the object at one address and creates it at another is an error that asks for a moved block; one
//!   that keeps it elsewhere only forgets it (see [`PlannedObjects`]);
//! - a plan that creates or changes an object that another address has too is an error, since each would undo the other;
//! - when Terraform insists on replacing the object under its own key (it is tainted, or `-replace` was given), it is
//!   completed instead. The create plan carries the key in the plan's private bytes; the delete call that finds its
//!   own key there deletes nothing and hands the object to the create call of the same process. With
//!   `create_before_destroy` the create call comes first, and no byte of Terraform tells it that there is an object: the
//!   plan leaves a note for it (see [`ReplacementNotes`]). The delete call then finds that this process has written the object,
//!   and only forgets it.

mod apply;
mod import;
mod key;
mod messages;
mod plan;
mod planned_objects;
mod read;
mod registered;
mod replacement_notes;

use std::future::Future;

pub(crate) use key::Key;
pub use plan::Plan;
pub(crate) use planned_objects::Instance;
pub use planned_objects::PlannedObjects;
pub use registered::{Managed, Registered};
pub(crate) use registered::{Planned, Refreshed, Request, panicked};
pub use replacement_notes::ReplacementNotes;

use crate::upgrade::Upgrade;
use crate::{Context, Diagnostic, Diagnostics, Model, Path};

/// A kind of object that Terraform manages.
///
/// Planning rules, checks, protection, partial results and the forms of values are the framework's business; a
/// resource says what is special about it and makes the calls.
pub trait Resource: Send + Sync + 'static {
    /// The provider's configured client.
    type Client: Clone + Send + Sync + 'static;
    /// Its attributes.
    type Model: Model;
    /// Type name, with the provider's prefix.
    const TYPE: &'static str;
    /// What it is, in Markdown.
    const DESCRIPTION: &'static str;
    /// How stored state of each earlier version becomes state of the next one, from version 0 on. Their number is the
    /// version of the state, so what is released must never be taken out or put in another order.
    const UPGRADES: &'static [Upgrade] = &[];
    /// The same for stored identities.
    const IDENTITY_UPGRADES: &'static [Upgrade] = &[];
    /// Attributes of which [`Self::destructive_changes`] reports any other value, because values cannot be compared. A plan that only
    /// puts back what was applied last repairs them, and such a loss is not reported.
    const INCOMPARABLE: &'static [&'static str] = &[];
    /// Whether several resources may be for the same object, since none of them changes what another one made.
    const IS_SHARED: bool = false;
    /// Identity attributes that an import may leave out, such as a region, within whose values the service has each name
    /// once. Without any, an object of the same name elsewhere counts as the same object.
    const NAMES_UNIQUE_WITHIN: &'static [&'static str] = &[];
    /// Whether the service takes names that differ in upper and lower case only for the same.
    const NAMES_IGNORE_CASE: bool = false;

    /// Checks across attributes of a configuration. Any value may be unknown; no calls.
    fn validate(_config: &Self::Model, _found: &mut Diagnostics) {}

    /// Adjusts a plan and adds messages. A call that fails here must not fail the plan.
    fn plan(_cx: &Context<Self::Client>, _plan: &mut Plan<Self::Model>) -> impl Future<Output = ()> + Send {
        async {}
    }

    /// What the object holds, when it is an object that must not be deleted lightly.
    fn deletion_guard(_model: &Self::Model) -> Option<DeletionGuard> {
        None
    }

    /// What is no longer recorded or kept once `prior` becomes `planned`, or is deleted when that is `None`.
    fn destructive_changes(_prior: &Self::Model, _planned: Option<&Self::Model>) -> Vec<DestructiveChange> {
        Vec::new()
    }

    /// Losses of deleting the object that only a look at the cloud reveals, beside those of [`Resource::destructive_changes`]. A call
    /// that fails here must not fail the plan.
    fn plan_destroy(
        _cx: &Context<Self::Client>,
        _prior: &Self::Model,
    ) -> impl Future<Output = Vec<DestructiveChange>> + Send {
        async { Vec::new() }
    }

    /// What stays in the cloud when the object is destroyed, for one that cannot be deleted: a warning of the plan.
    fn stays(_prior: &Self::Model) -> Option<Diagnostic> {
        None
    }

    /// Creates the object and returns it whole. After each step that changed something, [`Context::keep`] it.
    fn create(
        context: &Context<Self::Client>,
        planned: Self::Model,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;

    /// Reads the object; `None` only when the service itself says that it does not exist.
    fn read(
        context: &Context<Self::Client>,
        prior: Self::Model,
    ) -> impl Future<Output = Result<Option<Self::Model>, Diagnostics>> + Send;

    /// Changes the object and returns it whole. After each step that changed something, [`Context::keep`] it.
    fn update(
        context: &Context<Self::Client>,
        prior: Self::Model,
        planned: Self::Model,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;

    /// Deletes the object. One that is already gone is no error.
    fn delete(
        context: &Context<Self::Client>,
        prior: Self::Model,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;

    /// The identity attributes that an import id stands for; all others stay null.
    ///
    /// # Errors
    /// When the text is not an id of this type.
    fn parse_id(id: &str) -> Result<Self::Model, Diagnostic>;

    /// Completes an import target, such as with the provider's region. No calls that change anything.
    fn import(
        _cx: &Context<Self::Client>,
        target: Self::Model,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send {
        async { Ok(target) }
    }
}

/// Whether a plan that loses something is an error rather than a warning. It is when there is a text: a sentence for the
/// error, which says which argument of the provider block asks for this, and how to let one such change through.
pub type Denial = Option<&'static str>;

/// An object that has contents to lose, or a setting of one: it is never deleted to be made again under the same name. What
/// the cloud knows it by follows from the identity that its model declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletionGuard {
    /// How messages name it, such as `database "orders"`.
    pub label: String,
    /// Whether it is protected against deletion.
    pub protected: bool,
}

impl DeletionGuard {
    /// An object without protection, such as one setting of another object.
    #[must_use]
    pub fn unprotected(label: String) -> Self {
        Self { label, protected: false }
    }
}

/// Something that a change stops recording or keeping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DestructiveChange {
    /// The attribute that brings it about; the root for the object as a whole.
    pub path: Path,
    /// One line, such as `database "orders" is no longer backed up`.
    pub summary: String,
    /// What exactly is lost, and from when.
    pub detail: String,
}
