//! What goes out, and what of it is shown.

use super::*;

#[tokio::test]
async fn the_real_host_path_and_signature_go_to_the_forced_address() {
    let server = Server::start(vec![GOOD]).await;
    server.client().send(&request("GetTrailStatus")).await.unwrap();
    let seen = &server.seen()[0];
    assert_eq!(seen.host, "actiontrail.cn-hangzhou.aliyuncs.com");
    assert_eq!(seen.path, "/?Name=audit-trail");
    assert!(
        seen.authorization
            .starts_with("ACS3-HMAC-SHA256 Credential=LTAI-key-id,SignedHeaders=host;x-acs-accesskey-id;")
    );
}

#[tokio::test]
async fn buckets_and_projects_are_part_of_the_host() {
    let server = Server::start(vec![GOOD; 4]).await;
    let client = server.client();
    let key = crate::oss::Upload { key: "a b/审+1.gz".into(), upload_id: "U/1".into() };
    client.oss("cn-hangzhou").abort_multipart_upload("audit-logs", &key).await.unwrap();
    // A set without rules is a removal: the service refuses an empty one.
    client.oss("cn-hangzhou").put_bucket_lifecycle("audit-logs", &[], false).await.unwrap();
    client.sls("us-west-1").delete_logstore("audit-prj", "audit").await.unwrap();
    client.sls("us-west-1").list_projects("aud it").await.unwrap();
    let seen: Vec<_> = server.seen().into_iter().map(|seen| (seen.method, seen.host, seen.path)).collect();
    let expected = [
        ("DELETE", "audit-logs.oss-cn-hangzhou.aliyuncs.com", "/a%20b/%E5%AE%A1%2B1.gz?uploadId=U%2F1"),
        ("DELETE", "audit-logs.oss-cn-hangzhou.aliyuncs.com", "/?lifecycle"),
        ("DELETE", "audit-prj.us-west-1.log.aliyuncs.com", "/logstores/audit"),
        ("GET", "us-west-1.log.aliyuncs.com", "/?projectName=aud%20it&offset=0&size=500"),
    ];
    assert_eq!(
        seen,
        expected.map(|(method, host, path)| (method.to_owned(), host.to_owned(), path.to_owned()))
    );
}

#[tokio::test]
async fn sls_is_signed_as_chosen_and_else_as_its_endpoint_is_sure_to_accept() {
    let dedicated = "cn-hangzhou-acdr-ut-3.log.aliyuncs.com";
    for (host, chosen, begins) in [
        (None, None, "LOG LTAI-key-id:"),
        (None, Some(SlsSignature::V4), "SLS4-HMAC-SHA256 Credential=LTAI-key-id/"),
        (Some(dedicated), None, "SLS4-HMAC-SHA256 Credential=LTAI-key-id/"),
        (Some(dedicated), Some(SlsSignature::V1), "LOG LTAI-key-id:"),
    ] {
        let server = Server::start(vec![GOOD]).await;
        let mut config = server.config();
        config.sls_signature = chosen;
        config.endpoints.overrides.extend(host.map(|host| (Service::Sls, host.to_owned())));
        Client::new(config).unwrap().sls("cn-hangzhou").list_projects("audit").await.unwrap();
        let signed = &server.seen()[0].authorization;
        assert!(signed.starts_with(begins), "{host:?} {chosen:?}: {signed}");
        assert_eq!(host.is_some() && chosen.is_none(), signed.contains("/cn-hangzhou-acdr-ut-3/sls/"));
    }
}

#[tokio::test]
async fn plain_http_to_another_machine_is_refused_before_anything_happens() {
    let mut config = Config::new(Credentials::new("id", "secret"));
    config.endpoints.endpoint_url = Some("http://192.0.2.1:80".into());
    assert!(matches!(Client::new(config), Err(EndpointError::PlainHttp { .. })));
}

#[tokio::test]
async fn the_identity_is_asked_once_and_failures_are_not_kept() {
    let denied = Step::Answer(403, r#"{"Code":"NoPermission","Message":"m"}"#);
    let known = Step::Answer(200, r#"{"AccountId":"1234567890123456","IdentityType":"Account"}"#);
    let server = Server::start(vec![denied, known]).await;
    let client = server.client();
    assert!(client.caller_identity().await.unwrap_err().is_denied());
    let (first, second) = tokio::join!(client.account_id(), client.account_id());
    assert_eq!((first.unwrap().as_str(), second.unwrap().as_str()), ("1234567890123456", "1234567890123456"));
    assert_eq!(server.seen().len(), 2);
    assert_eq!(server.seen()[0].host, "sts.aliyuncs.com");
}

#[tokio::test]
async fn concurrent_lists_of_trails_are_one_request() {
    let list = Step::Answer(
        200,
        r#"{"TrailList":[{"Name":"audit-trail","HomeRegion":"cn-hangzhou","Status":"Enable"}]}"#,
    );
    let server = Server::start(vec![list.clone(), GOOD, list]).await;
    let trails = server.client().actiontrail("cn-hangzhou");
    let which = crate::actiontrail::DescribeTrails::default();
    let (a, b, c) = tokio::join!(
        trails.describe_trails(which),
        trails.described_trails(which, Duration::from_secs(60)),
        trails.describe_trails(which)
    );
    assert_eq!(a.unwrap()[0].name, "audit-trail");
    assert_eq!((b.unwrap().len(), c.unwrap().len()), (1, 1));
    trails.described_trails(which, Duration::from_secs(60)).await.unwrap();
    assert_eq!(server.seen().len(), 1);
    trails.start_logging("audit-trail").await.unwrap();
    trails.describe_trails(which).await.unwrap();
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn neither_logs_nor_errors_nor_debug_output_hold_secrets() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let echo =
        r#"{"Code":"SignatureDoesNotMatch","Message":"server string to sign is:POST&the-token&LTAI-key-id"}"#;
    let server = Server::start(vec![THROTTLED, Step::Answer(400, echo)]).await;
    let client = server.client();
    let error = ticking(client.send(&request("GetTrailStatus"))).await.unwrap_err();
    let authorization = server.seen()[0].authorization.clone();
    let signature = authorization.rsplit('=').next().unwrap();
    let logged = log.take();
    assert!(logged.contains("GetTrailStatus") && logged.contains("Throttling.User"), "{logged}");
    let shown = format!("{logged} {error} {error:?} {client:?} {:?}", client.config());
    for secret in ["the-secret-value", "the-token", "LTAI-key-id", signature] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
