//! Reads, imports, stored state, data sources, schemas and configuration.

use super::*;
use crate::value::Type;

async fn read(bench: &Bench, prior: &Json) -> wire::read_resource::Response {
    let request = wire::read_resource::Request {
        type_name: "shelf_box".into(),
        current_state: Some(boxed(prior)),
        private: Bytes::from_static(br#"{"instance":"mine"}"#),
        ..Default::default()
    };
    bench.server.read_resource(Request::new(request)).await.unwrap().into_inner()
}

#[tokio::test]
async fn a_read_keeps_the_form_of_the_state_and_what_lives_there_only() {
    let bench = Bench::new("read").await;
    let config = json!({"name": "socks", "owner": "Ada", "deletion_protection": true});
    let old = state(&object(bench.change(&Json::Null, &config).await.new_state.as_ref()).unwrap());
    if let Some(stored) = lock(&bench.cloud.boxes).get_mut("socks") {
        stored.owner = "ADA".into();
        stored.labels = BTreeMap::new().into();
        stored.deletion_protection = false.into();
    }
    let unchanged = read(&bench, &old).await;
    assert_eq!(object(unchanged.new_state.as_ref()).map(|object| state(&object)), Some(old.clone()));
    assert_eq!(unchanged.private, Bytes::from_static(br#"{"instance":"mine"}"#), "private bytes are echoed");
    assert!(unchanged.new_identity.is_some());
    if let Some(stored) = lock(&bench.cloud.boxes).get_mut("socks") {
        stored.owner = "Grace".into();
    }
    let drifted = read(&bench, &old).await;
    assert_eq!(object(drifted.new_state.as_ref()).unwrap()["owner"], Value::from("Grace"));
    lock(&bench.cloud.boxes).clear();
    assert_eq!(object(read(&bench, &old).await.new_state.as_ref()), None);
}

#[tokio::test]
async fn an_import_by_id_and_by_identity_fills_what_lives_in_the_state_only() {
    let bench = Bench::new("import").await;
    let identity = |json: Json| wire::ResourceIdentityData {
        identity_data: Some(encoded(&value(&json), &schema().identity_type())),
    };
    let by_id = wire::import_resource_state::Request { id: "socks".into(), ..request() };
    let by_identity = wire::import_resource_state::Request {
        identity: Some(identity(json!({"name": "socks", "shelf": null}))),
        ..request()
    };
    for request in [by_id, by_identity] {
        let answer = bench.server.import_resource_state(Request::new(request)).await.unwrap().into_inner();
        assert_eq!(errors(&answer.diagnostics), [""; 0]);
        let imported = &answer.imported_resources[0];
        let object = object(imported.state.as_ref()).unwrap();
        assert_eq!((&object["name"], &object["colour"]), (&Value::from("socks"), &Value::Null));
        assert_eq!(object["deletion_protection"], Value::from(false));
        assert_eq!(imported.type_name, "shelf_box");
        assert!(imported.identity.is_some());
    }
    let nameless = wire::import_resource_state::Request {
        identity: Some(identity(json!({"name": null, "shelf": "top"}))),
        ..request()
    };
    let answer = bench.server.import_resource_state(Request::new(nameless)).await.unwrap().into_inner();
    assert_eq!(errors(&answer.diagnostics), ["Identity without name"]);

    fn request() -> wire::import_resource_state::Request {
        wire::import_resource_state::Request { type_name: "shelf_box".into(), ..Default::default() }
    }
}

#[tokio::test]
async fn must_know_13_stored_state_is_returned_or_refused_and_never_dropped() {
    let bench = Bench::new("upgrade").await;
    let upgrade = async |version: i64, json: &'static [u8]| {
        let request = wire::upgrade_resource_state::Request {
            type_name: "shelf_box".into(),
            version,
            raw_state: Some(wire::RawState { json: Bytes::from_static(json), ..Default::default() }),
        };
        bench.server.upgrade_resource_state(Request::new(request)).await.unwrap().into_inner()
    };
    // An attribute that is newer than the state is what leaving it out gives.
    let old = upgrade(0, b"{\n  \"name\": \"socks\"\n}").await;
    let object = object(old.upgraded_state.as_ref()).unwrap();
    assert_eq!((&object["name"], &object["colour"]), (&Value::from("socks"), &Value::from("brown")));
    for (version, json) in [(0, &b""[..]), (0, b"null"), (0, b"{\"name\": []}"), (0, b"{"), (1, b"{}")] {
        let refused = upgrade(version, json).await;
        assert_eq!(errors(&refused.diagnostics), ["State of shelf_box cannot be read"], "{json:?}");
    }
    let moved = wire::move_resource_state::Request {
        source_type_name: "other_box".into(),
        target_type_name: "shelf_box".into(),
        ..Default::default()
    };
    let refused = bench.server.move_resource_state(Request::new(moved)).await.unwrap().into_inner();
    assert_eq!(errors(&refused.diagnostics), ["Move not supported"]);
}

#[tokio::test]
async fn must_know_14_every_schema_has_a_block_and_types_that_exist() {
    let bench = Bench::new("schema").await;
    let request = Request::new(wire::get_provider_schema::Request {});
    let answer = bench.server.get_provider_schema(request).await.unwrap().into_inner();
    let schemas = answer
        .provider
        .iter()
        .chain(answer.resource_schemas.values())
        .chain(answer.data_source_schemas.values());
    let mut seen = 0;
    for schema in schemas {
        for attribute in &schema.block.as_ref().unwrap().attributes {
            seen += 1;
            match &attribute.nested_type {
                Some(_) => assert!(attribute.r#type.is_empty()),
                None => {
                    let json = serde_json::from_slice(&attribute.r#type).unwrap();
                    assert!(Type::from_json(&json).is_some(), "{}", attribute.name);
                }
            }
        }
    }
    assert!(seen > 10);
    assert!(answer.server_capabilities.unwrap().plan_destroy);
    let lid = |attribute: &&wire::schema::Attribute| attribute.name == "lid";
    let block = answer.resource_schemas["shelf_box"].block.as_ref().unwrap();
    assert!(block.attributes.iter().find(lid).unwrap().computed, "a default needs computed");
    assert_eq!(block.block_types[0].type_name, TIMEOUTS);
    let request = Request::new(wire::get_resource_identity_schemas::Request {});
    let identities =
        bench.server.get_resource_identity_schemas(request).await.unwrap().into_inner().identity_schemas;
    let flags: Vec<_> = identities["shelf_box"]
        .identity_attributes
        .iter()
        .map(|attribute| {
            (attribute.name.as_str(), attribute.required_for_import, attribute.optional_for_import)
        })
        .collect();
    assert_eq!(flags, [("name", true, false), ("shelf", false, true)]);
}

#[tokio::test]
async fn a_data_source_reads_with_its_defaults() {
    let bench = Bench::new("data").await;
    bench.change(&Json::Null, &json!({"name": "socks"})).await;
    let ty = crate::schema::object_type(&sample::CountModel::attributes());
    let request = wire::read_data_source::Request {
        type_name: "shelf_count".into(),
        config: Some(encoded(&value(&json!({"colour": null, "count": null})), &ty)),
        ..Default::default()
    };
    let answer = bench.server.read_data_source(Request::new(request)).await.unwrap().into_inner();
    let Value::Map(read) = msgpack::read(&answer.state.unwrap().msgpack, &ty).unwrap() else {
        panic!("an object")
    };
    assert_eq!((&read["colour"], &read["count"]), (&Value::from("brown"), &Value::from(1_i64)));
}

#[tokio::test]
async fn a_configuration_that_is_not_known_yet_still_plans() {
    let bench = Bench::configured("unknown", &json!({"room": "?", "strict": null})).await;
    let plan = bench.plan(&Json::Null, &json!({"name": "socks"}), &Bytes::new()).await;
    assert_eq!(errors(&plan.diagnostics), [""; 0]);
    let created = bench.apply(boxed(&Json::Null), plan.planned_state.unwrap(), &plan.planned_private).await;
    assert_eq!(errors(&created.diagnostics), ["The provider's configuration is not known yet"]);
    assert!(created.diagnostics[0].detail.starts_with("room in the provider block"));
}

#[tokio::test]
async fn an_unknown_type_is_an_error_of_its_own() {
    let bench = Bench::new("type").await;
    let request = wire::read_resource::Request { type_name: "shelf_bag".into(), ..Default::default() };
    let answer = bench.server.read_resource(Request::new(request)).await.unwrap().into_inner();
    assert_eq!(answer.diagnostics[0].detail, r#"This provider has no resource "shelf_bag"."#);
}
