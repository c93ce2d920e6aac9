//! `alitrail_sls_user`: somebody whom alerts can notify.

mod check;
mod losses;
mod model;

use plugin::{Cx, Diagnostic, Diagnostics, Holding, Loss, Plan, Resource};

use crate::config::Cloud;
use crate::place;
use crate::sls_record::{self, Records, Row};
pub use model::UserModel;

/// The resource.
#[derive(Debug)]
pub struct UserResource;

impl Resource for UserResource {
    type Client = Cloud;
    type Model = UserModel;
    const TYPE: &'static str = "alitrail_sls_user";
    const INCOMPARABLE: &'static [&'static str] = &["email", "phone"];
    const DESCRIPTION: &'static str = "Somebody whom the alerts of Simple Log Service can notify, by e-mail, text message or \
        call: a contact, not an identity of RAM. Contacts belong to the account, not to a project.";

    fn validate(config: &UserModel, found: &mut Diagnostics) {
        check::check(config, found);
    }

    async fn plan(cx: &Cx<Cloud>, plan: &mut Plan<UserModel>) {
        sls_record::plan(cx, plan).await;
    }

    fn holding(model: &UserModel) -> Option<Holding> {
        Some(Holding::known_by(model.label(), &[&model.user_id, &model.region]))
    }

    fn losses(prior: &UserModel, planned: Option<&UserModel>) -> Vec<Loss> {
        losses::losses(prior, planned)
    }

    async fn create(cx: &Cx<Cloud>, planned: UserModel) -> Result<UserModel, Diagnostics> {
        Records::enter(cx, planned).await?.create().await
    }

    async fn read(cx: &Cx<Cloud>, prior: UserModel) -> Result<Option<UserModel>, Diagnostics> {
        Records::enter(cx, prior).await?.read().await
    }

    async fn update(cx: &Cx<Cloud>, _prior: UserModel, planned: UserModel) -> Result<UserModel, Diagnostics> {
        Records::enter(cx, planned).await?.update().await
    }

    async fn delete(cx: &Cx<Cloud>, prior: UserModel) -> Result<(), Diagnostics> {
        Records::enter(cx, prior).await?.delete().await
    }

    fn parse_id(id: &str) -> Result<UserModel, Diagnostic> {
        let ([user_id], region, account_id) = place::parse_id(id, ["user_id"])?;
        Ok(UserModel { user_id: user_id.into(), region, account_id, ..UserModel::default() })
    }

    async fn import(cx: &Cx<Cloud>, target: UserModel) -> Result<UserModel, Diagnostics> {
        let place = sls_record::enter(cx, &target).await?;
        Ok(target.at(&place))
    }
}
