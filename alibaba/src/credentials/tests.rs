use std::path::PathBuf;

use super::*;

async fn find(sources: Sources) -> Result<Credentials, CredentialsError> {
    Chain::new(sources).credentials().await
}

/// Without the metadata service: no test asks that of the machine that it runs on.
fn environment(variables: &[(&str, &str)]) -> Sources {
    let disabled = [(METADATA_DISABLED, "true")];
    let environment = Environment::of(variables.iter().copied().chain(disabled));
    Sources { environment, ..Sources::default() }
}

const CONFIG: &str = r#"{"current":"ops","profiles":[
    {"name":"ops","mode":"AK","access_key_id":"ops-id","access_key_secret":"ops-secret","region_id":"cn-shanghai"},
    {"name":"default","mode":"AK","access_key_id":"file-id","access_key_secret":"file-secret","region_id":"cn-hangzhou"},
    {"name":"session","mode":"StsToken","access_key_id":"sts-id","access_key_secret":"sts-secret","sts_token":"sts-token"},
    {"name":"browser","mode":"OAuth"},
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
async fn every_naming_family_works_and_the_first_that_is_set_counts() {
    for names in KEYS {
        let variables: Vec<_> = names.into_iter().zip(["id", "secret", "token"]).collect();
        let found = find(environment(&variables)).await.unwrap();
        assert_eq!(found, Credentials::new("id", "secret").with_token("token"));
    }
    let all: Vec<(&str, &str)> = KEYS
        .iter()
        .zip([["1", "a"], ["2", "b"], ["3", "c"]])
        .flat_map(|(n, v)| n.iter().copied().zip(v))
        .collect();
    assert_eq!(find(environment(&all)).await.unwrap(), Credentials::new("1", "a"));
}

#[tokio::test]
async fn keys_of_two_families_are_never_mixed() {
    for (at, names) in KEYS.iter().enumerate() {
        for (other, others) in KEYS.iter().enumerate().filter(|(other, _)| *other != at) {
            // Id, secret and token in every way over two families.
            for split in [[0, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]] {
                let name = |part: usize| if split[part] == 0 { names[part] } else { others[part] };
                let variables = [(name(0), "id"), (name(1), "secret"), (name(2), "token")];
                let complete_first = split[0] == split[1];
                match find(environment(&variables)).await {
                    Ok(found) => {
                        assert!(complete_first && at < other, "{variables:?}");
                        assert_eq!(found, Credentials::new("id", "secret"), "{variables:?}");
                    }
                    Err(error) => {
                        let error = error.to_string();
                        assert!(!complete_first || other < at, "{error}");
                        assert!(
                            variables.iter().any(|(name, _)| error.contains(&format!("{name} is set but"))),
                            "{error}"
                        );
                    }
                }
            }
        }
    }
    // The keys of the arguments are a family of their own too.
    let keys = [("ALICLOUD_ACCESS_KEY", "e"), ("ALICLOUD_SECRET_KEY", "e")];
    for sources in [
        Sources { access_key_id: Some("id".into()), ..environment(&keys) },
        Sources { secret: Some("secret".into()), ..environment(&keys) },
        Sources { security_token: Some("token".into()), ..environment(&keys) },
    ] {
        let error = find(sources).await.unwrap_err();
        assert!(matches!(error, CredentialsError::Incomplete { .. }), "{error}");
    }
}

#[tokio::test]
async fn what_is_missing_of_a_key_pair_is_named() {
    for [id, secret, token] in KEYS {
        for (set, missing) in [(id, secret), (secret, id), (token, id)] {
            let error = find(environment(&[(set, "hidden-value")])).await.unwrap_err().to_string();
            let expected = format!(
                "the environment variable {set} is set but the environment variable {missing} is not."
            );
            assert!(error.starts_with(&expected) && !error.contains("hidden-value"), "{error}");
        }
    }
    let typed = Sources { secret: Some("hidden-value".into()), ..environment(&[]) };
    let error = find(typed).await.unwrap_err().to_string();
    assert!(error.contains("the access key id is not") && !error.contains("hidden-value"), "{error}");
}

#[tokio::test]
async fn empty_texts_are_unset() {
    let (_keep, home) = home();
    let keys = [("HOME", home.as_str()), ("ALICLOUD_ACCESS_KEY", "e"), ("ALICLOUD_SECRET_KEY", "e")];
    let empty = Sources {
        access_key_id: Some(String::new()),
        secret: Some("".into()),
        security_token: Some("".into()),
        profile: Some(String::new()),
        credentials_file: Some(PathBuf::new()),
        ..environment(&keys)
    };
    assert_eq!(find(empty).await.unwrap(), Credentials::new("e", "e"), "the keys of the environment count");
    let variables = [("HOME", home.as_str()), ("ALICLOUD_PROFILE", ""), ("ALIBABA_CLOUD_PROFILE", "session")];
    assert_eq!(find(environment(&variables)).await.unwrap().access_key_id, "sts-id");
}

#[tokio::test]
async fn profiles_are_found_by_argument_environment_current_and_default() {
    let (_keep, home) = home();
    let current = find(environment(&[("HOME", &home)])).await.unwrap();
    assert_eq!(current, Credentials::new("ops-id", "ops-secret"));
    let file = format!("{home}/.aliyun/config.json");
    let with =
        |replaced: &str| std::fs::write(&file, CONFIG.replace(r#""current":"ops""#, replaced)).unwrap();
    for nobody in [r#""meta_path":"x""#, r#""current":"""#, r#""current":null"#] {
        with(nobody);
        let default = find(environment(&[("HOME", &home)])).await.unwrap();
        assert_eq!(default, Credentials::new("file-id", "file-secret"), "{nobody}");
    }
    with(r#""current":"gone""#);
    let error = find(environment(&[("HOME", &home)])).await.unwrap_err().to_string();
    assert!(error.contains("there is no profile \"gone\" (named as current there)"), "{error}");
    with(r#""current":"ops""#);
    let named = find(environment(&[("HOME", &home), ("ALIBABA_CLOUD_PROFILE", "session")])).await.unwrap();
    assert_eq!(named, Credentials::new("sts-id", "sts-secret").with_token("sts-token"));
    // A profile that was typed goes before key variables that happen to be set.
    let mut sources =
        environment(&[("HOME", &home), ("ALICLOUD_ACCESS_KEY", "e"), ("ALICLOUD_SECRET_KEY", "e")]);
    sources.profile = Some("session".into());
    assert_eq!(find(sources.clone()).await.unwrap().access_key_id, "sts-id");
    let by_file = find(environment(&[("ALICLOUD_SHARED_CREDENTIALS_FILE", &file)])).await.unwrap();
    assert_eq!(by_file, current);
    let tilde =
        Sources { credentials_file: Some("~/.aliyun/config.json".into()), ..environment(&[("HOME", &home)]) };
    assert_eq!(find(tilde).await.unwrap(), current);
    // So does a file that was named; a profile in a variable does not.
    sources.profile = None;
    assert_eq!(find(sources.clone()).await.unwrap().access_key_id, "e");
    sources.credentials_file = Some(file.into());
    assert_eq!(find(sources).await.unwrap(), current);
    let variables =
        [("ALICLOUD_PROFILE", "session"), ("ALICLOUD_ACCESS_KEY", "e"), ("ALICLOUD_SECRET_KEY", "e")];
    assert_eq!(find(environment(&variables)).await.unwrap().access_key_id, "e");
}

#[tokio::test]
async fn a_region_comes_with_the_profile_that_is_used() {
    let (_keep, home) = home();
    let region = async |sources: Sources| Chain::new(sources).region().await.unwrap().map(|region| region.id);
    let file = environment(&[("HOME", &home)]);
    assert_eq!(region(file.clone()).await.as_deref(), Some("cn-shanghai"), "of the current one");
    let named = Sources { profile: Some("default".into()), ..file.clone() };
    assert_eq!(region(named).await.as_deref(), Some("cn-hangzhou"));
    assert_eq!(region(Sources { profile: Some("session".into()), ..file }).await, None, "it has none");
    let keys = [("HOME", home.as_str()), ("ALICLOUD_ACCESS_KEY", "e"), ("ALICLOUD_SECRET_KEY", "e")];
    assert_eq!(region(environment(&keys)).await, None, "the profile is not used");
}

#[tokio::test]
async fn profile_errors_say_what_to_do_and_show_no_secret() {
    let (_keep, home) = home();
    let ask = |profile: &str| Sources { profile: Some(profile.into()), ..environment(&[("HOME", &home)]) };
    for (profile, expected) in [
        ("prod", "the profiles there are: ops, default, session, browser, half"),
        ("browser", "its mode \"OAuth\" is not supported here; AK, StsToken"),
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
    assert!(error.contains("/nonexistent/c.json (the path given for it)"), "{error}");
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
