//! The controls of an audit trail at Alibaba Cloud: what is asked for, how it is judged, and what was found.
//!
//! Rules judge plain data: the same rule runs over a live account and over whatever else describes one.
//!
//! | module | room for |
//! |---|---|
//! | [`finding`] | what a rule says about one resource, and the report over many of them |
//! | [`rule`] | what a rule declares about itself, and the list of all rules |
//! | [`facts`] | what a rule knows about an account |
//! | [`parameters`] | the numbers and names that rules compare with |

pub mod facts;
pub mod finding;
pub mod parameters;
pub mod rule;

pub use facts::Facts;
pub use finding::{Finding, Findings, Location, Report, Resource, Severity, Verdict};
pub use parameters::Parameters;
pub use rule::{Control, Judge, Rule, rules};
