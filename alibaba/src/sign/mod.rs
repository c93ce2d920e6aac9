//! The signature algorithms of the cloud, as pure functions over what is sent: no clock, no randomness, no network.

pub mod acs3;
pub mod oss_v4;
pub mod sls_v1;
pub mod sls_v4;

use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};

/// Everything but RFC 3986's unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// The same for paths, where the slash separates.
const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');

/// Query parameters or headers: names and values, in any order.
pub type Pairs = Vec<(String, String)>;

/// Percent-encodes a query name or value the way every signature of this cloud wants it.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Percent-encodes a path, keeping its slashes.
pub fn encode_path(path: &str) -> String {
    utf8_percent_encode(path, RESERVED_IN_PATH).to_string()
}

/// Lower-case hex.
pub fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Lower-case hex SHA-256, as used for bodies and canonical requests.
pub fn sha256_hex(data: &[u8]) -> String {
    hex(Sha256::digest(data))
}

/// HMAC-SHA256. A key of any length is fine for HMAC, so this cannot fail.
pub(crate) fn hmac_sha256(key: &[u8], data: &[u8]) -> Vec<u8> {
    Hmac::<Sha256>::new_from_slice(key)
        .map(|mac| mac.chain_update(data).finalize().into_bytes().to_vec())
        .unwrap_or_default()
}

/// The signing key of the V4 family: a chain over date, region and product that ends in a fixed word.
pub(crate) fn v4_key(secret: &str, date: &str, region: &str, product: &str) -> Vec<u8> {
    [date, region, product, "aliyun_v4_request"]
        .iter()
        .fold(format!("aliyun_v4{secret}").into_bytes(), |key, part| hmac_sha256(&key, part.as_bytes()))
}

/// Lower-cases names, trims values and sorts, which is how all of them canonicalise headers.
pub(crate) fn canonical_headers<'h>(headers: impl IntoIterator<Item = &'h (String, String)>) -> Pairs {
    let mut canonical: Pairs = headers
        .into_iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    canonical.sort();
    canonical
}

/// One `name:value` line per header, each with its newline.
pub(crate) fn header_lines(headers: &Pairs) -> String {
    headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect()
}

/// The names joined by semicolons.
pub(crate) fn header_names(headers: &Pairs) -> String {
    headers.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(";")
}

/// A signature, and the hash it was made over for comparison with test vectors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The value of the `Authorization` header.
    pub authorization: String,
    /// The signature alone.
    pub signature: String,
    /// The text that was hashed into the string to sign.
    pub canonical_request: String,
}

#[cfg(test)]
pub(crate) fn pairs(list: &[(&str, &str)]) -> Pairs {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
