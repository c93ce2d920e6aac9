//! What alerts have to notice: for each control, the logs that one of the enabled alerts has to find.
//!
//! A query is not searched for words: it is evaluated over sample logs. So a name in a comment, in a negation or beside a
//! condition that excludes it does not count, and every way to write the same search does.
//! (CIS Alibaba Cloud Foundation Benchmark 2.0.0, 2.10 to 2.22; ActionTrail, "Event fields in Simple Log Service".)

mod controls;
mod search;
mod sql;

use std::collections::BTreeMap;

use crate::facts::Alert;

/// A log, as far as searches depend on it: values by field.
pub(crate) type Log = BTreeMap<&'static str, String>;

/// A control about an alert.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AlertControl {
    /// Its number in the benchmark.
    pub(crate) id: &'static str,
    /// What is to be noticed.
    pub(crate) title: &'static str,
    /// The vendor's templates for it, by the end of their ids.
    templates: &'static [&'static str],
    looks_for: LooksFor,
}

#[derive(Debug, Clone, Copy)]
enum LooksFor {
    /// Each of these operations of each of these services.
    Operations(&'static [&'static str], &'static [&'static str]),
    /// Logs with these fields, each of them.
    Logs(&'static [&'static [(&'static str, &'static str)]]),
    /// The same in the access log of OSS, which no trail delivers.
    AccessLogs(&'static [&'static [(&'static str, &'static str)]]),
}

use LooksFor::{AccessLogs, Logs, Operations};

pub(crate) use controls::{CONTROLS, TRAIL_TAMPERING};

/// What the resource of the rule about tampering with trails is called.
pub(crate) const TRAIL_TAMPERING_ID: &str = "trail-tampering";

/// What the ids of the vendor's templates for ActionTrail begin with.
const TEMPLATES: &str = "sls.app.actiontrail.cis.at.";

/// The control of this number.
pub(crate) fn control(id: &str) -> Option<&'static AlertControl> {
    CONTROLS.iter().find(|control| control.id == id)
}

/// What an alert for a control is called, and the search that finds what the control asks for. Controls are numbers of the
/// benchmark, and `trail-tampering`. None for what no logstore of a trail has.
#[must_use]
pub fn search_for(id: &str) -> Option<(String, String)> {
    let control = if id == TRAIL_TAMPERING_ID { &TRAIL_TAMPERING } else { control(id)? };
    let quoted = |field: &str, values: &[&str]| {
        let one = |value: &&str| format!("\"{field}\": \"{value}\"");
        let all: Vec<String> = values.iter().map(one).collect();
        if all.len() == 1 { all.concat() } else { format!("({})", all.join(" or ")) }
    };
    let search = match control.looks_for {
        Operations(services, operations) => {
            format!("{} and {}", quoted("event.serviceName", services), quoted("event.eventName", operations))
        }
        Logs(logs) => {
            let one = |fields: &&[(&str, &str)]| {
                let all: Vec<String> = fields.iter().map(|(field, value)| quoted(field, &[value])).collect();
                format!("({})", all.join(" and "))
            };
            logs.iter().map(one).collect::<Vec<_>>().join(" or ")
        }
        AccessLogs(_) => return None,
    };
    let mut letters = control.title.chars();
    let title = letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>());
    // An alert counts what a search finds.
    Some((title.unwrap_or_default(), format!("{search} | select count(1) as cnt")))
}

/// How far alerts notice what a control asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Noticed {
    /// All of it, by these alerts.
    All(Vec<String>),
    /// All but this.
    Missing(Vec<String>),
    /// It depends on what these alerts do, whose queries are too much for this program.
    Unclear(Vec<String>),
}

impl AlertControl {
    /// Whether enabled alerts notice what it asks for, in the `logstore` of a trail.
    pub(crate) fn noticed(&self, alerts: &[Alert], logstore: &str) -> Noticed {
        let enabled = || alerts.iter().filter(|alert| alert.enabled);
        let by_template = enabled().find(|alert| {
            let kind = alert.template.as_deref().and_then(|id| id.strip_prefix(TEMPLATES));
            kind.is_some_and(|kind| self.templates.contains(&kind))
        });
        if let Some(alert) = by_template {
            return Noticed::All(vec![alert.name.clone()]);
        }
        let of_access_log = matches!(self.looks_for, AccessLogs(_));
        let mut by: Vec<String> = Vec::new();
        let (mut missing, mut unclear) = (Vec::new(), Vec::new());
        for (log, name) in self.logs() {
            let mut seen = None;
            for alert in enabled() {
                let reads = |query: &&crate::facts::AlertQuery| of_access_log || query.logstore == logstore;
                for query in alert.queries.iter().filter(reads) {
                    match search::finds(&query.query, &log) {
                        Some(true) => seen = Some(alert),
                        Some(false) => {}
                        None if unclear.contains(&alert.name) => {}
                        None => unclear.push(alert.name.clone()),
                    }
                }
            }
            match seen {
                Some(alert) if by.contains(&alert.name) => {}
                Some(alert) => by.push(alert.name.clone()),
                None => missing.push(name),
            }
        }
        match (missing.is_empty(), unclear.is_empty()) {
            (true, _) => Noticed::All(by),
            (false, true) => Noticed::Missing(missing),
            (false, false) => Noticed::Unclear(unclear),
        }
    }

    /// Each log that has to be found, and what messages call it.
    fn logs(&self) -> Vec<(Log, String)> {
        match self.looks_for {
            Operations(services, operations) => {
                let log = |(service, operation): (&str, &str)| {
                    let log = Log::from([
                        ("__topic__", "actiontrail_audit_event".to_owned()),
                        ("event.serviceName", service.to_owned()),
                        ("event.eventName", operation.to_owned()),
                        ("event.eventType", "ApiCall".to_owned()),
                        ("event.eventRW", "Write".to_owned()),
                    ]);
                    (log, format!("{service} {operation}"))
                };
                let each = services
                    .iter()
                    .flat_map(|service| operations.iter().map(move |operation| (*service, *operation)));
                each.map(log).collect()
            }
            Logs(logs) | AccessLogs(logs) => logs
                .iter()
                .map(|fields| {
                    let log = fields.iter().map(|(field, value)| (*field, (*value).to_owned())).collect();
                    let name = fields.iter().map(|(_, value)| *value).collect::<Vec<_>>().join(" with ");
                    (log, name)
                })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::AlertQuery;

    fn alert(query: &str) -> Alert {
        let query = AlertQuery { logstore: "actiontrail_audit".into(), query: query.into() };
        Alert { name: "alert".into(), enabled: true, queries: vec![query], template: None }
    }

    fn noticed(id: &str, alerts: &[Alert]) -> Noticed {
        control(id).unwrap().noticed(alerts, "actiontrail_audit")
    }

    const KEYS: &str = r#""event.serviceName": "Kms" and ("event.eventName": "DisableKey" or "event.eventName": "ScheduleKeyDeletion" or "event.eventName": "DeleteKeyMaterial") | select count(1) as cnt"#;

    #[test]
    fn an_alert_counts_if_it_is_enabled_and_reads_the_logstore_of_the_trail() {
        assert_eq!(noticed("2.20", &[alert(KEYS)]), Noticed::All(vec!["alert".into()]));
        let off = Alert { enabled: false, ..alert(KEYS) };
        assert!(matches!(noticed("2.20", &[off]), Noticed::Missing(_)));
        let mut elsewhere = alert(KEYS);
        elsewhere.queries[0].logstore = "other".into();
        assert!(matches!(noticed("2.20", &[elsewhere]), Noticed::Missing(_)));
    }

    #[test]
    fn what_only_mentions_the_names_does_not_count() {
        for query in [
            KEYS.replace("\"event.serviceName\"", "not \"event.serviceName\""),
            KEYS.replace(
                " or \"event.eventName\": \"DeleteKeyMaterial\"",
                " not \"event.eventName\": \"DeleteKeyMaterial\"",
            ),
            format!("nothing | select 1 -- {KEYS}"),
            KEYS.replace("\"Kms\"", "\"Kms\" and \"event.acsRegion\": \"cn-beijing\""),
        ] {
            assert!(matches!(noticed("2.20", &[alert(&query)]), Noticed::Missing(_)), "{query}");
        }
        let part = KEYS.replace(" or \"event.eventName\": \"DeleteKeyMaterial\"", "");
        assert_eq!(noticed("2.20", &[alert(&part)]), Noticed::Missing(vec!["Kms DeleteKeyMaterial".into()]));
        let rest = alert("event.eventName: DeleteKeyMaterial");
        assert!(
            matches!(noticed("2.20", &[alert(&part), rest]), Noticed::All(_)),
            "two alerts share the work"
        );
    }

    #[test]
    fn conditions_in_sql_are_not_judged() {
        let query = "* | select count(1) as cnt where \"event.serviceName\" = 'Kms'";
        assert_eq!(noticed("2.20", &[alert(query)]), Noticed::Unclear(vec!["alert".into()]));
    }

    #[test]
    fn a_template_of_the_vendor_counts() {
        let template = |id: &str| Alert {
            name: "t".into(),
            enabled: true,
            template: Some(format!("sls.app.actiontrail.cis.at.{id}")),
            queries: Vec::new(),
        };
        assert_eq!(noticed("2.18", &[template("root_login")]), Noticed::All(vec!["t".into()]));
        assert!(matches!(noticed("2.18", &[template("api_err")]), Noticed::Missing(_)));
    }

    #[test]
    fn the_field_that_events_do_not_have_is_no_alert_for_sign_ins_without_mfa() {
        let literal = r#""event.eventName": ConsoleSignin and "addionalEventData.loginAccount": false"#;
        assert!(matches!(noticed("2.17", &[alert(literal)]), Noticed::Missing(_)));
        let real = r#"event.eventName: ConsoleSignin and event.additionalEventData.isMFAChecked: "false""#;
        assert!(matches!(noticed("2.17", &[alert(real)]), Noticed::All(_)));
    }

    #[test]
    fn searches_in_the_form_of_the_benchmark_cover_each_control() {
        for control in CONTROLS.iter().chain([&TRAIL_TAMPERING]) {
            let query = match (control.looks_for, control.id) {
                (Operations(services, operations), _) => {
                    let each = |field: &str, values: &[&str]| {
                        let terms: Vec<String> =
                            values.iter().map(|value| format!("\"event.{field}\": \"{value}\"")).collect();
                        terms.join(" or ")
                    };
                    format!("({}) and ({})", each("serviceName", services), each("eventName", operations))
                }
                (_, "2.14") => "(operation: PutBucket and request_uri: acl) or operation: PutObjectAcl".to_owned(),
                (_, "2.16") => {
                    let codes = [
                        "NoPermission*", "Forbidden*", "InvalidAccessKeyId*", "InvalidSecurityToken*",
                        "SignatureDoesNotMatch", "InvalidAuthorization", "AccessForbidden", "NotAuthorized",
                    ];
                    let codes = codes.map(|code| format!("\"event.errorCode\": {code}"));
                    format!("\"event.eventType\": \"ApiCall\" and ({})", codes.join(" or "))
                }
                (_, "2.17") => {
                    "\"event.eventName\": \"ConsoleSignin\" and (\"event.additionalEventData.isMFAChecked\": \"false\" or \"event.addionalEventData.loginAccount\": \"false\")".to_owned()
                }
                (_, "2.18") => {
                    "\"event.eventName\": \"ConsoleSignin\" and \"event.userIdentity.type\": \"root-account\"".to_owned()
                }
                (_, _) => {
                    "\"event.eventName\": \"ConsoleSignin\" and \"event.errorCode\": * and not \"event.errorCode\": \"\"".to_owned()
                }
            };
            let alerts = [alert(&format!("{query} | select count(1) as cnt"))];
            let found = control.noticed(&alerts, "actiontrail_audit");
            assert_eq!(found, Noticed::All(vec!["alert".into()]), "{}: {query}", control.id);
            let other = CONTROLS.iter().filter(|other| other.id != control.id);
            for other in other {
                let found = other.noticed(&alerts, "actiontrail_audit");
                assert!(matches!(found, Noticed::Missing(_)), "{} by {}", other.id, control.id);
            }
        }
    }
}
