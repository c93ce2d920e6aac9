//! `alitrail_sls_user_group`: the people whom alerts notify together.

mod check;
mod losses;
mod model;

use plugin::{Cx, Diagnostic, Diagnostics, Holding, Loss, Plan, Resource};

use crate::config::Cloud;
use crate::place;
use crate::sls_record::{self, Records, Row, USERS, warn_of_missing};
pub use model::UserGroupModel;

/// The resource.
#[derive(Debug)]
pub struct UserGroupResource;

impl Resource for UserGroupResource {
    type Client = Cloud;
    type Model = UserGroupModel;
    const TYPE: &'static str = "alitrail_sls_user_group";
    const INCOMPARABLE: &'static [&'static str] = &["members"];
    const DESCRIPTION: &'static str = "A group of users whom the alerts of Simple Log Service notify together. Groups belong \
        to the account, not to a project. The service takes ids of users that do not exist; the apply warns of them.";

    async fn plan(cx: &Cx<Cloud>, plan: &mut Plan<UserGroupModel>) {
        sls_record::plan(cx, plan).await;
    }

    fn holding(model: &UserGroupModel) -> Option<Holding> {
        Some(Holding::known_by(model.label(), &[&model.user_group_id, &model.region]))
    }

    fn losses(prior: &UserGroupModel, planned: Option<&UserGroupModel>) -> Vec<Loss> {
        losses::losses(prior, planned)
    }

    async fn create(cx: &Cx<Cloud>, planned: UserGroupModel) -> Result<UserGroupModel, Diagnostics> {
        warn(cx, Records::enter(cx, planned).await?.create().await?).await
    }

    async fn read(cx: &Cx<Cloud>, prior: UserGroupModel) -> Result<Option<UserGroupModel>, Diagnostics> {
        Records::enter(cx, prior).await?.read().await
    }

    async fn update(
        cx: &Cx<Cloud>,
        _prior: UserGroupModel,
        planned: UserGroupModel,
    ) -> Result<UserGroupModel, Diagnostics> {
        warn(cx, Records::enter(cx, planned).await?.update().await?).await
    }

    async fn delete(cx: &Cx<Cloud>, prior: UserGroupModel) -> Result<(), Diagnostics> {
        Records::enter(cx, prior).await?.delete().await
    }

    fn parse_id(id: &str) -> Result<UserGroupModel, Diagnostic> {
        let ([group], region, account_id) = place::parse_id(id, ["user_group_id"])?;
        Ok(UserGroupModel { user_group_id: group.into(), region, account_id, ..UserGroupModel::default() })
    }

    async fn import(cx: &Cx<Cloud>, target: UserGroupModel) -> Result<UserGroupModel, Diagnostics> {
        let place = sls_record::enter(cx, &target).await?;
        Ok(target.at(&place))
    }
}

/// Warns of members who are nobody.
async fn warn(cx: &Cx<Cloud>, group: UserGroupModel) -> Result<UserGroupModel, Diagnostics> {
    let members = group.members.get().cloned().unwrap_or_default();
    warn_of_missing(cx, &group, "members", USERS, "user", &members).await;
    Ok(group)
}
