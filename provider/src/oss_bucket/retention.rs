//! `minimum_retention_days` of a bucket: a look at its lifecycle rules, whoever made them.
//!
//! Rules that delete too early are a warning of the refresh, which every plan begins with. A plan looks by itself only when
//! the attribute is new to the state, so that nothing is told twice. Raising it waits for the next refresh: the rules are
//! usually made longer by the same apply.

use std::collections::BTreeMap;

use alibaba::Error;
use alibaba::oss::Oss;
use plugin::{Context, Diagnostic, Path, Plan};
use reconciler::oss_bucket::Bucket;
use reconciler::{Object, Scope};
use time::{Date, OffsetDateTime};

use super::bucket_setting::learn;
use super::model::BucketModel;
use crate::config::Cloud;
use crate::oss_bucket_lifecycle::{RuleModel, early_deletions, rules_of};

const ATTRIBUTE: &str = "minimum_retention_days";

/// How many rules a message names.
const NAMED: usize = 10;

/// Tells others that the rules of the bucket are looked at here.
pub(super) fn look_after(context: &Context<Cloud>, model: &BucketModel) {
    if let (Ok(cloud), Some(_)) = (context.client(), model.minimum_retention_days.get()) {
        cloud.retention.resolve(&model.bucket);
    }
}

/// Looks at the rules of a bucket that is to be watched from now on.
pub(super) async fn plan(context: &Context<Cloud>, plan: &mut Plan<BucketModel>) {
    look_after(context, plan.planned());
    let is_new = plan.prior.as_ref().is_some_and(|prior| prior.minimum_retention_days.is_null());
    let Some(minimum) = plan.planned().minimum_retention_days.get().copied() else { return };
    if !is_new || plan.replacing {
        return;
    }
    let ask = async |oss: Oss, bucket: String| rules_of(&oss, &bucket).await;
    let rules = learn(context, plan.planned(), &plan.planned().bucket, ask).await.unwrap_or_default();
    let warning = warning(plan.planned(), minimum, &rules, today());
    plan.diagnostics.extend(warning.into_iter().collect::<Vec<_>>().into());
}

/// What to tell about the rules of a bucket that is there, if they are to be looked at.
pub(super) async fn warning_of_early_deletions(object: &Bucket, model: &BucketModel) -> Option<Diagnostic> {
    let minimum = model.minimum_retention_days.get().copied()?;
    let Scope { client, region, .. } = object.scope();
    match rules_of(&client.oss(region), object.name()).await {
        Ok(rules) => warning(model, minimum, &rules, today()),
        Err(error) if error.is_not_found() || error.is_cancelled() => None,
        Err(error) => Some(unseen(model, &error)),
    }
}

fn today() -> Date {
    OffsetDateTime::now_utc().date()
}

fn warning(
    model: &BucketModel,
    minimum: i64,
    rules: &BTreeMap<String, RuleModel>,
    today: Date,
) -> Option<Diagnostic> {
    let early = early_deletions(minimum, rules, today);
    if early.is_empty() {
        return None;
    }
    let mut list: String = early.iter().take(NAMED).map(|early| format!("\n  {early}")).collect();
    if early.len() > NAMED {
        list.push_str(&format!("\n  and {} more", early.len() - NAMED));
    }
    let detail = format!(
        "{ATTRIBUTE} is {minimum}, and in the lifecycle of the bucket{list}\nIf somebody added or shortened such a rule, remove \
         it: declare the rules that are meant with alitrail_oss_bucket_lifecycle, and an apply removes all others. If the \
         rule is meant, lower {ATTRIBUTE}."
    );
    let summary = format!("{} deletes objects or old versions too early", model.label());
    Some(Diagnostic::warning(summary, detail).at(Path::attribute(ATTRIBUTE)))
}

fn unseen(model: &BucketModel, error: &Error) -> Diagnostic {
    Diagnostic::warning(
        format!("The lifecycle rules of {} cannot be seen", model.label()),
        format!(
            "Whether a rule deletes earlier than {ATTRIBUTE} says is not known. Looking takes the permission \
             oss:GetBucketLifecycle; to do without, leave {ATTRIBUTE} out.\n{error}"
        ),
    )
    .at(Path::attribute(ATTRIBUTE))
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::oss_bucket_lifecycle::{ExpirationModel, NoncurrentExpirationModel};

    #[test]
    fn the_warning_names_each_rule_with_its_days() {
        let bucket = BucketModel { bucket: "archive".into(), ..BucketModel::default() };
        let day = RuleModel {
            expiration: ExpirationModel { days: 1.into(), ..ExpirationModel::default() }.into(),
            noncurrent_version_expiration: NoncurrentExpirationModel { days: 30.into() }.into(),
            ..RuleModel::default()
        };
        let rules = BTreeMap::from([("purge".to_owned(), day.clone())]);
        let today = date!(2026 - 03 - 01);
        let notified = warning(&bucket, 365, &rules, today).unwrap();
        assert_eq!(notified.summary, "bucket \"archive\" deletes objects or old versions too early");
        assert_eq!(notified.severity, plugin::Severity::Warning);
        for part in [
            "minimum_retention_days is 365",
            "rule \"purge\" deletes objects 1 day after their last change\n",
            "rule \"purge\" deletes old versions after 30 days\n",
        ] {
            assert!(notified.detail.contains(part), "{part}: {}", notified.detail);
        }
        assert_eq!(warning(&bucket, 1, &rules, today), None);
        let many = (0..11).map(|number| (format!("r{number}"), day.clone())).collect();
        assert!(warning(&bucket, 10, &many, today).unwrap().detail.contains("and 1 more"));
    }
}
