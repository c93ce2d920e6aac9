//! Faults: rules by which requests go wrong, for tests of what a client does then.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};

use crate::gateway::route::Service;
use crate::rpc::Error;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The service's own throttling error; nothing is done.
    Throttle,
    /// An error with `status`, `code` and `message`; nothing is done.
    ServerError,
    /// The connection closes without an answer; nothing is done.
    Reset,
    /// The answer comes `milliseconds` late.
    Slow,
    /// The request is carried out, but the connection closes without an answer.
    LostAnswer,
    /// Reads of the same service do not see the write for `milliseconds`.
    DelayVisibility,
}

impl Kind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Throttle => "throttle",
            Self::ServerError => "server_error",
            Self::Reset => "reset",
            Self::Slow => "slow",
            Self::LostAnswer => "lost_answer",
            Self::DelayVisibility => "delay_visibility",
        }
    }
}

/// A fault rule. Requests that match service and action are counted from 1; of those the rule strikes `times`
/// (without it: all) beginning with number `from`, each with the given `probability`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What goes wrong.
    pub kind: Kind,
    /// Service name as in the request log; every service when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Action name; every action when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// First matching request that can be injected.
    #[serde(default = "one")]
    pub from: u64,
    /// How many matching requests, counted from `from`, can be injected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// How likely each of them is injected.
    #[serde(default = "always")]
    pub probability: f64,
    /// Start of the random numbers behind `probability`.
    #[serde(default)]
    pub seed: u64,
    /// For `slow` and `delay_visibility`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub milliseconds: Option<u64>,
    /// For `server_error`: HTTP status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// For `throttle` and `server_error`: error code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// For `throttle` and `server_error`: error message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Requests that matched so far; ignored when a rule is set.
    #[serde(default)]
    pub matched: u64,
    /// Requests that were injected so far; ignored when a rule is set.
    #[serde(default)]
    pub injected: u64,
}

fn one() -> u64 {
    1
}

fn always() -> f64 {
    1.0
}

/// A rule cannot work as it is.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum RuleError {
    /// A field that the kind needs.
    #[error("rule {index}: kind {kind} needs {field}")]
    Needs {
        /// Position in the list, from 0.
        index: usize,
        /// Kind of the rule.
        kind: &'static str,
        /// What is missing.
        field: &'static str,
    },
    /// A field out of bounds.
    #[error("rule {index}: {field} must be {bounds}")]
    Bounds {
        /// Position in the list, from 0.
        index: usize,
        /// The field.
        field: &'static str,
        /// What it may be.
        bounds: &'static str,
    },
}

/// The rules in force and their counters.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Vec<(Rule, StdRng)>,
}

/// A fault that strikes a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fault {
    pub(crate) kind: Kind,
    pub(crate) milliseconds: u64,
    /// The error to answer with, for the kinds that do.
    pub(crate) error: Option<Error>,
}

impl Faults {
    /// Replaces all rules; their counters begin anew.
    pub(crate) fn set(&mut self, rules: Vec<Rule>) -> Result<(), RuleError> {
        for (index, rule) in rules.iter().enumerate() {
            let kind = rule.kind.name();
            if matches!(rule.kind, Kind::Slow | Kind::DelayVisibility) && rule.milliseconds.is_none() {
                return Err(RuleError::Needs { index, kind, field: "milliseconds" });
            }
            let bounds = |fits: bool, field, bounds| {
                if fits { Ok(()) } else { Err(RuleError::Bounds { index, field, bounds }) }
            };
            bounds((0.0..=1.0).contains(&rule.probability), "probability", "between 0 and 1")?;
            bounds(rule.from >= 1, "from", "at least 1")?;
            bounds(
                rule.status.is_none_or(|status| (400..600).contains(&status)),
                "status",
                "from 400 to 599",
            )?;
            bounds(rule.milliseconds.is_none_or(|time| time <= 600_000), "milliseconds", "at most 600000")?;
        }
        self.rules = rules
            .into_iter()
            .map(|rule| {
                let random = StdRng::seed_from_u64(rule.seed);
                (Rule { matched: 0, injected: 0, ..rule }, random)
            })
            .collect();
        Ok(())
    }

    /// The rules with their counters.
    pub(crate) fn rules(&self) -> Vec<&Rule> {
        self.rules.iter().map(|(rule, _)| rule).collect()
    }

    /// Counts a request and returns the faults that strike it.
    pub(crate) fn take_matching(&mut self, service: Service, action: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (rule, random) in &mut self.rules {
            let matches = rule.service.as_deref().is_none_or(|name| name == service.name())
                && rule.action.as_deref().is_none_or(|name| name == action);
            if !matches {
                continue;
            }
            rule.matched += 1;
            let end = rule.times.map_or(u64::MAX, |times| rule.from.saturating_add(times));
            if rule.matched < rule.from || rule.matched >= end || !random.random_bool(rule.probability) {
                continue;
            }
            rule.injected += 1;
            faults.push(Fault {
                kind: rule.kind,
                milliseconds: rule.milliseconds.unwrap_or(0),
                error: error(rule, service),
            });
        }
        faults
    }
}

/// The error of a rule, in the service's own codes unless the rule names another.
fn error(rule: &Rule, service: Service) -> Option<Error> {
    let (status, code, message) = match (rule.kind, service) {
        (Kind::Throttle, service) => throttling(service),
        (Kind::ServerError, Service::Oss) => (500, "InternalError", "We encountered an internal error."),
        (Kind::ServerError, Service::Sls) => (500, "InternalServerError", "internal server error"),
        (Kind::ServerError, _) => {
            (503, "ServiceUnavailable", "The request has failed due to a server failure.")
        }
        _ => return None,
    };
    Some(Error {
        status: rule.status.unwrap_or(status),
        code: rule.code.clone().unwrap_or_else(|| code.to_owned()),
        message: rule.message.clone().unwrap_or_else(|| message.to_owned()),
        denial: None,
    })
}

/// Status, code and message with which a service throttles.
pub(crate) fn throttling(service: Service) -> (u16, &'static str, &'static str) {
    match service {
        Service::Oss => {
            (503, "MetaOperationQpsLimitExceeded", "Qps limit for the meta operation is exceeded.")
        }
        Service::Sls => (503, "ServerBusy", "the server is busy, please try again later."),
        _ => (400, "Throttling.User", "Request was denied due to user flow control."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(rules: &str) -> Result<Faults, RuleError> {
        let mut faults = Faults::default();
        faults.set(serde_json::from_str(rules).unwrap()).map(|()| faults)
    }

    #[test]
    fn strikes_the_requests_it_names() {
        let mut rules = faults(
            r#"[{ "kind": "throttle", "service": "actiontrail", "action": "CreateTrail", "from": 2, "times": 2 }]"#,
        )
        .unwrap();
        let injected: Vec<usize> =
            (0..5).map(|_| rules.take_matching(Service::ActionTrail, "CreateTrail").len()).collect();
        assert_eq!(injected, [0, 1, 1, 0, 0]);
        assert!(rules.take_matching(Service::ActionTrail, "UpdateTrail").is_empty());
        assert!(rules.take_matching(Service::Oss, "CreateTrail").is_empty());
        assert_eq!((rules.rules()[0].matched, rules.rules()[0].injected), (5, 2));
    }

    #[test]
    fn chance_is_repeatable() {
        let rule = r#"[{ "kind": "reset", "probability": 0.5, "seed": 7 }]"#;
        let run = || {
            let mut rules = faults(rule).unwrap();
            (0..64).map(|_| rules.take_matching(Service::Oss, "GetBucketInfo").len()).collect::<Vec<_>>()
        };
        let first = run();
        assert_eq!(first, run());
        let count: usize = first.iter().sum();
        assert!((10..54).contains(&count), "{count}");
    }

    #[test]
    fn speaks_the_codes_of_the_service() {
        let mut rules =
            faults(r#"[{ "kind": "server_error", "status": 403, "code": "NeedServiceLinkedRole" }]"#)
                .unwrap();
        let error = rules.take_matching(Service::ActionTrail, "CreateTrail")[0].error.clone().unwrap();
        assert_eq!((error.status, error.code.as_str()), (403, "NeedServiceLinkedRole"));
        let mut rules = faults(r#"[{ "kind": "throttle" }]"#).unwrap();
        let code =
            |rules: &mut Faults, service| rules.take_matching(service, "")[0].error.clone().unwrap().code;
        assert_eq!(code(&mut rules, Service::Oss), "MetaOperationQpsLimitExceeded");
        assert_eq!(code(&mut rules, Service::Sts), "Throttling.User");
    }

    #[test]
    fn refuses_rules_that_cannot_work() {
        assert!(matches!(faults(r#"[{ "kind": "slow" }]"#).unwrap_err(), RuleError::Needs { index: 0, .. }));
        for rule in [
            r#"[{ "kind": "reset", "probability": 1.5 }]"#,
            r#"[{ "kind": "reset", "from": 0 }]"#,
            r#"[{ "kind": "server_error", "status": 200 }]"#,
        ] {
            assert!(matches!(faults(rule).unwrap_err(), RuleError::Bounds { .. }), "{rule}");
        }
        assert!(serde_json::from_str::<Vec<Rule>>(r#"[{ "kind": "reset", "colour": "red" }]"#).is_err());
    }
}
