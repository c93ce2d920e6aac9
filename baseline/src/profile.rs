//! Which rules are judged, and how strict they are.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::parameters::Parameters;
use crate::rule::{Rule, rules};

/// A set of rules with the numbers that they compare with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Profile {
    /// CIS Alibaba Cloud Foundation Benchmark 2.0.0, level 1.
    #[serde(rename = "cis-2.0-l1")]
    Cis20L1,
    /// CIS Alibaba Cloud Foundation Benchmark 2.0.0, levels 1 and 2.
    #[serde(rename = "cis-2.0-l2")]
    Cis20L2,
    /// GB/T 22239-2019 (MLPS 2.0), level 3.
    #[serde(rename = "mlps-2.0-l3")]
    Mlps20L3,
    /// All rules, each at its strictest.
    #[serde(rename = "baseline")]
    Baseline,
}

impl Profile {
    /// All profiles.
    pub const ALL: [Self; 4] = [Self::Cis20L1, Self::Cis20L2, Self::Mlps20L3, Self::Baseline];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Cis20L1 => "cis-2.0-l1",
            Self::Cis20L2 => "cis-2.0-l2",
            Self::Mlps20L3 => "mlps-2.0-l3",
            Self::Baseline => "baseline",
        }
    }

    /// What it is, in one line.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::Cis20L1 => "CIS Alibaba Cloud Foundation Benchmark 2.0.0, level 1",
            Self::Cis20L2 => "CIS Alibaba Cloud Foundation Benchmark 2.0.0, levels 1 and 2",
            Self::Mlps20L3 => "GB/T 22239-2019 (MLPS 2.0), level 3",
            Self::Baseline => "all rules, each at its strictest",
        }
    }

    /// Whether a rule belongs to it. A rule without a framework, such as the one about exceptions, belongs to all.
    #[must_use]
    pub fn includes(self, rule: &Rule) -> bool {
        let serves = |framework: &str, level: u8| {
            let fits = |control: &crate::Control| {
                control.framework == framework && control.level.is_none_or(|of_control| of_control <= level)
            };
            rule.controls.is_empty() || rule.controls.iter().any(fits)
        };
        match self {
            Self::Cis20L1 => serves("cis-2.0", 1),
            Self::Cis20L2 => serves("cis-2.0", 2),
            Self::Mlps20L3 => serves("mlps-2.0", 3),
            Self::Baseline => true,
        }
    }

    /// Its rules, in the order of their ids.
    pub fn rules(self) -> impl Iterator<Item = &'static Rule> {
        rules().iter().copied().filter(move |rule| self.includes(rule))
    }

    /// The numbers and names that its rules compare with, unless a user sets others.
    #[must_use]
    pub fn parameters(self) -> Parameters {
        let level_1 = ["2.10", "2.12", "2.13", "2.14", "2.15", "2.16", "2.17", "2.18", "2.21"];
        let defaults = Parameters::default();
        match self {
            Self::Cis20L1 => Parameters {
                alerts: level_1.map(str::to_owned).to_vec(),
                own_encryption_key: false,
                ..defaults
            },
            Self::Cis20L2 | Self::Baseline => defaults,
            Self::Mlps20L3 => Parameters {
                log_retention_days: reconciler::evidence::LEAST_RETENTION_DAYS,
                archive_retention_days: reconciler::evidence::LEAST_RETENTION_DAYS,
                own_encryption_key: false,
                ..defaults
            },
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that no profile has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no profile \"{0}\"; the profiles are cis-2.0-l1, cis-2.0-l2, mlps-2.0-l3 and baseline")]
pub struct UnknownProfile(pub String);

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|profile| profile.name() == name);
        known.ok_or_else(|| UnknownProfile(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(profile: Profile) -> Vec<&'static str> {
        profile.rules().map(|rule| rule.id).collect()
    }

    #[test]
    fn a_profile_has_the_rules_of_its_framework_and_the_baseline_has_all() {
        let (l1, l2, mlps) = (ids(Profile::Cis20L1), ids(Profile::Cis20L2), ids(Profile::Mlps20L3));
        assert_eq!(ids(Profile::Baseline).len(), rules().len());
        assert!(l1.iter().all(|rule| l2.contains(rule)), "level 2 adds to level 1");
        assert!(l2.contains(&"SL-01") && !l1.contains(&"SL-01"), "CIS 2.23 is of level 2");
        assert!(mlps.contains(&"OS-08") && !l2.contains(&"OS-08"), "CIS asks for no retention lock");
        assert!(mlps.contains(&"AT-07") && !l2.contains(&"AT-07"), "CIS asks for no fresh delivery");
        for profile in Profile::ALL {
            assert!(ids(profile).contains(&"AT-01") && ids(profile).contains(&"EX-01"), "{profile}");
            assert_eq!(profile.name().parse(), Ok(profile));
            assert_eq!(serde_json::to_value(profile).unwrap(), profile.name());
        }
        assert!("cis".parse::<Profile>().unwrap_err().to_string().contains("mlps-2.0-l3"));
    }

    #[test]
    fn retention_follows_the_framework() {
        assert_eq!(Profile::Cis20L2.parameters().log_retention_days, 365);
        assert_eq!(Profile::Mlps20L3.parameters().log_retention_days, 180);
        assert!(!Profile::Cis20L1.parameters().alerts.contains(&"2.11".to_owned()));
        assert!(Profile::Cis20L2.parameters().alerts.contains(&"2.11".to_owned()));
    }
}
