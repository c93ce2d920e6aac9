//! Switches: behaviour of the cloud that its documentation leaves open. Each has a name, the values it can take
//! and a default, the guess under which a client that works is most likely to work on the real service.
//! Services declare theirs in a `SWITCHES` table; what is set lives in the world as overrides of the defaults.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One open point, as a service declares it.
#[derive(Debug, PartialEq, Eq)]
pub struct Switch {
    /// Name, unique over all services.
    pub name: &'static str,
    /// What it can be set to; the first is the default.
    pub values: &'static [&'static str],
    /// What it decides.
    pub doc: &'static str,
    /// Why it is open: what is documented and what has been seen.
    pub source: &'static str,
}

/// Whether limits on the number of things apply.
pub const QUOTAS: Switch = Switch {
    name: "quotas",
    values: &["on", "off"],
    doc: "The published limits on how many things an account may have are enforced.",
    source: "Not an open point, but in the way of tests that need more.",
};

/// All switches of all services.
pub fn all() -> impl Iterator<Item = &'static Switch> {
    [
        &[
            QUOTAS,
            crate::limits::RATE_LIMITS,
            crate::permissions::DENIAL_CODE,
            crate::permissions::resources::DENY_BINDS_OWN,
            crate::ram::LAG,
        ],
        crate::actiontrail::SWITCHES,
        crate::oss::SWITCHES,
        crate::resource_manager::SWITCHES,
        crate::sls::SWITCHES,
    ]
    .into_iter()
    .flatten()
}

/// A switch cannot be set this way.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SwitchError {
    /// No such switch.
    #[error("there is no switch named {0:?}; GET /v1/switches lists them")]
    Unknown(String),
    /// Not one of its values.
    #[error("switch {name} cannot be {value:?}; it takes one of: {}", allowed.join(", "))]
    Value {
        /// The switch.
        name: &'static str,
        /// The refused value.
        value: String,
        /// What it takes.
        allowed: &'static [&'static str],
    },
}

/// The switches that are set to something else than their default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>", into = "BTreeMap<String, String>")]
pub struct Switches(BTreeMap<&'static str, &'static str>);

impl Switches {
    /// The value of a switch.
    pub fn get(&self, switch: &Switch) -> &'static str {
        self.0.get(switch.name).copied().or(switch.values.first().copied()).unwrap_or("")
    }

    /// Whether a switch has the given value.
    pub fn is(&self, switch: &Switch, value: &str) -> bool {
        self.get(switch) == value
    }

    /// Whether a switch of the values `true` and `false` is on.
    pub fn on(&self, switch: &Switch) -> bool {
        self.is(switch, "true")
    }

    /// Sets a switch by name.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), SwitchError> {
        let switch =
            all().find(|switch| switch.name == name).ok_or_else(|| SwitchError::Unknown(name.to_owned()))?;
        let known = switch.values.iter().find(|known| **known == value).ok_or_else(|| {
            SwitchError::Value { name: switch.name, value: value.to_owned(), allowed: switch.values }
        })?;
        self.0.insert(switch.name, known);
        Ok(())
    }
}

impl TryFrom<BTreeMap<String, String>> for Switches {
    type Error = SwitchError;

    fn try_from(values: BTreeMap<String, String>) -> Result<Self, SwitchError> {
        let mut switches = Self::default();
        for (name, value) in &values {
            switches.set(name, value)?;
        }
        Ok(switches)
    }
}

impl From<Switches> for BTreeMap<String, String> {
    fn from(switches: Switches) -> Self {
        switches.0.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_switch_has_a_unique_name_and_a_choice() {
        let mut names = std::collections::BTreeSet::new();
        for switch in all() {
            assert!(names.insert(switch.name), "{} is declared twice", switch.name);
            assert!(switch.values.len() > 1, "{} has no choice", switch.name);
            assert!(!switch.doc.is_empty() && !switch.source.is_empty(), "{} is not explained", switch.name);
        }
    }

    #[test]
    fn the_guide_lists_every_switch() {
        let guide = include_str!("../../docs/guides/mock-cloud.md");
        for switch in all() {
            let values: Vec<String> = switch.values.iter().map(|value| format!("`{value}`")).collect();
            let row = format!("| `{}` | {} |", switch.name, values.join(", "));
            assert!(guide.contains(&row), "the guide lacks the row: {row} {} |", switch.doc);
        }
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        let mut switches = Switches::default();
        assert!(matches!(switches.set("no_such", "true"), Err(SwitchError::Unknown(_))));
        let first = all().next().unwrap();
        assert!(matches!(switches.set(first.name, "perhaps"), Err(SwitchError::Value { .. })));
        switches.set(first.name, first.values[1]).unwrap();
        assert_eq!(switches.get(first), first.values[1]);
        let text = serde_json::to_string(&switches).unwrap();
        assert_eq!(serde_json::from_str::<Switches>(&text).unwrap(), switches);
    }
}
