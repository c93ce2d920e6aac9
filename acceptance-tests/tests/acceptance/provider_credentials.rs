//! Where the provider block says that credentials come from: roles, identity tokens, the instance, an address; and what a
//! user is told where one of them fails.

use base64::Engine;

use acceptance_tests::{Cloud, Fixture, full};
use serde_json::{Value, json};

const USER_KEY: &str = "LTAI0000000000000user";
const USER_SECRET: &str = "user-secret-of-the-test-0000001";
const ME: &str = "data \"alitrail_caller_identity\" \"me\" {}\n";

fn provider(arguments: &str) -> String {
    format!(
        "terraform {{\n  required_providers {{\n    alitrail = {{\n      source = \"alitrail/alitrail\"\n    }}\n  \
         }}\n}}\n\nprovider \"alitrail\" {{\n{arguments}}}\n"
    )
}

fn trust(principal: &Value, condition: &Value) -> Value {
    let mut statement = json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal});
    if !condition.is_null() {
        statement["Condition"] = condition.clone();
    }
    json!({"Version": "1", "Statement": [statement]})
}

/// Makes a role and gives its ARN.
fn role(cloud: &Cloud, account: &str, name: &str, trust: &Value) -> String {
    let document = json!({"role_id": format!("3000{account}"), "assume_role_policy_document": trust.to_string(),
        "max_session_duration": 3600, "create_date": "2026-01-01T00:00:00Z", "policies": ["AdministratorAccess"]});
    cloud.put(&format!("accounts/{account}/ram/roles/{name}"), &document).unwrap();
    format!("acs:ram::{account}:role/{name}")
}

/// A cloud with a member account, where the environment has the keys of a RAM user of the main account: those of a root
/// account assume no role.
fn fixture() -> (Fixture, String) {
    let cloud = Cloud::with(&["--accounts", "2"]);
    let account = cloud.account_id.clone();
    let members = cloud.get("accounts").unwrap();
    let member = members.as_object().unwrap().keys().find(|id| **id != account).unwrap().clone();
    let key = json!({"account": account, "secret": USER_SECRET, "principal": {"type": "user", "name": "ci"}});
    cloud.put(&format!("access_keys/{USER_KEY}"), &key).unwrap();
    let mut fixture = Fixture::with_cloud(&full(), cloud);
    fixture.workspace.set("ALIBABA_CLOUD_ACCESS_KEY_ID", USER_KEY);
    fixture.workspace.set("ALIBABA_CLOUD_ACCESS_KEY_SECRET", USER_SECRET);
    fixture.configure(ME);
    (fixture, member)
}

/// The identity that Terraform has in the end.
fn identity(fixture: &Fixture) -> Value {
    fixture.apply();
    let state = fixture.workspace.state().unwrap();
    json!(state["data.alitrail_caller_identity.me"])
}

/// What a plan that has to fail says, which is nothing of a secret.
fn refused(fixture: &Fixture) -> String {
    let told = fixture.fail(&["plan", "-no-color"]);
    for secret in [USER_SECRET, "hidden"] {
        assert!(!told.contains(secret), "{told}");
    }
    told
}

/// A JSON web token, whose signature the mock takes for granted.
fn token(ends: i64) -> String {
    let claims =
        json!({"iss": "https://ci.example.com", "sub": "repo:acme/audit", "aud": "alitrail", "exp": ends});
    let encode = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.{}", encode("{}"), encode(&claims.to_string()), encode("hidden-signature"))
}

/// The environment has no keys, and the mock is the machine's metadata service.
fn without_keys(fixture: &mut Fixture) {
    fixture.workspace.unset("ALIBABA_CLOUD_ACCESS_KEY_ID");
    fixture.workspace.unset("ALIBABA_CLOUD_ACCESS_KEY_SECRET");
    let home = fixture.path().to_owned();
    fixture.workspace.set("HOME", home);
    let url = fixture.cloud.endpoint_url.clone();
    fixture.workspace.set("ALITRAIL_ECS_METADATA_URL", url);
}

#[test]
fn roles_of_several_blocks_are_taken_on_one_after_the_other() {
    let (fixture, member) = fixture();
    let account = fixture.cloud.account_id.clone();
    let first = role(
        &fixture.cloud,
        &account,
        "hub",
        &trust(&json!({"RAM": [format!("acs:ram::{account}:root")]}), &Value::Null),
    );
    let second = role(
        &fixture.cloud,
        &member,
        "spoke",
        &trust(&json!({"RAM": [first]}), &json!({"StringEquals": {"sts:ExternalId": "acme-42"}})),
    );
    fixture.write("provider.tf", &provider(&format!("  assume_role {{\n    role_arn = {first:?}\n  }}\n")));
    let me = identity(&fixture);
    assert_eq!(me["arn"], json!(format!("acs:ram::{account}:assumed-role/hub/terraform")), "{me}");

    fixture.write(
        "provider.tf",
        &provider(&format!(
            "  assume_role {{\n    role_arn = {first:?}\n  }}\n  assume_role {{\n    role_arn = {second:?}\n    session_name = \
             \"audit\"\n    session_expiration = 900\n    external_id = \"acme-42\"\n  }}\n"
        )),
    );
    let mark = fixture.cloud.mark();
    let me = identity(&fixture);
    assert_eq!(me["account_id"], json!(member), "{me}");
    assert_eq!(me["arn"], json!(format!("acs:ram::{member}:assumed-role/spoke/audit")), "{me}");
    let assumed =
        fixture.cloud.requests_since(mark).into_iter().filter(|one| one.action == "AssumeRole").count();
    assert!(assumed > 0 && assumed % 2 == 0, "each process takes on both roles once: {assumed}");
}

#[test]
fn a_token_of_an_identity_provider_opens_a_role() {
    let (mut fixture, _) = fixture();
    without_keys(&mut fixture);
    let account = fixture.cloud.account_id.clone();
    let idp = format!("acs:ram::{account}:oidc-provider/ci");
    let condition =
        json!({"StringEquals": {"oidc:aud": ["alitrail"], "oidc:iss": ["https://ci.example.com"]}});
    let role = role(&fixture.cloud, &account, "pipeline", &trust(&json!({"Federated": [idp]}), &condition));
    let file = fixture.path().join("../identity-token");
    std::fs::write(&file, token(4_102_444_800)).unwrap();
    let block = format!(
        "  assume_role_with_oidc {{\n    role_arn = {role:?}\n    oidc_provider_arn = {idp:?}\n    oidc_token_file = {:?}\n    \
         role_session_name = \"job-7\"\n  }}\n",
        file.display().to_string()
    );
    fixture.write("provider.tf", &provider(&block));
    let me = identity(&fixture);
    assert_eq!(me["arn"], json!(format!("acs:ram::{account}:assumed-role/pipeline/job-7")), "{me}");

    std::fs::write(&file, token(1)).unwrap();
    let told = refused(&fixture);
    assert!(told.contains("Expired OIDC token") && told.contains("Get a new one from the IdP"), "{told}");
    std::fs::write(&file, "hidden-text").unwrap();
    let told = refused(&fixture);
    assert!(told.contains("The token is no JSON web token"), "{told}");
    std::fs::remove_file(&file).unwrap();
    let told = refused(&fixture);
    assert!(told.contains("reading the OIDC token file") && told.contains("No such file"), "{told}");
    assert!(
        told.contains("No usable credentials") && told.contains("keep it there until the job ends"),
        "{told}"
    );

    // The variables alone do the same.
    std::fs::write(&file, token(4_102_444_800)).unwrap();
    fixture.workspace.set("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", &idp);
    fixture.workspace.set("ALIBABA_CLOUD_OIDC_TOKEN_FILE", file);
    fixture.workspace.set("ALIBABA_CLOUD_ROLE_ARN", role);
    fixture.write("provider.tf", &provider(""));
    let me = identity(&fixture);
    assert_eq!(me["arn"], json!(format!("acs:ram::{account}:assumed-role/pipeline/terraform")), "{me}");
}

#[test]
fn the_role_of_the_instance_is_used_by_name_or_found() {
    let (mut fixture, _) = fixture();
    without_keys(&mut fixture);
    let account = fixture.cloud.account_id.clone();
    fixture.write("provider.tf", &provider("  ecs_role_name = \"runner\"\n"));
    let told = refused(&fixture);
    assert!(told.contains("Attach a RAM role to the instance") && told.contains("HTTP status 404"), "{told}");
    role(&fixture.cloud, &account, "runner", &trust(&json!({"Service": ["ecs.aliyuncs.com"]}), &Value::Null));
    let expected = json!(format!("acs:ram::{account}:assumed-role/runner/i-mock0000000000000001"));
    assert_eq!(identity(&fixture)["arn"], expected);

    fixture.write("provider.tf", &provider(""));
    let told = refused(&fixture);
    assert!(told.contains("no credentials found"), "the metadata service is switched off: {told}");
    fixture.workspace.unset("ALIBABA_CLOUD_ECS_METADATA_DISABLED");
    assert_eq!(identity(&fixture)["arn"], expected, "found by the metadata service");

    fixture.workspace.set("ALITRAIL_ECS_METADATA_URL", "http://127.0.0.1:9");
    let told = refused(&fixture);
    assert!(told.contains("No usable credentials") && told.contains("no credentials found"), "{told}");
    assert!(told.contains("metadata service (http://127.0.0.1:9) is not there"), "{told}");
    fixture.write("provider.tf", &provider("  ecs_role_name = \"runner\"\n"));
    let told = refused(&fixture);
    assert!(
        told.contains("cannot reach http://127.0.0.1:9/") && told.contains("Only instances of ECS"),
        "{told}"
    );
}

#[test]
fn an_address_gives_credentials() {
    let (mut fixture, member) = fixture();
    without_keys(&mut fixture);
    role(&fixture.cloud, &member, "helped", &trust(&json!({"Service": ["fc.aliyuncs.com"]}), &Value::Null));
    let url = format!("{}/credentials/{member}", fixture.cloud.endpoint_url);
    fixture.write("provider.tf", &provider(&format!("  credentials_uri = \"{url}/helped?key=hidden\"\n")));
    assert_eq!(identity(&fixture)["arn"], json!(format!("acs:ram::{member}:assumed-role/helped/helper")));
    fixture.write("provider.tf", &provider(&format!("  credentials_uri = \"{url}/nobody?key=hidden\"\n")));
    let told = refused(&fixture);
    assert!(told.contains("the credentials URI") && told.contains("answered with HTTP status 404"), "{told}");
}

/// Each fault of the credentials that a role is taken on with has a message of its own, and so have those of the role.
#[test]
fn wrong_values_have_messages_of_their_own() {
    let (mut fixture, _) = fixture();
    let account = fixture.cloud.account_id.clone();
    let root = json!({"RAM": [format!("acs:ram::{account}:root")]});
    let hub = role(&fixture.cloud, &account, "hub", &trust(&root, &Value::Null));
    let closed = role(
        &fixture.cloud,
        &account,
        "closed",
        &trust(&json!({"Service": ["fc.aliyuncs.com"]}), &Value::Null),
    );
    let block = |arn: &str, more: &str| format!("  assume_role {{\n    role_arn = {arn:?}\n{more}  }}\n");
    fixture.write("provider.tf", &provider(&block(&hub, "")));

    fixture.workspace.set("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI000000000000none");
    let told = refused(&fixture);
    assert!(told.contains("Error: Unknown access key") && told.contains(&hub), "{told}");
    assert!(told.contains("Check the access key id for typing errors"), "{told}");
    fixture.workspace.set("ALIBABA_CLOUD_ACCESS_KEY_ID", USER_KEY);

    fixture.workspace.set("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "hidden-wrong-secret-0000000001");
    let told = refused(&fixture);
    assert!(told.contains("Error: Wrong access key secret") && told.contains("Check the secret"), "{told}");
    fixture.workspace.set("ALIBABA_CLOUD_ACCESS_KEY_SECRET", USER_SECRET);

    // The mock's tokens last for an hour at least, so its answer to an older one is ordered.
    fixture.cloud.set_faults(&json!([{"kind": "server_error", "action": "AssumeRole", "status": 400,
        "code": "InvalidSecurityToken.Expired", "message": "Specified SecurityToken is expired."}]));
    let told = refused(&fixture);
    assert!(
        told.contains("Error: Expired security token") && told.contains("Get new temporary credentials"),
        "{told}"
    );
    fixture.cloud.set_faults(&json!([]));

    let nobody = "  max_retries = 0\n  endpoints {\n    sts = \"http://127.0.0.1:9\"\n  }\n";
    fixture.workspace.unset("ALITRAIL_ENDPOINT_URL");
    fixture.write("provider.tf", &provider(&format!("{nobody}{}", block(&hub, ""))));
    let told = refused(&fixture);
    assert!(told.contains("Error: STS cannot be reached") && told.contains("Check the network"), "{told}");
    let url = fixture.cloud.endpoint_url.clone();
    fixture.workspace.set("ALITRAIL_ENDPOINT_URL", url);

    for (block, expected) in [
        (block(&format!("acs:ram::{account}:role/none"), ""), "There is no such role. Check the account id"),
        (block(&closed, ""), "Three things have to be right: the trust policy of the role"),
        (block(&hub, "    session_expiration = 7200\n"), "raise the role's maximum session duration"),
        (block("hub", ""), "\"hub\" is not the ARN of a role. Write acs:ram::"),
        (block(&hub, "    session_expiration = 60\n"), "A session cannot last 60 seconds. Use 900 to 43200"),
        (block(&hub, "    session_name = \"a b\"\n"), "is no session name"),
        (block(&hub, "    policy = \"{\"\n"), "The policy is not JSON"),
        (block(&hub, "    external_id = \"a b\"\n"), "An external id has 2 to 1224 characters"),
    ] {
        fixture.write("provider.tf", &provider(&block));
        let told = refused(&fixture);
        assert!(told.contains(expected), "{block}\n{told}");
    }
}

/// A role that is made in the same configuration: creating is planned without a call, and a call says what is missing.
#[test]
fn a_role_that_is_not_known_yet_plans_what_is_created_and_refuses_calls() {
    let (fixture, _) = fixture();
    fixture.write(
        "provider.tf",
        &format!(
            "{}resource \"terraform_data\" \"role\" {{}}\n",
            provider("  region = \"cn-hangzhou\"\n  assume_role {\n    role_arn = \"acs:ram::1000000000000001:role/${terraform_data.role.id}\"\n  }\n")
        ),
    );
    fixture
        .configure("resource \"alitrail_sls_project\" \"this\" {\n  project_name = \"not-known-yet\"\n}\n");
    let mark = fixture.cloud.mark();
    let plan = fixture.plan(&[]);
    assert_eq!(plan.changes.len(), 2, "{}", plan.summary());
    assert!(fixture.cloud.requests_since(mark).is_empty(), "nothing was called");
    fixture.configure(ME);
    let told = refused(&fixture);
    assert!(
        told.contains("The provider's configuration is not known yet") && told.contains("assume_role"),
        "{told}"
    );
}

/// Keys of the environment lose against every source that the provider block names.
#[test]
fn an_argument_goes_before_the_keys_of_the_environment() {
    let (mut fixture, _) = fixture();
    let account = fixture.cloud.account_id.clone();
    role(&fixture.cloud, &account, "runner", &trust(&json!({"Service": ["ecs.aliyuncs.com"]}), &Value::Null));
    let url = fixture.cloud.endpoint_url.clone();
    fixture.workspace.set("ALITRAIL_ECS_METADATA_URL", &url);
    fixture.workspace.set("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "hidden-wrong-secret-0000000001");
    for (arguments, session) in [
        ("  ecs_role_name = \"runner\"\n".to_owned(), "i-mock0000000000000001"),
        (format!("  credentials_uri = \"{url}/credentials/{account}/runner\"\n"), "helper"),
    ] {
        fixture.write("provider.tf", &provider(&arguments));
        let me = identity(&fixture);
        assert_eq!(me["arn"], json!(format!("acs:ram::{account}:assumed-role/runner/{session}")), "{me}");
    }
}

/// An account of the international site asks another host for its organization.
#[test]
fn an_account_of_the_international_site_has_another_directory_host() {
    let (fixture, member) = fixture();
    fixture.write("provider.tf", &provider("  account_type = \"International\"\n"));
    fixture.configure("data \"alitrail_organization_accounts\" \"all\" {}\n");
    let mark = fixture.cloud.mark();
    fixture.apply();
    let state = fixture.workspace.state().unwrap();
    assert!(json!(state["data.alitrail_organization_accounts.all"]["ids"]).to_string().contains(&member));
    let log = fixture.cloud.get(&format!("requests?since={mark}")).unwrap();
    let asked =
        log["requests"].as_array().unwrap().iter().filter(|entry| entry["service"] == "resourcemanager");
    let hosts: std::collections::BTreeSet<String> =
        asked.map(|entry| entry["host"].as_str().unwrap().to_owned()).collect();
    assert_eq!(hosts, ["resourcedirectory-intl.aliyuncs.com".to_owned()].into());
}
