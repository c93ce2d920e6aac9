//! Sub-resources of a bucket: what they say unset, what they keep, what they refuse.

use http::Method;

use super::{BUCKET, Cloud};

#[test]
fn unset_settings_answer_as_documented() {
    let mut cloud = Cloud::with_bucket();
    for (target, code) in [
        ("/?lifecycle", "NoSuchLifecycle"),
        ("/?policy", "NoSuchBucketPolicy"),
        ("/?encryption", "NoSuchServerSideEncryptionRule"),
        ("/?worm", "NoSuchWORMConfiguration"),
        ("/?httpsConfig", "NoSuchHttpsConfig"),
        ("/?cors", "NoSuchCORSConfiguration"),
        ("/?website", "NoSuchWebsiteConfiguration"),
        ("/?transferAcceleration", "NoSuchTransferAccelerationConfiguration"),
        ("/?userDefinedLogFieldsConfig", "NoSuchUserDefinedLogFieldsConfig"),
        ("/?objectWorm", "NoSuchObjectWormConfiguration"),
    ] {
        assert_eq!(cloud.get(target).error(), (404, code), "{target}");
    }
    for (target, text) in [
        ("/?logging", "<BucketLoggingStatus/>"),
        ("/?tagging", "<Tagging><TagSet/></Tagging>"),
        ("/?versioning", "<VersioningConfiguration/>"),
        ("/?requestPayment", "<Payer>BucketOwner</Payer>"),
        ("/?accessmonitor", "<Status>Disabled</Status>"),
        (
            "/?referer",
            "<AllowEmptyReferer>true</AllowEmptyReferer><AllowTruncateQueryString>true</AllowTruncateQueryString>",
        ),
        ("/?policyStatus", "<IsPublic>false</IsPublic>"),
        ("/?publicAccessBlock", "<BlockPublicAccess>true</BlockPublicAccess>"),
        ("/?resourceGroup", "<ResourceGroupId>rg-"),
    ] {
        let seen = cloud.get(target).ok();
        assert!(seen.text.contains(text), "{target}: {}", seen.text);
    }
    for target in ["/?lifecycle", "/?policy", "/?encryption", "/?logging", "/?tagging", "/?cors", "/?website"]
    {
        assert_eq!(cloud.delete(target).ok().status, 204, "{target}");
    }
}

#[test]
fn every_setting_needs_its_bucket() {
    let mut cloud = Cloud::new();
    for target in [
        "/?lifecycle",
        "/?policy",
        "/?encryption",
        "/?worm",
        "/?httpsConfig",
        "/?logging",
        "/?tagging",
        "/?versioning",
        "/?accessmonitor",
        "/?publicAccessBlock",
        "/?resourceGroup",
        "/?stat",
        "/?location",
        "/?redundancyTransition",
        "/?versions",
        "/?uploads",
        "/",
    ] {
        assert_eq!(cloud.get(target).error(), (404, "NoSuchBucket"), "{target}");
    }
}

#[test]
fn documents_come_back_as_they_were_put() {
    let mut cloud = Cloud::with_bucket();
    for (target, document) in [
        ("/?versioning", "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>"),
        (
            "/?encryption",
            "<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>KMS</SSEAlgorithm><KMSMasterKeyID>9468da86-3509-4f8d-a61e-6eab1eac0000</KMSMasterKeyID><KMSDataEncryption>SM4</KMSDataEncryption></ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>",
        ),
        (
            "/?httpsConfig",
            "<HttpsConfiguration><TLS><Enable>true</Enable><TLSVersion>TLSv1.2</TLSVersion><TLSVersion>TLSv1.3</TLSVersion></TLS><CipherSuite><Enable>true</Enable><StrongCipherSuite>false</StrongCipherSuite><CustomCipherSuite>ECDHE-RSA-AES128-GCM-SHA256</CustomCipherSuite><TLS13CustomCipherSuite>TLS_AES_256_GCM_SHA384</TLS13CustomCipherSuite></CipherSuite></HttpsConfiguration>",
        ),
        ("/?httpsConfig", "<HttpsConfiguration><TLS><Enable>false</Enable></TLS></HttpsConfiguration>"),
        (
            "/?accessmonitor",
            "<AccessMonitorConfiguration><Status>Enabled</Status></AccessMonitorConfiguration>",
        ),
        (
            "/?tagging",
            "<Tagging><TagSet><Tag><Key>empty</Key><Value/></Tag><Tag><Key>env</Key><Value>prod</Value></Tag></TagSet></Tagging>",
        ),
        (
            "/?logging",
            "<BucketLoggingStatus><LoggingEnabled><TargetBucket>audit-logs-example</TargetBucket><TargetPrefix>oss/</TargetPrefix><LoggingRole>AliyunOSSLoggingDefaultRole</LoggingRole></LoggingEnabled></BucketLoggingStatus>",
        ),
        (
            "/?resourceGroup",
            "<BucketResourceGroupConfiguration><ResourceGroupId>rg-acfmw3ty5yaaaaa</ResourceGroupId></BucketResourceGroupConfiguration>",
        ),
        (
            "/?publicAccessBlock",
            "<PublicAccessBlockConfiguration><BlockPublicAccess>false</BlockPublicAccess></PublicAccessBlockConfiguration>",
        ),
        (
            "/?requestPayment",
            "<RequestPaymentConfiguration><Payer>Requester</Payer></RequestPaymentConfiguration>",
        ),
        (
            "/?transferAcceleration",
            "<TransferAccelerationConfiguration><Enabled>true</Enabled></TransferAccelerationConfiguration>",
        ),
        (
            "/?website",
            "<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument></WebsiteConfiguration>",
        ),
        (
            "/?cors",
            "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule><ResponseVary>false</ResponseVary></CORSConfiguration>",
        ),
        (
            "/?userDefinedLogFieldsConfig",
            "<UserDefinedLogFieldsConfiguration><HeaderSet><header>h1</header></HeaderSet><ParamSet><parameter>p1</parameter></ParamSet></UserDefinedLogFieldsConfiguration>",
        ),
    ] {
        cloud.put(target, document).ok();
        let seen = cloud.get(target).ok();
        assert_eq!(seen.text.split_once("?>\n").unwrap().1, document, "{target}");
        assert_eq!(seen.header("content-type"), "application/xml");
    }
    let info = cloud.get("/?bucketInfo").ok();
    for part in [
        "<Versioning>Suspended</Versioning>",
        "<ServerSideEncryptionRule><SSEAlgorithm>KMS</SSEAlgorithm><KMSMasterKeyID>9468da86-3509-4f8d-a61e-6eab1eac0000</KMSMasterKeyID><KMSDataEncryption>SM4</KMSDataEncryption></ServerSideEncryptionRule>",
        "<BucketPolicy><LogBucket>audit-logs-example</LogBucket><LogPrefix>oss/</LogPrefix></BucketPolicy>",
        "<AccessMonitor>Enabled</AccessMonitor>",
        "<BlockPublicAccess>false</BlockPublicAccess>",
        "<ResourceGroupId>rg-acfmw3ty5yaaaaa</ResourceGroupId>",
    ] {
        assert!(info.text.contains(part), "{part} is not in {}", info.text);
    }
}

#[test]
fn wrong_documents_are_refused() {
    let mut cloud = Cloud::with_bucket();
    let sse = |inner: &str| {
        format!(
            "<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault>{inner}</ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>"
        )
    };
    let tls = |inner: &str| format!("<HttpsConfiguration><TLS>{inner}</TLS></HttpsConfiguration>");
    let tags = |pairs: &[&str]| {
        let tags: String = pairs.iter().map(|key| format!("<Tag><Key>{key}</Key><Value/></Tag>")).collect();
        format!("<Tagging><TagSet>{tags}</TagSet></Tagging>")
    };
    let many: Vec<String> = (0..21).map(|number| format!("k{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let cases = [
        ("/?versioning", "<VersioningConfiguration/>".to_owned(), "InvalidArgument"),
        ("/?versioning", "<VersioningConfiguration><Status>On</Status></VersioningConfiguration>".into(), "MalformedXML"),
        ("/?encryption", sse("<SSEAlgorithm>DES</SSEAlgorithm>"), "InvalidEncryptionAlgorithmError"),
        ("/?encryption", sse("<SSEAlgorithm>AES256</SSEAlgorithm><KMSMasterKeyID>k</KMSMasterKeyID>"), "InvalidArgument"),
        ("/?encryption", sse("<SSEAlgorithm>KMS</SSEAlgorithm><KMSDataEncryption>X</KMSDataEncryption>"), "InvalidDataEncryptionAlgorithmError"),
        ("/?httpsConfig", tls("<Enable>true</Enable>"), "MalformedXML"),
        ("/?httpsConfig", tls("<Enable>true</Enable><TLSVersion>SSLv3</TLSVersion>"), "InvalidArgument"),
        ("/?tagging", tags(&["a", "a"]), "RepeatedTags"),
        ("/?tagging", tags(&["aliyunX"]), "InvalidTag"),
        ("/?tagging", tags(&many), "TooManyTags"),
        ("/?accessmonitor", "<AccessMonitorConfiguration><Status>On</Status></AccessMonitorConfiguration>".into(), "MalformedXML"),
        ("/?resourceGroup", "<BucketResourceGroupConfiguration><ResourceGroupId>x</ResourceGroupId></BucketResourceGroupConfiguration>".into(), "ResourceGroupIdPreCheckError"),
        ("/?policy", "{\"Version\":\"2\"}".into(), "InvalidPolicyDocument"),
        ("/?logging", "<BucketLoggingStatus><LoggingEnabled><TargetBucket>none-there</TargetBucket></LoggingEnabled></BucketLoggingStatus>".into(), "InvalidTargetBucketForLogging"),
    ];
    for (target, document, code) in cases {
        assert_eq!(cloud.put(target, &document).error(), (400, code), "{target} {document}");
    }
}

#[test]
fn named_tags_are_removed_alone() {
    let mut cloud = Cloud::new();
    cloud.with(Method::PUT, "/", &[("x-oss-bucket-tagging", "a=1&b=2&c=3")], "").ok();
    cloud.delete("/?tagging=a,b").ok();
    assert_eq!(cloud.state.buckets[BUCKET].tags.keys().collect::<Vec<_>>(), ["c"]);
    cloud.delete("/?tagging=").ok();
    assert!(cloud.state.buckets[BUCKET].tags.is_empty());
}

/// What the grammar of bucket policies does not have, and what it asks for since 2026.
#[test]
fn policies_that_are_refused() {
    let mut cloud = Cloud::with_bucket();
    cloud.delete("/?publicAccessBlock").ok();
    let statement =
        r#"{"Effect":"Allow","Action":["oss:GetObject"],"Principal":["1"],"Resource":["acs:oss:*:*:x/*"]}"#;
    let policy = |statements: &str| format!(r#"{{"Version":"1","Statement":{statements}}}"#);
    cloud.put("/?policy", &policy(&format!("[{statement}]"))).ok();
    assert_eq!(cloud.put("/?policy", &policy(statement)).error(), (400, "InvalidPolicyDocument"));
    for element in ["Action", "Principal", "Resource"] {
        let opposite = statement.replace(&format!("\"{element}\""), &format!("\"Not{element}\""));
        let both = statement.replace(r#""Effect""#, &format!("\"Not{element}\":[\"x\"],\"Effect\""));
        for refused in [opposite, both] {
            let seen = cloud.put("/?policy", &policy(&format!("[{refused}]")));
            assert_eq!(seen.error(), (400, "InvalidPolicyDocument"), "{refused}");
        }
    }
    let on = |condition: &str| {
        policy(&format!("[{},\"Condition\":{condition}}}]", &statement[..statement.len() - 1]))
    };
    let address = r#""IpAddress":{"acs:SourceIp":["10.10.10.10"]}"#;
    let seen = cloud.put("/?policy", &on(&format!("{{{address}}}")));
    assert_eq!((seen.error(), seen.header("x-oss-ec")), ((400, "InvalidPolicyDocument"), "0030-00000008"));
    cloud.put("/?policy", &on(&format!(r#"{{{address},"StringNotLike":{{"acs:SourceVpc":"vpc-*"}}}}"#))).ok();
    // No principals are all of them.
    cloud.put("/?policy", &policy(&format!("[{}]", statement.replace(r#"["1"]"#, "[]")))).ok();
    assert_eq!(cloud.get("/?policyStatus").element("IsPublic"), Some("true"));
}

#[test]
fn public_access_block_holds_acl_and_policy() {
    let mut cloud = Cloud::with_bucket();
    let public = [("x-oss-acl", "public-read")];
    let policy = |principal: &str, condition: &str| {
        format!(
            "{{\"Version\":\"1\",\"Statement\":[{{\"Effect\":\"Allow\",\"Action\":[\"oss:GetObject\"],\"Principal\":[\"{principal}\"],\"Resource\":[\"acs:oss:*:*:x/*\"]{condition}}}]}}"
        )
    };
    assert_eq!(cloud.with(Method::PUT, "/?acl", &public, "").error(), (403, "AccessDenied"));
    assert_eq!(cloud.put("/?policy", &policy("*", "")).error(), (403, "AccessDenied"));
    let narrow = ",\"Condition\":{\"IpAddress\":{\"acs:SourceIp\":[\"203.0.0.0/8\"]},\"StringNotLike\":{\"acs:SourceVpc\":\"vpc-*\"}}";
    cloud.put("/?policy", &policy("*", narrow)).ok();
    cloud.put("/?policy", &policy("1234567890123456", "")).ok();
    cloud.delete("/?publicAccessBlock").ok();
    cloud.with(Method::PUT, "/?acl", &public, "").ok();
    let text = policy("*", "");
    cloud.put("/?policy", &text).ok();
    let seen = cloud.get("/?policy").ok();
    assert_eq!((seen.text.as_str(), seen.header("content-type")), (text.as_str(), "application/json"));
    assert_eq!(cloud.get("/?policyStatus").element("IsPublic"), Some("true"));
    let on = "<PublicAccessBlockConfiguration><BlockPublicAccess>true</BlockPublicAccess></PublicAccessBlockConfiguration>";
    assert_eq!(
        cloud.service(Method::GET, "/?publicAccessBlock", "").element("BlockPublicAccess"),
        Some("false")
    );
    cloud.service(Method::PUT, "/?publicAccessBlock", on).ok();
    assert_eq!(cloud.with(Method::PUT, "/?acl", &public, "").error(), (403, "AccessDenied"));
    assert_eq!(cloud.service(Method::DELETE, "/?publicAccessBlock", "").ok().status, 204);
    cloud.with(Method::PUT, "/?acl", &public, "").ok();
}

#[test]
fn switches_decide_open_points() {
    let mut cloud = Cloud::with_bucket();
    for (name, value) in [
        ("oss_encryption_unset_status", "400"),
        ("oss_https_config_unset", "disabled"),
        ("oss_resource_groups", "false"),
        ("oss_public_access_block_default", "false"),
        ("oss_put_acl_creates_bucket", "true"),
    ] {
        cloud.switches.set(name, value).unwrap();
    }
    assert_eq!(cloud.get("/?encryption").error(), (400, "NoSuchServerSideEncryptionRule"));
    assert_eq!(cloud.get("/?httpsConfig").ok().element("Enable"), Some("false"));
    assert_eq!(cloud.get("/?resourceGroup").error(), (400, "NotImplemented"));
    let mut call = cloud.call(Method::PUT, "another-one", "/");
    call.headers.insert("x-oss-acl", "public-read".parse().unwrap());
    cloud.send(&call).ok();
    let mut call = cloud.call(Method::PUT, "third-one", "/?acl");
    call.headers.insert("x-oss-acl", "private".parse().unwrap());
    cloud.send(&call).ok();
    assert!(cloud.state.bucket("third-one").is_some());
}
