//! The data source `files_directory`: what is in a directory.

use plugin::{Attr, Context, DataSource, Diagnostic, Diagnostics, Model, Path};

use crate::root::Root;

pub(crate) struct DirectorySource;

/// The attributes.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct DirectoryModel {
    /// Path of the directory, relative to the provider's directory.
    #[attr(default = ".")]
    path: Attr<String>,
    /// Files in the directory, in the order of their names.
    #[attr(computed)]
    files: Attr<Vec<EntryModel>>,
}

/// One file.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct EntryModel {
    /// Name, without the directory.
    #[attr(computed)]
    name: Attr<String>,
    /// Size in bytes.
    #[attr(computed)]
    size: Attr<i64>,
}

impl DataSource for DirectorySource {
    type Client = Root;
    type Model = DirectoryModel;
    const TYPE: &'static str = "files_directory";
    const DESCRIPTION: &'static str = "The files in a directory.";

    async fn read(context: &Context<Root>, config: DirectoryModel) -> Result<DirectoryModel, Diagnostics> {
        let listed = context.client()?.list(config.path.as_str().unwrap_or_default());
        let listed = listed.map_err(|error| {
            Diagnostic::error("Directory cannot be listed", error.to_string()).at(Path::attribute("path"))
        })?;
        let entry = |(name, size): (String, u64)| EntryModel {
            name: name.into(),
            size: i64::try_from(size).unwrap_or(i64::MAX).into(),
        };
        Ok(DirectoryModel { files: listed.into_iter().map(entry).collect::<Vec<_>>().into(), ..config })
    }
}
