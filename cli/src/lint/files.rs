//! The files of a root module or a module: their blocks, and what variables and locals say.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body};

use super::shape::Shape;

/// A file.
#[derive(Debug)]
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) text: String,
    pub(super) body: Body,
}

impl File {
    /// The line, from 1, of something in the file.
    pub(super) fn line(&self, what: &impl hcl_edit::Span) -> usize {
        let start = what.span().map_or(0, |span| span.start);
        self.text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1
    }
}

/// A directory with files of Terraform.
#[derive(Debug, Default)]
pub(super) struct Module {
    pub(super) files: Vec<File>,
    /// Files that cannot be read, and why.
    pub(super) unreadable: Vec<(PathBuf, String)>,
    /// Values of `*.tfvars` files.
    pub(super) values: Vec<File>,
}

impl Module {
    /// Reads a directory.
    pub(super) fn read(directory: &Path) -> std::io::Result<Self> {
        let mut module = Self::default();
        let mut paths: Vec<PathBuf> = std::fs::read_dir(directory)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()?;
        paths.sort();
        for path in paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let is_values = name.ends_with(".tfvars");
            if !is_values && !name.ends_with(".tf") || !path.is_file() {
                continue;
            }
            match parse(&path) {
                Ok(file) if is_values => module.values.push(file),
                Ok(file) => module.files.push(file),
                Err(why) => module.unreadable.push((path, why)),
            }
        }
        Ok(module)
    }

    /// All blocks of a kind, with their files.
    pub(super) fn blocks<'m>(&'m self, kind: &'m str) -> impl Iterator<Item = (&'m File, &'m Block)> {
        self.files.iter().flat_map(move |file| file.body.get_blocks(kind).map(move |block| (file, block)))
    }

    /// The shapes of the variables.
    pub(super) fn variables(&self) -> BTreeMap<String, Shape> {
        let of = |(_, block): (&File, &Block)| {
            let name = block.labels.first()?.as_str().to_owned();
            let constraint = block.body.get_attribute("type")?;
            Some((name, Shape::of_constraint(&constraint.value)))
        };
        self.blocks("variable").filter_map(of).collect()
    }

    /// What a variable may be: its default, and what files of values say.
    pub(super) fn values_of(&self, variable: &str) -> Vec<(&File, &Expression)> {
        let mut found: Vec<(&File, &Expression)> = Vec::new();
        for (file, block) in self.blocks("variable") {
            let is_it = block.labels.first().is_some_and(|label| label.as_str() == variable);
            if let (true, Some(default)) = (is_it, block.body.get_attribute("default")) {
                found.push((file, &default.value));
            }
        }
        for file in &self.values {
            found.extend(file.body.get_attribute(variable).map(|attribute| (file, &attribute.value)));
        }
        found
    }

    /// What a local is.
    pub(super) fn local(&self, name: &str) -> Option<(&File, &Expression)> {
        self.blocks("locals").find_map(|(file, block)| {
            block.body.get_attribute(name).map(|attribute| (file, &attribute.value))
        })
    }
}

fn parse(path: &Path) -> Result<File, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let body: Body = hcl_edit::parser::parse_body(&text).map_err(|error| {
        let place = error.location();
        format!("line {}: {}", place.line(), error.message())
    })?;
    Ok(File { path: path.to_owned(), text, body })
}
