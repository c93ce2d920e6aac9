//! What a retention policy can become (OSS API reference, InitiateBucketWorm to ExtendBucketWorm), before any call.

use plugin::{Attr, Diagnostic, Diagnostics, Path};

use super::model::WormModel;

/// Seventy years.
const MOST_DAYS: i64 = 25_550;

/// Days of retention.
pub(super) fn retention(days: &i64) -> Result<(), String> {
    if (1..=MOST_DAYS).contains(days) {
        return Ok(());
    }
    Err(format!("{days} is not a number of days that the service takes. Use 1 to {MOST_DAYS}."))
}

/// Locking needs consent, by the name of the bucket.
pub(super) fn consent(config: &WormModel, found: &mut Diagnostics) {
    let Some(bucket) = config.bucket.as_str().filter(|_| config.is_locked()) else { return };
    let what = match &config.lock_consent {
        Attr::Unknown(_) => return,
        Attr::Known(consent) if consent == bucket => return,
        Attr::Known(consent) => format!("lock_consent is {consent:?}"),
        Attr::Null => "lock_consent is not set".to_owned(),
    };
    let days = match config.retention_period_in_days.get() {
        Some(days) => format!("for {days} days"),
        None => "for the time given".to_owned(),
    };
    found.push(
        Diagnostic::error(
            "Locking a retention policy needs consent",
            format!(
                "status = \"Locked\" cannot be undone by anybody: each object of {bucket:?} is kept, and paid for, {days} \
                 after it was last changed, and the time can only be extended. {what}. If that is meant, set lock_consent = \
                 {bucket:?}; to try the policy first, use status = \"InProgress\", which lapses after 24 hours."
            ),
        )
        .at(Path::attribute("lock_consent")),
    );
}

/// What a locked policy cannot become.
pub(super) fn change(prior: &WormModel, planned: &WormModel, found: &mut Diagnostics) {
    if !prior.is_locked() || prior.bucket != planned.bucket {
        return;
    }
    let label = prior.label();
    if planned.status.get().is_some() && !planned.is_locked() {
        found.push(
            Diagnostic::error(
                format!("{label} is locked"),
                "A locked policy stays locked for good. Set status = \"Locked\", with lock_consent.",
            )
            .at(Path::attribute("status")),
        );
    }
    if let Some(days) = planned.retention_period_in_days.get().filter(|days| **days < prior.days()) {
        found.push(
            Diagnostic::error(
                format!("{label} cannot be shortened"),
                format!(
                    "It is locked at {} days, and {days} are fewer: a locked policy can only be extended. Set \
                     retention_period_in_days to {} or more.",
                    prior.days(),
                    prior.days()
                ),
            )
            .at(Path::attribute("retention_period_in_days")),
        );
    }
}

/// What to know about a policy that is in progress.
pub(super) fn lapses(planned: &WormModel) -> Diagnostic {
    Diagnostic::warning(
        format!("{} lapses after 24 hours", planned.label()),
        "It protects objects from the apply on, but unless it is locked within 24 hours the service drops it, and nothing \
         is protected any more; the next plan would begin it anew. When it has proved right, set status = \"Locked\" and \
         lock_consent.",
    )
    .at(Path::attribute("status"))
}

/// A policy that is not there any more, although it was in progress.
pub(super) fn lapsed(prior: &WormModel) -> Diagnostic {
    Diagnostic::warning(
        format!("{} is gone", prior.label()),
        "It was in progress. A policy that is not locked within 24 hours lapses, unless somebody took it back before. \
         Objects of the bucket are not protected now. The next apply begins the policy anew, for another 24 hours; to keep \
         it, lock it in that time with status = \"Locked\" and lock_consent.",
    )
    .at(Path::attribute("status"))
}

/// A locked policy that Terraform is to destroy.
pub(super) fn stays(prior: &WormModel) -> Option<Diagnostic> {
    prior.is_locked().then(|| {
        Diagnostic::warning(
            format!("{} stays", prior.label()),
            format!(
                "It is locked, so nobody can remove it: each object is kept for {} days after its last change, also from \
                 now on. Terraform forgets the policy and makes no call. The bucket can be deleted when it is empty.",
                prior.days()
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use reconciler::bucket_worm::{IN_PROGRESS, LOCKED};

    use super::*;

    fn model(status: &str, days: i64) -> WormModel {
        WormModel {
            bucket: "audit".into(),
            status: status.into(),
            retention_period_in_days: days.into(),
            ..WormModel::default()
        }
    }

    #[test]
    fn locking_needs_the_name_of_the_bucket() {
        let refused = |consent: Attr<String>, status: &str| {
            let mut found = Diagnostics::new();
            consent_of(&WormModel { lock_consent: consent, ..model(status, 30) }, &mut found);
            found.has_error()
        };
        fn consent_of(model: &WormModel, found: &mut Diagnostics) {
            consent(model, found);
        }
        assert!(refused(Attr::Null, LOCKED) && refused("yes".into(), LOCKED));
        assert!(!refused("audit".into(), LOCKED) && !refused(Attr::UNKNOWN, LOCKED));
        assert!(!refused(Attr::Null, IN_PROGRESS));
    }

    #[test]
    fn a_locked_policy_is_only_extended() {
        let refused = |prior: &WormModel, planned: &WormModel| {
            let mut found = Diagnostics::new();
            change(prior, planned, &mut found);
            found.0.into_iter().map(|message| message.summary).collect::<Vec<_>>()
        };
        let locked = model(LOCKED, 30);
        assert_eq!(
            refused(&locked, &model(IN_PROGRESS, 20)),
            [
                "retention policy of bucket \"audit\" is locked",
                "retention policy of bucket \"audit\" cannot be shortened"
            ]
        );
        assert!(refused(&locked, &model(LOCKED, 31)).is_empty());
        assert!(refused(&model(IN_PROGRESS, 30), &model(IN_PROGRESS, 20)).is_empty());
        let unknown = WormModel { retention_period_in_days: Attr::UNKNOWN, ..locked.clone() };
        assert!(refused(&locked, &unknown).is_empty());
        // Another bucket has another policy.
        assert!(refused(&locked, &WormModel { bucket: "other".into(), ..model(IN_PROGRESS, 1) }).is_empty());
    }

    #[test]
    fn days_have_limits_and_only_what_is_locked_stays() {
        assert!(retention(&0).is_err() && retention(&25_551).is_err() && retention(&25_550).is_ok());
        assert!(stays(&model(LOCKED, 30)).is_some() && stays(&model(IN_PROGRESS, 30)).is_none());
    }
}
