use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

use super::*;
use crate::kind::*;

#[test]
fn a_code_is_judged_by_the_table_of_its_service_and_else_by_its_status() {
    for (service, code, status, expected) in [
        (Service::ActionTrail, "TrailNotFoundException", 404, NOT_FOUND),
        (Service::ActionTrail, "trailnotfoundexception", 404, NOT_FOUND),
        // What a trail delivers to is missing, which does not mean that the trail is.
        (Service::ActionTrail, "SlsProjectDoesNotExistException", 400, INVALID),
        (Service::ActionTrail, "NeedServiceLinkedRole", 403, NOT_YET_VISIBLE),
        (Service::ActionTrail, "Throttling.Api", 400, THROTTLED),
        (Service::ActionTrail, "SignatureNonceUsed", 400, REPEATED),
        (Service::ActionTrail, "InvalidAccessKeyId.Inactive", 400, CREDENTIALS),
        (Service::ActionTrail, "NoSuchBucket", 404, OTHER),
        (Service::Oss, "NoSuchBucket", 404, NOT_FOUND),
        (Service::Oss, "MetaOperationQpsLimitExceeded", 503, THROTTLED),
        (Service::Oss, "BucketNotEmpty", 409, CONFLICT),
        (Service::Sls, "Unauthorized", 401, DENIED),
        (Service::Sls, "ProjectForbidden", 403, NOT_YET_VISIBLE),
        (Service::Sls, "ProjectQuotaExceed", 400, QUOTA),
        (Service::Ram, "EntityNotExist.Role", 404, NOT_FOUND),
        (Service::Ram, "DeleteConflict.Role.Policy", 409, CONFLICT),
        (Service::ResourceManager, "EntityNotExists.Folder", 404, NOT_FOUND),
        // The code itself goes before its beginning.
        (Service::ResourceManager, "EntityNotExists.ResourceDirectory", 404, UNSUPPORTED),
        // No answer of the service's own says that there is no object.
        (Service::Oss, "Http404", 404, OTHER),
        (Service::Oss, "SomethingNew", 429, THROTTLED),
        (Service::Oss, "SomethingNew", 408, UNAVAILABLE),
        (Service::Sls, "SomethingNew", 502, UNAVAILABLE),
        (Service::Sls, "SomethingNew", 403, OTHER),
        (Service::Sls, "", 400, OTHER),
    ] {
        assert_eq!(classify(service, code, status), expected, "{service} {code} {status}");
    }
}

#[test]
fn every_code_is_in_a_table_once() {
    for service in Service::ALL {
        let mut seen = BTreeSet::new();
        for (_, code) in tables(service)
            .iter()
            .flat_map(|table| table.iter())
            .flat_map(|(class, codes)| codes.iter().map(move |code| (class, code)))
        {
            assert!(seen.insert(code.to_ascii_lowercase()), "{service}: {code} is there twice");
            assert_eq!(code.matches('*').count(), usize::from(code.ends_with('*')), "{code}");
        }
        assert!(seen.len() > 20, "{service}");
    }
}

/// The functions of some code that take an error code, and where; then the codes that they are given.
#[derive(Default)]
struct Codes {
    owner: Option<String>,
    takes: BTreeMap<(Option<String>, String), usize>,
    given: BTreeSet<String>,
}

impl Codes {
    fn note(&mut self, signature: &syn::Signature) {
        let inputs = signature.inputs.iter();
        let position = inputs.filter(|input| matches!(input, syn::FnArg::Typed(_))).position(|input| {
            matches!(input, syn::FnArg::Typed(one) if matches!(&*one.pat, syn::Pat::Ident(name) if name.ident == "code"))
        });
        if let Some(position) = position {
            self.takes.insert((self.owner.clone(), signature.ident.to_string()), position);
        }
    }

    /// What a called path is: a function of a type, or a free one.
    fn called(&self, path: &syn::Path) -> (Option<String>, String) {
        let mut names: Vec<String> = path.segments.iter().map(|part| part.ident.to_string()).collect();
        let function = names.pop().unwrap_or_default();
        let owner = names.pop().filter(|name| name.starts_with(char::is_uppercase));
        (owner.map(|name| if name == "Self" { self.owner.clone().unwrap_or(name) } else { name }), function)
    }
}

/// The texts in an expression.
#[derive(Default)]
struct Texts(Vec<String>);

impl Visit<'_> for Texts {
    fn visit_lit_str(&mut self, text: &syn::LitStr) {
        self.0.push(text.value());
    }
}

impl Visit<'_> for Codes {
    fn visit_item_impl(&mut self, block: &syn::ItemImpl) {
        let syn::Type::Path(of) = &*block.self_ty else { return };
        self.owner = of.path.segments.last().map(|name| name.ident.to_string());
        visit::visit_item_impl(self, block);
        self.owner = None;
    }

    fn visit_signature(&mut self, signature: &syn::Signature) {
        self.note(signature);
        visit::visit_signature(self, signature);
    }

    fn visit_expr_call(&mut self, call: &syn::ExprCall) {
        if let syn::Expr::Path(path) = &*call.func
            && let Some(position) = self.takes.get(&self.called(&path.path))
            && let Some(code) = call.args.get(*position)
        {
            let mut texts = Texts::default();
            texts.visit_expr(code);
            self.given.extend(texts.0.into_iter().filter(|text| !text.contains(' ')));
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_item_mod(&mut self, module: &syn::ItemMod) {
        if module.ident != "tests" {
            visit::visit_item_mod(self, module);
        }
    }
}

fn sources(path: PathBuf, found: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            sources(entry.unwrap().path(), found);
        }
    } else if !path.to_string_lossy().contains("tests") {
        found.push(path);
    }
}

/// The error codes that the mock of a service answers with, read from its source: what is written there comes from the
/// vendor's reference.
fn answered(folders: &[&str]) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../mock-cloud/src");
    let mut paths = Vec::new();
    for folder in folders {
        sources(root.join(folder), &mut paths);
    }
    let files: Vec<syn::File> =
        paths.iter().map(|path| syn::parse_file(&fs::read_to_string(path).unwrap()).unwrap()).collect();
    let mut codes = Codes::default();
    // Functions may be called before they are seen.
    for _ in 0..2 {
        files.iter().for_each(|file| codes.visit_file(file));
    }
    codes.given
}

#[test]
fn every_code_that_the_mock_answers_is_in_a_table() {
    for (service, folders, at_least) in [
        (Service::ActionTrail, &["actiontrail", "rpc.rs"][..], 20),
        (Service::Oss, &["oss"], 35),
        (Service::Sls, &["sls"], 35),
        (Service::Sts, &["sts", "rpc.rs"], 8),
        (Service::Ram, &["ram", "rpc.rs"], 15),
        (Service::ResourceManager, &["resource_manager", "rpc.rs"], 15),
    ] {
        let answered = answered(folders);
        assert!(answered.len() >= at_least, "{service}: {answered:?}");
        let is_known = |code: &&String| tables(service).iter().any(|table| find(table, code).is_some());
        let unknown: Vec<_> = answered.iter().filter(|code| !is_known(code)).collect();
        assert!(unknown.is_empty(), "{service}: in no table of error codes: {unknown:?}");
    }
}
