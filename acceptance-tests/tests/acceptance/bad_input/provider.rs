//! The provider block and what it finds around it.

use serde_json::json;

use super::Case;

pub(super) const CASES: &[Case] = &[
    Case::provider("region: missing", "", |fixture| fixture.workspace.unset("ALIBABA_CLOUD_REGION")),
    Case::provider("region: not a region", "region = \"hangzhou\"", |_| {}),
    Case::provider("access key: unknown", "", |fixture| {
        fixture.workspace.set("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAInosuchkey0000000");
    }),
    Case::provider("access key: wrong secret", "", |fixture| {
        fixture.workspace.set("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "not-the-secret");
    }),
    Case {
        in_plan: true,
        ..Case::provider("access key: the token has expired", "", |fixture| {
            // The mock's tokens last for an hour at least, so its answer to an older one is ordered.
            fixture
                .cloud
                .set_faults(&json!([{"kind": "server_error", "action": "GetCallerIdentity", "status": 400,
                "code": "InvalidSecurityToken.Expired", "message": "Specified SecurityToken is expired."}]));
        })
    },
    Case {
        in_plan: true,
        ..Case::provider("endpoint: https for what speaks plain HTTP", "", |fixture| {
            let url = fixture.cloud.endpoint_url.replace("http://", "https://");
            fixture.workspace.set("ALITRAIL_ENDPOINT_URL", url);
        })
    },
    Case::provider("access key: secret missing", "", |fixture| {
        fixture.workspace.unset("ALIBABA_CLOUD_ACCESS_KEY_SECRET");
    }),
    Case::provider("credentials: none at all", "", |fixture| {
        fixture.workspace.unset("ALIBABA_CLOUD_ACCESS_KEY_ID");
        fixture.workspace.unset("ALIBABA_CLOUD_ACCESS_KEY_SECRET");
        let home = fixture.path().to_owned();
        fixture.workspace.set("HOME", home);
    }),
    Case::provider("profile: unknown", "profile = \"no-such-profile\"", |fixture| {
        fixture.workspace.unset("ALIBABA_CLOUD_ACCESS_KEY_ID");
        fixture.workspace.unset("ALIBABA_CLOUD_ACCESS_KEY_SECRET");
        let profiles = json!({"current": "default", "profiles": [{"name": "default", "mode": "AK"}]});
        fixture.write("profiles.json", &profiles.to_string());
        fixture.workspace.set("ALIBABA_CLOUD_CREDENTIALS_FILE", "profiles.json");
    }),
    Case::provider("profile: the file is not JSON", "profile = \"default\"", |fixture| {
        fixture.write("profiles.json", "{\"profiles\": [");
        fixture.workspace.set("ALIBABA_CLOUD_CREDENTIALS_FILE", "profiles.json");
    }),
    Case::provider(
        "endpoint: plain http to another host",
        "endpoint_url = \"http://192.0.2.1:8080\"",
        |_| {},
    ),
    Case::provider(
        "endpoint: nobody listens",
        "endpoint_url = \"http://127.0.0.1:9\"\n  max_retries = 0",
        |_| {},
    ),
    Case::provider("endpoint: not an address", "endpoint_url = \"no address\"", |_| {}),
    Case::provider("endpoint: no scheme", "endpoint_url = \"127.0.0.1:8089\"", |_| {}),
    Case::provider("endpoint: no scheme, in the environment", "", |fixture| {
        fixture.workspace.set("ALITRAIL_ENDPOINT_URL", "127.0.0.1:8089");
    }),
    Case::provider(
        "endpoint: no scheme for services on this machine",
        "endpoints {\n    sts = \"localhost:8089\"\n    oss = \"127.0.0.1:8089\"\n    ram = \"[::1]:8089\"\n  }",
        |_| {},
    ),
    Case::provider("access key: half of two pairs", "", |fixture| {
        fixture.workspace.unset("ALIBABA_CLOUD_ACCESS_KEY_SECRET");
        fixture.workspace.set("ALICLOUD_SECRET_KEY", "not-the-secret");
    }),
    Case::provider("profile: the current one does not exist", "", |fixture| {
        fixture.workspace.set("ALIBABA_CLOUD_ACCESS_KEY_ID", "");
        fixture.workspace.set("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "");
        let profiles = json!({"current": "gone", "profiles": [{"name": "default", "mode": "AK"}]});
        fixture.write("profiles.json", &profiles.to_string());
        fixture.workspace.set("ALIBABA_CLOUD_CREDENTIALS_FILE", "profiles.json");
    }),
    Case::provider("profile: a region that does not exist", "profile = \"default\"", |fixture| {
        let profiles = json!({"profiles": [{"name": "default", "mode": "AK", "access_key_id": "LTAI",
            "access_key_secret": "not-the-secret", "region_id": "cn-hangzou"}]});
        fixture.write("profiles.json", &profiles.to_string());
        fixture.workspace.set("ALIBABA_CLOUD_CREDENTIALS_FILE", "profiles.json");
        fixture.workspace.unset("ALIBABA_CLOUD_REGION");
    }),
    Case::provider("account: not allowed", "allowed_account_ids = [\"1000000000009999\"]", |_| {}),
    Case::provider("clock: a quarter of an hour off", "", |fixture| {
        // The mock shares this machine's clock, so its answer to a wrong one is ordered.
        fixture
            .cloud
            .set_faults(&json!([{"kind": "server_error", "status": 400, "code": "InvalidTimeStamp.Expired",
            "message": "Specified time stamp or date value is expired."}]));
    }),
];
