//! The `Range` of a download. What is no range of the object gives the whole object, unless the request asks for the
//! behaviour of the HTTP standard (OSS user guide, "Use HTTP Range requests").

use std::ops::Range;

use http::StatusCode;

use super::error::Error;

/// The bytes that a header names, as a half-open range; nothing for the whole object. Of several ranges the first counts
/// (the pages contradict each other: another says 416, which is what the standard behaviour gives here).
pub(super) fn wanted(header: &str, size: usize, standard: bool) -> Result<Option<Range<usize>>, Error> {
    let Some(list) = header.trim().strip_prefix("bytes=") else { return Ok(None) };
    let first = list.split(',').next().unwrap_or("").trim();
    let Some((from, to)) = first.split_once('-') else { return Ok(None) };
    let number = |text: &str| text.parse::<usize>().ok();
    let range = match (number(from), number(to)) {
        (Some(from), Some(to)) if from <= to => from..to.saturating_add(1),
        (Some(from), None) if to.is_empty() => from..size.max(from.saturating_add(1)),
        // A suffix; one that is longer than the object is no range of it.
        (None, Some(last)) if from.is_empty() => match size.checked_sub(last) {
            Some(start) => start..size,
            None if standard => 0..size,
            None => return Ok(None),
        },
        _ => return Ok(None),
    };
    let several = list.contains(',');
    if !range.is_empty() && range.end <= size && !(several && standard) {
        return Ok(Some(range));
    }
    if !standard {
        return Ok(None);
    }
    if range.start >= size || several {
        return Err(Error::new(
            StatusCode::RANGE_NOT_SATISFIABLE,
            "InvalidRange",
            "The requested range cannot be satisfied",
        )
        .detail("ActualObjectSize", size.to_string())
        .detail("RangeHeader", header)
        .header("content-range", format!("bytes */{size}")));
    }
    Ok(Some(range.start..size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_a_thousand_bytes() {
        for (header, plain, standard) in [
            ("bytes=0-499", Some(0..500), Ok(Some(0..500))),
            ("bytes=500-999", Some(500..1000), Ok(Some(500..1000))),
            ("bytes=500-", Some(500..1000), Ok(Some(500..1000))),
            ("bytes=-100", Some(900..1000), Ok(Some(900..1000))),
            ("bytes=0-", Some(0..1000), Ok(Some(0..1000))),
            ("bytes=0-1000", None, Ok(Some(0..1000))),
            ("bytes=500-2000", None, Ok(Some(500..1000))),
            ("bytes=-2000", None, Ok(Some(0..1000))),
            ("bytes=1000-2000", None, Err(416)),
            ("bytes=1000-", None, Err(416)),
            ("bytes=-0", None, Err(416)),
            ("bytes=0-9,20-29", Some(0..10), Err(416)),
            ("byte=0-499", None, Ok(None)),
            ("bytes=9-1", None, Ok(None)),
            ("bytes=a-b", None, Ok(None)),
        ] {
            assert_eq!(wanted(header, 1000, false).unwrap(), plain, "{header}");
            let found = wanted(header, 1000, true).map_err(|error| match error.code() {
                "InvalidRange" => 416,
                _ => 0,
            });
            assert_eq!(found, standard, "{header}, standard");
        }
    }
}
