//! The mock from outside: raw requests over a socket, signed here by hand, and the admin API.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use mock_cloud::Options;
use serde_json::{Value, json};

use support::{CREATE, Cloud, HOST, STS, Signing, cloud, exchange, read_answer};

#[test]
fn a_trail_lives_and_every_request_is_logged() {
    let cloud = cloud();
    let made = cloud.rpc(HOST, "CreateTrail", CREATE).unwrap();
    assert_eq!((made.status, &made.json()["HomeRegion"]), (200, &json!("cn-hangzhou")), "{made:?}");
    assert!(made.head.contains("x-acs-request-id"), "{}", made.head);
    assert_eq!(cloud.rpc(HOST, "StartLogging", "Name=audit-trail").unwrap().status, 200);
    let trails = cloud.rpc(HOST, "DescribeTrails", "").unwrap().json();
    assert_eq!(trails["TrailList"][0]["Status"], "Enable");
    assert_eq!(cloud.rpc(HOST, "StopLogging", "Name=none-such").unwrap().code(), "TrailNotFoundException");
    let path = format!(
        "/v1/accounts/{}/regions/cn-hangzhou/actiontrail/trails/audit-trail",
        cloud.handle().account_id()
    );
    assert_eq!(cloud.admin("PATCH", &path, &json!({ "EventRW": "Read" })).0, 200);
    assert_eq!(cloud.rpc(HOST, "DescribeTrails", "").unwrap().json()["TrailList"][0]["EventRW"], "Read");
    let (_, log) = cloud.admin("GET", "/v1/requests?service=actiontrail&write=true", &Value::Null);
    let actions: Vec<&str> =
        log["requests"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["CreateTrail", "StartLogging", "StopLogging"]);
    let last = &log["requests"][2];
    assert_eq!((&last["status"], &last["code"]), (&json!(404), &json!("TrailNotFoundException")));
    assert_eq!(
        (&last["region"], &last["account"]),
        (&json!("cn-hangzhou"), &json!(cloud.handle().account_id()))
    );
    assert!(!log.to_string().contains(cloud.handle().secret_key()));
    cloud.stop();
}

#[test]
fn requests_that_do_not_prove_who_sent_them_are_refused() {
    let cloud = cloud();
    let refused = |signing: &Signing<'_>| {
        let answer = exchange(&cloud.address(), &cloud.signed(HOST, "DescribeTrails", "", signing)).unwrap();
        (answer.status, answer.code())
    };
    let base = Signing::default();
    assert_eq!(refused(&base), (200, String::new()));
    let wrong = Signing { secret: Some("wrong"), ..Signing::default() };
    assert_eq!(refused(&wrong), (400, "SignatureDoesNotMatch".into()));
    let unknown = Signing { id: Some("nobody"), ..Signing::default() };
    assert_eq!(refused(&unknown), (404, "InvalidAccessKeyId.NotFound".into()));
    let skewed = Signing { skew: Duration::from_secs(16 * 60), ..Signing::default() };
    assert_eq!(refused(&skewed), (400, "InvalidTimeStamp.Expired".into()));
    let once = Signing { nonce: Some("once"), ..Signing::default() };
    assert_eq!(refused(&once), (200, String::new()));
    assert_eq!(refused(&once), (400, "SignatureNonceUsed".into()));
    let (_, log) = cloud.admin("GET", "/v1/requests?since=1", &Value::Null);
    assert_eq!(log["requests"][0]["code"], "SignatureDoesNotMatch");
    assert_eq!(log["requests"][0]["account"], Value::Null);
    cloud.stop();
}

#[test]
fn a_member_account_is_reached_by_its_role() {
    let cloud = Cloud::start(Options { members: 2, ..Options::default() });
    let member = (cloud.handle().account_id().parse::<u64>().unwrap() + 2).to_string();
    let role = format!("acs%3Aram%3A%3A{member}%3Arole%2FResourceDirectoryAccountAccessRole");
    let query = format!("RoleArn={role}&RoleSessionName=tests");
    let answer = cloud.rpc(STS, "AssumeRole", &query).unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    let credentials = &answer.json()["Credentials"];
    let text = |name: &str| credentials[name].as_str().unwrap().to_owned();
    let (id, secret, token) = (text("AccessKeyId"), text("AccessKeySecret"), text("SecurityToken"));
    let as_role = |token: Option<&str>| {
        let signing = Signing { id: Some(&id), secret: Some(&secret), token, ..Signing::default() };
        exchange(&cloud.address(), &cloud.signed(STS, "GetCallerIdentity", "", &signing)).unwrap()
    };
    assert_eq!(as_role(Some(&token)).json()["AccountId"], json!(member));
    assert_eq!(as_role(None).code(), "MissingSecurityToken");
    assert_eq!(as_role(Some("other")).code(), "InvalidSecurityToken.MismatchWithAccessKey");
    let who = cloud.rpc(STS, "GetCallerIdentity", "").unwrap().json();
    assert_eq!(
        (&who["IdentityType"], &who["AccountId"]),
        (&json!("RAMUser"), &json!(cloud.handle().account_id()))
    );
    cloud.stop();
}

#[test]
fn rate_limits_apply_when_switched_on() {
    let cloud = cloud();
    let throttled = || {
        let codes = (0..11).map(|_| cloud.rpc(HOST, "DeleteTrail", "Name=none-such").unwrap().code());
        codes.filter(|code| code == "Throttling.User").count()
    };
    assert_eq!(throttled(), 0);
    assert_eq!(cloud.admin("PUT", "/v1/switches", &json!({ "rate_limits": "on" })).0, 200);
    assert!((0..5).any(|_| throttled() > 0));
    cloud.stop();
}

#[test]
fn the_service_clock_does_not_move_signatures() {
    let cloud = cloud();
    cloud.rpc(HOST, "CreateTrail", CREATE).unwrap();
    cloud.rpc(HOST, "StartLogging", "Name=audit-trail").unwrap();
    let status = || cloud.rpc(HOST, "GetTrailStatus", "Name=audit-trail").unwrap().json();
    assert!(status().get("LatestDeliveryTime").is_none());
    assert_eq!(cloud.admin("POST", "/v1/clock", &json!({ "advance_seconds": 3600 })).0, 200);
    let status = status();
    assert!(status["LatestDeliveryTime"].is_string(), "{status}");
    cloud.stop();
}

#[test]
fn works_as_a_proxy_and_keeps_connections() {
    let cloud = cloud();
    let mut stream = TcpStream::connect(cloud.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    for _ in 0..3 {
        let signing = Signing { proxied: true, ..Signing::default() };
        let request = cloud.signed("actiontrail.us-west-1.aliyuncs.com", "DescribeTrails", "", &signing);
        stream.write_all(request.as_bytes()).unwrap();
        assert_eq!(read_answer(&mut stream).unwrap().status, 200);
    }
    let (_, log) = cloud.admin("GET", "/v1/requests", &Value::Null);
    assert_eq!(log["requests"][2]["region"], "us-west-1");
    cloud.stop();
}

#[test]
fn the_region_of_its_own_address_comes_from_a_parameter_or_the_default() {
    let cloud = Cloud::start(Options { default_region: "eu-central-1".into(), ..Options::default() });
    let address = cloud.address();
    assert_eq!(cloud.rpc(&address, "DescribeTrails", "").unwrap().status, 200);
    assert_eq!(cloud.rpc(&address, "DescribeTrails", "RegionId=us-west-1").unwrap().status, 200);
    let (_, log) = cloud.admin("GET", "/v1/requests", &Value::Null);
    let regions: Vec<&Value> =
        log["requests"].as_array().unwrap().iter().map(|entry| &entry["region"]).collect();
    assert_eq!(regions, [&json!("eu-central-1"), &json!("us-west-1")]);
    cloud.stop();
}

#[test]
fn oss_and_sls_are_reached_at_its_own_address() {
    let cloud = Cloud::start(Options { default_region: "us-west-1".into(), ..Options::default() });
    let made = cloud.oss_v4("cn-beijing", "PUT", "/by-address/").unwrap();
    assert_eq!(made.status, 200, "{made:?}");
    let (_, bucket) = cloud.admin("GET", "/v1/oss/buckets/by-address", &Value::Null);
    assert_eq!(bucket["Location"], "oss-cn-beijing", "the region of the signature");
    assert_eq!(cloud.oss_v4("cn-beijing", "GET", "/by-address/none").unwrap().status, 404);
    assert_eq!(cloud.oss_v4("cn-beijing", "GET", "/").unwrap().body.matches("by-address").count(), 1);
    // An older signature names no region: the default.
    let address = cloud.address();
    let project = r#"{"projectName":"by-address","description":""}"#;
    assert_eq!(cloud.sls_at(&address, "POST", "/", project).unwrap().status, 200);
    let found = cloud.sls_at(&format!("by-address.{address}"), "GET", "/", "").unwrap();
    assert_eq!((found.status, &found.json()["region"]), (200, &json!("us-west-1")));
    cloud.stop();
}

#[test]
fn malformed_requests_get_an_answer_and_leave_the_mock_standing() {
    let cloud = cloud();
    let long = format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(200_000));
    let many: String = (0..500).map(|number| format!("x-{number}: y\r\n")).collect();
    let many = format!("GET / HTTP/1.1\r\nhost: x\r\n{many}\r\n");
    for request in [
        "\u{0}\u{1}\u{2}\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET /%ff HTTP/1.1\r\nhost: b.oss-cn-hangzhou.aliyuncs.com\r\n\r\n",
        "CONNECT actiontrail.cn-hangzhou.aliyuncs.com:443 HTTP/1.1\r\nhost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: unknown.example\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: ecs.aliyuncs.com\r\nauthorization: ACS3-HMAC-SHA256 x\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: actiontrail.cn-hangzhou.aliyuncs.com\r\nauthorization: ACS3-HMAC-SHA256 x\r\n\r\n",
        "PUT /?acl HTTP/1.1\r\nhost: b.oss-cn-hangzhou.aliyuncs.com\r\nauthorization: OSS x\r\ncontent-length: 0\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        &long,
        &many,
    ] {
        let answer = exchange(&cloud.address(), request);
        let status = answer.as_ref().map(|answer| answer.status);
        assert!(status.is_some_and(|status| (400..500).contains(&status)), "{request:.60}: {answer:?}");
    }
    assert_eq!(cloud.rpc(HOST, "DescribeTrails", "").unwrap().status, 200);
    let wrong_version =
        cloud.signed(HOST, "DescribeTrails", "", &Signing::default()).replace("2020-07-06", "2017-12-04");
    assert_eq!(exchange(&cloud.address(), &wrong_version).unwrap().code(), "SignatureDoesNotMatch");
    cloud.stop();
}

#[test]
fn state_is_saved_and_loaded_and_stopping_is_clean() {
    let cloud = cloud();
    cloud.rpc(HOST, "CreateTrail", CREATE).unwrap();
    let saved = serde_json::to_string(&cloud.handle().save()).unwrap();
    let address = cloud.address();
    assert_eq!(cloud.admin("POST", "/v1/stop", &Value::Null).0, 204);
    cloud.runtime.block_on(cloud.handle().stopped());
    cloud.stop();
    assert!(TcpStream::connect(&address).is_err());
    let state = Some(serde_json::from_str(&saved).unwrap());
    let cloud = Cloud::start(Options { state, ..Options::default() });
    let trails = cloud.rpc(HOST, "DescribeTrails", "").unwrap().json();
    assert_eq!(trails["TrailList"][0]["Name"], "audit-trail");
    let ready = serde_json::to_value(cloud.handle().ready()).unwrap();
    for field in ["endpoint_url", "access_key", "secret_key", "account_id", "admin_url"] {
        assert!(ready[field].is_string(), "{field}");
    }
    cloud.stop();
}

#[test]
fn dates_may_have_a_fraction_of_a_second() {
    let cloud = Cloud::start(Options::default());
    let exact = Signing { fraction: true, ..Signing::default() };
    assert_eq!(cloud.ask(HOST, "DescribeTrails", &[], &exact).unwrap().status, 200);
    let skewed = Signing { skew: Duration::from_secs(3600), ..exact };
    assert_eq!(cloud.ask(HOST, "DescribeTrails", &[], &skewed).unwrap().status, 400, "still checked");
    cloud.stop();
}

#[test]
fn hosts_that_are_not_served_answer_in_the_form_of_their_api() {
    let cloud = Cloud::start(Options::default());
    for host in ["ecs.cn-hangzhou.aliyuncs.com", "oss-admin.aliyuncs.com", "cn-hangzhou.log.aliyuncs.com"] {
        let answer = cloud.ask(host, "OpenOssService", &[], &Signing::default()).unwrap();
        assert_eq!((answer.status, answer.code().as_str()), (404, "InvalidProduct.NotFound"), "{answer:?}");
        assert!(answer.json()["RequestId"].is_string() && answer.body.contains(host), "{answer:?}");
        // The older signature, whose default is XML, and a request without one.
        let old = "GET /?Action=OpenOssService&Version=2019-04-22&AccessKeyId=x&SignatureMethod=HMAC-SHA1";
        for (format, start) in [("&Format=JSON", "{"), ("", "<?xml")] {
            let request = format!("{old}{format} HTTP/1.1\r\nhost: {host}\r\n\r\n");
            let answer = exchange(&cloud.address(), &request).unwrap();
            assert!(answer.status == 404 && answer.body.starts_with(start), "{answer:?}");
            assert!(answer.body.contains("InvalidProduct.NotFound"), "{answer:?}");
        }
    }
    let unsigned =
        "GET /?Action=DescribeRegions&Version=2014-05-26&Format=JSON HTTP/1.1\r\nhost: ecs.aliyuncs.com";
    let answer = exchange(&cloud.address(), &format!("{unsigned}\r\n\r\n")).unwrap();
    assert_eq!((answer.status, answer.code().as_str()), (404, "InvalidProduct.NotFound"), "{answer:?}");
    let logs = cloud.sls_at("p1.datahub.aliyuncs.com", "GET", "/logstores", "").unwrap();
    assert_eq!((logs.status, &logs.json()["errorCode"]), (400, &json!("ParameterInvalid")), "{logs:?}");
    cloud.stop();
}

/// In which form an API answers errors.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Form {
    Rpc,
    Oss,
    Sls,
}

#[test]
fn every_method_at_every_host_is_answered_in_the_form_of_an_api() {
    let cloud = Cloud::start(Options::default());
    // The host decides; where none is known, the signature; where there is none either, the form of most products.
    let hosts = [
        ("ecs.cn-hangzhou.aliyuncs.com", None),
        ("location-readonly.aliyuncs.com", None),
        ("service.cn-hangzhou.maxcompute.aliyuncs.com", None),
        ("b.oss-cn-nowhere.aliyuncs.com", Some(Form::Oss)),
        ("oss-admin.aliyuncs.com", Some(Form::Oss)),
        ("p.cn-nowhere.log.aliyuncs.com", Some(Form::Sls)),
        ("example.com", None),
    ];
    let signatures = [
        ("", None),
        ("authorization: acs key:signature\r\n", None),
        (
            "authorization: ACS3-HMAC-SHA256 Credential=key,SignedHeaders=host,Signature=00\r\n",
            Some(Form::Rpc),
        ),
        ("authorization: OSS key:signature\r\n", Some(Form::Oss)),
        (
            "authorization: OSS4-HMAC-SHA256 Credential=key/20260115/cn-hangzhou/oss/aliyun_v4_request\r\n",
            Some(Form::Oss),
        ),
        ("authorization: LOG key:signature\r\n", Some(Form::Sls)),
        ("authorization: SLS4-HMAC-SHA256 Credential:key\r\n", Some(Form::Sls)),
    ];
    for (host, by_host) in hosts {
        for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"] {
            for (signature, by_signature) in signatures {
                let request = format!(
                    "{method} /some/path?Action=OpenService HTTP/1.1\r\nhost: {host}\r\n{signature}connection: close\r\n\
                     content-length: 0\r\n\r\n"
                );
                let answer = whole_answer(&cloud.address(), &request);
                let (head, body) = answer.split_once("\r\n\r\n").unwrap();
                // A product whose host looks like that of a service, asked in another product's way.
                let product = by_host.is_some() && by_signature == Some(Form::Rpc);
                let form = if product { by_signature } else { by_host.or(by_signature) }.unwrap_or(Form::Rpc);
                let status: u16 = head.split(' ').nth(1).unwrap().parse().unwrap();
                assert!((400..500).contains(&status), "{request}{answer}");
                if method == "HEAD" {
                    let in_header = head.to_ascii_lowercase().contains("x-oss-err: ");
                    assert!(
                        body.is_empty() && in_header == (form == Form::Oss),
                        "{form:?} {request}{answer}"
                    );
                    continue;
                }
                let member = match form {
                    Form::Oss => {
                        assert!(head.contains("application/xml"), "{request}{answer}");
                        body.starts_with("<?xml") && body.contains("<Code>") && body.contains("<RequestId>")
                    }
                    Form::Sls => serde_json::from_str::<Value>(body).unwrap()["errorCode"].is_string(),
                    // The default of a request without the newer signature, which need not say that it wants JSON.
                    Form::Rpc if body.starts_with("<?xml") => {
                        body.contains("<Error>") && body.contains("<Code>")
                    }
                    Form::Rpc => serde_json::from_str::<Value>(body).unwrap()["Code"].is_string(),
                };
                assert!(member, "{form:?} {request}{answer}");
            }
        }
    }
    cloud.stop();
}

/// Everything that comes until the connection closes.
fn whole_answer(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_token_of_an_identity_provider_needs_no_signature() {
    let cloud = Cloud::start(Options::default());
    let ask = |action: &str| {
        let head = format!(
            "POST /?Action={action}&Version=2015-04-01&Format=JSON HTTP/1.1\r\nhost: sts.aliyuncs.com\r\n\
             content-length: 0\r\n\r\n"
        );
        exchange(&cloud.address(), &head).unwrap().code()
    };
    assert_eq!(ask("AssumeRoleWithOIDC"), "MissingOIDCProviderArn");
    assert_eq!(ask("AssumeRole"), "MissingAccessKeyId");
    cloud.stop();
}
