//! What a rule concludes about one resource, before it is written down as a finding.

use crate::finding::{Finding, Findings, Location, Resource, Verdict};

/// A conclusion, with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// As asked for. What was seen.
    Pass(String),
    /// Not as asked for.
    Fail {
        /// What was seen.
        seen: String,
        /// The exact fix.
        fix: String,
    },
    /// It cannot be judged by what was read.
    Unknown {
        /// Why.
        why: String,
        /// How to find out.
        how: Option<String>,
    },
    /// It could not be read.
    CouldNotLook {
        /// The RAM action that is missing, if the service refused.
        action: Option<String>,
        /// What the service or the connection said, in one line.
        reason: String,
    },
}

/// A conclusion that ends early where a fact is not known.
pub(crate) type Judged = Result<Judgement, Judgement>;

impl Judgement {
    pub(crate) fn pass(seen: impl Into<String>) -> Self {
        Self::Pass(seen.into())
    }

    pub(crate) fn fail(seen: impl Into<String>, fix: impl Into<String>) -> Self {
        Self::Fail { seen: seen.into(), fix: fix.into() }
    }

    pub(crate) fn unknown(why: impl Into<String>) -> Self {
        Self::Unknown { why: why.into(), how: None }
    }

    /// Whatever a conclusion came to, early or not.
    pub(crate) fn of(judged: Judged) -> Self {
        judged.unwrap_or_else(|early| early)
    }

    pub(crate) fn passes(&self) -> bool {
        matches!(self, Self::Pass(_))
    }

    /// How bad it is where several conclusions make one: a failure is certain, whatever else could not be read.
    fn weight(&self) -> u8 {
        match self {
            Self::Pass(_) => 0,
            Self::Unknown { .. } => 1,
            Self::CouldNotLook { .. } => 2,
            Self::Fail { .. } => 3,
        }
    }

    /// The worst of several, all of which have to pass.
    pub(crate) fn worst(all: impl IntoIterator<Item = Self>) -> Option<Self> {
        all.into_iter().reduce(|one, other| if other.weight() > one.weight() { other } else { one })
    }

    /// The best of several, one of which has to pass. Where none passes, one that is not certain leaves hope.
    pub(crate) fn best(all: impl IntoIterator<Item = Self>) -> Option<Self> {
        // What could not be read can be read with a permission more, so it goes before what is unknown.
        let weight = |judgement: &Self| match judgement {
            Self::Pass(_) => 0,
            Self::CouldNotLook { .. } => 1,
            Self::Unknown { .. } => 2,
            Self::Fail { .. } => 3,
        };
        all.into_iter().reduce(|one, other| if weight(&other) < weight(&one) { other } else { one })
    }
}

impl Findings<'_> {
    /// Writes a conclusion down.
    pub fn judge(
        &mut self,
        region: Option<&str>,
        resource: Resource,
        location: Option<&Location>,
        judgement: Judgement,
    ) -> &mut Finding {
        let (verdict, message, remedy, action) = match judgement {
            Judgement::Pass(seen) => (Verdict::Pass, seen, None, None),
            Judgement::Fail { seen, fix } => (Verdict::Fail, seen, Some(fix), None),
            Judgement::Unknown { why, how } => {
                let message = format!("This cannot be judged: {}", sentence(&why));
                (Verdict::Unknown, message, how, None)
            }
            Judgement::CouldNotLook { action, reason } => {
                let message = match &action {
                    Some(action) => {
                        format!("This could not be looked at, for lack of {action}: {}", sentence(&reason))
                    }
                    None => format!("This could not be looked at: {}", sentence(&reason)),
                };
                let remedy =
                    action.as_ref().map(|action| format!("Allow {action} for the identity that audits."));
                (Verdict::CouldNotLook, message, remedy, action)
            }
        };
        let finding = self.add(verdict, region, resource, message);
        finding.remedy = remedy;
        finding.action = action;
        finding.location = location.cloned();
        finding
    }
}

/// With one full stop.
fn sentence(text: &str) -> String {
    format!("{}.", text.trim_end_matches('.'))
}
