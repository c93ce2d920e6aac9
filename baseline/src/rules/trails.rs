//! What the rules about trails share: which trail is meant to cover an account, and whether it does.

use crate::facts::{Facts, Trail};
use crate::finding::{Findings, Resource};
use crate::judgement::{Judged, Judgement};

/// Whether a trail records every region.
pub(super) fn all_regions(trail: &Trail) -> Judgement {
    Judgement::of(read_all_regions(trail))
}

fn read_all_regions(trail: &Trail) -> Judged {
    let name = trail.label();
    Ok(match trail.trail_region.read()?.map(String::as_str) {
        Some("All") => Judgement::pass(format!("Trail {name} records all regions.")),
        region => Judgement::fail(
            match region {
                Some(region) => format!("Trail {name} records {region} only."),
                None => format!("Trail {name} records its home region only."),
            },
            format!("Update the trail: UpdateTrail with Name = {}, TrailRegion = All.", trail.name),
        ),
    })
}

/// Whether a trail records reads and writes.
pub(super) fn all_events(trail: &Trail) -> Judgement {
    Judgement::of(read_all_events(trail))
}

fn read_all_events(trail: &Trail) -> Judged {
    let name = trail.label();
    Ok(match trail.event_rw.read()?.map(String::as_str) {
        Some("All") => Judgement::pass(format!("Trail {name} records reads and writes.")),
        kind => Judgement::fail(
            match kind {
                Some(kind) => format!("Trail {name} records {kind} events only."),
                None => format!("Trail {name} does not say which events it records."),
            },
            format!("Update the trail: UpdateTrail with Name = {}, EventRW = All.", trail.name),
        ),
    })
}

/// Whether a trail logs.
pub(super) fn logging(trail: &Trail) -> Judgement {
    Judgement::of(read_logging(trail))
}

fn read_logging(trail: &Trail) -> Judged {
    let name = trail.label();
    let fix = format!("Start the trail: StartLogging with Name = {}.", trail.name);
    // A trail that says nothing about its status is no stopped trail: whether it logs is said elsewhere.
    let status = trail.status.read()?.map(String::as_str);
    match status {
        Some("Fresh") => {
            return Ok(Judgement::fail(format!("Trail {name} was created, but never started."), fix));
        }
        Some("Enable") | None => {}
        Some(_) => return Ok(Judgement::fail(format!("Trail {name} is stopped."), fix)),
    }
    Ok(match (trail.is_logging.read()?, status) {
        (Some(true), _) => Judgement::pass(format!("Trail {name} logs.")),
        (Some(false), Some(_)) => Judgement::fail(format!("Trail {name} is enabled, but does not log."), fix),
        (Some(false), None) => Judgement::fail(format!("Trail {name} does not log."), fix),
        (None, _) => Judgement::unknown(format!("nothing says whether trail {name} logs")),
    })
}

/// Whether a trail delivers to a bucket.
pub(super) fn archive(trail: &Trail, facts: &Facts) -> Judgement {
    Judgement::of(read_archive(trail, facts))
}

fn read_archive(trail: &Trail, facts: &Facts) -> Judged {
    let name = trail.label();
    let Some(bucket) = trail.oss_bucket.read()? else {
        return Ok(Judgement::fail(
            format!("Trail {name} delivers to no bucket."),
            format!("Give it an archive: UpdateTrail with Name = {}, OssBucketName = BUCKET.", trail.name),
        ));
    };
    let gone = matches!(facts.buckets.get(bucket), Some(crate::Fact::Absent));
    if gone {
        return Ok(Judgement::fail(
            format!("Trail {name} delivers to bucket {bucket}, which does not exist."),
            format!(
                "Create bucket {bucket} again, or give trail {} another one with UpdateTrail.",
                trail.name
            ),
        ));
    }
    Ok(match trail.oss_bucket_reachable.read()? {
        Some(false) => Judgement::fail(
            format!("Trail {name} cannot reach its bucket {bucket}."),
            format!(
                "Check that bucket {bucket} exists, and that the delivery role of the trail may write to it."
            ),
        ),
        _ => Judgement::pass(format!("Trail {name} delivers to bucket {bucket}.")),
    })
}

/// Whether a trail covers its accounts: all that it is checked for at once.
pub(super) fn covers(trail: &Trail, facts: &Facts) -> Judgement {
    let parts = [all_regions(trail), all_events(trail), logging(trail), archive(trail, facts)];
    // The whole story, where several things are wrong.
    let faults: Vec<(&str, &str)> = parts
        .iter()
        .filter_map(|part| match part {
            Judgement::Fail { seen, fix } => Some((seen.as_str(), fix.as_str())),
            _ => None,
        })
        .collect();
    if !faults.is_empty() {
        let (seen, fix): (Vec<&str>, Vec<&str>) = faults.into_iter().unzip();
        return Judgement::fail(seen.join(" "), fix.join(" "));
    }
    let worst = Judgement::worst(parts).filter(|worst| !worst.passes());
    worst.unwrap_or_else(|| {
        Judgement::pass(format!(
            "Trail {} records all events of all regions, and delivers them to a bucket.",
            trail.label()
        ))
    })
}

/// The trails that an account is to be judged by.
pub(super) enum Subject<'f> {
    /// The account's own trail that covers it, or else the one that is meant to: that with the widest scope.
    Own(&'f Trail),
    /// A trail of the organization, in another account, that covers it.
    Organization(&'f Trail),
    /// There is no trail of its own, and none that covers it.
    Nothing,
    /// The trails could not be read.
    NotRead(Judgement),
}

/// Whose trail it is.
fn is_own(trail: &Trail, facts: &Facts) -> bool {
    trail.account.is_empty() || trail.account == facts.account
}

/// The trails of the account itself.
pub(super) fn own<'f>(facts: &'f Facts, trails: &'f [Trail]) -> impl Iterator<Item = &'f Trail> {
    trails.iter().filter(|trail| is_own(trail, facts))
}

/// Finds the trail that an account is judged by. A second, narrow trail beside one that covers everything is nobody's fault,
/// and a stopped trail of wide scope is the one to be started, not a narrow one to be widened.
pub(super) fn subject(facts: &Facts) -> Subject<'_> {
    let trails = match facts.trails.read() {
        Ok(trails) => trails.map_or(&[][..], Vec::as_slice),
        Err(early) => return Subject::NotRead(early),
    };
    let covering =
        |own: bool| trails.iter().find(|trail| is_own(trail, facts) == own && covers(trail, facts).passes());
    if let Some(trail) = covering(true) {
        return Subject::Own(trail);
    }
    let of_organization = |trail: &&Trail| trail.is_organization_trail;
    if let Some(trail) = covering(false).filter(of_organization) {
        return Subject::Organization(trail);
    }
    let rank = |trail: &&Trail| {
        (
            all_regions(trail).passes(),
            all_events(trail).passes(),
            trail.oss_bucket.known().is_some(),
            logging(trail).passes(),
            trail.sls_project_arn.known().is_some(),
            // The first of several that are alike.
            std::cmp::Reverse(trail.name.clone()),
        )
    };
    if let Some(trail) = own(facts, trails).max_by_key(rank) {
        return Subject::Own(trail);
    }
    match facts.regions_not_looked_at.first() {
        Some(region) => Subject::NotRead(not_looked_at(region)),
        None => Subject::Nothing,
    }
}

/// What follows from a region that could not be looked at.
pub(super) fn not_looked_at(region: &crate::facts::RegionNotLookedAt) -> Judgement {
    Judgement::CouldNotLook {
        action: region.action.clone(),
        reason: format!("region {}: {}", region.region, region.reason),
    }
}

/// The account as a resource.
pub(super) fn account(facts: &Facts) -> Resource {
    Resource::new("account", &facts.account)
}

/// Writes down a judgement about a trail.
pub(super) fn judge_trail(trail: &Trail, judgement: Judgement, findings: &mut Findings<'_>) {
    let region = trail.home_region.known().map(String::as_str);
    let resource = Resource::new("trail", &trail.name);
    findings.judge(region, resource, trail.location.as_ref(), judgement);
}

/// Judges one property of the trail that covers an account, or is meant to. Where there is none, AT-01 says so.
pub(super) fn judge_property(
    facts: &Facts,
    findings: &mut Findings<'_>,
    property: impl FnOnce(&Trail) -> Judgement,
) {
    match subject(facts) {
        Subject::Own(trail) => match (property(trail), facts.regions_not_looked_at.first()) {
            // A trail elsewhere may be the one that covers it.
            (Judgement::Fail { .. }, Some(region)) => {
                findings.judge(None, account(facts), None, not_looked_at(region));
            }
            (judgement, _) => judge_trail(trail, judgement, findings),
        },
        Subject::Organization(trail) => {
            let judgement = match property(trail) {
                Judgement::Pass(_) => Judgement::pass(format!(
                    "The account is covered by the organization trail {}.",
                    trail.label()
                )),
                // What is wrong with it is a finding of the account that it belongs to.
                _ => return,
            };
            findings.judge(None, account(facts), None, judgement);
        }
        Subject::Nothing => {}
        Subject::NotRead(early) => {
            findings.judge(None, account(facts), None, early);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::fixtures::{account, organization_trail};

    fn name(facts: &Facts) -> String {
        match subject(facts) {
            Subject::Own(trail) => trail.name.clone(),
            Subject::Organization(trail) => format!("organization {}", trail.name),
            Subject::Nothing => "nothing".into(),
            Subject::NotRead(_) => "not read".into(),
        }
    }

    #[test]
    fn an_account_is_judged_by_the_trail_that_covers_it_or_is_meant_to() {
        let healthy = account();
        let trail = healthy.trails.known().unwrap()[0].clone();
        let narrow = Trail {
            name: "a-narrow".into(),
            trail_region: Fact::Known("cn-beijing".into()),
            ..trail.clone()
        };
        let stopped = Trail { is_logging: Fact::Known(false), ..trail.clone() };
        let with = |trails: Vec<Trail>| Facts { trails: Fact::Known(trails), ..account() };
        assert_eq!(name(&with(vec![narrow.clone(), trail.clone()])), "audit");
        assert_eq!(name(&with(vec![narrow.clone(), stopped.clone()])), "audit");
        assert_eq!(name(&with(vec![narrow.clone(), organization_trail()])), "organization everyone");
        assert_eq!(name(&with(vec![trail, organization_trail()])), "audit");
        let org_stopped = Trail { is_logging: Fact::Known(false), ..organization_trail() };
        assert_eq!(name(&with(vec![org_stopped])), "nothing");
        assert_eq!(name(&Facts { trails: Fact::default(), ..account() }), "not read");
    }
}
