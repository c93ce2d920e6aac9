//! The primitives that the signature schemes are made of.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// Everything but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// The same with `/` kept, for paths.
const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');

/// Percent-encodes a name or value.
pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Percent-encodes a path, keeping its slashes.
pub(super) fn encode_path(path: &str) -> String {
    utf8_percent_encode(path, RESERVED_IN_PATH).to_string()
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble & 15)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

/// Lower-case hexadecimal SHA-256.
pub(crate) fn sha256_hex(data: &[u8]) -> String {
    hex(&Sha256::digest(data))
}

/// Upper-case hexadecimal MD5.
pub(super) fn md5_hex_upper(data: &[u8]) -> String {
    hex(&Md5::digest(data)).to_uppercase()
}

/// Standard Base64.
pub(super) fn base64(data: &[u8]) -> String {
    STANDARD.encode(data)
}

/// HMAC-SHA256.
pub(super) fn hmac_sha256(key: &[u8], data: &[u8]) -> Vec<u8> {
    finish::<Hmac<Sha256>>(key, data)
}

/// HMAC-SHA1.
pub(super) fn hmac_sha1(key: &[u8], data: &[u8]) -> Vec<u8> {
    finish::<Hmac<Sha1>>(key, data)
}

fn finish<M: Mac + KeyInit>(key: &[u8], data: &[u8]) -> Vec<u8> {
    // HMAC takes keys of any length, so the error arm cannot happen; an empty code matches no signature.
    <M as KeyInit>::new_from_slice(key)
        .map(|mac| mac.chain_update(data).finalize().into_bytes().to_vec())
        .unwrap_or_default()
}

/// The key of the V4 schemes: a chain of HMACs over date, region, product and a constant.
pub(super) fn v4_key(secret: &str, date: &str, region: &str, product: &str) -> Vec<u8> {
    let start = format!("aliyun_v4{secret}").into_bytes();
    [date, region, product, "aliyun_v4_request"]
        .iter()
        .fold(start, |key, part| hmac_sha256(&key, part.as_bytes()))
}

/// Compares without stopping at the first difference.
pub(super) fn same(left: &str, right: &str) -> bool {
    left.len() == right.len()
        && left.bytes().zip(right.bytes()).fold(0, |differs, (one, other)| differs | (one ^ other)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_what_is_not_unreserved() {
        assert_eq!(encode("a b+c~d/é*"), "a%20b%2Bc~d%2F%C3%A9%2A");
        assert_eq!(encode_path("/dir a/审计+1.gz"), "/dir%20a/%E5%AE%A1%E8%AE%A1%2B1.gz");
    }

    #[test]
    fn v4_key_chain() {
        let key = v4_key("example-ak-secret", "20260115", "cn-hangzhou", "oss");
        assert_eq!(hex(&key), "d9035ae63ad069aeb0262149ce47c82312728fe69fe7146bac658af30a02903b");
        let key = v4_key("testAccessKeySecret", "20240115", "cn-hangzhou", "sls");
        assert_eq!(hex(&key), "dcb78d17d73756a9f8b67898202710f94416ecdcd29d93b86f8efee0a339d938");
    }

    #[test]
    fn compares() {
        assert!(same("abc", "abc"));
        assert!(!same("abc", "abd"));
        assert!(!same("abc", "ab"));
    }
}
