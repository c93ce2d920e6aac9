//! How the commands that talk to the cloud find it: region, endpoints and credentials, from arguments and the environment, under
//! the names that the provider knows too.

use std::path::PathBuf;

use alibaba::credentials::{Chain, Environment, SourceNames, Sources};
use alibaba::endpoint::{self, ACCOUNT_TYPE, EndpointError, Endpoints};
use alibaba::{Client, Config, region};

use crate::failure::Failure;

/// The region that is asked first where none is set.
const DEFAULT_REGION: &str = "cn-hangzhou";

/// Where the cloud is, and as whom it is called. Keys, roles and endpoints are read from the environment as the provider reads
/// them.
#[derive(Debug, Clone, Default, clap::Args)]
#[group(skip)]
#[command(next_help_heading = "Cloud")]
pub struct Arguments {
    /// Region to ask first. Also ALIBABA_CLOUD_REGION. Default: that of the profile, or else cn-hangzhou.
    #[arg(long, value_name = "REGION")]
    region: Option<String>,

    /// Profile of the aliyun command line to take credentials from. It goes before keys in the environment.
    #[arg(long, value_name = "NAME")]
    credentials_profile: Option<String>,

    /// One address for all services, such as that of a mock. Also ALITRAIL_ENDPOINT_URL.
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,

    /// Accept plain HTTP to other machines.
    #[arg(long)]
    allow_insecure_http: bool,

    /// PEM file with certificates to trust besides those of the system.
    #[arg(long, value_name = "FILE")]
    ca_bundle: Option<PathBuf>,

    /// Part of every API quota that this run may use, more than 0 and at most 1.
    #[arg(long, value_name = "SHARE", default_value_t = 1.0, value_parser = share)]
    quota_share: f64,
}

/// A client with what it was made from.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Signs with the caller's credentials.
    pub client: Client,
    /// The region that is asked first.
    pub region: String,
    /// Where the credentials come from.
    pub source: String,
}

impl Arguments {
    /// Makes the client; calls nothing.
    ///
    /// # Errors
    /// A region that does not exist, an endpoint that makes no sense, or no usable credentials.
    pub async fn connect(&self) -> Result<Connection, Failure> {
        let environment = Environment::default();
        let sources = Sources {
            profile: self.credentials_profile.clone(),
            allow_insecure_http: self.allow_insecure_http,
            names: SourceNames { profile: "--credentials-profile", ..SourceNames::default() },
            environment: environment.clone(),
            ..Sources::default()
        };
        let chain = Chain::new(sources);
        let unusable = |error: alibaba::credentials::CredentialsError| {
            Failure::new(error.to_string()).with_hint(
                "set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or name a profile of the aliyun \
                 command line with --credentials-profile. `alitrail doctor` says what is found.",
            )
        };
        let of_profile = chain.region().await.map_err(unusable)?;
        let stated =
            self.region.clone().or_else(|| environment.first(&region::VARIABLES).map(|(_, region)| region));
        let region = stated.or(of_profile.map(|own| own.id)).unwrap_or_else(|| DEFAULT_REGION.to_owned());
        if let Err(unknown) = region::check(&region) {
            let meant = unknown.closest.map(|region| format!("did you mean {region}?"));
            let failure = Failure::usage(format!("there is no region {:?}", unknown.given));
            return Err(match meant {
                Some(meant) => failure.with_hint(meant),
                None => failure,
            });
        }
        let source = chain.describe().await.map_err(unusable)?;
        let mut config = Config::new(chain.clone());
        config.region = Some(region.clone());
        config.endpoints = self.endpoints(&environment)?;
        config.quota_share = self.quota_share;
        config.custom_ca_bundle.clone_from(&self.ca_bundle);
        config.credentials = std::sync::Arc::new(chain.with_settings(&config));
        let client = Client::new(config).map_err(|error| Failure::usage(error.to_string()))?;
        Ok(Connection { client, region, source })
    }

    fn endpoints(&self, environment: &Environment) -> Result<Endpoints, Failure> {
        let wrong = |error: EndpointError| Failure::usage(error.to_string());
        let international = match environment.first(&ACCOUNT_TYPE) {
            None => false,
            Some((name, text)) => endpoint::is_international(&text).ok_or_else(|| {
                Failure::usage(format!("{name} is {text:?}")).with_hint("write Domestic or International.")
            })?,
        };
        if let Some(url) = &self.endpoint_url {
            endpoint::check_url("--endpoint-url", url, self.allow_insecure_http).map_err(wrong)?;
        }
        let stated = Endpoints {
            endpoint_url: self.endpoint_url.clone(),
            allow_insecure_http: self.allow_insecure_http,
            international,
            ..Endpoints::default()
        };
        stated.or_variables(|names| environment.first(names)).map_err(wrong)
    }
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if share > 0.0 && share <= 1.0 => Ok(share),
        _ => Err("use a number above 0 and up to 1, such as 0.25".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn a_share_is_a_part_of_the_quotas() {
        assert_eq!(share("0.25"), Ok(0.25));
        for text in ["0", "-1", "1.5", "much", "NaN"] {
            assert!(share(text).is_err(), "{text}");
        }
    }
}
