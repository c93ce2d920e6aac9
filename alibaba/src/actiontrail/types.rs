//! What ActionTrail sends and receives. The service writes an empty string for what is unset; here that is `None`.

use serde::Deserialize;

use crate::core::answer::{Answer, Unexpected, listed, names, there};
use crate::core::lenient;
use crate::sign::Pairs;

/// The settings of a trail, in the words of the API.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrailSettings {
    /// 6 to 36 characters, unique in the account.
    pub name: String,
    /// Bucket that receives the events.
    pub oss_bucket_name: Option<String>,
    /// Where in the bucket.
    pub oss_key_prefix: Option<String>,
    /// Role to write to the bucket with; unset is the service-linked role.
    pub oss_write_role_arn: Option<String>,
    /// SLS project that receives the events.
    pub sls_project_arn: Option<String>,
    /// Role to write to the project with; unset is the service-linked role.
    pub sls_write_role_arn: Option<String>,
    /// MaxCompute project that receives the events.
    pub max_compute_project_arn: Option<String>,
    /// Role to write to MaxCompute with; unset is the service-linked role.
    pub max_compute_write_role_arn: Option<String>,
    /// `All`, `Read` or `Write`. Always sent, because the vendor's own sources disagree about the default.
    pub event_rw: String,
    /// `All` or a region id. Always sent.
    pub trail_region: String,
}

impl TrailSettings {
    fn fields(&self) -> [(&'static str, Option<&str>); 10] {
        [
            ("Name", Some(self.name.as_str())),
            ("OssBucketName", self.oss_bucket_name.as_deref()),
            ("OssKeyPrefix", self.oss_key_prefix.as_deref()),
            ("OssWriteRoleArn", self.oss_write_role_arn.as_deref()),
            ("SlsProjectArn", self.sls_project_arn.as_deref()),
            ("SlsWriteRoleArn", self.sls_write_role_arn.as_deref()),
            ("MaxComputeProjectArn", self.max_compute_project_arn.as_deref()),
            ("MaxComputeWriteRoleArn", self.max_compute_write_role_arn.as_deref()),
            ("EventRW", Some(self.event_rw.as_str())),
            ("TrailRegion", Some(self.trail_region.as_str())),
        ]
    }

    /// Puts a blank in place of what should be unset but is there in `kept`, and says whether there was anything: a blank
    /// clears where an empty string does not.
    pub fn blank_what_was_kept(&mut self, kept: &Self) -> bool {
        let pairs = [
            (&mut self.oss_bucket_name, &kept.oss_bucket_name),
            (&mut self.oss_key_prefix, &kept.oss_key_prefix),
            (&mut self.oss_write_role_arn, &kept.oss_write_role_arn),
            (&mut self.sls_project_arn, &kept.sls_project_arn),
            (&mut self.sls_write_role_arn, &kept.sls_write_role_arn),
            (&mut self.max_compute_project_arn, &kept.max_compute_project_arn),
            (&mut self.max_compute_write_role_arn, &kept.max_compute_write_role_arn),
        ];
        let mut any = false;
        for (wanted, kept) in pairs {
            if wanted.is_none() && kept.is_some() {
                *wanted = Some(" ".to_owned());
                any = true;
            }
        }
        any
    }

    /// What is set, for a new trail.
    pub(super) fn set_parameters(&self) -> Pairs {
        let set =
            self.fields().into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
        set.filter(|(_, value)| !value.is_empty()).collect()
    }

    /// Everything, with an empty string for what is to be cleared: what an update leaves out may stay or be lost,
    /// depending on the field.
    pub(super) fn all_parameters(&self) -> Pairs {
        let all = self.fields().into_iter();
        all.map(|(name, value)| (name.to_owned(), value.unwrap_or_default().to_owned())).collect()
    }
}

/// The answer to a creation: the settings as stored, without status and ARN.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CreatedTrail {
    /// The name.
    #[serde(deserialize_with = "lenient::text")]
    pub name: String,
    /// The region whose endpoint made it.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub home_region: Option<String>,
    /// The id of the request that made the change.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub request_id: Option<String>,
}

impl Answer for CreatedTrail {
    fn check(&self, asked: &str) -> Result<(), Unexpected> {
        names("Name", &self.name, asked)
    }
}

/// Which trails to list besides those at home in the region.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct DescribeTrails {
    /// Also multi-region trails that are at home elsewhere.
    pub include_shadow_trails: bool,
    /// Trails of the organization. By one reading of the vendor's texts this selects them instead of adding them.
    pub include_organization_trail: bool,
}

impl DescribeTrails {
    pub(super) fn parameters(self) -> Pairs {
        let flag = |name: &str, value: bool| (name.to_owned(), value.to_string());
        vec![
            flag("IncludeOrganizationTrail", self.include_organization_trail),
            flag("IncludeShadowTrails", self.include_shadow_trails),
        ]
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TrailList {
    #[serde(default, deserialize_with = "lenient::list_or_unset")]
    pub(super) trail_list: Option<Vec<Trail>>,
}

impl Answer for TrailList {
    fn check(&self, _: &str) -> Result<(), Unexpected> {
        let list = self.trail_list.as_ref();
        listed("TrailList", list, "TrailList.Name", |trail| &trail.name)?;
        // Without these, a trail would look stopped, or at home wherever it was asked for.
        for trail in list.into_iter().flatten() {
            there("TrailList.HomeRegion", trail.home_region.as_ref())?;
            there("TrailList.Status", trail.status.as_ref())?;
        }
        Ok(())
    }
}

/// A trail as described by the service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Trail {
    /// The name.
    #[serde(deserialize_with = "lenient::text")]
    pub name: String,
    /// The region it was made in, the only one where it can be changed.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub home_region: Option<String>,
    /// The region of this entry; another than the home region for a shadow.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub region: Option<String>,
    /// `All` or a region id.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub trail_region: Option<String>,
    /// `All`, `Read` or `Write`.
    #[serde(rename = "EventRW", deserialize_with = "lenient::text_or_unset")]
    pub event_rw: Option<String>,
    /// `Fresh` (never enabled), `Enable` or `Disable`.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub status: Option<String>,
    /// Bucket that receives the events.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub oss_bucket_name: Option<String>,
    /// Where in the bucket.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub oss_key_prefix: Option<String>,
    /// Role to write to the bucket with.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub oss_write_role_arn: Option<String>,
    /// Where the bucket is, e.g. `oss-cn-hangzhou`.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub oss_bucket_location: Option<String>,
    /// SLS project that receives the events.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub sls_project_arn: Option<String>,
    /// Role to write to the project with.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub sls_write_role_arn: Option<String>,
    /// MaxCompute project that receives the events.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub max_compute_project_arn: Option<String>,
    /// Role to write to MaxCompute with.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub max_compute_write_role_arn: Option<String>,
    /// Whether it covers all accounts of the organization.
    #[serde(deserialize_with = "lenient::truth")]
    pub is_organization_trail: bool,
    /// The organization it covers.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub organization_id: Option<String>,
    /// Its ARN.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub trail_arn: Option<String>,
    /// When it was made.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub create_time: Option<String>,
    /// When its settings last changed.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub update_time: Option<String>,
    /// When it was last enabled.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub start_logging_time: Option<String>,
    /// When it was last disabled.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub stop_logging_time: Option<String>,
    /// Whether this entry only mirrors a trail of another region.
    #[serde(deserialize_with = "lenient::truth")]
    pub is_shadow_trail: bool,
}

/// To an update.
impl Answer for Trail {
    fn check(&self, asked: &str) -> Result<(), Unexpected> {
        names("Name", &self.name, asked)
    }
}

impl Trail {
    /// Whether the trail's home is another region than that of this entry.
    pub fn is_shadow(&self) -> bool {
        self.is_shadow_trail
            || matches!((&self.home_region, &self.region), (Some(home), Some(here)) if home != here)
    }

    /// The account it belongs to, if its ARN says so. Accounts of an organization see each other's organization trails.
    pub fn account_id(&self) -> Option<&str> {
        self.trail_arn.as_deref()?.split(':').nth(3).filter(|id| !id.is_empty())
    }
}

/// Whether a trail logs, and how its deliveries go.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TrailStatus {
    /// Whether it logs now. The one member that every answer has.
    #[serde(deserialize_with = "lenient::truth_said")]
    pub is_logging: bool,
    /// When it was last enabled.
    #[serde(default, deserialize_with = "lenient::text_or_unset")]
    pub start_logging_time: Option<String>,
    /// When it was last disabled.
    #[serde(default, deserialize_with = "lenient::text_or_unset")]
    pub stop_logging_time: Option<String>,
    /// Last delivery to the bucket; a time, in older answers milliseconds since 1970.
    #[serde(default, deserialize_with = "lenient::text_or_unset")]
    pub latest_delivery_time: Option<String>,
    /// What went wrong with the last delivery to the bucket.
    #[serde(default, deserialize_with = "lenient::line_or_unset")]
    pub latest_delivery_error: Option<String>,
    /// Last delivery to SLS.
    #[serde(default, deserialize_with = "lenient::text_or_unset")]
    pub latest_delivery_log_service_time: Option<String>,
    /// What went wrong with the last delivery to SLS.
    #[serde(default, deserialize_with = "lenient::line_or_unset")]
    pub latest_delivery_log_service_error: Option<String>,
    /// Whether the bucket can be reached, if the service says.
    #[serde(default, deserialize_with = "lenient::truth_or_unset")]
    pub oss_bucket_status: Option<bool>,
    /// Whether the logstore can be reached, if the service says.
    #[serde(default, deserialize_with = "lenient::truth_or_unset")]
    pub sls_log_store_status: Option<bool>,
}

/// The answer does not name the trail, and the member that it cannot do without is a matter of reading it.
impl Answer for TrailStatus {
    fn check(&self, _: &str) -> Result<(), Unexpected> {
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Regions {
    pub(super) regions: RegionList,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RegionList {
    #[serde(default, deserialize_with = "lenient::list_or_unset")]
    pub(super) region: Option<Vec<Region>>,
}

impl Answer for Regions {
    fn check(&self, _: &str) -> Result<(), Unexpected> {
        listed("Regions.Region", self.regions.region.as_ref(), "RegionId", |region| &region.region_id)
    }
}

/// A region that ActionTrail works in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Region {
    /// Its id.
    #[serde(deserialize_with = "lenient::text")]
    pub region_id: String,
    /// Its host.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub region_endpoint: Option<String>,
    /// Its name for people.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub local_name: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unset_is_none_and_unknown_fields_are_tolerated() {
        let list: TrailList = serde_json::from_str(
            r#"{"RequestId":"R","TrailList":[{"Name":"audit-trail","Status":"Enable","HomeRegion":"us-west-1",
                "Region":"us-west-1","TrailRegion":"All","EventRW":"All","IsOrganizationTrail":false,"IsShadowTrail":0,
                "CreateTime":"2021-03-01T06:27:28Z","SlsProjectArn":"acs:log:us-west-1:1:project/audit",
                "OssBucketName":"","OssKeyPrefix":"","OssWriteRoleArn":"","Future":{"A":[1]}}]}"#,
        )
        .unwrap();
        list.check("").unwrap();
        let trail = &list.trail_list.unwrap()[0];
        assert_eq!((trail.oss_bucket_name.as_ref(), trail.stop_logging_time.as_ref()), (None, None));
        assert_eq!(trail.event_rw.as_deref(), Some("All"));
        assert!(!trail.is_shadow());
        let shadow = Trail { region: Some("cn-beijing".into()), ..trail.clone() };
        assert!(shadow.is_shadow() && Trail { is_shadow_trail: true, ..trail.clone() }.is_shadow());
        assert_eq!(trail.account_id(), None);
        let arn = Some("acs:actiontrail:us-west-1:1234567890123456:trail/audit-trail".to_owned());
        assert_eq!(Trail { trail_arn: arn, ..trail.clone() }.account_id(), Some("1234567890123456"));
        for (text, missing) in [
            (r#"{"RequestId":"R"}"#, Some("TrailList")),
            (r#"{"TrailList":null}"#, Some("TrailList")),
            (r#"{"TrailList":[{"Status":"Enable"}]}"#, Some("TrailList.Name")),
            (r#"{"TrailList":[{"Name":"a","HomeRegion":"cn-hangzhou"}]}"#, Some("TrailList.Status")),
            (r#"{"TrailList":[{"Name":"a","Status":"Enable"}]}"#, Some("TrailList.HomeRegion")),
            (r#"{"TrailList":[]}"#, None),
        ] {
            let list: TrailList = serde_json::from_str(text).unwrap();
            assert_eq!(list.check("").err(), missing.map(Unexpected::Missing), "{text}");
        }
    }

    #[test]
    fn a_creation_sends_what_is_set_and_an_update_sends_everything() {
        let settings = TrailSettings {
            name: "audit-trail".into(),
            oss_bucket_name: Some("bucket".into()),
            oss_key_prefix: Some(String::new()),
            event_rw: "All".into(),
            trail_region: "All".into(),
            ..TrailSettings::default()
        };
        let created: Vec<String> = settings.set_parameters().into_iter().map(|(name, _)| name).collect();
        assert_eq!(created, ["Name", "OssBucketName", "EventRW", "TrailRegion"]);
        let updated = settings.all_parameters();
        assert_eq!(updated.len(), 10);
        assert!(updated.contains(&("SlsProjectArn".into(), String::new())));
    }

    #[test]
    fn a_status_of_a_trail_that_never_logged() {
        let status: TrailStatus = serde_json::from_str(r#"{"RequestId":"R","IsLogging":false}"#).unwrap();
        assert_eq!(status, TrailStatus::default());
        for none in [r#"{"RequestId":"R"}"#, r#"{"IsLogging":null}"#, r#"{"IsLogging":"?"}"#] {
            assert!(serde_json::from_str::<TrailStatus>(none).is_err(), "{none}");
        }
        let status: TrailStatus = serde_json::from_str(
            r#"{"IsLogging":true,"OssBucketStatus":true,"LatestDeliveryTime":1614331184000}"#,
        )
        .unwrap();
        assert_eq!(status.latest_delivery_time.as_deref(), Some("1614331184000"));
        assert_eq!((status.oss_bucket_status, status.sls_log_store_status), (Some(true), None));
    }
}
