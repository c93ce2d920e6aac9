//! What can no longer be searched once an index changes.

use plugin::{Loss, Path};

use super::model::IndexModel;

/// What is no longer searchable once `prior` becomes `planned`, or is deleted.
pub(super) fn losses(prior: &IndexModel, planned: Option<&IndexModel>) -> Vec<Loss> {
    let label = prior.label();
    let Some(planned) = planned else {
        if prior.is_adopted() {
            return Vec::new();
        }
        return vec![Loss {
            path: Path::root(),
            summary: format!("the {label} is deleted"),
            detail: "Logs that are written from then on cannot be searched, and alerts over them no longer find anything. \
                     The logs themselves are kept."
                .to_owned(),
        }];
    };
    let mut lost = Vec::new();
    if prior.full_text.get().is_some() && planned.full_text.is_null() {
        lost.push(Loss {
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
        lost.push(Loss {
            path: Path::attribute("field_search"),
            summary: format!("the {label} loses {} of its fields", gone.len()),
            detail: format!(
                "Logs that are written from then on are not found by {}, and alerts that ask for it stay silent.",
                names.join(", ")
            ),
        });
    }
    lost
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use plugin::Attr;

    use super::*;
    use crate::sls_index::model::{FieldModel, FullTextModel};

    #[test]
    fn fewer_fields_are_a_loss_and_more_are_none() {
        let fields = |names: &[&str]| {
            let fields: BTreeMap<_, _> =
                names.iter().map(|name| ((*name).to_owned(), FieldModel::default())).collect();
            IndexModel { field_search: fields.into(), ..IndexModel::default() }
        };
        assert!(losses(&fields(&["a"]), Some(&fields(&["a", "b"]))).is_empty());
        let [loss] = losses(&fields(&["a", "b"]), Some(&fields(&["b"]))).try_into().unwrap();
        assert!(loss.detail.contains("not found by \"a\","), "{}", loss.detail);
        let whole = IndexModel { full_text: FullTextModel::default().into(), ..fields(&["a"]) };
        assert_eq!(losses(&whole, Some(&fields(&["a"]))).len(), 1);
        let unknown = IndexModel { field_search: Attr::UNKNOWN, ..IndexModel::default() };
        assert!(losses(&fields(&["a"]), Some(&unknown)).is_empty());
        assert_eq!(losses(&whole, None).len(), 1);
        assert!(losses(&IndexModel { adopted: true.into(), ..whole }, None).is_empty(), "it stays");
    }
}
