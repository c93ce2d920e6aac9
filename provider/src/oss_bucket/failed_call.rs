//! Errors around buckets that say more than the call that failed: which region a bucket is in, and whose it is.

use alibaba::Error;
use plugin::{Diagnostic, Diagnostics, Path};
use reconciler::Scope;
use reconciler::failure::Operation;
use reconciler::oss_bucket::Bucket;
use reconciler::{Failure, Object, Problem};

use crate::failed_call::{failed_call, failed_call_at};

/// What goes wrong with buckets in their own way.
pub(super) fn explain(object: &Bucket, doing: Operation, problem: &Problem) -> Option<Diagnostics> {
    let (label, name, scope) = (object.label(), object.name(), object.scope());
    let doing = format!("{doing} {label}");
    match (&problem.failure, problem.setting) {
        (Failure::Elsewhere { region }, _) => Some(elsewhere(name, region, scope).into()),
        (Failure::Hidden(error), _) => Some(hidden(&doing, name, error)),
        (Failure::Call(error), Some("redundancy_type")) => Some(not_converted(&label, error)),
        (Failure::Call(error), None) if error.is_code("BucketNotEmpty") && !object.empties() => {
            Some(not_empty(&label).into())
        }
        (Failure::Call(error), None) => Some(bucket_fault(&doing, name, scope, error)),
        _ => None,
    }
}

/// The error of an operation on a bucket.
pub(crate) fn bucket_fault(doing: &str, bucket: &str, scope: &Scope, error: &Error) -> Diagnostics {
    match region_in(error) {
        Some(region) => elsewhere(bucket, &region, scope).into(),
        None => failed_call(doing, error),
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
    Some(alibaba::region::of_oss_location(label).to_owned())
}

/// A bucket that exists, but not where it was looked for.
fn elsewhere(bucket: &str, region: &str, scope: &Scope) -> Diagnostic {
    Diagnostic::error(
        format!("bucket {bucket:?} is in {region}"),
        format!(
            "It was looked for in {}. Bucket names are unique across all regions and customers, and a bucket stays in its \
             region. If this one is yours, set region = {region:?} on the resource (to import it, the id is \
             \"{bucket}@{region}\"); otherwise choose another name.",
            scope.region
        ),
    )
    .at(Path::attribute("region"))
}

/// A refusal to say anything about a bucket that is to be made: another customer's, or one that these credentials may
/// not see.
fn hidden(doing: &str, bucket: &str, error: &Error) -> Diagnostics {
    let mut diagnostics = failed_call_at(doing, error, "bucket");
    for diagnostic in &mut diagnostics.0 {
        let why =
            format!("Nothing was written, because it cannot be seen whether {bucket:?} is still free.\n");
        diagnostic.detail.insert_str(0, &why);
    }
    diagnostics
}

fn not_empty(label: &str) -> Diagnostic {
    Diagnostic::error(
        format!("{label} is not empty"),
        "Objects, old versions, delete markers or unfinished uploads are left in it, and nothing was deleted. If they are \
         still needed, take the bucket out of the configuration with a removed block (lifecycle { destroy = false }) \
         and keep it. If not, set force_destroy = true, apply that, and destroy again: everything in the bucket is deleted \
         then, for good.",
    )
    .at(Path::attribute("force_destroy"))
}

/// A conversion that failed, or is not done.
fn not_converted(label: &str, error: &Error) -> Diagnostics {
    let mut diagnostics = failed_call_at(format!("convert {label} to ZRS"), error, "redundancy_type");
    let goes_on = matches!(error, Error::WaitTimeout { .. } | Error::DeadlineExceeded { .. });
    for diagnostic in diagnostics.0.iter_mut().filter(|_| goes_on || error.is_cancelled()) {
        diagnostic.detail.push_str(
            "\nThe service goes on converting, and the bucket stays usable. Apply again later: a conversion under way \
             is waited for, never started twice. To wait longer, raise timeouts.update; large buckets take hours.",
        );
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
        for (endpoint, region) in [
            ("oss-cn-shanghai-finance-1-pub.aliyuncs.com", "cn-shanghai-finance-1"),
            ("audit.oss-cn-hzfinance.aliyuncs.com", "cn-hangzhou-finance"),
        ] {
            assert_eq!(region_of_endpoint(endpoint).as_deref(), Some(region), "{endpoint}");
        }
        assert_eq!(region_of_endpoint("example.com"), None);
    }
}
