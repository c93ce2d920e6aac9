use plugin::{Attr, Severity};

use super::*;
use crate::sls_alert::configuration::{GroupModel, JoinModel, SeverityModel, TemplateModel};
use crate::sls_alert::model::ScheduleModel;

#[test]
fn times_and_schedules() {
    for fine in ["60s", "15m", "24h", "1d"] {
        assert_eq!(interval(fine), Ok(()), "{fine}");
    }
    for (bad, why) in [
        ("59s", "one minute"),
        ("25h", "one day"),
        ("15", "a number and"),
        ("m", "a number and"),
        ("é", "a number and"),
    ] {
        assert!(interval(bad).unwrap_err().contains(why), "{bad}");
    }
    for fine in ["-15m", "-1d", "absolute", "1700000000"] {
        assert_eq!(start(fine), Ok(()), "{fine}");
    }
    assert!(
        start("-2d").unwrap_err().contains("more than a day") && start("").is_err() && start("-x").is_err()
    );
    assert!(
        threshold(&-1).is_err() && threshold(&0).is_ok() && severity(&5).is_err() && severity(&8).is_ok()
    );
    assert!(no_data_severity(&0).is_ok() && severity(&0).is_err() && no_data_severity(&5).is_err());
}

#[test]
fn only_what_cannot_run_is_an_error() {
    for fine in ["", "cnt = 0", "(cnt > 0", "cnt > -1", "like '%\\_%' escape '\\'", "-- it's all"] {
        assert_eq!(condition(fine), Ok(()), "{fine}");
    }
    assert!(condition(&"x".repeat(129)).unwrap_err().contains("129 characters"));
    assert_eq!(query("* | select split(path, '\\') as parts"), Ok(()));
    assert_eq!(query("(a"), Ok(()));
    assert!(query("* | select count(1").unwrap_err().contains("not closed"));
    assert!(
        alert_name("a").is_err() && alert_name("root login").is_err() && alert_name("root-login").is_ok()
    );
    assert!(display_name("").is_err() && queries(&vec![QueryModel::default(); 4]).is_err());
}

/// What is found about a configuration: where, and whether it is an error.
fn found(configuration: ConfigurationModel) -> Vec<(String, bool)> {
    let config = AlertModel {
        schedule: ScheduleModel { interval: "15m".into(), ..ScheduleModel::default() }.into(),
        configuration: configuration.into(),
        ..AlertModel::default()
    };
    let mut found = Diagnostics::new();
    super::configuration(&config, &mut found);
    found.0.into_iter().map(|one| (one.path.to_string(), one.severity == Severity::Error)).collect()
}

fn query_of(text: &str) -> QueryModel {
    QueryModel { store: "events".into(), query: text.into(), start: "-15m".into(), ..QueryModel::default() }
}

/// A rule with so many queries.
fn rule(queries: usize) -> ConfigurationModel {
    ConfigurationModel {
        query_list: vec![query_of("* | select count(1) as cnt"); queries].into(),
        severity_configurations: vec![SeverityModel::default()].into(),
        ..ConfigurationModel::default()
    }
}

fn join(kind: &str, condition: &str) -> JoinModel {
    JoinModel { r#type: kind.into(), condition: condition.into() }
}

#[test]
fn joins_are_one_for_each_query_or_for_each_after_the_first() {
    let with = |queries, joins: Vec<JoinModel>| {
        found(ConfigurationModel { join_configurations: joins.into(), ..rule(queries) })
    };
    assert!(found(rule(1)).is_empty());
    assert!(with(1, vec![join("no_join", "")]).is_empty());
    assert!(with(2, vec![join("cross_join", "")]).is_empty());
    assert!(with(2, vec![join("no_join", ""), join("left_join", "$0.a == $1.a")]).is_empty());
    let doubtful = vec![("configuration.join_configurations".to_owned(), false)];
    assert_eq!(found(rule(2)), doubtful);
    assert_eq!(with(2, vec![join("cross_join", ""), join("left_join", "")]), doubtful);
    assert_eq!(
        with(1, vec![join("no_join", "a = b")])[0].0,
        "configuration.join_configurations[0].condition"
    );
    let unknown = ConfigurationModel { join_configurations: Attr::UNKNOWN, ..rule(2) };
    assert!(found(unknown).is_empty());
}

#[test]
fn a_rule_looks_for_something_by_itself_or_by_its_template() {
    let missing = ["query_list", "severity_configurations"];
    let missing = missing.map(|name| (format!("configuration.{name}"), true));
    assert_eq!(found(ConfigurationModel::default()), missing);
    for template in
        [Attr::UNKNOWN, TemplateModel { template_id: "sls.one".into(), ..TemplateModel::default() }.into()]
    {
        let alone = ConfigurationModel { template_configuration: template, ..ConfigurationModel::default() };
        assert!(found(alone).is_empty());
    }
    let of = |kind: &str| QueryModel { store: "x".into(), store_type: kind.into(), ..QueryModel::default() };
    let with = |query: QueryModel| found(ConfigurationModel { query_list: vec![query].into(), ..rule(1) });
    assert!(with(of("meta")).is_empty());
    let missing = ["query", "start"].map(|name| (format!("configuration.query_list[0].{name}"), true));
    assert_eq!(with(of("metric")), missing);
    assert!(with(QueryModel { store_type: Attr::UNKNOWN, ..of("log") }).is_empty());
}

#[test]
fn what_is_doubtful_is_a_warning() {
    assert_eq!(
        found(ConfigurationModel { query_list: vec![query_of("(a")].into(), ..rule(1) }),
        [("configuration.query_list[0].query".to_owned(), false)]
    );
    let condition = ConditionModel { condition: "cnt > -1".into(), count_condition: " ".into() };
    let step = SeverityModel { eval_condition: condition.clone().into(), ..SeverityModel::default() };
    let both = ConfigurationModel {
        severity_configurations: vec![step].into(),
        condition_configuration: condition.into(),
        // It makes one group for each value of no field.
        group_configuration: GroupModel { r#type: "custom".into(), fields: Attr::Null }.into(),
        ..rule(1)
    };
    assert_eq!(
        found(both),
        [
            ("configuration.condition_configuration.condition".to_owned(), false),
            ("configuration.severity_configurations[0].eval_condition.condition".to_owned(), false)
        ]
    );
}
