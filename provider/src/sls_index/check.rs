//! Checks of an index, before any call (SLS API reference, CreateIndex).

use std::collections::BTreeMap;

use plugin::value::{Object, Value};
use plugin::{Diagnostic, Diagnostics, Path};

use super::model::{FieldModel, IndexModel};
use super::separators::Separators;

/// The default separators as one text: what `token` is when it is left out.
pub(super) fn usual_token(_index: &Object) -> Value {
    reconciler::sls_index::separators().concat().into()
}

/// Separators say something.
pub(super) fn tokens(tokens: &[String]) -> Result<(), String> {
    if tokens.iter().any(String::is_empty) {
        return Err("An empty text separates nothing. Leave it out.".to_owned());
    }
    Ok(())
}

/// Separators are written in one way.
fn separators(model: Separators<'_>, path: &Path, found: &mut Diagnostics) {
    if model.token.get().is_some() && model.tokens.get().is_some() {
        found.push(
            Diagnostic::error(
                "Separators in two ways",
                "token and tokens both say what separates words. Keep token for single characters, or tokens for words.",
            )
            .at(path.clone().child("tokens")),
        );
    }
    let single = model.token.as_str().unwrap_or_default();
    let words = model.tokens.get().into_iter().flatten().map(String::as_str);
    let letters = std::iter::once(single).chain(words).flat_map(str::chars);
    if let Some(other) = letters.filter(|c| !c.is_ascii()).min() {
        let name = if single.contains(other) { "token" } else { "tokens" };
        found.push(
            Diagnostic::warning(
                format!("{name} has a character that may separate nothing"),
                format!(
                    "{other:?} is no ASCII character, and the service documents separators of those only. It takes the index \
                     and may not separate words there."
                ),
            )
            .at(path.clone().child(name)),
        );
    }
}

/// Longest text that can be analysed.
pub(super) fn max_text_len(length: &i64) -> Result<(), String> {
    if (64..=16_384).contains(length) {
        return Ok(());
    }
    Err(format!("{length} is not possible. Use 64 to 16384 bytes."))
}

/// How deep a JSON field is searched.
pub(super) fn max_depth(depth: &i64) -> Result<(), String> {
    if (-1..=20).contains(depth) {
        return Ok(());
    }
    Err(format!("{depth} levels are not possible. Use -1 for all, or 0 to 20."))
}

/// Names of fields, and what belongs to which type.
pub(super) fn fields(fields: &BTreeMap<String, FieldModel>) -> Result<(), String> {
    for (name, field) in fields {
        if name.is_empty() {
            return Err("A field has no name.".to_owned());
        }
        let Some(kind) = field.r#type.as_str() else { continue };
        if kind != "json" && field.json_keys.get().is_some_and(|keys| !keys.is_empty()) {
            return Err(format!("The field {name:?} is a {kind}, and only json fields have json_keys."));
        }
    }
    let mut aliases = BTreeMap::new();
    for (name, field) in fields {
        if let Some(alias) = field.alias.as_str()
            && let Some(other) = aliases.insert(alias, name)
        {
            return Err(format!("The fields {other:?} and {name:?} have the same alias {alias:?}."));
        }
    }
    Ok(())
}

/// What goes across attributes.
pub(super) fn configuration(config: &IndexModel, found: &mut Diagnostics) {
    if config.full_text.is_null() && config.field_search.is_null() {
        found.push(Diagnostic::error(
            "Index of nothing",
            "An index has to make something searchable. Set full_text, field_search or both; full_text = {} will do.",
        ));
    }
    if config.field_search.get().is_some_and(BTreeMap::is_empty) && config.full_text.is_null() {
        found.push(
            Diagnostic::error(
                "Index of nothing",
                "field_search is empty. Name a field, or set full_text = {}.",
            )
            .at(Path::attribute("field_search")),
        );
    }
    if let Some(line) = config.full_text.get() {
        separators(line.separators(), &Path::attribute("full_text"), found);
    }
    for (name, field) in config.field_search.get().into_iter().flatten() {
        separators(field.separators(), &Path::attribute("field_search").key(name), found);
    }
}

#[cfg(test)]
mod tests {
    use plugin::{Attr, Severity};

    use super::*;
    use crate::sls_index::model::{FullTextModel, JsonKeyModel};

    fn refused(field: FieldModel) -> String {
        fields(&BTreeMap::from([("f".to_owned(), field)])).unwrap_err()
    }

    #[test]
    fn separators_may_be_letters_and_words_and_are_written_in_one_way() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(tokens(&words(&["a", "tt", ","])), Ok(()));
        assert!(tokens(&words(&["a", ""])).is_err());
        let found = |token: Attr<String>, tokens: Attr<Vec<String>>| {
            let line = FullTextModel { token, tokens, ..FullTextModel::default() };
            let mut found = Diagnostics::new();
            configuration(&IndexModel { full_text: line.into(), ..IndexModel::default() }, &mut found);
            found
                .0
                .into_iter()
                .map(|one| (one.path.to_string(), one.severity == Severity::Error))
                .collect::<Vec<_>>()
        };
        assert!(found("tta,".into(), Attr::Null).is_empty());
        assert!(found(Attr::Null, words(&["tt"]).into()).is_empty());
        assert_eq!(found(",".into(), words(&["tt"]).into()), [("full_text.tokens".to_owned(), true)]);
        assert_eq!(found("；".into(), Attr::Null), [("full_text.token".to_owned(), false)]);
        assert_eq!(found(Attr::Null, words(&["§§"]).into()), [("full_text.tokens".to_owned(), false)]);
    }

    #[test]
    fn settings_belong_to_types() {
        let long = FieldModel { r#type: "long".into(), ..FieldModel::default() };
        for taken in [
            FieldModel { token: ",".into(), ..long.clone() },
            FieldModel { case_sensitive: true.into(), include_chinese: true.into(), ..long.clone() },
        ] {
            assert_eq!(fields(&BTreeMap::from([("f".to_owned(), taken)])), Ok(()));
        }
        let leaf = BTreeMap::from([("a".to_owned(), JsonKeyModel::default())]);
        assert!(refused(FieldModel { json_keys: leaf.into(), ..long.clone() }).contains("only json fields"));
        let same = FieldModel { alias: "x".into(), ..long };
        let two = BTreeMap::from([("a".to_owned(), same.clone()), ("b".to_owned(), same)]);
        assert!(fields(&two).unwrap_err().contains("same alias \"x\""));
    }

    #[test]
    fn an_index_makes_something_searchable() {
        let check = |config: IndexModel| {
            let mut found = Diagnostics::new();
            configuration(&config, &mut found);
            found.0.len()
        };
        assert_eq!(check(IndexModel::default()), 1);
        assert_eq!(check(IndexModel { field_search: BTreeMap::new().into(), ..IndexModel::default() }), 1);
        assert_eq!(check(IndexModel { field_search: Attr::UNKNOWN, ..IndexModel::default() }), 0);
        assert!(max_text_len(&63).is_err() && max_text_len(&16_384).is_ok() && max_depth(&-2).is_err());
    }
}
