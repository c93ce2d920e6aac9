//! The provider block: credentials, region, endpoints, and what the provider may do.
//!
//! An argument goes before every environment variable, and an empty text counts as unset in both.

mod credentials;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use alibaba::credentials::{Chain, Environment, ProfileRegion};
use alibaba::endpoint::{self, ACCOUNT_TYPE, EndpointError, Endpoints, Service};
use alibaba::{Client, Config, Error, SlsSignature, region};
use plugin::{Attr, Diagnostic, Diagnostics, Model, Path};

pub use credentials::{AssumeRoleBlock, AssumeRoleWithOidcBlock};

use crate::members::Members;
use crate::oss_bucket_lifecycle::RetentionRegistry;
use crate::sls_logstore::LogstoreRegistry;
use crate::{advice, check, resource_scope};

const SKIP_REGION_VALIDATION: [&str; 1] = ["ALICLOUD_SKIP_REGION_VALIDATION"];
const USER_AGENT: [&str; 1] = ["TF_APPEND_USER_AGENT"];
const READ_TIMEOUT: [&str; 1] = ["CLIENT_READ_TIMEOUT"];
const CONNECT_TIMEOUT: [&str; 1] = ["CLIENT_CONNECT_TIMEOUT"];

/// Arguments of the provider block.
#[derive(Debug, Clone, Default, Model)]
pub struct ProviderConfig {
    /// Access key id, together with `secret_key`. Also `ALICLOUD_ACCESS_KEY`, `ALIBABA_CLOUD_ACCESS_KEY_ID` or
    /// `ALIBABACLOUD_ACCESS_KEY_ID`, each with the secret and the token whose names begin alike: keys of differently named
    /// variables are never combined.
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
    /// Profile of the `aliyun` command line, for credentials and region, in any mode that needs no browser. It goes before keys in the environment. Also
    /// `ALICLOUD_PROFILE` or `ALIBABA_CLOUD_PROFILE`, which keys in the environment go before. Without any of these, the
    /// current profile of the file is used, or the one called `default`; `ALIBABA_CLOUD_CLI_PROFILE_DISABLED` set to `true`
    /// keeps profiles from being looked for that are not named in the provider block.
    #[attr(optional)]
    pub profile: Attr<String>,
    /// File that holds the profiles. Default: `~/.aliyun/config.json`. Also `ALICLOUD_SHARED_CREDENTIALS_FILE` or
    /// `ALIBABA_CLOUD_CREDENTIALS_FILE`. Set here, a profile of the file goes before keys in the environment.
    #[attr(optional)]
    pub shared_credentials_file: Attr<String>,
    /// RAM role of the ECS instance that Terraform runs on, whose credentials the instance's metadata service gives. Also
    /// `ALICLOUD_ECS_ROLE_NAME` or `ALIBABA_CLOUD_ECS_METADATA`. Without a name, the metadata service is asked for the role
    /// when there are no other credentials; `ALIBABA_CLOUD_ECS_METADATA_DISABLED` set to `true` keeps it from being asked, and
    /// `ALITRAIL_ECS_METADATA_URL` is another address of it.
    #[attr(optional)]
    pub ecs_role_name: Attr<String>,
    /// Address that gives temporary credentials as JSON: `https://`, or `http://` on this machine. Also
    /// `ALICLOUD_CREDENTIALS_URI` or `ALIBABA_CLOUD_CREDENTIALS_URI`.
    #[attr(optional)]
    pub credentials_uri: Attr<String>,
    /// Region of resources that do not name one. Also `ALICLOUD_REGION` or `ALIBABA_CLOUD_REGION`. Default: that of the
    /// profile which the credentials are from, if it has one.
    #[attr(optional, check = check::region)]
    pub region: Attr<String>,
    /// Site that the account belongs to: `Domestic` (China) or `International`, whose directory of accounts has another host.
    /// Also `ALIBABA_CLOUD_ACCOUNT_TYPE`. Default: `Domestic`.
    #[attr(optional, one_of("Domestic", "International"))]
    pub account_type: Attr<String>,
    /// Accept regions that this provider does not know. Also `ALICLOUD_SKIP_REGION_VALIDATION`.
    #[attr(optional)]
    pub skip_region_validation: Attr<bool>,
    /// Send every request to this address, with the host, path and signature it would have in production: a mock of
    /// the cloud, or a gateway. With its scheme, such as `http://127.0.0.1:8089`. Also `ALITRAIL_ENDPOINT_URL`.
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
    /// Text to append to the `User-Agent` of every request, such as the name of a module: at most 1024 visible ASCII characters
    /// and blanks. Also `TF_APPEND_USER_AGENT`.
    #[attr(optional, check = configuration_source)]
    pub configuration_source: Attr<String>,
    /// Role that the provider assumes in other accounts: those that resources and data sources name in `account_id`. Its name,
    /// which is the same in every account. Default: `ResourceDirectoryAccountAccessRole`, which the management account of a
    /// Resource Directory may assume in the accounts that the directory created.
    #[attr(optional, check = role_name)]
    pub member_role_name: Attr<String>,
    /// Roles of accounts where the role has another name, by account id: a name, or an ARN.
    #[attr(optional)]
    pub member_roles: Attr<BTreeMap<String, String>>,
    /// What becomes of resources in accounts whose role cannot be assumed, such as closed ones. `error` (the default): the
    /// refresh fails. `keep`: the state stays as it is, with a warning, and changes there are refused.
    #[attr(optional, one_of("error", "keep"))]
    pub unreachable_accounts: Attr<String>,
    /// Part of every API quota that this provider process may use, more than 0 and at most 1. Default: 1. CI jobs that run
    /// side by side in one organization divide the quotas among them: four jobs have 0.25 each.
    #[attr(optional, check = quota_share)]
    pub quota_share: Attr<f64>,
    /// The only accounts that this provider may touch, even to read.
    #[attr(
        optional,
        empty_warned = "An empty list is the same as none: the provider may touch every account that its credentials give \
            access to. Name the accounts, or leave allowed_account_ids out (null)."
    )]
    pub allowed_account_ids: Attr<Vec<String>>,
    /// Accounts that this provider must not touch, not even to read.
    #[attr(optional)]
    pub forbidden_account_ids: Attr<Vec<String>>,
    /// What a plan does that stops recording or keeping something, opens it to others or silences its alerts: `warn` (the
    /// default) or `deny`. A value that is not known when planning counts as `deny`. The guide "Changes that lose evidence"
    /// lists all of it.
    #[attr(optional, one_of("warn", "deny"))]
    pub evidence_changes: Attr<String>,
    /// Role to take on with the credentials that the other arguments and the environment give. Several blocks are a chain:
    /// each role is taken on with the credentials of the one before. Without a block, the role is that of
    /// `ALICLOUD_ASSUME_ROLE_ARN`, or of `ALIBABA_CLOUD_ROLE_ARN` where `ALIBABA_CLOUD_OIDC_PROVIDER_ARN` is not set.
    #[attr(block)]
    pub assume_role: Attr<Vec<AssumeRoleBlock>>,
    /// Role to take on with the token of an identity provider, as CI systems and clusters give it to their jobs. What is left
    /// out in it is taken from the environment; without the block, the variables alone do the same.
    #[attr(block)]
    pub assume_role_with_oidc: Attr<AssumeRoleWithOidcBlock>,
    /// Other hosts for single services. A bare host name is reached over HTTPS; an IP address and `localhost` need a
    /// scheme, such as `http://localhost:8089`. Also `ALIBABA_CLOUD_ENDPOINT_<SERVICE>` or `<SERVICE>_ENDPOINT`, with the
    /// name below in capital letters.
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
    /// Host of the directory of accounts, which is asked where `account_type` is `International`.
    #[attr(optional)]
    pub resourcedirectorymaster: Attr<String>,
}

impl EndpointsBlock {
    fn host(&self, service: Service) -> &Attr<String> {
        match service {
            Service::ActionTrail => &self.actiontrail,
            Service::Oss => &self.oss,
            Service::Sls => &self.log,
            Service::Sts => &self.sts,
            Service::Ram => &self.ram,
            Service::ResourceManager => &self.resourcemanager,
            Service::ResourceDirectory => &self.resourcedirectorymaster,
            _ => &Attr::Null,
        }
    }
}

/// Signature versions.
#[derive(Debug, Clone, Model)]
pub struct SignVersionBlock {
    /// Of SLS: `v1`, which every public endpoint accepts, or `v4`, which dedicated endpoints
    /// (`<region>-acdr-ut-<n>.log.aliyuncs.com`) ask for. Default: whichever the endpoint is sure to accept.
    #[attr(optional, one_of("v1", "v4"))]
    pub sls: Attr<String>,
}

fn configuration_source(text: &str) -> Result<(), String> {
    if text.len() <= 1024 && text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Ok(());
    }
    Err("Only visible ASCII characters and blanks can be sent to the services, and at most 1024 of them."
        .to_owned())
}

fn role_name(name: &str) -> Result<(), String> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    if (1..=64).contains(&name.len()) && name.bytes().all(allowed) {
        return Ok(());
    }
    Err(format!("{name:?} is not the name of a RAM role. Write the name alone, such as \"audit-rollout\"."))
}

fn quota_share(share: &f64) -> Result<(), String> {
    if *share > 0.0 && *share <= 1.0 {
        return Ok(());
    }
    Err(format!("{share} is not a part of the quotas. Use a number above 0 and up to 1, such as 0.25."))
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
    /// Other accounts.
    pub members: Members,
    /// The buckets whose lifecycle rules a resource looks after.
    pub retention: RetentionRegistry,
    /// The logstores that a resource looks after.
    pub logstores: LogstoreRegistry,
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
                "This is about account {account}, which {argument} in the provider block rules out. Nothing was read or \
                 changed there. Use credentials of the right account, correct account_id, or correct {argument}."
            ),
        )
        .into())
    }
}

fn first(environment: &Environment, names: &[&str]) -> Option<String> {
    environment.first(names).map(|(_, value)| value)
}

fn invalid_endpoint(error: &EndpointError) -> Diagnostic {
    Diagnostic::error("Invalid endpoint", advice::notified(&Error::from(error.clone())))
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
            found.push(resource_scope::unknown_region(&unknown));
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
        for (account, role) in self.member_roles.get().into_iter().flatten() {
            let checked =
                check::account_id(account).and_then(|()| credentials::role_name_or_arn(role, account));
            if let Err(why) = checked {
                let path = Path::attribute("member_roles").then(plugin::Step::Key(account.clone()));
                found.push(Diagnostic::error("Invalid member_roles", why).at(path));
            }
        }
        self.validate_endpoints(found);
    }

    fn validate_endpoints(&self, found: &mut Diagnostics) {
        let mut check = |path: Path, checked: Result<(), EndpointError>| {
            if let Err(error) = checked {
                found.push(invalid_endpoint(&error).at(path));
            }
        };
        // Where it is not known yet, plain HTTP may turn out to be allowed.
        let insecure = self.allow_insecure_http.is_unknown() || self.allows_insecure_http();
        if let Some(url) = self.endpoint_url.get() {
            check(Path::attribute("endpoint_url"), endpoint::check_url("endpoint_url", url, insecure));
        }
        let Some(block) = self.endpoints.get() else { return };
        for service in Service::ALL {
            if let Some(host) = block.host(service).get() {
                let path = Path::attribute("endpoints").child(service.key());
                check(path.clone(), endpoint::check_override(&path.to_string(), service, host, insecure));
            }
        }
    }

    /// Makes the client. Reads the environment and, if need be, a profile; calls nothing, so that what only a call tells
    /// about credentials shows when the first one is made.
    ///
    /// # Errors
    /// When the region is unknown, there are no usable credentials, or an endpoint makes no sense.
    pub async fn connect(self, terraform_version: &str) -> Result<Cloud, Diagnostics> {
        self.connect_in(&Environment::default(), terraform_version).await
    }

    async fn connect_in(
        self,
        environment: &Environment,
        terraform_version: &str,
    ) -> Result<Cloud, Diagnostics> {
        let skip_region_validation = self.skips_region_validation(environment);
        let stated = self.region.clone().into_option().or_else(|| first(environment, &region::VARIABLES));
        if let (Some(region), false) = (&stated, skip_region_validation) {
            alibaba::region::check(region).map_err(|unknown| resource_scope::unknown_region(&unknown))?;
        }
        let endpoints = self.endpoints(environment, skip_region_validation)?;
        let chain = Chain::new(self.sources(environment));
        // Keys and profiles are on this machine: what is wrong with them shows before anything is planned.
        let of_profile = chain
            .region()
            .await
            .map_err(|error| Diagnostic::error("No usable credentials", advice::notified(&error.into())))?;
        let region = match (stated, of_profile) {
            (Some(stated), _) => Some(stated),
            (None, Some(own)) => {
                if !skip_region_validation {
                    alibaba::region::check(&own.id).map_err(|unknown| region_of_profile(&own, &unknown))?;
                }
                Some(own.id)
            }
            (None, None) => None,
        };
        let mut config = Config::new(chain.clone());
        config.region.clone_from(&region);
        config.endpoints = endpoints;
        config.sls_signature = match self.sign_version.get().and_then(|block| block.sls.as_str()) {
            Some("v4") => Some(SlsSignature::V4),
            Some(_) => Some(SlsSignature::V1),
            None => None,
        };
        if let Some(retries) = self.max_retries.get() {
            config.max_retries = u32::try_from(*retries).unwrap_or(u32::MAX);
        }
        if let Some(time) = timeout(&self.client_connect_timeout, environment, &CONNECT_TIMEOUT) {
            config.connect_timeout = time;
        }
        if let Some(time) = timeout(&self.client_read_timeout, environment, &READ_TIMEOUT) {
            config.read_timeout = time;
        }
        if let Some(share) = self.quota_share.get() {
            config.quota_share = *share;
        }
        config.custom_ca_bundle = self.custom_ca_bundle.as_str().map(PathBuf::from);
        config.user_agent = format!(
            "terraform-provider-alitrail/{} terraform/{terraform_version}",
            env!("CARGO_PKG_VERSION")
        );
        let appended =
            self.configuration_source.clone().into_option().or_else(|| first(environment, &USER_AGENT));
        if let Some(text) = appended {
            configuration_source(&text)
                .map_err(|why| Diagnostic::error("Invalid configuration source", why))?;
            config.user_agent = format!("{} {text}", config.user_agent);
        }
        if let Ok(origin) = chain.describe().await {
            tracing::debug!(%origin, "credentials");
        }
        config.credentials = Arc::new(chain.with_settings(&config));
        let client = Client::new(config).map_err(|error| {
            Diagnostic::error("Unusable provider configuration", advice::notified(&error.into()))
        })?;
        Ok(Cloud {
            client,
            region,
            skip_region_validation,
            members: Members::new(
                self.member_role_name.into_option(),
                self.member_roles.into_option().unwrap_or_default(),
                self.unreachable_accounts.as_str() == Some("keep"),
            ),
            retention: RetentionRegistry::default(),
            logstores: LogstoreRegistry::default(),
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

    fn allows_insecure_http(&self) -> bool {
        self.allow_insecure_http.get().copied().unwrap_or_default()
    }

    /// Where requests go. What the environment says is checked under the name of the variable; arguments were checked when
    /// the block was validated, unless they were not known then.
    fn endpoints(
        &self,
        environment: &Environment,
        skip_region_validation: bool,
    ) -> Result<Endpoints, Diagnostics> {
        let allow_insecure_http = self.allows_insecure_http();
        let account_type =
            self.account_type.clone().into_option().or_else(|| first(environment, &ACCOUNT_TYPE));
        let international = match account_type.as_deref().map(|text| (text, endpoint::is_international(text)))
        {
            None => false,
            Some((_, Some(international))) => international,
            Some((text, None)) => {
                let [name] = ACCOUNT_TYPE;
                let detail = format!("{name} is {text:?}. Write Domestic or International.");
                return Err(Diagnostic::error("Invalid account type", detail).into());
            }
        };
        let mut endpoints = Endpoints {
            international,
            endpoint_url: self.endpoint_url.clone().into_option(),
            allow_insecure_http,
            skip_region_validation,
            ..Endpoints::default()
        };
        let block = self.endpoints.get();
        for service in Service::ALL {
            if let Some(host) = block.and_then(|block| block.host(service).as_str()) {
                endpoints.overrides.insert(service, host.to_owned());
            }
        }
        endpoints
            .or_variables(|names| environment.first(names))
            .map_err(|error| invalid_endpoint(&error).into())
    }
}

/// A region of a profile with a typing error.
fn region_of_profile(own: &ProfileRegion, unknown: &alibaba::region::UnknownRegion) -> Diagnostic {
    let meant = unknown.closest.map(|region| format!(" Did you mean {region:?}?")).unwrap_or_default();
    Diagnostic::error(
        "Unknown region in a profile",
        format!(
            "The region_id of the profile {:?} in {} is {:?}, and there is no such region.{meant} Correct it there (aliyun \
             configure), or set region in the provider block. If the region is newer than this provider, set \
             skip_region_validation = true.",
            own.profile, own.path, unknown.given
        ),
    )
}

fn timeout(stated: &Attr<i64>, environment: &Environment, names: &[&str]) -> Option<Duration> {
    let stated = stated.get().and_then(|time| u64::try_from(*time).ok());
    stated.or_else(|| first(environment, names)?.parse().ok()).map(Duration::from_millis)
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
