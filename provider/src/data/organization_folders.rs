//! `alitrail_organization_folders`: the folders of an organization.

use std::collections::BTreeMap;

use alibaba::resource_manager::{Folder, ResourceManager};
use futures_util::future::try_join_all;
use plugin::{Attr, Context, DataSource, Diagnostics, Model};

use super::organization_accounts::{folder, name_pattern, no_folder};
use crate::config::Cloud;
use crate::failed_call::{failed_call, named};
use crate::resource_scope::resolve;
use crate::scope::{GlobalQuery, Location};

/// The data source.
#[derive(Debug)]
pub struct OrganizationFoldersSource;

/// Attributes of `alitrail_organization_folders`.
#[derive(Debug, Clone, Default, Model)]
pub struct OrganizationFoldersModel {
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
    /// List the folders below this folder, such as `fd-xxxxxxxxxx`. Default: the root folder. A folder that does not exist is
    /// an error; one without folders gives empty lists.
    #[attr(optional, check = folder)]
    pub parent_folder_id: Attr<String>,
    /// List the folders at every depth, not only those directly below.
    #[attr(default = true)]
    pub include_subfolders: Attr<bool>,
    /// List only folders whose name matches this regular expression.
    #[attr(optional, check = name_pattern)]
    pub name_regex: Attr<String>,
    /// Id of the root folder.
    #[attr(computed)]
    pub root_folder_id: Attr<String>,
    /// Ids of the folders, sorted.
    #[attr(computed)]
    pub ids: Attr<Vec<String>>,
    /// The folders by id.
    #[attr(computed)]
    pub folders: Attr<BTreeMap<String, FolderEntry>>,
}

/// One folder of `alitrail_organization_folders`.
#[derive(Debug, Clone, Default, Model)]
pub struct FolderEntry {
    /// Id.
    #[attr(computed)]
    pub folder_id: Attr<String>,
    /// Name.
    #[attr(computed)]
    pub folder_name: Attr<String>,
    /// Id of the folder above.
    #[attr(computed)]
    pub parent_folder_id: Attr<String>,
    /// Directory and folders from the root folder down to this one, separated by slashes.
    #[attr(computed)]
    pub resource_directory_path: Attr<String>,
    /// Creation time.
    #[attr(computed)]
    pub create_time: Attr<String>,
}

impl DataSource for OrganizationFoldersSource {
    type Client = Cloud;
    type Model = OrganizationFoldersModel;
    const TYPE: &'static str = "alitrail_organization_folders";
    const DESCRIPTION: &'static str = "The folders of the organization (Resource Directory) that the account manages, all of \
        them or those below one folder.";

    async fn read(
        context: &Context<Cloud>,
        config: OrganizationFoldersModel,
    ) -> Result<OrganizationFoldersModel, Diagnostics> {
        let scope = resolve(context, &config).await?;
        let service = scope.client.resource_manager();
        let directory = service.get_resource_directory().await;
        let directory =
            directory.map_err(|error| named(failed_call("read the Resource Directory", &error), &scope))?;
        let root = &directory.root_folder_id;
        let parent = config.parent_folder_id.as_str().unwrap_or(root);
        let path = if parent == root {
            format!("{}/{root}", directory.resource_directory_id)
        } else {
            let found = service.get_folder(parent).await;
            let found =
                found.map_err(|error| named(no_folder(parent, "parent_folder_id", &error), &scope))?;
            found.resource_directory_path.unwrap_or_else(|| parent.to_owned())
        };
        let deep = config.include_subfolders.get().copied().unwrap_or(true);
        let mut folders = below(&service, parent, &path, deep)
            .await
            .map_err(|error| named(failed_call("list the folders of the organization", &error), &scope))?;
        if let Some(pattern) = config.name_regex.as_str().and_then(|text| regex_lite::Regex::new(text).ok()) {
            folders.retain(|_, folder| pattern.is_match(folder.folder_name.as_str().unwrap_or_default()));
        }
        Ok(OrganizationFoldersModel {
            scope: GlobalQuery::located(directory.resource_directory_id.clone().into(), &scope),
            root_folder_id: root.clone().into(),
            ids: folders.keys().cloned().collect::<Vec<_>>().into(),
            folders: folders.into(),
            ..config
        })
    }
}

/// The folders below one, level by level: a directory has five at most (Resource Directory limits).
async fn below(
    service: &ResourceManager,
    parent: &str,
    path: &str,
    deep: bool,
) -> Result<BTreeMap<String, FolderEntry>, alibaba::Error> {
    let mut found = BTreeMap::new();
    let mut level = vec![(parent.to_owned(), path.to_owned())];
    while !level.is_empty() {
        let lists = try_join_all(level.iter().map(|(id, _)| service.list_folders(id))).await?;
        let mut next = Vec::new();
        for ((parent, path), folders) in level.iter().zip(lists) {
            for folder in folders {
                let path = format!("{path}/{}", folder.folder_id);
                // A folder that is moved meanwhile may be listed twice.
                if !found.contains_key(&folder.folder_id) {
                    next.push((folder.folder_id.clone(), path.clone()));
                    found.insert(folder.folder_id.clone(), entry(folder, parent, path));
                }
            }
        }
        level = if deep { next } else { Vec::new() };
    }
    Ok(found)
}

fn entry(folder: Folder, parent: &str, path: String) -> FolderEntry {
    FolderEntry {
        folder_id: folder.folder_id.into(),
        folder_name: folder.folder_name.into(),
        parent_folder_id: parent.to_owned().into(),
        resource_directory_path: path.into(),
        create_time: folder.create_time.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_service::{Reply, Service, good};

    async fn read(config: OrganizationFoldersModel) -> Result<OrganizationFoldersModel, Diagnostics> {
        let service = Service::start(|action, query| match action {
            "GetCallerIdentity" => good(r#"{"AccountId":"1234567890123456"}"#),
            "GetResourceDirectory" => good(
                r#"{"ResourceDirectory":{"ResourceDirectoryId":"rd-1","RootFolderId":"r-1","MasterAccountId":"1"}}"#,
            ),
            "GetFolder" if query == "FolderId=fd-a" => {
                good(r#"{"Folder":{"FolderId":"fd-a","ResourceDirectoryPath":"rd-1/r-1/fd-a"}}"#)
            }
            "GetFolder" => {
                Reply::Answer(404, r#"{"Code":"EntityNotExists.Folder","Message":"no folder"}"#.to_owned())
            }
            "ListFoldersForParent" if query.contains("ParentFolderId=r-1") => good(
                r#"{"TotalCount":2,"Folders":{"Folder":[{"FolderId":"fd-a","FolderName":"Production"},
                    {"FolderId":"fd-b","FolderName":"Test"}]}}"#,
            ),
            "ListFoldersForParent" if query.contains("ParentFolderId=fd-a") => good(
                r#"{"TotalCount":1,"Folders":{"Folder":[{"FolderId":"fd-c","FolderName":"Production payments"}]}}"#,
            ),
            "ListFoldersForParent" => good(r#"{"TotalCount":0,"Folders":{"Folder":[]}}"#),
            other => panic!("{other} is not called"),
        })
        .await;
        OrganizationFoldersSource::read(&service.context, config).await
    }

    fn ids(found: &OrganizationFoldersModel) -> Vec<String> {
        found.ids.get().cloned().unwrap()
    }

    #[tokio::test]
    async fn folders_are_listed_with_their_path_and_by_name() {
        let all = read(OrganizationFoldersModel::default()).await.unwrap();
        assert_eq!(ids(&all), ["fd-a", "fd-b", "fd-c"]);
        let payments = all.folders.get().unwrap()["fd-c"].clone();
        assert_eq!(payments.resource_directory_path.as_str(), Some("rd-1/r-1/fd-a/fd-c"));
        assert_eq!(payments.parent_folder_id.as_str(), Some("fd-a"));
        let direct = OrganizationFoldersModel { include_subfolders: false.into(), ..Default::default() };
        assert_eq!(ids(&read(direct).await.unwrap()), ["fd-a", "fd-b"]);
        let named =
            OrganizationFoldersModel { name_regex: "^Production".to_owned().into(), ..Default::default() };
        assert_eq!(ids(&read(named).await.unwrap()), ["fd-a", "fd-c"]);
        let inner =
            OrganizationFoldersModel { parent_folder_id: "fd-a".to_owned().into(), ..Default::default() };
        let inner = read(inner).await.unwrap();
        assert_eq!(ids(&inner), ["fd-c"]);
        let path = inner.folders.get().unwrap()["fd-c"].resource_directory_path.clone();
        assert_eq!(path.as_str(), Some("rd-1/r-1/fd-a/fd-c"));
    }

    #[tokio::test]
    async fn a_parent_that_does_not_exist_is_an_error() {
        let config =
            OrganizationFoldersModel { parent_folder_id: "fd-x".to_owned().into(), ..Default::default() };
        let refused = read(config).await.unwrap_err();
        assert_eq!(refused.0[0].path, plugin::Path::attribute("parent_folder_id"));
        assert!(refused.0[0].detail.contains("a folder that exists"), "{refused:?}");
    }
}
