//! The numbers and names that rules compare with. A profile has its own; a file in TOML changes some of them:
//!
//! ```toml
//! log_retention_days = 400
//! delegated_administrator = "1234567890123456"
//!
//! [severities]
//! AT-06 = "low"
//! ```

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::alerts;
use crate::file::{self, FileError, Source};
use crate::finding::Severity;
use crate::profile::Profile;
use crate::rule::every_rule;

/// The numbers and names that rules compare with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Parameters {
    /// For how many days the logstore keeps the events at least (SL-01).
    pub log_retention_days: i64,
    /// For how many days the archive keeps them at least (OS-06, OS-07).
    pub archive_retention_days: i64,
    /// For how many days the archive's retention policy keeps them from being deleted at least (OS-08).
    pub worm_days: i64,
    /// How old the last delivery to the bucket may be, in minutes (AT-07).
    pub oss_freshness_minutes: i64,
    /// How old the last delivery to the logstore may be, in minutes (AT-07).
    pub sls_freshness_minutes: i64,
    /// Where the events of global services are to be stored (AT-08).
    pub global_events_region: String,
    /// The kinds of insights that are to be on (AT-11).
    pub insights: Vec<String>,
    /// Whether the archive is to be encrypted with a key of the account's own (OS-04).
    pub own_encryption_key: bool,
    /// The CIS controls about alerts that are asked for, such as `2.10` (SL-04).
    pub alerts: Vec<String>,
    /// The account that is to administer trails for the organization; unset means that there is to be none but the management
    /// account, and that one that is there is unknown (OR-03).
    pub delegated_administrator: Option<String>,
    /// Patterns of the ARNs of the identities that may still delete or change evidence where everybody else is denied
    /// (OR-02, OS-09). Unset accepts any exception that does not let everybody through.
    pub break_glass: Vec<String>,
    /// For how many days an exception may hold at most (EX-01).
    pub exception_max_days: i64,
    /// Other severities than those of the rules, by rule.
    pub severities: BTreeMap<String, Severity>,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            log_retention_days: 365,
            archive_retention_days: 365,
            worm_days: reconciler::evidence::LEAST_RETENTION_DAYS,
            oss_freshness_minutes: 30,
            sls_freshness_minutes: 10,
            global_events_region: "ap-southeast-1".to_owned(),
            insights: ["ApiCallRateInsight", "ApiErrorRateInsight", "IpInsight"].map(str::to_owned).to_vec(),
            own_encryption_key: true,
            alerts: alerts::CONTROLS.iter().map(|control| control.id.to_owned()).collect(),
            delegated_administrator: None,
            break_glass: Vec::new(),
            exception_max_days: 365,
            severities: BTreeMap::new(),
        }
    }
}

/// The file. What it leaves out is as in the profile.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    log_retention_days: Option<Spanned<i64>>,
    archive_retention_days: Option<Spanned<i64>>,
    worm_days: Option<Spanned<i64>>,
    oss_freshness_minutes: Option<Spanned<i64>>,
    sls_freshness_minutes: Option<Spanned<i64>>,
    global_events_region: Option<Spanned<String>>,
    insights: Option<Vec<String>>,
    own_encryption_key: Option<bool>,
    alerts: Option<Vec<Spanned<String>>>,
    delegated_administrator: Option<Spanned<String>>,
    break_glass: Option<Vec<String>>,
    exception_max_days: Option<Spanned<i64>>,
    severities: BTreeMap<Spanned<String>, Severity>,
}

impl Parameters {
    /// Reads a file over the parameters of a profile.
    ///
    /// # Errors
    /// The first mistake, with its line and column.
    pub fn load(path: &Path, profile: Profile) -> Result<Self, FileError> {
        let text = file::read(path)?;
        Self::parse(&path.display().to_string(), &text, profile)
    }

    /// The same for a text; `name` is what errors call the file.
    ///
    /// # Errors
    /// The first mistake, with its line and column.
    pub fn parse(name: &str, text: &str, profile: Profile) -> Result<Self, FileError> {
        let source = Source { name, text };
        let file: File = source.parse()?;
        let mut parameters = profile.parameters();
        let years = 1..=3650;
        let day = 1..=1440;
        for (name, value, range, unit, target) in [
            (
                "log_retention_days",
                file.log_retention_days,
                &years,
                "days",
                &mut parameters.log_retention_days,
            ),
            (
                "archive_retention_days",
                file.archive_retention_days,
                &years,
                "days",
                &mut parameters.archive_retention_days,
            ),
            ("worm_days", file.worm_days, &years, "days", &mut parameters.worm_days),
            (
                "oss_freshness_minutes",
                file.oss_freshness_minutes,
                &day,
                "minutes",
                &mut parameters.oss_freshness_minutes,
            ),
            (
                "sls_freshness_minutes",
                file.sls_freshness_minutes,
                &day,
                "minutes",
                &mut parameters.sls_freshness_minutes,
            ),
            (
                "exception_max_days",
                file.exception_max_days,
                &years,
                "days",
                &mut parameters.exception_max_days,
            ),
        ] {
            let Some(value) = value else { continue };
            if !range.contains(value.get_ref()) {
                let message =
                    format!("{name} has to be between {} and {} {unit}", range.start(), range.end());
                return Err(source.error(&value, message));
            }
            *target = value.into_inner();
        }
        if let Some(region) = file.global_events_region {
            if !alibaba::region::REGIONS.contains(&region.get_ref().as_str()) {
                let message = format!("there is no region {:?}", region.get_ref());
                return Err(source.error(&region, message));
            }
            parameters.global_events_region = region.into_inner();
        }
        if let Some(account) = file.delegated_administrator {
            if account.get_ref().is_empty() || !account.get_ref().bytes().all(|byte| byte.is_ascii_digit()) {
                let message = format!("{:?} is no account id, which has digits only", account.get_ref());
                return Err(source.error(&account, message));
            }
            parameters.delegated_administrator = Some(account.into_inner());
        }
        if let Some(wanted) = file.alerts {
            for control in &wanted {
                if alerts::control(control.get_ref()).is_none() {
                    let message = format!(
                        "{:?} is no CIS control about alerts; those are 2.10 to 2.22",
                        control.get_ref()
                    );
                    return Err(source.error(control, message));
                }
            }
            parameters.alerts = wanted.into_iter().map(Spanned::into_inner).collect();
        }
        for (rule, severity) in file.severities {
            if every_rule().all(|known| known.id != rule.get_ref()) {
                return Err(source.error(&rule, format!("there is no rule {:?}", rule.get_ref())));
            }
            parameters.severities.insert(rule.into_inner(), severity);
        }
        parameters.insights = file.insights.unwrap_or(parameters.insights);
        parameters.own_encryption_key = file.own_encryption_key.unwrap_or(parameters.own_encryption_key);
        parameters.break_glass = file.break_glass.unwrap_or(parameters.break_glass);
        Ok(parameters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Parameters, FileError> {
        Parameters::parse("alitrail.toml", text, Profile::Mlps20L3)
    }

    #[test]
    fn a_file_changes_what_it_names_and_nothing_else() {
        let parameters = parse(
            "oss_freshness_minutes = 60\nalerts = [\"2.10\"]\ndelegated_administrator = \"1234567890123456\"\n\
             [severities]\nAT-06 = \"low\"\n",
        )
        .unwrap();
        let expected = Parameters {
            oss_freshness_minutes: 60,
            alerts: vec!["2.10".into()],
            delegated_administrator: Some("1234567890123456".into()),
            severities: [("AT-06".to_owned(), Severity::Low)].into(),
            ..Profile::Mlps20L3.parameters()
        };
        assert_eq!(parameters, expected);
        assert_eq!(parse("").unwrap(), Profile::Mlps20L3.parameters());
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        for (text, line, column, words) in [
            ("\nlog_retention_days = 0", 2, 22, "between 1 and 3650 days"),
            ("log_retention_days = \"x\"", 1, 22, "invalid type"),
            ("log_retention = 3", 1, 1, "unknown field"),
            ("global_events_region = \"cn-hangzou\"", 1, 24, "no region"),
            ("delegated_administrator = \"root\"", 1, 27, "digits only"),
            ("alerts = [\"2.10\", \"2.9\"]", 1, 19, "2.10 to 2.22"),
            ("[severities]\nAT-99 = \"low\"", 2, 1, "no rule"),
            ("[severities]\nAT-01 = \"urgent\"", 2, 9, "unknown variant"),
            ("x = [", 1, 6, ""),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!((error.line, error.column), (Some(line), Some(column)), "{text}: {error}");
            assert!(error.message.contains(words), "{error}");
            assert!(error.to_string().starts_with(&format!("alitrail.toml:{line}:{column}: ")), "{error}");
        }
        let missing = Parameters::load(Path::new("/nowhere/alitrail.toml"), Profile::Baseline).unwrap_err();
        assert!(missing.to_string().starts_with("/nowhere/alitrail.toml: the file cannot be read"));
    }
}
