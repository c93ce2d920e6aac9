//! The controls of an audit trail at Alibaba Cloud: what is asked for, how it is judged, and what was found.
//!
//! Rules judge plain data: the same rule runs over a live account and over whatever else describes one.
//!
//! | module | room for |
//! |---|---|
//! | [`finding`] | what a rule says about one resource, and the report over many of them |
//! | [`mod@rule`] | what a rule declares about itself, and the list of all rules |
//! | [`facts`] | what a rule knows about an account |
//! | [`collect`] | filling the facts from the live cloud |
//! | [`mod@audit`] | many accounts and their organization, judged |
//! | [`judgement`] | what a rule concludes, before it is written down |
//! | [`profile`] | which rules are judged |
//! | [`change`] | the rules about changes that weaken evidence |
//! | [`parameters`] | the numbers and names that rules compare with |
//! | [`exceptions`] | failures that somebody accepted, until when and why |

mod alerts;
pub mod audit;
pub mod collect;
pub mod exceptions;
pub mod facts;
mod file;
pub mod finding;
#[cfg(test)]
mod fixtures;
pub mod judgement;
pub mod parameters;
pub mod profile;
pub mod rule;
mod rules;

pub use alerts::search_for;
pub use audit::{Selection, audit};
pub use exceptions::{Exception, Exceptions};
pub use facts::{Fact, Facts, OrganizationFacts};
pub use file::FileError;
pub use finding::{Finding, Findings, Location, Report, Resource, Severity, Verdict};
pub use judgement::Judgement;
pub use parameters::Parameters;
pub use profile::Profile;
pub use rule::{Control, Judge, Rule, change, every_rule, rule, rules};
