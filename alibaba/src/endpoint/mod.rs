//! Which host serves which service in which region, and where to connect to reach it.
//!
//! The real host is always computed, sent as `Host` and signed. [`Endpoints::endpoint_url`] only changes the address
//! that is connected to, so that a mock or a gateway sees exactly what the real edge would see.

mod address;
mod error;
mod service;
mod variables;

use std::collections::BTreeMap;

pub(crate) use address::is_loopback_url;
use address::{Address, BareSetting, own_host};
pub use address::{check_override, check_url};
pub use error::EndpointError;
pub use service::Service;
pub use variables::{ACCOUNT_TYPE, ENDPOINT_URL, host_variables, is_international};

use crate::region::{self, Region};

/// Host of the directory of accounts for those of the international site.
const INTERNATIONAL_DIRECTORY: &str = "resourcedirectory-intl.aliyuncs.com";

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

impl Endpoints {
    /// These endpoints, and those of variables for what is not set. `first` gives the first variable of several that is set.
    ///
    /// # Errors
    /// A variable with an endpoint that cannot work, under its name.
    pub fn or_variables(
        mut self,
        first: impl for<'n> Fn(&[&'n str]) -> Option<(&'n str, String)>,
    ) -> Result<Self, EndpointError> {
        let insecure = self.allow_insecure_http;
        if self.endpoint_url.is_none()
            && let Some((variable, url)) = first(&ENDPOINT_URL)
        {
            check_url(variable, &url, insecure)?;
            self.endpoint_url = Some(url);
        }
        for service in Service::ALL {
            let variables = host_variables(service);
            if !self.overrides.contains_key(&service)
                && let Some((variable, host)) = first(&variables.each_ref().map(String::as_str))
            {
                check_override(variable, service, &host, insecure)?;
                self.overrides.insert(service, host);
            }
        }
        Ok(self)
    }
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

    /// The region that a caller means.
    ///
    /// # Errors
    /// When there is no such region, or no host name can contain it.
    pub(crate) fn region(&self, id: &str) -> Result<Region, EndpointError> {
        let parsed = id.parse().map_err(EndpointError::MalformedRegion)?;
        if !self.skip_region_validation {
            region::check(id).map_err(EndpointError::UnknownRegion)?;
        }
        Ok(parsed)
    }

    /// Where a request to a service goes; `label` is the bucket or project that stands before the host.
    pub(crate) fn target(
        &self,
        service: Service,
        region: Option<&Region>,
        label: Option<&str>,
    ) -> Result<Target, EndpointError> {
        let address = self.overrides.get(&service);
        let base = match address {
            Some(address) => address.authority.clone(),
            None if self.international && service == Service::ResourceDirectory => {
                INTERNATIONAL_DIRECTORY.to_owned()
            }
            None => default_host(service, region)?,
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

    /// The region that a version 4 signature is for: for SLS that of the endpoint, which for dedicated endpoints is not the
    /// account's region.
    pub(crate) fn signing_region(
        &self,
        service: Service,
        region: Option<&Region>,
    ) -> Result<String, EndpointError> {
        let region = region.ok_or(EndpointError::NoRegion(service))?.as_str();
        if service != Service::Sls {
            return Ok(region.to_owned());
        }
        let label = self.own_sls_label().unwrap_or(region);
        Ok(["-share", "-intranet", "-internal", "-vpc"]
            .iter()
            .find_map(|suffix| label.strip_suffix(suffix))
            .unwrap_or(label)
            .to_owned())
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
fn default_host(service: Service, region: Option<&Region>) -> Result<String, EndpointError> {
    let region = region.map(Region::as_str);
    Ok(match (service, region) {
        (
            Service::ActionTrail,
            None
            | Some(
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
            ),
        ) => "actiontrail.aliyuncs.com".to_owned(),
        (Service::ActionTrail, Some("ap-northeast-2-pop" | "eu-west-1-oxs" | "rus-west-1-pop")) => {
            "actiontrail.ap-northeast-1.aliyuncs.com".to_owned()
        }
        (Service::ActionTrail, Some(region)) => format!("actiontrail.{region}.aliyuncs.com"),
        (Service::Oss, Some("cn-hangzhou-finance")) => "oss-cn-hzfinance.aliyuncs.com".to_owned(),
        (Service::Oss, Some("cn-shanghai-finance-1")) => {
            "oss-cn-shanghai-finance-1-pub.aliyuncs.com".to_owned()
        }
        (Service::Oss, Some("cn-shenzhen-finance-1")) => "oss-cn-szfinance.aliyuncs.com".to_owned(),
        (Service::Oss, Some("cn-beijing-finance-1")) => {
            "oss-cn-beijing-finance-1-pub.aliyuncs.com".to_owned()
        }
        (Service::Oss, Some(region)) => format!("oss-{region}.aliyuncs.com"),
        (Service::Sls, Some(region)) => format!("{region}.log.aliyuncs.com"),
        (Service::Oss | Service::Sls, None) => return Err(EndpointError::NoRegion(service)),
        (
            Service::Sts,
            None
            | Some(
                "cn-hangzhou-finance"
                | "cn-shenzhen-finance-1"
                | "cn-beijing-gov-1"
                | "cn-fujian"
                | "cn-wuhan"
                | "ap-south-1"
                | "ap-southeast-2",
            ),
        ) => "sts.aliyuncs.com".to_owned(),
        (Service::Sts, Some(region)) => format!("sts.{region}.aliyuncs.com"),
        // Global services: one host each.
        (Service::Ram, _) => "ram.aliyuncs.com".to_owned(),
        (Service::ResourceManager, _) => "resourcemanager.aliyuncs.com".to_owned(),
        (Service::ResourceDirectory, _) => "resourcedirectory.aliyuncs.com".to_owned(),
    })
}

#[cfg(test)]
mod tests;
