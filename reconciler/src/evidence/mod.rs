//! Which calls can lose evidence: every writing call of the crate `alibaba`, and when it weakens what is recorded, kept,
//! protected or noticed.
//!
//! The list is data. It says what may be lost by a call, and not how a caller finds out that it will be: whoever plans or
//! makes writes compares what is there with what is wanted, and names the [`Condition`] that holds. A test reads the
//! source of the crate `alibaba` and fails for a writing function that is not listed.

mod actiontrail;
mod oss;
mod roles;
mod sls;

use alibaba::endpoint::Service;

/// A writing call: a function of the crate `alibaba` and an action that it sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WritingCall {
    /// The service it is sent to.
    pub service: Service,
    /// The action, by its name in the service's API reference.
    pub action: &'static str,
    /// The function that sends it, as `<type>::<name>`. One that sends several actions has an entry for each.
    pub function: &'static str,
    /// Whether it can lose evidence.
    pub weakens: Weakening,
}

/// Whether a call can lose evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weakening {
    /// It cannot, for this reason.
    Never(&'static str),
    /// It does when one of these holds.
    When(&'static [&'static Condition]),
}

/// A change by which something is no longer recorded, kept, protected or noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Condition {
    /// Unique and stable: `<object>.<change>`.
    pub id: &'static str,
    /// When it holds, in one line.
    pub when: &'static str,
    /// What is lost, in one line.
    pub loss: &'static str,
}

/// For how many days evidence is expected to be kept at least: the six months that the Cybersecurity Law and MLPS 2.0 ask
/// for network logs, in the 180 days that Alibaba Cloud's own compliance checks make of them.
pub const LEAST_RETENTION_DAYS: i64 = 180;

const LISTS: [&[WritingCall]; 4] = [actiontrail::CALLS, oss::CALLS, sls::CALLS, roles::CALLS];

/// Every writing call of the crate `alibaba`.
pub fn writing_calls() -> impl Iterator<Item = &'static WritingCall> {
    LISTS.into_iter().flatten()
}

/// Every condition of a call that can lose evidence, once each, in the order of the calls.
#[must_use]
pub fn conditions() -> Vec<&'static Condition> {
    let mut all: Vec<&'static Condition> = Vec::new();
    for call in writing_calls() {
        let Weakening::When(conditions) = call.weakens else { continue };
        for condition in conditions {
            if !all.iter().any(|known| known.id == condition.id) {
                all.push(condition);
            }
        }
    }
    all
}

/// The calls by which a condition comes about.
pub fn calls_of(condition: &str) -> impl Iterator<Item = &'static WritingCall> {
    writing_calls().filter(move |call| match call.weakens {
        Weakening::When(conditions) => conditions.iter().any(|listed| listed.id == condition),
        Weakening::Never(_) => false,
    })
}

#[cfg(test)]
mod tests;
