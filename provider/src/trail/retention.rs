//! Lifecycle rules of the bucket that a trail delivers to, which delete delivered events early and which no resource of the
//! configuration looks after.
//!
//! A courtesy of one call that fails nothing: without the permission, or where the bucket cannot be found, nothing is said.
//! Which resources look after the rules is known only as far as this process has been asked for them (see
//! [`RetentionRegistry`](crate::oss_bucket_lifecycle::RetentionRegistry)): where there is something to tell, the others are
//! given a moment. A lifecycle resource that depends on the trail, or has a provider block of its own, comes too late.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use alibaba::Error;
use alibaba::retry::Policy;
use plugin::{Context, Diagnostic, Path, Plan};
use reconciler::Scope;
use time::{Date, OffsetDateTime};

use super::model::TrailModel;
use crate::config::Cloud;
use crate::oss_bucket::region_in;
use crate::oss_bucket_lifecycle::{EarlyDeletion, RuleModel, concerns, early_deletions, rules_of};
use crate::resource_scope::resolve;
use crate::scope::Scoped;

/// Days that delivered events have to live: less is told.
const EARLY: i64 = 180;

/// How long to wait for a resource that looks after the rules.
const MOMENT: Duration = Duration::from_secs(2);

/// How many rules a message names.
const NAMED: usize = 10;

/// Looks for a plan, at a bucket that the trail does not deliver to yet. At the others the refresh looks.
pub(super) async fn plan(context: &Context<Cloud>, plan: &mut Plan<TrailModel>) {
    let is_new =
        plan.prior.as_ref().is_none_or(|prior| prior.oss_bucket_name != plan.planned().oss_bucket_name);
    if plan.planned().account_id().is_unknown() {
        return;
    }
    if !is_new || plan.replacing || plan.planned().oss_bucket_name.get().is_none() {
        return;
    }
    let Ok(scope) = resolve(context, plan.planned()).await else { return };
    let warning = warning_of_early_deletions(context, &scope, plan.planned()).await;
    plan.diagnostics.extend(warning.into_iter().collect::<Vec<_>>().into());
}

/// What to tell about the rules of the bucket.
pub(super) async fn warning_of_early_deletions(
    context: &Context<Cloud>,
    scope: &Scope,
    model: &TrailModel,
) -> Option<Diagnostic> {
    let bucket = model.oss_bucket_name.as_str()?;
    let prefix = delivered_prefix(model)?;
    let rules = match rules(scope, bucket).await {
        Ok(rules) => rules,
        Err(error) => {
            tracing::debug!(%error, bucket, "its lifecycle rules cannot be looked at");
            return None;
        }
    };
    let early = delete_delivered(rules, &prefix, OffsetDateTime::now_utc().date());
    if early.is_empty() || context.client().ok()?.retention.has(bucket, MOMENT).await {
        return None;
    }
    Some(warning(&model.label(), bucket, &early))
}

/// The rules of the bucket; a second call where the service says that it is in another region than the trail.
async fn rules(scope: &Scope, bucket: &str) -> Result<BTreeMap<String, RuleModel>, Error> {
    let client = scope.client.with_deadline(Instant::now() + Policy::PLANNING.at_most);
    match rules_of(&client.oss(&scope.region), bucket).await {
        Err(error) => match region_in(&error).filter(|region| *region != scope.region) {
            Some(region) => rules_of(&client.oss(&region), bucket).await,
            None => Err(error),
        },
        found => found,
    }
}

/// What the names of delivered objects begin with (ActionTrail developer guide, "event files"); `None` while it is not
/// known.
fn delivered_prefix(model: &TrailModel) -> Option<String> {
    if model.oss_key_prefix.is_unknown() {
        return None;
    }
    let prefix = model.oss_key_prefix.as_str().unwrap_or_default().trim_end_matches('/');
    Some(if prefix.is_empty() { "AliyunLogs/".to_owned() } else { format!("{prefix}/AliyunLogs/") })
}

fn delete_delivered(mut rules: BTreeMap<String, RuleModel>, prefix: &str, today: Date) -> Vec<EarlyDeletion> {
    rules.retain(|_, rule| concerns(rule, prefix));
    early_deletions(EARLY, &rules, today)
}

fn warning(label: &str, bucket: &str, early: &[EarlyDeletion]) -> Diagnostic {
    let mut list: String = early.iter().take(NAMED).map(|early| format!("\n  {early}")).collect();
    if early.len() > NAMED {
        list.push_str(&format!("\n  and {} more", early.len() - NAMED));
    }
    Diagnostic::warning(
        format!("bucket {bucket:?} deletes events of {label} within {EARLY} days"),
        format!(
            "In the lifecycle of the bucket{list}\nNo resource that was planned before the trail looks after these rules. If \
             somebody else made them, remove them. To see and undo such rules with every plan, declare the rules of the \
             bucket with alitrail_oss_bucket_lifecycle; to choose how long its objects have to live, set \
             minimum_retention_days on alitrail_oss_bucket."
        ),
    )
    .at(Path::attribute("oss_bucket_name"))
}

#[cfg(test)]
mod tests {
    use plugin::Attr;
    use time::macros::date;

    use super::*;
    use crate::oss_bucket_lifecycle::{ExpirationModel, FilterModel, NotModel, TagModel};

    fn rule(prefix: &str, days: i64) -> RuleModel {
        RuleModel {
            prefix: Some(prefix.to_owned()).filter(|prefix| !prefix.is_empty()).into(),
            status: "Enabled".into(),
            expiration: ExpirationModel { days: days.into(), ..ExpirationModel::default() }.into(),
            ..RuleModel::default()
        }
    }

    fn found(rule: RuleModel) -> usize {
        let rules = BTreeMap::from([("rule".to_owned(), rule)]);
        delete_delivered(rules, "logs/AliyunLogs/", date!(2026 - 03 - 01)).len()
    }

    fn except(prefix: &str, tag: Option<TagModel>) -> RuleModel {
        let not = NotModel { prefix: prefix.into(), tag: tag.into() };
        let filter = FilterModel { not: vec![not].into(), ..FilterModel::default() };
        RuleModel { filter: filter.into(), ..rule("", 1) }
    }

    #[test]
    fn only_rules_for_delivered_objects_count() {
        for (prefix, count) in [
            ("", 1),
            ("lo", 1),
            ("logs/AliyunLogs/", 1),
            ("logs/AliyunLogs/Actiontrail/cn-beijing/", 1),
            ("AliyunLogs/", 0),
            ("other/", 0),
        ] {
            assert_eq!(found(rule(prefix, 1)), count, "{prefix}");
        }
        assert_eq!(found(rule("", 179)), 1);
        assert_eq!(found(rule("", 180)), 0);
        assert_eq!(found(RuleModel { status: "Disabled".into(), ..rule("", 1) }), 0);
        // ActionTrail tags nothing.
        let tags = BTreeMap::from([("k".to_owned(), "v".to_owned())]);
        assert_eq!(found(RuleModel { tags: tags.into(), ..rule("", 1) }), 0);
        assert_eq!(found(except("logs/", None)), 0);
        assert_eq!(found(except("logs/AliyunLogs/Actiontrail/cn-beijing/", None)), 1);
        let tag = TagModel { key: "k".into(), value: "v".into() };
        assert_eq!(found(except("logs/", Some(tag))), 1, "what has no tag is not excepted");
    }

    #[test]
    fn delivered_objects_are_below_the_prefix_of_the_trail() {
        let model = |prefix: Attr<String>| TrailModel { oss_key_prefix: prefix, ..TrailModel::default() };
        assert_eq!(delivered_prefix(&model(Attr::Null)).as_deref(), Some("AliyunLogs/"));
        assert_eq!(delivered_prefix(&model("audit-logs".into())).as_deref(), Some("audit-logs/AliyunLogs/"));
        assert_eq!(delivered_prefix(&model("audit/logs/".into())).as_deref(), Some("audit/logs/AliyunLogs/"));
        assert_eq!(delivered_prefix(&model(Attr::UNKNOWN)), None);
    }
}
