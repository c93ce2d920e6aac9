//! The bucket that a trail delivers to.

use alibaba::oss::{BucketInfo, Encryption as Described, LifecycleRule as DescribedRule};
use alibaba::{Client, Error};
use time::Date;
use time::macros::format_description;

use super::error::{fact, fact_if_there, not_looked};
use crate::facts::{Bucket, Encryption, Fact, LifecycleRule, Transition, When, Worm};

pub(super) async fn bucket(client: &Client, region: &str, name: &str) -> Fact<Bucket> {
    let oss = client.oss(region);
    let (info, policy, lifecycle, worm) = tokio::join!(
        oss.get_bucket_info(name),
        oss.get_bucket_policy(name),
        oss.get_bucket_lifecycle(name),
        oss.get_bucket_worm(name),
    );
    if info.as_ref().is_err_and(Error::is_not_found) {
        return Fact::Absent;
    }
    let mut bucket = match info {
        Ok(info) => described(&info),
        Err(error) => refused(&error),
    };
    bucket.name = name.to_owned();
    bucket.region = Some(region.to_owned());
    bucket.policy = fact_if_there(policy, "oss:GetBucketPolicy");
    bucket.lifecycle =
        fact(lifecycle, "oss:GetBucketLifecycle").map(|rules| rules.iter().map(rule).collect());
    bucket.worm = fact_if_there(worm, "oss:GetBucketWorm")
        .map(|worm| Worm { state: worm.state, days: worm.retention_period_in_days });
    Fact::Known(bucket)
}

fn described(info: &BucketInfo) -> Bucket {
    let encryption = |described: &Described| Encryption {
        algorithm: described.sse_algorithm.clone(),
        key: described.kms_master_key_id.clone(),
        key_enabled: None,
    };
    Bucket {
        owner: info.owner_id.clone().into(),
        acl: info.acl.clone().into(),
        block_public_access: info.block_public_access.into(),
        log_bucket: info.log_bucket.clone().into(),
        encryption: info.server_side_encryption.as_ref().map(encryption).into(),
        versioning: info.versioning.clone().into(),
        ..Bucket::default()
    }
}

fn refused(error: &Error) -> Bucket {
    let action = "oss:GetBucketInfo";
    Bucket {
        owner: not_looked(error, action),
        acl: not_looked(error, action),
        block_public_access: not_looked(error, action),
        log_bucket: not_looked(error, action),
        encryption: not_looked(error, action),
        versioning: not_looked(error, action),
        ..Bucket::default()
    }
}

/// A rule as far as retention depends on it. One whose actions cannot be read is taken for one that deletes at once, so that it
/// is not overlooked.
fn rule(described: &DescribedRule) -> LifecycleRule {
    let excepted = described.filter.iter().flat_map(|filter| &filter.not);
    let expiration = described.expiration.as_ref();
    // Removing delete markers deletes nothing that was written.
    let deletes = expiration.filter(|expiration| expiration.expired_object_delete_marker != Some(true));
    let transition = |class: &str, days, date: Option<&str>| {
        Some(Transition { class: class.to_owned(), when: when(days, date)? })
    };
    LifecycleRule {
        id: described.id.clone(),
        enabled: described.status == "Enabled",
        prefix: described.prefix.clone(),
        has_tags: !described.tags.is_empty(),
        except_prefixes: excepted.filter(|not| not.tag.is_none()).map(|not| not.prefix.clone()).collect(),
        expiration: deletes.map(|expiration| {
            let date = expiration.created_before_date.as_deref().or(expiration.date.as_deref());
            when(expiration.days, date).unwrap_or(When::Days(0))
        }),
        noncurrent_expiration_days: described
            .noncurrent_version_expiration
            .as_ref()
            .map(|expiration| expiration.noncurrent_days.unwrap_or(0)),
        transitions: described
            .transitions
            .iter()
            .filter_map(|step| {
                transition(&step.storage_class, step.days, step.created_before_date.as_deref())
            })
            .collect(),
        aborts_uploads: described.abort_multipart_upload.is_some(),
    }
}

fn when(days: Option<i64>, date: Option<&str>) -> Option<When> {
    let day = |text: &str| {
        let form = format_description!("[year]-[month]-[day]");
        let text = text.get(..10)?;
        Date::parse(text, form).ok()
    };
    days.map(When::Days).or_else(|| Some(When::Before(day(date?)?)))
}

#[cfg(test)]
mod tests {
    use alibaba::oss::{Expiration, Filter, Not};
    use time::macros::date;

    use super::*;

    #[test]
    fn rules_are_read_as_far_as_retention_depends_on_them() {
        let read = |expiration: Expiration| {
            let described = DescribedRule {
                id: "r".into(),
                status: "Enabled".into(),
                prefix: "AliyunLogs/".into(),
                expiration: Some(expiration),
                filter: Some(Filter {
                    not: vec![Not { prefix: "AliyunLogs/keep/".into(), tag: None }],
                    ..Filter::default()
                }),
                ..DescribedRule::default()
            };
            rule(&described)
        };
        let days = read(Expiration { days: Some(30), ..Expiration::default() });
        assert_eq!(
            (days.expiration, days.except_prefixes),
            (Some(When::Days(30)), vec!["AliyunLogs/keep/".into()])
        );
        let date = |text: &str| Some(text.to_owned());
        for expiration in [
            Expiration { created_before_date: date("2026-01-02T00:00:00.000Z"), ..Expiration::default() },
            Expiration { date: date("2026-01-02T00:00:00Z"), ..Expiration::default() },
        ] {
            assert_eq!(read(expiration).expiration, Some(When::Before(date!(2026 - 01 - 02))));
        }
        let markers = Expiration { expired_object_delete_marker: Some(true), ..Expiration::default() };
        assert_eq!(read(markers).expiration, None);
        assert_eq!(read(Expiration::default()).expiration, Some(When::Days(0)), "it is not overlooked");
    }
}
