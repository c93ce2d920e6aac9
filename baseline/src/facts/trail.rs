//! Trails, and the roles that they deliver with.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Fact;
use crate::finding::Location;

/// A trail.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Trail {
    /// The name.
    pub name: String,
    /// The account that it belongs to.
    pub account: String,
    /// Its ARN.
    pub arn: Fact<String>,
    /// The region that it was made in.
    pub home_region: Fact<String>,
    /// Whether it covers all accounts of the organization.
    pub is_organization_trail: bool,
    /// The regions that it records: `All`, or a region id, or several with commas.
    pub trail_region: Fact<String>,
    /// Which events it records: `All`, `Read` or `Write`.
    pub event_rw: Fact<String>,
    /// `Fresh` (never started), `Enable` or `Disable`; absent where nobody says, which is no fault: see `is_logging`.
    pub status: Fact<String>,
    /// Whether it logs.
    pub is_logging: Fact<bool>,
    /// When it was last started.
    #[serde(with = "moment")]
    pub started: Fact<OffsetDateTime>,
    /// The bucket that it delivers to.
    pub oss_bucket: Fact<String>,
    /// The region that the bucket is in; absent where the service does not say.
    pub oss_bucket_region: Fact<String>,
    /// What it puts before the names of objects; absent for none.
    pub oss_key_prefix: Fact<String>,
    /// Whether the service can reach the bucket; absent where it does not say.
    pub oss_bucket_reachable: Fact<bool>,
    /// The role that it writes to the bucket with; absent for the service-linked role.
    pub oss_write_role: Fact<String>,
    /// The ARN of the project that it delivers to.
    pub sls_project_arn: Fact<String>,
    /// Whether the service can reach the logstore; absent where it does not say.
    pub logstore_reachable: Fact<bool>,
    /// The role that it writes to the project with; absent for the service-linked role.
    pub sls_write_role: Fact<String>,
    /// How the last deliveries went.
    pub delivery: Fact<Delivery>,
    /// The kinds of insights that are on.
    pub insights: Fact<Vec<String>>,
    /// Where it is declared, for what was read from a file.
    pub location: Option<Location>,
}

impl Trail {
    /// What messages call it: its ARN if that is known.
    #[must_use]
    pub fn label(&self) -> &str {
        self.arn.known().map_or(&self.name, String::as_str)
    }

    /// The name of the project that it delivers to, if that is known.
    #[must_use]
    pub fn project(&self) -> Option<&str> {
        Some(project_of_arn(self.sls_project_arn.known()?)?.name)
    }

    /// The name of the logstore that the service makes for it.
    #[must_use]
    pub fn logstore(&self) -> String {
        format!("{}{}", reconciler::sls::STORE_OF_TRAIL, self.name)
    }

    /// `<project>/<logstore>`, if the project is known.
    #[must_use]
    pub fn logstore_id(&self) -> Option<String> {
        Some(format!("{}/{}", self.project()?, self.logstore()))
    }

    /// What the names of the objects that it delivers begin with.
    #[must_use]
    pub fn object_prefix(&self) -> String {
        match self.oss_key_prefix.known().map(|prefix| prefix.trim_matches('/')) {
            None | Some("") => "AliyunLogs/".to_owned(),
            Some(prefix) => format!("{prefix}/AliyunLogs/"),
        }
    }
}

/// What the ARN of a project says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProjectOfArn<'a> {
    /// The region.
    pub region: &'a str,
    /// The account that owns it.
    pub account: &'a str,
    /// The name.
    pub name: &'a str,
}

/// Reads `acs:log:<region>:<account>:project/<name>`.
#[must_use]
pub fn project_of_arn(arn: &str) -> Option<ProjectOfArn<'_>> {
    let mut parts = arn.splitn(5, ':');
    let (Some("acs"), Some("log"), Some(region), Some(account), Some(resource)) =
        (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    Some(ProjectOfArn { region, account, name: resource.strip_prefix("project/")? })
}

/// How the last deliveries of a trail went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Delivery {
    /// The last to the bucket.
    #[serde(with = "time::serde::rfc3339::option")]
    pub oss_time: Option<OffsetDateTime>,
    /// What went wrong with it.
    pub oss_error: Option<String>,
    /// The last to the logstore.
    #[serde(with = "time::serde::rfc3339::option")]
    pub sls_time: Option<OffsetDateTime>,
    /// What went wrong with it.
    pub sls_error: Option<String>,
    /// An event that is old enough to have been delivered, and younger than the last deliveries: proof that they are late.
    #[serde(with = "time::serde::rfc3339::option")]
    pub undelivered_event: Option<OffsetDateTime>,
}

/// A role of the account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Role {
    /// Who may assume it: a policy document.
    pub trust: String,
    /// The documents of the policies that it has; a policy of the vendor is its name.
    pub policies: Vec<RolePolicy>,
}

/// A policy that a role has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolePolicy {
    /// Its name.
    pub name: String,
    /// Its document; none for a policy of the vendor.
    pub document: Option<String>,
}

mod moment {
    //! A fact about a moment, in the form of RFC 3339.

    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use time::OffsetDateTime;
    use time::format_description::well_known::Rfc3339;

    use super::Fact;

    pub(super) fn serialize<S: Serializer>(
        fact: &Fact<OffsetDateTime>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let text = fact.clone().and_then(|moment| match moment.format(&Rfc3339) {
            Ok(text) => Fact::Known(text),
            Err(error) => Fact::Unknown(error.to_string()),
        });
        text.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Fact<OffsetDateTime>, D::Error> {
        let text = Fact::<String>::deserialize(deserializer)?;
        Ok(text.and_then(|text| match OffsetDateTime::parse(&text, &Rfc3339) {
            Ok(moment) => Fact::Known(moment),
            Err(error) => Fact::Unknown(error.to_string()),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_from_the_settings_of_a_trail() {
        let arn = "acs:log:cn-hangzhou:1234567890123456:project/audit";
        let trail = Trail {
            name: "audit".into(),
            sls_project_arn: Fact::Known(arn.into()),
            oss_key_prefix: Fact::Known("logs/".into()),
            ..Trail::default()
        };
        assert_eq!(trail.logstore_id().as_deref(), Some("audit/actiontrail_audit"));
        assert_eq!(trail.object_prefix(), "logs/AliyunLogs/");
        assert_eq!(Trail::default().object_prefix(), "AliyunLogs/");
        assert_eq!(project_of_arn(arn).unwrap().account, "1234567890123456");
        assert_eq!(project_of_arn("acs:oss:cn-hangzhou:1:project/audit"), None);
        assert_eq!(project_of_arn("audit"), None);
    }
}
