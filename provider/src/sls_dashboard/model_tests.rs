//! How documents of dashboards become state, and the other way round.

use serde_json::json;

use super::*;

fn wanted() -> DashboardModel {
    DashboardModel {
        project_name: "audit".into(),
        dashboard_name: "overview".into(),
        detail: r#"{ "charts": [{"title": "a", "action": null}] }"#.into(),
        ..DashboardModel::default()
    }
}

/// What the service makes of it: it drops nulls and adds members.
fn stored(title: &str) -> Document {
    let document = json!({"dashboardName": "overview", "displayName": "overview", "description": "",
        "charts": [{"title": title, "display": {"xPos": 0}}], "attribute": {}});
    Document::read(document.as_object().unwrap().clone())
}

/// What the state has once this was sent, and the service has that.
fn written(sent: DashboardModel, stored: Document) -> DashboardModel {
    sent.read_from(&Settings::Sent(sent.document())).read_from(&Settings::Stored(stored))
}

#[test]
fn what_the_service_adds_is_no_difference_and_what_somebody_changes_is() {
    let made = written(wanted(), stored("a"));
    assert_eq!(
        (&made.detail, &made.display_name, &made.description),
        (&wanted().detail, &Attr::Null, &Attr::Null)
    );
    let read = made.read_from(&Settings::Stored(stored("a")));
    assert_eq!(read, made, "an untouched dashboard reads as it was");
    let read = made.read_from(&Settings::Stored(stored("b")));
    assert!(read.detail.as_str().unwrap().contains("\"b\""), "{:?}", read.detail);
    let mut more = stored("a");
    more.rest["charts"][0]["search"] = json!({"filters": ["hide"]});
    let read = made.read_from(&Settings::Stored(more));
    assert_ne!(read.detail, made.detail, "an addition by somebody else is a change as well");
}

#[test]
fn what_did_not_arrive_shows() {
    let made = written(wanted(), stored("other"));
    assert!(made.detail.as_str().unwrap().contains("other"));
}

#[test]
fn a_title_that_is_the_name_is_none() {
    assert_eq!(wanted().document().display_name, "overview");
    let said = DashboardModel { display_name: "overview".into(), ..wanted() };
    assert_eq!(written(said, stored("a")).display_name, Attr::Null);
    let mut renamed = stored("a");
    renamed.display_name = "Other".into();
    assert_eq!(wanted().read_from(&Settings::Stored(renamed)).display_name.as_str(), Some("Other"));
}

#[test]
fn an_imported_dashboard_has_the_whole_document() {
    let imported =
        DashboardModel { detail: Attr::Null, ..wanted() }.read_from(&Settings::Stored(stored("a")));
    assert_eq!(imported.detail, imported.stored_detail);
    assert!(!imported.detail.as_str().unwrap().contains("displayName"));
}
