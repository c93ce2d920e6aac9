//! What a machine in the cloud finds beside it: the metadata service of an ECS instance, with the credentials of the
//! instance's role, and an address that gives credentials as a helper on the machine would. Both are served on the mock's
//! own address, and to those who use it as a proxy at the address that instances know, unsigned, as the real ones are to
//! whoever is on the machine.
//!
//! The instance has the first role whose trust policy names the service `ecs.aliyuncs.com`, in the order of account ids and
//! role names; without one it has no role. Version 2 of the metadata service alone is served: a token comes first (ECS user
//! guide, "Access instance metadata in security-enhanced mode").

use http::{Method, StatusCode};
use rand::Rng;
use rand::distr::Alphanumeric;
use serde_json::json;
use time::OffsetDateTime;

use crate::cloud::{CloudState, Secret};
use crate::gateway::request::Request;
use crate::http::Reply;
use crate::ram::trust;
use crate::rpc;
use crate::sts;

/// The address of the metadata service in every instance.
pub(crate) const HOST: &str = "100.100.100.200";
/// Under this path the metadata service gives the name of the role, and below it the credentials.
const ROLES: &str = "/latest/meta-data/ram/security-credentials/";
const TOKEN: &str = "/latest/api/token";
/// `/credentials/<account>/<role>` gives credentials of a role to whoever asks.
const ADDRESS: &str = "/credentials/";
/// The principal that the trust policy of an instance's role names.
const SERVICE: &str = "ecs.aliyuncs.com";
/// The instance, which names the sessions of its role.
const INSTANCE: &str = "i-mock0000000000000001";
/// The longest life of a token, in seconds.
const LONGEST_TOKEN: i64 = 21_600;
/// Tokens kept at a time.
const TOKENS: usize = 1_000;

/// The tokens that the metadata service gave out, with the moments they end.
#[derive(Debug, Default)]
pub(crate) struct Tokens(Vec<(Secret, OffsetDateTime)>);

/// The name in the request log.
pub(crate) const NAME: &str = "instance";

/// What a request asks of the instance, for the request log; nothing when it is for a service.
pub(crate) fn action(request: &Request) -> Option<&'static str> {
    match request.path.as_str() {
        TOKEN => Some("MetadataToken"),
        ROLES => Some("MetadataRole"),
        path if path.starts_with(ROLES) => Some("MetadataCredentials"),
        path if path.starts_with(ADDRESS) => Some("CredentialsUri"),
        path if path.starts_with("/latest/") => Some("Metadata"),
        _ => None,
    }
}

/// Answers a request to the instance.
pub(crate) fn answer(
    cloud: &mut CloudState,
    tokens: &mut Tokens,
    request: &Request,
    wall: OffsetDateTime,
) -> Reply {
    if let Some(rest) = request.path.strip_prefix(ADDRESS) {
        let role = rest.split_once('/').filter(|_| request.method == Method::GET);
        return match role.and_then(|(account, role)| credentials(cloud, account, role, "helper", wall)) {
            Some(document) => document,
            None => refusal(StatusCode::NOT_FOUND, "NoSuchRole"),
        };
    }
    if request.path == TOKEN {
        return tokens.give(request, wall);
    }
    if !tokens.admits(request.header("x-aliyun-ecs-metadata-token"), wall) {
        return refusal(StatusCode::UNAUTHORIZED, "Unauthorized");
    }
    let role = instance_role(cloud);
    match (request.path.strip_prefix(ROLES), role) {
        (Some(""), Some((_, name))) => Reply::new(StatusCode::OK, "text/plain", name),
        (Some(asked), Some((account, name))) if asked == name => {
            let document = credentials(cloud, &account, &name, INSTANCE, wall);
            document.unwrap_or_else(|| refusal(StatusCode::NOT_FOUND, "NotFound"))
        }
        _ => refusal(StatusCode::NOT_FOUND, "NotFound"),
    }
}

impl Tokens {
    fn give(&mut self, request: &Request, wall: OffsetDateTime) -> Reply {
        let seconds =
            request.header("x-aliyun-ecs-metadata-token-ttl-seconds").and_then(|text| text.parse().ok());
        let Some(seconds) = seconds.filter(|seconds| (1..=LONGEST_TOKEN).contains(seconds)) else {
            return refusal(StatusCode::BAD_REQUEST, "BadRequest");
        };
        if request.method != Method::PUT {
            return refusal(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed");
        }
        self.0.retain(|(_, end)| *end > wall);
        if self.0.len() >= TOKENS {
            self.0.remove(0);
        }
        let token: String = rand::rng().sample_iter(Alphanumeric).take(56).map(char::from).collect();
        self.0.push((Secret::new(token.clone()), wall + time::Duration::seconds(seconds)));
        Reply::new(StatusCode::OK, "text/plain", token)
    }

    fn admits(&self, token: Option<&str>, wall: OffsetDateTime) -> bool {
        self.0.iter().any(|(known, end)| Some(known.expose()) == token && *end > wall)
    }
}

/// Account and name of the instance's role.
fn instance_role(cloud: &CloudState) -> Option<(String, String)> {
    cloud.accounts.iter().find_map(|(account, state)| {
        let mut roles = state.ram.roles.iter();
        let (name, _) =
            roles.find(|(_, role)| trust::allows_service(&role.assume_role_policy_document, SERVICE))?;
        Some((account.clone(), name.clone()))
    })
}

/// New credentials of a role that exists.
fn credentials(
    cloud: &mut CloudState,
    account: &str,
    role: &str,
    session: &str,
    wall: OffsetDateTime,
) -> Option<Reply> {
    let seconds = cloud.accounts.get(account)?.ram.roles.get(role)?.max_session_duration;
    let keys = sts::temporary_key(cloud, [account, role, session], seconds, None, wall);
    let document = json!({
        "Code": "Success",
        "AccessKeyId": keys.id,
        "AccessKeySecret": keys.secret.expose(),
        "SecurityToken": keys.token.expose(),
        "Expiration": rpc::timestamp(keys.expires),
        "LastUpdated": rpc::timestamp(wall),
    });
    Some(Reply::json(StatusCode::OK, &document))
}

fn refusal(status: StatusCode, code: &str) -> Reply {
    Reply::json(status, &json!({ "Code": code })).with_error(code)
}

#[cfg(test)]
#[path = "instance_tests.rs"]
mod tests;
