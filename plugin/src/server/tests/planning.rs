//! Plans: defaults, unknowns, replacement, protection, losses.

use super::*;

fn stored(name: &str) -> Json {
    json!({"id": name, "name": name, "shelf": "top", "colour": "brown", "lid": {"locked": true},
           "deletion_protection": false, "revision": 1})
}

fn merged(mut base: Json, change: &Json) -> Json {
    let (Json::Object(base_map), Json::Object(change)) = (&mut base, change) else { unreachable!() };
    base_map.extend(change.clone());
    base
}

#[tokio::test]
async fn a_create_plans_defaults_and_leaves_the_rest_unknown() {
    let bench = Bench::new("plan-create").await;
    let plan = bench.plan(&Json::Null, &json!({"name": "socks"}), &Bytes::new()).await;
    let planned = object(plan.planned_state.as_ref()).unwrap();
    assert_eq!(planned["colour"], Value::from("brown"));
    assert_eq!(planned["deletion_protection"], Value::from(false));
    let Value::Map(lid) = &planned["lid"] else { panic!("lid: {:?}", planned["lid"]) };
    assert_eq!((&lid["locked"], &lid["key"]), (&Value::from(true), &Value::Null));
    for computed in ["id", "shelf", "revision"] {
        assert!(planned[computed].is_unknown(), "{computed}");
    }
    assert_eq!(planned["owner"], Value::Null);
    assert!(plan.requires_replace.is_empty());
}

#[tokio::test]
async fn unset_plans_the_default_and_never_what_the_cloud_holds() {
    let bench = Bench::new("plan-default").await;
    let prior = merged(stored("socks"), &json!({"colour": "blue", "lid": {"locked": false, "key": "k"}}));
    let plan = bench.plan(&prior, &json!({"name": "socks"}), &Bytes::new()).await;
    let planned = object(plan.planned_state.as_ref()).unwrap();
    assert_eq!(planned["colour"], Value::from("brown"));
    let Value::Map(lid) = &planned["lid"] else { panic!("a lid") };
    assert_eq!((&lid["locked"], &lid["key"]), (&Value::from(true), &Value::Null));
    assert_eq!(planned["shelf"], Value::from("top"), "kept from creation");
    assert_eq!(planned["id"], Value::from("socks"), "computed and stable");
    assert!(planned["revision"].is_unknown(), "computed and volatile");
}

#[tokio::test]
async fn nothing_to_change_plans_the_prior_state() {
    let bench = Bench::new("plan-empty").await;
    let prior = merged(stored("socks"), &json!({"owner": "Ada"}));
    // The same owner in another spelling is the same owner.
    let plan = bench.plan(&prior, &json!({"name": "socks", "owner": "ADA"}), &Bytes::new()).await;
    assert_eq!(object(plan.planned_state.as_ref()), object(Some(&boxed(&prior))));
    assert_eq!(summaries(&plan.diagnostics), [""; 0]);
}

#[tokio::test]
async fn unknown_configuration_stays_unknown() {
    let bench = Bench::new("plan-unknown").await;
    let plan = bench.plan(&Json::Null, &json!({"name": "?", "labels": {"a": "?"}}), &Bytes::new()).await;
    let planned = object(plan.planned_state.as_ref()).unwrap();
    assert!(planned["name"].is_unknown());
    let Value::Map(labels) = &planned["labels"] else { panic!("labels") };
    assert!(labels["a"].is_unknown());
    assert_eq!(errors(&plan.diagnostics), [""; 0]);
}

#[tokio::test]
async fn must_know_15_nothing_is_ever_deferred() {
    let bench = Bench::new("plan-deferred").await;
    // Every plan of these tests is asked for with deferral_allowed.
    assert!(bench.plan(&Json::Null, &json!({"name": "?"}), &Bytes::new()).await.deferred.is_none());
}

#[tokio::test]
async fn a_new_name_replaces_and_the_same_name_never_does() {
    let bench = Bench::new("plan-replace").await;
    let renamed = bench.plan(&stored("socks"), &json!({"name": "shirts"}), &Bytes::new()).await;
    assert_eq!(renamed.requires_replace.len(), 1);
    assert_eq!(errors(&renamed.diagnostics), [""; 0]);
    let bench = Bench::new("plan-replace").await;
    let moved = bench.plan(&stored("socks"), &json!({"name": "socks", "shelf": "low"}), &Bytes::new()).await;
    assert_eq!(errors(&moved.diagnostics), [r#"shelf of box "socks" cannot be changed"#]);
    let imported = merged(stored("socks"), &json!({"shelf": null}));
    let decided = bench.plan(&imported, &json!({"name": "socks", "shelf": "low"}), &Bytes::new()).await;
    assert!(decided.requires_replace.is_empty(), "null in the prior state never replaces");
}

#[tokio::test]
async fn what_is_not_known_yet_neither_replaces_nor_refuses() {
    let bench = Bench::new("plan-unknown-replace").await;
    let unknown = json!({"name": "socks", "shelf": "?"});
    let plan = bench.plan(&stored("socks"), &unknown, &Bytes::new()).await;
    assert_eq!((errors(&plan.diagnostics), plan.requires_replace.len()), (vec![], 0));
    assert!(object(plan.planned_state.as_ref()).unwrap()["shelf"].is_unknown());
    // Before it applies, Terraform asks again with what it has learned.
    let same = bench.plan(&stored("socks"), &json!({"name": "socks", "shelf": "top"}), &Bytes::new()).await;
    assert_eq!(object(same.planned_state.as_ref()), object(Some(&boxed(&stored("socks")))));
    let other = bench.plan(&stored("socks"), &json!({"name": "socks", "shelf": "low"}), &Bytes::new()).await;
    assert_eq!(errors(&other.diagnostics), [r#"shelf of box "socks" cannot be changed"#]);
}

#[tokio::test]
async fn a_name_that_is_not_known_yet_deletes_nothing() {
    let bench = Bench::new("plan-unknown-name").await;
    let refused = ["name of box \"socks\" is not known yet"];
    for protected in [false, true] {
        let prior = merged(stored("socks"), &json!({"deletion_protection": protected}));
        let plan = bench.plan(&prior, &json!({"name": "?"}), &Bytes::new()).await;
        assert_eq!(errors(&plan.diagnostics), refused);
        assert_eq!(summaries(&plan.diagnostics), refused, "nothing else, since nothing is deleted");
        assert!(plan.diagnostics[0].detail.contains("-target="), "{}", plan.diagnostics[0].detail);
    }
}

const AT_TWO: [&str; 1] = [r#"box "socks" is at two addresses, and deleted at one"#];

/// The private bytes of a state.
fn place(private: &Json) -> Bytes {
    private.to_string().into()
}

#[tokio::test]
async fn a_box_that_changes_its_address_has_to_be_moved() {
    let (socks, shirts) = (json!({"name": "socks"}), json!({"name": "shirts"}));
    let bench = Bench::new("plan-address").await;
    assert_eq!(errors(&bench.plan(&stored("socks"), &Json::Null, &Bytes::new()).await.diagnostics), [""; 0]);
    assert_eq!(errors(&bench.plan(&Json::Null, &shirts, &Bytes::new()).await.diagnostics), [""; 0]);
    assert_eq!(errors(&bench.plan(&Json::Null, &socks, &Bytes::new()).await.diagnostics), AT_TWO);
    // The other way round.
    let bench = Bench::new("plan-address").await;
    assert_eq!(errors(&bench.plan(&Json::Null, &socks, &Bytes::new()).await.diagnostics), [""; 0]);
    assert_eq!(errors(&bench.plan(&stored("socks"), &Json::Null, &Bytes::new()).await.diagnostics), AT_TWO);
    // The names of a list that lost its first element, each at the index before.
    let bench = Bench::new("plan-address").await;
    let shifted = bench.plan(&stored("socks"), &shirts, &Bytes::new()).await;
    assert_eq!((errors(&shifted.diagnostics), shifted.requires_replace.len()), (vec![], 1));
    let second = bench.plan(&Json::Null, &shirts, &shifted.planned_private).await;
    assert_eq!(errors(&second.diagnostics), [""; 0]);
    let last = bench.plan(&stored("shirts"), &Json::Null, &Bytes::new()).await;
    assert_eq!(errors(&last.diagnostics), [r#"box "shirts" is at two addresses, and deleted at one"#]);
}

const TWICE: [&str; 1] = [r#"box "socks" is managed twice"#];

#[tokio::test]
async fn a_box_at_two_addresses_that_both_stay_is_refused() {
    let socks = json!({"name": "socks"});
    // Both are new: only the apply can tell.
    let bench = Bench::new("plan-two").await;
    assert_eq!(errors(&bench.change(&Json::Null, &socks).await.diagnostics), [""; 0]);
    let second = bench.change(&Json::Null, &socks).await;
    assert_eq!((errors(&second.diagnostics), object(second.new_state.as_ref())), (TWICE.to_vec(), None));
    // One is in the state.
    let bench = Bench::new("plan-two").await;
    assert_eq!(errors(&bench.plan(&stored("socks"), &socks, &Bytes::new()).await.diagnostics), [""; 0]);
    assert_eq!(errors(&bench.plan(&Json::Null, &socks, &Bytes::new()).await.diagnostics), TWICE);
    let bench = Bench::new("plan-two").await;
    assert_eq!(errors(&bench.plan(&Json::Null, &socks, &Bytes::new()).await.diagnostics), [""; 0]);
    assert_eq!(errors(&bench.plan(&stored("socks"), &socks, &Bytes::new()).await.diagnostics), TWICE);
    // Both are in the state.
    let (one, two) = (place(&json!({"instance": "1"})), place(&json!({"instance": "2"})));
    let bench = Bench::new("plan-two").await;
    assert_eq!(errors(&bench.plan(&stored("socks"), &socks, &one).await.diagnostics), [""; 0]);
    let blue = json!({"name": "socks", "colour": "blue"});
    assert_eq!(errors(&bench.plan(&stored("socks"), &socks, &two).await.diagnostics), [""; 0], "and agree");
    assert_eq!(errors(&bench.plan(&stored("socks"), &blue, &two).await.diagnostics), TWICE);
}

#[tokio::test]
async fn a_box_at_one_address_is_planned_as_often_as_terraform_asks() {
    let socks = json!({"name": "socks"});
    // Replaced by itself, as a tainted one or with -replace.
    let bench = Bench::new("plan-one").await;
    let first = bench.plan(&stored("socks"), &socks, &Bytes::new()).await;
    let second = bench.plan(&Json::Null, &socks, &first.planned_private).await;
    assert_eq!(errors(&second.diagnostics), [""; 0]);
    // Replaced by another one.
    let bench = Bench::new("plan-one").await;
    let first = bench.plan(&stored("shirts"), &socks, &Bytes::new()).await;
    let second = bench.plan(&Json::Null, &socks, &first.planned_private).await;
    assert_eq!(errors(&second.diagnostics), [""; 0]);
}

/// As the runs of `terraform test` that only plan, with one process.
#[tokio::test]
async fn plans_that_follow_each_other_are_not_taken_for_two_addresses() {
    let socks = json!({"name": "socks"});
    let bench = Bench::new("plan-runs").await;
    for _ in 0..3 {
        assert_eq!(errors(&bench.plan(&Json::Null, &socks, &Bytes::new()).await.diagnostics), [""; 0]);
    }
}

#[tokio::test]
async fn a_box_at_two_addresses_is_forgotten_at_the_one_that_goes_even_if_both_states_are_equal() {
    let socks = json!({"name": "socks"});
    let (first, second) = (place(&json!({"instance": "1"})), place(&json!({"instance": "2"})));
    let bench = Bench::new("plan-twice").await;
    bench.change(&Json::Null, &socks).await;
    assert_eq!(errors(&bench.plan(&stored("socks"), &socks, &first).await.diagnostics), [""; 0]);
    let gone = bench.plan(&stored("socks"), &Json::Null, &second).await;
    assert_eq!(summaries(&gone.diagnostics), [r#"box "socks" is forgotten, not deleted"#]);
    let applied = bench.apply(boxed(&stored("socks")), null(), &gone.planned_private).await;
    assert_eq!((errors(&applied.diagnostics), object(applied.new_state.as_ref())), (vec![], None));
    assert_eq!(*lock(&bench.cloud.deleted), [""; 0]);
    // Planned to be deleted first, it is too late to forget it.
    let bench = Bench::new("plan-twice").await;
    assert_eq!(errors(&bench.plan(&stored("socks"), &Json::Null, &second).await.diagnostics), [""; 0]);
    let kept = bench.plan(&stored("socks"), &socks, &first).await;
    assert_eq!(errors(&kept.diagnostics), AT_TWO);
    assert!(kept.diagnostics[0].detail.contains("removed block"));
    // Kept in one plan and deleted in the next, by a process that serves both, it is at one address.
    let bench = Bench::new("plan-twice").await;
    assert_eq!(errors(&bench.plan(&stored("socks"), &socks, &first).await.diagnostics), [""; 0]);
    let torn_down = bench.plan(&stored("socks"), &Json::Null, &first).await;
    assert_eq!(summaries(&torn_down.diagnostics), ["box opens"]);
}

#[tokio::test]
async fn a_deposed_box_that_has_a_successor_is_forgotten() {
    let bench = Bench::new("plan-deposed").await;
    let socks = json!({"name": "socks"});
    bench.change(&Json::Null, &socks).await;
    let (old, new) = (place(&json!({"instance": "1"})), place(&json!({"instance": "2"})));
    // Only the refresh can tell the apply, which plans the deletion of a deposed box anew.
    bench.refresh(&stored("socks"), &new).await;
    let refreshed = bench.refresh(&stored("socks"), &old).await;
    let mark = refreshed.private;
    let later = Bench::new("plan-deposed").await;
    let plan = later.plan(&stored("socks"), &Json::Null, &mark).await;
    assert_eq!(summaries(&plan.diagnostics), [r#"box "socks" is forgotten, not deleted"#]);
    later.apply(boxed(&stored("socks")), null(), &plan.planned_private).await;
    assert_eq!(*lock(&later.cloud.deleted), [""; 0]);
    // Once there is no successor, the mark goes.
    let alone = Bench::new("plan-deposed").await;
    let refreshed = alone.refresh(&stored("socks"), &mark).await;
    assert_eq!(refreshed.private, old);
    // Without a refresh there is no mark, so that the plan is refused rather than applied.
    let unrefreshed = Bench::new("plan-deposed").await;
    unrefreshed.plan(&stored("socks"), &socks, &new).await;
    let plan = unrefreshed.plan(&stored("socks"), &Json::Null, &old).await;
    assert_eq!(errors(&plan.diagnostics), [r#"box "socks" is in the state twice, and deleted once"#]);
}

#[tokio::test]
async fn an_imported_box_is_neither_replaced_by_another_nor_protected_before_it_is_applied() {
    let bench = Bench::new("plan-imported").await;
    bench.change(&Json::Null, &json!({"name": "socks"})).await;
    let request = wire::import_resource_state::Request {
        type_name: "shelf_box".into(),
        id: "socks".into(),
        ..Default::default()
    };
    let imported = bench.server.import_resource_state(Request::new(request)).await.unwrap().into_inner();
    let private = &imported.imported_resources[0].private;
    let plan = bench.plan(&stored("socks"), &json!({"name": "shirts"}), private).await;
    let refused = [r#"box "socks" was imported, but the configuration describes another object"#];
    assert_eq!(errors(&plan.diagnostics), refused);
    let destroy = bench.plan(&stored("socks"), &Json::Null, private).await;
    assert!(
        summaries(&destroy.diagnostics)
            .contains(&r#"box "socks" was imported and has not been applied since"#)
    );
    // The first apply is what makes it one like any other.
    let blue = json!({"name": "socks", "colour": "blue"});
    let bench = Bench::new("plan-imported").await;
    let plan = bench.plan(&stored("socks"), &blue, private).await;
    let applied =
        bench.apply(boxed(&stored("socks")), plan.planned_state.unwrap(), &plan.planned_private).await;
    let now = state(&object(applied.new_state.as_ref()).unwrap());
    let renamed = bench.plan(&now, &json!({"name": "shirts"}), &applied.private).await;
    assert_eq!((errors(&renamed.diagnostics), renamed.requires_replace.len()), (vec![], 1));
}

#[tokio::test]
async fn protection_stops_destroy_and_both_calls_of_a_replacement() {
    let bench = Bench::new("plan-protect").await;
    let guarded = merged(stored("socks"), &json!({"deletion_protection": true}));
    let refused = [r#"box "socks" is protected against deletion"#];
    let destroy = bench.plan(&guarded, &Json::Null, &Bytes::new()).await;
    assert_eq!(errors(&destroy.diagnostics), refused);
    // Lifting it in the configuration does not help: the prior state decides.
    let renamed = json!({"name": "shirts", "deletion_protection": false});
    let first = bench.plan(&guarded, &renamed, &Bytes::new()).await;
    assert_eq!(errors(&first.diagnostics), refused);
    let second = bench.plan(&Json::Null, &renamed, &first.planned_private).await;
    assert_eq!(errors(&second.diagnostics), refused);
    // With -replace only the second call can know.
    let same = json!({"name": "socks", "deletion_protection": true});
    let first = bench.plan(&guarded, &same, &Bytes::new()).await;
    assert_eq!(errors(&first.diagnostics), [""; 0]);
    let second = bench.plan(&Json::Null, &same, &first.planned_private).await;
    assert_eq!(errors(&second.diagnostics), refused);
    // Lifting it is a change in place.
    let lifted = bench.plan(&guarded, &json!({"name": "socks"}), &Bytes::new()).await;
    assert_eq!((errors(&lifted.diagnostics), lifted.requires_replace.len()), (vec![], 0));
}

#[tokio::test]
async fn a_loss_warns_and_with_the_strict_argument_refuses() {
    let open = json!({"name": "socks", "lid": {"locked": false}});
    let bench = Bench::new("plan-loss").await;
    let plan = bench.plan(&stored("socks"), &open, &Bytes::new()).await;
    assert_eq!((summaries(&plan.diagnostics), errors(&plan.diagnostics)), (vec!["box opens"], vec![]));
    let unchanged = merged(stored("socks"), &json!({"lid": {"locked": false}}));
    assert_eq!(summaries(&bench.plan(&unchanged, &open, &Bytes::new()).await.diagnostics), [""; 0]);
    let strict = Bench::configured("plan-loss", &json!({"room": "plan-loss", "strict": true})).await;
    let plan = strict.plan(&stored("socks"), &open, &Bytes::new()).await;
    assert_eq!(errors(&plan.diagnostics), ["box opens"]);
    assert!(plan.diagnostics[0].detail.ends_with(" The shelf is strict."));
}

#[tokio::test]
async fn what_only_the_cloud_knows_of_a_deletion_is_a_loss_of_destroys_and_replacements() {
    for (strict, room) in [(false, "plan-falls"), (true, "plan-falls-strict")] {
        let bench = Bench::configured(room, &json!({"room": room, "strict": strict})).await;
        bench.change(&Json::Null, &json!({"name": "hats", "owner": "socks"})).await;
        for (config, told) in [
            (Json::Null, true),
            (json!({"name": "shoes"}), true),
            (json!({"name": "socks", "colour": "blue"}), false),
        ] {
            let plan = bench.plan(&stored("socks"), &config, &Bytes::new()).await;
            let found = if strict { errors(&plan.diagnostics) } else { summaries(&plan.diagnostics) };
            assert_eq!(found.contains(&"another box falls"), told, "{config}: {found:?}");
        }
    }
}

#[tokio::test]
async fn checks_run_on_what_is_known() {
    let bench = Bench::new("validate").await;
    let validate = async |config: Json| {
        let request = wire::validate_resource_config::Request {
            type_name: "shelf_box".into(),
            config: Some(boxed(&config)),
            client_capabilities: None,
        };
        bench.server.validate_resource_config(Request::new(request)).await.unwrap().into_inner().diagnostics
    };
    assert_eq!(validate(json!({"name": "?", "colour": "?"})).await, []);
    let found = validate(json!({"name": "ab", "colour": "green", "timeouts": {"create": "soon", "read": null, "update": null, "delete": null}})).await;
    assert_eq!(summaries(&found), ["Invalid name", "Invalid colour", "Invalid timeouts.create"]);
    assert_eq!(found[0].detail, r#""ab" is too short. Use at least 3 letters."#);
    assert_eq!(found[1].detail, r#"colour must be one of "brown" or "blue"; got "green"."#);
}

#[tokio::test]
async fn what_cannot_be_deleted_is_told_before_it_is_destroyed_or_replaced() {
    let bench = Bench::new("plan-stays").await;
    let nailed = merged(stored("socks"), &json!({"labels": {"nailed": "yes"}}));
    let same = json!({"name": "socks", "labels": {"nailed": "yes"}});
    let renamed = json!({"name": "shoes", "labels": {"nailed": "yes"}});
    for (config, told) in [(Json::Null, true), (renamed, true), (same, false)] {
        let plan = bench.plan(&nailed, &config, &Bytes::new()).await;
        let said = summaries(&plan.diagnostics);
        assert_eq!(said.contains(&"box stays on the shelf"), told, "{config}: {said:?}");
    }
}

#[tokio::test]
async fn putting_back_what_was_applied_is_no_loss_where_values_cannot_be_compared() {
    let room = "plan-repair";
    let bench = Bench::configured(room, &json!({"room": room, "strict": true})).await;
    let config = json!({"name": "socks", "owner": "Ada", "lid": {"locked": false}});
    let applied = bench.change(&Json::Null, &config).await;
    let now = state(&object(applied.new_state.as_ref()).unwrap());
    // Somebody gave it away, and locked it.
    let drifted = merged(now.clone(), &json!({"owner": "Eve", "lid": {"locked": true, "key": null}}));
    let repair = bench.plan(&drifted, &config, &applied.private).await;
    assert_eq!(errors(&repair.diagnostics), ["box opens"], "which is a loss, whoever wishes it");
    // A new owner is one that the configuration wishes.
    let other = json!({"name": "socks", "owner": "Grace", "lid": {"locked": false}});
    let given = bench.plan(&now, &other, &applied.private).await;
    assert_eq!(errors(&given.diagnostics), ["box has another owner"]);
}

#[tokio::test]
async fn a_replacement_by_a_box_that_ignore_changes_hides_is_refused() {
    let bench = Bench::new("plan-ignored").await;
    // The first planning call sees the name of the state, the second one that of the configuration.
    let first = bench.plan(&stored("socks"), &json!({"name": "socks"}), &Bytes::new()).await;
    let second = bench.plan(&Json::Null, &json!({"name": "shirts"}), &first.planned_private).await;
    assert_eq!(errors(&second.diagnostics), [r#"box "socks" would be replaced by another object"#]);
}
