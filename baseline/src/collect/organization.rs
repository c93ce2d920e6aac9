//! The organization that an account manages.

use alibaba::{Client, Error};
use futures_util::future::join_all;

use super::Options;
use super::error::{fact, not_looked, why};
use super::trails;
use crate::facts::{ControlPolicies, ControlPolicy, DelegatedAdministrator, Fact, Member, OrganizationFacts};

/// The principal of ActionTrail.
const ACTIONTRAIL: &str = "actiontrail.aliyuncs.com";

/// The directory could not be read, so that nothing is known of the organization.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the resource directory cannot be read: {reason}")]
pub struct DirectoryNotRead {
    /// The RAM action that is missing, if the service refused.
    pub action: Option<String>,
    /// The account belongs to no directory, or its directory is not enabled.
    pub is_not_enabled: bool,
    /// What the service or the connection said, in one line.
    pub reason: String,
}

/// Looks at the organization with a client of its management account, or of a delegated administrator, whose id is `account`.
/// Its accounts are not looked into.
///
/// # Errors
/// The directory itself cannot be read.
pub async fn organization(
    client: &Client,
    account: &str,
    options: &Options,
) -> Result<OrganizationFacts, DirectoryNotRead> {
    let manager = client.resource_manager();
    let directory = manager.get_resource_directory().await.map_err(|error| {
        let (action, reason) = why(&error, "resourcemanager:GetResourceDirectory");
        DirectoryNotRead { action, is_not_enabled: is_no_directory(&error), reason }
    })?;
    let options = Options { owns_organization_trails: true, ..options.clone() };
    let now = time::OffsetDateTime::now_utc();
    let (members, administrators, policies, found) = tokio::join!(
        manager.list_accounts(),
        manager.list_delegated_administrators(ACTIONTRAIL),
        control_policies(client),
        trails::trails(client, account, &options, now),
    );
    let management = directory.master_account_id;
    Ok(OrganizationFacts {
        id: directory.resource_directory_id,
        root_folder: directory.root_folder_id,
        members: fact(members, "resourcemanager:ListAccounts").map(|members| {
            let others = members.into_iter().filter(|member| member.account_id != management);
            others.map(member).collect()
        }),
        management_account: management,
        trails: found.trails.map(|mut trails| {
            trails.retain(|trail| trail.is_organization_trail);
            trails
        }),
        delegated_administrators: fact(administrators, "resourcemanager:ListDelegatedAdministrators").map(
            |found| {
                let read = |found: alibaba::resource_manager::DelegatedAdministrator| {
                    DelegatedAdministrator { account: found.account_id, name: found.display_name }
                };
                found.into_iter().map(read).collect()
            },
        ),
        control_policies: policies,
        part: None,
        coverage: Default::default(),
    })
}

/// Whether the account belongs to no directory that is in use.
#[must_use]
pub fn is_no_directory(error: &Error) -> bool {
    ["ResourceDirectoryNotInUse", "EntityNotExists.ResourceDirectory"].iter().any(|code| error.is_code(code))
}

fn member(account: alibaba::resource_manager::Account) -> Member {
    // Directory, folders from the top, account.
    let path = account.resource_directory_path.as_deref().unwrap_or_default();
    let folders = path.split('/').filter(|part| part.starts_with("fd-") || part.starts_with("r-"));
    let folders = folders.map(str::to_owned).collect();
    Member { name: account.display_name, folders, account: account.account_id }
}

async fn control_policies(client: &Client) -> Fact<ControlPolicies> {
    let manager = client.resource_manager();
    match manager.get_control_policy_enablement_status().await {
        Ok(true) => {}
        Ok(false) => return Fact::Absent,
        Err(error) => return not_looked(&error, "resourcemanager:GetControlPolicyEnablementStatus"),
    }
    let policies = match manager.list_control_policies().await {
        Ok(policies) => policies,
        Err(error) => return not_looked(&error, "resourcemanager:ListControlPolicies"),
    };
    let custom = policies.into_iter().filter(|policy| policy.policy_type.as_deref() != Some("System"));
    let read = custom.map(|policy| async move {
        let manager = client.resource_manager();
        let (document, targets) = tokio::join!(
            manager.get_control_policy(&policy.policy_id),
            manager.list_target_attachments_for_control_policy(&policy.policy_id),
        );
        let document = document.map_err(|error| (error, "resourcemanager:GetControlPolicy"))?;
        let targets =
            targets.map_err(|error| (error, "resourcemanager:ListTargetAttachmentsForControlPolicy"))?;
        Ok(ControlPolicy {
            name: policy.policy_name.unwrap_or_default(),
            document: document.policy_document.unwrap_or_default(),
            targets: targets.into_iter().map(|target| target.target_id).collect(),
            id: policy.policy_id,
        })
    });
    match join_all(read).await.into_iter().collect::<Result<Vec<_>, (Error, &str)>>() {
        Ok(custom) => Fact::Known(ControlPolicies { custom }),
        Err((error, action)) => not_looked(&error, action),
    }
}
