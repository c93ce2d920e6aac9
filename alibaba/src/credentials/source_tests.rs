//! What every mode of a profile, and every other source, asks for and gives; and what is told where it fails. The profiles
//! are in `testdata/profiles.json` of the crate. Everything in there that must not be shown begins with `hidden-`.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use serde_json::json;

use super::*;
use crate::config::Config;
use crate::core::transport::tests::{Seen, Server, Step};
use crate::sts::AssumeRole;

/// STS, the metadata service, a credentials URI and CloudSSO in one.
fn reply(seen: &Seen) -> hyper::Response<Full<Bytes>> {
    let keys = |of: &str| {
        json!({"Code": "Success", "AccessKeyId": format!("STS.{of}"), "AccessKeySecret": "hidden-secret",
            "SecurityToken": "hidden-token", "Expiration": "2100-01-01T00:00:00Z"})
    };
    let body = match seen.path.split('?').next().unwrap() {
        "/latest/api/token" => "hidden-metadata-token".to_owned(),
        "/latest/meta-data/ram/security-credentials/" => "runner".to_owned(),
        "/latest/meta-data/ram/security-credentials/runner" => keys("runner").to_string(),
        "/helper" => keys("helper").to_string(),
        "/cloud-credentials" => json!({"CloudCredential": keys("sso"), "RequestId": "R"}).to_string(),
        "/" => {
            let asked = format!("{}&{}", seen.path, seen.body);
            let role = asked.split("role%2F").nth(1).unwrap().split('&').next().unwrap().to_owned();
            json!({"RequestId": "R", "Credentials": keys(&role)}).to_string()
        }
        _ => return hyper::Response::builder().status(404).body(Full::default()).unwrap(),
    };
    hyper::Response::new(Full::from(body))
}

/// A request as far as it is the same every time: whose key signed it, and what it says.
fn shown(seen: &Seen) -> String {
    let (path, query) = seen.path.split_once('?').unwrap_or((&seen.path, ""));
    let asked = query.split('&').chain(seen.body.split('&')).filter(|part| !part.is_empty());
    let always = ["Timestamp=", "SignatureNonce=", "Format=", "Version="];
    let mut asked: Vec<&str> =
        asked.filter(|part| !always.iter().any(|name| part.starts_with(name))).collect();
    asked.sort_unstable();
    let key = seen.authorization.split("Credential=").nth(1).and_then(|rest| rest.split(',').next());
    let header = |name: &str| seen.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let action = header("x-acs-action").unwrap_or_default();
    let token =
        header("x-aliyun-ecs-metadata-token").or_else(|| header("x-aliyun-ecs-metadata-token-ttl-seconds"));
    let bearer = header("authorization").filter(|text| text.starts_with("Bearer "));
    let token = token.or(bearer).unwrap_or_default();
    let host = if seen.host.starts_with("127.") { "" } else { &seen.host };
    let parts = [&seen.method, host, path, &action, key.unwrap_or_default(), &token, &asked.join(" ")];
    parts.into_iter().filter(|part| !part.is_empty()).map(|part| part as &str).collect::<Vec<_>>().join(" ")
}

/// A server, and a home directory whose profiles lead to it.
struct Place {
    server: Server,
    home: tempfile::TempDir,
}

impl Place {
    async fn new() -> Self {
        let server = Server::start(vec![Step::Reply(Arc::new(reply)); 20]).await;
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().display().to_string();
        std::fs::create_dir(home.path().join(".aliyun")).unwrap();
        let url = server.config().endpoints.endpoint_url.unwrap();
        let profiles = include_str!("../../testdata/profiles.json")
            .replace("DIRECTORY", &directory)
            .replace("URL", &url);
        std::fs::write(home.path().join(".aliyun/config.json"), profiles).unwrap();
        std::fs::write(home.path().join("token"), "hidden.identity.token\n").unwrap();
        let output = json!({"mode": "StsToken", "access_key_id": "command-id", "access_key_secret": "hidden-secret",
            "sts_token": "hidden-token", "expiration": "2100-01-01T00:00:00Z"});
        std::fs::write(home.path().join("external output.json"), output.to_string()).unwrap();
        Self { server, home }
    }

    fn sources(&self, variables: &[(&str, &str)]) -> Sources {
        let home = self.home.path().display().to_string();
        let url = self.server.config().endpoints.endpoint_url.unwrap();
        let all = [("HOME", home.as_str()), (METADATA_URL, url.as_str())];
        let environment = Environment::of(all.into_iter().chain(variables.iter().copied()));
        Sources { environment, ..Sources::default() }
    }

    async fn ask(&self, sources: Sources) -> Result<Credentials, CredentialsError> {
        let mut settings = Config { max_retries: 0, ..self.server.config() };
        settings.region = Some("cn-hangzhou".to_owned());
        Chain::new(sources).with_settings(&settings).credentials().await
    }

    async fn profile(&self, name: &str) -> Result<Credentials, CredentialsError> {
        self.ask(Sources { profile: Some(name.to_owned()), ..self.sources(&[]) }).await
    }

    fn seen(&self) -> Vec<String> {
        self.server.seen().iter().map(shown).collect()
    }
}

const OPS: &str = "POST sts.cn-hangzhou.aliyuncs.com / AssumeRole";
const TOKEN: &str = "PUT /latest/api/token 21600";
const ROLES: &str = "GET /latest/meta-data/ram/security-credentials/";

#[tokio::test]
async fn every_mode_of_a_profile_gives_its_credentials() {
    let role = "DurationSeconds=1800 ExternalId=acme-42 Policy=%7B%7D RoleArn=acs%3Aram%3A%3A1%3Arole%2Fops RoleSessionName=ci";
    let plain_role = "RoleArn=acs%3Aram%3A%3A1%3Arole%2Fops RoleSessionName=terraform";
    let first = format!("POST sts.cn-beijing.aliyuncs.com / AssumeRole role-id {role}");
    let instance = [TOKEN.to_owned(), format!("{ROLES}runner hidden-metadata-token")];
    let audit = "RoleArn=acs%3Aram%3A%3A2%3Arole%2Faudit RoleSessionName";
    for (profile, id, asked) in [
        ("keys", "keys-id", vec![]),
        ("session", "session-id", vec![]),
        ("role", "STS.ops", vec![first.clone()]),
        ("role-of-session", "STS.ops", vec![format!("{OPS} session-id {plain_role}")]),
        ("chain", "STS.audit", vec![first, format!("{OPS} STS.ops {audit}=audit")]),
        (
            "chain-of-instance",
            "STS.audit",
            [instance.to_vec(), vec![format!("{OPS} STS.runner {audit}=terraform")]].concat(),
        ),
        ("instance", "STS.runner", instance.to_vec()),
        (
            "any-instance",
            "STS.runner",
            vec![TOKEN.to_owned(), format!("{ROLES} hidden-metadata-token"), instance[1].clone()],
        ),
        (
            "role-of-instance",
            "STS.ops",
            [instance.to_vec(), vec![format!("{OPS} STS.runner {plain_role}")]].concat(),
        ),
        ("command", "command-id", vec![]),
        (
            "oidc",
            "STS.ci",
            vec![
                "POST sts.cn-hangzhou.aliyuncs.com / Action=AssumeRoleWithOIDC \
                 OIDCProviderArn=acs%3Aram%3A%3A1%3Aoidc-provider%2Fci OIDCToken=hidden.identity.token \
                 RoleArn=acs%3Aram%3A%3A1%3Arole%2Fci RoleSessionName=job-7"
                    .to_owned(),
            ],
        ),
        ("uri", "STS.helper", vec!["GET /helper key=hidden-query".to_owned()]),
        (
            "sso",
            "STS.sso",
            vec![
                "POST /cloud-credentials Bearer hidden-access-token {\"AccessConfigurationId\":\"ac-1\",\"AccountId\":\"1\"}"
                    .to_owned(),
            ],
        ),
        ("sso-kept", "kept-id", vec![]),
    ] {
        let place = Place::new().await;
        let found = place.profile(profile).await.unwrap_or_else(|error| panic!("{profile}: {error}"));
        assert_eq!(found.access_key_id, id, "{profile}");
        assert_eq!(place.seen(), asked, "{profile}");
    }
}

#[tokio::test]
async fn the_token_of_an_identity_provider_travels_in_the_body_alone() {
    let place = Place::new().await;
    place.profile("oidc").await.unwrap();
    let seen = place.server.seen().remove(0);
    assert!(!seen.path.contains("hidden") && seen.authorization.is_empty(), "{seen:?}");
    assert!(seen.body.contains("OIDCToken=hidden.identity.token"), "{seen:?}");
}

#[tokio::test]
async fn profiles_that_cannot_be_used_say_what_to_do() {
    let place = Place::new().await;
    for (profile, expected) in [
        ("browser", "its mode \"OAuth\" is not supported here; AK, StsToken, RamRoleArn"),
        ("half", "access_key_secret is empty. Run `aliyun configure --profile half --mode AK`"),
        ("roleless", "ram_role_arn is empty. Run `aliyun configure --profile roleless --mode RamRoleArn`"),
        ("circle", "its source_profile \"circle\" leads back to where it began (circle, circle-2)"),
        ("lost", "there is no profile \"nowhere\" (source_profile of \"lost\")"),
        ("plain", "it would send credentials unencrypted over a network"),
        ("quotes", "process_command of the profile \"quotes\" is no command: a quotation mark"),
        ("silent", "the command of the profile \"silent\": reading its output failed: the answer is no JSON"),
        ("failing", "running it failed: it ended with exit status: 1"),
        ("missing", "running it failed: it cannot be started: No such file"),
        (
            "sso-over",
            "the token has expired\nSign in again: aliyun configure --profile sso-over --mode CloudSSO",
        ),
    ] {
        let told = place.profile(profile).await.unwrap_err().to_string();
        assert!(told.contains(expected), "{profile}: {told}");
        assert!(!told.contains("hidden"), "{profile}: {told}");
    }
    assert_eq!(place.seen(), Vec::<String>::new(), "nothing is asked");
}

#[tokio::test(start_paused = true)]
async fn a_command_that_hangs_is_stopped() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("config.json");
    std::fs::write(&file, include_str!("../../testdata/profiles.json")).unwrap();
    let sources = Sources {
        profile: Some("hanging".to_owned()),
        credentials_file: Some(file),
        environment: Environment::of::<&str, &str>([]),
        ..Sources::default()
    };
    let told = Chain::new(sources).credentials().await.unwrap_err().to_string();
    assert!(told.contains("it did not end within 60 seconds and was stopped"), "{told}");
    assert!(told.contains("Run the profile's process_command in a terminal"), "{told}");
}

#[tokio::test]
async fn a_token_file_that_is_gone_is_named() {
    let place = Place::new().await;
    std::fs::remove_file(place.home.path().join("token")).unwrap();
    let told = place.profile("oidc").await.unwrap_err().to_string();
    assert!(
        told.starts_with(
            "no credentials from the role acs:ram::1:role/ci by OIDC: reading the OIDC token file /"
        ),
        "{told}"
    );
    assert!(
        told.contains("token failed: No such file") && told.contains("keep it there until the job ends"),
        "{told}"
    );
    std::fs::write(place.home.path().join("token"), " \n").unwrap();
    let told = place.profile("oidc").await.unwrap_err().to_string();
    assert!(told.contains("the file is empty"), "{told}");
}

/// The token is read again for every session, and one that goes away ends nothing before its time.
#[tokio::test]
async fn a_token_file_is_read_again_at_every_refresh() {
    let place = Place::new().await;
    let settings = Config { max_retries: 0, region: Some("cn-hangzhou".to_owned()), ..place.server.config() };
    let role =
        crate::sts::AssumeRoleWithOidc { role_arn: "acs:ram::1:role/ci".to_owned(), ..Default::default() };
    let file = oidc::Token::File(place.home.path().join("token"));
    let source = oidc::OidcSource::new(&settings, None, role, file).unwrap();
    for token in ["hidden.first", "hidden.second"] {
        std::fs::write(place.home.path().join("token"), token).unwrap();
        refresh::Source::fetch(&source).await.unwrap();
    }
    let bodies: Vec<String> = place.server.seen().into_iter().map(|seen| seen.body).collect();
    assert!(
        bodies[0].contains("OIDCToken=hidden.first") && bodies[1].contains("OIDCToken=hidden.second"),
        "{bodies:?}"
    );
}

#[tokio::test]
async fn a_role_of_the_settings_or_the_environment_comes_on_top() {
    let keys = [("ALICLOUD_ACCESS_KEY", "env-id"), ("ALICLOUD_SECRET_KEY", "env-secret")];
    let with = |more: &[(&'static str, &'static str)]| [&keys[..], more].concat();
    let audit = "RoleArn=acs%3Aram%3A%3A2%3Arole%2Faudit";
    for (variables, asked) in [
        (
            with(&[("ALICLOUD_ASSUME_ROLE_ARN", "acs:ram::2:role/audit")]),
            format!("{audit} RoleSessionName=terraform"),
        ),
        (
            with(&[
                ("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::2:role/audit"),
                ("ALIBABA_CLOUD_ROLE_SESSION_NAME", "job"),
                ("ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION", "900"),
            ]),
            format!("DurationSeconds=900 {audit} RoleSessionName=job"),
        ),
    ] {
        let place = Place::new().await;
        let found = place.ask(place.sources(&variables)).await.unwrap();
        assert_eq!(found.access_key_id, "STS.audit");
        assert_eq!(place.seen(), [format!("{OPS} env-id {asked}")]);
        // A role of the settings replaces that of the environment, and an empty one takes on none.
        for (role_arn, id) in [("acs:ram::1:role/ops", "STS.ops"), ("", "env-id")] {
            let role = AssumeRole { role_arn: role_arn.to_owned(), ..AssumeRole::default() };
            let sources = Sources { roles: Some(vec![role]), ..place.sources(&variables) };
            assert_eq!(place.ask(sources).await.unwrap().access_key_id, id);
        }
    }
    let place = Place::new().await;
    let bad = with(&[("ALICLOUD_ASSUME_ROLE_ARN", "x"), ("ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION", "1h")]);
    let told = place.ask(place.sources(&bad)).await.unwrap_err().to_string();
    assert!(
        told.contains("ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION is \"1h\", which is no number of seconds"),
        "{told}"
    );
}

#[tokio::test]
async fn the_role_of_an_identity_provider_in_the_environment_is_taken_on_once() {
    let place = Place::new().await;
    let token = place.home.path().join("token").display().to_string();
    let variables = [
        ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/ci"),
        ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", token.as_str()),
        ("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/ci"),
    ];
    assert_eq!(place.ask(place.sources(&variables)).await.unwrap().access_key_id, "STS.ci");
    assert_eq!(place.seen().len(), 1, "{:?}", place.seen());
    // Another role on top has a name of its own.
    let more = [&variables[..], &[("ALICLOUD_ASSUME_ROLE_ARN", "acs:ram::2:role/audit")]].concat();
    assert_eq!(place.ask(place.sources(&more)).await.unwrap().access_key_id, "STS.audit");
    // What is set by half is an error.
    let told = place.ask(place.sources(&variables[..2])).await.unwrap_err().to_string();
    assert!(
        told.contains("OIDC in the environment needs the ARN of the role (ALIBABA_CLOUD_ROLE_ARN"),
        "{told}"
    );
}

#[tokio::test]
async fn the_instance_comes_after_profiles_and_before_the_credentials_uri() {
    let place = Place::new().await;
    std::fs::remove_file(place.home.path().join(".aliyun/config.json")).unwrap();
    let url = place.server.config().endpoints.endpoint_url.unwrap();
    let helper = format!("{url}/helper");
    let uri = ("ALIBABA_CLOUD_CREDENTIALS_URI", helper.as_str());
    let id =
        async |variables: &[(&str, &str)]| place.ask(place.sources(variables)).await.unwrap().access_key_id;
    assert_eq!(id(&[]).await, "STS.runner", "discovered");
    assert_eq!(id(&[uri]).await, "STS.runner");
    assert_eq!(id(&[uri, (METADATA_DISABLED, "true")]).await, "STS.helper");
    // Nobody is there.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let closed = format!("http://{closed}");
    let absent = (METADATA_URL, closed.as_str());
    assert_eq!(id(&[uri, absent]).await, "STS.helper");
    let told = place.ask(place.sources(&[absent])).await.unwrap_err().to_string();
    assert!(
        told.contains("no credentials found") && told.contains(&closed) && told.contains("metadata service"),
        "{told}"
    );
    // One that was named has to be there.
    let told = place
        .ask(place.sources(&[absent, ("ALICLOUD_ECS_ROLE_NAME", "runner"), uri]))
        .await
        .unwrap_err()
        .to_string();
    let expected = format!(
        "no credentials from the role runner of this ECS instance: asking for a token failed: cannot reach {closed}/"
    );
    assert!(told.starts_with(&expected) && told.contains("Only instances of ECS"), "{told}");
    let told =
        place.ask(place.sources(&[("ALIBABA_CLOUD_ECS_METADATA", "other")])).await.unwrap_err().to_string();
    assert!(told.contains("HTTP status 404") && told.contains("Attach a RAM role to the instance"), "{told}");
}

#[tokio::test]
async fn a_credentials_uri_that_fails_shows_nothing_of_it() {
    let place = Place::new().await;
    let url = place.server.config().endpoints.endpoint_url.unwrap();
    for (path, expected) in
        [("/nothing?key=hidden-query", "answered with HTTP status 404"), ("/latest/api/token", "is no JSON")]
    {
        let sources = Sources { credentials_uri: Some(format!("{url}{path}")), ..place.sources(&[]) };
        let told = place.ask(sources).await.unwrap_err().to_string();
        assert!(told.contains(expected) && !told.contains("hidden"), "{told}");
    }
}

/// What the vendor's action for GitHub sets: the same session under all three families of names.
#[tokio::test]
async fn the_variables_of_the_vendor_s_github_action_are_read() {
    let place = Place::new().await;
    let variables: Vec<(&str, &str)> =
        KEYS.iter().flat_map(|names| names.iter().copied().zip(["STS.action", "secret", "token"])).collect();
    let found = place.ask(place.sources(&variables)).await.unwrap();
    assert_eq!(found, Credentials::new("STS.action", "secret").with_token("token"));
}
