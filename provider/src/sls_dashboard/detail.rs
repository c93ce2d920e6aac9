//! What the document of a dashboard has to be.

use serde_json::{Map, Value as Json};

/// Members that have attributes of their own.
const OWN: [(&str, &str); 3] =
    [("dashboardName", "dashboard_name"), ("displayName", "display_name"), ("description", "description")];

/// Most charts of a dashboard (SLS developer guide, basic resource limits).
const MOST_CHARTS: usize = 100;

/// Checks a document: that it is an object with charts, each with a title of its own.
pub(super) fn check(text: &str) -> Result<(), String> {
    crate::json::object(text)?;
    let document: Map<String, Json> = serde_json::from_str(text).unwrap_or_default();
    if let Some((member, attribute)) = OWN.iter().find(|(member, _)| document.contains_key(*member)) {
        return Err(format!(
            "It contains {member}, which is what {attribute} is for. Take it out and set {attribute}."
        ));
    }
    let charts = match document.get("charts") {
        Some(Json::Array(charts)) => charts,
        Some(_) => return Err("charts must be a list of objects.".to_owned()),
        None => {
            return Err(
                "It has no charts. Write at least charts = [], or the charts as the console shows them."
                    .to_owned(),
            );
        }
    };
    if charts.len() > MOST_CHARTS {
        return Err(format!(
            "It has {} charts, and a dashboard has at most {MOST_CHARTS}. Make two dashboards of it.",
            charts.len()
        ));
    }
    let mut titles = Vec::new();
    for (at, chart) in charts.iter().enumerate() {
        let title = chart.get("title").and_then(Json::as_str).filter(|title| !title.is_empty());
        let Some(title) = title else {
            return Err(format!(
                "charts[{at}] has no title. Each chart is an object with a title of its own."
            ));
        };
        if titles.contains(&title) {
            return Err(format!("Two charts have the title {title:?}. Give each chart a title of its own."));
        }
        titles.push(title);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_has_its_own_attribute_is_not_part_of_it() {
        assert!(check(r#"{"charts": [], "displayName": "D"}"#).unwrap_err().contains("set display_name"));
    }

    #[test]
    fn charts_have_titles() {
        assert_eq!(check(r#"{"charts": [{"title": "a"}, {"title": "b"}]}"#), Ok(()));
        for (text, notified) in [
            ("[]", "got a list"),
            ("{}", "no charts"),
            (r#"{"charts": {}}"#, "a list of objects"),
            (r#"{"charts": ["a"]}"#, "charts[0] has no title"),
            (r#"{"charts": [{"title": "a"}, {"title": ""}]}"#, "charts[1] has no title"),
            (r#"{"charts": [{"title": "a"}, {"title": "a"}]}"#, "Two charts"),
        ] {
            let error = check(text).unwrap_err();
            assert!(error.contains(notified), "{text}: {error}");
        }
        let charts: Vec<Json> = (0..=100).map(|at| json!({"title": at.to_string()})).collect();
        assert!(check(&json!({ "charts": charts }).to_string()).unwrap_err().contains("101 charts"));
    }
}
