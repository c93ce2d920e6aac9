//! Replacing under the same name takes nothing away: what Terraform wants deleted and made again, because it is tainted,
//! because `-replace` was given, or because its creation failed half-way, is completed where it is, in either order of
//! replacement. Every other test asks the request log whether anything was taken away for a moment.

mod indexes;
mod interrupted;
mod subjects;

use acceptance_tests::resources::RESOURCES;
use acceptance_tests::{Fixture, full};
use serde_json::{Value, json};

use subjects::Order::{self, CreateFirst, DestroyFirst};
use subjects::Subject;

const APPLY: [&str; 4] = ["apply", "-no-color", "-input=false", "-auto-approve"];

/// One test for each line: name, what is replaced, in which order, and what is tried.
macro_rules! cases {
    ($($name:ident: $what:ident($subject:ident, $order:expr);)*) => {
        $(#[test]
        fn $name() {
            $what(&subjects::$subject(), $order);
        })*
    };
}
pub(crate) use cases;

/// A stage on which the subject is made.
fn made(subject: &Subject, order: Order) -> Fixture {
    let fixture = Fixture::new(&full());
    fixture.configure(&subject.configuration(order));
    fixture.apply();
    assert!(!subject.document(&fixture).is_null(), "the cloud has it");
    fixture
}

/// The object is what it was, nothing was taken away since the mark, and nothing is left to do.
fn is_kept(fixture: &Fixture, subject: &Subject, before: &Value, mark: u64, when: &str) {
    assert_eq!(
        fixture.cloud.removals_since(mark),
        Vec::<String>::new(),
        "{when}, calls that take something away"
    );
    assert_eq!(subject.document(fixture), *before, "{when}, the document");
    assert!(
        fixture.workspace.state().unwrap().contains_key(&subject.address()),
        "{when}, it is in the state"
    );
    assert!(deposed(fixture).is_empty(), "{when}, nothing is deposed: {:?}", deposed(fixture));
    fixture.assert_unchanged(when);
}

/// The addresses of deposed objects in the state.
fn deposed(fixture: &Fixture) -> Vec<String> {
    let text = std::fs::read_to_string(fixture.path().join("terraform.tfstate")).unwrap();
    let state: Value = serde_json::from_str(&text).unwrap();
    let resources = state["resources"].as_array().into_iter().flatten();
    let holds = |resource: &&Value| {
        resource["instances"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|instance| instance.get("deposed").is_some())
    };
    resources.filter(holds).map(|resource| format!("{}.{}", resource["type"], resource["name"])).collect()
}

/// `-replace`, and then a taint.
fn replaced(subject: &Subject, order: Order) {
    let fixture = made(subject, order);
    let address = subject.address();
    let before = subject.document(&fixture);
    let mark = fixture.cloud.mark();
    fixture.workspace.apply(&[&format!("-replace={address}")]).unwrap_or_else(|error| panic!("{error}"));
    is_kept(&fixture, subject, &before, mark, "after -replace");
    fixture.workspace.succeed(&["taint", &address]).unwrap_or_else(|error| panic!("{error}"));
    fixture.apply();
    is_kept(&fixture, subject, &before, mark, "after a taint");
}

cases! {
    a_lifecycle_is_replaced_in_place: replaced(lifecycle, DestroyFirst);
    a_lifecycle_is_replaced_in_place_created_first: replaced(lifecycle, CreateFirst);
    a_policy_is_replaced_in_place: replaced(policy, DestroyFirst);
    a_policy_is_replaced_in_place_created_first: replaced(policy, CreateFirst);
    access_logging_is_replaced_in_place: replaced(logging, DestroyFirst);
    access_logging_is_replaced_in_place_created_first: replaced(logging, CreateFirst);
    request_payment_is_replaced_in_place: replaced(request_payment, DestroyFirst);
    request_payment_is_replaced_in_place_created_first: replaced(request_payment, CreateFirst);
    a_retention_policy_is_replaced_in_place: replaced(worm, DestroyFirst);
    a_retention_policy_is_replaced_in_place_created_first: replaced(worm, CreateFirst);
    an_account_block_is_replaced_in_place: replaced(account_block, DestroyFirst);
    an_account_block_is_replaced_in_place_created_first: replaced(account_block, CreateFirst);
    an_index_is_replaced_in_place: replaced(index, DestroyFirst);
    an_index_is_replaced_in_place_created_first: replaced(index, CreateFirst);
    an_alert_is_replaced_in_place: replaced(alert, DestroyFirst);
    an_alert_is_replaced_in_place_created_first: replaced(alert, CreateFirst);
    a_selector_is_replaced_in_place: replaced(selector, DestroyFirst);
    a_selector_is_replaced_in_place_created_first: replaced(selector, CreateFirst);
    a_bucket_is_replaced_in_place: replaced(bucket, DestroyFirst);
    a_bucket_is_replaced_in_place_created_first: replaced(bucket, CreateFirst);
    a_project_is_replaced_in_place: replaced(project, DestroyFirst);
    a_project_is_replaced_in_place_created_first: replaced(project, CreateFirst);
    a_logstore_is_replaced_in_place: replaced(logstore, DestroyFirst);
    a_logstore_is_replaced_in_place_created_first: replaced(logstore, CreateFirst);
    a_trail_is_replaced_in_place: replaced(trail, DestroyFirst);
    a_trail_is_replaced_in_place_created_first: replaced(trail, CreateFirst);
    a_delivery_role_is_replaced_in_place: replaced(delivery_role, DestroyFirst);
    a_delivery_role_is_replaced_in_place_created_first: replaced(delivery_role, CreateFirst);
    a_service_linked_role_is_replaced_in_place: replaced(service_linked_role, DestroyFirst);
    a_service_linked_role_is_replaced_in_place_created_first: replaced(service_linked_role, CreateFirst);
    a_storage_region_is_replaced_in_place: replaced(storage_region, DestroyFirst);
    a_storage_region_is_replaced_in_place_created_first: replaced(storage_region, CreateFirst);
    a_dashboard_is_replaced_in_place: replaced(dashboard, DestroyFirst);
    a_dashboard_is_replaced_in_place_created_first: replaced(dashboard, CreateFirst);
    a_user_is_replaced_in_place: replaced(user, DestroyFirst);
    a_user_is_replaced_in_place_created_first: replaced(user, CreateFirst);
}

/// Resources that are not replaced here, and why.
const WITHOUT: [(&str, &str); 3] = [
    ("alitrail_history_delivery_job", "a job has no name under which it could be made again"),
    ("alitrail_sls_action_policy", "a record, as a user is"),
    ("alitrail_sls_user_group", "a record, as a user is"),
];

#[test]
fn every_resource_is_replaced() {
    let source = include_str!("subjects.rs");
    let missing: Vec<&&str> = RESOURCES
        .iter()
        .filter(|resource| !source.contains(&format!("resource: {resource:?}")))
        .filter(|resource| !WITHOUT.iter().any(|(without, _)| without == *resource))
        .collect();
    assert!(missing.is_empty(), "no subject: {missing:?}");
}

/// A replacement that is one: the rules move to another bucket, and the first one has none any more.
fn moves(order: Order) {
    let subject = subjects::lifecycle();
    let fixture = made(&subject, order);
    let other = "\nresource \"alitrail_oss_bucket\" \"other\" {\n  bucket = \"replaced-other\"\n}\n";
    let moved = subject
        .configuration(order)
        .replace("= alitrail_oss_bucket.around.bucket", "= alitrail_oss_bucket.other.bucket");
    fixture.configure(&format!("{moved}{other}"));
    fixture.apply();
    let rules = |bucket: &str| fixture.cloud.get(&fixture.cloud.bucket(bucket)).unwrap()["Lifecycle"].clone();
    assert!(rules("replaced-archive").is_null(), "{}", rules("replaced-archive"));
    assert!(!rules("replaced-other").is_null());
    fixture.assert_unchanged("after the move");
}

#[test]
fn rules_that_move_to_another_bucket_leave_the_first() {
    moves(DestroyFirst);
    moves(CreateFirst);
}

/// What is tainted and then taken out of the configuration is deleted like anything else.
#[test]
fn a_tainted_setting_is_deleted_with_its_resource() {
    for order in [DestroyFirst, CreateFirst] {
        let subject = subjects::lifecycle();
        let fixture = made(&subject, order);
        fixture.workspace.succeed(&["taint", &subject.address()]).unwrap_or_else(|error| panic!("{error}"));
        fixture.configure(&subject.around);
        fixture.apply();
        assert!(subject.document(&fixture).is_null(), "the rules are gone");
    }
}

/// A replacement that also changes something brings the change about, where it is.
#[test]
fn a_replacement_brings_changes_about() {
    for order in [DestroyFirst, CreateFirst] {
        let subject = subjects::lifecycle();
        let fixture = made(&subject, order);
        let mark = fixture.cloud.mark();
        fixture.configure(&subject.configuration(order).replace("1095", "2000"));
        let replace = format!("-replace={}", subject.address());
        fixture.workspace.apply(&[&replace]).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(fixture.cloud.removals_since(mark), Vec::<String>::new());
        assert!(subject.document(&fixture).to_string().contains("2000"), "{}", subject.document(&fixture));
        fixture.assert_unchanged("after a replacement with a change");
    }
}

/// Refuses an action from its `from`th call on.
fn refuse(fixture: &Fixture, action: &str, from: usize) {
    fixture.cloud.set_faults(&json!([{"kind": "server_error", "action": action, "from": from, "status": 403,
        "code": "AccessDenied", "message": "refused by the test"}]));
}
