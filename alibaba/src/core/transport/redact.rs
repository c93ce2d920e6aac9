//! Keeping what a request was signed with out of whatever is shown of its answer.
//!
//! An endpoint that is not the service's (a proxy, a debugging server, a wrong address) may repeat the request in any
//! part of its answer: in the code, the message, a header, the name of an element. Every text that leaves the transport
//! goes through [`Redactor::text`], in errors as well as in the log.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use ::http::HeaderMap;
use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};

use crate::core::text::one_line;
use crate::credentials::Credentials;
use crate::sign::encode;

/// What stands in place of a secret.
const REDACTED: &str = "[redacted]";
/// Very short values would turn ordinary words into stars.
const SHORTEST: usize = 6;
/// A part of a secret this long is taken for one. Long enough that no ordinary word has as much in common with a secret.
const FRAGMENT: usize = 16;

/// Secrets, in every form in which an answer may repeat them.
#[derive(Default)]
struct Secrets {
    /// Whole values that are too short to look for parts of, or whose parts are no secrets.
    whole: Vec<Vec<u8>>,
    /// Parts of the others.
    fragments: HashSet<[u8; FRAGMENT]>,
    /// Those that no honest answer has among its data.
    never_data: Vec<String>,
}

/// The secrets of one request.
pub(crate) struct Redactor {
    of_credentials: Arc<Secrets>,
    of_request: Secrets,
}

/// The secrets of the credentials that were used last: their many forms are not made anew for every request.
#[derive(Default)]
pub(crate) struct Redactors(Mutex<Option<(Credentials, Arc<Secrets>)>>);

impl Redactors {
    /// The secrets of a request that is sent with these credentials and headers.
    pub(crate) fn of(&self, credentials: &Credentials, headers: &HeaderMap) -> Redactor {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_credentials = match &*last {
            Some((known, secrets)) if known == credentials => Arc::clone(secrets),
            _ => {
                let secrets = Arc::new(Secrets::of_credentials(credentials));
                *last = Some((credentials.clone(), Arc::clone(&secrets)));
                secrets
            }
        };
        Redactor { of_credentials, of_request: Secrets::of_request(headers) }
    }
}

impl std::fmt::Debug for Redactors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redactors")
    }
}

impl Secrets {
    fn of_credentials(credentials: &Credentials) -> Self {
        let mut secrets = Self::default();
        let token = credentials.security_token.as_ref().map_or("", crate::Secret::expose);
        for secret in [credentials.secret.expose(), token] {
            secrets.add(secret);
            secrets.add_to_data(secret);
        }
        secrets.add(&credentials.access_key_id);
        secrets
    }

    fn of_request(headers: &HeaderMap) -> Self {
        let mut secrets = Self::default();
        let authorization = headers.get(::http::header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        if let Some(authorization) = authorization {
            // The names of signed headers in it are no secret, and turn up in honest messages.
            forms(authorization, |form| secrets.whole.push(form));
            secrets.add(signature(authorization));
            secrets.add_to_data(signature(authorization));
        }
        secrets
    }

    fn add(&mut self, secret: &str) {
        if secret.len() < SHORTEST {
            return;
        }
        forms(secret, |form| {
            let parts = form.windows(FRAGMENT).filter_map(|part| <[u8; FRAGMENT]>::try_from(part).ok());
            self.fragments.extend(parts);
            if form.len() < FRAGMENT {
                self.whole.push(form);
            }
        });
    }

    /// Short test keys such as `secret` are words that data may well have.
    fn add_to_data(&mut self, secret: &str) {
        if secret.len() >= FRAGMENT {
            self.never_data.push(secret.to_owned());
        }
    }

    /// Marks the bytes of a text that belong to a secret.
    fn mark(&self, text: &[u8], marked: &mut [bool]) {
        for (at, part) in text.windows(FRAGMENT).enumerate() {
            if self.fragments.contains(part) {
                marked[at..at + FRAGMENT].fill(true);
            }
        }
        for whole in self.whole.iter().filter(|whole| !whole.is_empty()) {
            for (at, part) in text.windows(whole.len()).enumerate() {
                if part == whole.as_slice() {
                    marked[at..at + whole.len()].fill(true);
                }
            }
        }
    }
}

impl Redactor {
    /// A text of an answer, such as can be shown: in one line, without control characters and secrets, and of `most`
    /// characters at most.
    pub(crate) fn text(&self, text: &str, most: usize) -> String {
        one_line(&self.without_secrets(text), most)
    }

    /// Whether the data of an answer repeat a secret of the request, which no service does.
    pub(crate) fn is_repeated_in(&self, body: &[u8]) -> bool {
        let text = String::from_utf8_lossy(body);
        let mut secrets = self.of_credentials.never_data.iter().chain(&self.of_request.never_data);
        secrets.any(|secret| text.contains(secret.as_str()))
    }

    /// Letter case, white space and control characters in between do not count.
    fn without_secrets(&self, text: &str) -> String {
        let mut squeezed = Vec::with_capacity(text.len());
        let mut places = Vec::with_capacity(text.len());
        for (at, byte) in text.bytes().enumerate() {
            if !skipped(byte) {
                squeezed.push(byte.to_ascii_lowercase());
                places.push(at);
            }
        }
        let mut secret = vec![false; squeezed.len()];
        self.of_credentials.mark(&squeezed, &mut secret);
        self.of_request.mark(&squeezed, &mut secret);
        let mut clean = String::with_capacity(text.len());
        let mut kept_to = 0;
        let mut at = 0;
        while at < secret.len() {
            if !secret[at] {
                at += 1;
                continue;
            }
            let run = secret[at..].iter().take_while(|secret| **secret).count();
            clean.push_str(text.get(kept_to..places[at]).unwrap_or_default());
            clean.push_str(REDACTED);
            kept_to = places[at + run - 1] + 1;
            at += run;
        }
        clean.push_str(text.get(kept_to..).unwrap_or_default());
        clean
    }
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redactor")
    }
}

fn skipped(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte.is_ascii_control()
}

/// The signature in an `Authorization` header: what follows the last `Signature=`, or the colon of `LOG <id>:<signature>`.
fn signature(authorization: &str) -> &str {
    let after = authorization.rsplit_once("Signature=").or_else(|| authorization.rsplit_once(':'));
    after.map_or(authorization, |(_, signature)| signature)
}

/// The forms that an answer may give a value: as it is, percent-encoded once and twice, and in base64, there also as a part
/// of something longer.
fn forms(value: &str, mut take: impl FnMut(Vec<u8>)) {
    let form = |text: &str| {
        text.bytes().filter(|byte| !skipped(*byte)).map(|byte| byte.to_ascii_lowercase()).collect()
    };
    take(form(value));
    let encoded = encode(value);
    take(form(&encode(&encoded)));
    take(form(&encoded));
    take(form(&encoded.replace("%20", "+")));
    for alphabet in [alphabet::STANDARD, alphabet::URL_SAFE] {
        let base64 = GeneralPurpose::new(&alphabet, NO_PAD);
        for before in 0..3 {
            let text = base64.encode([&vec![0; before], value.as_bytes()].concat());
            // The characters at both ends depend on what stands beside the value.
            let (begin, end) = (
                before + usize::from(before > 0),
                text.len() - usize::from(!(before + value.len()).is_multiple_of(3)),
            );
            take(form(text.get(begin..end).unwrap_or_default()));
        }
    }
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
    use proptest::prelude::*;

    use super::*;
    use crate::core::text::{LONG, SHORT};

    const TOKEN: &str = "CAIS8wF1q6Ft5B2yfSjIr5bkHtfA+oLx0JbgbmvB/jmM5g==";
    const SECRET: &str = "8dXkq2Jv0aLmW4tYpR7nBzHc5GfUeS";
    const KEY_ID: &str = "LTAI5tQxY3zVw9EkMnP1rAbC";
    const SIGNATURE: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    fn redactor() -> Redactor {
        let authorization = format!(
            "ACS3-HMAC-SHA256 Credential={KEY_ID},SignedHeaders=host;x-acs-content-sha256,Signature={SIGNATURE}"
        );
        let headers = HeaderMap::from_iter([
            (::http::header::AUTHORIZATION, authorization.parse().unwrap()),
            ("x-acs-security-token".parse().unwrap(), TOKEN.parse().unwrap()),
        ]);
        Redactors::default().of(&Credentials::new(KEY_ID, SECRET).with_token(TOKEN), &headers)
    }

    /// Whether a text has a considerable part of a value, letter case aside.
    fn leaks(text: &str, value: &str) -> bool {
        let text = text.to_ascii_lowercase();
        value
            .to_ascii_lowercase()
            .as_bytes()
            .windows(FRAGMENT)
            .any(|part| text.contains(std::str::from_utf8(part).unwrap()))
    }

    #[test]
    fn every_form_of_every_secret_goes_and_the_words_around_it_stay() {
        let redactor = redactor();
        for secret in [TOKEN, SECRET, KEY_ID, SIGNATURE] {
            let encoded = encode(secret);
            for form in [
                secret.to_owned(),
                encoded.clone(),
                encoded.to_ascii_lowercase(),
                encode(&encoded),
                STANDARD.encode(secret),
                URL_SAFE_NO_PAD.encode(secret),
                STANDARD.encode(format!("x-acs-security-token: {secret} and more")),
                STANDARD.encode(format!("ab{secret}")),
                STANDARD.encode(format!("a{secret}z")),
                secret.to_ascii_uppercase(),
                format!("{}\n{}", &secret[..12], &secret[12..]),
                secret[..20].to_owned(),
                secret[3..].to_owned(),
            ] {
                let shown = redactor.text(&format!("The value {form} was refused."), LONG);
                assert!(shown.contains(REDACTED) && shown.starts_with("The value "), "{form}: {shown}");
                assert!(shown.ends_with(" was refused."), "{form}: {shown}");
                assert!(!leaks(&shown, secret) && !shown.contains(&form), "{form}: {shown}");
                let decoded =
                    STANDARD_NO_PAD.decode(shown.replace(REDACTED, "").split(' ').nth(2).unwrap_or_default());
                assert!(
                    !leaks(&String::from_utf8_lossy(&decoded.unwrap_or_default()), secret),
                    "{form}: {shown}"
                );
            }
        }
    }

    #[test]
    fn honest_messages_stay_as_they_are() {
        let redactor = redactor();
        for honest in [
            "The header x-acs-content-sha256 is missing (SignedHeaders=host;x-acs-content-sha256).",
            "denied by sts or ram, action: log:GetDashboard, resource: acs:log:cn-hangzhou:1:project/audit/dashboard/events",
            "Der Eimer „审计“ fehlt.",
        ] {
            assert_eq!(redactor.text(honest, LONG), honest);
        }
    }

    #[test]
    fn texts_are_one_line_of_a_bounded_length() {
        let redactor = redactor();
        assert_eq!(redactor.text(" a\nb\tc\u{1b}[31m\u{202e}d\u{0} ", LONG), "a b c[31md");
        assert_eq!(redactor.text(&"審".repeat(1000), SHORT).chars().count(), SHORT + 1);
        // A secret at the place of the cut is cut out first.
        let shown = redactor.text(&format!("{}{TOKEN}", "-".repeat(SHORT - 20)), SHORT);
        assert!(!shown.contains("CAIS"), "{shown}");
    }

    #[test]
    fn short_values_are_looked_for_whole_and_the_shortest_not_at_all() {
        let redactor = Redactors::default().of(&Credentials::new("id", "s3cr3t"), &HeaderMap::new());
        assert_eq!(redactor.text("the id of s3cr3t", LONG), "the id of [redacted]");
        assert!(!redactor.is_repeated_in(b"s3cr3t"), "a word that data may have");
    }

    #[test]
    fn other_credentials_have_other_secrets() {
        let redactors = Redactors::default();
        for secret in ["the-first-of-the-secrets", "the-second-one-of-them-all"] {
            let redactor = redactors.of(&Credentials::new(KEY_ID, secret), &HeaderMap::new());
            assert_eq!(redactor.text(&format!("it is {secret}"), LONG), "it is [redacted]");
        }
    }

    #[test]
    fn data_that_repeat_a_secret_are_found() {
        let redactor = redactor();
        for secret in [TOKEN, SECRET, SIGNATURE] {
            assert!(redactor.is_repeated_in(format!("{{\"Name\":\"{secret}\"}}").as_bytes()));
        }
        // Events tell whose key it was.
        assert!(!redactor.is_repeated_in(KEY_ID.as_bytes()));
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic_or_leak(before in "\\PC{0,40}", after in "\\PC{0,40}", most in 0_usize..200) {
            let shown = redactor().text(&format!("{before}{TOKEN}{after}"), most);
            prop_assert!(!leaks(&shown, TOKEN));
            prop_assert!(shown.chars().count() <= most + 1);
        }
    }
}
