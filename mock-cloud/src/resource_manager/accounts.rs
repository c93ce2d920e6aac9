//! The directory and its accounts: GetResourceDirectory, ListAccounts, GetAccount, CreateResourceAccount.

use serde_json::{Value, json};

use super::state::{Directory, Member, tail};
use super::{checked_name, directory_mut, folders, invalid, missing, page, required};
use crate::cloud::{Account, CloudState};
use crate::http::Call;
use crate::rpc::{self, Error, Outcome};
use crate::switches::{QUOTAS, Switch};

/// Members that a directory may have (Resource Directory documentation, "Limits"). More come by way of the command line, as
/// if the quota had been raised.
const MEMBERS: usize = 20;

/// Whether the management account is among the accounts that ListAccounts lists.
pub(crate) const LIST_MANAGEMENT_ACCOUNT: Switch = Switch {
    name: "list_management_account",
    values: &["false", "true"],
    doc: "ListAccounts lists the management account besides the members.",
    source: "The description speaks of members only; whether the management account counts as one is not said.",
};

pub(super) fn directory(cloud: &mut CloudState, _: &Call, id: &str) -> Outcome {
    let name = |cloud: &CloudState, master: &str| {
        cloud.accounts.get(master).map(|account| account.name.clone()).unwrap_or_default()
    };
    let directory = directory_mut(cloud, id).clone();
    let created = directory.create_time.map(rpc::timestamp).unwrap_or_default();
    Ok(json!({ "ResourceDirectory": {
        "ResourceDirectoryId": id,
        "RootFolderId": directory.root_folder,
        "MasterAccountId": directory.master,
        "MasterAccountName": name(cloud, &directory.master),
        "CreateTime": created.replace('Z', ".000Z"),
        "ControlPolicyStatus": if directory.control_policies_enabled { "Enabled" } else { "Disabled" },
        "MemberDeletionStatus": "Disabled",
        "MemberAccountDisplayNameSyncStatus": "Disabled",
    } }))
}

pub(super) fn list(cloud: &mut CloudState, call: &Call, id: &str) -> Outcome {
    let keyword = rpc::text(call, "QueryKeyword").unwrap_or("");
    let with_master = cloud.switches.on(&LIST_MANAGEMENT_ACCOUNT);
    let directory = directory_mut(cloud, id).clone();
    let master = with_master.then_some(&directory.master);
    let all = master.into_iter().chain(directory.members.keys());
    let all = all.map(|account| describe(cloud, &directory, id, account));
    let all = all.filter(|account| mentions(account, keyword)).collect();
    page(call, all, |items| json!({ "Accounts": { "Account": items } }))
}

pub(super) fn get(cloud: &mut CloudState, call: &Call, id: &str) -> Outcome {
    let account = account_id(call)?;
    let directory = directory_mut(cloud, id).clone();
    check(&directory, account)?;
    let mut element = describe(cloud, &directory, id, account);
    element["Location"] = json!("Cloud");
    element["EmailStatus"] = json!("");
    element["HasSecureMobilePhone"] = json!(false);
    Ok(json!({ "Account": element }))
}

/// A new account, in the folder that is named or the root.
pub(super) fn create(cloud: &mut CloudState, call: &Call, id: &str) -> Outcome {
    let called = "Account.DisplayName";
    let name = rpc::text(call, "DisplayName").ok_or_else(|| missing(called))?;
    checked_name(name, called, 50, "_.- ")?;
    if name.chars().count() < 2 {
        return Err(invalid(called));
    }
    let directory = directory_mut(cloud, id).clone();
    let folder = folders::parent(&directory, call)?;
    let mut others = directory.members.keys().filter_map(|member| cloud.accounts.get(member));
    if others.any(|other| other.name == name) {
        let message = format!("There is an account {name} already.");
        return Err(Error::new(409, "InvalidParameter.Account.DisplayName.AlreadyUsed", message));
    }
    if cloud.switches.is(&QUOTAS, "on") && directory.members.len() >= MEMBERS {
        let message = format!("A directory has at most {MEMBERS} members.");
        return Err(Error::new(409, "LimitExceeded.Account", message));
    }
    let newest = cloud.accounts.keys().filter_map(|id| id.parse::<u64>().ok()).max().unwrap_or_default();
    let account = newest.saturating_add(1).to_string();
    let state = super::member_account(&directory.master, &account, name, id, call.now);
    cloud.accounts.insert(account.clone(), state);
    let directory = directory_mut(cloud, id);
    directory.members.insert(account.clone(), Member::new(folder, call.now));
    let directory = directory.clone();
    Ok(json!({ "Account": describe(cloud, &directory, id, &account) }))
}

/// The account that a call names.
pub(super) fn account_id(call: &Call) -> Result<&str, Error> {
    let id = required(call, "AccountId")?;
    let digits = id.bytes().all(|byte| byte.is_ascii_digit());
    if digits { Ok(id) } else { Err(invalid("AccountId")) }
}

/// Whether an account belongs to the directory.
pub(super) fn check(directory: &Directory, account: &str) -> Result<(), Error> {
    if account == directory.master || directory.members.contains_key(account) {
        return Ok(());
    }
    Err(Error::new(404, "EntityNotExists.Account", format!("The account does not exist: {account}.")))
}

/// Whether the id or name of an account, as lists show it, has a keyword in it.
pub(super) fn mentions(account: &Value, keyword: &str) -> bool {
    let has = |field: &&str| account[*field].as_str().is_some_and(|text| text.contains(keyword));
    ["AccountId", "DisplayName"].iter().any(has)
}

/// An account as lists show it.
pub(super) fn describe(cloud: &CloudState, directory: &Directory, id: &str, account: &str) -> Value {
    let name = cloud.accounts.get(account).map(|account: &Account| account.name.as_str()).unwrap_or("");
    let member = directory.members.get(account);
    let folder = member.map_or(directory.root_folder.as_str(), |member| member.folder.as_str());
    let joined = member.map(|member| member.join_time).or(directory.create_time);
    let time = joined.map(rpc::timestamp).unwrap_or_default().replace('Z', ".000Z");
    let path = folders::chain(directory, folder).join("/");
    json!({
        "AccountId": account,
        "AccountName": format!("{name}-{}@{id}.aliyunid.com", tail(account)),
        "DisplayName": name,
        "Type": if member.is_some() { "ResourceAccount" } else { "CloudAccount" },
        "Status": "CreateSuccess",
        "FolderId": folder,
        "ResourceDirectoryId": id,
        "ResourceDirectoryPath": format!("{id}/{path}/{account}"),
        "JoinMethod": if member.is_some() { "created" } else { "invited" },
        "JoinTime": time,
        "ModifyTime": time,
    })
}
