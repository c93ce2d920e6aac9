//! `alitrail_caller_identity`: whose credentials the provider has.

use plugin::{Attr, Context, DataSource, Diagnostics, Model};

use crate::config::Cloud;
use crate::identity;

/// The data source.
#[derive(Debug)]
pub struct CallerIdentitySource;

/// Attributes of `alitrail_caller_identity`.
#[derive(Debug, Clone, Default, Model)]
pub struct CallerIdentityModel {
    /// The account id.
    #[attr(computed)]
    pub id: Attr<String>,
    /// The account id.
    #[attr(computed)]
    pub account_id: Attr<String>,
    /// ARN of the caller; of a role it has the form `assumed-role/<role>/<session>`.
    #[attr(computed)]
    pub arn: Attr<String>,
    /// `Account`, `RAMUser` or `AssumedRoleUser`.
    #[attr(computed)]
    pub identity_type: Attr<String>,
    /// Id of the principal.
    #[attr(computed)]
    pub principal_id: Attr<String>,
}

impl DataSource for CallerIdentitySource {
    type Client = Cloud;
    type Model = CallerIdentityModel;
    const TYPE: &'static str = "alitrail_caller_identity";
    const DESCRIPTION: &'static str = "The account and identity behind the provider's credentials.";

    async fn read(
        context: &Context<Cloud>,
        _config: CallerIdentityModel,
    ) -> Result<CallerIdentityModel, Diagnostics> {
        let cloud = context.client()?;
        let client = cloud.client.with_cancel(context.cancel().clone()).with_deadline(context.deadline());
        let identity = client.caller_identity().await.map_err(|error| identity::failed_call(&error))?;
        cloud.admits(&identity.account_id)?;
        Ok(CallerIdentityModel {
            id: identity.account_id.clone().into(),
            account_id: identity.account_id.clone().into(),
            arn: identity.arn.clone().into(),
            identity_type: identity.identity_type.clone().into(),
            principal_id: identity.principal_id.clone().into(),
        })
    }
}
