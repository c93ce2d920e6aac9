//! Writes the registry pages under `docs/` from the provider's declarations and the examples, and the guides to changes that
//! lose evidence and to the rules of the audit; with `--check`, says which pages are not current instead and exits with 1.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fs, io};

use acceptance_tests::{evidence_guide, rules_guide};
use plugin::docs::Page;
use plugin::schema::Schema;
use plugin::{Model, Provider};
use provider::{Alitrail, config::ProviderConfig};

fn main() -> ExitCode {
    let check = std::env::args().any(|argument| argument == "--check");
    match run(check) {
        Ok(stale) if stale.is_empty() => ExitCode::SUCCESS,
        Ok(stale) => {
            for page in &stale {
                println!("{}", page.display());
            }
            if check {
                eprintln!("{} pages are not current; run `cargo generate-docs`.", stale.len());
                return ExitCode::FAILURE;
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The pages that are, or were, not current.
fn run(check: bool) -> io::Result<Vec<PathBuf>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let examples = root.join("examples");
    let example = |folder: &Path, file: &str| fs::read_to_string(folder.join(file)).ok();
    let mut pages = Vec::new();

    let provider = Schema::new(0, Alitrail::DESCRIPTION, ProviderConfig::attributes());
    let shown = example(&examples.join("provider"), "provider.tf");
    let index = Page { example: shown.as_deref(), ..page("alitrail", "Provider", &provider) };
    pages.push((PathBuf::from("index.md"), index.render()));

    for resource in Alitrail::resources() {
        let folder = examples.join("resources").join(resource.name());
        let shown = example(&folder, "resource.tf");
        let command = example(&folder, "import.sh");
        let identity = example(&folder, "import-by-identity.tf");
        let written = Page {
            example: shown.as_deref(),
            import_command: command.as_deref(),
            import_identity: identity.as_deref(),
            ..page(resource.name(), "Resource", resource.schema())
        };
        pages.push((Path::new("resources").join(file(resource.name())), written.render()));
    }
    for source in Alitrail::data_sources() {
        let shown = example(&examples.join("data-sources").join(source.name()), "data-source.tf");
        let written =
            Page { example: shown.as_deref(), ..page(source.name(), "Data Source", source.schema()) };
        pages.push((Path::new("data-sources").join(file(source.name())), written.render()));
    }
    pages.push((PathBuf::from("guides/evidence-changes.md"), evidence_guide::page()));
    pages.push((PathBuf::from("guides/rules.md"), rules_guide::page()));

    let mut stale = Vec::new();
    for (name, text) in pages {
        let path = root.join("docs").join(&name);
        if fs::read_to_string(&path).is_ok_and(|current| current == text) {
            continue;
        }
        if !check {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(&path, text)?;
        }
        stale.push(Path::new("docs").join(name));
    }
    Ok(stale)
}

fn page<'a>(name: &'a str, kind: &'a str, schema: &'a Schema) -> Page<'a> {
    Page {
        name,
        kind,
        provider: "alitrail",
        schema,
        example: None,
        import_command: None,
        import_identity: None,
    }
}

/// The registry names pages after the type without the provider's prefix.
fn file(name: &str) -> String {
    format!("{}.md", name.strip_prefix("alitrail_").unwrap_or(name))
}
