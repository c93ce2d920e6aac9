//! Applies: nothing that the cloud holds is lost, whatever happens on the way.

use super::*;

const SOCKS: &str = "socks";

fn config() -> Json {
    json!({"name": SOCKS})
}

#[tokio::test]
async fn must_know_16_create_update_and_delete_keep_the_identity() {
    let bench = Bench::new("apply").await;
    let created = bench.change(&Json::Null, &config()).await;
    assert_eq!(errors(&created.diagnostics), [""; 0]);
    let first = created.new_identity.clone().unwrap();
    let prior = state(&object(created.new_state.as_ref()).unwrap());
    let updated = bench.change(&prior, &json!({"name": SOCKS, "colour": "blue"})).await;
    assert_eq!(updated.new_identity.unwrap(), first);
    assert_eq!(lock(&bench.cloud.boxes)[SOCKS].colour.as_str(), Some("blue"));
    let prior = state(&object(updated.new_state.as_ref()).unwrap());
    let plan = bench.plan(&prior, &Json::Null, &updated.private).await;
    let deleted = bench.apply(boxed(&prior), null(), &plan.planned_private).await;
    assert_eq!(object(deleted.new_state.as_ref()), None);
    assert_eq!(*lock(&bench.cloud.deleted), [SOCKS]);
}

#[tokio::test]
async fn must_know_5_a_failed_create_keeps_what_it_reached() {
    let bench = Bench::new("apply-half").await;
    *lock(&bench.cloud.trouble) = Some("create");
    let created = bench.change(&Json::Null, &config()).await;
    assert_eq!(errors(&created.diagnostics), ["Half-way"]);
    let kept = object(created.new_state.as_ref()).unwrap();
    assert_eq!(kept["id"], Value::from(SOCKS));
    assert_eq!(kept["revision"], Value::Null, "what is not known is null, never unknown");
}

#[tokio::test]
async fn must_know_7_a_panic_is_an_error_with_the_state_reached() {
    let bench = Bench::new("apply-panic").await;
    *lock(&bench.cloud.trouble) = Some("panic");
    let created = bench.change(&Json::Null, &config()).await;
    assert_eq!(errors(&created.diagnostics), ["The provider failed while applying a change"]);
    assert_eq!(object(created.new_state.as_ref()).unwrap()["id"], Value::from(SOCKS));
}

#[tokio::test]
async fn must_know_6_an_apply_ends_even_when_terraform_is_gone() {
    let bench = Bench::new("apply-gone").await;
    *lock(&bench.cloud.trouble) = Some("wait");
    let plan = bench.plan(&Json::Null, &config(), &Bytes::new()).await;
    let request = bench.apply(boxed(&Json::Null), plan.planned_state.unwrap(), &plan.planned_private);
    // The client vanishes: its request is dropped in the middle.
    tokio::select! {
        _ = request => panic!("the box is made before it is released"),
        () = bench.cloud.waits.notified() => {}
    }
    assert!(!bench.tasks.is_empty(), "the work goes on");
    bench.cloud.release.notify_one();
    bench.tasks.close();
    bench.tasks.wait().await;
    assert!(lock(&bench.cloud.boxes).contains_key(SOCKS));
}

#[tokio::test]
async fn an_interrupt_ends_what_runs_and_nothing_that_comes_later() {
    let bench = Bench::new("apply-stop").await;
    *lock(&bench.cloud.trouble) = Some("wait");
    let stop = async {
        bench.cloud.waits.notified().await;
        bench.server.stop_provider(Request::new(wire::stop_provider::Request {})).await.unwrap();
    };
    let config = config();
    let (created, ()) = tokio::join!(bench.change(&Json::Null, &config), stop);
    assert_eq!(errors(&created.diagnostics), ["Interrupted"]);
    assert_eq!(object(created.new_state.as_ref()).unwrap()["id"], Value::from(SOCKS));
    *lock(&bench.cloud.trouble) = None;
    let other = bench.change(&Json::Null, &json!({"name": "shirts"})).await;
    assert_eq!(errors(&other.diagnostics), [""; 0]);
}

#[tokio::test]
async fn a_tainted_box_is_completed_and_not_deleted() {
    let bench = Bench::new("apply-taint").await;
    *lock(&bench.cloud.trouble) = Some("create");
    let half = state(&object(bench.change(&Json::Null, &config()).await.new_state.as_ref()).unwrap());
    *lock(&bench.cloud.trouble) = None;
    // Terraform plans a tainted object as if it were new, then deletes and creates.
    let plan = bench.plan(&Json::Null, &json!({"name": SOCKS, "colour": "blue"}), &Bytes::new()).await;
    let made_way = bench.apply(boxed(&half), null(), &plan.planned_private).await;
    assert_eq!((errors(&made_way.diagnostics), object(made_way.new_state.as_ref())), (vec![], None));
    assert_eq!(*lock(&bench.cloud.deleted), [""; 0]);
    let created = bench.apply(boxed(&Json::Null), plan.planned_state.unwrap(), &plan.planned_private).await;
    assert_eq!(errors(&created.diagnostics), [""; 0]);
    assert_eq!(lock(&bench.cloud.boxes)[SOCKS].colour.as_str(), Some("blue"));
}

#[tokio::test]
async fn a_tainted_box_is_not_completed_into_what_it_cannot_become() {
    let bench = Bench::new("apply-taint-refused").await;
    *lock(&bench.cloud.trouble) = Some("create");
    let half = state(&object(bench.change(&Json::Null, &config()).await.new_state.as_ref()).unwrap());
    *lock(&bench.cloud.trouble) = None;
    let plan = bench.plan(&Json::Null, &json!({"name": SOCKS, "shelf": "low"}), &Bytes::new()).await;
    assert_eq!(errors(&plan.diagnostics), [""; 0], "to the plan, it is a new box");
    bench.apply(boxed(&half), null(), &plan.planned_private).await;
    let refused = bench.apply(boxed(&Json::Null), plan.planned_state.unwrap(), &plan.planned_private).await;
    assert_eq!(errors(&refused.diagnostics), [r#"shelf of box "socks" cannot be changed"#]);
    assert_eq!(
        object(refused.new_state.as_ref()).unwrap()["shelf"],
        Value::from("top"),
        "still in the state"
    );
    assert_eq!(lock(&bench.cloud.boxes)[SOCKS].shelf.as_str(), Some("top"));
}

#[tokio::test]
async fn what_completing_a_tainted_box_loses_is_told_or_refused() {
    for strict in [false, true] {
        let room = format!("apply-taint-loss-{strict}");
        let bench = Bench::configured(&room, &json!({"room": room, "strict": strict})).await;
        let old = state(&object(bench.change(&Json::Null, &config()).await.new_state.as_ref()).unwrap());
        let open = json!({"name": SOCKS, "lid": {"locked": false}});
        let plan = bench.plan(&Json::Null, &open, &Bytes::new()).await;
        assert_eq!(summaries(&plan.diagnostics), [""; 0], "to the plan, it is a new box");
        bench.apply(boxed(&old), null(), &plan.planned_private).await;
        let made = bench.apply(boxed(&Json::Null), plan.planned_state.unwrap(), &plan.planned_private).await;
        assert_eq!(summaries(&made.diagnostics), ["box opens"]);
        assert_eq!(errors(&made.diagnostics).is_empty(), !strict);
        let lid = lock(&bench.cloud.boxes)[SOCKS].lid.clone();
        assert_eq!(lid.get().unwrap().locked.get(), Some(&strict));
    }
}

#[tokio::test]
async fn a_box_that_is_completed_keeps_what_was_decided_when_it_was_made() {
    let bench = Bench::new("apply-taint-kept").await;
    let low = json!({"name": SOCKS, "shelf": "low"});
    let old = state(&object(bench.change(&Json::Null, &low).await.new_state.as_ref()).unwrap());
    // With -replace, and a configuration that leaves the shelf out.
    let first = bench.plan(&old, &config(), &Bytes::new()).await;
    let second = bench.plan(&Json::Null, &config(), &first.planned_private).await;
    assert!(object(second.planned_state.as_ref()).unwrap()["shelf"].is_unknown());
    bench.apply(boxed(&old), null(), &second.planned_private).await;
    let made = bench.apply(boxed(&Json::Null), second.planned_state.unwrap(), &second.planned_private).await;
    assert_eq!(errors(&made.diagnostics), [""; 0]);
    assert_eq!(object(made.new_state.as_ref()).unwrap()["shelf"], Value::from("low"));
    assert_eq!(lock(&bench.cloud.boxes)[SOCKS].shelf.as_str(), Some("low"));
}

#[tokio::test]
async fn a_replacement_under_a_new_name_deletes_the_old_box_unless_it_is_protected() {
    let bench = Bench::new("apply-rename").await;
    let old = state(&object(bench.change(&Json::Null, &config()).await.new_state.as_ref()).unwrap());
    let renamed = json!({"name": "shirts"});
    let first = bench.plan(&old, &renamed, &Bytes::new()).await;
    let second = bench.plan(&Json::Null, &renamed, &first.planned_private).await;
    let mut guarded = old.clone();
    guarded["deletion_protection"] = json!(true);
    let refused = bench.apply(boxed(&guarded), null(), &second.planned_private).await;
    assert_eq!(errors(&refused.diagnostics), [r#"box "socks" is protected against deletion"#]);
    assert!(object(refused.new_state.as_ref()).is_some(), "what was not deleted stays in the state");
    let deleted = bench.apply(boxed(&old), null(), &second.planned_private).await;
    assert_eq!(
        (errors(&deleted.diagnostics), &*lock(&bench.cloud.deleted)),
        (vec![], &vec![SOCKS.to_owned()])
    );
}

#[tokio::test]
async fn a_failed_update_tells_what_is_true_and_leaves_the_protection_as_it_was() {
    let bench = Bench::new("apply-update").await;
    let guarded = json!({"name": SOCKS, "deletion_protection": true});
    let old = state(&object(bench.change(&Json::Null, &guarded).await.new_state.as_ref()).unwrap());
    *lock(&bench.cloud.trouble) = Some("update");
    let failed = bench.change(&old, &json!({"name": SOCKS, "colour": "blue"})).await;
    assert_eq!(errors(&failed.diagnostics), ["Half-way"]);
    let kept = object(failed.new_state.as_ref()).unwrap();
    assert_eq!(kept["colour"], Value::from("blue"));
    assert_eq!(kept["deletion_protection"], Value::from(true));
}

#[tokio::test]
async fn a_service_that_stores_something_else_is_found_out() {
    let bench = Bench::new("apply-paint").await;
    *lock(&bench.cloud.trouble) = Some("paint");
    let created = bench.change(&Json::Null, &config()).await;
    assert_eq!(errors(&created.diagnostics), ["The service holds another colour than was sent"]);
    assert_eq!(object(created.new_state.as_ref()).unwrap()["colour"], Value::from("blue"));
}

#[tokio::test]
async fn with_create_before_destroy_the_old_box_is_forgotten_and_not_deleted() {
    let old = Bench::new("apply-cbd").await.change(&Json::Null, &config()).await;
    let before = state(&object(old.new_state.as_ref()).unwrap());
    // Another process, which refreshes the box. The create call comes first. A box cannot be created twice; a setting would
    // be put again.
    let bench = Bench::new("apply-cbd").await;
    bench.refresh(&before, &old.private).await;
    lock(&bench.cloud.boxes).clear();
    let created = bench.change(&Json::Null, &config()).await;
    assert_eq!(errors(&created.diagnostics), [""; 0]);
    // Terraform plans the deletion of the deposed box in the same process.
    let plan = bench.plan(&before, &Json::Null, &old.private).await;
    assert_eq!(errors(&plan.diagnostics), [""; 0]);
    let gone = bench.apply(boxed(&before), null(), &plan.planned_private).await;
    assert_eq!((errors(&gone.diagnostics), object(gone.new_state.as_ref())), (vec![], None));
    assert_eq!(*lock(&bench.cloud.deleted), [""; 0]);
    // Its successor can be deleted as ever, by this process too.
    let after = state(&object(created.new_state.as_ref()).unwrap());
    let plan = bench.plan(&after, &Json::Null, &created.private).await;
    bench.apply(boxed(&after), null(), &plan.planned_private).await;
    assert_eq!(*lock(&bench.cloud.deleted), [SOCKS]);
}

#[tokio::test]
async fn what_to_do_after_a_failed_create_is_said() {
    let bench = Bench::new("apply-advice").await;
    *lock(&bench.cloud.trouble) = Some("create");
    let created = bench.change(&Json::Null, &config()).await;
    let detail = &created.diagnostics[0].detail;
    assert!(detail.starts_with("The lid is missing.") && detail.contains("Apply again"), "{detail}");
    assert!(detail.contains("box \"socks\" was created in part"), "{detail}");
}

#[tokio::test]
async fn a_tainted_box_whose_successor_had_no_name_in_the_plan_is_not_deleted() {
    let bench = Bench::new("apply-taint-unknown").await;
    let old = state(&object(bench.change(&Json::Null, &config()).await.new_state.as_ref()).unwrap());
    let plan = bench.plan(&Json::Null, &json!({"name": "?"}), &Bytes::new()).await;
    let refused = bench.apply(boxed(&old), null(), &plan.planned_private).await;
    assert_eq!(errors(&refused.diagnostics), [r#"box "socks" is not deleted"#]);
    assert!(object(refused.new_state.as_ref()).is_some());
    assert_eq!(*lock(&bench.cloud.deleted), [""; 0]);
}

#[tokio::test]
async fn with_create_before_destroy_a_tainted_box_is_completed_by_what_the_plan_noted() {
    let directory = tempfile::tempdir().unwrap();
    let room = "apply-cbd-note";
    let process = || {
        let replacement_notes = ReplacementNotes::in_directory(directory.path());
        async move { Bench::over(room, &json!({"room": room, "strict": null}), replacement_notes).await }
    };
    let bench = process().await;
    *lock(&bench.cloud.trouble) = Some("create");
    let half = bench.change(&Json::Null, &config()).await;
    let before = state(&object(half.new_state.as_ref()).unwrap());
    *lock(&bench.cloud.trouble) = None;
    // The plan sees the state in its refresh; the apply, in a process of its own, sees nothing of it before it creates.
    let planning = process().await;
    let blue = json!({"name": SOCKS, "colour": "blue"});
    planning.refresh(&before, &half.private).await;
    planning.plan(&Json::Null, &blue, &Bytes::new()).await;
    let applying = process().await;
    let created = applying.change(&Json::Null, &blue).await;
    assert_eq!(errors(&created.diagnostics), [""; 0]);
    assert_eq!(lock(&bench.cloud.boxes)[SOCKS].colour.as_str(), Some("blue"));
    let plan = applying.plan(&before, &Json::Null, &half.private).await;
    assert_eq!(summaries(&plan.diagnostics), [r#"box "socks" is forgotten, not deleted"#]);
    applying.apply(boxed(&before), null(), &plan.planned_private).await;
    assert_eq!(*lock(&bench.cloud.deleted), [""; 0]);
    // Whoever creates a box of that name afterwards is told that there is one.
    let other = process().await.change(&Json::Null, &config()).await;
    assert_eq!(errors(&other.diagnostics), ["Box exists"]);
}

#[tokio::test]
async fn a_tainted_box_is_not_deleted_for_another_one_before_a_plan_shows_what_is_lost() {
    let bench = Bench::new("apply-taint-renamed").await;
    let old = state(&object(bench.change(&Json::Null, &config()).await.new_state.as_ref()).unwrap());
    let plan = bench.plan(&Json::Null, &json!({"name": "shirts"}), &Bytes::new()).await;
    let refused = bench.apply(boxed(&old), null(), &plan.planned_private).await;
    assert_eq!(errors(&refused.diagnostics), [r#"box "socks" is not deleted"#]);
    assert!(refused.diagnostics[0].detail.contains("terraform untaint ADDRESS"));
    assert_eq!(*lock(&bench.cloud.deleted), [""; 0]);
}

#[tokio::test]
async fn a_box_that_another_address_has_is_not_taken_over_from_a_note() {
    let directory = tempfile::tempdir().unwrap();
    let room = "apply-duplicate";
    let process = || {
        let replacement_notes = ReplacementNotes::in_directory(directory.path());
        async move { Bench::over(room, &json!({"room": room, "strict": null}), replacement_notes).await }
    };
    let made = process().await.change(&Json::Null, &config()).await;
    let there = state(&object(made.new_state.as_ref()).unwrap());
    for other_first in [true, false] {
        let bench = process().await;
        bench.refresh(&there, &made.private).await;
        if other_first {
            bench.plan(&Json::Null, &config(), &Bytes::new()).await;
        }
        bench.plan(&there, &config(), &made.private).await;
        if !other_first {
            bench.plan(&Json::Null, &config(), &Bytes::new()).await;
        }
        let twice = process().await.change(&Json::Null, &config()).await;
        assert_eq!(errors(&twice.diagnostics), ["Box exists"], "planned first: {other_first}");
    }
}
