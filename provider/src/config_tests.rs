use alibaba::Secret;
use alibaba::credentials::CredentialsProvider;
use plugin::Model;
use plugin::schema::{Attribute, Kind};
use plugin::value::{Object, Type, Value};

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

const FILE: &str = r#"{"current": "now", "profiles": [
    {"name": "now", "mode": "AK", "access_key_id": "now-id", "access_key_secret": "now-secret", "region_id": "cn-beijing"},
    {"name": "other", "mode": "StsToken", "access_key_id": "other-id", "access_key_secret": "other-secret",
        "sts_token": "other-token"},
    {"name": "typo", "mode": "AK", "access_key_id": "typo-id", "access_key_secret": "typo-secret", "region_id": "cn-x"}]}"#;

/// A home directory with profiles.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join(".aliyun")).unwrap();
        std::fs::write(home.path().join(".aliyun/config.json"), FILE).unwrap();
        Self(home)
    }

    fn path(&self) -> String {
        self.0.path().display().to_string()
    }

    /// Every variable that is read, with a value that has an effect.
    fn variables(&self) -> Vec<(String, String)> {
        let file = format!("{}/.aliyun/config.json", self.path());
        let keys = alibaba::credentials::KEYS.into_iter().flatten().map(|name| (name, format!("of-{name}")));
        let named = |names: &[&'static str], value: &str| {
            names.iter().map(|name| (*name, value.to_owned())).collect::<Vec<_>>()
        };
        let [role, session, seconds] = alibaba::credentials::ASSUME_ROLE;
        // Each name has a value of its own, so that it can be seen which of several counts.
        let own = |names: &[&'static str]| {
            names.iter().map(|name| (*name, format!("of-{name}"))).collect::<Vec<_>>()
        };
        let settings = [
            own(role),
            own(session),
            named(seconds, "1234"),
            own(&alibaba::credentials::OIDC[..3]),
            named(&alibaba::credentials::ECS_ROLE_NAME, "runner"),
            named(&alibaba::credentials::CREDENTIALS_URI, "http://127.0.0.1:9/helper"),
            named(&[alibaba::credentials::METADATA_DISABLED], "true"),
            named(&[alibaba::credentials::PROFILES_DISABLED], "true"),
            named(&[alibaba::credentials::METADATA_URL], "http://127.0.0.1:9"),
            named(&alibaba::credentials::PROFILE, "other"),
            named(&alibaba::credentials::CREDENTIALS_FILE, &file),
            named(&ACCOUNT_TYPE, "International"),
            named(&USER_AGENT, "module/1.0"),
            named(&region::VARIABLES, "cn-hangzhou"),
            named(&endpoint::ENDPOINT_URL, "https://gateway.example"),
            named(&SKIP_REGION_VALIDATION, "true"),
            named(&READ_TIMEOUT, "1234"),
            named(&CONNECT_TIMEOUT, "1234"),
        ];
        let fixed = keys.chain(settings.into_iter().flatten()).map(|(name, value)| (name.to_owned(), value));
        let hosts = Service::ALL.into_iter().flat_map(endpoint::host_variables);
        fixed.chain(hosts.map(|name| (name, "host.example".to_owned()))).collect()
    }
}

/// What comes of a provider block and an environment: all that calls depend on, or what the user is told.
async fn outcome(block: &Object, environment: &[(String, String)]) -> String {
    let attributes = ProviderConfig::attributes();
    let environment = Environment::of(environment.iter().cloned());
    let mut found = Diagnostics::new();
    plugin::check::object(&attributes, block, &Path::root(), &mut found);
    let block = plugin::unset::config(&attributes, block.clone());
    let config = ProviderConfig::from_object(block).unwrap();
    config.validate_in(&environment, &mut found);
    if found.has_error() {
        return format!("{found:?}");
    }
    let sources = config.sources(&environment);
    let chain = Chain::new(sources.clone());
    let cloud = match config.connect_in(&environment, "1.0.0").await {
        Ok(cloud) => cloud,
        Err(notified) => return format!("{notified:?}"),
    };
    let config = cloud.client.config();
    // Only keys that are there already: nothing is called.
    let origin = chain.describe().await.unwrap();
    let keys = if origin == "an access key" {
        let keys = config.credentials.credentials().await.unwrap();
        let token = keys.security_token.as_ref().map(Secret::expose).map(str::to_owned);
        format!("{} {} {token:?}", keys.access_key_id, keys.secret.expose())
    } else {
        origin
    };
    format!(
        "{keys} region {:?} {} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {} {sources:?}",
        cloud.region,
        cloud.skip_region_validation,
        config.region,
        config.endpoints,
        config.sls_signature,
        config.connect_timeout,
        config.read_timeout,
        config.max_retries,
        config.custom_ca_bundle,
        (cloud.allowed, cloud.forbidden),
        config.user_agent,
    )
}

/// Every way to a text argument, through blocks.
fn texts(attributes: &[Attribute]) -> Vec<Vec<&'static str>> {
    let mut found = Vec::new();
    for attribute in attributes {
        match &attribute.kind {
            Kind::Type(Type::String) => found.push(vec![attribute.name]),
            Kind::Nested(_, inner) => {
                found.extend(texts(inner).into_iter().map(|rest| [vec![attribute.name], rest].concat()));
            }
            Kind::Type(_) => {}
        }
    }
    found
}

fn block_with(path: &[&str], text: impl Into<Value>) -> Object {
    let value = path
        .iter()
        .skip(1)
        .rev()
        .fold(text.into(), |inner, name| Value::Map(Object::from([((*name).to_owned(), inner)])));
    let value = if path[0] == "assume_role" { Value::List(vec![value]) } else { value };
    Object::from([(path[0].to_owned(), value)])
}

#[tokio::test]
async fn every_empty_argument_is_unset() {
    let home = Home::new();
    let bare = vec![("HOME".to_owned(), home.path())];
    let full = [bare.clone(), home.variables()].concat();
    let paths = texts(&ProviderConfig::attributes());
    assert!(paths.contains(&vec!["assume_role", "session_name"]), "{paths:?}");
    assert!(paths.contains(&vec!["profile"]) && paths.contains(&vec!["endpoints", "oss"]), "{paths:?}");
    for environment in [&bare, &full] {
        let unset = outcome(&Object::new(), environment).await;
        assert!(!unset.contains("Diagnostic"), "{unset}");
        for path in &paths {
            // A block says something by being there.
            let unset = outcome(&block_with(path, Value::Null), environment).await;
            assert_eq!(outcome(&block_with(path, ""), environment).await, unset, "{path:?}");
            // The argument has an effect, so that the comparison says something.
            if !["security_token", "custom_ca_bundle"].contains(&path[0]) && path[1..] != ["oidc_token"] {
                let text = if path[0] == "evidence_changes" { "neither" } else { "no such value" };
                assert_ne!(outcome(&block_with(path, text), environment).await, unset, "{path:?}");
            }
        }
    }
}

#[tokio::test]
async fn every_empty_variable_is_unset() {
    let home = Home::new();
    let variables = home.variables();
    let bare = vec![("HOME".to_owned(), home.path())];
    // Without profiles, and with an identity provider.
    let poor = vec![("HOME".to_owned(), "/nonexistent".to_owned())];
    let [provider, token, _, role, _] = alibaba::credentials::OIDC;
    let federated = [provider, token, role].map(|name| (name.to_owned(), format!("of-{name}")));
    let federated = [poor.clone(), federated.to_vec()].concat();
    let block = Object::new();
    for (at, (name, value)) in variables.iter().enumerate() {
        let mut others = [bare.clone(), variables.clone()].concat();
        others.remove(bare.len() + at);
        let mut has_effect = false;
        for around in [&bare, &others, &poor, &federated] {
            let around: Vec<_> = around.iter().filter(|(other, _)| other != name).cloned().collect();
            let with = |value: &str| [around.clone(), vec![(name.clone(), value.to_owned())]].concat();
            let unset = outcome(&block, &around).await;
            assert_eq!(outcome(&block, &with("")).await, unset, "{name}");
            has_effect |= outcome(&block, &with(value)).await != unset;
        }
        // Of the two names of the file, both lead to the one that is the default.
        let is_default = alibaba::credentials::CREDENTIALS_FILE.contains(&name.as_str());
        assert!(has_effect || is_default, "{name} is not read");
    }
}

/// What is said of all arguments, those in blocks too.
fn descriptions(attributes: &[Attribute]) -> String {
    let inner = |attribute: &Attribute| match &attribute.kind {
        Kind::Nested(_, inner) => descriptions(inner),
        Kind::Type(_) => String::new(),
    };
    attributes.iter().map(|attribute| format!("{}\n{}", attribute.description, inner(attribute))).collect()
}

#[test]
fn every_variable_is_documented() {
    let home = Home::new();
    let texts = descriptions(&ProviderConfig::attributes());
    let hosts: Vec<String> = Service::ALL.into_iter().flat_map(endpoint::host_variables).collect();
    let read: Vec<String> =
        home.variables().into_iter().map(|(name, _)| name).filter(|name| !hosts.contains(name)).collect();
    for name in &read {
        assert!(texts.contains(&format!("`{name}`")), "{name} is not documented");
    }
    let is_variable =
        |word: &&str| word.contains('_') && word.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
    for name in texts.split('`').filter(is_variable) {
        assert!(read.iter().any(|read| read == name), "{name} is documented and not tested");
    }
}

#[tokio::test]
async fn an_argument_goes_before_variables_and_keys_among_variables_before_profiles() {
    let home = Home::new();
    let mut environment = vec![
        ("HOME".to_owned(), home.path()),
        ("ALICLOUD_ACCESS_KEY".to_owned(), "env-id".to_owned()),
        ("ALICLOUD_SECRET_KEY".to_owned(), "env-secret".to_owned()),
        ("ALICLOUD_PROFILE".to_owned(), "other".to_owned()),
    ];
    let keys = outcome(&Object::new(), &environment).await;
    assert!(keys.starts_with("env-id env-secret None region None"), "{keys}");
    let named = outcome(&block_with(&["profile"], "now"), &environment).await;
    assert!(named.starts_with("now-id now-secret None region Some(\"cn-beijing\")"), "{named}");
    let file = format!("{}/.aliyun/config.json", home.path());
    let of_file = outcome(&block_with(&["shared_credentials_file"], file.as_str()), &environment).await;
    assert!(of_file.starts_with("other-id other-secret Some(\"other-token\")"), "{of_file}");
    environment.push(("ALIBABA_CLOUD_REGION".to_owned(), "cn-hangzhou".to_owned()));
    let named = outcome(&block_with(&["profile"], "now"), &environment).await;
    assert!(named.starts_with("now-id now-secret None region Some(\"cn-hangzhou\")"), "{named}");
}

#[tokio::test]
async fn a_wrong_region_in_a_profile_is_named_with_the_profile() {
    let home = Home::new();
    let notified = outcome(&block_with(&["profile"], "typo"), &[("HOME".to_owned(), home.path())]).await;
    for expected in ["region_id of the profile", "typo", "config.json", "there is no such region", "cn-x"] {
        assert!(notified.contains(expected), "{notified}");
    }
    assert!(!notified.contains("typo-secret"), "{notified}");
}

#[tokio::test]
async fn an_endpoint_without_a_scheme_is_named_by_who_set_it() {
    let environment = |variable: &str| {
        [("ALICLOUD_ACCESS_KEY", "id"), ("ALICLOUD_SECRET_KEY", "secret"), (variable, "127.0.0.1:8089")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    for variable in ["ALITRAIL_ENDPOINT_URL", "ALIBABA_CLOUD_ENDPOINT_STS", "STS_ENDPOINT"] {
        let notified = outcome(&Object::new(), &environment(variable)).await;
        assert!(notified.contains(variable) && notified.contains("http://127.0.0.1:8089"), "{notified}");
        assert!(notified.contains("has no scheme"), "{notified}");
    }
    for path in [vec!["endpoint_url"], vec!["endpoints", "sts"]] {
        let block = block_with(&path, "localhost:8089");
        let mut found = Diagnostics::new();
        ProviderConfig::from_object(block)
            .unwrap()
            .validate_in(&Environment::of::<&str, &str>([]), &mut found);
        let [notified] = found.0.as_slice() else { panic!("{found:?}") };
        assert_eq!(notified.path.to_string(), path.join("."));
        assert!(notified.detail.contains("http://localhost:8089"), "{}", notified.detail);
    }
    let mut found = Diagnostics::new();
    let block = block_with(&["endpoints", "oss"], "oss-cn-hangzhou-internal.aliyuncs.com");
    ProviderConfig::from_object(block).unwrap().validate_in(&Environment::of::<&str, &str>([]), &mut found);
    assert_eq!(found, Diagnostics::new(), "a bare host is fine");
}

/// An empty list of accounts admits all of them, as no list does, and is told.
#[test]
fn an_empty_list_of_allowed_accounts_is_none_with_a_warning() {
    let attributes = ProviderConfig::attributes();
    let with = |name: &str| {
        let mut config = ProviderConfig::default().to_object();
        config.insert(name.to_owned(), Value::List(Vec::new()));
        config
    };
    let written = with("allowed_account_ids");
    let mut found = Diagnostics::new();
    plugin::check::object(&attributes, &written, &plugin::Path::root(), &mut found);
    assert!(!found.has_error() && found.0.len() == 1, "{found:?}");
    assert!(found.0[0].detail.contains("may touch every account"), "{found:?}");
    let config = ProviderConfig::from_object(plugin::unset::config(&attributes, written)).unwrap();
    assert!(config.allowed_account_ids.is_null());
    let mut found = Diagnostics::new();
    plugin::check::object(&attributes, &with("forbidden_account_ids"), &plugin::Path::root(), &mut found);
    assert_eq!(found, Diagnostics::new());
}

#[tokio::test]
async fn the_site_of_the_account_is_an_argument_or_a_variable() {
    let home = Home::new();
    let home = ("HOME".to_owned(), home.path());
    let with = |text: &str| vec![home.clone(), (ACCOUNT_TYPE[0].to_owned(), text.to_owned())];
    let is_international = async |block: &Object, environment: &[(String, String)]| {
        let notified = outcome(block, environment).await;
        assert!(!notified.contains("Diagnostic"), "{notified}");
        notified.contains("international: true")
    };
    assert!(!is_international(&Object::new(), std::slice::from_ref(&home)).await);
    assert!(is_international(&Object::new(), &with("international")).await);
    assert!(!is_international(&block_with(&["account_type"], "Domestic"), &with("International")).await);
    assert!(
        is_international(&block_with(&["account_type"], "International"), std::slice::from_ref(&home)).await
    );
    let notified = outcome(&Object::new(), &with("any_region")).await;
    assert!(
        notified.contains("ALIBABA_CLOUD_ACCOUNT_TYPE is") && notified.contains("Domestic or International"),
        "{notified}"
    );
}
