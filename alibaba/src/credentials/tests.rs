use super::*;

async fn find(sources: Sources) -> Result<Credentials, CredentialsError> {
    Chain::new(sources).credentials().await
}

fn environment(variables: &[(&str, &str)]) -> Sources {
    Sources { environment: Environment::of(variables.iter().copied()), ..Sources::default() }
}

const CONFIG: &str = r#"{"current":"ops","profiles":[
    {"name":"default","mode":"AK","access_key_id":"file-id","access_key_secret":"file-secret","region_id":"cn-hangzhou"},
    {"name":"session","mode":"StsToken","access_key_id":"sts-id","access_key_secret":"sts-secret","sts_token":"sts-token"},
    {"name":"instance","mode":"EcsRamRole","ram_role_name":"r"},
    {"name":"half","mode":"AK","access_key_id":"half-id","access_key_secret":""}]}"#;

/// A home directory with a profile file in it, and an environment that points there.
fn home() -> (tempfile::TempDir, String) {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join(".aliyun")).unwrap();
    std::fs::write(home.path().join(".aliyun/config.json"), CONFIG).unwrap();
    let path = home.path().display().to_string();
    (home, path)
}

#[tokio::test]
async fn typed_keys_go_before_the_environment() {
    let mut sources =
        environment(&[("ALICLOUD_ACCESS_KEY", "env-id"), ("ALICLOUD_SECRET_KEY", "env-secret")]);
    assert_eq!(find(sources.clone()).await.unwrap(), Credentials::new("env-id", "env-secret"));
    sources.access_key_id = Some("id".into());
    sources.secret = Some("secret".into());
    assert_eq!(find(sources).await.unwrap(), Credentials::new("id", "secret"));
}

#[tokio::test]
async fn every_environment_name_works_and_the_first_wins() {
    for at in 0..3 {
        let sources =
            environment(&[(ACCESS_KEY_ID[at], "id"), (SECRET[at], "secret"), (SECURITY_TOKEN[at], "token")]);
        assert_eq!(find(sources).await.unwrap(), Credentials::new("id", "secret").with_token("token"));
    }
    let all: Vec<(&str, &str)> = ACCESS_KEY_ID
        .iter()
        .zip(["1", "2", "3"])
        .chain(SECRET.iter().zip(["a", "b", "c"]))
        .map(|(n, v)| (*n, v))
        .collect();
    assert_eq!(find(environment(&all)).await.unwrap(), Credentials::new("1", "a"));
}

#[tokio::test]
async fn half_a_pair_is_an_error_that_names_the_other_half() {
    let error = find(environment(&[("ALIBABA_CLOUD_ACCESS_KEY_ID", "id")])).await.unwrap_err().to_string();
    assert!(error.contains("ALIBABA_CLOUD_ACCESS_KEY_SECRET is not"), "{error}");
    let typed = Sources { secret: Some("hidden-value".into()), ..environment(&[]) };
    let error = find(typed).await.unwrap_err().to_string();
    assert!(error.contains("the argument access_key is not") && !error.contains("hidden-value"), "{error}");
}

#[tokio::test]
async fn profiles_are_found_by_argument_environment_and_default() {
    let (_keep, home) = home();
    let default = find(environment(&[("HOME", &home)])).await.unwrap();
    assert_eq!(default, Credentials::new("file-id", "file-secret"));
    let named = find(environment(&[("HOME", &home), ("ALIBABA_CLOUD_PROFILE", "session")])).await.unwrap();
    assert_eq!(named, Credentials::new("sts-id", "sts-secret").with_token("sts-token"));
    // A profile that was typed goes before key variables that happen to be set.
    let mut sources =
        environment(&[("HOME", &home), ("ALICLOUD_ACCESS_KEY", "e"), ("ALICLOUD_SECRET_KEY", "e")]);
    sources.profile = Some("session".into());
    assert_eq!(find(sources).await.unwrap().access_key_id, "sts-id");
    let file = format!("{home}/.aliyun/config.json");
    let by_file = find(environment(&[("ALICLOUD_SHARED_CREDENTIALS_FILE", &file)])).await.unwrap();
    assert_eq!(by_file, default);
    let tilde =
        Sources { credentials_file: Some("~/.aliyun/config.json".into()), ..environment(&[("HOME", &home)]) };
    assert_eq!(find(tilde).await.unwrap(), default);
}

#[tokio::test]
async fn profile_errors_say_what_to_do_and_show_no_secret() {
    let (_keep, home) = home();
    let ask = |profile: &str| Sources { profile: Some(profile.into()), ..environment(&[("HOME", &home)]) };
    for (profile, expected) in [
        ("prod", "the profiles there are: default, session, instance, half"),
        ("instance", "its mode \"EcsRamRole\" is not supported here; AK and StsToken are"),
        ("half", "access_key_secret is empty"),
    ] {
        let error = find(ask(profile)).await.unwrap_err().to_string();
        assert!(error.contains(expected) && error.contains(profile), "{error}");
        for secret in ["file-secret", "sts-secret", "sts-token"] {
            assert!(!error.contains(secret), "{error}");
        }
    }
    let nowhere = find(environment(&[("HOME", "/nonexistent")])).await.unwrap_err();
    assert!(matches!(nowhere, CredentialsError::NotFound { .. }), "{nowhere}");
    let named = Sources { credentials_file: Some("/nonexistent/c.json".into()), ..environment(&[]) };
    let error = find(named).await.unwrap_err().to_string();
    assert!(error.contains("/nonexistent/c.json (the argument shared_credentials_file)"), "{error}");
}

#[tokio::test]
async fn a_broken_file_is_not_quoted() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("c.json");
    std::fs::write(&path, r#"{"profiles":[{"name":"default","access_key_secret":"do-not-show" oops"#)
        .unwrap();
    let error =
        find(Sources { credentials_file: Some(path), ..environment(&[]) }).await.unwrap_err().to_string();
    assert!(error.contains("line 1") && !error.contains("do-not-show"), "{error}");
}

#[test]
fn debug_output_hides_everything() {
    let keys = Credentials::new("LTAIexample", "s3cr3t-value").with_token("t0ken-value");
    assert_eq!(format!("{keys:?}"), "Credentials(temporary, [redacted])");
}
