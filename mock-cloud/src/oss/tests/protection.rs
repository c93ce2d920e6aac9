//! Retention policies: their states, what they protect, how they lapse.

use http::Method;
use time::Duration;

use super::{BUCKET, Cloud};

fn initiate(days: i64) -> String {
    format!(
        "<InitiateWormConfiguration><RetentionPeriodInDays>{days}</RetentionPeriodInDays></InitiateWormConfiguration>"
    )
}

fn extend(days: i64) -> String {
    format!(
        "<ExtendWormConfiguration><RetentionPeriodInDays>{days}</RetentionPeriodInDays></ExtendWormConfiguration>"
    )
}

#[test]
fn the_states_of_a_policy() {
    let mut cloud = Cloud::with_bucket();
    for days in [0, 25_551] {
        assert_eq!(cloud.post("/?worm", &initiate(days)).error(), (400, "InvalidWORMConfiguration"));
    }
    assert_eq!(cloud.delete("/?worm").error(), (404, "NoSuchWORMConfiguration"));
    cloud.post("/?worm", &initiate(1)).ok();
    assert_eq!(cloud.delete("/?worm").ok().status, 204);
    let id = cloud.post("/?worm", &initiate(180)).ok().header("x-oss-worm-id").to_owned();
    assert_eq!(id.len(), 32);
    assert_eq!(cloud.post("/?worm", &initiate(180)).error(), (409, "WORMConfigurationAlreadyExists"));
    assert_eq!(cloud.get("/?worm").ok().element("State"), Some("InProgress"));
    let grow = format!("/?wormId={id}&wormExtend");
    assert_eq!(cloud.post(&grow, &extend(366)).error(), (400, "InvalidWORMConfiguration"));
    assert_eq!(cloud.post("/?wormId=OTHER", "").error(), (404, "NoSuchWORMConfiguration"));
    cloud.post(&format!("/?wormId={id}"), "").ok();
    assert_eq!(cloud.post(&format!("/?wormId={id}"), "").error(), (403, "WORMConfigurationLocked"));
    assert_eq!(cloud.delete("/?worm").error(), (403, "WORMConfigurationLocked"));
    assert_eq!(cloud.post(&grow, &extend(180)).error(), (400, "InvalidWORMConfiguration"));
    cloud.post(&grow, &extend(366)).ok();
    let seen = cloud.get("/?worm").ok();
    assert_eq!((seen.element("State"), seen.element("RetentionPeriodInDays")), (Some("Locked"), Some("366")));
    cloud.pass(Duration::days(30));
    cloud.get("/?worm").ok();
    cloud.delete("/").ok();
}

#[test]
fn an_unlocked_policy_lapses_after_a_day() {
    let mut cloud = Cloud::with_bucket();
    cloud.post("/?worm", &initiate(180)).ok();
    cloud.pass(Duration::hours(23));
    cloud.get("/?worm").ok();
    cloud.pass(Duration::hours(1));
    assert_eq!(cloud.get("/?worm").error(), (404, "NoSuchWORMConfiguration"));
}

#[test]
fn objects_under_retention_cannot_be_changed() {
    let mut cloud = Cloud::with_bucket();
    cloud.put("/a", "x").ok();
    cloud.post("/?worm", &initiate(10)).ok();
    let id = cloud.get("/?worm").element("WormId").unwrap().to_owned();
    cloud.post(&format!("/?wormId={id}"), "").ok();
    assert_eq!(cloud.delete("/a").error(), (409, "FileImmutable"));
    assert_eq!(cloud.put("/a", "y").error(), (409, "FileImmutable"));
    let many = "<Delete><Object><Key>b</Key></Object><Object><Key>a</Key></Object></Delete>";
    cloud.put("/b", "new ones are possible").ok();
    assert_eq!(cloud.post("/?delete", many).error(), (409, "FileImmutable"));
    cloud.get("/b").ok();
    cloud.pass(Duration::days(11));
    cloud.delete("/a").ok();
}

#[test]
fn retention_and_versioning() {
    let mut cloud = Cloud::with_bucket();
    let versioning = |status: &str| {
        format!("<VersioningConfiguration><Status>{status}</Status></VersioningConfiguration>")
    };
    cloud.put("/?versioning", &versioning("Enabled")).ok();
    cloud.post("/?worm", &initiate(10)).ok();
    assert_eq!(cloud.put("/?versioning", &versioning("Suspended")).error().0, 409);
    let id = cloud.put("/a", "x").ok().header("x-oss-version-id").to_owned();
    assert_eq!(cloud.delete("/a").ok().header("x-oss-delete-marker"), "true");
    assert_eq!(cloud.delete(&format!("/a?versionId={id}")).error(), (409, "FileImmutable"));
    let mut cloud = Cloud::with_bucket();
    cloud.put("/?versioning", &versioning("Suspended")).ok();
    assert_eq!(cloud.post("/?worm", &initiate(10)).error().0, 409);
    cloud.put("/?versioning", &versioning("Enabled")).ok();
    cloud.switches.set("oss_worm_with_versioning", "exclusive").unwrap();
    assert_eq!(cloud.post("/?worm", &initiate(10)).error().0, 409);
}

#[test]
fn retention_of_single_objects_by_default() {
    let mut cloud = Cloud::with_bucket();
    let body = "<ObjectWormConfiguration><ObjectWormEnabled>Enabled</ObjectWormEnabled><Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Days>180</Days></DefaultRetention></Rule></ObjectWormConfiguration>";
    assert_eq!(cloud.put("/?objectWorm", body).error().0, 409);
    cloud
        .put("/?versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
        .ok();
    let mut call = cloud.call(Method::PUT, BUCKET, "/?objectWorm");
    call.body = body.into();
    assert_eq!(cloud.send(&call).error(), (400, "MissingArgument"));
    cloud.put("/?objectWorm", body).ok();
    assert_eq!(cloud.get("/?objectWorm").ok().text.split_once("?>\n").unwrap().1, body);
    assert_eq!(cloud.post("/?worm", &initiate(10)).error().0, 409);
    assert_eq!(cloud.put("/?objectWorm", &body.replace("180", "0")).error(), (400, "MalformedXML"));
}
