//! The attributes of `alitrail_sls_index`.

use std::collections::BTreeMap;

use plugin::{Attr, Model};

use super::check;
use crate::check as checks;
use crate::place::{Place, Placed};

/// Attributes of `alitrail_sls_index`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(
    remote = "accounts/{account_id}/regions/{region}/sls/projects/{project_name}/logstores/{logstore_name}/index"
)]
pub struct IndexModel {
    /// `<project_name>:<logstore_name>`.
    #[attr(computed)]
    pub id: Attr<String>,
    /// Project the logstore is in.
    #[attr(required, replace, identity, check = checks::sls_project_name)]
    pub project_name: Attr<String>,
    /// Logstore whose logs become searchable.
    #[attr(required, replace, identity, check = checks::sls_logstore_name)]
    pub logstore_name: Attr<String>,
    /// Region of the project. Default: the provider's.
    #[attr(keeps = "an index is where its logstore is", replace, identity_optional, check = checks::region)]
    pub region: Attr<String>,
    /// Account the project is in. Default: the account of the provider's credentials.
    #[attr(keeps = "an index is where its logstore is", replace, identity_optional, check = checks::account_id)]
    pub account_id: Attr<String>,
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
            {"level": {"type": "text", "token": check::separators(), "caseSensitive": false, "chn": false, "alias": "lv",
                "doc_value": true}},
            {"level": {"type": "text", "token": check::separators(), "caseSensitive": true, "chn": false,
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
#[model(tombstones(
    casesensitive = "Write `case_sensitive`.",
    chn, chinese = "Write `include_chinese`.",
    tokens: strings, delimiters: strings, separators: strings = "Write `token`, all characters in one text.",
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
        check = check::token,
        unset_is = check::usual_token,
        samples(",;", ", "),
        remote = "/line/token",
        wire([",", ";"], [",", " "])
    )]
    pub token: Attr<String>,
}

/// A field that can be searched.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(tombstones(
    name, key = "The key in `field_search` is the name of the field.",
    doc_value, analytics, enable_analysis, docvalue = "Write `enable_analytics`.",
    casesensitive = "Write `case_sensitive`.",
    chn, chinese = "Write `include_chinese`.",
    tokens: strings, delimiters: strings, separators: strings = "Write `token`, all characters in one text.",
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
    /// Whether upper and lower case differ; of `text` and `json`.
    #[attr(default = false)]
    pub case_sensitive: Attr<bool>,
    /// Whether Chinese text is cut into words; of `text` and `json`.
    #[attr(default = false)]
    pub include_chinese: Attr<bool>,
    /// Characters that separate words, all in one text; of `text` and `json`. Default: white space and the usual
    /// punctuation.
    #[attr(optional, check = check::token, unset_is = check::usual_token)]
    pub token: Attr<String>,
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
    #[attr(optional)]
    pub json_keys: Attr<BTreeMap<String, JsonKeyModel>>,
}

/// A leaf of a JSON field.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(tombstones(
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

    /// The model with what follows from where the logstore is.
    pub(super) fn at(self, place: &Place) -> Self {
        Self {
            id: self.key().into(),
            region: place.region.clone().into(),
            account_id: place.account.clone().into(),
            ..self
        }
    }

    /// Whether two models put the same into an index.
    pub(super) fn is_as(&self, other: &Self) -> bool {
        self.full_text == other.full_text
            && self.field_search == other.field_search
            && self.max_text_len == other.max_text_len
            && self.log_reduce == other.log_reduce
    }
}

impl Placed for IndexModel {
    fn account_id(&self) -> &Attr<String> {
        &self.account_id
    }

    fn region(&self) -> Option<&Attr<String>> {
        Some(&self.region)
    }
}
