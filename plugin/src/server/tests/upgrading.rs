//! State and identities of earlier versions: a slot of a shelf has been through two versions of each.
//!
//! Version 0 had a `size` in inches and a text of tags, version 1 has the size in millimetres, version 2 a list of tags.
//! Version 0 of the identity called the slot's number `position`.

use super::*;
use crate::upgrade::{StoredState, Upgrade};
use crate::value::ShapeError;
use crate::{Attr, Context, Diagnostic, Diagnostics, Resource};

pub(super) struct SlotResource;

#[derive(Debug, Clone, Default, Model)]
pub(super) struct SlotModel {
    /// Number.
    #[attr(required, replace, identity)]
    number: Attr<i64>,
    /// Millimetres.
    #[attr(optional)]
    millimetres: Attr<i64>,
    /// Tags.
    #[attr(optional)]
    tags: Attr<Vec<String>>,
    /// Protection.
    #[attr(default = false, state_only)]
    deletion_protection: Attr<bool>,
    /// Note, which came without a new version.
    #[attr(optional)]
    note: Attr<String>,
}

fn metric(state: &mut StoredState) -> Result<(), ShapeError> {
    let inches = state.take::<i64>("inches")?;
    state.set("millimetres", inches.map(|inches| inches * 254 / 10));
    Ok(())
}

fn listed(state: &mut StoredState) -> Result<(), ShapeError> {
    let words = state.take::<String>("tags")?;
    state.set("tags", words.map(|words| words.split(' ').map(str::to_owned).collect::<Vec<_>>()));
    Ok(())
}

fn numbered(identity: &mut StoredState) -> Result<(), ShapeError> {
    identity.rename("position", "number");
    Ok(())
}

impl Resource for SlotResource {
    type Client = Arc<Cloud>;
    type Model = SlotModel;
    const TYPE: &'static str = "shelf_slot";
    const DESCRIPTION: &'static str = "A slot.";
    const UPGRADES: &'static [Upgrade] = &[metric, listed];
    const IDENTITY_UPGRADES: &'static [Upgrade] = &[numbered];

    async fn create(_: &Context<Arc<Cloud>>, planned: SlotModel) -> Result<SlotModel, Diagnostics> {
        Ok(planned)
    }

    async fn read(_: &Context<Arc<Cloud>>, prior: SlotModel) -> Result<Option<SlotModel>, Diagnostics> {
        Ok(Some(prior))
    }

    async fn update(
        _: &Context<Arc<Cloud>>,
        _: SlotModel,
        planned: SlotModel,
    ) -> Result<SlotModel, Diagnostics> {
        Ok(planned)
    }

    async fn delete(_: &Context<Arc<Cloud>>, _: SlotModel) -> Result<(), Diagnostics> {
        Ok(())
    }

    fn parse_id(id: &str) -> Result<SlotModel, Diagnostic> {
        let number = id.parse::<i64>().map_err(|_| Diagnostic::error("Invalid id", "Give a number."))?;
        Ok(SlotModel { number: number.into(), ..SlotModel::default() })
    }
}

async fn upgrade(bench: &Bench, version: i64, text: &str) -> wire::upgrade_resource_state::Response {
    let raw_state = Some(wire::RawState { json: text.to_owned().into(), ..Default::default() });
    let request =
        wire::upgrade_resource_state::Request { type_name: "shelf_slot".into(), version, raw_state };
    bench.server.upgrade_resource_state(Request::new(request)).await.unwrap().into_inner()
}

#[tokio::test]
async fn state_of_every_version_becomes_the_current_one_with_all_its_values() {
    let bench = Bench::new("upgrades").await;
    let ty = crate::Registered::<SlotResource>::new().schema().ty().clone();
    let wanted = json!({
        "number": 7, "millimetres": 254, "tags": ["old", "heavy"], "deletion_protection": true, "note": null,
        TIMEOUTS: {"create": "2m", "read": null, "update": null, "delete": null},
    });
    for (version, text) in [
        (
            0,
            r#"{"number":7,"inches":10,"tags":"old heavy","deletion_protection":true,"colour":"red","timeouts":{"create":"2m"}}"#,
        ),
        (
            1,
            r#"{"number":7,"millimetres":254,"tags":"old heavy","deletion_protection":true,"timeouts":{"create":"2m"}}"#,
        ),
        (
            2,
            r#"{"number":7,"millimetres":254,"tags":["old","heavy"],"deletion_protection":true,"timeouts":{"create":"2m"}}"#,
        ),
    ] {
        let answer = upgrade(&bench, version, text).await;
        assert_eq!(errors(&answer.diagnostics), [""; 0], "version {version}");
        let state = msgpack::read(&answer.upgraded_state.unwrap().msgpack, &ty).unwrap();
        assert_eq!(state, value(&wanted), "version {version}");
    }
    let schemas = bench.server.get_provider_schema(Request::new(wire::get_provider_schema::Request {}));
    assert_eq!(schemas.await.unwrap().into_inner().resource_schemas["shelf_slot"].version, 2);
}

#[tokio::test]
async fn state_of_a_newer_version_asks_for_a_newer_provider() {
    let bench = Bench::new("newer").await;
    let answer = upgrade(&bench, 3, r#"{"number":7}"#).await;
    assert_eq!(errors(&answer.diagnostics), ["State of shelf_slot cannot be read"]);
    assert!(answer.diagnostics[0].detail.contains("Upgrade the provider"), "{:?}", answer.diagnostics);
    assert!(answer.upgraded_state.is_none());
}

#[tokio::test]
async fn state_that_an_upgrade_cannot_read_names_the_attribute_and_the_versions() {
    let bench = Bench::new("unreadable").await;
    let answer = upgrade(&bench, 0, r#"{"number":7,"tags":["not","a","text"]}"#).await;
    let detail = "It cannot be upgraded from version 1 to 2: tags: string is required.";
    assert_eq!(answer.diagnostics[0].detail, detail);
}

#[tokio::test]
async fn identities_are_upgraded_by_their_own_versions() {
    let bench = Bench::new("identities").await;
    let ty = crate::Registered::<SlotResource>::new().schema().identity_type();
    let upgrade = async |version, text: &'static str| {
        let raw_identity =
            Some(wire::RawState { json: Bytes::from_static(text.as_bytes()), ..Default::default() });
        let request = wire::upgrade_resource_identity::Request {
            type_name: "shelf_slot".into(),
            version,
            raw_identity,
        };
        bench.server.upgrade_resource_identity(Request::new(request)).await.unwrap().into_inner()
    };
    for (version, text) in [(0, r#"{"position":7}"#), (1, r#"{"number":7}"#)] {
        let answer = upgrade(version, text).await;
        assert_eq!(errors(&answer.diagnostics), [""; 0], "version {version}");
        let identity = answer.upgraded_identity.unwrap().identity_data.unwrap();
        assert_eq!(msgpack::read(&identity.msgpack, &ty).unwrap(), value(&json!({"number": 7})));
    }
    let newer = upgrade(2, r#"{"number":7}"#).await;
    assert_eq!(errors(&newer.diagnostics), ["Identity of shelf_slot cannot be read"]);
    let request = Request::new(wire::get_resource_identity_schemas::Request {});
    let schemas = bench.server.get_resource_identity_schemas(request).await.unwrap().into_inner();
    assert_eq!(schemas.identity_schemas["shelf_slot"].version, 1);
}
