//! Judges a plan or state of Terraform or OpenTofu by the controls of the audit trail, before anything is applied.
//!
//! The JSON of `terraform show -json` becomes objects ([`planned`]: trails, buckets, logstores, …), whichever of the providers
//! `alitrail` and `alicloud` declares them. Those after the apply become facts that the rules of `baseline` judge; those before
//! and after are compared, and what weakens evidence is named by the list of `reconciler::evidence`.
//!
//! | module | room for |
//! |---|---|
//! | [`document`] | the JSON, as far as it is read |
//! | [`references`] | what the configuration in a plan refers to |
//! | [`resource`], [`resources`] | the resources that matter, before and after |
//! | [`node`] | values, known or not |
//! | [`planned`] | objects |
//! | [`judge`] | the rules of `baseline` over the objects |
//! | [`advice`] | what to write in a configuration |
//! | [`changes`] | what weakens evidence |

mod advice;
mod changes;
mod document;
mod judge;
mod node;
mod options;
mod planned;
mod redact;
mod references;
mod resource;
mod resources;

use baseline::{Report, Selection};
use time::format_description::well_known::Rfc3339;

pub use document::Error;
pub use options::Options;

use document::Document;
use planned::{Accounts, Planned, Source};
use references::References;
use resource::Side;
use resources::Resources;

/// What was found, and what the plan could not tell.
#[derive(Debug)]
pub struct Checked {
    /// The findings.
    pub report: Report,
    /// How many resources of the two providers were read.
    pub resources: usize,
    /// The plan says that a further plan is needed, so that changes may be missing from it.
    pub is_incomplete: bool,
}

/// Judges the JSON of a plan or state.
///
/// # Errors
/// A text that is no plan or state, or one of a format that is not known.
pub fn check(text: &str, selection: &Selection, options: &Options) -> Result<Checked, Error> {
    let document = Document::parse(text)?;
    let references = References::new(document.configuration.as_ref());
    let resources = Resources::read(&document, &references)?;
    let accounts = Accounts::new(&resources.all);
    let planned = |side| {
        Planned::new(Source {
            resources: &resources.all,
            references,
            accounts: &accounts,
            file: &options.file,
            side,
        })
    };
    let after = planned(Side::After);
    let mut findings = judge::judge(&after, selection, options);
    if document.is_plan() {
        findings.extend(changes::judge(&planned(Side::Before), &after, selection, options.now));
    }
    let judged = judge::accounts(&findings);
    let judged: Vec<&str> = judged.iter().map(String::as_str).collect();
    selection.apply_exceptions(&mut findings, &judged, &[], options.now);
    // Only now: an exception may be for a resource whose name is not printed.
    redact::redact(&mut findings, &resources.sensitive);
    let moment = options.now.format(&Rfc3339).unwrap_or_default();
    let report = Report {
        findings,
        accounts_looked_at: judged.len(),
        begun: moment.clone(),
        ended: moment,
        profile: selection.profile.name().to_owned(),
        ..Report::default()
    };
    Ok(Checked { report, resources: resources.all.len(), is_incomplete: document.complete == Some(false) })
}
