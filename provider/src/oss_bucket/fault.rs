//! Errors around buckets that say more than the call that failed: which region a bucket is in, and whose it is.

use alibaba::Error;
use plugin::{Diagnostic, Diagnostics, Path};

use crate::fault::{fault, fault_at};
use crate::place::Place;

/// The error of an operation on a bucket.
pub(crate) fn bucket_fault(doing: &str, bucket: &str, place: &Place, error: &Error) -> Diagnostics {
    match region_in(error) {
        Some(region) => elsewhere(bucket, &region, place).into(),
        None => fault(doing, error),
    }
}

/// The region that the service points to when a bucket was asked for in a wrong one.
pub(crate) fn region_in(error: &Error) -> Option<String> {
    region_of_endpoint(error.service_error()?.endpoint.as_deref()?)
}

/// `oss-cn-hangzhou-internal.aliyuncs.com` is in `cn-hangzhou`.
fn region_of_endpoint(endpoint: &str) -> Option<String> {
    let host = endpoint.rsplit("//").next()?;
    let label = host.split('.').find(|label| label.starts_with("oss-"))?;
    let region = label.strip_prefix("oss-")?;
    Some(region.strip_suffix("-internal").unwrap_or(region).to_owned())
}

/// A bucket that exists, but not where it was looked for.
pub(super) fn elsewhere(bucket: &str, region: &str, place: &Place) -> Diagnostic {
    Diagnostic::error(
        format!("bucket {bucket:?} is in {region}"),
        format!(
            "It was looked for in {}. Bucket names are unique across all regions and customers, and a bucket stays in its \
             region. If this one is yours, set region = {region:?} on the resource (to import it, the id is \
             \"{bucket}@{region}\"); otherwise choose another name.",
            place.region
        ),
    )
    .at(Path::attribute("region"))
}

/// A bucket of another account.
pub(super) fn foreign(bucket: &str, owner: &str, place: &Place) -> Diagnostic {
    Diagnostic::error(
        format!("bucket {bucket:?} belongs to another account"),
        format!(
            "Its owner is account {owner}, and these credentials belong to account {}. Use credentials of the owner, or \
             choose another name: names are shared by all customers.",
            place.account
        ),
    )
    .at(Path::attribute("bucket"))
}

/// A refusal to say anything about a bucket that is to be made: another customer's, or one that these credentials may
/// not see.
pub(super) fn hidden(doing: &str, bucket: &str, error: &Error) -> Diagnostics {
    let mut diagnostics = fault_at(doing, error, "bucket");
    for diagnostic in &mut diagnostics.0 {
        let why =
            format!("Nothing was written, because it cannot be seen whether {bucket:?} is still free.\n");
        diagnostic.detail.insert_str(0, &why);
    }
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_name_regions() {
        for endpoint in [
            "oss-cn-shanghai.aliyuncs.com",
            "oss-cn-shanghai-internal.aliyuncs.com",
            "https://audit.oss-cn-shanghai.aliyuncs.com",
        ] {
            assert_eq!(region_of_endpoint(endpoint).as_deref(), Some("cn-shanghai"), "{endpoint}");
        }
        assert_eq!(region_of_endpoint("example.com"), None);
    }
}
