//! `alitrail_trail_status`: whether a trail logs and delivers. Volatile, so a data source and no part of the trail.

use alibaba::actiontrail::TrailStatus;
use plugin::{Attr, Context, DataSource, Diagnostics, Model};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcDateTime};

use crate::check;
use crate::config::Cloud;
use crate::failed_call::{failed_call, failed_call_at, named};
use crate::resource_scope::resolve;
use crate::scope::{Location, RegionalQuery};

/// The data source.
#[derive(Debug)]
pub struct TrailStatusSource;

/// Attributes of `alitrail_trail_status`.
#[derive(Debug, Clone, Default, Model)]
pub struct TrailStatusModel {
    /// Name of the trail.
    #[attr(required, check = check::trail_name)]
    pub trail_name: Attr<String>,
    /// `id`, `region` and `account_id`.
    #[attr(
        flatten,
        describe(
            id = "Name of the trail.",
            region = "Region the trail is at home in. Default: the provider's."
        )
    )]
    pub scope: RegionalQuery,
    /// Whether it is a trail of the organization.
    #[attr(default = false)]
    pub is_organization_trail: Attr<bool>,
    /// Whether the trail logs.
    #[attr(computed)]
    pub is_logging: Attr<bool>,
    /// When it was last enabled.
    #[attr(computed)]
    pub start_logging_time: Attr<String>,
    /// When it was last disabled.
    #[attr(computed)]
    pub stop_logging_time: Attr<String>,
    /// When it last delivered to the bucket.
    #[attr(computed)]
    pub latest_delivery_time: Attr<String>,
    /// Seconds since it last delivered to the bucket.
    #[attr(computed)]
    pub latest_delivery_age_seconds: Attr<i64>,
    /// Why the last delivery to the bucket failed; null if it did not.
    #[attr(computed)]
    pub latest_delivery_error: Attr<String>,
    /// When it last delivered to SLS.
    #[attr(computed)]
    pub latest_delivery_log_service_time: Attr<String>,
    /// Seconds since it last delivered to SLS.
    #[attr(computed)]
    pub latest_delivery_log_service_age_seconds: Attr<i64>,
    /// Why the last delivery to SLS failed; null if it did not.
    #[attr(computed)]
    pub latest_delivery_log_service_error: Attr<String>,
    /// Whether the bucket can be reached; null when the service does not say.
    #[attr(computed)]
    pub oss_bucket_status: Attr<bool>,
    /// Whether the logstore can be reached; null when the service does not say.
    #[attr(computed)]
    pub sls_log_store_status: Attr<bool>,
}

impl DataSource for TrailStatusSource {
    type Client = Cloud;
    type Model = TrailStatusModel;
    const TYPE: &'static str = "alitrail_trail_status";
    const DESCRIPTION: &'static str = "Whether a trail logs and delivers, with the service's own delivery errors. Made for \
        `check` blocks.";

    async fn read(
        context: &Context<Cloud>,
        config: TrailStatusModel,
    ) -> Result<TrailStatusModel, Diagnostics> {
        let scope = resolve(context, &config).await?;
        let name = config.trail_name.as_str().unwrap_or_default();
        let organization = config.is_organization_trail.get().copied().unwrap_or_default();
        let service = scope.client.actiontrail(&scope.region);
        let status = service.get_trail_status(name, organization).await.map_err(|error| {
            let doing = format!("read the status of trail {name:?} in {}", scope.region);
            if error.is_not_found() {
                named(failed_call_at(doing, &error, "trail_name"), &scope)
            } else {
                named(failed_call(doing, &error), &scope)
            }
        })?;
        Ok(TrailStatusModel {
            scope: RegionalQuery::located(name.into(), &scope),
            ..describe(config, status, OffsetDateTime::now_utc())
        })
    }
}

fn describe(config: TrailStatusModel, status: TrailStatus, now: OffsetDateTime) -> TrailStatusModel {
    let age = |time: &Option<String>| Attr::from(time.as_deref().and_then(|time| age(time, now)));
    TrailStatusModel {
        is_logging: status.is_logging.into(),
        start_logging_time: status.start_logging_time.into(),
        stop_logging_time: status.stop_logging_time.into(),
        latest_delivery_age_seconds: age(&status.latest_delivery_time),
        latest_delivery_time: status.latest_delivery_time.into(),
        latest_delivery_error: status.latest_delivery_error.into(),
        latest_delivery_log_service_age_seconds: age(&status.latest_delivery_log_service_time),
        latest_delivery_log_service_time: status.latest_delivery_log_service_time.into(),
        latest_delivery_log_service_error: status.latest_delivery_log_service_error.into(),
        oss_bucket_status: status.oss_bucket_status.into(),
        sls_log_store_status: status.sls_log_store_status.into(),
        ..config
    }
}

/// Seconds from a time until `now`. Older answers give milliseconds since 1970 instead of a date.
fn age(time: &str, now: OffsetDateTime) -> Option<i64> {
    let then = match time.parse::<i64>() {
        Ok(milliseconds) => UtcDateTime::from_unix_timestamp(milliseconds / 1000).ok()?.into(),
        Err(_) => OffsetDateTime::parse(time, &Rfc3339).ok()?,
    };
    Some((now - then).whole_seconds().max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_of_both_forms_of_time() {
        let now = OffsetDateTime::from_unix_timestamp(1_614_331_244).unwrap();
        assert_eq!(age("2021-02-26T09:19:44Z", now), Some(60));
        assert_eq!(age("1614331184000", now), Some(60));
        assert_eq!(age("2031-02-26T09:19:44Z", now), Some(0));
        assert_eq!(age("yesterday", now), None);
    }
}
