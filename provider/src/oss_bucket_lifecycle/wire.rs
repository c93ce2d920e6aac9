//! Rules as the calls take and give them.

use std::collections::BTreeMap;

use alibaba::oss;
use plugin::Attr;

use super::check::{day, midnight};
use super::model::{
    AbortModel, ExpirationModel, FilterModel, NoncurrentExpirationModel, NoncurrentTransitionModel, NotModel,
    RuleModel, TagModel, TransitionModel, is_true,
};

/// The rules to send, by id; classes in the order objects pass through them.
pub(super) fn to_wire(rules: &BTreeMap<String, RuleModel>) -> Vec<oss::LifecycleRule> {
    rules.iter().map(|(id, rule)| rule_to_wire(id, rule)).collect()
}

/// The rules that the service holds, by id.
pub(super) fn from_wire(rules: Vec<oss::LifecycleRule>) -> BTreeMap<String, RuleModel> {
    rules.into_iter().map(|rule| (rule.id.clone(), rule_from_wire(rule))).collect()
}

fn rule_to_wire(id: &str, rule: &RuleModel) -> oss::LifecycleRule {
    oss::LifecycleRule {
        id: id.to_owned(),
        prefix: rule.prefix.get().cloned().unwrap_or_default(),
        status: rule.status.get().cloned().unwrap_or_else(|| "Enabled".to_owned()),
        tags: rule.tags.get().cloned().unwrap_or_default(),
        filter: rule.filter.get().map(filter_to_wire),
        expiration: rule.expiration.get().map(|action| oss::Expiration {
            days: number(&action.days),
            created_before_date: date(&action.created_before_date),
            date: None,
            // False beside days or a date says nothing.
            expired_object_delete_marker: is_true(&action.expired_object_delete_marker).then_some(true),
        }),
        transitions: in_order(&rule.transitions, |class, action| oss::Transition {
            days: number(&action.days),
            created_before_date: date(&action.created_before_date),
            storage_class: class,
            is_access_time: is_true(&action.is_access_time).then_some(true),
            return_to_std_when_visit: is_true(&action.return_to_std_when_visit).then_some(true),
            allow_small_file: action.allow_small_file.get().copied(),
        }),
        noncurrent_version_expiration: rule
            .noncurrent_version_expiration
            .get()
            .map(|action| oss::NoncurrentVersionExpiration { noncurrent_days: number(&action.days) }),
        noncurrent_version_transitions: in_order(&rule.noncurrent_version_transitions, |class, action| {
            oss::NoncurrentVersionTransition {
                noncurrent_days: number(&action.days),
                storage_class: class,
                is_access_time: is_true(&action.is_access_time).then_some(true),
                return_to_std_when_visit: is_true(&action.return_to_std_when_visit).then_some(true),
                allow_small_file: action.allow_small_file.get().copied(),
            }
        }),
        abort_multipart_upload: rule.abort_multipart_upload.get().map(|action| oss::AbortMultipartUpload {
            days: number(&action.days),
            created_before_date: date(&action.created_before_date),
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
        object_size_greater_than: number(&filter.object_size_greater_than),
        object_size_less_than: number(&filter.object_size_less_than),
        not: filter.not.get().into_iter().flatten().map(not).collect(),
    }
}

fn in_order<T, U>(actions: &Attr<BTreeMap<String, T>>, mut to_wire: impl FnMut(String, &T) -> U) -> Vec<U> {
    let mut actions: Vec<(&String, &T)> = actions.get().into_iter().flatten().collect();
    actions.sort_by_key(|(class, _)| super::check::rank(class));
    actions.into_iter().map(|(class, action)| to_wire(class.clone(), action)).collect()
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
                // Both names of the element mean the same.
                created_before_date: read_date(action.created_before_date.or(action.date)),
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
        prefix: not.prefix.into(),
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

fn number(value: &Attr<i64>) -> Option<i64> {
    value.get().copied()
}

fn date(value: &Attr<String>) -> Option<String> {
    value.as_str().map(|text| day(text).map_or_else(|| text.to_owned(), midnight))
}

/// Midnights are shown as the day they begin; anything else as it is.
fn read_date(text: Option<String>) -> Attr<String> {
    text.map(|text| day(&text).map_or(text, |day| day.to_string())).into()
}
