//! The signatures of OSS: V1 (HMAC-SHA1) and V4 (HMAC-SHA256), each in the `Authorization` header or in a link.

use time::{Duration, OffsetDateTime};

use super::crypto::{encode, encode_path, sha256_hex};
use super::{
    AuthError, Claim, Credential, Mac, Validity, fields, header_block, header_names, parse_compact,
    parse_http, signed_value,
};
use crate::gateway::request::Request;
use crate::gateway::route::Route;

/// Query parameters that take part in a V1 signature; those beginning with `x-oss-` do as well.
const V1_SUBRESOURCES: &str = "accessPoint accessPointPolicy acl append asyncFetch bucketArchiveDirectRead bucketInfo \
    callback callback-var cloudboxes cname comp continuation-token cors delete encryption endTime group httpsConfig \
    img inventory inventoryId legalHold lifecycle link live location logging metaQuery metadataConfiguration \
    objectInfo objectMeta objectWorm overwriteConfig partNumber policy policyStatus position publicAccessBlock qos \
    qosInfo qosRequester quota redundancyTransition referer regionList regions replication replicationLocation \
    replicationProgress requestPayment requesterQosInfo resourceGroup resourcePool resourcePoolBuckets \
    resourcePoolInfo response-cache-control response-content-disposition response-content-encoding \
    response-content-language response-content-type response-expires responseHeader restore retention rtc \
    security-token sequential startTime stat status style styleName symlink tagging transferAcceleration udf \
    udfApplication udfApplicationLog udfId udfImage udfImageDesc udfName uploadId uploads userDefinedLogFieldsConfig \
    versionId versioning versions vod website withHashContext worm wormExtend wormId";

const V4: &str = "OSS4-HMAC-SHA256";

/// Reads a V1 claim from the `Authorization` header.
pub(super) fn v1(request: &Request, route: &Route) -> Result<Claim, AuthError> {
    let authorization = request.header("authorization").unwrap_or("");
    let pair = authorization.strip_prefix("OSS ").and_then(|pair| pair.trim().split_once(':'));
    let (key_id, provided) = pair.ok_or(AuthError::Unreadable)?;
    let date =
        request.header("x-oss-date").or_else(|| request.header("date")).ok_or(AuthError::DateMissing)?;
    // One SDK sends the token as `security-token`, outside the signature.
    let token = request.header("x-oss-security-token").or_else(|| request.header("security-token"));
    Ok(Claim {
        key_id: key_id.to_owned(),
        token: token.map(str::to_owned),
        provided: provided.to_owned(),
        candidates: vec![v1_text(request, route, date)],
        mac: Mac::Base64Sha1,
        validity: Validity::Around(parse_http(date)?),
        nonce: None,
        scope: None,
    })
}

/// Reads a V1 claim from the parameters of a link.
pub(super) fn v1_presigned(request: &Request, route: &Route) -> Result<Claim, AuthError> {
    let needed = |name| request.param(name).filter(|value| !value.is_empty()).ok_or(AuthError::Missing(name));
    let expires = needed("Expires")?;
    let end = expires.parse().ok().and_then(|end| OffsetDateTime::from_unix_timestamp(end).ok());
    Ok(Claim {
        key_id: needed("OSSAccessKeyId")?.to_owned(),
        token: request.param("security-token").map(str::to_owned),
        provided: needed("Signature")?.to_owned(),
        candidates: vec![v1_text(request, route, expires)],
        mac: Mac::Base64Sha1,
        validity: Validity::Until(None, end.ok_or(AuthError::DateFormat)?),
        nonce: None,
        scope: None,
    })
}

/// The text that a V1 signature signs. `date` is the third line: a date or, in a link, the time of expiry.
pub(super) fn v1_text(request: &Request, route: &Route, date: &str) -> String {
    let value = |name| signed_value(request, name).unwrap_or_default();
    let headers = header_block(request, &header_names(request, |name| name.starts_with("x-oss-")));
    let signed =
        |name: &str| name.starts_with("x-oss-") || V1_SUBRESOURCES.split_whitespace().any(|sub| sub == name);
    let mut parts: Vec<String> = request
        .query
        .iter()
        .filter(|(name, _)| signed(name))
        .map(|(name, value)| match value.as_deref() {
            Some(value) if !value.is_empty() => format!("{name}={value}"),
            _ => name.clone(),
        })
        .collect();
    parts.sort_unstable();
    let query = if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) };
    format!(
        "{}\n{}\n{}\n{date}\n{headers}{}{query}",
        request.method,
        value("content-md5"),
        value("content-type"),
        resource(request, route),
    )
}

/// `/<bucket>/<key>`, whichever way the bucket was named.
fn resource(request: &Request, route: &Route) -> String {
    match &route.container {
        Some(bucket) => format!("/{bucket}{}", route.below(&request.path)),
        None => request.path.clone(),
    }
}

/// Reads a V4 claim from the headers.
pub(super) fn v4(request: &Request, route: &Route) -> Result<Claim, AuthError> {
    let field = fields(request.header("authorization").unwrap_or(""));
    let credential = Credential::parse(&field("Credential").ok_or(AuthError::Unreadable)?)?;
    let provided = field("Signature").ok_or(AuthError::Unreadable)?;
    let additional = field("AdditionalHeaders");
    if additional.as_deref() == Some("") {
        return Err(AuthError::NoAdditionalHeaders);
    }
    let (date, time) = match (request.header("x-oss-date"), request.header("date")) {
        (Some(date), _) => (date.to_owned(), parse_compact(date)?),
        (None, Some(date)) => compact(parse_http(date)?),
        (None, None) => return Err(AuthError::DateMissing),
    };
    let token = request.header("x-oss-security-token").map(str::to_owned);
    let text = v4_text(request, route, &credential, &date, &additional.unwrap_or_default());
    Ok(v4_claim(credential, provided, token, text, Validity::Around(time)))
}

/// Reads a V4 claim from the parameters of a link.
pub(super) fn v4_presigned(request: &Request, route: &Route) -> Result<Claim, AuthError> {
    let needed = |name| request.param(name).filter(|value| !value.is_empty()).ok_or(AuthError::Missing(name));
    if needed("x-oss-signature-version")? != V4 {
        return Err(AuthError::UnsupportedMethod);
    }
    let credential = Credential::parse(needed("x-oss-credential")?)?;
    let date = needed("x-oss-date")?;
    let time = parse_compact(date)?;
    let seconds: i64 = needed("x-oss-expires")?.parse().map_err(|_| AuthError::DateFormat)?;
    if !(1..=604_800).contains(&seconds) {
        return Err(AuthError::DateFormat);
    }
    let token = request.param("x-oss-security-token").map(str::to_owned);
    let additional = request.param("x-oss-additional-headers").unwrap_or("");
    let text = v4_text(request, route, &credential, date, additional);
    let validity = Validity::Until(Some(time), time + Duration::seconds(seconds));
    Ok(v4_claim(credential, needed("x-oss-signature")?.to_owned(), token, text, validity))
}

fn v4_claim(
    credential: Credential,
    provided: String,
    token: Option<String>,
    text: String,
    validity: Validity,
) -> Claim {
    let Credential { key_id, date, region, product } = credential;
    Claim {
        key_id,
        token,
        provided,
        candidates: vec![text],
        mac: Mac::V4 { date, region: region.clone(), product: product.clone() },
        validity,
        nonce: None,
        scope: Some((region, product)),
    }
}

/// The text that a V4 signature signs.
fn v4_text(
    request: &Request,
    route: &Route,
    credential: &Credential,
    date: &str,
    additional: &str,
) -> String {
    let canonical = v4_canonical(request, route, additional);
    format!("{V4}\n{date}\n{}\n{}", credential.scope(), sha256_hex(canonical.as_bytes()))
}

/// The canonical request of V4.
pub(super) fn v4_canonical(request: &Request, route: &Route, additional: &str) -> String {
    let default = |name: &str| name.starts_with("x-oss-") || name == "content-type" || name == "content-md5";
    let mut extra: Vec<String> = additional
        .split(';')
        .map(|name| name.trim().to_ascii_lowercase())
        .filter(|name| !name.is_empty())
        .collect();
    extra.sort_unstable();
    let names = header_names(request, |name| default(name) || extra.iter().any(|known| known == name));
    let mut query: Vec<(String, String)> = request
        .query
        .iter()
        .filter(|(name, _)| name != "x-oss-signature")
        .map(|(name, value)| (encode(name), encode(value.as_deref().unwrap_or(""))))
        .collect();
    query.sort_unstable();
    let query: Vec<String> = query
        .into_iter()
        .map(|(name, value)| if value.is_empty() { name } else { format!("{name}={value}") })
        .collect();
    format!(
        "{}\n{}\n{}\n{}\n{}\n{}",
        request.method,
        encode_path(&resource(request, route)),
        query.join("&"),
        header_block(request, &names),
        extra.join(";"),
        request.header("x-oss-content-sha256").unwrap_or("UNSIGNED-PAYLOAD"),
    )
}

/// A time in the compact form that V4 signs.
fn compact(time: OffsetDateTime) -> (String, OffsetDateTime) {
    let format = time::macros::format_description!("[year][month][day]T[hour][minute][second]Z");
    (time.to_offset(time::UtcOffset::UTC).format(format).unwrap_or_default(), time)
}
