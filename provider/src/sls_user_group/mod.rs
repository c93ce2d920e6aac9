//! `alitrail_sls_user_group`: the people whom alerts notify together.

mod check;
mod destructive_changes;
mod model;

use crate::reconciled::Reconcile;
use crate::sls_record::Declaration;
pub use model::UserGroupModel;

/// The resource.
pub type UserGroupResource = Reconcile<Declaration<UserGroupModel>>;
