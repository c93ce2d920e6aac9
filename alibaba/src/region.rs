//! The regions there are, so that a mistyped one is caught before any call.

use std::fmt;
use std::str::FromStr;

/// Environment variables that name the region, first match wins.
pub const VARIABLES: [&str; 2] = ["ALICLOUD_REGION", "ALIBABA_CLOUD_REGION"];

/// Every region id that at least one of the services lives in.
pub const REGIONS: &[&str] = &[
    "cn-qingdao",
    "cn-beijing",
    "cn-zhangjiakou",
    "cn-huhehaote",
    "cn-wulanchabu",
    "cn-hangzhou",
    "cn-shanghai",
    "cn-nanjing",
    "cn-fuzhou",
    "cn-wuhan-lr",
    "cn-shenzhen",
    "cn-heyuan",
    "cn-guangzhou",
    "cn-chengdu",
    "cn-hongkong",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-southeast-1",
    "ap-southeast-3",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ap-southeast-8",
    "us-east-1",
    "us-west-1",
    "us-southeast-1",
    "na-south-1",
    "sa-east-1",
    "eu-west-1",
    "eu-central-1",
    "me-east-1",
    "me-central-1",
    "cn-hangzhou-finance",
    "cn-shanghai-finance-1",
    "cn-shenzhen-finance-1",
    "cn-beijing-finance-1",
    "cn-north-2-gov-1",
    "cn-beijing-gov-1",
];

/// A region id that is not in [`REGIONS`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no region {given:?}{}", suggest(.closest))]
pub struct UnknownRegion {
    /// What was given.
    pub given: String,
    /// The most similar known region.
    pub closest: Option<&'static str>,
}

fn suggest(closest: &Option<&'static str>) -> String {
    match closest {
        Some(region) => format!("; did you mean {region:?}?"),
        None => String::new(),
    }
}

/// Checks a region id against the known ones.
pub fn check(region: &str) -> Result<(), UnknownRegion> {
    if REGIONS.contains(&region) {
        return Ok(());
    }
    let wanted = region.to_ascii_lowercase();
    let closest = REGIONS
        .iter()
        .map(|known| (strsim::normalized_damerau_levenshtein(known, &wanted), *known))
        .filter(|(likeness, _)| *likeness > 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| known);
    Err(UnknownRegion { given: region.to_owned(), closest })
}

/// OSS hosts of the finance cloud that do not carry the id of their region (OSS developer guide, "Regions and endpoints").
const OSS_NAMES: [(&str, &str); 4] = [
    ("cn-hzfinance", "cn-hangzhou-finance"),
    ("cn-hzjbp-a", "cn-hangzhou-finance"),
    ("cn-hzjbp-b", "cn-hangzhou-finance"),
    ("cn-szfinance", "cn-shenzhen-finance-1"),
];

/// The region that OSS calls by this name: a location such as `oss-cn-hangzhou`, or the first label of one of its hosts,
/// such as `oss-cn-shanghai-finance-1-pub` or `oss-cn-beijing-internal`.
#[must_use]
pub fn of_oss_location(location: &str) -> &str {
    let name = location.strip_prefix("oss-").unwrap_or(location);
    let name = name.strip_suffix("-internal").or_else(|| name.strip_suffix("-pub")).unwrap_or(name);
    OSS_NAMES.iter().find(|(known, _)| *known == name).map_or(name, |(_, region)| region)
}

/// The id of a region that a host name can contain. What is global has none (`Option<Region>`), never an empty one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(String);

/// A text that is no region id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a region id: only lower-case letters, digits and hyphens, e.g. \"cn-hangzhou\"")]
pub struct MalformedRegion(pub String);

impl Region {
    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Region {
    type Err = MalformedRegion;

    /// Checks the form of an id. Whether there is such a region is for [`check`] to say.
    fn from_str(id: &str) -> Result<Self, MalformedRegion> {
        let fits = (1..=40).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !id.starts_with('-')
            && !id.ends_with('-');
        if fits { Ok(Self(id.to_owned())) } else { Err(MalformedRegion(id.to_owned())) }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_regions_pass() {
        assert_eq!(check("cn-hangzhou"), Ok(()));
        assert!(
            REGIONS
                .iter()
                .all(|region| region.parse::<Region>().is_ok_and(|parsed| parsed.as_str() == *region))
        );
    }

    #[test]
    fn what_no_host_name_can_contain_is_no_region() {
        for id in [
            "",
            "-",
            "cn-",
            "-cn",
            "CN-hangzhou",
            "cn_hangzhou",
            "cn.hangzhou",
            "cn-hangzhou/",
            &"a".repeat(41),
        ] {
            assert_eq!(id.parse::<Region>(), Err(MalformedRegion(id.to_owned())), "{id:?}");
        }
    }

    #[test]
    fn locations_of_the_finance_cloud_are_those_of_its_regions() {
        for (location, region) in [
            ("oss-cn-hangzhou", "cn-hangzhou"),
            ("oss-cn-beijing-internal", "cn-beijing"),
            ("oss-cn-shanghai-finance-1", "cn-shanghai-finance-1"),
            ("oss-cn-shanghai-finance-1-pub", "cn-shanghai-finance-1"),
            ("oss-cn-shanghai-finance-1-internal", "cn-shanghai-finance-1"),
            ("oss-cn-beijing-finance-1-pub", "cn-beijing-finance-1"),
            ("oss-cn-hzfinance", "cn-hangzhou-finance"),
            ("oss-cn-hzjbp-a-internal", "cn-hangzhou-finance"),
            ("oss-cn-szfinance", "cn-shenzhen-finance-1"),
            ("oss-cn-north-2-gov-1", "cn-north-2-gov-1"),
            ("eu-central-1", "eu-central-1"),
        ] {
            assert_eq!(of_oss_location(location), region, "{location}");
        }
    }

    #[test]
    fn a_typing_error_gets_a_suggestion() {
        for (typed, meant) in
            [("cn-hangzou", "cn-hangzhou"), ("CN-Shanghai", "cn-shanghai"), ("us-east-2", "us-east-1")]
        {
            assert_eq!(check(typed).unwrap_err().closest, Some(meant), "{typed}");
        }
        assert_eq!(
            check("cn-hangzou").unwrap_err().to_string(),
            "there is no region \"cn-hangzou\"; did you mean \"cn-hangzhou\"?"
        );
        assert_eq!(check("moon").unwrap_err().to_string(), "there is no region \"moon\"");
    }
}
