//! Trails of an organization: made by its management account or a delegated administrator, imported, and never mistaken
//! for another trail of the same name.

use acceptance_tests::{Cloud, Fixture, full};
use serde_json::json;

const PROJECT: &str = r#"
resource "alitrail_sls_project" "events" {
  project_name  = "wide-trail-events"
  force_destroy = true
}
"#;

fn trail(organization: bool) -> String {
    format!(
        "{PROJECT}\nresource \"alitrail_trail\" \"this\" {{\n  trail_name = \"wide-trail\"\n  sls_project_arn = \
         alitrail_sls_project.events.arn\n  is_organization_trail = {organization}\n}}\n"
    )
}

/// A stage that works with a key of a member account, and that account.
fn member(switches: &[&str]) -> (Fixture, String) {
    let cloud = Cloud::with(&[&["--accounts", "2"], switches].concat());
    let accounts = cloud.get("accounts").unwrap();
    let member = accounts.as_object().unwrap().keys().find(|id| **id != cloud.account_id).unwrap().clone();
    let key = json!({"account": member, "secret": "member-secret", "principal": {"type": "root"}});
    cloud.put("access_keys/member-key", &key).unwrap();
    let mut fixture = Fixture::with_cloud(&full(), cloud);
    fixture.workspace.set("ALIBABA_CLOUD_ACCESS_KEY_ID", "member-key");
    fixture.workspace.set("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "member-secret");
    (fixture, member)
}

fn node(account: &str, region: &str) -> String {
    format!("accounts/{account}/regions/{region}/actiontrail/trails/wide-trail")
}

/// A trail that somebody else has: of the whole organization, or of the account itself in another region.
fn foreign(organization: bool) -> serde_json::Value {
    json!({"Status": "Disable", "EventRW": "Write", "TrailRegion": "All", "IsOrganizationTrail": organization,
        "OssBucketName": "foreign", "CreateTime": "2026-01-01T00:00:00Z", "UpdateTime": "2026-01-01T00:00:00Z"})
}

#[test]
fn a_delegated_administrator_makes_and_imports_one() {
    let (fixture, member) = member(&[]);
    fixture.configure(&trail(true));
    let refused = fixture.fail(&["apply", "-no-color", "-auto-approve"]);
    assert!(
        refused.contains("NotAllowCreateOrganizationTrail") && refused.contains("delegated administrator"),
        "{refused}"
    );
    fixture.cloud.patch(&format!("accounts/{member}"), &json!({"organization_admin": true})).unwrap();
    fixture.apply();
    fixture.assert_empty("after create");
    let made = fixture.cloud.get(&node(&member, "cn-hangzhou")).unwrap();
    assert_eq!((&made["IsOrganizationTrail"], &made["Status"]), (&json!(true), &json!("Enable")), "{made}");

    let before = fixture.meaning()["alitrail_trail.this"].clone();
    fixture.workspace.succeed(&["state", "rm", "alitrail_trail.this"]).unwrap();
    fixture.write("import.tf", "import {\n  to = alitrail_trail.this\n  id = \"wide-trail\"\n}\n");
    let plan = fixture.plan(&[]);
    assert!(plan.changes.len() == 1 && plan.changes[0].importing, "{}", plan.summary());
    assert_eq!(plan.changes[0].actions, ["no-op"], "{}", plan.summary());
    fixture.workspace.apply_plan().unwrap();
    fixture.remove("import.tf");
    assert_eq!(fixture.meaning()["alitrail_trail.this"], before);
    fixture.destroy();
    assert!(fixture.cloud.find(&node(&member, "cn-hangzhou")).unwrap().is_none());
}

#[test]
fn a_trail_of_the_same_name_is_never_taken_for_it() {
    for listing in ["named", "selector", "include", "always"] {
        let (fixture, member) = member(&["--switch", &format!("describe_organization={listing}")]);
        // The management account has an organization trail of this name, which members see in their lists.
        let management = fixture.cloud.account_id.clone();
        fixture.cloud.put(&node(&management, "cn-hangzhou"), &foreign(true)).unwrap();
        fixture.configure(&trail(false));
        fixture.apply();
        fixture.assert_empty(listing);
        let own = fixture.cloud.get(&node(&member, "cn-hangzhou")).unwrap();
        assert_eq!((&own["Status"], &own["EventRW"]), (&json!("Enable"), &json!("All")), "{listing}: {own}");

        // Without ours there is none, whatever is listed.
        fixture.cloud.delete(&node(&member, "cn-hangzhou")).unwrap();
        let plan = fixture.plan(&[]);
        assert_eq!(plan.change("alitrail_trail.this").unwrap().actions, ["create"], "{}", plan.summary());

        // One at home elsewhere throws a shadow here: an error that names its home, and no trail of ours.
        fixture.cloud.put(&node(&member, "cn-beijing"), &foreign(false)).unwrap();
        let refused = fixture.fail(&["plan", "-no-color"]);
        assert!(refused.contains("is at home in cn-beijing"), "{listing}: {refused}");
        fixture.cloud.delete(&node(&member, "cn-beijing")).unwrap();

        // Somebody made ours anew as the other kind: that is what the plan talks about.
        fixture.cloud.patch(&format!("accounts/{member}"), &json!({"organization_admin": true})).unwrap();
        fixture.cloud.put(&node(&member, "cn-hangzhou"), &foreign(true)).unwrap();
        let refused = fixture.fail(&["plan", "-no-color"]);
        assert!(refused.contains("is_organization_trail of trail"), "{listing}: {refused}");
        let untouched = fixture.cloud.get(&node(&management, "cn-hangzhou")).unwrap();
        assert_eq!(untouched["Status"], "Disable", "{untouched}");
    }
}
