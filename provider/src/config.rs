//! The provider block: credentials, region, endpoints, and what the provider may do.

use std::path::PathBuf;
use std::time::Duration;

use alibaba::credentials::{Chain, CredentialsProvider, Environment, Sources};
use alibaba::endpoint::{Endpoints, Service};
use alibaba::{Client, Config, Secret, SlsSignature};
use plugin::{Attr, Diagnostic, Diagnostics, Model, Path};

use crate::oss_bucket_lifecycle::RetentionRegistry;
use crate::{check, place};

/// Variables that name the region, first match wins.
const REGION: [&str; 2] = ["ALICLOUD_REGION", "ALIBABA_CLOUD_REGION"];
/// The variable that sends every request to one address.
const ENDPOINT_URL: [&str; 1] = ["ALITRAIL_ENDPOINT_URL"];
const SKIP_REGION_VALIDATION: [&str; 1] = ["ALICLOUD_SKIP_REGION_VALIDATION"];
const READ_TIMEOUT: [&str; 1] = ["CLIENT_READ_TIMEOUT"];
const CONNECT_TIMEOUT: [&str; 1] = ["CLIENT_CONNECT_TIMEOUT"];

/// Arguments of the provider block.
#[derive(Debug, Clone, Default, Model)]
pub struct ProviderConfig {
    /// Access key id. Also `ALICLOUD_ACCESS_KEY`, `ALIBABA_CLOUD_ACCESS_KEY_ID` or `ALIBABACLOUD_ACCESS_KEY_ID`.
    #[attr(optional)]
    pub access_key: Attr<String>,
    /// Access key secret. Also `ALICLOUD_SECRET_KEY`, `ALIBABA_CLOUD_ACCESS_KEY_SECRET` or
    /// `ALIBABACLOUD_ACCESS_KEY_SECRET`.
    #[attr(optional, sensitive)]
    pub secret_key: Attr<String>,
    /// Security token of temporary credentials. Also `ALICLOUD_SECURITY_TOKEN`, `ALIBABA_CLOUD_SECURITY_TOKEN` or
    /// `ALIBABACLOUD_SECURITY_TOKEN`.
    #[attr(optional, sensitive)]
    pub security_token: Attr<String>,
    /// Profile of the `aliyun` command line. Also `ALICLOUD_PROFILE` or `ALIBABA_CLOUD_PROFILE`.
    #[attr(optional)]
    pub profile: Attr<String>,
    /// File that holds the profiles. Default: `~/.aliyun/config.json`. Also `ALICLOUD_SHARED_CREDENTIALS_FILE` or
    /// `ALIBABA_CLOUD_CREDENTIALS_FILE`.
    #[attr(optional)]
    pub shared_credentials_file: Attr<String>,
    /// Region of resources that do not name one. Also `ALICLOUD_REGION` or `ALIBABA_CLOUD_REGION`. There is no default.
    #[attr(optional, check = check::region)]
    pub region: Attr<String>,
    /// Accept regions that this provider does not know. Also `ALICLOUD_SKIP_REGION_VALIDATION`.
    #[attr(optional)]
    pub skip_region_validation: Attr<bool>,
    /// Send every request to this address, with the host, path and signature it would have in production: a mock of
    /// the cloud, or a gateway. Also `ALITRAIL_ENDPOINT_URL`.
    #[attr(optional)]
    pub endpoint_url: Attr<String>,
    /// Allow requests over plain HTTP to an address that is not this machine.
    #[attr(optional)]
    pub allow_insecure_http: Attr<bool>,
    /// File of PEM certificates to trust besides the system's.
    #[attr(optional)]
    pub custom_ca_bundle: Attr<String>,
    /// How often a call that may be repeated is tried again. Default: 6.
    #[attr(optional, check = retries)]
    pub max_retries: Attr<i64>,
    /// Milliseconds to wait for a connection. Default: 10000. Also `CLIENT_CONNECT_TIMEOUT`.
    #[attr(optional, check = milliseconds)]
    pub client_connect_timeout: Attr<i64>,
    /// Milliseconds to wait for an answer. Default: 60000. Also `CLIENT_READ_TIMEOUT`.
    #[attr(optional, check = milliseconds)]
    pub client_read_timeout: Attr<i64>,
    /// The only accounts that this provider may touch, even to read.
    #[attr(optional)]
    pub allowed_account_ids: Attr<Vec<String>>,
    /// Accounts that this provider must not touch, not even to read.
    #[attr(optional)]
    pub forbidden_account_ids: Attr<Vec<String>>,
    /// What a plan does that stops recording or keeping something, opens it to others or silences its alerts: `warn` (the
    /// default) or `deny`. The guide "Changes that lose evidence" lists all of it.
    #[attr(optional, one_of("warn", "deny"))]
    pub evidence_changes: Attr<String>,
    /// Other hosts for single services.
    #[attr(block)]
    pub endpoints: Attr<EndpointsBlock>,
    /// Signature versions.
    #[attr(block)]
    pub sign_version: Attr<SignVersionBlock>,
}

/// Other hosts for single services.
#[derive(Debug, Clone, Model)]
pub struct EndpointsBlock {
    /// Host of ActionTrail, such as `actiontrail-vpc.cn-hangzhou.aliyuncs.com`.
    #[attr(optional)]
    pub actiontrail: Attr<String>,
    /// Host of OSS, without a bucket, such as `oss-cn-hangzhou-internal.aliyuncs.com`.
    #[attr(optional)]
    pub oss: Attr<String>,
    /// Host of SLS, without a project, such as `cn-hangzhou-intranet.log.aliyuncs.com`.
    #[attr(optional)]
    pub log: Attr<String>,
    /// Host of STS.
    #[attr(optional)]
    pub sts: Attr<String>,
    /// Host of RAM.
    #[attr(optional)]
    pub ram: Attr<String>,
    /// Host of Resource Management.
    #[attr(optional)]
    pub resourcemanager: Attr<String>,
}

/// Signature versions.
#[derive(Debug, Clone, Model)]
pub struct SignVersionBlock {
    /// Of SLS: `v1`, which every public endpoint accepts, or `v4`, which dedicated endpoints
    /// (`<region>-acdr-ut-<n>.log.aliyuncs.com`) ask for. Default: whichever the endpoint is sure to accept.
    #[attr(optional, one_of("v1", "v4"))]
    pub sls: Attr<String>,
}

fn retries(count: &i64) -> Result<(), String> {
    if (0..=20).contains(count) {
        Ok(())
    } else {
        Err(format!("{count} retries make no sense. Use 0 to 20."))
    }
}

fn milliseconds(time: &i64) -> Result<(), String> {
    if (100..=3_600_000).contains(time) {
        return Ok(());
    }
    Err(format!("{time} is not a time to wait, in milliseconds. Use 100 to 3600000."))
}

/// What resources make their calls with.
#[derive(Debug, Clone)]
pub struct Cloud {
    /// The signed client.
    pub client: Client,
    /// Region of resources that do not name one.
    pub region: Option<String>,
    /// Whether regions that are not known are accepted.
    pub skip_region_validation: bool,
    /// The buckets whose lifecycle rules a resource looks after.
    pub retention: RetentionRegistry,
    allowed: Option<Vec<String>>,
    forbidden: Vec<String>,
}

impl Cloud {
    /// Whether the provider block lets this account be touched.
    ///
    /// # Errors
    /// When it does not.
    pub fn admits(&self, account: &str) -> Result<(), Diagnostics> {
        let listed = |list: &[String]| list.iter().any(|id| id == account);
        let argument = if listed(&self.forbidden) {
            "forbidden_account_ids"
        } else if self.allowed.as_ref().is_some_and(|allowed| !listed(allowed)) {
            "allowed_account_ids"
        } else {
            return Ok(());
        };
        Err(Diagnostic::error(
            format!("Account {account} is not to be touched"),
            format!(
                "These credentials belong to account {account}, which {argument} in the provider block rules out. Nothing \
                 was read or changed. Use credentials of the right account, or correct {argument}."
            ),
        )
        .into())
    }
}

fn first(environment: &Environment, names: &[&str]) -> Option<String> {
    environment.first(names).map(|(_, value)| value).filter(|value| !value.is_empty())
}

impl ProviderConfig {
    /// Checks across arguments.
    pub fn validate(&self, found: &mut Diagnostics) {
        self.validate_in(&Environment::default(), found);
    }

    fn validate_in(&self, environment: &Environment, found: &mut Diagnostics) {
        if let Some(region) = self.region.get()
            && !self.skip_region_validation.is_unknown()
            && !self.skips_region_validation(environment)
            && check::region(region).is_ok()
            && let Err(unknown) = alibaba::region::check(region)
        {
            found.push(place::unknown_region(&unknown));
        }
        for (ids, argument) in [
            (&self.allowed_account_ids, "allowed_account_ids"),
            (&self.forbidden_account_ids, "forbidden_account_ids"),
        ] {
            for (index, id) in (0..).zip(ids.get().into_iter().flatten()) {
                if let Err(why) = check::account_id(id) {
                    let path = Path::attribute(argument).then(plugin::Step::Index(index));
                    found.push(Diagnostic::error(format!("Invalid {argument}"), why).at(path));
                }
            }
        }
    }

    /// Makes the client. Reads the environment and, if need be, a profile; calls nothing.
    ///
    /// # Errors
    /// When the region is unknown, there are no usable credentials, or an endpoint makes no sense.
    pub async fn connect(self, terraform_version: &str) -> Result<Cloud, Diagnostics> {
        let environment = Environment::default();
        let skip_region_validation = self.skips_region_validation(&environment);
        let region = self.region.clone().into_option().or_else(|| first(&environment, &REGION));
        if let (Some(region), false) = (&region, skip_region_validation) {
            alibaba::region::check(region).map_err(|unknown| place::unknown_region(&unknown))?;
        }
        let chain = Chain::new(self.sources(&environment));
        // Keys and profiles are on this machine: what is wrong with them shows before anything is planned.
        chain
            .credentials()
            .await
            .map_err(|error| Diagnostic::error("No usable credentials", error.to_string()))?;
        let mut config = Config::new(chain);
        config.region.clone_from(&region);
        config.endpoints = self.endpoints(&environment, skip_region_validation);
        config.sls_signature = match self.sign_version.get().and_then(|block| block.sls.as_str()) {
            Some("v4") => Some(SlsSignature::V4),
            Some(_) => Some(SlsSignature::V1),
            None => None,
        };
        if let Some(retries) = self.max_retries.get() {
            config.max_retries = u32::try_from(*retries).unwrap_or(u32::MAX);
        }
        if let Some(time) = timeout(&self.client_connect_timeout, &environment, &CONNECT_TIMEOUT) {
            config.connect_timeout = time;
        }
        if let Some(time) = timeout(&self.client_read_timeout, &environment, &READ_TIMEOUT) {
            config.read_timeout = time;
        }
        config.custom_ca_bundle = self.custom_ca_bundle.as_str().map(PathBuf::from);
        config.user_agent =
            format!("terraform-provider-alitrail/{} terraform/{terraform_version}", crate::PLUGIN.version);
        let client = Client::new(config)
            .map_err(|error| Diagnostic::error("Unusable provider configuration", error.to_string()))?;
        Ok(Cloud {
            client,
            region,
            skip_region_validation,
            retention: RetentionRegistry::default(),
            allowed: self.allowed_account_ids.into_option(),
            forbidden: self.forbidden_account_ids.into_option().unwrap_or_default(),
        })
    }

    fn skips_region_validation(&self, environment: &Environment) -> bool {
        match self.skip_region_validation.get() {
            Some(skip) => *skip,
            None => {
                first(environment, &SKIP_REGION_VALIDATION).is_some_and(|text| text == "true" || text == "1")
            }
        }
    }

    fn sources(&self, environment: &Environment) -> Sources {
        let secret = |value: &Attr<String>| value.as_str().map(Secret::from);
        Sources {
            access_key_id: self.access_key.as_str().map(str::to_owned),
            secret: secret(&self.secret_key),
            security_token: secret(&self.security_token),
            profile: self.profile.as_str().map(str::to_owned),
            credentials_file: self.shared_credentials_file.as_str().map(PathBuf::from),
            environment: environment.clone(),
        }
    }

    fn endpoints(&self, environment: &Environment, skip_region_validation: bool) -> Endpoints {
        let mut endpoints = Endpoints {
            endpoint_url: self
                .endpoint_url
                .clone()
                .into_option()
                .or_else(|| first(environment, &ENDPOINT_URL)),
            allow_insecure_http: self.allow_insecure_http.get().copied().unwrap_or_default(),
            skip_region_validation,
            ..Endpoints::default()
        };
        let block = self.endpoints.get();
        for service in Service::ALL {
            let stated = block.and_then(|block| match service {
                Service::ActionTrail => block.actiontrail.as_str(),
                Service::Oss => block.oss.as_str(),
                Service::Sls => block.log.as_str(),
                Service::Sts => block.sts.as_str(),
                Service::Ram => block.ram.as_str(),
                Service::ResourceManager => block.resourcemanager.as_str(),
                _ => None,
            });
            let product = service.key().to_ascii_uppercase();
            let variables = [format!("ALIBABA_CLOUD_ENDPOINT_{product}"), format!("{product}_ENDPOINT")];
            let named = || first(environment, &variables.each_ref().map(String::as_str));
            if let Some(host) = stated.map(str::to_owned).or_else(named) {
                endpoints.overrides.insert(service, host);
            }
        }
        endpoints
    }
}

fn timeout(stated: &Attr<i64>, environment: &Environment, names: &[&str]) -> Option<Duration> {
    let stated = stated.get().and_then(|time| u64::try_from(*time).ok());
    stated.or_else(|| first(environment, names)?.parse().ok()).map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_regions_are_accepted_where_that_is_asked_for() {
        let found = |skip: Attr<bool>, environment: &[(&str, &str)]| {
            let environment = Environment::of(environment.iter().copied());
            let config = ProviderConfig {
                region: "cn-atlantis".into(),
                skip_region_validation: skip,
                ..ProviderConfig::default()
            };
            let mut found = Diagnostics::new();
            config.validate_in(&environment, &mut found);
            found.0.len()
        };
        let variable = [("ALICLOUD_SKIP_REGION_VALIDATION", "true")];
        assert_eq!(found(Attr::Null, &[]), 1);
        assert_eq!(found(Attr::Null, &variable), 0);
        assert_eq!(found(true.into(), &[]), 0);
        assert_eq!(found(false.into(), &variable), 1, "the provider block comes first");
        assert_eq!(found(Attr::UNKNOWN, &[]), 0);
    }
}
