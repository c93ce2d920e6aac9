//! Which host serves which service in which region, and where to connect to reach it.
//!
//! The real host is always computed, sent as `Host` and signed. [`Endpoints::endpoint_url`] only changes the address
//! that is connected to, so that a mock or a gateway sees exactly what the real edge would see.

mod address;

use std::collections::BTreeMap;
use std::fmt;

pub(crate) use address::is_loopback_url;
use address::{Address, BareSetting, own_host};
pub use address::{check_override, check_url};

use crate::region;

/// Host of the directory of accounts for those of the international site.
const INTERNATIONAL_DIRECTORY: &str = "resourcedirectory-intl.aliyuncs.com";

/// A service of the cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Service {
    /// The audit trail service.
    ActionTrail,
    /// Object storage.
    Oss,
    /// Simple Log Service.
    Sls,
    /// Security tokens and the caller's identity.
    Sts,
    /// Roles and policies of an account.
    Ram,
    /// Service-linked roles, and the accounts of an organization.
    ResourceManager,
    /// The accounts of an organization by the newer API, which has a host of its own for the international site.
    ResourceDirectory,
}

impl Service {
    /// Every service.
    pub const ALL: [Self; 7] = [
        Self::ActionTrail,
        Self::Oss,
        Self::Sls,
        Self::Sts,
        Self::Ram,
        Self::ResourceManager,
        Self::ResourceDirectory,
    ];

    /// The key under which users override the service's endpoint.
    pub fn key(self) -> &'static str {
        match self {
            Self::ActionTrail => "actiontrail",
            Self::Oss => "oss",
            Self::Sls => "log",
            Self::Sts => "sts",
            Self::Ram => "ram",
            Self::ResourceManager => "resourcemanager",
            Self::ResourceDirectory => "resourcedirectorymaster",
        }
    }

    /// Whether a bucket or project is part of the host.
    fn has_virtual_hosts(self) -> bool {
        matches!(self, Self::Oss | Self::Sls)
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ActionTrail => "ActionTrail",
            Self::Oss => "OSS",
            Self::Sls => "SLS",
            Self::Sts => "STS",
            Self::Ram => "RAM",
            Self::ResourceManager => "Resource Management",
            Self::ResourceDirectory => "Resource Directory",
        })
    }
}

/// What the user set about endpoints.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// Sends every request to this one address, with the real host, path and signature. A URL: scheme, host and port.
    pub endpoint_url: Option<String>,
    /// Another host for a service, e.g. `oss-cn-hangzhou-internal.aliyuncs.com`, with an optional port; or a URL, which an
    /// IP address and this machine have to be. A bare name speaks HTTPS.
    pub overrides: BTreeMap<Service, String>,
    /// Allows `http://` to an address that is not loopback.
    pub allow_insecure_http: bool,
    /// Accepts region ids that are not in [`region::REGIONS`].
    pub skip_region_validation: bool,
    /// The account is one of the international site, whose directory of accounts has another host.
    pub international: bool,
}

/// An endpoint setting that cannot work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EndpointError {
    /// Not a usable address.
    #[error("{setting} = {value:?} is not a usable address: {detail}")]
    Address {
        /// The argument or variable.
        setting: String,
        /// What was given.
        value: String,
        /// What is wrong and what to do.
        detail: String,
    },
    /// An address that may speak HTTP or HTTPS, and does not say which.
    #[error(
        "{setting} = {value:?} has no scheme, so that it is not clear whether the address speaks HTTP or HTTPS. Write \
         {suggestion}."
    )]
    NoScheme {
        /// The argument or variable.
        setting: String,
        /// What was given.
        value: String,
        /// What was meant, quoted.
        suggestion: String,
    },
    /// Unencrypted and not on this machine.
    #[error(
        "{setting} = {value:?} would send signed requests unencrypted to another machine. Use https://, or allow \
         plain HTTP (allow_insecure_http) if that is what you want."
    )]
    PlainHttp {
        /// The argument or variable.
        setting: String,
        /// What was given.
        value: String,
    },
    /// A region id with a typing error.
    #[error("{0}")]
    UnknownRegion(region::UnknownRegion),
    /// A region id that no host name can contain.
    #[error("{0:?} is not a region id: only lower-case letters, digits and hyphens, e.g. \"cn-hangzhou\"")]
    MalformedRegion(String),
    /// A bucket or project name that no host name can contain.
    #[error("{0:?} is not a valid {kind} name: 3 to 63 lower-case letters, digits and hyphens, starting and ending with a letter or digit", kind = .1)]
    MalformedName(String, &'static str),
    /// A logstore name that no path can contain.
    #[error(
        "{0:?} is not a valid logstore name: 2 to 63 lower-case letters, digits, hyphens and underscores"
    )]
    MalformedLogstore(String),
    /// An id that no path can contain.
    #[error("{0:?} is not a valid {kind}: letters, digits, hyphens, underscores and dots", kind = .1)]
    MalformedId(String, &'static str),
    /// The certificates named by `custom_ca_bundle` cannot be used.
    #[error("custom_ca_bundle {path}: {detail}. Give a file with one or more PEM certificates.")]
    CaBundle {
        /// The file.
        path: String,
        /// What is wrong.
        detail: String,
    },
    /// The HTTP client cannot be set up.
    #[error("cannot set up the HTTP client: {0}")]
    Setup(String),
}

/// Where one request goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// What to connect to: scheme, host, port; no trailing slash.
    pub origin: String,
    /// The value of the `Host` header, which is what gets signed.
    pub host: String,
    /// The address is on this machine, so that no proxy may be used.
    pub loopback: bool,
}

/// Endpoint settings that were checked.
#[derive(Debug, Clone)]
pub(crate) struct Resolver {
    forced: Option<Address>,
    overrides: BTreeMap<Service, Address>,
    skip_region_validation: bool,
    international: bool,
}

impl Resolver {
    pub(crate) fn new(endpoints: &Endpoints) -> Result<Self, EndpointError> {
        let insecure = endpoints.allow_insecure_http;
        let forced = endpoints
            .endpoint_url
            .as_deref()
            .map(|url| Address::parse("endpoint_url", url, BareSetting::Refused, insecure))
            .transpose()?;
        let mut overrides = BTreeMap::new();
        for (service, value) in &endpoints.overrides {
            let setting = format!("endpoints.{}", service.key());
            overrides.insert(*service, own_host(&setting, *service, value, insecure)?);
        }
        let Endpoints { skip_region_validation, international, .. } = *endpoints;
        Ok(Self { forced, overrides, skip_region_validation, international })
    }

    /// Where a request to a service goes; `label` is the bucket or project that stands before the host.
    pub(crate) fn target(
        &self,
        service: Service,
        region: Option<&str>,
        label: Option<&str>,
    ) -> Result<Target, EndpointError> {
        if let Some(region) = region {
            if !region::is_well_formed(region) {
                return Err(EndpointError::MalformedRegion(region.to_owned()));
            }
            if !self.skip_region_validation {
                region::check(region).map_err(EndpointError::UnknownRegion)?;
            }
        }
        let address = self.overrides.get(&service);
        let base = match address {
            Some(address) => address.authority.clone(),
            None if self.international && service == Service::ResourceDirectory => {
                INTERNATIONAL_DIRECTORY.to_owned()
            }
            None => default_host(service, region),
        };
        let host = match label {
            Some(label) => {
                check_label(service, label)?;
                format!("{label}.{base}")
            }
            None => base,
        };
        Ok(match (&self.forced, address) {
            (Some(forced), _) => Target {
                origin: format!("{}://{}", forced.scheme, forced.authority),
                host,
                loopback: forced.loopback,
            },
            (None, Some(own)) => {
                Target { origin: format!("{}://{host}", own.scheme), host, loopback: own.loopback }
            }
            (None, None) => Target { origin: format!("https://{host}"), host, loopback: false },
        })
    }

    /// The region that SLS wants to see in a version 4 signature: that of the endpoint, which for dedicated endpoints
    /// is not the account's region.
    pub(crate) fn sls_signing_region(&self, region: &str) -> String {
        let label = self.own_sls_label().unwrap_or(region);
        ["-share", "-intranet", "-internal", "-vpc"]
            .iter()
            .find_map(|suffix| label.strip_suffix(suffix))
            .unwrap_or(label)
            .to_owned()
    }

    /// Whether SLS is reached at an endpoint of one customer's own, which refuses version 1 of its signature.
    pub(crate) fn sls_is_dedicated(&self) -> bool {
        self.own_sls_label().is_some_and(|label| label.contains("-acdr-ut-"))
    }

    /// What stands for the region in the name of the SLS endpoint that was chosen.
    fn own_sls_label(&self) -> Option<&str> {
        self.overrides.get(&Service::Sls)?.authority.strip_suffix(".log.aliyuncs.com")
    }
}

fn check_label(service: Service, label: &str) -> Result<(), EndpointError> {
    let kind = if service == Service::Oss { "bucket" } else { "project" };
    let bytes = label.as_bytes();
    let alphanumeric = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let fine = (3..=63).contains(&bytes.len())
        && bytes.iter().all(|b| alphanumeric(b) || *b == b'-')
        && bytes.first().is_some_and(alphanumeric)
        && bytes.last().is_some_and(alphanumeric);
    if fine { Ok(()) } else { Err(EndpointError::MalformedName(label.to_owned(), kind)) }
}

/// The vendor's public host for a service in a region, with the finance and government exceptions.
pub fn default_host(service: Service, region: Option<&str>) -> String {
    match (service, region.unwrap_or_default()) {
        (Service::ActionTrail, "") => "actiontrail.aliyuncs.com".to_owned(),
        (
            Service::ActionTrail,
            "cn-beijing-finance-1"
            | "cn-beijing-finance-pop"
            | "cn-beijing-gov-1"
            | "cn-hangzhou-finance"
            | "cn-shenzhen-finance-1"
            | "cn-hongkong-finance-pop"
            | "cn-edge-1"
            | "cn-fujian"
            | "cn-wuhan"
            | "cn-yushanfang",
        ) => "actiontrail.aliyuncs.com".to_owned(),
        (Service::ActionTrail, "ap-northeast-2-pop" | "eu-west-1-oxs" | "rus-west-1-pop") => {
            "actiontrail.ap-northeast-1.aliyuncs.com".to_owned()
        }
        (Service::ActionTrail, region) => format!("actiontrail.{region}.aliyuncs.com"),
        (Service::Oss, "cn-hangzhou-finance") => "oss-cn-hzfinance.aliyuncs.com".to_owned(),
        (Service::Oss, "cn-shanghai-finance-1") => "oss-cn-shanghai-finance-1-pub.aliyuncs.com".to_owned(),
        (Service::Oss, "cn-shenzhen-finance-1") => "oss-cn-szfinance.aliyuncs.com".to_owned(),
        (Service::Oss, "cn-beijing-finance-1") => "oss-cn-beijing-finance-1-pub.aliyuncs.com".to_owned(),
        (Service::Oss, region) => format!("oss-{region}.aliyuncs.com"),
        (Service::Sls, region) => format!("{region}.log.aliyuncs.com"),
        (
            Service::Sts,
            ""
            | "cn-hangzhou-finance"
            | "cn-shenzhen-finance-1"
            | "cn-beijing-gov-1"
            | "cn-fujian"
            | "cn-wuhan"
            | "ap-south-1"
            | "ap-southeast-2",
        ) => "sts.aliyuncs.com".to_owned(),
        (Service::Sts, region) => format!("sts.{region}.aliyuncs.com"),
        // Global services: one host each.
        (Service::Ram, _) => "ram.aliyuncs.com".to_owned(),
        (Service::ResourceManager, _) => "resourcemanager.aliyuncs.com".to_owned(),
        (Service::ResourceDirectory, _) => "resourcedirectory.aliyuncs.com".to_owned(),
    }
}

#[cfg(test)]
#[path = "endpoint_tests.rs"]
mod tests;
