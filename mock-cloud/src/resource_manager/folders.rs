//! Folders of the directory and which accounts are in them.

use serde_json::{Value, json};

use super::state::{Directory, Folder, tail};
use super::{accounts, checked_name, directory_mut, invalid, missing, page, required};
use crate::cloud::CloudState;
use crate::http::Call;
use crate::rpc::{self, Error, Outcome};
use crate::switches::{QUOTAS, Switch};

/// How long the name of a folder may be.
pub(super) const FOLDER_NAME_LENGTH: Switch = Switch {
    name: "folder_name_length",
    values: &["128", "24"],
    doc: "Characters that the name of a folder may have.",
    source: "The pages say 24; acceptance tests of the vendor's provider make names of 33. The real limit is not known.",
};

/// How deep folders may nest below the root (Resource Directory documentation, "Limits").
const DEPTH: usize = 5;
/// How many folders a directory may have below the root (the same page).
const FOLDERS: usize = 100;

/// The ids from the root folder down to a folder.
pub(super) fn chain(directory: &Directory, folder: &str) -> Vec<String> {
    let mut ids = vec![folder.to_owned()];
    let mut at = folder;
    // A state edited by hand may have folders in a circle.
    while let Some(parent) = directory.folders.get(at).map(|folder| folder.parent.as_str()) {
        if ids.iter().any(|id| id == parent) {
            break;
        }
        ids.push(parent.to_owned());
        at = parent;
    }
    ids.reverse();
    ids
}

/// Whether there is such a folder.
pub(super) fn check(directory: &Directory, folder: &str) -> Result<(), Error> {
    if folder == directory.root_folder || directory.folders.contains_key(folder) {
        return Ok(());
    }
    Err(Error::new(404, "EntityNotExists.Folder", format!("The folder does not exist: {folder}.")))
}

/// The id that a parameter gives, which is at least of the form of a folder's.
fn well_formed<'c>(id: &'c str, name: &str) -> Result<&'c str, Error> {
    let tail = ["r-", "fd-"].iter().find_map(|kind| id.strip_prefix(kind)).unwrap_or_default();
    let fits = !tail.is_empty() && tail.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if fits { Ok(id) } else { Err(invalid(name)) }
}

fn folder_id(call: &Call) -> Result<&str, Error> {
    well_formed(required(call, "FolderId")?, "FolderId")
}

/// The folder that a call names as a parent: the root when it names none.
pub(super) fn parent<'c>(directory: &'c Directory, call: &'c Call) -> Result<&'c str, Error> {
    let Some(id) = rpc::text(call, "ParentFolderId") else { return Ok(&directory.root_folder) };
    well_formed(id, "ParentFolderId")?;
    check(directory, id)?;
    Ok(id)
}

fn describe(directory: &Directory, id: &str, rd: &str) -> Value {
    let folder = directory.folders.get(id);
    let name = folder.map_or("Root", |folder| folder.name.as_str());
    let created = folder.map(|folder| folder.create_time).or(directory.create_time);
    let mut element = json!({
        "FolderId": id,
        "FolderName": name,
        "CreateTime": created.map(rpc::timestamp).unwrap_or_default().replace('Z', ".000Z"),
        "ResourceDirectoryPath": format!("{rd}/{}", chain(directory, id).join("/")),
    });
    if let Some(folder) = folder {
        element["ParentFolderId"] = json!(folder.parent);
    }
    element
}

pub(super) fn create(cloud: &mut CloudState, call: &Call, rd: &str) -> Outcome {
    let name = folder_name(cloud, call, "FolderName")?.to_owned();
    let quotas = cloud.switches.is(&QUOTAS, "on");
    let directory = directory_mut(cloud, rd);
    let parent = parent(directory, call)?.to_owned();
    check_unique(directory, &parent, &name)?;
    if chain(directory, &parent).len() > DEPTH {
        let message = format!("Folders nest at most {DEPTH} deep.");
        return Err(Error::new(409, "LimitExceeded.Folder.Depth", message));
    }
    if quotas && directory.folders.len() >= FOLDERS {
        let message = format!("A directory has at most {FOLDERS} folders.");
        return Err(Error::new(409, "QuotaExceeded.Folder.Count", message));
    }
    let id = (1..)
        .map(|number| format!("fd-{}{number:04}", tail(rd)))
        .find(|id| !directory.folders.contains_key(id))
        .unwrap_or_default();
    directory.folders.insert(id.clone(), Folder { name, parent, create_time: call.now });
    Ok(json!({ "Folder": describe(directory, &id, rd) }))
}

pub(super) fn get(cloud: &mut CloudState, call: &Call, rd: &str) -> Outcome {
    let id = folder_id(call)?;
    let directory = directory_mut(cloud, rd);
    check(directory, id)?;
    Ok(json!({ "Folder": describe(directory, id, rd) }))
}

pub(super) fn update(cloud: &mut CloudState, call: &Call, rd: &str) -> Outcome {
    let id = folder_id(call)?;
    let name = folder_name(cloud, call, "NewFolderName")?;
    let directory = directory_mut(cloud, rd);
    check(directory, id)?;
    let parent = directory.folders.get(id).map(|folder| folder.parent.clone()).unwrap_or_default();
    check_unique(directory, &parent, name)?;
    if let Some(folder) = directory.folders.get_mut(id) {
        name.clone_into(&mut folder.name);
    }
    Ok(json!({ "Folder": describe(directory, id, rd) }))
}

pub(super) fn delete(cloud: &mut CloudState, call: &Call, rd: &str) -> Outcome {
    let id = folder_id(call)?;
    let directory = directory_mut(cloud, rd);
    check(directory, id)?;
    if id == directory.root_folder {
        return Err(invalid("FolderId"));
    }
    let conflict = |code: &str, message: &str| Err(Error::new(409, code, message));
    if directory.folders.values().any(|folder| folder.parent == id) {
        return conflict("DeleteConflict.Folder.SubFolder", "The folder has folders in it.");
    }
    if directory.members.values().any(|member| member.folder == id) {
        return conflict("DeleteConflict.Folder.Account", "The folder has accounts in it.");
    }
    directory.folders.remove(id);
    directory.attachments.remove(id);
    Ok(json!({}))
}

pub(super) fn list(cloud: &mut CloudState, call: &Call, rd: &str) -> Outcome {
    let directory = directory_mut(cloud, rd);
    let parent = parent(directory, call)?;
    let keyword = rpc::text(call, "QueryKeyword").unwrap_or("");
    let within = |folder: &Folder| folder.parent == parent && folder.name.contains(keyword);
    let folders = directory.folders.iter().filter(|(_, folder)| within(folder));
    let all = folders.map(|(id, _)| describe(directory, id, rd)).collect();
    page(call, all, |items| json!({ "Folders": { "Folder": items } }))
}

/// The folders above an account or folder, the root first.
pub(super) fn ancestors(cloud: &mut CloudState, call: &Call, rd: &str) -> Outcome {
    let child = required(call, "ChildId")?;
    let directory = directory_mut(cloud, rd);
    let mut ids = match directory.members.get(child) {
        Some(member) => chain(directory, &member.folder),
        None => {
            check(directory, well_formed(child, "ChildId")?)?;
            let mut ids = chain(directory, child);
            ids.pop();
            ids
        }
    };
    let all: Vec<Value> = ids.drain(..).map(|id| describe(directory, &id, rd)).collect();
    Ok(json!({ "Folders": { "Folder": all } }))
}

pub(super) fn accounts(cloud: &mut CloudState, call: &Call, rd: &str) -> Outcome {
    let directory = directory_mut(cloud, rd).clone();
    let parent = parent(&directory, call)?;
    let members = directory.members.iter().filter(|(_, member)| member.folder == parent);
    let keyword = rpc::text(call, "QueryKeyword").unwrap_or("");
    let all = members.map(|(account, _)| accounts::describe(cloud, &directory, rd, account));
    let all = all.filter(|account| accounts::mentions(account, keyword)).collect();
    page(call, all, |items| json!({ "Accounts": { "Account": items } }))
}

pub(super) fn move_account(cloud: &mut CloudState, call: &Call, rd: &str) -> Outcome {
    let account = accounts::account_id(call)?;
    let folder = well_formed(required(call, "DestinationFolderId")?, "DestinationFolderId")?;
    let directory = directory_mut(cloud, rd);
    check(directory, folder)?;
    accounts::check(directory, account)?;
    let Some(member) = directory.members.get_mut(account) else {
        let message = "The management account cannot be moved.";
        return Err(Error::new(409, "AccountTypeOrStatusMismatch", message));
    };
    folder.clone_into(&mut member.folder);
    Ok(json!({}))
}

fn folder_name<'c>(cloud: &CloudState, call: &'c Call, parameter: &str) -> Result<&'c str, Error> {
    let name = rpc::text(call, parameter).ok_or_else(|| missing("Folder.Name"))?;
    let most = cloud.switches.get(&FOLDER_NAME_LENGTH).parse().unwrap_or(usize::MAX);
    checked_name(name, "Folder.Name", most, "_.-")
}

fn check_unique(directory: &Directory, parent: &str, name: &str) -> Result<(), Error> {
    let mut siblings = directory.folders.values().filter(|folder| folder.parent == parent);
    if siblings.any(|folder| folder.name == name) {
        let message = format!("There is a folder {name} already.");
        return Err(Error::new(400, "InvalidParameter.Folder.Name.AlreadyUsed", message));
    }
    Ok(())
}
