//! Creations and replacements that fail half-way, or are interrupted there: the next apply alone completes them, and
//! takes nothing away.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use acceptance_tests::{Fixture, full};
use serde_json::json;

use super::subjects::Order::{self, CreateFirst, DestroyFirst};
use super::subjects::{self, Subject};
use super::{APPLY, cases, is_kept, made, refuse};

/// How many calls of `follows` a creation makes before the one that makes the object: counted once for each subject.
pub(super) fn before_it_is_made(subject: &Subject) -> usize {
    static COUNTED: Mutex<BTreeMap<&str, Arc<OnceLock<usize>>>> = Mutex::new(BTreeMap::new());
    let counted = Arc::clone(COUNTED.lock().unwrap().entry(subject.resource).or_default());
    *counted.get_or_init(|| count_before_it_is_made(subject))
}

fn count_before_it_is_made(subject: &Subject) -> usize {
    let fixture = Fixture::new(&full());
    fixture.configure(&subject.around);
    fixture.apply();
    let mark = fixture.cloud.mark();
    fixture.configure(&subject.configuration(DestroyFirst));
    fixture.apply();
    let calls = fixture.cloud.requests_since(mark);
    let made = calls.iter().position(|call| call.action == subject.makes).expect("a creation");
    assert!(calls[made..].iter().any(|call| call.action == subject.follows), "{} follows", subject.follows);
    calls[..made].iter().filter(|call| call.action == subject.follows).count()
}

/// A stage on which the creation failed right after the object was made.
fn half_made(subject: &Subject, order: Order) -> Fixture {
    let before = before_it_is_made(subject);
    let fixture = Fixture::new(&full());
    if !subject.around.is_empty() {
        fixture.configure(&subject.around);
        fixture.apply();
    }
    fixture.configure(&subject.configuration(order));
    refuse(&fixture, subject.follows, before + 1);
    let said = fixture.fail(&APPLY);
    assert!(said.contains("AccessDenied"), "{said}");
    fixture.cloud.set_faults(&json!([]));
    assert!(!subject.document(&fixture).is_null(), "it was made:\n{said}");
    let state = fixture.workspace.state().unwrap();
    assert!(state.contains_key(&subject.address()), "what was made is in the state after:\n{said}");
    fixture
}

/// A creation that failed half-way is in the state, and the next apply completes it.
fn completed(subject: &Subject, order: Order) {
    let fixture = half_made(subject, order);
    let mark = fixture.cloud.mark();
    fixture.apply();
    let made = fixture.cloud.requests_since(0);
    let made = made.iter().filter(|call| call.action == subject.makes && call.accepted).count();
    assert!(subject.makes.starts_with("Put") || made == 1, "{} was accepted {made} times", subject.makes);
    is_kept(&fixture, subject, &subject.document(&fixture), mark, "after the next apply");
}

cases! {
    a_half_made_lifecycle_is_completed: completed(lifecycle, DestroyFirst);
    a_half_made_lifecycle_is_completed_created_first: completed(lifecycle, CreateFirst);
    a_half_made_policy_is_completed: completed(policy, DestroyFirst);
    a_half_made_policy_is_completed_created_first: completed(policy, CreateFirst);
    half_made_access_logging_is_completed: completed(logging, DestroyFirst);
    half_made_access_logging_is_completed_created_first: completed(logging, CreateFirst);
    a_half_made_account_block_is_completed: completed(account_block, DestroyFirst);
    a_half_made_account_block_is_completed_created_first: completed(account_block, CreateFirst);
    a_half_made_retention_policy_is_completed: completed(worm, DestroyFirst);
    a_half_made_retention_policy_is_completed_created_first: completed(worm, CreateFirst);
    a_half_made_index_is_completed: completed(index, DestroyFirst);
    a_half_made_index_is_completed_created_first: completed(index, CreateFirst);
    a_half_made_alert_is_completed: completed(alert, DestroyFirst);
    a_half_made_alert_is_completed_created_first: completed(alert, CreateFirst);
    a_half_made_selector_is_completed: completed(selector, DestroyFirst);
    a_half_made_selector_is_completed_created_first: completed(selector, CreateFirst);
    a_half_made_bucket_is_completed: completed(bucket, DestroyFirst);
    a_half_made_bucket_is_completed_created_first: completed(bucket, CreateFirst);
    a_half_made_project_is_completed: completed(project, DestroyFirst);
    a_half_made_project_is_completed_created_first: completed(project, CreateFirst);
    a_half_made_logstore_is_completed: completed(logstore, DestroyFirst);
    a_half_made_logstore_is_completed_created_first: completed(logstore, CreateFirst);
    a_half_made_trail_is_completed: completed(trail, DestroyFirst);
    a_half_made_trail_is_completed_created_first: completed(trail, CreateFirst);
    a_half_made_delivery_role_is_completed: completed(delivery_role, DestroyFirst);
    a_half_made_delivery_role_is_completed_created_first: completed(delivery_role, CreateFirst);
    a_half_made_service_linked_role_is_completed: completed(service_linked_role, DestroyFirst);
    a_half_made_service_linked_role_is_completed_created_first: completed(service_linked_role, CreateFirst);
    a_half_chosen_storage_region_is_completed: completed(storage_region, DestroyFirst);
    a_half_chosen_storage_region_is_completed_created_first: completed(storage_region, CreateFirst);
    a_half_made_dashboard_is_completed: completed(dashboard, DestroyFirst);
    a_half_made_dashboard_is_completed_created_first: completed(dashboard, CreateFirst);
    a_half_made_user_is_completed: completed(user, DestroyFirst);
    a_half_made_user_is_completed_created_first: completed(user, CreateFirst);
}

/// A replacement whose second half is refused half-way; the next apply alone puts it right.
fn half_replaced(subject: &Subject, order: Order) {
    let fixture = made(subject, order);
    let before = subject.document(&fixture);
    let mark = fixture.cloud.mark();
    let mut replace = APPLY.to_vec();
    let option = format!("-replace={}", subject.address());
    replace.push(&option);
    // Everything that the apply itself writes, and the reads after that.
    fixture.cloud.set_faults(&json!([
        {"kind": "server_error", "action": subject.makes, "status": 403, "code": "AccessDenied"},
    ]));
    let refused = !fixture.workspace.run(&replace).unwrap().success();
    fixture.cloud.set_faults(&json!([]));
    assert!(
        fixture.workspace.state().unwrap().contains_key(&subject.address()),
        "refused: {refused}, in the state"
    );
    fixture.apply();
    is_kept(
        &fixture,
        subject,
        &before,
        mark,
        &format!("after a replacement (refused: {refused}) and an apply"),
    );
}

cases! {
    a_lifecycle_outlives_a_refused_replacement: half_replaced(lifecycle, DestroyFirst);
    a_lifecycle_outlives_a_refused_replacement_created_first: half_replaced(lifecycle, CreateFirst);
    a_policy_outlives_a_refused_replacement: half_replaced(policy, DestroyFirst);
    a_policy_outlives_a_refused_replacement_created_first: half_replaced(policy, CreateFirst);
    access_logging_outlives_a_refused_replacement: half_replaced(logging, DestroyFirst);
    access_logging_outlives_a_refused_replacement_created_first: half_replaced(logging, CreateFirst);
    a_retention_policy_outlives_a_refused_replacement: half_replaced(worm, DestroyFirst);
    a_retention_policy_outlives_a_refused_replacement_created_first: half_replaced(worm, CreateFirst);
    an_index_outlives_a_refused_replacement: half_replaced(index, DestroyFirst);
    an_index_outlives_a_refused_replacement_created_first: half_replaced(index, CreateFirst);
    an_alert_outlives_a_refused_replacement: half_replaced(alert, DestroyFirst);
    an_alert_outlives_a_refused_replacement_created_first: half_replaced(alert, CreateFirst);
    a_selector_outlives_a_refused_replacement: half_replaced(selector, DestroyFirst);
    a_selector_outlives_a_refused_replacement_created_first: half_replaced(selector, CreateFirst);
}

/// A replacement, created first, whose creation fails after it wrote the setting: the state then holds the new object,
/// half-made, and the old one, deposed. Taking away what is deposed must not take away the setting.
fn half_replaced_after_the_write(subject: &Subject) {
    let option = format!("-replace={}", subject.address());
    let mut replace = APPLY.to_vec();
    replace.push(&option);
    // How many looks come before the write, or before the last look where nothing is written.
    let fixture = made(subject, CreateFirst);
    let mark = fixture.cloud.mark();
    fixture.workspace.succeed(&replace).unwrap_or_else(|error| panic!("{error}"));
    let calls = fixture.cloud.requests_since(mark);
    let end = calls.iter().position(|call| call.action == subject.makes);
    let end = end.or_else(|| calls.iter().rposition(|call| call.action == subject.follows)).expect("a look");
    let looks = calls[..end].iter().filter(|call| call.action == subject.follows).count();

    let fixture = made(subject, CreateFirst);
    let before = subject.document(&fixture);
    let mark = fixture.cloud.mark();
    refuse(&fixture, subject.follows, looks + 1);
    let said = fixture.fail(&replace);
    fixture.cloud.set_faults(&json!([]));
    assert!(
        fixture.workspace.state().unwrap().contains_key(&subject.address()),
        "it is in the state after:\n{said}"
    );
    fixture.apply();
    is_kept(&fixture, subject, &before, mark, "after the next apply");
}

#[test]
fn a_lifecycle_outlives_its_deposed_self() {
    half_replaced_after_the_write(&subjects::lifecycle());
}

#[test]
fn a_policy_outlives_its_deposed_self() {
    half_replaced_after_the_write(&subjects::policy());
}

#[test]
fn access_logging_outlives_its_deposed_self() {
    half_replaced_after_the_write(&subjects::logging());
}

#[test]
fn an_account_block_outlives_its_deposed_self() {
    half_replaced_after_the_write(&subjects::account_block())
}

/// With `-replace` and a change of what it depends on, Terraform deletes before the change and makes after it. When the
/// change is refused, the second half never comes. Terraform itself has then taken the object out of the state: what
/// the provider answers to a deletion cannot keep it there. The cloud keeps the object, and the next apply alone takes
/// it back into the state and writes nothing to it.
fn second_half_never_comes(resource: &str, arguments: &str, order: Order) {
    let configuration = |tags: &str| {
        let lifecycle = match order {
            DestroyFirst => "",
            CreateFirst => "\n  lifecycle {\n    create_before_destroy = true\n  }",
        };
        format!(
            "resource \"alitrail_oss_bucket\" \"before\" {{\n  bucket = \"replaced-before\"\n  tags = {{ v = {tags:?} }}\n}}\n\n\
             resource {resource:?} \"this\" {{\n{arguments}\n  depends_on = [alitrail_oss_bucket.before]{lifecycle}\n}}\n"
        )
    };
    let address = format!("{resource}.this");
    let fixture = Fixture::new(&full());
    fixture.configure(&configuration("one"));
    fixture.apply();
    let mark = fixture.cloud.mark();
    fixture.configure(&configuration("two"));
    refuse(&fixture, "PutBucketTags", 1);
    let mut replace = APPLY.to_vec();
    let option = format!("-replace={address}");
    replace.push(&option);
    let said = fixture.fail(&replace);
    fixture.cloud.set_faults(&json!([]));
    assert_eq!(fixture.cloud.removals_since(mark), Vec::<String>::new(), "nothing is taken away by:\n{said}");
    let state = fixture.workspace.state().unwrap();
    assert_eq!(
        state.contains_key(&address),
        order == CreateFirst,
        "whether it is in the state after:\n{said}"
    );
    fixture.apply();
    assert_eq!(fixture.cloud.removals_since(mark), Vec::<String>::new());
    assert!(fixture.workspace.state().unwrap().contains_key(&address), "it is in the state again");
    fixture.assert_unchanged("after the next apply");
}

const TRAIL: &str =
    "  trail_name = \"replaced-trail\"\n  oss_bucket_name = alitrail_oss_bucket.before.bucket";
const BUCKET: &str = "  bucket = \"replaced-archive\"";

#[test]
fn a_trail_whose_second_half_never_comes_is_kept() {
    second_half_never_comes("alitrail_trail", TRAIL, DestroyFirst);
}

#[test]
fn a_trail_whose_second_half_never_comes_is_kept_created_first() {
    second_half_never_comes("alitrail_trail", TRAIL, CreateFirst);
}

#[test]
fn a_bucket_whose_second_half_never_comes_is_kept() {
    second_half_never_comes("alitrail_oss_bucket", BUCKET, DestroyFirst);
}

#[test]
fn a_bucket_whose_second_half_never_comes_is_kept_created_first() {
    second_half_never_comes("alitrail_oss_bucket", BUCKET, CreateFirst);
}

#[test]
fn a_lifecycle_whose_second_half_never_comes_stays_in_force() {
    let rules =
        "  bucket = alitrail_oss_bucket.before.bucket\n  rules = { old = { expiration = { days = 1095 } } }";
    second_half_never_comes("alitrail_oss_bucket_lifecycle", rules, DestroyFirst);
}

/// `-replace` of a tainted object whose completion itself is refused: it stays in the state, and the next apply
/// completes it.
fn refused_completion(subject: &Subject, order: Order) {
    let fixture = half_made(subject, order);
    let mark = fixture.cloud.mark();
    refuse(&fixture, subject.follows, 1);
    let output = fixture.workspace.run(&APPLY).unwrap();
    fixture.cloud.set_faults(&json!([]));
    assert!(!output.success(), "{} is needed", subject.follows);
    let state = fixture.workspace.state().unwrap();
    assert!(state.contains_key(&subject.address()), "it is in the state after:\n{}", output.combined());
    fixture.apply();
    is_kept(&fixture, subject, &subject.document(&fixture), mark, "after the next apply");
}

cases! {
    a_trail_outlives_a_refused_completion: refused_completion(trail, DestroyFirst);
    a_trail_outlives_a_refused_completion_created_first: refused_completion(trail, CreateFirst);
    a_bucket_outlives_a_refused_completion: refused_completion(bucket, DestroyFirst);
    a_bucket_outlives_a_refused_completion_created_first: refused_completion(bucket, CreateFirst);
    a_project_outlives_a_refused_completion: refused_completion(project, DestroyFirst);
    a_project_outlives_a_refused_completion_created_first: refused_completion(project, CreateFirst);
}

/// The example as it is: its trail is created before the old one is destroyed, and Terraform spreads that to everything
/// that the trail needs. A creation that is refused at one call is completed by the next apply, with all rules.
fn example_refused_at(action: &str, from: usize) {
    let fixture = Fixture::new(&full());
    fixture.take_example("single-account");
    refuse(&fixture, action, from);
    let output = fixture.workspace.run(&APPLY).unwrap();
    assert!(!output.success(), "{action} is needed:\n{}", output.combined());
    fixture.cloud.set_faults(&json!([]));
    example_is_completed(&fixture);
}

fn example_is_completed(fixture: &Fixture) {
    let mark = fixture.cloud.mark();
    fixture.apply();
    assert_eq!(fixture.cloud.removals_since(mark), Vec::<String>::new());
    fixture.assert_unchanged("after the next apply");
    let bucket = fixture
        .cloud
        .get(&fixture.cloud.bucket(&format!("audit-trail-{}", fixture.cloud.account_id)))
        .unwrap();
    let rules = bucket["Lifecycle"].to_string();
    assert!(rules.contains("archive") && rules.contains("1095"), "the rules are there: {bucket}");
    assert_eq!(fixture.cloud.get(&fixture.cloud.trail("audit-trail")).unwrap()["Status"], "Enable");
}

#[test]
fn the_example_refused_in_its_bucket_is_completed() {
    example_refused_at("PutBucketVersioning", 1);
}

#[test]
fn the_example_refused_in_its_rules_is_completed() {
    // The first read of the rules belongs to the creation: there is no bucket to read from in the plan.
    example_refused_at("GetBucketLifecycle", 1);
}

#[test]
fn the_example_refused_in_its_project_is_completed() {
    example_refused_at("TagResources", 1);
}

#[test]
fn the_example_refused_in_its_trail_is_completed() {
    example_refused_at("StartLogging", 1);
}

#[test]
fn the_example_interrupted_in_its_trail_is_completed() {
    let fixture = Fixture::new(&full());
    fixture.take_example("single-account");
    fixture
        .cloud
        .set_faults(&json!([{"kind": "slow", "action": "StartLogging", "milliseconds": 20000, "times": 1}]));
    let apply = fixture.workspace.start(&APPLY).unwrap();
    let trail = fixture.cloud.trail("audit-trail");
    let deadline = std::time::Instant::now() + Duration::from_secs(60);
    while fixture.cloud.find(&trail).unwrap().is_none() {
        assert!(std::time::Instant::now() < deadline, "no trail within 60 s");
        std::thread::sleep(Duration::from_millis(20));
    }
    apply.interrupt();
    let output = apply.wait(Duration::from_secs(90), None).unwrap();
    assert!(!output.success(), "an interrupted apply fails:\n{}", output.combined());
    fixture.cloud.set_faults(&json!([]));
    example_is_completed(&fixture);
}

/// A replacement of what the example protects is refused; without the protection, it is completed.
#[test]
fn the_example_is_replaced_in_place() {
    let fixture = Fixture::new(&full());
    fixture.take_example("single-account");
    let lifted = "-var=deletion_protection=false";
    fixture.workspace.apply(&[lifted]).unwrap_or_else(|error| panic!("{error}"));
    let mark = fixture.cloud.mark();
    for address in [
        "alitrail_oss_bucket_lifecycle.archive[\"1\"]",
        "alitrail_oss_bucket.archive[\"1\"]",
        "alitrail_sls_project.audit",
        "alitrail_trail.this",
        "alitrail_sls_logstore.events[\"1\"]",
    ] {
        let replace = format!("-replace=module.baseline.{address}");
        fixture.workspace.apply(&[lifted, &replace]).unwrap_or_else(|error| panic!("{address}: {error}"));
        assert_eq!(fixture.cloud.removals_since(mark), Vec::<String>::new(), "{address}");
    }
    let plan = fixture.plan(&[lifted]);
    assert!(plan.is_empty(), "{}", plan.summary());
}
