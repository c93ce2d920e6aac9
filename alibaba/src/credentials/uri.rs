//! An address that gives temporary credentials to whoever asks, such as a helper on this machine.

use std::time::Duration;

use http::Method;
use url::Url;

use super::fetch::{Ask, Fault, Fetcher, shown};
use super::refresh::{Source, Temporary};
use super::{CredentialsError, document};
use crate::config::Config;
use crate::endpoint::is_loopback_url;

const CONNECT: Duration = Duration::from_secs(5);
const SILENT: Duration = Duration::from_secs(10);

/// The address.
#[derive(Debug)]
pub(super) struct CredentialsUri {
    fetcher: Fetcher,
    url: Url,
}

/// Checks an address that credentials are fetched from; `setting` is how messages name it.
pub(super) fn check(setting: &str, text: &str, insecure: bool) -> Result<Url, CredentialsError> {
    let bad = |detail: &str| CredentialsError::Invalid {
        setting: setting.to_owned(),
        detail: format!("is not an address to fetch credentials from: {detail}"),
    };
    let url = Url::parse(text)
        .map_err(|error| bad(&format!("{error}; write a URL such as http://127.0.0.1:8090/")))?;
    match url.scheme() {
        "https" => {}
        "http" if insecure || is_loopback_url(&url) => {}
        "http" => {
            return Err(bad(
                "it would send credentials unencrypted over a network. Use https://, or allow plain HTTP \
                 (allow_insecure_http) if that is what you want.",
            ));
        }
        _ => return Err(bad("only http:// and https:// are possible.")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("user name and password do not belong here."));
    }
    Ok(url)
}

impl CredentialsUri {
    pub(super) fn new(config: &Config, url: Url) -> Self {
        Self { fetcher: Fetcher::new(config, CONNECT, SILENT), url }
    }
}

#[async_trait::async_trait]
impl Source for CredentialsUri {
    fn name(&self) -> String {
        format!("the credentials URI {}", shown(&self.url))
    }

    async fn fetch(&self) -> Result<Temporary, CredentialsError> {
        let direct = is_loopback_url(&self.url);
        let ask = Ask { method: Method::GET, url: self.url.clone(), direct, header: None, json: None };
        match self.fetcher.ask(ask).await {
            Ok(document) => document::read(&self.name(), "reading the answer", &document),
            Err(fault) => {
                let remedy = match fault {
                    Fault::Unreachable(_) => "Start what serves this address, or correct the address.",
                    Fault::Status(_) | Fault::TooLong => "Check the address and what serves it.",
                };
                Err(CredentialsError::told(
                    self.name(),
                    "fetching them",
                    fault.text(&shown(&self.url)),
                    remedy,
                ))
            }
        }
    }
}
