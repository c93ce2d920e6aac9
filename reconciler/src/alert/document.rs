//! The service's document of an alert rule (SLS API reference, CreateAlert, version 2020-12-30; rules of the new alerting,
//! version 2.0).
//!
//! An update replaces the whole document. What is wanted is sent, and nothing else of what is known here: what is left out
//! of it is gone. Members that are not known here are somebody else's, such as what the console keeps of a query's chart.
//! They are no difference, and go along with the part of the document that they belong to as long as that is there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Value, json};

pub use super::keep_unknown::UnknownMembers;
use super::keep_unknown::{KeepUnknown, lenient};

/// Members that only answers have, and the name, which is in the path of an update.
const ONLY_ANSWERED: [&str; 6] =
    ["status", "state", "createTime", "lastModifiedTime", "type", "jobSchedulingInstance"];

/// Texts by their names. A text with another shape is as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<String, Value>")]
pub struct Texts(pub BTreeMap<String, String>);

impl From<BTreeMap<String, Value>> for Texts {
    fn from(values: BTreeMap<String, Value>) -> Self {
        let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Self(values.into_iter().map(|(name, value)| (name, text(value))).collect())
    }
}

impl KeepUnknown for Texts {}

/// Labels or annotations: a list in the document, whose order says nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<Pair>", into = "Vec<Pair>")]
pub struct Pairs(BTreeMap<String, Pair>);

impl Pairs {
    /// What they say, by their names.
    #[must_use]
    pub fn texts(&self) -> BTreeMap<String, String> {
        self.0.iter().map(|(key, pair)| (key.clone(), pair.value.clone())).collect()
    }
}

impl From<BTreeMap<String, String>> for Pairs {
    fn from(texts: BTreeMap<String, String>) -> Self {
        let pairs = texts.into_iter().map(|(key, value)| Pair { key, value, ..Pair::default() });
        pairs.collect::<Vec<_>>().into()
    }
}

impl From<Vec<Pair>> for Pairs {
    fn from(pairs: Vec<Pair>) -> Self {
        let named = pairs.into_iter().filter(|pair| !pair.key.is_empty());
        Self(named.map(|pair| (pair.key.clone(), pair)).collect())
    }
}

impl From<Pairs> for Vec<Pair> {
    fn from(pairs: Pairs) -> Self {
        pairs.0.into_values().collect()
    }
}

impl KeepUnknown for Pairs {
    fn keep_unknown(&mut self, existing: &Self) {
        for (key, pair) in &mut self.0 {
            if let Some(existing) = existing.0.get(key) {
                pair.keep_unknown(existing);
            }
        }
    }
}

/// Declares parts of the document. Texts that are not set are empty, as they are sent; numbers and truth values that are not
/// set get the service's defaults in [`Rule::complete`].
macro_rules! parts {
    ($(
        $(#[$about:meta])*
        $part:ident { $( $(#[$said:meta])* $member:ident: $kind:ty, )* }
    )*) => { $(
        $(#[$about])*
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        pub struct $part {
            $(
                $(#[$said])*
                #[serde(deserialize_with = "lenient")]
                pub $member: $kind,
            )*
            /// Members that are not known here.
            #[serde(flatten)]
            pub rest: UnknownMembers,
        }

        impl KeepUnknown for $part {
            fn keep_unknown(&mut self, existing: &Self) {
                self.rest.clone_from(&existing.rest);
                $( self.$member.keep_unknown(&existing.$member); )*
            }
        }
    )* };
}

parts! {
    /// A rule.
    Rule {
        /// Its name, which is not sent again once the rule exists.
        #[serde(skip_serializing_if = "String::is_empty")]
        name: String,
        /// Name that people see.
        display_name: String,
        /// What it is for.
        description: String,
        /// When it runs.
        schedule: Schedule,
        /// What it looks for, and who hears of it.
        configuration: Configuration,
    }

    /// When a rule runs.
    Schedule {
        /// `FixedRate`, `Cron`, `Hourly`, `Daily` or `Weekly`.
        r#type: String,
        /// Time between two runs, such as `15m`.
        interval: String,
        /// Five fields.
        cron_expression: String,
        /// Seconds.
        delay: Option<i64>,
        /// Whether it runs as soon as it is created.
        run_immediately: Option<bool>,
        /// Such as `+0800`; empty is UTC+8.
        time_zone: String,
        /// Hour of `Daily` and `Weekly`.
        #[serde(skip_serializing_if = "Option::is_none")]
        hour: Option<i64>,
        /// Day of `Weekly`, from Sunday, which is 0.
        #[serde(skip_serializing_if = "Option::is_none")]
        day_of_week: Option<i64>,
    }

    /// What a rule looks for, and who hears of it.
    Configuration {
        /// Always that of the new alerting.
        version: String,
        /// `tpl` for rules with a template.
        r#type: String,
        /// Dashboard that shows the alerts.
        dashboard: String,
        /// One to three, or none where a template says what to look for.
        query_list: Vec<Query>,
        /// How the results of several queries are put together.
        join_configurations: Vec<Join>,
        /// The first that holds counts.
        severity_configurations: Vec<Severity>,
        /// What has to hold besides.
        #[serde(skip_serializing_if = "Option::is_none")]
        condition_configuration: Option<Condition>,
        /// Which finds make one alert.
        group_configuration: Group,
        /// Who hears of an alert.
        policy_configuration: Policy,
        /// Labels of the alert.
        labels: Pairs,
        /// Texts of the alert.
        annotations: Pairs,
        /// Whether the service adds annotations of its own.
        auto_annotation: Option<bool>,
        /// Whether the end of an alert is told.
        send_resolved: Option<bool>,
        /// Runs in a row that have to find something.
        threshold: Option<i64>,
        /// Whether no data at all is an alert.
        no_data_fire: Option<bool>,
        /// Severity of that.
        no_data_severity: Option<i64>,
        /// Unix seconds; 0 is not muted.
        mute_until: Option<i64>,
        /// The template that the rule is made from.
        #[serde(skip_serializing_if = "Option::is_none")]
        template_configuration: Option<Template>,
        /// Whether the alert centre gets alerts.
        sink_alerthub: Sink,
        /// Whether Cloud Monitor gets alerts.
        sink_cms: Sink,
        /// The event store that gets alerts.
        #[serde(serialize_with = "sink_event_store")]
        sink_event_store: Option<EventStore>,
        /// Tags of the rule.
        tags: Vec<String>,
    }

    /// One query.
    Query {
        /// `log`, `metric` or `meta`.
        store_type: String,
        /// What is queried.
        store: String,
        /// Project of the store.
        project: String,
        /// Region of that project.
        region: String,
        /// Search and analysis.
        query: String,
        /// `Relative`, `Truncated` or `Custom`.
        time_span_type: String,
        /// Begin of what is searched.
        start: String,
        /// End of what is searched.
        end: String,
        /// `auto`, `enable` or `disable`.
        power_sql_mode: String,
        /// Role that reads the store of another account.
        role_arn: String,
    }

    /// How the results of two queries are put together.
    Join {
        /// Kind of join.
        r#type: String,
        /// Such as `$0.user == $1.user`.
        condition: String,
    }

    /// From which find on a rule fires.
    Severity {
        /// 2 to 10.
        severity: Option<i64>,
        /// What has to hold.
        eval_condition: Condition,
    }

    /// A condition on the result.
    Condition {
        /// What has to hold for a row.
        condition: String,
        /// What has to hold for the number of such rows.
        count_condition: String,
    }

    /// Which finds make one alert.
    Group {
        /// `no_group`, `custom` or `labels_auto`.
        r#type: String,
        /// Fields of `custom`.
        fields: Vec<String>,
    }

    /// Who hears of an alert.
    Policy {
        /// Merges and silences.
        alert_policy_id: String,
        /// Sends messages.
        action_policy_id: String,
        /// Time before the same alert is sent again.
        repeat_interval: String,
    }

    /// A template.
    Template {
        /// Its id.
        id: String,
        /// `sys` or `user`.
        r#type: String,
        /// Its version.
        version: String,
        /// Language of the texts.
        lang: String,
        /// What it is filled with.
        tokens: Texts,
        /// Its annotations.
        annotations: Texts,
        /// The same: the service's own tools spell it in both ways.
        aonotations: Texts,
    }

    /// Whether alerts are sent somewhere.
    Sink {
        /// Whether they are.
        enabled: Option<bool>,
    }

    /// An event store.
    EventStore {
        /// Whether alerts are sent there.
        enabled: Option<bool>,
        /// Its name.
        event_store: String,
        /// Its project.
        project: String,
        /// Endpoint of the project.
        endpoint: String,
        /// Role that writes there.
        role_arn: String,
    }

    /// A label or an annotation.
    Pair {
        /// Its name.
        key: String,
        /// What it says.
        value: String,
    }
}

/// Alerts go to no event store unless one is named.
fn sink_event_store<S: Serializer>(store: &Option<EventStore>, serializer: S) -> Result<S::Ok, S::Error> {
    match store {
        None => json!({ "enabled": false }).serialize(serializer),
        Some(store) => store.serialize(serializer),
    }
}

impl Schedule {
    /// A zero is left out of an answer, or stands in it where it says nothing.
    fn complete_times(&mut self) {
        let kind = self.r#type.as_str();
        for (time, is_used) in
            [(&mut self.hour, matches!(kind, "Daily" | "Weekly")), (&mut self.day_of_week, kind == "Weekly")]
        {
            if is_used {
                time.get_or_insert(0);
            } else {
                time.take_if(|time| *time == 0);
            }
        }
    }
}

impl Rule {
    /// The rule that a document of the service describes.
    #[must_use]
    pub fn read(document: Value) -> Self {
        let mut rule = Self::deserialize(document).unwrap_or_default();
        rule.rest.0.retain(|member, _| !ONLY_ANSWERED.contains(&member.as_str()));
        rule.complete()
    }

    /// The rule with the service's defaults where it says nothing: answers may leave out what is empty.
    #[must_use]
    pub fn complete(mut self) -> Self {
        let or = |text: &mut String, default: &str| {
            if text.is_empty() {
                default.clone_into(text);
            }
        };
        or(&mut self.schedule.r#type, "FixedRate");
        self.schedule.delay.get_or_insert(0);
        self.schedule.run_immediately.get_or_insert(true);
        self.schedule.complete_times();
        let configuration = &mut self.configuration;
        for query in &mut configuration.query_list {
            or(&mut query.store_type, "log");
            or(&mut query.time_span_type, "Relative");
            or(&mut query.end, "now");
            or(&mut query.power_sql_mode, "auto");
        }
        for step in &mut configuration.severity_configurations {
            step.severity.get_or_insert(6);
        }
        configuration.condition_configuration.take_if(|condition| *condition == Condition::default());
        or(&mut configuration.group_configuration.r#type, "no_group");
        or(&mut configuration.policy_configuration.alert_policy_id, "sls.builtin.dynamic");
        configuration.threshold.get_or_insert(1);
        configuration.no_data_severity.get_or_insert(6);
        configuration.mute_until.get_or_insert(0);
        for flag in [
            &mut configuration.auto_annotation,
            &mut configuration.send_resolved,
            &mut configuration.no_data_fire,
            &mut configuration.sink_alerthub.enabled,
            &mut configuration.sink_cms.enabled,
        ] {
            flag.get_or_insert(false);
        }
        configuration.template_configuration.take_if(|template| *template == Template::default());
        if let Some(template) = &mut configuration.template_configuration {
            or(&mut template.r#type, "sys");
            if template.annotations.0.is_empty() {
                template.annotations.clone_from(&template.aonotations);
            }
            template.aonotations.clone_from(&template.annotations);
        }
        configuration.sink_event_store.take_if(|store| store.event_store.is_empty());
        if let Some(store) = &mut configuration.sink_event_store {
            store.enabled.get_or_insert(false);
        }
        "2.0".clone_into(&mut configuration.version);
        let is_template = configuration.template_configuration.is_some();
        (if is_template { "tpl" } else { "default" }).clone_into(&mut configuration.r#type);
        self
    }

    /// The rule as an update of `existing` sends it: with what is not known here of the parts that both have.
    #[must_use]
    pub fn update_of(mut self, mut existing: Self) -> Self {
        let id = |rule: &Self| rule.configuration.template_configuration.as_ref().map(|one| one.id.clone());
        if id(&self) != id(&existing) {
            existing.configuration.template_configuration = None;
        }
        self.keep_unknown(&existing);
        self.name.clear();
        self
    }
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;
