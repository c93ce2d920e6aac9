//! The attributes of `alitrail_sls_alert`: the rule and when it runs. What it looks for is in [`configuration`].
//!
//! [`configuration`]: super::configuration

use std::collections::BTreeMap;

use plugin::{Attr, Model};

use super::configuration::{ConfigurationModel, QueryModel};
use super::{check, schedule};
use crate::check as checks;
use crate::scope::Regional;

/// Attributes of `alitrail_sls_alert`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(remote = "accounts/{account_id}/regions/{region}/sls/projects/{project_name}/alerts/{alert_name}")]
pub struct AlertModel {
    /// Project the rule is in.
    #[attr(required, replace, identity, check = checks::sls_project_name)]
    pub project_name: Attr<String>,
    /// Name of the rule: 2 to 64 letters, digits, hyphens and underscores.
    #[attr(required, replace, identity, check = check::alert_name)]
    pub alert_name: Attr<String>,
    /// `id`, `region` and `account_id`.
    #[attr(flatten)]
    pub scope: Regional,
    /// Name that people see, 1 to 64 characters.
    #[attr(required, check = check::display_name, samples("Root login", "Something else"), remote = "/displayName")]
    pub display_name: Attr<String>,
    /// What the rule is for.
    #[attr(optional, samples("Somebody logs in as root", "Something else"), remote = "/description")]
    pub description: Attr<String>,
    /// Whether the rule runs: `ENABLED` or `DISABLED`.
    #[attr(
        default = "ENABLED",
        one_of("ENABLED", "DISABLED"),
        samples("ENABLED", "DISABLED"),
        remote = "/status"
    )]
    pub status: Attr<String>,
    /// When the rule runs.
    #[attr(required)]
    pub schedule: Attr<ScheduleModel>,
    /// What the rule looks for, how grave a find is, and who hears of it.
    #[attr(required)]
    pub configuration: Attr<ConfigurationModel>,
}

/// When a rule runs.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(
    cron = "Write `cron_expression`.",
    timezone = "Write `time_zone`.",
    immediately,
    run_immediate = "Write `run_immediately`.",
    frequency,
    period = "Write `interval`.",
    enabled,
    status = "Write `status` beside `schedule`."
))]
pub struct ScheduleModel {
    /// `FixedRate` runs every `interval`, `Cron` by `cron_expression`, `Hourly` every hour, `Daily` at `hour`, `Weekly` on
    /// `day_of_week` at `hour`.
    #[attr(
        default = "FixedRate",
        one_of("FixedRate", "Cron", "Hourly", "Daily", "Weekly"),
        samples("FixedRate", "Cron"),
        remote = "/schedule/type"
    )]
    pub r#type: Attr<String>,
    /// Time between two runs, such as `60s`, `15m` or `1h`.
    #[attr(optional, check = check::interval, samples("15m", "1h"), remote = "/schedule/interval")]
    pub interval: Attr<String>,
    /// Minute, hour, day of the month, month and day of the week, such as `0/15 * * * *`.
    #[attr(optional, check = schedule::cron, samples("0/15 * * * *", "0 8 * * 1"), remote = "/schedule/cronExpression")]
    pub cron_expression: Attr<String>,
    /// Hour of `Daily` and `Weekly`, 0 to 23.
    #[attr(optional, check = schedule::hour, samples(3, 4), remote = "/schedule/hour")]
    pub hour: Attr<i64>,
    /// Day of `Weekly`, 0 (Sunday) to 6 (Saturday).
    #[attr(optional, check = schedule::day_of_week, samples(1, 2), remote = "/schedule/dayOfWeek")]
    pub day_of_week: Attr<i64>,
    /// Seconds to wait before a run, for logs that come late.
    #[attr(default = 0, check = schedule::delay, samples(0, 30), remote = "/schedule/delay")]
    pub delay: Attr<i64>,
    /// Whether the rule runs as soon as it is made.
    #[attr(default = true, samples(true, false), remote = "/schedule/runImmediately")]
    pub run_immediately: Attr<bool>,
    /// Time zone of `cron_expression`, such as `+0800`. Unset is UTC+8.
    #[attr(optional, check = schedule::time_zone, samples("+0000", "+0100"), remote = "/schedule/timeZone")]
    pub time_zone: Attr<String>,
}

impl AlertModel {
    /// How messages name the rule.
    pub(super) fn label(&self) -> String {
        format!("alert {:?}", format!("{}:{}", self.project(), self.alert_name.as_str().unwrap_or_default()))
    }

    pub(super) fn project(&self) -> &str {
        self.project_name.as_str().unwrap_or_default()
    }

    /// The logstores of its own project that it queries, by the places of the queries.
    pub(super) fn own_logstores(&self) -> BTreeMap<i64, String> {
        let queries = self.configuration.get().and_then(|configuration| configuration.query_list.get());
        let is_own = |stated: &Attr<String>, own: &Attr<String>| stated.is_null() || stated == own;
        let own = |(at, query): (i64, &QueryModel)| {
            let here =
                is_own(&query.project, &self.project_name) && is_own(&query.region, &self.scope.region);
            let is_log = query.store_type.as_str() == Some("log") && query.role_arn.is_null();
            Some((
                at,
                query.store.get().filter(|_| here && is_log && self.project_name.get().is_some())?.clone(),
            ))
        };
        (0..).zip(queries.into_iter().flatten()).filter_map(own).collect()
    }

    pub(super) fn is_on(&self) -> bool {
        self.status.as_str() != Some("DISABLED")
    }
}
