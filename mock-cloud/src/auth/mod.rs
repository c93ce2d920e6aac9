//! Who signed a request, and whether the signature holds. Each scheme reads its [`Claim`] out of a request;
//! what is common to all of them (keys, tokens, clock, comparison, nonces) is decided here, once.

pub(crate) mod crypto;
mod nonces;
mod oss;
mod refusal;
mod rpc;
mod sls;

use time::{Duration, OffsetDateTime};

pub(crate) use self::nonces::Nonces;
pub(crate) use self::refusal::{refuse, service_error};
use crate::cloud::AccessKey;
use crate::gateway::request::Request;
use crate::gateway::route::{Route, Service};

/// How far the clocks of client and service may be apart.
const WINDOW: Duration = Duration::minutes(15);

/// A signature scheme, as a request shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// `ACS3-HMAC-SHA256` in `Authorization`.
    Acs3,
    /// `Signature` and friends as parameters of an RPC call.
    RpcV1,
    /// `OSS <id>:<signature>`.
    OssV1,
    /// `OSS4-HMAC-SHA256`.
    OssV4,
    /// An OSS V1 link.
    OssV1Presigned,
    /// An OSS V4 link.
    OssV4Presigned,
    /// `LOG <id>:<signature>`.
    SlsV1,
    /// `SLS4-HMAC-SHA256`.
    SlsV4,
    /// Not signed, or in no scheme that is known.
    None,
}

impl Scheme {
    /// The scheme of a request.
    pub(crate) fn of(request: &Request) -> Self {
        let known = [
            ("ACS3-", Self::Acs3),
            ("OSS4-HMAC-SHA256", Self::OssV4),
            ("OSS ", Self::OssV1),
            ("SLS4-HMAC-SHA256", Self::SlsV4),
            ("LOG ", Self::SlsV1),
        ];
        if let Some(authorization) = request.header("authorization") {
            let found = known.iter().find(|(prefix, _)| authorization.starts_with(prefix));
            return found.map_or(Self::None, |(_, scheme)| *scheme);
        }
        if request.param("x-oss-signature-version").is_some() {
            Self::OssV4Presigned
        } else if request.param("OSSAccessKeyId").is_some() {
            Self::OssV1Presigned
        } else if request.param("AccessKeyId").is_some() || request.param("SignatureMethod").is_some() {
            Self::RpcV1
        } else {
            Self::None
        }
    }

    /// Whether the service understands the scheme.
    fn suits(self, service: Service) -> bool {
        match self {
            Self::Acs3 | Self::RpcV1 => service.is_rpc(),
            Self::OssV1 | Self::OssV4 | Self::OssV1Presigned | Self::OssV4Presigned => {
                service == Service::Oss
            }
            Self::SlsV1 | Self::SlsV4 => service == Service::Sls,
            Self::None => false,
        }
    }
}

/// What a request claims about itself, in whatever scheme.
#[derive(Debug)]
pub(crate) struct Claim {
    key_id: String,
    token: Option<String>,
    /// The signature that came with the request.
    provided: String,
    /// The text that should have been signed; more than one where clients disagree on a detail.
    candidates: Vec<String>,
    mac: Mac,
    validity: Validity,
    nonce: Option<String>,
    /// Region and product of a V4 scope.
    scope: Option<(String, String)>,
}

/// How a signature is made from secret and text.
#[derive(Debug)]
enum Mac {
    HexSha256,
    /// The RPC V1 key is the secret with `&` appended.
    RpcSha1,
    Base64Sha1,
    Base64Sha256,
    V4 {
        date: String,
        region: String,
        product: String,
    },
}

impl Mac {
    fn sign(&self, secret: &str, text: &str) -> String {
        let text = text.as_bytes();
        match self {
            Self::HexSha256 => crypto::hex(&crypto::hmac_sha256(secret.as_bytes(), text)),
            Self::RpcSha1 => crypto::base64(&crypto::hmac_sha1(format!("{secret}&").as_bytes(), text)),
            Self::Base64Sha1 => crypto::base64(&crypto::hmac_sha1(secret.as_bytes(), text)),
            Self::Base64Sha256 => crypto::base64(&crypto::hmac_sha256(secret.as_bytes(), text)),
            Self::V4 { date, region, product } => {
                crypto::hex(&crypto::hmac_sha256(&crypto::v4_key(secret, date, region, product), text))
            }
        }
    }
}

/// When a request counts.
#[derive(Debug, Clone, Copy)]
enum Validity {
    /// Around the time it was signed.
    Around(OffsetDateTime),
    /// From the signing time, if that is part of it, until a time that the signer chose.
    Until(Option<OffsetDateTime>, OffsetDateTime),
}

/// Why a request was not let in. Every service words these in its own way.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum AuthError {
    Anonymous,
    /// The `Authorization` header or its parameters cannot be read, or belong to another service.
    Unreadable,
    /// A parameter or header that the scheme needs is missing.
    Missing(&'static str),
    /// A header that must be signed is not.
    Unsigned(String),
    UnsupportedMethod,
    /// The endpoint asks for a newer version of the signature.
    UnsupportedVersion,
    UnknownKey(String),
    InactiveKey(String),
    Mismatch {
        key_id: String,
        provided: String,
        text: String,
    },
    BodyHash,
    DateMissing,
    DateFormat,
    Skewed {
        request: OffsetDateTime,
        server: OffsetDateTime,
    },
    NonceUsed,
    TokenMissing(String),
    TokenMismatch,
    TokenExpired,
    ScopeRegion,
    ScopeProduct,
    NoAdditionalHeaders,
    LinkExpired,
}

/// Where keys come from.
pub(crate) type Keys<'a> = &'a dyn Fn(&str) -> Option<AccessKey>;

/// Someone who proved to hold a key.
#[derive(Debug)]
pub(crate) struct Signer {
    pub(crate) key_id: String,
    pub(crate) key: AccessKey,
    /// The region of the signing scope, where there is one.
    pub(crate) region: Option<String>,
}

/// Checks the signature of a request. `now` is the wall clock.
pub(crate) fn authenticate(
    request: &Request,
    route: &Route,
    scheme: Scheme,
    keys: Keys<'_>,
    nonces: &Nonces,
    now: OffsetDateTime,
) -> Result<Signer, AuthError> {
    if scheme == Scheme::None {
        let signed = request.headers.contains_key("authorization");
        return Err(if signed { AuthError::Unreadable } else { AuthError::Anonymous });
    }
    if !scheme.suits(route.service) {
        return Err(AuthError::Unreadable);
    }
    let claim = match scheme {
        Scheme::Acs3 => rpc::acs3(request),
        Scheme::RpcV1 => rpc::v1(request),
        Scheme::OssV1 => oss::v1(request, route),
        Scheme::OssV4 => oss::v4(request, route),
        Scheme::OssV1Presigned => oss::v1_presigned(request, route),
        Scheme::OssV4Presigned => oss::v4_presigned(request, route),
        Scheme::SlsV1 if route.is_dedicated() => Err(AuthError::UnsupportedVersion),
        Scheme::SlsV1 => sls::v1(request),
        Scheme::SlsV4 => sls::v4(request),
        Scheme::None => Err(AuthError::Anonymous),
    }?;
    let product = if route.service == Service::Oss { "oss" } else { "sls" };
    let key = check(&claim, keys, now, route.region.as_deref(), product)?;
    if let Some(nonce) = &claim.nonce
        && !nonces.take(&claim.key_id, nonce, now)
    {
        return Err(AuthError::NonceUsed);
    }
    Ok(Signer { key_id: claim.key_id, key, region: claim.scope.map(|(region, _)| region) })
}

/// Everything about a claim that needs no memory of earlier requests.
fn check(
    claim: &Claim,
    keys: Keys<'_>,
    now: OffsetDateTime,
    region: Option<&str>,
    product: &str,
) -> Result<AccessKey, AuthError> {
    let key = keys(&claim.key_id).ok_or_else(|| AuthError::UnknownKey(claim.key_id.clone()))?;
    if !key.active {
        return Err(AuthError::InactiveKey(claim.key_id.clone()));
    }
    match (&key.token, &claim.token) {
        (None, None) => {}
        (Some(_), None) => return Err(AuthError::TokenMissing(claim.key_id.clone())),
        (None, Some(_)) => return Err(AuthError::TokenMismatch),
        (Some(known), Some(given)) if !crypto::same(known.expose(), given) => {
            return Err(AuthError::TokenMismatch);
        }
        (Some(_), Some(_)) if key.expires.is_some_and(|end| now >= end) => {
            return Err(AuthError::TokenExpired);
        }
        (Some(_), Some(_)) => {}
    }
    match claim.validity {
        Validity::Around(time) if (time - now).abs() > WINDOW => {
            return Err(AuthError::Skewed { request: time, server: now });
        }
        Validity::Until(Some(time), _) if time - now > WINDOW => {
            return Err(AuthError::Skewed { request: time, server: now });
        }
        Validity::Until(_, end) if now > end => return Err(AuthError::LinkExpired),
        Validity::Around(_) | Validity::Until(..) => {}
    }
    if let Some((scope_region, scope_product)) = &claim.scope {
        if region.is_some_and(|region| region != scope_region) {
            return Err(AuthError::ScopeRegion);
        }
        if scope_product != product {
            return Err(AuthError::ScopeProduct);
        }
    }
    let secret = key.secret.expose();
    if claim.candidates.iter().any(|text| crypto::same(&claim.mac.sign(secret, text), &claim.provided)) {
        return Ok(key);
    }
    Err(AuthError::Mismatch {
        key_id: claim.key_id.clone(),
        provided: claim.provided.clone(),
        text: claim.candidates.first().cloned().unwrap_or_default(),
    })
}

/// The fields of an `Authorization` header after its scheme: `Name=value` separated by commas and perhaps blanks.
fn fields(authorization: &str) -> impl Fn(&str) -> Option<String> {
    let rest = authorization.split_once(' ').map_or("", |(_, rest)| rest).to_owned();
    move |name| {
        let mut parts = rest.split(',').filter_map(|part| part.trim().split_once('='));
        parts.find(|(key, _)| *key == name).map(|(_, value)| value.trim().to_owned())
    }
}

/// A V4 credential: `<key id>/<date>/<region>/<product>/aliyun_v4_request`.
struct Credential {
    key_id: String,
    date: String,
    region: String,
    product: String,
}

impl Credential {
    fn parse(text: &str) -> Result<Self, AuthError> {
        let mut parts = text.rsplitn(5, '/');
        let mut next = || parts.next().map(str::to_owned).ok_or(AuthError::Unreadable);
        let (last, product, region, date, key_id) = (next()?, next()?, next()?, next()?, next()?);
        if last != "aliyun_v4_request" {
            return Err(AuthError::Unreadable);
        }
        Ok(Self { key_id, date, region, product })
    }

    fn scope(&self) -> String {
        format!("{}/{}/{}/aliyun_v4_request", self.date, self.region, self.product)
    }
}

/// The value of a header as it is signed: trimmed, repeated headers joined by commas.
fn signed_value(request: &Request, name: &str) -> Option<String> {
    let values: Vec<String> = request
        .headers
        .get_all(name)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
        .collect();
    (!values.is_empty()).then(|| values.join(","))
}

/// The sorted header names that satisfy a condition.
fn header_names(request: &Request, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let mut names: Vec<String> =
        request.headers.keys().map(|name| name.as_str().to_owned()).filter(|name| wanted(name)).collect();
    names.sort_unstable();
    names
}

/// `name:value` lines of the given headers.
fn header_block(request: &Request, names: &[String]) -> String {
    names.iter().map(|name| format!("{name}:{}\n", signed_value(request, name).unwrap_or_default())).collect()
}

/// A time like `20260115T083000Z`.
fn parse_compact(text: &str) -> Result<OffsetDateTime, AuthError> {
    let format = time::macros::format_description!("[year][month][day]T[hour][minute][second]Z");
    let parsed = time::PrimitiveDateTime::parse(text, format).map_err(|_| AuthError::DateFormat)?;
    Ok(parsed.assume_utc())
}

/// A time like `2026-01-15T08:30:00Z`, which may have a fraction of a second: several clients send milliseconds.
fn parse_iso(text: &str) -> Result<OffsetDateTime, AuthError> {
    if !text.ends_with('Z') {
        return Err(AuthError::DateFormat);
    }
    OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339)
        .map_err(|_| AuthError::DateFormat)
}

/// A time like `Thu, 15 Jan 2026 08:30:00 GMT`.
fn parse_http(text: &str) -> Result<OffsetDateTime, AuthError> {
    OffsetDateTime::parse(text, &time::format_description::well_known::Rfc2822)
        .map_err(|_| AuthError::DateFormat)
}

#[cfg(test)]
mod tests;
