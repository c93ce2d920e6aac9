//! Resource Management: the roles that services have for themselves, and the accounts of an organization
//! (ResourceManager API reference, version 2020-03-31). Accounts of the international site find their organization by the newer API
//! (ResourceDirectoryMaster, version 2022-04-19) at a host of its own.

mod call;
pub(crate) mod errors;
mod guards;
mod page;

use serde::Deserialize;

use crate::core::answer::{Answer, Unexpected, named, names};
use crate::core::lenient;
use crate::core::request::Idempotency;
use crate::core::rpc::Action;
use crate::core::text::{SHORT, one_line};
use crate::error::Error;
use crate::ram::{Role, RoleAnswer};
use crate::retry::Policy;
use crate::sign::Pairs;

use call::{action, pair};
use page::page;

pub use call::ResourceManager;
pub use guards::{ControlPolicy, DelegatedAdministrator, PolicyTarget};

const CREATE_SERVICE_LINKED_ROLE: Action = action("CreateServiceLinkedRole", Idempotency::Once);
const DELETE_SERVICE_LINKED_ROLE: Action = action("DeleteServiceLinkedRole", Idempotency::Repeatable);
const DELETION_STATUS: Action = action("GetServiceLinkedRoleDeletionStatus", Idempotency::Read);
const GET_ROLE: Action = action("GetRole", Idempotency::Read);
const GET_RESOURCE_DIRECTORY: Action = action("GetResourceDirectory", Idempotency::Read);
const LIST_ACCOUNTS: Action = action("ListAccounts", Idempotency::Read);
const GET_FOLDER: Action = action("GetFolder", Idempotency::Read);
const LIST_FOLDERS: Action = action("ListFoldersForParent", Idempotency::Read);

/// The directory of an organization's accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ResourceDirectory {
    /// `rd-…`.
    #[serde(deserialize_with = "lenient::text")]
    pub resource_directory_id: String,
    /// The folder at the top, `r-…`.
    #[serde(deserialize_with = "lenient::text")]
    pub root_folder_id: String,
    /// The account that manages all others.
    #[serde(deserialize_with = "lenient::text")]
    pub master_account_id: String,
}

/// An account of the organization.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Account {
    /// The account.
    #[serde(deserialize_with = "lenient::text")]
    pub account_id: String,
    /// Login name, `<name>@<directory>.aliyunid.com`.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub account_name: Option<String>,
    /// Name that people see.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub display_name: Option<String>,
    /// `ResourceAccount` for one that the directory made, `CloudAccount` for one that was invited.
    #[serde(rename = "Type", deserialize_with = "lenient::text_or_unset")]
    pub kind: Option<String>,
    /// Such as `CreateSuccess` or `InviteSuccess`.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub status: Option<String>,
    /// The folder it is in.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub folder_id: Option<String>,
    /// Directory, folders from the top, and account, separated by slashes.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub resource_directory_path: Option<String>,
    /// `created` or `invited`.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub join_method: Option<String>,
    /// When it joined.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub join_time: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Deletion {
    deletion_task_id: String,
}

impl Answer for Deletion {
    fn check(&self, _: &str) -> Result<(), Unexpected> {
        named("DeletionTaskId", &self.deletion_task_id)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeletionStatus {
    status: String,
    #[serde(default)]
    reason: Reason,
}

impl Answer for DeletionStatus {
    fn check(&self, _: &str) -> Result<(), Unexpected> {
        named("Status", &self.status)
    }
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Reason {
    #[serde(deserialize_with = "lenient::line_or_unset")]
    message: Option<String>,
    role_usages: RoleUsages,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct RoleUsages {
    #[serde(deserialize_with = "lenient::list")]
    role_usage: Vec<RoleUsage>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct RoleUsage {
    #[serde(deserialize_with = "lenient::text")]
    region: String,
    resources: Resources,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Resources {
    #[serde(deserialize_with = "lenient::list")]
    resource: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DirectoryAnswer {
    resource_directory: ResourceDirectory,
}

impl Answer for DirectoryAnswer {
    fn check(&self, _: &str) -> Result<(), Unexpected> {
        let directory = &self.resource_directory;
        named("ResourceDirectory.ResourceDirectoryId", &directory.resource_directory_id)?;
        named("ResourceDirectory.RootFolderId", &directory.root_folder_id)?;
        named("ResourceDirectory.MasterAccountId", &directory.master_account_id)
    }
}

page!(AccountsPage, AccountsMember, "Accounts", "Account", Account, account_id, "AccountId");
page!(FoldersPage, FoldersMember, "Folders", "Folder", Folder, folder_id, "FolderId");

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct FolderAnswer {
    folder: Folder,
}

impl Answer for FolderAnswer {
    fn check(&self, asked: &str) -> Result<(), Unexpected> {
        names("Folder.FolderId", &self.folder.folder_id, asked)
    }
}

/// A folder of the organization.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Folder {
    /// `fd-…`, or `r-…` for the one at the top.
    #[serde(deserialize_with = "lenient::text")]
    pub folder_id: String,
    /// Name.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub folder_name: Option<String>,
    /// The folder above; nothing for the one at the top.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub parent_folder_id: Option<String>,
    /// Directory and folders from the top, this one included, separated by slashes.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub resource_directory_path: Option<String>,
    /// When it was created.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub create_time: Option<String>,
}

/// How the deletion of a service-linked role ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deleted {
    /// The role is gone.
    Done,
    /// The service kept it.
    Refused {
        /// The service's own words.
        message: String,
        /// What uses it, as `<region>: <resource>`.
        users: Vec<String>,
    },
}

impl ResourceManager {
    /// Makes the role that a service such as `actiontrail.aliyuncs.com` works with. [`Error::LostAnswer`] means that
    /// it may be there.
    pub async fn create_service_linked_role(&self, service: &str) -> Result<Role, Error> {
        let answer: RoleAnswer =
            self.call(CREATE_SERVICE_LINKED_ROLE, pair("ServiceName", service), "").await?;
        Ok(answer.role)
    }

    /// A role, such as one of a service.
    pub async fn get_role(&self, name: &str) -> Result<Role, Error> {
        self.call(GET_ROLE, pair("RoleName", name), name).await.map(|RoleAnswer { role }| role)
    }

    /// Deletes the role of a service, which takes the service's consent, and waits for it as long as the operation may take.
    pub async fn delete_service_linked_role(&self, name: &str) -> Result<Deleted, Error> {
        let Deletion { deletion_task_id } =
            self.call(DELETE_SERVICE_LINKED_ROLE, pair("RoleName", name), name).await?;
        let what = format!("role {name} to be deleted");
        self.session
            .scope
            .wait(&Policy::JOB, &what, || async {
                let task = pair("DeletionTaskId", &deletion_task_id);
                let DeletionStatus { status, reason } = self.call(DELETION_STATUS, task, name).await?;
                Ok(match status.as_str() {
                    "SUCCEEDED" => Some(Deleted::Done),
                    "FAILED" | "INTERNAL_ERROR" => Some(reason.refusal()),
                    _ => None,
                })
            })
            .await
    }

    /// The directory that the account belongs to.
    pub async fn get_resource_directory(&self) -> Result<ResourceDirectory, Error> {
        let answer: DirectoryAnswer = self.ask_directory(GET_RESOURCE_DIRECTORY, Pairs::new(), "").await?;
        Ok(answer.resource_directory)
    }

    /// A folder of the organization.
    pub async fn get_folder(&self, id: &str) -> Result<Folder, Error> {
        let FolderAnswer { folder } = self.ask_directory(GET_FOLDER, pair("FolderId", id), id).await?;
        Ok(folder)
    }

    /// All member accounts of the organization.
    pub async fn list_accounts(&self) -> Result<Vec<Account>, Error> {
        self.list::<AccountsPage>(LIST_ACCOUNTS, &Pairs::new()).await
    }

    /// The folders directly below a folder.
    pub async fn list_folders(&self, parent: &str) -> Result<Vec<Folder>, Error> {
        self.list::<FoldersPage>(LIST_FOLDERS, &pair("ParentFolderId", parent)).await
    }
}

impl Reason {
    fn refusal(self) -> Deleted {
        let users = self.role_usages.role_usage.into_iter().flat_map(|usage| {
            let region = usage.region;
            usage
                .resources
                .resource
                .into_iter()
                .map(move |resource| one_line(&format!("{region}: {resource}"), SHORT))
        });
        Deleted::Refused { message: self.message.unwrap_or_default(), users: users.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_deletion_names_what_uses_the_role() {
        let status: DeletionStatus = serde_json::from_str(
            r#"{"Status":"FAILED","Reason":{"Message":"The role is in use.","RoleUsages":{"RoleUsage":[
                {"Region":"cn-beijing","Resources":{"Resource":["acs:actiontrail:cn-beijing:1:trail/audit"]}}]}}}"#,
        )
        .unwrap();
        let Deleted::Refused { message, users } = status.reason.refusal() else { panic!("refused") };
        assert_eq!(message, "The role is in use.");
        assert_eq!(users, ["cn-beijing: acs:actiontrail:cn-beijing:1:trail/audit"]);
        let done: DeletionStatus = serde_json::from_str(r#"{"Status":"SUCCEEDED"}"#).unwrap();
        assert_eq!(done.status, "SUCCEEDED");
    }

    #[test]
    fn accounts_are_read() {
        let answer: AccountsPage = serde_json::from_str(
            r#"{"TotalCount":1,"Accounts":{"Account":[{"AccountId":1000000000000001,"DisplayName":"","Type":"ResourceAccount"}]}}"#,
        )
        .unwrap();
        answer.check("").unwrap();
        let [account] = answer.list.items.unwrap().try_into().unwrap();
        assert_eq!((account.account_id.as_str(), account.display_name), ("1000000000000001", None));
        assert_eq!(account.kind.as_deref(), Some("ResourceAccount"));
    }
}
