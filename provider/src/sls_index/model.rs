//! The attributes of `alitrail_sls_index`.

use std::collections::BTreeMap;

use alibaba::sls::{IndexKey, IndexLine};
use plugin::{Attr, Model};
use reconciler::sls_index::{LONGEST_TEXT, Settings, separators};

use super::check;
use super::separators::Separators;
use crate::check as checks;
use crate::scope::Regional;

/// Attributes of `alitrail_sls_index`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(
    remote = "accounts/{account_id}/regions/{region}/sls/projects/{project_name}/logstores/{logstore_name}/index"
)]
pub struct IndexModel {
    /// Project the logstore is in.
    #[attr(required, replace, identity, check = checks::sls_project_name)]
    pub project_name: Attr<String>,
    /// Logstore whose logs become searchable.
    #[attr(required, replace, identity, check = checks::sls_logstore_name)]
    pub logstore_name: Attr<String>,
    /// `id`, `region` and `account_id`.
    #[attr(flatten)]
    pub scope: Regional,
    /// Search in the whole text of logs. Unset, an index that was there keeps what it has, unless `exclusive` is set.
    #[attr(optional, empty_means = "search in the whole text, with its defaults")]
    pub full_text: Attr<FullTextModel>,
    /// Fields that can be searched and analysed, by name. Fields that an index has besides these are kept, unless
    /// `exclusive` is set.
    #[attr(
        optional,
        check = check::fields,
        samples(
            {"level": {"type": "text", "alias": "lv"}},
            {"level": {"type": "text", "alias": "other", "case_sensitive": true}}
        ),
        remote = "/keys",
        wire(
            {"level": {"type": "text", "token": separators(), "caseSensitive": false, "chn": false, "alias": "lv",
                "doc_value": true}},
            {"level": {"type": "text", "token": separators(), "caseSensitive": true, "chn": false,
                "alias": "other", "doc_value": true}}
        )
    )]
    pub field_search: Attr<BTreeMap<String, FieldModel>>,
    /// Longest text that can be analysed, in bytes, 64 to 16384. Unset, it stays as it is, which is 2048 for an index that
    /// is made here.
    #[attr(
        keeps = "an index that was made by somebody else keeps what is not managed here",
        check = check::max_text_len,
        samples(4096, 8192),
        remote = "/max_text_len"
    )]
    pub max_text_len: Attr<i64>,
    /// Group similar logs. Unset, it stays as it is, which is off for an index that is made here.
    #[attr(
        keeps = "an index that was made by somebody else keeps what is not managed here",
        samples(false, true),
        remote = "/log_reduce"
    )]
    pub log_reduce: Attr<bool>,
    /// Take everything out of the index that is not in this configuration.
    #[attr(default = false, state_only)]
    pub exclusive: Attr<bool>,
    /// Whether the logstore had an index before this resource. Such an index is left on destroy.
    #[attr(computed)]
    pub adopted: Attr<bool>,
}

/// Search in the whole text.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(
    casesensitive = "Write `case_sensitive`.",
    chn, chinese = "Write `include_chinese`.",
    delimiters: strings, separators: strings = "Write `token`, all characters in one text, or `tokens`.",
    delimiter, separator = "Write `token`.",
    include_keys: strings, exclude_keys: strings =
        "The whole text is searched; to search single fields, write `field_search` instead of `full_text`.",
    enabled, enable = "Write `full_text = {}` for on, and leave it out for off."
))]
pub struct FullTextModel {
    /// Whether upper and lower case differ.
    #[attr(default = false, samples(false, true), remote = "/line/caseSensitive")]
    pub case_sensitive: Attr<bool>,
    /// Whether Chinese text is cut into words.
    #[attr(default = false, samples(false, true), remote = "/line/chn")]
    pub include_chinese: Attr<bool>,
    /// Characters that separate words, all in one text. Default: white space and the usual punctuation.
    #[attr(
        optional,
        unset_is = check::usual_token,
        samples(",;", ", "),
        remote = "/line/token",
        wire([",", ";"], [",", " "])
    )]
    pub token: Attr<String>,
    /// Separators that are words, such as `["::", "and"]`, one text each and in this order; `token` is shorter where all are
    /// single characters.
    #[attr(optional, check = check::tokens, samples(["a", "tt"], ["tt", ";"]), remote = "/line/token")]
    pub tokens: Attr<Vec<String>>,
}

/// A field that can be searched.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(
    name, key = "The key in `field_search` is the name of the field.",
    doc_value, analytics, enable_analysis, docvalue = "Write `enable_analytics`.",
    casesensitive = "Write `case_sensitive`.",
    chn, chinese = "Write `include_chinese`.",
    delimiters: strings, separators: strings = "Write `token`, all characters in one text, or `tokens`.",
    delimiter, separator = "Write `token`.",
    depth = "Write `max_depth`.",
    json_key: object, keys: object = "Write `json_keys`, a map by path.",
    enabled, enable = "A field that is written is indexed; leave it out of `field_search` otherwise."
))]
pub struct FieldModel {
    /// `text`, `long`, `double` or `json`.
    #[attr(required, one_of("text", "long", "double", "json"))]
    pub r#type: Attr<String>,
    /// Another name for the field in analysis.
    #[attr(optional)]
    pub alias: Attr<String>,
    /// Whether upper and lower case differ.
    #[attr(default = false)]
    pub case_sensitive: Attr<bool>,
    /// Whether Chinese text is cut into words.
    #[attr(default = false)]
    pub include_chinese: Attr<bool>,
    /// Characters that separate words, all in one text. Default: white space and the usual punctuation. The service keeps it
    /// for `long` and `double` too, where it says nothing.
    #[attr(optional, unset_is = check::usual_token)]
    pub token: Attr<String>,
    /// Separators that are words, one text each and in this order; `token` is shorter where all are single characters.
    #[attr(optional, check = check::tokens)]
    pub tokens: Attr<Vec<String>>,
    /// Whether the field can be analysed, and not only searched.
    #[attr(default = true)]
    pub enable_analytics: Attr<bool>,
    /// Whether all text inside of a `json` field can be searched.
    #[attr(default = true)]
    pub index_all: Attr<bool>,
    /// How deep inside of a `json` field `index_all` reaches; -1 is all the way.
    #[attr(default = -1, check = check::max_depth)]
    pub max_depth: Attr<i64>,
    /// Leaves of a `json` field that can be searched and analysed, by path, such as `userIdentity.type`.
    /// Unset, those that the field of an index that was there has are kept, unless `exclusive` is set.
    #[attr(optional)]
    pub json_keys: Attr<BTreeMap<String, JsonKeyModel>>,
}

/// A leaf of a JSON field.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(
    name,
    key,
    path = "The key in `json_keys` is the path of the leaf.",
    enable_analytics,
    analytics,
    enable_analysis,
    docvalue = "Write `doc_value`.",
    case_sensitive,
    include_chinese,
    chn,
    token = "It holds for the whole field: write it beside `json_keys`."
))]
pub struct JsonKeyModel {
    /// `text`, `long` or `double`.
    #[attr(required, one_of("text", "long", "double"))]
    pub r#type: Attr<String>,
    /// Another name for the leaf in analysis.
    #[attr(optional)]
    pub alias: Attr<String>,
    /// Whether the leaf can be analysed, and not only searched.
    #[attr(default = true)]
    pub doc_value: Attr<bool>,
}

impl IndexModel {
    /// How messages name the index.
    pub(super) fn label(&self) -> String {
        format!("index of logstore {:?}", self.key())
    }

    pub(super) fn project(&self) -> &str {
        self.project_name.as_str().unwrap_or_default()
    }

    pub(super) fn logstore(&self) -> &str {
        self.logstore_name.as_str().unwrap_or_default()
    }

    pub(super) fn key(&self) -> String {
        format!("{}:{}", self.project(), self.logstore())
    }

    pub(super) fn is_exclusive(&self) -> bool {
        self.exclusive.get().copied().unwrap_or_default()
    }

    pub(super) fn is_adopted(&self) -> bool {
        self.adopted.get().copied().unwrap_or_default()
    }

    /// The settings that the model says, with all defaults written out.
    pub(super) fn settings(&self) -> Settings {
        let fields = self.field_search.get().into_iter().flatten();
        Settings {
            project: self.project().to_owned(),
            logstore: self.logstore().to_owned(),
            line: self.full_text.get().map(FullTextModel::line),
            keys: fields.map(|(name, field)| (name.clone(), field.key())).collect(),
            max_text_len: self.max_text_len.get().copied(),
            log_reduce: self.log_reduce.get().copied(),
            is_exclusive: self.is_exclusive(),
            adopted: self.adopted.get().copied(),
            described: None,
        }
    }

    /// The model of an index as it is seen. `self` is what the state has.
    pub(super) fn read_from(&self, seen: &Settings) -> Self {
        let stated = self.field_search.get();
        let fields = seen.keys.iter().map(|(name, key)| {
            let stated = stated.and_then(|stated| stated.get(name));
            (name.clone(), FieldModel::read_from(key, stated))
        });
        let fields: BTreeMap<_, _> = fields.collect();
        let line = seen.line.as_ref().map(|line| FullTextModel::read_from(line, self.full_text.get()));
        Self {
            full_text: line.into(),
            field_search: if fields.is_empty() && stated.is_none() { Attr::Null } else { fields.into() },
            max_text_len: seen.max_text_len.unwrap_or(LONGEST_TEXT).into(),
            log_reduce: seen.log_reduce.unwrap_or(false).into(),
            // Imported, it is one's own.
            adopted: seen.adopted.unwrap_or(false).into(),
            ..self.clone()
        }
    }
}

fn truth(value: &Attr<bool>, default: bool) -> Option<bool> {
    Some(value.get().copied().unwrap_or(default))
}

/// No alias and an empty one are the same; the state keeps the user's way to say it.
fn alias(seen: &IndexKey, stated: Option<&Attr<String>>) -> Attr<String> {
    match seen.alias.as_deref().unwrap_or_default() {
        "" => stated.filter(|stated| stated.as_str() == Some("")).cloned().unwrap_or_default(),
        alias => alias.into(),
    }
}

impl FullTextModel {
    pub(super) fn separators(&self) -> Separators<'_> {
        Separators { token: &self.token, tokens: &self.tokens }
    }

    fn line(&self) -> IndexLine {
        IndexLine {
            case_sensitive: truth(&self.case_sensitive, false),
            chn: truth(&self.include_chinese, false),
            token: Some(self.separators().written().unwrap_or_else(separators)),
            ..IndexLine::default()
        }
    }

    fn read_from(line: &IndexLine, stated: Option<&Self>) -> Self {
        let (token, tokens) = Separators::read_from(line.token.as_ref(), stated.map(Self::separators));
        Self { case_sensitive: line.case_sensitive.into(), include_chinese: line.chn.into(), token, tokens }
    }
}

impl FieldModel {
    pub(super) fn separators(&self) -> Separators<'_> {
        Separators { token: &self.token, tokens: &self.tokens }
    }

    /// Numbers have no separators and no case unless somebody writes some, which the service keeps.
    fn key(&self) -> IndexKey {
        let kind = self.r#type.as_str().unwrap_or_default();
        let (is_json, is_text) = (kind == "json", matches!(kind, "json" | "text"));
        let leaves = self.json_keys.get().filter(|leaves| is_json && !leaves.is_empty());
        IndexKey {
            kind: kind.to_owned(),
            alias: Some(self.alias.as_str().unwrap_or_default().to_owned()),
            doc_value: truth(&self.enable_analytics, true),
            case_sensitive: truth(&self.case_sensitive, false).filter(|is_set| is_text || *is_set),
            chn: truth(&self.include_chinese, false).filter(|is_set| is_text || *is_set),
            token: self.separators().written().or_else(|| is_text.then(separators)),
            index_all: truth(&self.index_all, true).filter(|_| is_json),
            max_depth: Some(self.max_depth.get().copied().unwrap_or(-1)).filter(|_| is_json),
            json_keys: leaves
                .map(|leaves| leaves.iter().map(|(path, leaf)| (path.clone(), leaf.key())).collect()),
            ..IndexKey::default()
        }
    }

    /// Of other types, the defaults, which mean nothing there.
    fn read_from(key: &IndexKey, stated: Option<&Self>) -> Self {
        let stated_leaves = stated.and_then(|stated| stated.json_keys.get());
        let leaves = key.json_keys.as_ref().map(|leaves| {
            let leaf = |(path, leaf): (&String, &IndexKey)| {
                let stated = stated_leaves.and_then(|stated| stated.get(path));
                (path.clone(), JsonKeyModel::read_from(leaf, stated))
            };
            leaves.iter().map(leaf).collect()
        });
        let (token, tokens) = Separators::read_from(key.token.as_ref(), stated.map(Self::separators));
        Self {
            r#type: key.kind.clone().into(),
            alias: alias(key, stated.map(|stated| &stated.alias)),
            case_sensitive: key.case_sensitive.unwrap_or(false).into(),
            include_chinese: key.chn.unwrap_or(false).into(),
            token,
            tokens,
            enable_analytics: key.doc_value.into(),
            index_all: key.index_all.unwrap_or(true).into(),
            max_depth: key.max_depth.unwrap_or(-1).into(),
            json_keys: leaves.or(stated_leaves.map(|_| BTreeMap::new())).into(),
        }
    }
}

impl JsonKeyModel {
    fn key(&self) -> IndexKey {
        IndexKey {
            kind: self.r#type.as_str().unwrap_or_default().to_owned(),
            alias: Some(self.alias.as_str().unwrap_or_default().to_owned()),
            doc_value: truth(&self.doc_value, true),
            ..IndexKey::default()
        }
    }

    fn read_from(leaf: &IndexKey, stated: Option<&Self>) -> Self {
        Self {
            r#type: leaf.kind.clone().into(),
            alias: alias(leaf, stated.map(|stated| &stated.alias)),
            doc_value: leaf.doc_value.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_back_as_they_were_written() {
        let leaf = JsonKeyModel { r#type: "text".into(), alias: "".into(), doc_value: false.into() };
        let event = FieldModel {
            r#type: "json".into(),
            json_keys: BTreeMap::from([("a.b".to_owned(), leaf)]).into(),
            case_sensitive: true.into(),
            include_chinese: false.into(),
            enable_analytics: true.into(),
            index_all: false.into(),
            max_depth: 2.into(),
            token: ",;".into(),
            tokens: Attr::Null,
            alias: "e".into(),
        };
        let usual = FieldModel { token: Attr::Null, json_keys: BTreeMap::new().into(), ..event.clone() };
        for field in [event, FieldModel { alias: Attr::Null, ..usual }] {
            assert_eq!(FieldModel::read_from(&field.key(), Some(&field)), field);
        }
        let long = FieldModel { r#type: "long".into(), ..FieldModel::default() }.key();
        assert_eq!((long.token, long.index_all, long.max_depth, long.json_keys), (None, None, None, None));
    }

    #[test]
    fn separators_of_numbers_and_words_come_back_in_order() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let long = FieldModel {
            r#type: "long".into(),
            token: "ba,".into(),
            tokens: Attr::Null,
            case_sensitive: true.into(),
            include_chinese: false.into(),
            enable_analytics: false.into(),
            index_all: true.into(),
            max_depth: (-1).into(),
            ..FieldModel::default()
        };
        let in_words = FieldModel { token: Attr::Null, tokens: words(&["tt", "a"]).into(), ..long.clone() };
        let text =
            FieldModel { r#type: "text".into(), tokens: words(&["a", "b"]).into(), ..in_words.clone() };
        for field in [long.clone(), in_words, text] {
            assert_eq!(FieldModel::read_from(&field.key(), Some(&field)), field);
        }
        assert_eq!(long.key().token, Some(words(&["b", "a", ","])));
        let imported = FieldModel::read_from(&IndexKey { token: Some(words(&["tt"])), ..long.key() }, None);
        assert_eq!((imported.token, imported.tokens), (Attr::Null, words(&["tt"]).into()));
    }

    #[test]
    fn what_the_index_has_none_of_is_unset() {
        let index = IndexModel { full_text: FullTextModel::default().into(), ..IndexModel::default() };
        let none = index.read_from(&Settings::default());
        assert_eq!((none.full_text, none.field_search, none.adopted), (Attr::Null, Attr::Null, false.into()));
        let usual = index.read_from(&index.settings()).full_text;
        assert_eq!(usual.get().unwrap().token, Attr::Null, "the usual separators");
    }
}
