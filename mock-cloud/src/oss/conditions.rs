//! Conditions of a request: by ETag and by time of the last change, of the object itself or of the source of a copy.
//! Each must hold by itself (assumed where several are given: the reference says only that they may be combined).

use http::StatusCode;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use super::error::Error;
use super::timestamp::Timestamp;
use crate::http::Call;

/// Names of the four headers: If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since.
type Names = [&'static str; 4];

/// Of the object that is read.
pub(super) const OWN: Names = ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since"];

/// Of the object that is copied.
pub(super) const SOURCE: Names = [
    "x-oss-copy-source-if-match",
    "x-oss-copy-source-if-none-match",
    "x-oss-copy-source-if-modified-since",
    "x-oss-copy-source-if-unmodified-since",
];

/// The moment of a header; one that is none is passed over, as HTTP has it.
fn moment(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc2822).ok()
}

/// A moment as HTTP headers write it.
pub(super) fn http_date(at: OffsetDateTime) -> String {
    at.to_offset(time::UtcOffset::UTC).format(&Rfc2822).unwrap_or_default().replace("+0000", "GMT")
}

fn names(header: &str, etag: &str) -> bool {
    header
        .split(',')
        .map(|one| one.trim().trim_matches('"'))
        .any(|one| one == "*" || one.eq_ignore_ascii_case(etag))
}

/// Refuses when a condition does not hold: 412 for what must be so, 304 for what was to be newer
/// (OSS API reference, GetObject and CopyObject).
pub(super) fn check(
    call: &Call,
    (etag, modified): (&str, Timestamp),
    [same, other, newer, older]: Names,
) -> Result<(), Error> {
    let header = |name: &str| call.header(name).filter(|value| !value.is_empty());
    // Headers know whole seconds only.
    let modified = modified.0.replace_nanosecond(0).unwrap_or(modified.0);
    let failed = |name: &'static str| {
        Error::new(
            StatusCode::PRECONDITION_FAILED,
            "PreconditionFailed",
            "At least one of the pre-conditions you specified did not hold.",
        )
        .detail("Condition", name)
    };
    if header(same).is_some_and(|wanted| !names(wanted, etag)) {
        return Err(failed(same));
    }
    if header(older).and_then(moment).is_some_and(|time| modified > time) {
        return Err(failed(older));
    }
    if header(other).is_some_and(|wanted| names(wanted, etag))
        || header(newer).and_then(moment).is_some_and(|time| modified <= time)
    {
        return Err(Error::new(StatusCode::NOT_MODIFIED, "NotModified", "Not Modified")
            .header("etag", format!("\"{}\"", etag))
            .header("last-modified", http_date(modified)));
    }
    Ok(())
}
