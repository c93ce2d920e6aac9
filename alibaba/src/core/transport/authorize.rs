//! Turning a request into what goes over the wire: headers, query string, signature.

use ::http::{HeaderMap, HeaderName, HeaderValue};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use md5::{Digest, Md5};
use reqwest::Url;
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

use crate::config::{Config, SlsSignature};
use crate::core::request::{Request, Scheme};
use crate::credentials::Credentials;
use crate::endpoint::{Resolver, Target};
use crate::error::Error;
use crate::sign::{Pairs, acs3, encode, encode_path, oss_v4, sha256_hex, sls_v1, sls_v4};

const BASIC: &[BorrowedFormatItem<'_>] = format_description!("[year][month][day]T[hour][minute][second]Z");
const EXTENDED: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
const HTTP_DATE: &[BorrowedFormatItem<'_>] =
    format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");

/// When a request is signed, and the nonce that tells it from every other.
pub(crate) struct SigningTime {
    pub(crate) at: OffsetDateTime,
    pub(crate) nonce: String,
}

impl SigningTime {
    pub(crate) fn now() -> Self {
        Self { at: OffsetDateTime::now_utc(), nonce: uuid::Uuid::new_v4().simple().to_string() }
    }

    fn format(&self, format: &[BorrowedFormatItem<'_>]) -> Result<String, Error> {
        self.at
            .format(format)
            .map_err(|error| Error::Internal(format!("the clock shows no writable date: {error}")))
    }
}

/// Reads a `Date` header.
pub(crate) fn parse_http_date(text: &str) -> Option<OffsetDateTime> {
    time::PrimitiveDateTime::parse(text, HTTP_DATE).ok().map(time::PrimitiveDateTime::assume_utc)
}

/// Signs a request for a target; gives the URL to send to, every header and the body.
pub(crate) fn authorize(
    request: &Request,
    config: &Config,
    resolver: &Resolver,
    target: &Target,
    credentials: &Credentials,
    moment: &SigningTime,
) -> Result<(Url, HeaderMap, Bytes), Error> {
    if let Scheme::IdentityToken { version } = request.scheme {
        return with_token(request, version, config, target, credentials, moment);
    }
    let region = || resolver.signing_region(request.service, request.region.as_ref());
    let mut headers: Pairs = request.headers.clone();
    add(&mut headers, "host", &target.host);
    add(&mut headers, "user-agent", &config.user_agent);
    let method = request.method.as_str();
    let token = credentials.security_token.as_ref().map(crate::Secret::expose);
    let (query, signed) = match request.scheme {
        Scheme::Acs3 { version } => {
            add(&mut headers, "accept", "application/json");
            add(&mut headers, "x-acs-action", request.action);
            add(&mut headers, "x-acs-version", version);
            add(&mut headers, "x-acs-date", &moment.format(EXTENDED)?);
            add(&mut headers, "x-acs-signature-nonce", &moment.nonce);
            add(&mut headers, "x-acs-content-sha256", &sha256_hex(&request.body));
            if let Some(token) = token {
                add(&mut headers, "x-acs-security-token", token);
                add(&mut headers, "x-acs-accesskey-id", &credentials.access_key_id);
            }
            let what = acs3::Request {
                method,
                query: &request.query,
                headers: &headers,
                also_signed: &[],
                body: &request.body,
            };
            (acs3::canonical_query(&request.query), acs3::sign(&what, credentials))
        }
        Scheme::IdentityToken { .. } => {
            return Err(Error::Internal("a request with a token is not signed".to_owned()));
        }
        Scheme::OssV4 => {
            let date = moment.format(BASIC)?;
            add(&mut headers, "date", &moment.format(HTTP_DATE)?);
            add(&mut headers, "x-oss-date", &date);
            add(&mut headers, "x-oss-content-sha256", oss_v4::UNSIGNED_PAYLOAD);
            if !request.body.is_empty() {
                add(&mut headers, "content-md5", &STANDARD.encode(Md5::digest(&request.body)));
            }
            if let Some(token) = token {
                add(&mut headers, "x-oss-security-token", token);
            }
            let what = oss_v4::Request {
                method,
                bucket: request.label.as_deref(),
                key: request.path.strip_prefix('/').unwrap_or(&request.path),
                query: &request.query,
                headers: &headers,
                additional: &[],
                region: &region()?,
                date: &date,
            };
            (oss_v4::canonical_query(&request.query), oss_v4::sign(&what, credentials))
        }
        Scheme::Sls => {
            add(&mut headers, "accept", "application/json");
            add(&mut headers, "x-log-apiversion", "0.6.0");
            add(&mut headers, "x-log-bodyrawsize", &request.body.len().to_string());
            if let Some(token) = token {
                add(&mut headers, "x-acs-security-token", token);
            }
            let query =
                request.query.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
            let query = query.collect::<Vec<_>>().join("&");
            let version = config.sls_signature.unwrap_or(SlsSignature::V1);
            (query, sign_sls(request, version, &mut headers, &region()?, credentials, moment)?)
        }
    };
    add(&mut headers, "authorization", &signed.authorization);
    Ok((url(request, target, &query)?, header_map(&headers)?, request.body.clone()))
}

fn url(request: &Request, target: &Target, query: &str) -> Result<Url, Error> {
    let query = if query.is_empty() { String::new() } else { format!("?{query}") };
    let url = format!("{}{}{query}", target.origin, encode_path(&request.path));
    Url::parse(&url).map_err(|error| Error::Internal(format!("the request makes no URL: {error}")))
}

/// A request whose proof is the token in its body, which no log of addresses shows.
fn with_token(
    request: &Request,
    version: &str,
    config: &Config,
    target: &Target,
    credentials: &Credentials,
    moment: &SigningTime,
) -> Result<(Url, HeaderMap, Bytes), Error> {
    let mut headers: Pairs = Vec::new();
    add(&mut headers, "host", &target.host);
    add(&mut headers, "user-agent", &config.user_agent);
    add(&mut headers, "accept", "application/json");
    add(&mut headers, "content-type", "application/x-www-form-urlencoded");
    let mut query: Pairs = Vec::new();
    add(&mut query, "Action", request.action);
    add(&mut query, "Version", version);
    add(&mut query, "Format", "JSON");
    add(&mut query, "Timestamp", &moment.format(EXTENDED)?);
    add(&mut query, "SignatureNonce", &moment.nonce);
    let mut form = request.query.clone();
    add(&mut form, "OIDCToken", credentials.secret.expose());
    let body = acs3::canonical_query(&form);
    Ok((url(request, target, &acs3::canonical_query(&query))?, header_map(&headers)?, Bytes::from(body)))
}

fn sign_sls(
    request: &Request,
    version: SlsSignature,
    headers: &mut Pairs,
    region: &str,
    credentials: &Credentials,
    moment: &SigningTime,
) -> Result<crate::sign::Signed, Error> {
    let (method, path) = (request.method.as_str(), encode_path(&request.path));
    let query = &request.query;
    Ok(match version {
        SlsSignature::V1 => {
            add(headers, "date", &moment.format(HTTP_DATE)?);
            add(headers, "x-log-signaturemethod", sls_v1::HMAC_SHA1);
            if !request.body.is_empty() {
                add(headers, "content-md5", &sls_v1::content_md5(&request.body));
            }
            sls_v1::sign(&sls_v1::Request { method, path: &path, query, headers }, credentials)
        }
        SlsSignature::V4 => {
            let date = moment.format(BASIC)?;
            add(headers, "x-log-date", &date);
            add(headers, "x-log-content-sha256", &sha256_hex(&request.body));
            let body = &request.body;
            let what = sls_v4::Request { method, path: &path, query, headers, body, region, date: &date };
            sls_v4::sign(&what, credentials)
        }
    })
}

fn add(headers: &mut Pairs, name: &str, value: &str) {
    headers.push((name.to_owned(), value.to_owned()));
}

fn header_map(headers: &Pairs) -> Result<HeaderMap, Error> {
    let mut map = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        // The value is not shown: it may be a token with a stray newline.
        let unusable = || Error::Internal(format!("the header {name} has a value that HTTP cannot carry"));
        let key = HeaderName::try_from(name.as_str()).map_err(|_| unusable())?;
        let mut value = HeaderValue::try_from(value.as_str()).map_err(|_| unusable())?;
        value.set_sensitive(matches!(name.as_str(), "authorization") || name.contains("token"));
        map.append(key, value);
    }
    Ok(map)
}
