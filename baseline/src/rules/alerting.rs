//! What the rules about alerts share.

use super::trails::{Subject, account, subject};
use crate::alerts::{AlertControl, Noticed};
use crate::facts::{Facts, Trail, entry};
use crate::finding::{Findings, Resource};
use crate::judgement::{Judged, Judgement};

/// Judges, for each control, whether the alerts over the logstore of the trail notice what it asks for.
pub(super) fn judge_alerts(
    facts: &Facts,
    findings: &mut Findings<'_>,
    controls: &[(&'static AlertControl, Resource)],
) {
    let trail = match subject(facts) {
        Subject::Own(trail) => trail,
        // The alerts over an organization trail are judged in the account that it belongs to.
        Subject::Organization(_) | Subject::Nothing => return,
        Subject::NotRead(early) => {
            findings.judge(None, account(facts), None, early);
            return;
        }
    };
    // Without a logstore there is nothing to alert on, which is a finding of its own.
    if matches!(trail.sls_project_arn, crate::Fact::Absent) {
        return;
    }
    let region = trail.sls_project_arn.known().and_then(|arn| crate::facts::project_of_arn(arn));
    let region = region.map(|project| project.region);
    for (control, resource) in controls {
        let judgement = Judgement::of(noticed(control, trail, facts));
        findings.judge(region, resource.clone(), trail.location.as_ref(), judgement);
    }
}

fn noticed(control: &AlertControl, trail: &Trail, facts: &Facts) -> Judged {
    trail.sls_project_arn.read()?;
    let Some(project) = trail.project() else {
        return Ok(Judgement::unknown("the ARN of the log project cannot be read"));
    };
    let alerts = entry(&facts.alerts, project)?.map_or(&[][..], Vec::as_slice);
    let title = control.title;
    Ok(match control.noticed(alerts, &trail.logstore()) {
        Noticed::All(by) => Judgement::pass(format!("Alert {} notices {title}.", by.join(", "))),
        Noticed::Missing(missing) => {
            let shown: Vec<&str> = missing.iter().take(6).map(String::as_str).collect();
            let more = missing.len() - shown.len();
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            Judgement::fail(
                format!("No enabled alert of project {project} notices {title}: {}{more}.", shown.join(", ")),
                format!(
                    "Create an alert in project {project} over logstore {} that finds these events.",
                    trail.logstore()
                ),
            )
        }
        Noticed::Unclear(alerts) => Judgement::Unknown {
            why: format!(
                "the queries of {} leave out what cannot be told from their text",
                alerts.join(", ")
            ),
            how: Some(format!(
                "Write what the alert looks for as a search in front of the first |, without conditions in SQL, or make sure \
                 yourself that it notices {title}."
            )),
        },
    })
}
