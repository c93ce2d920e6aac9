//! `alitrail_sls_action_policy`: who is notified of an alert, how, and who next when nobody reacts.

mod check;
mod destructive_changes;
mod duration;
mod model;
mod script;

use crate::reconciled::Reconcile;
use crate::sls_record::Declaration;
pub use model::ActionPolicyModel;

/// The resource.
pub type ActionPolicyResource = Reconcile<Declaration<ActionPolicyModel>>;
