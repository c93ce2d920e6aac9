//! Credentials of a role, taken on with those of somebody who may.

use crate::core::session::Session;
use crate::error::Error;
use crate::kind::ErrorKind;
use crate::sts::{AssumeRole, Sts};

use super::CredentialsError;
use super::refresh::{Source, Temporary};

/// Takes on a role.
#[derive(Debug)]
pub(crate) struct RoleSource {
    sts: Sts,
    role: AssumeRole,
}

impl RoleSource {
    /// The role, taken on with the credentials of a client, in the region whose STS is asked.
    pub(crate) fn new(caller: &Session, region: Option<&str>, role: AssumeRole) -> Self {
        // The credentials serve many calls, so the limits of the one that needs them first are not theirs.
        let caller = caller.detached();
        let region = region.map(str::to_owned).or_else(|| caller.config().region.clone());
        Self { sts: Sts::new(caller, region.as_deref()), role }
    }
}

#[async_trait::async_trait]
impl Source for RoleSource {
    fn name(&self) -> String {
        format!("the role {}", self.role.role_arn)
    }

    async fn fetch(&self) -> Result<Temporary, CredentialsError> {
        match self.sts.assume_role(&self.role).await {
            Ok(assumed) => Ok(assumed.temporary()),
            Err(error) => {
                let remedy = remedy(&error);
                Err(CredentialsError::call(self.name(), "assuming it", error, remedy))
            }
        }
    }
}

/// What to do about a refusal, beside what it says itself.
fn remedy(error: &Error) -> &'static str {
    match (error.code(), error.kind()) {
        (Some("EntityNotExist.Role"), _) => {
            "There is no such role. Check the account id and the name in its ARN, and that the role was created."
        }
        (Some("InvalidParameter.DurationSeconds"), _) => {
            "The session is to last longer than the role allows, or less than 900 seconds. Shorten it, or raise the role's \
             maximum session duration in the RAM console."
        }
        (Some("InvalidParameter.RoleArn"), _) => {
            "The ARN has to be of the form acs:ram::<account id>:role/<role name>."
        }
        (_, Some(ErrorKind::Denied)) => {
            "Three things have to be right: the trust policy of the role names the caller or the caller's account, with the \
             same external id if it asks for one; the caller has the permission sts:AssumeRole for the role; and the caller \
             is a RAM user or role, because the keys of a root account assume no role."
        }
        _ => "",
    }
}
