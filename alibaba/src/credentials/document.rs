//! The JSON document with temporary credentials, as the metadata service, credentials URIs and others give it.

use serde::Deserialize;
use time::OffsetDateTime;

use super::{Credentials, CredentialsError, SHORTEST_SESSION, Temporary, parse_expiration};
use crate::Secret;

/// The members have other names where a command gives them.
#[derive(Deserialize)]
pub(super) struct Document {
    #[serde(rename = "Code")]
    code: Option<String>,
    #[serde(rename = "AccessKeyId", alias = "access_key_id")]
    access_key_id: Option<String>,
    #[serde(rename = "AccessKeySecret", alias = "access_key_secret")]
    access_key_secret: Option<Secret>,
    #[serde(rename = "SecurityToken", alias = "sts_token")]
    security_token: Option<Secret>,
    #[serde(rename = "Expiration", alias = "expiration")]
    expiration: Option<String>,
}

const REMEDY: &str = "Its answer has to be a JSON object with an access key id, a secret and, for temporary credentials, a \
                      security token and their expiration.";

/// Reads the credentials in a document that a source gave. Nothing of it is ever told.
pub(super) fn read(of: &str, step: &str, document: &[u8]) -> Result<Temporary, CredentialsError> {
    parse::<Document>(of, step, document)?.temporary(of, step)
}

/// Reads a document as what it should be.
pub(super) fn parse<'d, D: Deserialize<'d>>(
    of: &str,
    step: &str,
    document: &'d [u8],
) -> Result<D, CredentialsError> {
    serde_json::from_slice(document).map_err(|error| {
        // The parser's message may quote a value, so only the place is told.
        let (line, column) = (error.line(), error.column());
        let detail = format!("the answer is no JSON of credentials (line {line}, column {column})");
        CredentialsError::told(of, step, detail, REMEDY)
    })
}

impl Document {
    pub(super) fn temporary(self, of: &str, step: &str) -> Result<Temporary, CredentialsError> {
        let bad = |detail: &str| CredentialsError::told(of, step, detail, REMEDY);
        if self.code.is_some_and(|code| code != "Success") {
            return Err(bad("the answer says that it is not a success"));
        }
        let id = self.access_key_id.filter(|id| !id.is_empty());
        let secret = self.access_key_secret.filter(|secret| !secret.is_empty());
        let (Some(access_key_id), Some(secret)) = (id, secret) else {
            return Err(bad("the answer lacks the access key id or its secret"));
        };
        let security_token = self.security_token.filter(|token| !token.is_empty());
        let expiration = match self.expiration.filter(|text| !text.is_empty()) {
            Some(text) => match parse_expiration(&text) {
                Some(end) => Some(end),
                None => {
                    return Err(bad("the expiration in the answer is no date such as 2026-01-31T12:00:00Z"));
                }
            },
            // Long-lived keys do not end; a session that does not say when lasts as long as the shortest.
            None => security_token.is_some().then(|| OffsetDateTime::now_utc() + SHORTEST_SESSION),
        };
        Ok(Temporary { credentials: Credentials { access_key_id, secret, security_token }, expiration })
    }
}
