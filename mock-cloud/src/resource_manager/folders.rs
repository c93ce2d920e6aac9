//! Folders of the directory and which accounts are in them.

use serde_json::{Value, json};

use super::state::{Directory, Folder, tail};
use super::{accounts, directory_mut, page};
use crate::http::Call;
use crate::rpc::{self, Error, Outcome};
use crate::world::World;

/// How deep folders may nest below the root (Resource Directory documentation, "Limits").
const DEPTH: usize = 5;

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

pub(super) fn create(world: &mut World, call: &Call, rd: &str) -> Outcome {
    let name = folder_name(call)?.to_owned();
    let directory = directory_mut(world, rd);
    let parent = rpc::text(call, "ParentFolderId").unwrap_or(&directory.root_folder).to_owned();
    check(directory, &parent)?;
    check_unique(directory, &parent, &name)?;
    if chain(directory, &parent).len() > DEPTH {
        let message = format!("Folders nest at most {DEPTH} deep.");
        return Err(Error::new(409, "LimitExceeded.Folder.Depth", message));
    }
    let id = (1..)
        .map(|number| format!("fd-{}{number:04}", tail(rd)))
        .find(|id| !directory.folders.contains_key(id))
        .unwrap_or_default();
    directory.folders.insert(id.clone(), Folder { name, parent, create_time: call.now });
    Ok(json!({ "Folder": describe(directory, &id, rd) }))
}

pub(super) fn get(world: &mut World, call: &Call, rd: &str) -> Outcome {
    let id = rpc::required(call, "FolderId")?;
    let directory = directory_mut(world, rd);
    check(directory, id)?;
    Ok(json!({ "Folder": describe(directory, id, rd) }))
}

pub(super) fn update(world: &mut World, call: &Call, rd: &str) -> Outcome {
    let id = rpc::required(call, "FolderId")?;
    let name = rpc::required(call, "NewFolderName")?;
    let directory = directory_mut(world, rd);
    check(directory, id)?;
    let parent = directory.folders.get(id).map(|folder| folder.parent.clone()).unwrap_or_default();
    check_unique(directory, &parent, name)?;
    if let Some(folder) = directory.folders.get_mut(id) {
        name.clone_into(&mut folder.name);
    }
    Ok(json!({ "Folder": describe(directory, id, rd) }))
}

pub(super) fn delete(world: &mut World, call: &Call, rd: &str) -> Outcome {
    let id = rpc::required(call, "FolderId")?;
    let directory = directory_mut(world, rd);
    check(directory, id)?;
    let used = directory.folders.values().any(|folder| folder.parent == id)
        || directory.members.values().any(|member| member.folder == id);
    if used || id == directory.root_folder {
        let message = "The folder is the root or has accounts or folders in it.";
        return Err(Error::new(409, "DeleteConflict.Folder.NotEmpty", message));
    }
    directory.folders.remove(id);
    directory.attachments.remove(id);
    Ok(json!({}))
}

pub(super) fn list(world: &mut World, call: &Call, rd: &str) -> Outcome {
    let directory = directory_mut(world, rd);
    let parent = rpc::text(call, "ParentFolderId").unwrap_or(&directory.root_folder).to_owned();
    check(directory, &parent)?;
    let folders = directory.folders.iter().filter(|(_, folder)| folder.parent == parent);
    let all = folders.map(|(id, _)| describe(directory, id, rd)).collect();
    page(call, all, |items| json!({ "Folders": { "Folder": items } }))
}

/// The folders above an account or folder, the root first.
pub(super) fn ancestors(world: &mut World, call: &Call, rd: &str) -> Outcome {
    let child = rpc::required(call, "ChildId")?;
    let directory = directory_mut(world, rd);
    let mut ids = match directory.members.get(child) {
        Some(member) => chain(directory, &member.folder),
        None => {
            check(directory, child)?;
            let mut ids = chain(directory, child);
            ids.pop();
            ids
        }
    };
    let all: Vec<Value> = ids.drain(..).map(|id| describe(directory, &id, rd)).collect();
    Ok(json!({ "Folders": { "Folder": all } }))
}

pub(super) fn accounts(world: &mut World, call: &Call, rd: &str) -> Outcome {
    let directory = directory_mut(world, rd).clone();
    let parent = rpc::text(call, "ParentFolderId").unwrap_or(&directory.root_folder);
    check(&directory, parent)?;
    let members = directory.members.iter().filter(|(_, member)| member.folder == parent);
    let all = members.map(|(account, _)| accounts::describe(world, &directory, rd, account)).collect();
    page(call, all, |items| json!({ "Accounts": { "Account": items } }))
}

pub(super) fn move_account(world: &mut World, call: &Call, rd: &str) -> Outcome {
    let account = rpc::required(call, "AccountId")?;
    let folder = rpc::required(call, "DestinationFolderId")?;
    let directory = directory_mut(world, rd);
    check(directory, folder)?;
    accounts::check(directory, account)?;
    let Some(member) = directory.members.get_mut(account) else {
        let message = "The management account cannot be moved.";
        return Err(Error::new(409, "NotSupportedOperation.MasterAccount", message));
    };
    folder.clone_into(&mut member.folder);
    Ok(json!({}))
}

fn folder_name(call: &Call) -> Result<&str, Error> {
    let name = rpc::required(call, "FolderName")?;
    if name.chars().count() > 24 {
        let message = "FolderName is longer than 24 characters.";
        return Err(Error::new(400, "InvalidParameter.FolderName.Length", message));
    }
    Ok(name)
}

fn check_unique(directory: &Directory, parent: &str, name: &str) -> Result<(), Error> {
    if directory.folders.values().any(|folder| folder.parent == parent && folder.name == name) {
        let message = format!("There is a folder {name} already.");
        return Err(Error::new(409, "EntityAlreadyExists.Folder", message));
    }
    Ok(())
}
