//! The texts of this crate, of the clients below it and of the controls above it are about the cloud: they know neither Terraform nor how a caller names
//! its settings, beside the names that these crates give them themselves. Whoever calls adds what to do there.

#![allow(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;

/// Words of Terraform, in lower case.
const FOREIGN: [&str; 15] = [
    "terraform",
    "opentofu",
    "tofu",
    "hcl",
    "provider",
    "attribute",
    "attributes",
    "apply",
    "applies",
    "applied",
    "plan",
    "plans",
    "import",
    "argument",
    "taint",
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if !path.to_string_lossy().ends_with("tests.rs") {
            found.push(path);
        }
    }
}

/// The texts in some code, without its documentation.
fn texts(code: TokenStream, found: &mut Vec<String>) {
    for tree in code {
        match tree {
            TokenTree::Group(group) => {
                let first = group.stream().into_iter().next();
                let is_doc =
                    matches!(&first, Some(TokenTree::Ident(name)) if name == "doc" || name == "expect");
                if !is_doc {
                    texts(group.stream(), found);
                }
            }
            TokenTree::Literal(literal) => {
                if let Ok(syn::Lit::Str(text)) = syn::parse_str(&literal.to_string()) {
                    found.push(text.value());
                }
            }
            _ => {}
        }
    }
}

fn is_test(item: &syn::Item) -> bool {
    let syn::Item::Mod(module) = item else { return false };
    module.attrs.iter().any(|attribute| attribute.to_token_stream().to_string().contains("cfg (test)"))
}

/// The names of the fields in some code.
fn fields(file: &syn::File) -> impl Iterator<Item = String> {
    let structs =
        file.items.iter().filter_map(|item| if let syn::Item::Struct(one) = item { Some(one) } else { None });
    structs.flat_map(|one| &one.fields).filter_map(|field| Some(field.ident.as_ref()?.to_string()))
}

/// The word with which a text knows too much, if it does. What is not a sentence is a name on the wire.
fn fault(text: &str, own: &BTreeSet<String>) -> Option<String> {
    if !text.trim().contains(' ') {
        return None;
    }
    let mut words = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    let knows = |word: &&str| FOREIGN.contains(&word.to_lowercase().as_str());
    let names_setting = |word: &&str| {
        word.contains('_')
            && word.chars().all(|c| c.is_ascii_lowercase() || c == '_')
            && !word.starts_with('_')
            && !own.contains(*word)
    };
    // What is between braces is filled in.
    let is_filled = |word: &str| text.contains(&format!("{{{word}")) || text.contains(&format!(".{word}"));
    words.find(|word| knows(word) || names_setting(word) && !is_filled(word)).map(str::to_owned)
}

#[test]
fn no_text_knows_terraform_or_the_settings_of_a_caller() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut paths = Vec::new();
    for part in ["alibaba/src", "reconciler/src", "baseline/src"] {
        sources(&root.join(part), &mut paths);
    }
    let mut known = Vec::new();
    let mut seen = 0;
    let files: Vec<(PathBuf, syn::File)> = paths
        .into_iter()
        .map(|path| {
            let file = syn::parse_file(&fs::read_to_string(&path).unwrap()).unwrap();
            (path, file)
        })
        .collect();
    let own: BTreeSet<String> = files.iter().flat_map(|(_, file)| fields(file)).collect();
    for (path, mut file) in files {
        file.items.retain(|item| !is_test(item));
        let mut found = Vec::new();
        texts(file.to_token_stream(), &mut found);
        seen += found.iter().filter(|text| text.contains(' ')).count();
        let name = path.strip_prefix(&root).unwrap().display().to_string();
        known.extend(
            found.into_iter().filter_map(|text| Some(format!("{name}: {}: {text:?}", fault(&text, &own)?))),
        );
    }
    assert!(seen > 150, "{seen}");
    assert!(known.is_empty(), "{}", known.join("\n"));
}

#[test]
fn what_is_foreign_is_found() {
    let own = BTreeSet::from(["endpoint_url".to_owned()]);
    for text in [
        "Import the trail.",
        "Apply again later.",
        "Set secret_key to the secret.",
        "A Terraform run.",
        "the settings of this provider",
        "{service}: set allow_insecure_http = true",
    ] {
        assert!(fault(text, &own).is_some(), "{text}");
    }
    for text in [
        "LookupAttribute.1.Key",
        "audit_key",
        "{missing_name} is not there",
        "Set endpoint_url to an address.",
    ] {
        assert_eq!(fault(text, &own), None, "{text}");
    }
}
