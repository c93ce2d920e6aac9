//! Rules as the reconciler takes and gives them.

use std::collections::BTreeMap;

use alibaba::oss;
use plugin::Attr;
use reconciler::bucket_document::lifecycle::{day, normalized};

use super::model::{
    AbortModel, ExpirationModel, FilterModel, NoncurrentExpirationModel, NoncurrentTransitionModel, NotModel,
    RuleModel, TagModel, TransitionModel,
};

/// The rules that a model says.
pub(super) fn to_wire(rules: &BTreeMap<String, RuleModel>) -> Vec<oss::LifecycleRule> {
    normalized(rules.iter().map(|(id, rule)| rule_to_wire(id, rule)).collect())
}

/// The rules that the service holds, by id.
pub(super) fn from_wire(rules: Vec<oss::LifecycleRule>) -> BTreeMap<String, RuleModel> {
    normalized(rules).into_iter().map(|rule| (rule.id.clone(), rule_from_wire(rule))).collect()
}

fn rule_to_wire(id: &str, rule: &RuleModel) -> oss::LifecycleRule {
    oss::LifecycleRule {
        id: id.to_owned(),
        prefix: rule.prefix.get().cloned().unwrap_or_default(),
        status: rule.status.get().cloned().unwrap_or_else(|| "Enabled".to_owned()),
        tags: rule.tags.get().cloned().unwrap_or_default(),
        filter: rule.filter.get().map(filter_to_wire),
        expiration: rule.expiration.get().map(|action| oss::Expiration {
            days: value(&action.days),
            created_before_date: value(&action.created_before_date),
            date: None,
            expired_object_delete_marker: value(&action.expired_object_delete_marker),
        }),
        transitions: actions(&rule.transitions, |class, action| oss::Transition {
            days: value(&action.days),
            created_before_date: value(&action.created_before_date),
            storage_class: class,
            is_access_time: value(&action.is_access_time),
            return_to_std_when_visit: value(&action.return_to_std_when_visit),
            allow_small_file: value(&action.allow_small_file),
        }),
        noncurrent_version_expiration: rule
            .noncurrent_version_expiration
            .get()
            .map(|action| oss::NoncurrentVersionExpiration { noncurrent_days: value(&action.days) }),
        noncurrent_version_transitions: actions(&rule.noncurrent_version_transitions, |class, action| {
            oss::NoncurrentVersionTransition {
                noncurrent_days: value(&action.days),
                storage_class: class,
                is_access_time: value(&action.is_access_time),
                return_to_std_when_visit: value(&action.return_to_std_when_visit),
                allow_small_file: value(&action.allow_small_file),
            }
        }),
        abort_multipart_upload: rule.abort_multipart_upload.get().map(|action| oss::AbortMultipartUpload {
            days: value(&action.days),
            created_before_date: value(&action.created_before_date),
        }),
        atime_base: None,
    }
}

fn filter_to_wire(filter: &FilterModel) -> oss::Filter {
    let not = |not: &NotModel| oss::Not {
        prefix: not.prefix.get().cloned().unwrap_or_default(),
        tag: not.tag.get().map(|tag| oss::Tag {
            key: tag.key.get().cloned().unwrap_or_default(),
            value: tag.value.get().cloned().unwrap_or_default(),
        }),
    };
    oss::Filter {
        object_size_greater_than: value(&filter.object_size_greater_than),
        object_size_less_than: value(&filter.object_size_less_than),
        not: filter.not.get().into_iter().flatten().map(not).collect(),
    }
}

fn actions<T, U>(actions: &Attr<BTreeMap<String, T>>, to_wire: impl Fn(String, &T) -> U) -> Vec<U> {
    actions.get().into_iter().flatten().map(|(class, action)| to_wire(class.clone(), action)).collect()
}

fn rule_from_wire(rule: oss::LifecycleRule) -> RuleModel {
    let transitions = rule.transitions.into_iter().map(|action| {
        let model = TransitionModel {
            days: action.days.into(),
            created_before_date: read_date(action.created_before_date),
            is_access_time: action.is_access_time.unwrap_or(false).into(),
            return_to_std_when_visit: action.return_to_std_when_visit.unwrap_or(false).into(),
            allow_small_file: action.allow_small_file.into(),
        };
        (action.storage_class, model)
    });
    let noncurrent = rule.noncurrent_version_transitions.into_iter().map(|action| {
        let model = NoncurrentTransitionModel {
            days: action.noncurrent_days.into(),
            is_access_time: action.is_access_time.unwrap_or(false).into(),
            return_to_std_when_visit: action.return_to_std_when_visit.unwrap_or(false).into(),
            allow_small_file: action.allow_small_file.into(),
        };
        (action.storage_class, model)
    });
    RuleModel {
        prefix: Some(rule.prefix).filter(|prefix| !prefix.is_empty()).into(),
        status: rule.status.into(),
        tags: some(rule.tags),
        filter: rule.filter.map(filter_from_wire).into(),
        transitions: some(transitions.collect()),
        noncurrent_version_transitions: some(noncurrent.collect()),
        expiration: rule
            .expiration
            .map(|action| ExpirationModel {
                days: action.days.into(),
                created_before_date: read_date(action.created_before_date),
                expired_object_delete_marker: action.expired_object_delete_marker.unwrap_or(false).into(),
            })
            .into(),
        noncurrent_version_expiration: rule
            .noncurrent_version_expiration
            .map(|action| NoncurrentExpirationModel { days: action.noncurrent_days.into() })
            .into(),
        abort_multipart_upload: rule
            .abort_multipart_upload
            .map(|action| AbortModel {
                days: action.days.into(),
                created_before_date: read_date(action.created_before_date),
            })
            .into(),
    }
}

fn filter_from_wire(filter: oss::Filter) -> FilterModel {
    let not = |not: oss::Not| NotModel {
        prefix: Some(not.prefix).filter(|prefix| !prefix.is_empty()).into(),
        tag: not.tag.map(|tag| TagModel { key: tag.key.into(), value: tag.value.into() }).into(),
    };
    let not: Vec<NotModel> = filter.not.into_iter().map(not).collect();
    FilterModel {
        object_size_greater_than: filter.object_size_greater_than.into(),
        object_size_less_than: filter.object_size_less_than.into(),
        not: Some(not).filter(|not| !not.is_empty()).into(),
    }
}

fn some<T>(map: BTreeMap<String, T>) -> Attr<BTreeMap<String, T>> {
    Some(map).filter(|map| !map.is_empty()).into()
}

fn value<T: Clone>(attribute: &Attr<T>) -> Option<T> {
    attribute.get().cloned()
}

/// Midnights are shown as the day they begin; anything else as it is.
fn read_date(text: Option<String>) -> Attr<String> {
    text.map(|text| day(&text).map_or(text, |day| day.to_string())).into()
}
