//! Addresses as users write them: a URL, or the bare name of a host where that can only mean HTTPS.

use std::net::Ipv6Addr;

use url::{Host, Url};

use super::error::EndpointError;
use super::service::Service;

#[derive(Debug, Clone)]
pub(super) struct Address {
    pub(super) scheme: &'static str,
    /// Host with the port, if that is not the scheme's own.
    pub(super) authority: String,
    pub(super) loopback: bool,
}

/// What a setting may be besides a URL.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum BareSetting {
    /// Nothing.
    Refused,
    /// The name of a host, which speaks HTTPS; never an IP address or this machine.
    Host,
}

impl Address {
    pub(super) fn parse(
        setting: &str,
        value: &str,
        bare: BareSetting,
        allow_insecure_http: bool,
    ) -> Result<Self, EndpointError> {
        let bad = |detail: &str| EndpointError::Address {
            setting: setting.to_owned(),
            // Before an @ there may be a password.
            value: if value.contains('@') { "[hidden]".to_owned() } else { value.to_owned() },
            detail: detail.to_owned(),
        };
        let has_scheme = value.contains("://");
        let url = Url::parse(&with_scheme(value))
            .map_err(|error| bad(&format!("{error}; expected e.g. https://host:port")))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(bad("user name and password do not belong here"));
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(bad(
                "only scheme, host and port are allowed, because the path is part of the signature",
            ));
        }
        let host = url.host().ok_or_else(|| bad("it has no host"))?;
        let loopback = is_loopback(&host);
        let authority = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_string(),
        };
        let is_name = matches!(host, Host::Domain(_)) && !loopback;
        if !(has_scheme || is_name && bare == BareSetting::Host) {
            return Err(EndpointError::NoScheme {
                setting: setting.to_owned(),
                value: value.to_owned(),
                suggestion: suggestion(&authority, loopback),
            });
        }
        let scheme = match url.scheme() {
            "https" => "https",
            "http" if loopback || allow_insecure_http => "http",
            "http" => {
                return Err(EndpointError::PlainHttp {
                    setting: setting.to_owned(),
                    value: value.to_owned(),
                });
            }
            _ => return Err(bad("only http and https are possible")),
        };
        Ok(Self { scheme, authority, loopback })
    }

    fn is_ip(&self) -> bool {
        self.authority.starts_with('[') || ends_in_ipv4(&self.authority)
    }
}

/// Whether a URL leads to this machine.
pub(crate) fn is_loopback_url(url: &Url) -> bool {
    url.host().is_some_and(|host| is_loopback(&host))
}

/// The value as a URL. An IPv6 address is put into the brackets that a URL wants around it.
fn with_scheme(value: &str) -> String {
    let bare = value.trim_end_matches('/');
    if value.contains("://") {
        value.to_owned()
    } else if bare.parse::<Ipv6Addr>().is_ok() {
        format!("https://[{bare}]")
    } else {
        format!("https://{bare}")
    }
}

/// The URL that was probably meant. What listens on this machine is most often a mock without TLS.
fn suggestion(authority: &str, loopback: bool) -> String {
    let (first, second) = if loopback { ("http", "https") } else { ("https", "http") };
    let aside =
        if loopback { "if it speaks TLS" } else { "with allow_insecure_http, if it does not speak TLS" };
    format!("\"{first}://{authority}\", or \"{second}://{authority}\" {aside}")
}

/// Checks a value that every request would be sent to, as [`endpoint_url`](super::Endpoints::endpoint_url). `setting` is how messages name it.
///
/// # Errors
/// When it cannot work, or does not say whether it speaks HTTP or HTTPS.
pub fn check_url(setting: &str, value: &str, allow_insecure_http: bool) -> Result<(), EndpointError> {
    Address::parse(setting, value, BareSetting::Refused, allow_insecure_http).map(|_| ())
}

/// Checks another host for a service, as in [`overrides`](super::Endpoints::overrides). `setting` is how messages name it.
///
/// # Errors
/// When it cannot work, or is an IP address or this machine and does not say whether it speaks HTTP or HTTPS.
pub fn check_override(
    setting: &str,
    service: Service,
    value: &str,
    allow_insecure_http: bool,
) -> Result<(), EndpointError> {
    own_host(setting, service, value, allow_insecure_http).map(|_| ())
}

pub(super) fn own_host(
    setting: &str,
    service: Service,
    value: &str,
    allow_insecure_http: bool,
) -> Result<Address, EndpointError> {
    let parsed = Address::parse(setting, value, BareSetting::Host, allow_insecure_http);
    let is_ip = match &parsed {
        Ok(address) => address.is_ip(),
        Err(EndpointError::NoScheme { .. }) => Url::parse(&with_scheme(value))
            .is_ok_and(|url| !matches!(url.host(), Some(Host::Domain(_)) | None)),
        Err(_) => false,
    };
    if service.has_virtual_hosts() && is_ip {
        let authority = value.trim_end_matches('/').rsplit("://").next().unwrap_or(value);
        return Err(EndpointError::Address {
            setting: setting.to_owned(),
            value: value.to_owned(),
            detail: format!(
                "bucket and project names become part of the host, so it has to be a name and not an IP address; to send \
                 everything to one address use endpoint_url = \"http://{authority}\" or \"https://{authority}\""
            ),
        });
    }
    parsed
}

fn is_loopback<S: AsRef<str>>(host: &Host<S>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = name.as_ref().trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
    }
}

fn ends_in_ipv4(authority: &str) -> bool {
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    host.parse::<std::net::Ipv4Addr>().is_ok()
}
