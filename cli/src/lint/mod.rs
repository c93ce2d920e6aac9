//! `alitrail lint`: keys inside of `x = { … }` that nothing declares. Terraform drops them without a message
//! (hashicorp/terraform#33570), so that a misspelt retention is no retention.

mod check;
mod files;
mod found;
mod shape;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use plugin::Provider as _;

use crate::failure::Failure;
use crate::report::plural;
use check::Checker;
use files::Module;
use found::{Found, NotSeen, Unknown};
use shape::Shape;

/// Arguments of `alitrail lint`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Directory with files of Terraform; directories below it are looked into.
    #[arg(value_name = "DIR", default_value = ".")]
    directory: PathBuf,

    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Looks through a directory. Exit code 1 for keys that nothing declares, 2 for files that cannot be read.
///
/// # Errors
/// A directory that cannot be read.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let unusable =
        |path: &Path, error: std::io::Error| Failure::usage(format!("{}: {error}", path.display()));
    let schemas = schemas();
    let mut found = Found::default();
    let mut waiting = vec![arguments.directory.clone()];
    while let Some(directory) = waiting.pop() {
        let module = Module::read(&directory).map_err(|error| unusable(&directory, error))?;
        let modules = local_modules(&directory, &module);
        Checker::new(&module, &mut found).check(&schemas, &modules);
        found.unreadable.extend(module.unreadable);
        let entries = std::fs::read_dir(&directory).map_err(|error| unusable(&directory, error))?;
        for path in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
            let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            // A link may lead back up.
            if path.is_dir() && !path.is_symlink() && !is_hidden {
                waiting.push(path);
            }
        }
    }
    found.unknown.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
    if arguments.json {
        let text = serde_json::to_string_pretty(&found).map_err(|error| Failure::new(error.to_string()))?;
        println!("{text}");
    } else {
        print(&found);
    }
    Ok(ExitCode::from(match (found.unreadable.is_empty(), found.unknown.is_empty()) {
        (false, _) => 2,
        (true, false) => 1,
        (true, true) => 0,
    }))
}

/// The attributes of all resources and data sources, by `resource TYPE` and `data TYPE`.
fn schemas() -> BTreeMap<(&'static str, String), BTreeMap<String, Shape>> {
    let resources = provider::Alitrail::resources().into_iter().map(|resource| {
        (("resource", resource.name().to_owned()), Shape::of_attributes(&resource.schema().attributes))
    });
    let sources = provider::Alitrail::data_sources().into_iter().map(|source| {
        (("data", source.name().to_owned()), Shape::of_attributes(&source.schema().attributes))
    });
    resources.chain(sources).collect()
}

/// The variables of modules that are called by a path.
fn local_modules(directory: &Path, module: &Module) -> BTreeMap<String, BTreeMap<String, Shape>> {
    let mut modules = BTreeMap::new();
    for (_, block) in module.blocks("module") {
        let source = block.body.get_attribute("source").and_then(|source| source.value.as_str());
        let Some(source) = source.filter(|source| source.starts_with('.')) else { continue };
        if let Ok(called) = Module::read(&directory.join(source)) {
            modules.insert(source.to_owned(), called.variables());
        }
    }
    modules
}

fn print(found: &Found) {
    for Unknown { file, line, block, path, meant } in &found.unknown {
        let meant = meant.as_ref().map(|meant| format!("; did you mean {meant}?")).unwrap_or_default();
        println!(
            "{}:{line}: {block}: nothing declares {path}, and Terraform drops it without a message{meant}",
            file.display()
        );
    }
    for NotSeen { file, line, block, path } in &found.not_seen {
        eprintln!(
            "{}:{line}: {block}: the keys of {path} are not written out, and not checked",
            file.display()
        );
    }
    for (file, why) in &found.unreadable {
        eprintln!("{}: cannot be read: {why}", file.display());
    }
    let count = found.unknown.len();
    println!("{count} {} that nothing declares.", plural(count, "key"));
}

#[cfg(test)]
mod tests;
