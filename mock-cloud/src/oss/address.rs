//! What is possible as a bucket name, and how a bucket's region turns into locations and endpoints.

use http::StatusCode;

use super::error::Error;

/// Regions of the finance cloud, with their locations and their internal hosts (OSS developer guide, "Regions and
/// endpoints").
const FINANCE: [(&str, &str, &str); 4] = [
    ("cn-hangzhou-finance", "oss-cn-hzfinance", "oss-cn-hzjbp-a-internal"),
    ("cn-shanghai-finance-1", "oss-cn-shanghai-finance-1-pub", "oss-cn-shanghai-finance-1-internal"),
    ("cn-shenzhen-finance-1", "oss-cn-szfinance", "oss-cn-szfinance-internal"),
    ("cn-beijing-finance-1", "oss-cn-beijing-finance-1-pub", "oss-cn-beijing-finance-1-internal"),
];

/// How a region is written as a bucket's location.
pub(super) fn location(region: &str) -> String {
    let finance = FINANCE.iter().find(|(id, _, _)| *id == region);
    finance.map_or_else(|| format!("oss-{region}"), |(_, location, _)| (*location).to_owned())
}

/// The region of a location.
pub(super) fn region(location: &str) -> &str {
    let finance = FINANCE.iter().find(|(_, known, _)| *known == location);
    finance.map_or_else(|| location.strip_prefix("oss-").unwrap_or(location), |(id, _, _)| id)
}

/// The public endpoint of a location as responses show it.
pub(super) fn extranet(location: &str) -> String {
    format!("{location}.aliyuncs.com")
}

/// The endpoint of a location for callers inside it.
pub(super) fn intranet(location: &str) -> String {
    let finance = FINANCE.iter().find(|(_, known, _)| *known == location);
    let label = finance.map_or_else(|| format!("{location}-internal"), |(_, _, label)| (*label).to_owned());
    format!("{label}.aliyuncs.com")
}

/// Refuses impossible bucket names: 3 to 63 of `a-z0-9-`, first and last alphanumeric
/// (OSS developer guide, "Bucket naming conventions").
pub(super) fn check_bucket_name(name: &str) -> Result<(), Error> {
    let alphanumeric = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = name.as_bytes();
    let valid = (3..=63).contains(&bytes.len())
        && bytes.iter().all(|byte| alphanumeric(byte) || *byte == b'-')
        && bytes.first().is_some_and(alphanumeric)
        && bytes.last().is_some_and(alphanumeric);
    if valid {
        return Ok(());
    }
    Err(Error::new(StatusCode::BAD_REQUEST, "InvalidBucketName", "The specified bucket is not valid.")
        .ec("0015-00000001")
        .detail("BucketName", name))
}

/// Refuses impossible object keys: 1 to 1,023 bytes that do not start with `/` or `\`
/// (OSS developer guide, "Object naming conventions").
pub(super) fn check_object_key(key: &str) -> Result<(), Error> {
    if (1..=1023).contains(&key.len()) && !key.starts_with(['/', '\\']) {
        return Ok(());
    }
    Err(Error::new(StatusCode::BAD_REQUEST, "InvalidObjectName", "The specified object is not valid."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_and_their_locations() {
        assert_eq!(
            (location("cn-hangzhou").as_str(), region("oss-cn-hangzhou")),
            ("oss-cn-hangzhou", "cn-hangzhou")
        );
        for (id, name, internal) in FINANCE {
            assert_eq!((location(id).as_str(), region(name)), (name, id));
            assert_eq!(intranet(name), format!("{internal}.aliyuncs.com"));
        }
    }

    #[test]
    fn bucket_names() {
        for good in ["abc", "a-1", "1ab", &"a".repeat(63)] {
            assert!(check_bucket_name(good).is_ok(), "{good}");
        }
        for bad in ["ab", "-ab", "ab-", "Abc", "a_b", "a.b", &"a".repeat(64)] {
            assert_eq!(check_bucket_name(bad).unwrap_err().code(), "InvalidBucketName", "{bad}");
        }
    }

    #[test]
    fn object_keys() {
        assert!(check_object_key("AliyunLogs/a b.gz").is_ok());
        for bad in ["", "/a", "\\a", &"k".repeat(1024)] {
            assert!(check_object_key(bad).is_err(), "{bad}");
        }
    }
}
