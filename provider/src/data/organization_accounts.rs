//! `alitrail_organization_accounts`: the accounts of an organization.

use std::collections::BTreeMap;

use alibaba::Error;
use alibaba::resource_manager::Account;
use plugin::{Attr, Context, DataSource, Diagnostics, Model};

use crate::config::Cloud;
use crate::failed_call::{failed_call, failed_call_at, named};
use crate::resource_scope::resolve;
use crate::scope::{GlobalQuery, Location};

/// The data source.
#[derive(Debug)]
pub struct OrganizationAccountsSource;

/// Attributes of `alitrail_organization_accounts`.
#[derive(Debug, Clone, Default, Model)]
pub struct OrganizationAccountsModel {
    /// `id` and `account_id`.
    #[attr(
        flatten,
        describe(
            id = "Id of the Resource Directory.",
            account_id = "Account that asks: the management account, or a delegated administrator. Default: the account \
                of the provider's credentials."
        )
    )]
    pub scope: GlobalQuery,
    /// List the accounts of this folder only, such as `fd-xxxxxxxxxx`. A folder that does not exist is an error; one without
    /// accounts gives empty lists.
    #[attr(optional, check = folder)]
    pub folder_id: Attr<String>,
    /// With `folder_id`, list the accounts of the folders below it too.
    #[attr(default = true)]
    pub include_subfolders: Attr<bool>,
    /// List only accounts whose display name matches this regular expression.
    #[attr(optional, check = name_pattern)]
    pub name_regex: Attr<String>,
    /// The account that manages the organization. It is not a member, and not in the lists.
    #[attr(computed)]
    pub management_account_id: Attr<String>,
    /// The folder at the top.
    #[attr(computed)]
    pub root_folder_id: Attr<String>,
    /// Ids of the accounts, in order.
    #[attr(computed)]
    pub ids: Attr<Vec<String>>,
    /// The accounts by id.
    #[attr(computed)]
    pub accounts: Attr<BTreeMap<String, AccountEntry>>,
}

/// One account of `alitrail_organization_accounts`.
#[derive(Debug, Clone, Default, Model)]
pub struct AccountEntry {
    /// Id.
    #[attr(computed)]
    pub account_id: Attr<String>,
    /// Name that people see.
    #[attr(computed)]
    pub display_name: Attr<String>,
    /// Login name.
    #[attr(computed)]
    pub account_name: Attr<String>,
    /// `ResourceAccount` for one that the directory made, `CloudAccount` for one that was invited.
    #[attr(computed)]
    pub r#type: Attr<String>,
    /// How it came in, such as `CreateSuccess`.
    #[attr(computed)]
    pub status: Attr<String>,
    /// Folder it is in.
    #[attr(computed)]
    pub folder_id: Attr<String>,
    /// Directory, folders from the top, and account, separated by slashes.
    #[attr(computed)]
    pub resource_directory_path: Attr<String>,
    /// `created` or `invited`.
    #[attr(computed)]
    pub join_method: Attr<String>,
    /// When it joined.
    #[attr(computed)]
    pub join_time: Attr<String>,
}

pub(super) fn folder(id: &str) -> Result<(), String> {
    let named = |prefix: &str| id.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty());
    if named("fd-") || named("r-") {
        return Ok(());
    }
    Err(format!("{id:?} is not the id of a folder. It begins with fd-, or with r- for the one at the top."))
}

/// Whether a text is a regular expression.
pub(super) fn name_pattern(text: &str) -> Result<(), String> {
    regex_lite::Regex::new(text)
        .map(drop)
        .map_err(|error| format!("{text:?} is not a regular expression: {error}."))
}

impl DataSource for OrganizationAccountsSource {
    type Client = Cloud;
    type Model = OrganizationAccountsModel;
    const TYPE: &'static str = "alitrail_organization_accounts";
    const DESCRIPTION: &'static str = "The member accounts of the organization (Resource Directory) that the account manages, \
        all of them or those of one folder.";

    async fn read(
        context: &Context<Cloud>,
        config: OrganizationAccountsModel,
    ) -> Result<OrganizationAccountsModel, Diagnostics> {
        let scope = resolve(context, &config).await?;
        let service = scope.client.resource_manager();
        // An empty list would say the same of a folder without accounts and of one that is not there, and whoever makes
        // something for each account would lose all of it by a typing error.
        let folder = async {
            match config.folder_id.as_str() {
                Some(folder) => service.get_folder(folder).await.map(drop),
                None => Ok(()),
            }
        };
        let (directory, listed, folder) =
            tokio::join!(service.get_resource_directory(), service.list_accounts(), folder);
        let directory =
            directory.map_err(|error| named(failed_call("read the Resource Directory", &error), &scope))?;
        let listed = listed
            .map_err(|error| named(failed_call("list the accounts of the organization", &error), &scope))?;
        // The folder at the top is known to be there.
        if config.folder_id.as_str() != Some(directory.root_folder_id.as_str()) {
            let id = config.folder_id.as_str().unwrap_or_default();
            folder.map_err(|error| named(no_folder(id, "folder_id", &error), &scope))?;
        }
        let deep = config.include_subfolders.get().copied().unwrap_or(true);
        let pattern = config.name_regex.as_str().and_then(|text| regex_lite::Regex::new(text).ok());
        let is_named = |account: &Account| {
            let name = account.display_name.as_deref().unwrap_or_default();
            pattern.as_ref().is_none_or(|pattern| pattern.is_match(name))
        };
        let wanted = |account: &&Account| {
            config.folder_id.as_str().is_none_or(|folder| is_in(account, folder, deep)) && is_named(account)
        };
        let accounts: BTreeMap<_, _> = listed
            .iter()
            .filter(wanted)
            .map(|account| (account.account_id.clone(), entry(account)))
            .collect();
        Ok(OrganizationAccountsModel {
            scope: GlobalQuery::located(directory.resource_directory_id.into(), &scope),
            management_account_id: directory.master_account_id.into(),
            root_folder_id: directory.root_folder_id.into(),
            ids: accounts.keys().cloned().collect::<Vec<_>>().into(),
            accounts: accounts.into(),
            ..config
        })
    }
}

/// The error for a folder that cannot be read, which an attribute names.
pub(super) fn no_folder(folder: &str, attribute: &str, error: &Error) -> Diagnostics {
    let mut diagnostics =
        failed_call_at(format!("find folder {folder:?} of the organization"), error, attribute);
    if error.is_not_found() {
        for diagnostic in &mut diagnostics.0 {
            diagnostic.detail.push_str(&format!(
                "\nSet {attribute} to the id of a folder that exists, which the console of Resource Management shows. An \
                 empty folder is fine: its lists are empty.",
            ));
        }
    }
    diagnostics
}

/// Whether an account is in a folder, or in one below it. The path names all folders above the account.
fn is_in(account: &Account, folder: &str, deep: bool) -> bool {
    let path = account.resource_directory_path.as_deref().unwrap_or_default();
    account.folder_id.as_deref() == Some(folder) || deep && path.split('/').any(|step| step == folder)
}

fn entry(account: &Account) -> AccountEntry {
    AccountEntry {
        account_id: account.account_id.clone().into(),
        display_name: account.display_name.clone().into(),
        account_name: account.account_name.clone().into(),
        r#type: account.kind.clone().into(),
        status: account.status.clone().into(),
        folder_id: account.folder_id.clone().into(),
        resource_directory_path: account.resource_directory_path.clone().into(),
        join_method: account.join_method.clone().into(),
        join_time: account.join_time.clone().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_service::{Reply, Service, good};

    async fn read(folder: Option<&str>) -> Result<OrganizationAccountsModel, Diagnostics> {
        let service = Service::start(|action, query| match action {
            "GetCallerIdentity" => good(r#"{"AccountId":"1234567890123456"}"#),
            "GetResourceDirectory" => good(
                r#"{"ResourceDirectory":{"ResourceDirectoryId":"rd-1","RootFolderId":"r-1","MasterAccountId":"1"}}"#,
            ),
            "ListAccounts" => good(
                r#"{"TotalCount":1,"Accounts":{"Account":[{"AccountId":"1000000000000001","FolderId":"fd-team"}]}}"#,
            ),
            "GetFolder" if query == "FolderId=fd-team" => good(r#"{"Folder":{"FolderId":"fd-team"}}"#),
            "GetFolder" if query == "FolderId=fd-empty" => good(r#"{"Folder":{"FolderId":"fd-empty"}}"#),
            "GetFolder" => {
                Reply::Answer(404, r#"{"Code":"EntityNotExists.Folder","Message":"no folder"}"#.to_owned())
            }
            other => panic!("{other} is not called"),
        })
        .await;
        let config =
            OrganizationAccountsModel { folder_id: folder.map(str::to_owned).into(), ..Default::default() };
        OrganizationAccountsSource::read(&service.context, config).await
    }

    #[tokio::test]
    async fn a_folder_that_is_not_there_is_no_empty_one() {
        let ids = |found: OrganizationAccountsModel| found.ids.get().cloned().unwrap();
        assert_eq!(ids(read(None).await.unwrap()), ["1000000000000001"]);
        assert_eq!(ids(read(Some("fd-team")).await.unwrap()), ["1000000000000001"]);
        assert!(ids(read(Some("fd-empty")).await.unwrap()).is_empty());
        let refused = read(Some("fd-taem")).await.unwrap_err();
        let [error] = refused.0.as_slice() else { panic!("{refused:?}") };
        assert_eq!(error.summary, "Could not find folder \"fd-taem\" of the organization");
        assert!(
            error.detail.contains("EntityNotExists.Folder") && error.detail.contains("a folder that exists")
        );
        assert_eq!(error.path, plugin::Path::attribute("folder_id"));
    }

    #[test]
    fn folders_hold_what_is_below_them() {
        let account = Account {
            folder_id: Some("fd-team".to_owned()),
            resource_directory_path: Some("rd-1/r-1/fd-prod/fd-team/1000000000000001".to_owned()),
            ..Account::default()
        };
        assert!(
            is_in(&account, "fd-team", false)
                && is_in(&account, "fd-prod", true)
                && is_in(&account, "r-1", true)
        );
        assert!(!is_in(&account, "fd-prod", false) && !is_in(&account, "fd-test", true));
    }

    #[tokio::test]
    async fn accounts_are_listed_by_name() {
        assert!(name_pattern("^prod-").is_ok() && name_pattern("prod-(").unwrap_err().contains("prod-("));
        let service = Service::start(|action, _| match action {
            "GetCallerIdentity" => good(r#"{"AccountId":"1234567890123456"}"#),
            "GetResourceDirectory" => good(
                r#"{"ResourceDirectory":{"ResourceDirectoryId":"rd-1","RootFolderId":"r-1","MasterAccountId":"1"}}"#,
            ),
            "ListAccounts" => good(
                r#"{"TotalCount":2,"Accounts":{"Account":[{"AccountId":"1000000000000001","DisplayName":"prod-a"},
                    {"AccountId":"1000000000000002","DisplayName":"test-prod-b"}]}}"#,
            ),
            other => panic!("{other} is not called"),
        })
        .await;
        let config =
            OrganizationAccountsModel { name_regex: "^prod-".to_owned().into(), ..Default::default() };
        let found = OrganizationAccountsSource::read(&service.context, config).await.unwrap();
        assert_eq!(found.ids.get().cloned().unwrap(), ["1000000000000001"]);
    }

    #[test]
    fn folder_ids() {
        assert!(
            folder("fd-x").is_ok() && folder("r-x").is_ok() && folder("x").is_err() && folder("r-").is_err()
        );
    }
}
