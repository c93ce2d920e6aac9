//! What an alert rule looks for, how grave a find is, and who hears of it: the new alerting, version 2.0 (SLS API
//! reference, CreateAlert).

use std::collections::BTreeMap;

use plugin::value::{Object, Value};
use plugin::{Attr, Model};

use super::check;
use crate::check as checks;

/// What a rule looks for.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(
    queries: objects, query: objects = "Write `query_list`.",
    joins: objects, join_configuration: objects = "Write `join_configurations`.",
    severities: objects, severity_configuration: objects = "Write `severity_configurations`.",
    severity = "Write it in `severity_configurations = [{ severity = … }]`.",
    condition = "Write it in `severity_configurations` or in `condition_configuration`.",
    group_configurations: object = "Write `group_configuration`.",
    policy_configurations: object, policy: object = "Write `policy_configuration`.",
    action_policy_id, alert_policy_id, repeat_interval = "Write it in `policy_configuration = { … }`.",
    throttling = "Write `repeat_interval` in `policy_configuration`.",
    notification_list: objects, notifications: objects =
        "Receivers are in an action policy: write `action_policy_id` in `policy_configuration`.",
    notify_threshold = "Write `threshold`.",
    no_data_alert = "Write `no_data_fire`.",
    label: object = "Write `labels`.",
    annotation: object = "Write `annotations`.",
    mute, muted = "Write `mute_until`.",
    sink_alerthub: object = "Write `sink_alerthub_enabled`.",
    sink_cms: object = "Write `sink_cms_enabled`.",
    enabled, enable, status = "Write `status` beside `configuration`.",
    type, version = "Rules are always of the new alerting, version 2.0; leave it out of `configuration`."
))]
pub struct ConfigurationModel {
    /// One to three queries. A rule with a `template_configuration` can do without.
    #[attr(
        optional,
        check = check::queries,
        samples(
            [{"store": "events", "query": "a | select count(1) as cnt", "start": "-15m"}],
            [{"store": "events", "query": "b | select count(1) as cnt", "start": "-1h"}]
        ),
        remote = "/configuration/queryList",
        wire(check::sample_queries("a", "-15m"), check::sample_queries("b", "-1h"))
    )]
    pub query_list: Attr<Vec<QueryModel>>,
    /// How the results of several queries are put together: one entry for each query after the first, or one for each query,
    /// the first of them with `type = "no_join"`.
    #[attr(
        optional,
        samples([], [{"type": "no_join"}]),
        remote = "/configuration/joinConfigurations",
        wire([], [{"type": "no_join", "condition": ""}])
    )]
    pub join_configurations: Attr<Vec<JoinModel>>,
    /// From which find on the rule fires, and how gravely; the first that holds counts. A rule with a
    /// `template_configuration` can do without.
    #[attr(
        optional,
        samples(
            [{"severity": 8, "eval_condition": {"condition": "cnt > 0"}}],
            [{"severity": 4, "eval_condition": {"condition": "cnt > 9"}}]
        ),
        remote = "/configuration/severityConfigurations",
        wire(
            [{"severity": 8, "evalCondition": {"condition": "cnt > 0", "countCondition": ""}}],
            [{"severity": 4, "evalCondition": {"condition": "cnt > 9", "countCondition": ""}}]
        )
    )]
    pub severity_configurations: Attr<Vec<SeverityModel>>,
    /// A condition that has to hold besides that of the severity.
    #[attr(
        optional,
        samples({"condition": "cnt > 0"}, {"condition": "cnt > 9"}),
        remote = "/configuration/conditionConfiguration",
        wire(
            {"condition": "cnt > 0", "countCondition": ""},
            {"condition": "cnt > 9", "countCondition": ""}
        )
    )]
    pub condition_configuration: Attr<ConditionModel>,
    /// Which finds make one alert.
    #[attr(defaults)]
    pub group_configuration: Attr<GroupModel>,
    /// Who hears of an alert.
    #[attr(defaults)]
    pub policy_configuration: Attr<PolicyModel>,
    /// Labels of the alert, for policies to tell alerts apart.
    #[attr(
        optional,
        samples({"env": "prod"}, {"env": "test"}),
        remote = "/configuration/labels",
        wire([{"key": "env", "value": "prod"}], [{"key": "env", "value": "test"}])
    )]
    pub labels: Attr<BTreeMap<String, String>>,
    /// Texts of the alert, such as `title` and `desc`; `${alert_name}` and fields of the result are filled in.
    #[attr(
        optional,
        samples({"title": "one"}, {"title": "two"}),
        remote = "/configuration/annotations",
        wire([{"key": "title", "value": "one"}], [{"key": "title", "value": "two"}])
    )]
    pub annotations: Attr<BTreeMap<String, String>>,
    /// Add annotations with the time and the number of finds.
    #[attr(default = true, samples(true, false), remote = "/configuration/autoAnnotation")]
    pub auto_annotation: Attr<bool>,
    /// Send a message when it is over.
    #[attr(default = false, samples(false, true), remote = "/configuration/sendResolved")]
    pub send_resolved: Attr<bool>,
    /// Runs in a row that have to find something before the rule fires. 0 leaves it to the service or the template.
    #[attr(default = 1, check = check::threshold, samples(1, 3), remote = "/configuration/threshold")]
    pub threshold: Attr<i64>,
    /// Fire when the queries return nothing at all.
    #[attr(default = false, samples(false, true), remote = "/configuration/noDataFire")]
    pub no_data_fire: Attr<bool>,
    /// Severity of an alert about no data: 2, 4, 6, 8 or 10. 0 leaves it to the service or the template.
    #[attr(default = 6, check = check::no_data_severity, samples(6, 10), remote = "/configuration/noDataSeverity")]
    pub no_data_severity: Attr<i64>,
    /// Keep silent until this time, in seconds since 1970. 0 is not silent.
    #[attr(default = 0, samples(0, 4102444800_i64), remote = "/configuration/muteUntil")]
    pub mute_until: Attr<i64>,
    /// Dashboard that shows the alerts.
    #[attr(
        default = "internal-alert-analysis",
        samples("internal-alert-analysis", "another-dashboard"),
        remote = "/configuration/dashboard"
    )]
    pub dashboard: Attr<String>,
    /// The template that the rule is made from, alone or beside queries of its own.
    #[attr(
        optional,
        samples({"template_id": "sls.one", "lang": "en"}, {"template_id": "sls.two", "lang": "cn"}),
        remote = "/configuration/templateConfiguration",
        wire(check::sample_template("sls.one", "en"), check::sample_template("sls.two", "cn"))
    )]
    pub template_configuration: Attr<TemplateModel>,
    /// Send alerts to the alert centre, where policies act on them.
    #[attr(default = true, samples(true, false), remote = "/configuration/sinkAlerthub/enabled")]
    pub sink_alerthub_enabled: Attr<bool>,
    /// Send alerts to Cloud Monitor.
    #[attr(default = false, samples(false, true), remote = "/configuration/sinkCms/enabled")]
    pub sink_cms_enabled: Attr<bool>,
    /// Send alerts to an event store. Unset sends them to none.
    #[attr(
        optional,
        samples({"event_store": "one"}, {"event_store": "two"}),
        remote = "/configuration/sinkEventStore",
        wire(check::sample_event_store("one"), check::sample_event_store("two"))
    )]
    pub sink_event_store: Attr<EventStoreModel>,
    /// Tags of the rule.
    #[attr(optional, samples(["cis"], ["cis", "audit"]), remote = "/configuration/tags")]
    pub tags: Attr<Vec<String>>,
}

/// One query.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(
    logstore,
    logstore_name = "Write `store`.",
    project_name = "Write `project`.",
    region_id = "Write `region`.",
    sql,
    search = "Write `query`.",
    start_time,
    from = "Write `start`.",
    end_time,
    to = "Write `end`.",
    power_sql = "Write `power_sql_mode`.",
    dashboard_id,
    chart_title = "A rule is not tied to a chart; `dashboard` beside `query_list` says which dashboard shows its alerts."
))]
pub struct QueryModel {
    /// What is queried: `log`, `metric` or `meta`.
    #[attr(default = "log", one_of("log", "metric", "meta"))]
    pub store_type: Attr<String>,
    /// Logstore, or store of metrics or resources.
    #[attr(required)]
    pub store: Attr<String>,
    /// Project of the store. Default: the rule's.
    #[attr(optional, check = checks::sls_project_name, unset_is = own_project)]
    pub project: Attr<String>,
    /// Region of that project. Default: the rule's.
    #[attr(optional, check = checks::region, unset_is = own_region)]
    pub region: Attr<String>,
    /// Search and analysis, such as `* | select count(1) as cnt`. A store of type `meta` needs none.
    #[attr(optional, check = check::query)]
    pub query: Attr<String>,
    /// How `start` and `end` are meant: `Relative` to the run, `Truncated` to whole units, or `Custom`.
    #[attr(default = "Relative", one_of("Relative", "Truncated", "Custom"))]
    pub time_span_type: Attr<String>,
    /// Begin of the time that is searched, such as `-15m`; at most a day back. A store of type `meta` needs none.
    #[attr(optional, check = check::start)]
    pub start: Attr<String>,
    /// End of the time that is searched.
    #[attr(default = "now")]
    pub end: Attr<String>,
    /// Whether dedicated SQL is used: `auto`, `enable` or `disable`.
    #[attr(default = "auto", one_of("auto", "enable", "disable"))]
    pub power_sql_mode: Attr<String>,
    /// ARN of the role that reads a store of another account.
    #[attr(optional, check = checks::role_arn)]
    pub role_arn: Attr<String>,
}

/// The project of a query that names none.
fn own_project(alert: &Object) -> Value {
    alert.get("project_name").cloned().unwrap_or_default()
}

/// The region of a query that names none.
fn own_region(alert: &Object) -> Value {
    alert.get("region").cloned().unwrap_or_default()
}

/// How the results of two queries are put together.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(join_type = "Write `type`.", on = "Write `condition`."))]
pub struct JoinModel {
    /// Kind of join.
    #[attr(
        required,
        one_of(
            "cross_join",
            "inner_join",
            "left_join",
            "right_join",
            "full_join",
            "left_exclude",
            "right_exclude",
            "concat",
            "no_join"
        )
    )]
    pub r#type: Attr<String>,
    /// Condition of the join, such as `$0.user == $1.user`.
    #[attr(optional)]
    pub condition: Attr<String>,
}

/// From which find on the rule fires, and how gravely.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(
    level = "Write `severity`.",
    condition, count_condition = "Write it in `eval_condition = { … }`.",
    eval_conditions: object = "Write `eval_condition`."
))]
pub struct SeverityModel {
    /// 2 report, 4 low, 6 medium, 8 high, 10 critical.
    #[attr(required, check = check::severity)]
    pub severity: Attr<i64>,
    /// What has to hold; unset, any result at all.
    #[attr(defaults)]
    pub eval_condition: Attr<ConditionModel>,
}

/// A condition on the result.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(
    expression,
    eval_condition = "Write `condition`.",
    count = "Write `count_condition`."
))]
pub struct ConditionModel {
    /// What has to hold for a row, such as `cnt > 0`.
    #[attr(optional, check = check::condition)]
    pub condition: Attr<String>,
    /// What has to hold for the number of such rows, such as `__count__ > 3`.
    #[attr(optional, check = check::condition)]
    pub count_condition: Attr<String>,
}

/// Which finds make one alert.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(group_type = "Write `type`.", field, group_by = "Write `fields`."))]
pub struct GroupModel {
    /// `no_group` makes one alert of all, `custom` one for each value of `fields`, `labels_auto` one for each label set.
    #[attr(
        default = "no_group",
        one_of("no_group", "custom", "labels_auto"),
        samples("no_group", "labels_auto"),
        remote = "/configuration/groupConfiguration/type"
    )]
    pub r#type: Attr<String>,
    /// Fields of `custom`.
    #[attr(optional, samples(["user"], ["user", "region"]), remote = "/configuration/groupConfiguration/fields")]
    pub fields: Attr<Vec<String>>,
}

/// Who hears of an alert.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(
    alert_policy = "Write `alert_policy_id`.",
    action_policy = "Write `action_policy_id`.",
    throttling,
    repeat = "Write `repeat_interval`.",
    enabled = "Without `action_policy_id` nobody is told."
))]
pub struct PolicyModel {
    /// Alert policy, which merges and silences. The default leaves it to the action policy.
    #[attr(
        default = "sls.builtin.dynamic",
        samples("sls.builtin.dynamic", "another-policy"),
        remote = "/configuration/policyConfiguration/alertPolicyId"
    )]
    pub alert_policy_id: Attr<String>,
    /// Action policy, which sends messages. Without one, nobody is told.
    #[attr(
        optional,
        samples("audit-alerts", "other-alerts"),
        remote = "/configuration/policyConfiguration/actionPolicyId"
    )]
    pub action_policy_id: Attr<String>,
    /// Time before the same alert is sent again.
    #[attr(
        default = "4h",
        check = check::interval,
        samples("4h", "10m"),
        remote = "/configuration/policyConfiguration/repeatInterval"
    )]
    pub repeat_interval: Attr<String>,
}

/// The template that a rule was made from.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(
    id = "Write `template_id`.",
    language = "Write `lang`.",
    token: object = "Write `tokens`.",
    annotation: object = "Write `annotations`."
))]
pub struct TemplateModel {
    /// Id of the template.
    #[attr(required)]
    pub template_id: Attr<String>,
    /// `sys` for templates of the service, `user` for own ones.
    #[attr(default = "sys", one_of("sys", "user"))]
    pub r#type: Attr<String>,
    /// Version of the template.
    #[attr(optional)]
    pub version: Attr<String>,
    /// Language of the texts: `cn` or `en`.
    #[attr(optional, one_of("cn", "en"))]
    pub lang: Attr<String>,
    /// What the template is filled with.
    #[attr(optional)]
    pub tokens: Attr<BTreeMap<String, String>>,
    /// Annotations of the template.
    #[attr(optional)]
    pub annotations: Attr<BTreeMap<String, String>>,
}

/// An event store that gets alerts.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(
    enable = "Write `enabled`.",
    name,
    store = "Write `event_store`.",
    project_name = "Write `project`."
))]
pub struct EventStoreModel {
    /// Whether alerts are sent there.
    #[attr(default = true)]
    pub enabled: Attr<bool>,
    /// Event store.
    #[attr(required)]
    pub event_store: Attr<String>,
    /// Project of the event store.
    #[attr(optional, check = checks::sls_project_name)]
    pub project: Attr<String>,
    /// Endpoint of the project.
    #[attr(optional)]
    pub endpoint: Attr<String>,
    /// ARN of the role that writes there.
    #[attr(optional, check = checks::role_arn)]
    pub role_arn: Attr<String>,
}
