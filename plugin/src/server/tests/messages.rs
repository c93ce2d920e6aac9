//! Diagnostics on their way to the client: which attribute they point at, and that no warning is lost.

use super::*;
use wire::attribute_path::step::Selector;

fn steps(diagnostic: &wire::Diagnostic) -> Vec<Selector> {
    let path = diagnostic.attribute.clone().unwrap_or_default();
    path.steps.into_iter().map(|step| step.selector.unwrap()).collect()
}

#[tokio::test]
async fn a_message_points_as_deep_as_the_client_can_place_it_and_its_text_names_the_rest() {
    let name = |name: &str| Selector::AttributeName(name.into());
    let deep = vec![name("lid"), name("key")];
    let top = vec![name("lid")];
    for (version, expected) in [
        ("1.6.6", &top),
        ("1.15.5", &top),
        // OpenTofu.
        ("1.12.0", &top),
        ("", &top),
        ("1.17.0-alpha20260805", &deep),
        ("1.17.0", &deep),
        ("1.18.2", &deep),
    ] {
        let room = json!({"room": "plan-path", "strict": null});
        let bench = Bench::called_by(version, "plan-path", &room, ReplacementNotes::default()).await;
        let config = json!({"name": "socks", "lid": {"key": "rusty"}});
        let plan = bench.plan(&Json::Null, &config, &Bytes::new()).await;
        assert_eq!(steps(&plan.diagnostics[0]), *expected, "{version:?}");
        assert_eq!(plan.diagnostics[0].detail, "Oil it.\n\nAttribute: lid.key");
    }
}

#[tokio::test]
async fn before_the_version_is_known_a_message_points_at_the_attribute_of_the_resource() {
    let server = Server::<SampleProvider>::with(TaskTracker::new(), ReplacementNotes::default());
    let request = wire::validate_resource_config::Request {
        type_name: "shelf_box".into(),
        config: Some(boxed(&json!({"name": "socks", "lid": {"key": "bent"}}))),
        client_capabilities: None,
    };
    let answer = server.validate_resource_config(Request::new(request)).await.unwrap().into_inner();
    assert_eq!(summaries(&answer.diagnostics), ["Invalid lid.key"]);
    assert_eq!(steps(&answer.diagnostics[0]), [Selector::AttributeName("lid".into())]);
}

#[tokio::test]
async fn warnings_stay_when_an_operation_fails_or_panics() {
    for (trouble, failure) in
        [("warn and fail", "The shelf fell"), ("warn and panic", "The provider failed while ")]
    {
        let room = trouble.replace(' ', "-");
        let bench = Bench::new(&room).await;
        let created = bench.change(&Json::Null, &json!({"name": "socks"})).await;
        let stored = state(&object(created.new_state.as_ref()).unwrap());
        let destroy = bench.plan(&stored, &Json::Null, &created.private).await;
        *lock(&bench.cloud.trouble) = Some(trouble);
        let carries = |what: &str, diagnostics: &[wire::Diagnostic]| {
            let told = summaries(diagnostics);
            assert_eq!(told[0], "The shelf shakes", "{what}: {told:?}");
            let failed = errors(diagnostics);
            assert!(failed.len() == 1 && failed[0].starts_with(failure), "{what}: {told:?}");
        };
        carries("read", &bench.refresh(&stored, &Bytes::new()).await.diagnostics);
        let deletion = bench.apply(boxed(&stored), null(), &destroy.planned_private).await;
        carries("apply", &deletion.diagnostics);
        let import = wire::import_resource_state::Request {
            type_name: "shelf_box".into(),
            id: "socks".into(),
            ..Default::default()
        };
        let import = bench.server.import_resource_state(Request::new(import)).await.unwrap().into_inner();
        carries("import", &import.diagnostics);
        let ty = crate::schema::object_type(&sample::CountModel::attributes());
        let count = wire::read_data_source::Request {
            type_name: "shelf_count".into(),
            config: Some(encoded(&value(&json!({"colour": "blue", "count": null})), &ty)),
            ..Default::default()
        };
        let count = bench.server.read_data_source(Request::new(count)).await.unwrap().into_inner();
        carries("data source", &count.diagnostics);
        let plan = bench.plan(&stored, &json!({"name": "socks"}), &Bytes::new()).await;
        if trouble == "warn and panic" {
            carries("plan", &plan.diagnostics);
        } else {
            assert_eq!(summaries(&plan.diagnostics), ["The shelf shakes"], "a plan does not fail");
        }
    }
}
