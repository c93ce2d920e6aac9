//! The list is compared with the source of the crate `alibaba`: which functions send something that is no read, and which actions.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use quote::ToTokens;
use syn::visit::{self, Visit};

use super::*;

/// What one function of the source does.
#[derive(Debug, Default)]
struct Function {
    is_public: bool,
    /// Actions of writing calls that are named where the call is made.
    writes: BTreeSet<String>,
    /// Whether it makes a writing call whose action is a variable.
    has_variable: bool,
    /// Whether it hands a call to the part that sends writes.
    sends: bool,
    /// Texts that look like actions, for calls whose action is a variable.
    texts: BTreeSet<String>,
    /// Methods of the same type that it calls.
    uses: BTreeSet<String>,
}

/// The functions of a file, by `<type>::<name>`.
struct Reader<'f> {
    file: &'f syn::File,
    owner: String,
    name: String,
    found: BTreeMap<String, Function>,
}

impl Reader<'_> {
    fn read(file: &syn::File) -> BTreeMap<String, Function> {
        let mut reader = Reader { file, owner: String::new(), name: String::new(), found: BTreeMap::new() };
        reader.visit_file(file);
        reader.found
    }

    fn current(&mut self) -> &mut Function {
        self.found.entry(format!("{}::{}", self.owner, self.name)).or_default()
    }

    /// The constant of this name: its type and value.
    fn constant(&self, name: &syn::Ident) -> Option<&syn::ItemConst> {
        self.file.items.iter().find_map(|item| match item {
            syn::Item::Const(constant) if constant.ident == *name => Some(constant),
            _ => None,
        })
    }

    /// Whether an action of the RPC style only reads: what it says itself, or else what the function that makes it says.
    fn is_read(&self, action: &syn::Expr) -> bool {
        let said = action.to_token_stream().to_string();
        if said.contains("Idempotency ::") {
            return said.contains("Idempotency :: Read");
        }
        let makers = self.file.items.iter().filter_map(|item| match item {
            syn::Item::Fn(function) if function.sig.ident == "action" => Some(function),
            _ => None,
        });
        makers
            .map(|maker| maker.to_token_stream().to_string())
            .any(|maker| maker.contains("Idempotency :: Read"))
    }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.to_token_stream().to_string().contains("cfg (test)"))
}

/// The first text in an expression.
fn first_text(expression: &syn::Expr) -> Option<String> {
    struct First(Option<String>);
    impl Visit<'_> for First {
        fn visit_lit_str(&mut self, text: &syn::LitStr) {
            self.0.get_or_insert(text.value());
        }
    }
    let mut first = First(None);
    first.visit_expr(expression);
    first.0
}

/// `CreateTrail` and the like: at least two words.
fn looks_like_an_action(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.chars().all(|c| c.is_ascii_alphabetic())
        && text.chars().skip(1).any(|c| c.is_ascii_uppercase())
}

impl<'f> Visit<'f> for Reader<'f> {
    fn visit_item_mod(&mut self, module: &'f syn::ItemMod) {
        if !is_test(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_impl(&mut self, block: &'f syn::ItemImpl) {
        self.owner =
            block.self_ty.to_token_stream().to_string().replace(" < '_ >", "").replace(" < 'c >", "");
        visit::visit_item_impl(self, block);
        self.owner.clear();
    }

    fn visit_impl_item_fn(&mut self, function: &'f syn::ImplItemFn) {
        self.name = function.sig.ident.to_string();
        let is_public = matches!(function.vis, syn::Visibility::Public(_));
        self.current().is_public = is_public && function.sig.asyncness.is_some();
        visit::visit_impl_item_fn(self, function);
        self.name.clear();
    }

    fn visit_lit_str(&mut self, text: &'f syn::LitStr) {
        if !self.name.is_empty() && looks_like_an_action(&text.value()) {
            self.current().texts.insert(text.value());
        }
    }

    /// `ACTION`, a constant of the RPC style.
    fn visit_expr_path(&mut self, path: &'f syn::ExprPath) {
        let constant = path.path.get_ident().and_then(|name| self.constant(name));
        if let Some(constant) =
            constant.filter(|constant| constant.ty.to_token_stream().to_string() == "Action")
            && !self.is_read(&constant.expr)
            && !self.name.is_empty()
        {
            let action = first_text(&constant.expr).expect("an action has a name");
            self.current().writes.insert(action);
        }
    }

    /// `Call::put("Action", …)`.
    fn visit_expr_call(&mut self, call: &'f syn::ExprCall) {
        let function = call.func.to_token_stream().to_string();
        let reads = function == "Call :: get"
            || call.args.iter().any(|argument| argument.to_token_stream().to_string() == "Method :: GET");
        if function.starts_with("Call :: ") && !reads && self.owner != "Call" {
            let first = call.args.first().expect("a call has an action");
            let action = match first {
                syn::Expr::Path(path) => path
                    .path
                    .get_ident()
                    .and_then(|name| self.constant(name))
                    .and_then(|constant| first_text(&constant.expr)),
                other => first_text(other),
            };
            match action {
                Some(action) => drop(self.current().writes.insert(action)),
                None => self.current().has_variable = true,
            }
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'f syn::ExprMethodCall) {
        if call.receiver.to_token_stream().to_string() == "self" && !self.name.is_empty() {
            let method = call.method.to_string();
            self.current().sends |= matches!(method.as_str(), "write" | "change");
            self.current().uses.insert(method);
        }
        visit::visit_expr_method_call(self, call);
    }
}

/// The public functions that write, with the actions they send.
fn writers(functions: &BTreeMap<String, Function>) -> BTreeSet<(String, String)> {
    let mut all = BTreeSet::new();
    for (name, function) in functions.iter().filter(|(_, function)| function.is_public) {
        let owner = name.split("::").next().unwrap();
        let mut actions = function.writes.clone();
        let mut has_variable = function.has_variable;
        for used in &function.uses {
            let Some(inner) = functions.get(&format!("{owner}::{used}")) else { continue };
            // A public one is in the list itself.
            if !inner.is_public {
                actions.extend(inner.writes.iter().cloned());
                has_variable |= inner.has_variable;
            }
        }
        if has_variable {
            actions.extend(function.texts.iter().cloned());
        }
        assert!(!actions.is_empty() || !function.sends, "{name} writes, and nobody can tell which action");
        all.extend(actions.into_iter().map(|action| (name.clone(), action)));
    }
    all
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !path.file_stem().unwrap().to_string_lossy().ends_with("tests")
        {
            found.push(path);
        }
    }
}

/// The functions of the whole crate.
fn functions() -> BTreeMap<String, Function> {
    let mut paths = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../alibaba/src"), &mut paths);
    let mut all: BTreeMap<String, Function> = BTreeMap::new();
    for path in paths {
        let file = syn::parse_file(&fs::read_to_string(path).unwrap()).unwrap();
        all.extend(Reader::read(&file));
    }
    all
}

#[test]
fn every_writing_function_is_classified_and_nothing_else_is() {
    let listed: BTreeSet<(String, String)> =
        writing_calls().map(|call| (call.function.to_owned(), call.action.to_owned())).collect();
    let written = writers(&functions());
    assert!(written.len() > 50, "{written:?}");
    let unlisted: Vec<_> = written.difference(&listed).collect();
    assert!(unlisted.is_empty(), "write, and are not in the list of reconciler::evidence: {unlisted:?}");
    let gone: Vec<_> = listed.difference(&written).collect();
    assert!(gone.is_empty(), "are in the list of reconciler::evidence, and do not write: {gone:?}");
    assert_eq!(listed.len(), writing_calls().count(), "an entry is there twice");
}

#[test]
fn a_function_that_is_new_is_found_however_it_names_its_action() {
    let file = syn::parse_file(
        r#"
        const ERASE: Action = action("EraseTrail", Idempotency::Once, 5);
        const LOOK: Action = action("LookAtTrail", Idempotency::Read, 5);
        const SHRED: &str = "ShredBucket";
        impl Handle {
            pub async fn erase(&self) { self.write(ERASE, Vec::new()).await }
            pub async fn look(&self) { self.read(LOOK, Call::get("GetTrail"), Call::new("ListTrail", Method::GET)).await }
            pub async fn shred(&self) { self.write(Call::delete(SHRED, "b")).await }
            pub async fn empty(&self) { self.write(Call::new("EmptyBucket", Method::POST)).await }
            pub async fn turn(&self, on: bool) {
                let action = if on { "TurnOn" } else { "TurnOff" };
                self.send(Call::new(action, Method::PUT)).await
            }
            pub async fn tag(&self) { self.batch("TagAll").await }
            async fn batch(&self, action: &'static str) { self.write(Call::new(action, Method::PUT)).await }
        }
        #[cfg(test)]
        mod tests { impl Handle { pub async fn test(&self) { Call::put("PutTest", "b"); } } }
        "#,
    )
    .unwrap();
    let found: Vec<String> = writers(&Reader::read(&file))
        .into_iter()
        .map(|(function, action)| format!("{function} {action}"))
        .collect();
    assert_eq!(
        found,
        [
            "Handle::empty EmptyBucket",
            "Handle::erase EraseTrail",
            "Handle::shred ShredBucket",
            "Handle::tag TagAll",
            "Handle::turn TurnOff",
            "Handle::turn TurnOn",
        ]
    );
}

#[test]
fn requests_are_made_in_the_three_places_that_the_list_is_read_from() {
    struct Requests(usize);
    impl Visit<'_> for Requests {
        fn visit_expr_struct(&mut self, made: &syn::ExprStruct) {
            let has_idempotency =
                made.fields.iter().any(|field| field.member.to_token_stream().to_string() == "idempotency");
            let is_request = made.path.segments.last().is_some_and(|name| name.ident == "Request");
            self.0 += usize::from(is_request && has_idempotency);
        }
        fn visit_item_mod(&mut self, module: &syn::ItemMod) {
            if !is_test(&module.attrs) {
                visit::visit_item_mod(self, module);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../alibaba/src");
    let mut paths = Vec::new();
    sources(&root, &mut paths);
    paths.retain(|path| !path.components().any(|part| part.as_os_str() == "tests"));
    let makers: BTreeSet<String> = paths
        .iter()
        .filter(|path| {
            let mut requests = Requests(0);
            requests.visit_file(&syn::parse_file(&fs::read_to_string(path).unwrap()).unwrap());
            requests.0 > 0
        })
        .map(|path| path.strip_prefix(&root).unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(makers.into_iter().collect::<Vec<_>>(), ["core/rpc.rs", "oss/call.rs", "sls/call.rs"]);
}

#[test]
fn conditions_have_unique_ids_and_whole_texts() {
    let all = conditions();
    assert!(all.len() > 40, "{}", all.len());
    for condition in &all {
        let (object, change) = condition.id.split_once('.').expect("<object>.<change>");
        let fine = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        assert!(fine(object) && fine(change), "{}", condition.id);
        for text in [condition.when, condition.loss] {
            assert!(
                !text.is_empty() && !text.ends_with('.') && !text.contains("  "),
                "{}: {text:?}",
                condition.id
            );
        }
        assert!(calls_of(condition.id).next().is_some());
    }
    for call in writing_calls() {
        match call.weakens {
            Weakening::Never(reason) => assert!(!reason.is_empty(), "{}", call.function),
            Weakening::When(conditions) => assert!(!conditions.is_empty(), "{}", call.function),
        }
    }
    let named: Vec<(&str, &str)> = all.iter().map(|condition| (condition.id, condition.when)).collect();
    for call in writing_calls() {
        let Weakening::When(conditions) = call.weakens else { continue };
        for condition in conditions {
            assert!(named.contains(&(condition.id, condition.when)), "{} has two meanings", condition.id);
        }
    }
}
