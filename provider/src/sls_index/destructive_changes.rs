//! What can no longer be searched once an index changes.

use std::collections::BTreeMap;

use plugin::{Attr, DestructiveChange, Path};

use super::model::{FieldModel, IndexModel, JsonKeyModel};

/// What is no longer searchable once `prior` becomes `planned`, or is deleted.
pub(super) fn destructive_changes(
    prior: &IndexModel,
    planned: Option<&IndexModel>,
) -> Vec<DestructiveChange> {
    let label = prior.label();
    let Some(planned) = planned else {
        if prior.is_adopted() {
            return Vec::new();
        }
        return vec![DestructiveChange {
            path: Path::root(),
            summary: format!("the {label} is deleted"),
            detail: "Logs that are written from then on cannot be searched, and alerts over them no longer find anything. \
                     The logs themselves are kept."
                .to_owned(),
        }];
    };
    let mut lost = Vec::new();
    if prior.full_text.get().is_some() && planned.full_text.is_null() {
        lost.push(DestructiveChange {
            path: Path::attribute("full_text"),
            summary: format!("the {label} no longer covers the whole text"),
            detail: "Logs that are written from then on are found by their fields only.".to_owned(),
        });
    }
    if planned.field_search.is_unknown() {
        return lost;
    }
    let stays = |name: &String| planned.field_search.get().is_some_and(|fields| fields.contains_key(name));
    let gone: Vec<&String> = prior
        .field_search
        .get()
        .into_iter()
        .flat_map(|fields| fields.keys())
        .filter(|name| !stays(name))
        .collect();
    if !gone.is_empty() {
        let names: Vec<String> = gone.iter().map(|name| format!("{name:?}")).collect();
        lost.push(DestructiveChange {
            path: Path::attribute("field_search"),
            summary: format!("the {label} loses {} of its fields", gone.len()),
            detail: format!(
                "Logs that are written from then on are not found by {}, and alerts that ask for it stay silent.",
                names.join(", ")
            ),
        });
    }
    lost.extend(reduced(prior, planned, Unnamed::Lost));
    lost
}

/// What becomes of leaves of a field that names none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unnamed {
    /// They were never managed, and are kept.
    Kept,
    /// They were managed, or nothing is to be left beside what is named.
    Lost,
}

/// Fields that stay and find less.
pub(super) fn reduced(prior: &IndexModel, planned: &IndexModel, unnamed: Unnamed) -> Vec<DestructiveChange> {
    let (Some(before), Some(after)) = (prior.field_search.get(), planned.field_search.get()) else {
        return Vec::new();
    };
    let pairs = before.iter().filter_map(|(name, field)| Some((name, field, after.get(name)?)));
    let destructive_changes = pairs.filter_map(|(name, before, after)| {
        let what = less(before, after, unnamed)?;
        Some(DestructiveChange {
            path: Path::attribute("field_search").key(name),
            summary: format!("the {} finds less by the field {name:?}", prior.label()),
            detail: format!(
                "In logs that are written from the apply on, {what}. Searches and alerts that rely on it find less."
            ),
        })
    });
    destructive_changes.collect()
}

/// What a field can no longer do.
fn less(before: &FieldModel, after: &FieldModel, unnamed: Unnamed) -> Option<String> {
    let turned_off =
        |before: &Attr<bool>, after: &Attr<bool>| before.get() == Some(&true) && after.get() == Some(&false);
    if let (Some(old), Some(new)) = (before.r#type.as_str(), after.r#type.as_str())
        && old != new
    {
        return Some(format!("its type is {new} instead of {old}"));
    }
    if turned_off(&before.enable_analytics, &after.enable_analytics) {
        return Some("it can be searched and no longer analysed".to_owned());
    }
    if turned_off(&before.index_all, &after.index_all) {
        return Some("only the leaves in json_keys can be searched".to_owned());
    }
    let leaves = before.json_keys.get()?;
    let names_none = match &after.json_keys {
        Attr::Unknown(_) => false,
        keys => keys.get().is_none_or(BTreeMap::is_empty),
    };
    if names_none && unnamed == Unnamed::Kept {
        return None;
    }
    let kept = |path: &String, leaf: &JsonKeyModel| match &after.json_keys {
        Attr::Unknown(_) => true,
        keys => keys.get().and_then(|keys| keys.get(path)).is_some_and(|now| {
            (now.r#type == leaf.r#type || now.r#type.is_unknown())
                && !turned_off(&leaf.doc_value, &now.doc_value)
        }),
    };
    let gone: Vec<String> =
        leaves.iter().filter(|(path, leaf)| !kept(path, leaf)).map(|(path, _)| format!("{path:?}")).collect();
    (!gone.is_empty()).then(|| format!("the leaves {} can no longer be analysed as before", gone.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sls_index::model::FullTextModel;

    #[test]
    fn fewer_fields_are_a_loss_and_more_are_none() {
        let fields = |names: &[&str]| {
            let fields: BTreeMap<_, _> =
                names.iter().map(|name| ((*name).to_owned(), FieldModel::default())).collect();
            IndexModel { field_search: fields.into(), ..IndexModel::default() }
        };
        assert!(destructive_changes(&fields(&["a"]), Some(&fields(&["a", "b"]))).is_empty());
        let [destructive_change] =
            destructive_changes(&fields(&["a", "b"]), Some(&fields(&["b"]))).try_into().unwrap();
        assert!(destructive_change.detail.contains("not found by \"a\","), "{}", destructive_change.detail);
        let whole = IndexModel { full_text: FullTextModel::default().into(), ..fields(&["a"]) };
        assert_eq!(destructive_changes(&whole, Some(&fields(&["a"]))).len(), 1);
        let unknown = IndexModel { field_search: Attr::UNKNOWN, ..IndexModel::default() };
        assert!(destructive_changes(&fields(&["a"]), Some(&unknown)).is_empty());
        assert_eq!(destructive_changes(&whole, None).len(), 1);
        assert!(
            destructive_changes(&IndexModel { adopted: true.into(), ..whole }, None).is_empty(),
            "it stays"
        );
    }

    #[test]
    fn leaves_that_nobody_named_are_lost_only_where_they_were_managed() {
        let leaf = JsonKeyModel { r#type: "text".into(), ..JsonKeyModel::default() };
        let leaves = BTreeMap::from([("a.b".to_owned(), leaf)]);
        let event = |json_keys: Attr<BTreeMap<String, JsonKeyModel>>| {
            let field = FieldModel { r#type: "json".into(), json_keys, ..FieldModel::default() };
            let fields = BTreeMap::from([("event".to_owned(), field)]);
            IndexModel { field_search: fields.into(), ..IndexModel::default() }
        };
        let before = event(leaves.into());
        for without in [event(Attr::Null), event(BTreeMap::new().into())] {
            assert!(reduced(&before, &without, Unnamed::Kept).is_empty());
            assert!(destructive_changes(&before, Some(&without))[0].detail.contains("\"a.b\""));
        }
        let other = event(BTreeMap::from([("c".to_owned(), JsonKeyModel::default())]).into());
        assert_eq!(reduced(&before, &other, Unnamed::Kept).len(), 1);
    }
}
