//! What can be tried: which kind of fault, in which apply, at which moment.

use std::fmt;
use std::str::FromStr;

use serde_json::{Value, json};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// One call is throttled.
    Throttle,
    /// One call fails with an error of the service.
    ServerError,
    /// One call's connection is reset before anything is done.
    Reset,
    /// One call is carried out, and its answer is lost.
    LostAnswer,
    /// One call's answer comes late.
    Slow,
    /// One call is refused for want of a permission.
    Refusal,
    /// One call and all after it are refused, as when a session ends.
    Denial,
    /// What one call wrote is not seen for a while.
    DelayedVisibility,
    /// Ctrl-C at some moment.
    Interrupt,
    /// `kill -9` of Terraform, of the provider, or of both at some moment.
    Kill,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 10] = [
        Self::Throttle,
        Self::ServerError,
        Self::Reset,
        Self::LostAnswer,
        Self::Slow,
        Self::Refusal,
        Self::Denial,
        Self::DelayedVisibility,
        Self::Interrupt,
        Self::Kill,
    ];

    /// The name, as options have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Throttle => "throttle",
            Self::ServerError => "server-error",
            Self::Reset => "reset",
            Self::LostAnswer => "lost-answer",
            Self::Slow => "slow",
            Self::Refusal => "refusal",
            Self::Denial => "denial",
            Self::DelayedVisibility => "delayed-visibility",
            Self::Interrupt => "interrupt",
            Self::Kill => "kill",
        }
    }

    /// How many moments are tried, of a kind that strikes at moments and not at calls.
    pub(super) const fn moments(self) -> Option<u64> {
        match self {
            Self::Interrupt => Some(100),
            Self::Kill => Some(30),
            _ => None,
        }
    }

    /// The rule with which the mock brings it about at the call of this number.
    pub(super) fn rule(self, call: u64) -> Value {
        let (kind, more) = match self {
            Self::Throttle => ("throttle", json!({})),
            Self::ServerError => ("server_error", json!({})),
            Self::Reset => ("reset", json!({})),
            Self::LostAnswer => ("lost_answer", json!({})),
            Self::Slow => ("slow", json!({"milliseconds": 700})),
            Self::DelayedVisibility => ("delay_visibility", json!({"milliseconds": 1500})),
            Self::Refusal | Self::Denial => (
                "server_error",
                json!({"status": 403, "code": "AccessDenied", "message": "refused by the sweep"}),
            ),
            // So slow that a moment in the middle can be met.
            Self::Interrupt | Self::Kill => return json!({"kind": "slow", "milliseconds": 40}),
        };
        let mut rule = more;
        rule["kind"] = json!(kind);
        rule["from"] = json!(call);
        if self != Self::Denial {
            rule["times"] = json!(1);
        }
        rule
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or_else(|| {
            format!("there is no kind {text:?}; there are {}", Self::ALL.map(Self::name).join(", "))
        })
    }
}

/// The order in which Terraform would replace what the example declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    /// As the module has it, with `create_before_destroy`.
    CreateFirst,
    /// Without.
    DestroyFirst,
}

/// The apply that something goes wrong in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// The first one, which makes everything.
    Create,
    /// One that changes and repairs everything where it is.
    Change,
    /// One that replaces the trail by one of the next generation.
    Generation,
}

impl Order {
    pub(super) const ALL: [Self; 2] = [Self::CreateFirst, Self::DestroyFirst];

    const fn name(self) -> &'static str {
        match self {
            Self::CreateFirst => "create-first",
            Self::DestroyFirst => "destroy-first",
        }
    }
}

impl Phase {
    pub(super) const ALL: [Self; 3] = [Self::Create, Self::Change, Self::Generation];

    const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Change => "change",
            Self::Generation => "generation",
        }
    }

    /// The variables with which the world before this apply is made.
    pub(super) fn before(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Create => None,
            Self::Change => Some(&["-var=log_retention_days=365"]),
            Self::Generation => Some(&["-var=deletion_protection=false"]),
        }
    }

    /// The variables of this apply.
    pub(super) fn variables(self) -> &'static [&'static str] {
        match self {
            Self::Create => &[],
            Self::Change => &["-var=retention_days=2000", "-var=tags={owner=\"security\"}"],
            Self::Generation => &["-var=deletion_protection=false", "-var=generation=2"],
        }
    }
}

/// One run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trial {
    /// What goes wrong.
    pub kind: Kind,
    /// In which order things are replaced.
    pub order: Order,
    /// In which apply.
    pub phase: Phase,
    /// At which call, counted from 1; or the number of the moment.
    pub number: u64,
}

impl fmt::Display for Trial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}/{}", self.kind, self.order.name(), self.phase.name(), self.number)
    }
}

impl FromStr for Trial {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not like {}", "refusal/create-first/create/17");
        let mut parts = text.split('/');
        let mut part = || parts.next().ok_or_else(wrong);
        let kind = part()?.parse()?;
        let order = part()?;
        let order = Order::ALL.into_iter().find(|known| known.name() == order).ok_or_else(wrong)?;
        let phase = part()?;
        let phase = Phase::ALL.into_iter().find(|known| known.name() == phase).ok_or_else(wrong)?;
        let number = part()?.parse().map_err(|_| wrong())?;
        Ok(Self { kind, order, phase, number })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_is_read_as_it_is_written() {
        let trial =
            Trial { kind: Kind::LostAnswer, order: Order::DestroyFirst, phase: Phase::Change, number: 7 };
        assert_eq!(trial.to_string(), "lost-answer/destroy-first/change/7");
        assert_eq!(trial.to_string().parse(), Ok(trial));
        assert!("lost-answer/destroy-first/change".parse::<Trial>().is_err());
        assert!(
            "flood/destroy-first/change/1".parse::<Trial>().unwrap_err().contains("throttle, server-error")
        );
    }
}
