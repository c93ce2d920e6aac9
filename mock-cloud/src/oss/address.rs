//! What is possible as a bucket name, and how a bucket's region turns into locations and endpoints.

use http::StatusCode;

use super::fault::Fault;

/// How a region is written as a bucket's location.
pub(super) fn location(region: &str) -> String {
    format!("oss-{region}")
}

/// The public endpoint of a location as responses show it.
pub(super) fn extranet(location: &str) -> String {
    format!("{location}.aliyuncs.com")
}

/// The endpoint of a location for callers inside it.
pub(super) fn intranet(location: &str) -> String {
    format!("{location}-internal.aliyuncs.com")
}

/// Refuses impossible bucket names: 3 to 63 of `a-z0-9-`, first and last alphanumeric
/// (OSS developer guide, "Bucket naming conventions").
pub(super) fn check_bucket_name(name: &str) -> Result<(), Fault> {
    let alphanumeric = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = name.as_bytes();
    let valid = (3..=63).contains(&bytes.len())
        && bytes.iter().all(|byte| alphanumeric(byte) || *byte == b'-')
        && bytes.first().is_some_and(alphanumeric)
        && bytes.last().is_some_and(alphanumeric);
    if valid {
        return Ok(());
    }
    Err(Fault::new(StatusCode::BAD_REQUEST, "InvalidBucketName", "The specified bucket is not valid.")
        .ec("0015-00000001")
        .detail("BucketName", name))
}

/// Refuses impossible object keys: 1 to 1,023 bytes that do not start with `/` or `\`
/// (OSS developer guide, "Object naming conventions").
pub(super) fn check_object_key(key: &str) -> Result<(), Fault> {
    if (1..=1023).contains(&key.len()) && !key.starts_with(['/', '\\']) {
        return Ok(());
    }
    Err(Fault::new(StatusCode::BAD_REQUEST, "InvalidObjectName", "The specified object is not valid."))
}

#[cfg(test)]
mod tests {
    use super::*;

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
