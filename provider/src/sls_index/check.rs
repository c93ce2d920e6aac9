//! Checks of an index, before any call (SLS API reference, CreateIndex).

use std::collections::BTreeMap;

use plugin::value::{Object, Value};
use plugin::{Diagnostic, Diagnostics, Path};

use super::model::{FieldModel, IndexModel};

/// The default separators as one text: what `token` is when it is left out.
pub(super) fn usual_token(_index: &Object) -> Value {
    reconciler::sls_index::separators().concat().into()
}

/// Separators are ASCII characters, each once.
pub(super) fn token(token: &str) -> Result<(), String> {
    if let Some(other) = token.chars().find(|c| !c.is_ascii() || c.is_ascii_alphanumeric()) {
        return Err(format!(
            "{other:?} cannot separate words. Use punctuation and white space, such as {:?}; leave token out for the \
             usual ones.",
            ", ;:"
        ));
    }
    let twice = token.char_indices().find(|(at, c)| token[..*at].contains(*c));
    match twice {
        Some((_, twice)) => Err(format!("{twice:?} is in token twice. Write it once.")),
        None => Ok(()),
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
        let is_text = matches!(kind, "text" | "json");
        let of_text = [
            ("token", field.token.get().is_some()),
            ("case_sensitive", field.case_sensitive.get() == Some(&true)),
            ("include_chinese", field.include_chinese.get() == Some(&true)),
        ];
        if let Some((setting, _)) = of_text.iter().find(|(_, is_set)| *is_set && !is_text) {
            return Err(format!(
                "The field {name:?} is a {kind}, and {setting} is for text and json. Remove {setting}."
            ));
        }
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
}

#[cfg(test)]
mod tests {
    use plugin::Attr;

    use super::*;
    use crate::sls_index::model::JsonKeyModel;

    fn refused(field: FieldModel) -> String {
        fields(&BTreeMap::from([("f".to_owned(), field)])).unwrap_err()
    }

    #[test]
    fn separators_are_punctuation() {
        assert_eq!(token(", ;:\n"), Ok(()));
        assert_eq!(token(&reconciler::sls_index::separators().concat()), Ok(()));
        assert_eq!(token(""), Ok(()));
        for bad in ["a", "é", "；", ",,"] {
            assert!(token(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn settings_belong_to_types() {
        let long = FieldModel { r#type: "long".into(), ..FieldModel::default() };
        assert!(refused(FieldModel { token: ",".into(), ..long.clone() }).contains("token is for text"));
        assert!(
            refused(FieldModel { case_sensitive: true.into(), ..long.clone() }).contains("case_sensitive")
        );
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
