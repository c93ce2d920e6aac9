//! `alitrail_sls_user`: somebody whom alerts can notify.

mod check;
mod destructive_changes;
mod model;

use crate::reconciled::Reconcile;
use crate::sls_record::Declaration;
pub use model::UserModel;

/// The resource.
pub type UserResource = Reconcile<Declaration<UserModel>>;
