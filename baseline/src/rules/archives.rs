//! What the rules about archives and logstores share: which of them an account has.

use super::trails::{Subject, account, own, subject};
use crate::facts::{Bucket, Facts, Logstore, Trail};
use crate::finding::{Findings, Resource};
use crate::judgement::{Judged, Judgement};

/// Which archives a rule is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// All that trails of the account deliver to: events are to be seen by nobody, wherever they are.
    All,
    /// That of the trail which covers the account, or is meant to: a narrow second trail may keep its copies as it likes.
    Main,
}

/// Trails of the account that a rule is for.
fn trails_of(facts: &Facts, which: Which) -> Result<Vec<&Trail>, Judgement> {
    match (which, subject(facts)) {
        (_, Subject::NotRead(early)) => Err(early),
        (Which::Main, Subject::Own(trail)) => Ok(vec![trail]),
        (Which::Main, Subject::Organization(_) | Subject::Nothing) => Ok(Vec::new()),
        (Which::All, _) => {
            let all = facts.trails.known().map(|trails| own(facts, trails).collect());
            Ok(all.unwrap_or_default())
        }
    }
}

/// Judges each archive, with the trails that deliver to it.
pub(super) fn judge_archives(
    facts: &Facts,
    findings: &mut Findings<'_>,
    which: Which,
    judge: impl Fn(&Bucket, &[&Trail]) -> Judged,
) {
    let trails = match trails_of(facts, which) {
        Ok(trails) => trails,
        Err(early) => {
            findings.judge(None, account(facts), None, early);
            return;
        }
    };
    let mut seen: Vec<&str> = Vec::new();
    for trail in &trails {
        let name = match trail.oss_bucket.read() {
            Ok(Some(name)) => name.as_str(),
            // Another rule says that there is no archive.
            Ok(None) => continue,
            Err(early) => {
                let region = trail.home_region.known().map(String::as_str);
                findings.judge(region, Resource::new("trail", &trail.name), trail.location.as_ref(), early);
                continue;
            }
        };
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let delivering: Vec<&Trail> = trails
            .iter()
            .copied()
            .filter(|trail| trail.oss_bucket.known().is_some_and(|bucket| bucket == name))
            .collect();
        let resource = Resource::new("bucket", name);
        match crate::facts::entry(&facts.buckets, name) {
            Ok(Some(bucket)) => {
                let judgement = Judgement::of(judge(bucket, &delivering));
                findings.judge(bucket.region.as_deref(), resource, bucket.location.as_ref(), judgement);
            }
            // Another rule says that it does not exist.
            Ok(None) => {}
            Err(early) => {
                findings.judge(None, resource, trail.location.as_ref(), early);
            }
        }
    }
}

/// Judges the logstore of the trail that covers the account, or is meant to.
pub(super) fn judge_logstores(
    facts: &Facts,
    findings: &mut Findings<'_>,
    judge: impl Fn(&Logstore, &Trail) -> Judged,
) {
    let trails = match trails_of(facts, Which::Main) {
        Ok(trails) => trails,
        Err(early) => {
            findings.judge(None, account(facts), None, early);
            return;
        }
    };
    for trail in trails {
        let early = match (trail.sls_project_arn.read(), trail.logstore_id()) {
            // Another rule says that there is no logstore.
            (Ok(None), _) => continue,
            (Ok(Some(_)), Some(id)) => {
                let resource = Resource::new("logstore", &id);
                match crate::facts::entry(&facts.logstores, &id) {
                    Ok(Some(store)) => {
                        let judgement = Judgement::of(judge(store, trail));
                        findings.judge(store.region.as_deref(), resource, store.location.as_ref(), judgement);
                    }
                    Ok(None) => {}
                    Err(early) => {
                        findings.judge(None, resource, trail.location.as_ref(), early);
                    }
                }
                continue;
            }
            (Ok(Some(arn)), None) => Judgement::unknown(format!("{arn} is no ARN of a log project")),
            (Err(early), _) => early,
        };
        let region = trail.home_region.known().map(String::as_str);
        findings.judge(region, Resource::new("trail", &trail.name), trail.location.as_ref(), early);
    }
}
