//! `alitrail_sls_dashboard`: what people look at, as one JSON document.
//!
//! The charts are anybody's, and the service adds to them. So the state keeps the document twice: as the user wrote it and
//! as the service stored it. As long as the latter stays, nothing has changed.

mod check;
mod detail;
mod model;

use plugin::DeletionGuard;
use reconciler::Scope;
use reconciler::dashboard::{Dashboard, Settings};

use crate::reconciled::{Reconcile, Reconciled};
pub use model::DashboardModel;

/// The resource.
pub type DashboardResource = Reconcile<Declaration>;

/// What Terraform needs to know about it.
#[derive(Debug)]
pub struct Declaration;

impl Reconciled for Declaration {
    type Model = DashboardModel;
    type Object = Dashboard;
    const TYPE: &'static str = "alitrail_sls_dashboard";
    const DESCRIPTION: &'static str = "A dashboard of a project of Simple Log Service. What the service adds to its document \
        is no difference, while any later change of it is shown.";

    fn deletion_guard(model: &DashboardModel) -> Option<DeletionGuard> {
        Some(DeletionGuard::unprotected(model.label()))
    }

    fn object(model: &DashboardModel, scope: Scope) -> Dashboard {
        Dashboard::new(scope, model.project().to_owned(), model.name().to_owned(), model.document())
    }

    fn settings(model: &DashboardModel) -> Settings {
        Settings::Sent(model.document())
    }

    fn read_from(model: &DashboardModel, seen: &Settings, _scope: &Scope) -> DashboardModel {
        model.read_from(seen)
    }
}
