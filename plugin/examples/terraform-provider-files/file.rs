//! The resource `files_file`: one text file.
//!
//! Its state has been through two versions: version 0 called the path `filename` and had the permissions as a number,
//! version 1 had `path`, and version 2, the current one, has `content` instead of `text` and `mode` as users write it.

use plugin::upgrade::{StoredState, Upgrade};
use plugin::value::ShapeError;
use plugin::{Attr, Context, DeletionGuard, Diagnostic, Diagnostics, Model, Path, Resource};

use crate::root::{Error, Found, Root, is_relative};

pub(crate) struct FileResource;

/// The attributes.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct FileModel {
    /// Path of the file.
    #[attr(computed)]
    id: Attr<String>,
    /// Path of the file, relative to the provider's directory.
    #[attr(required, replace, identity, check = check_path)]
    path: Attr<String>,
    /// Text of the file.
    #[attr(required)]
    content: Attr<String>,
    /// Permissions of the file, in octal.
    #[attr(default = "0644", check = check_mode)]
    mode: Attr<String>,
    /// Whether the file is protected against deletion.
    #[attr(default = false, state_only)]
    deletion_protection: Attr<bool>,
    /// Size in bytes.
    #[attr(computed, volatile)]
    size: Attr<i64>,
}

fn check_path(path: &String) -> Result<(), String> {
    if is_relative(path) {
        return Ok(());
    }
    Err(format!(
        "{path:?} is not a relative path without dots. Write it as from the provider's directory, like \"a/b.txt\"."
    ))
}

fn check_mode(mode: &String) -> Result<(), String> {
    if mode.len() == 4 && parse_mode(mode).is_some_and(|bits| bits <= 0o777) {
        return Ok(());
    }
    Err(format!("{mode:?} is not a mode. Write four octal digits up to \"0777\", such as \"0644\"."))
}

fn parse_mode(mode: &str) -> Option<u32> {
    u32::from_str_radix(mode, 8).ok()
}

impl FileModel {
    fn path(&self) -> &str {
        self.path.as_str().unwrap_or_default()
    }

    /// The file that the attributes describe.
    fn wanted(&self) -> Found {
        Found {
            content: self.content.as_str().unwrap_or_default().to_owned(),
            mode: self.mode.as_str().and_then(parse_mode).unwrap_or(0o644),
        }
    }

    /// The attributes of a file that was found; what only the state knows stays.
    fn with(self, found: Found) -> Self {
        Self {
            id: self.path.clone(),
            size: i64::try_from(found.content.len()).unwrap_or(i64::MAX).into(),
            content: found.content.into(),
            mode: format!("{:04o}", found.mode).into(),
            ..self
        }
    }
}

/// An error of the client, for users.
fn failed(error: &Error) -> Diagnostics {
    Diagnostic::error("File operation failed", error.to_string()).into()
}

fn exists(model: &FileModel, error: &Error) -> Diagnostics {
    Diagnostic::error(
        "File exists",
        format!(
            "{error} To manage it, import it:\n\n  import {{\n    to = ADDRESS\n    id = {:?}\n  }}\n\nwith the address of \
             this resource.",
            model.path()
        ),
    )
    .at(Path::attribute("path"))
    .into()
}

/// Version 1 calls the path `path`.
fn path_instead_of_filename(stored: &mut StoredState) -> Result<(), ShapeError> {
    stored.rename("filename", "path");
    Ok(())
}

/// Version 2 has `content`, and the permissions in octal.
fn content_and_mode(stored: &mut StoredState) -> Result<(), ShapeError> {
    stored.rename("text", "content");
    let permissions = stored.take::<i64>("permissions")?;
    stored.set("mode", permissions.map(|bits| format!("{bits:04o}")));
    Ok(())
}

impl Resource for FileResource {
    type Client = Root;
    type Model = FileModel;
    const TYPE: &'static str = "files_file";
    const DESCRIPTION: &'static str = "A text file.";
    const UPGRADES: &'static [Upgrade] = &[path_instead_of_filename, content_and_mode];
    const IDENTITY_UPGRADES: &'static [Upgrade] = &[path_instead_of_filename];

    fn deletion_guard(model: &FileModel) -> Option<DeletionGuard> {
        let label = format!("file {:?}", model.path());
        let protected = model.deletion_protection.get() == Some(&true);
        Some(DeletionGuard { label, protected })
    }

    async fn create(context: &Context<Root>, planned: FileModel) -> Result<FileModel, Diagnostics> {
        let root = context.client()?;
        root.create(planned.path()).map_err(|error| match error {
            Error::Exists(_) => exists(&planned, &error),
            error => failed(&error),
        })?;
        // From here on there is something to lose: if writing fails, the state has an empty file.
        context.keep(&planned.clone().with(Found { content: String::new(), ..planned.wanted() }));
        Self::write(root, planned)
    }

    async fn read(context: &Context<Root>, prior: FileModel) -> Result<Option<FileModel>, Diagnostics> {
        let found = context.client()?.read(prior.path()).map_err(|error| failed(&error))?;
        Ok(found.map(|found| prior.with(found)))
    }

    async fn update(
        context: &Context<Root>,
        _prior: FileModel,
        planned: FileModel,
    ) -> Result<FileModel, Diagnostics> {
        Self::write(context.client()?, planned)
    }

    async fn delete(context: &Context<Root>, prior: FileModel) -> Result<(), Diagnostics> {
        context.client()?.delete(prior.path()).map_err(|error| failed(&error))
    }

    fn parse_id(id: &str) -> Result<FileModel, Diagnostic> {
        check_path(&id.to_owned()).map_err(|detail| Diagnostic::error("Invalid id", detail))?;
        Ok(FileModel { path: id.into(), ..FileModel::default() })
    }
}

impl FileResource {
    fn write(root: &Root, planned: FileModel) -> Result<FileModel, Diagnostics> {
        let wanted = planned.wanted();
        root.write(planned.path(), &wanted).map_err(|error| failed(&error))?;
        Ok(planned.with(wanted))
    }
}
