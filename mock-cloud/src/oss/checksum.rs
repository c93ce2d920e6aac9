//! Checksums of bodies as the service writes them: MD5 in hexadecimal and base64, and CRC-64 of ECMA-182.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};

/// MD5 in upper-case hexadecimal: the ETag of a body that was put at once.
pub(super) fn md5_hex(body: &[u8]) -> String {
    Md5::digest(body).iter().map(|byte| format!("{byte:02X}")).collect()
}

/// MD5 in base64, as `Content-MD5` has it.
pub(super) fn md5_base64(body: &[u8]) -> String {
    STANDARD.encode(Md5::digest(body))
}

/// The headers that tell a client what arrived.
pub(super) fn of_body(body: &[u8]) -> [(&'static str, String); 2] {
    [("content-md5", md5_base64(body)), ("x-oss-hash-crc64ecma", crc64(body).to_string())]
}

/// The polynomial of ECMA-182 with its bits reversed.
const POLYNOMIAL: u64 = 0xC96C_5795_D787_0F42;

static TABLE: std::sync::LazyLock<[u64; 256]> = std::sync::LazyLock::new(|| {
    let mut table = [0; 256];
    for (entry, byte) in table.iter_mut().zip(0_u64..) {
        *entry = (0..8).fold(byte, |crc, _| if crc & 1 == 1 { crc >> 1 ^ POLYNOMIAL } else { crc >> 1 });
    }
    table
});

/// CRC-64 as `x-oss-hash-crc64ecma` has it, there in decimal.
pub(super) fn crc64(body: &[u8]) -> u64 {
    !body.iter().fold(!0, |crc: u64, byte| {
        let index = usize::from(crc.to_le_bytes()[0] ^ byte);
        TABLE.get(index).copied().unwrap_or_default() ^ crc >> 8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crc64_of_the_catalogue() {
        // The check value of CRC-64/XZ in the catalogue of parametrised CRC algorithms.
        assert_eq!(crc64(b"123456789"), 0x995D_C9BB_DF19_39FA);
        assert_eq!(crc64(b""), 0);
    }
}
