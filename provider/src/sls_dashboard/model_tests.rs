//! How documents of dashboards become state, and the other way round.

use super::*;

fn place() -> Place {
    let config =
        alibaba::Config::new(alibaba::credentials::Chain::new(alibaba::credentials::Sources::default()));
    Place {
        client: alibaba::Client::new(config).unwrap(),
        account: "1234567890123456".into(),
        region: "cn-hangzhou".into(),
    }
}

fn wanted() -> DashboardModel {
    DashboardModel {
        project_name: "audit".into(),
        dashboard_name: "overview".into(),
        detail: r#"{ "charts": [{"title": "a", "action": null}] }"#.into(),
        ..DashboardModel::default()
    }
}

fn object(value: Json) -> Map<String, Json> {
    match value {
        Json::Object(object) => object,
        other => panic!("{other}"),
    }
}

/// What the service makes of it: it drops nulls and adds members.
fn stored(title: &str) -> Map<String, Json> {
    object(json!({"dashboardName": "overview", "displayName": "overview", "description": "",
        "charts": [{"title": title, "display": {"xPos": 0}}], "attribute": {}}))
}

#[test]
fn what_the_service_adds_is_no_difference_and_what_somebody_changes_is() {
    let made = wanted().written(stored("a"), &place());
    assert_eq!(
        (&made.detail, &made.display_name, &made.description),
        (&wanted().detail, &Attr::Null, &Attr::Null)
    );
    assert_eq!(made.id.as_str(), Some("audit:overview"));
    let read = made.read_from(stored("a"), &place());
    assert_eq!(read, made, "an untouched dashboard reads as it was");
    let read = made.read_from(stored("b"), &place());
    assert!(read.detail.as_str().unwrap().contains("\"b\""), "{:?}", read.detail);
    let mut more = stored("a");
    more["charts"][0]["search"] = json!({"filters": ["hide"]});
    let read = made.read_from(more, &place());
    assert_ne!(read.detail, made.detail, "an addition by somebody else is a change as well");
}

#[test]
fn what_did_not_arrive_shows() {
    let made = wanted().written(stored("other"), &place());
    assert!(made.detail.as_str().unwrap().contains("other"));
}

#[test]
fn a_title_that_is_the_name_is_none_unless_it_was_said() {
    assert_eq!(wanted().document()["displayName"], "overview");
    let said = DashboardModel { display_name: "overview".into(), ..wanted() };
    assert_eq!(said.written(stored("a"), &place()).display_name.as_str(), Some("overview"));
    let mut renamed = stored("a");
    renamed["displayName"] = json!("Other");
    assert_eq!(wanted().read_from(renamed, &place()).display_name.as_str(), Some("Other"));
}

#[test]
fn an_imported_dashboard_has_the_whole_document() {
    let imported = DashboardModel { detail: Attr::Null, ..wanted() }.read_from(stored("a"), &place());
    assert_eq!(imported.detail, imported.stored_detail);
    assert!(!imported.detail.as_str().unwrap().contains("displayName"));
}
