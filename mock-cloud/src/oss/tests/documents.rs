//! The settings documents as official SDKs write them, each accepted and read back: those of Python, old (`oss2`) and new
//! (`oss_v2`), and of Go, whose old one writes every member, also empty ones, and whose gateway writes zeros.

use http::Method;

use super::super::documents::{ALL, DELETE, Document, PARTS};
use super::{BUCKET, Cloud};

/// What is put before a document, where it is put, and what three SDKs write and read there.
struct Shapes {
    root: &'static str,
    target: &'static str,
    /// What each SDK writes, with what is read back of it.
    written: [(&'static str, &'static str); 3],
}

const fn shapes(
    root: &'static str,
    target: &'static str,
    written: [(&'static str, &'static str); 3],
) -> Shapes {
    Shapes { root, target, written }
}

#[rustfmt::skip]
const SHAPES: &[Shapes] = &[
    shapes("AccessMonitorConfiguration", "/?accessmonitor", [
        ("<Status>Enabled</Status>", "<Status>Enabled</Status>"),
        ("<Status>Disabled</Status><AllowCopy />", "<Status>Disabled</Status>"),
        ("\n  <Status>Enabled</Status><AllowCopy></AllowCopy>\n", "<Status>Enabled</Status>"),
    ]),
    shapes("CORSConfiguration", "/?cors", [
        ("<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><MaxAgeSeconds>0</MaxAgeSeconds></CORSRule><ResponseVary>True</ResponseVary>", "<ResponseVary>true</ResponseVary>"),
        ("<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>PUT</AllowedMethod></CORSRule>", "<AllowedMethod>PUT</AllowedMethod>"),
        ("<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedHeader></AllowedHeader><ExposeHeader></ExposeHeader><MaxAgeSeconds></MaxAgeSeconds></CORSRule><ResponseVary></ResponseVary>", "<ResponseVary>false</ResponseVary>"),
    ]),
    shapes("ServerSideEncryptionRule", "/?encryption", [
        ("<ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault>", "<SSEAlgorithm>AES256</SSEAlgorithm></Apply"),
        ("<ApplyServerSideEncryptionByDefault><SSEAlgorithm>KMS</SSEAlgorithm><KMSMasterKeyID /></ApplyServerSideEncryptionByDefault>", "<SSEAlgorithm>KMS</SSEAlgorithm></Apply"),
        ("<ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm><KMSMasterKeyID></KMSMasterKeyID><KMSDataEncryption></KMSDataEncryption></ApplyServerSideEncryptionByDefault>", "<SSEAlgorithm>AES256</SSEAlgorithm></Apply"),
    ]),
    shapes("HttpsConfiguration", "/?httpsConfig", [
        ("<TLS><Enable>false</Enable><TLSVersion>TLSv1.2</TLSVersion></TLS>", "<TLS><Enable>false</Enable><TLSVersion>TLSv1.2</TLSVersion></TLS>"),
        ("<TLS><Enable>True</Enable><TLSVersion>TLSv1.2</TLSVersion><TLSVersion>TLSv1.3</TLSVersion></TLS><CipherSuite><Enable>false</Enable></CipherSuite>", "<TLSVersion>TLSv1.3</TLSVersion>"),
        ("<TLS><Enable>false</Enable><TLSVersion></TLSVersion></TLS><CipherSuite><Enable></Enable><StrongCipherSuite></StrongCipherSuite></CipherSuite>", "<TLS><Enable>false</Enable></TLS>"),
    ]),
    shapes("LifecycleConfiguration", "/?lifecycle", [
        ("<Rule><ID>a</ID><Prefix /><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>", "<Days>1</Days>"),
        ("<Rule><ID>a</ID><Prefix /><Filter /><Status>Enabled</Status><Expiration><ExpiredObjectDeleteMarker>True</ExpiredObjectDeleteMarker></Expiration></Rule>", "<ExpiredObjectDeleteMarker>true<"),
        ("<Rule><ID>a</ID><Prefix>x</Prefix><Status>Enabled</Status><Expiration><Days>3</Days><CreatedBeforeDate></CreatedBeforeDate></Expiration><AbortMultipartUpload></AbortMultipartUpload></Rule>", "<Days>3</Days></Expiration></Rule>"),
    ]),
    shapes("BucketLoggingStatus", "/?logging", [
        ("<LoggingEnabled><TargetBucket>audit-logs-example</TargetBucket><TargetPrefix>p/</TargetPrefix></LoggingEnabled>", "<TargetPrefix>p/</TargetPrefix>"),
        ("<LoggingEnabled />", "<BucketLoggingStatus/>"),
        ("<LoggingEnabled><TargetBucket></TargetBucket><TargetPrefix></TargetPrefix></LoggingEnabled>", "<BucketLoggingStatus/>"),
    ]),
    shapes("UserDefinedLogFieldsConfiguration", "/?userDefinedLogFieldsConfig", [
        ("<HeaderSet><header>h</header></HeaderSet>", "<header>h</header>"),
        ("<HeaderSet /><ParamSet><parameter>p</parameter></ParamSet>", "<parameter>p</parameter>"),
        ("<HeaderSet><header>h</header></HeaderSet><ParamSet></ParamSet>", "<header>h</header>"),
    ]),
    shapes("ObjectWormConfiguration", "/?objectWorm", [
        ("<ObjectWormEnabled>Enabled</ObjectWormEnabled>", "<ObjectWormEnabled>Enabled<"),
        ("<ObjectWormEnabled>Enabled</ObjectWormEnabled><Rule />", "<ObjectWormEnabled>Enabled<"),
        ("<ObjectWormEnabled>Enabled</ObjectWormEnabled><Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Days>1</Days><Years></Years></DefaultRetention></Rule>", "<Days>1</Days>"),
    ]),
    shapes("PublicAccessBlockConfiguration", "/?publicAccessBlock", [
        ("<BlockPublicAccess>False</BlockPublicAccess>", "<BlockPublicAccess>false<"),
        ("<BlockPublicAccess>true</BlockPublicAccess>", "<BlockPublicAccess>true<"),
        ("<BlockPublicAccess></BlockPublicAccess>", "<BlockPublicAccess>false<"),
    ]),
    shapes("RefererConfiguration", "/?referer", [
        ("<AllowEmptyReferer>true</AllowEmptyReferer><RefererList />", "<AllowTruncateQueryString>true</AllowTruncateQueryString>"),
        ("<AllowEmptyReferer>False</AllowEmptyReferer><AllowTruncateQueryString>False</AllowTruncateQueryString><TruncatePath>true</TruncatePath><RefererList /><RefererBlacklist><Referer>http://b.example</Referer></RefererBlacklist>", "<AllowTruncateQueryString>false</AllowTruncateQueryString><TruncatePath>true</TruncatePath><RefererList/><RefererBlacklist><Referer>http://b.example</Referer></RefererBlacklist>"),
        ("<AllowEmptyReferer>true</AllowEmptyReferer><AllowTruncateQueryString></AllowTruncateQueryString><RefererList><Referer></Referer></RefererList>", "<AllowTruncateQueryString>true</AllowTruncateQueryString><RefererList/>"),
    ]),
    shapes("RequestPaymentConfiguration", "/?requestPayment", [
        ("<Payer>Requester</Payer>", "<Payer>Requester</Payer>"),
        ("<Payer>BucketOwner</Payer>", "<Payer>BucketOwner</Payer>"),
        ("\n<Payer>Requester</Payer>\n<Unknown><Member/></Unknown>", "<Payer>Requester</Payer>"),
    ]),
    shapes("BucketResourceGroupConfiguration", "/?resourceGroup", [
        ("<ResourceGroupId>rg-acfmw3ty5yaaaaa</ResourceGroupId>", "rg-acfmw3ty5yaaaaa"),
        ("<ResourceGroupId />", "<ResourceGroupId>rg-"),
        ("<ResourceGroupId></ResourceGroupId>", "<ResourceGroupId>rg-"),
    ]),
    shapes("Tagging", "/?tagging", [
        ("<TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet>", "<Value>b</Value>"),
        ("<TagSet />", "<TagSet/>"),
        ("<TagSet><Tag><Key>a</Key><Value></Value></Tag></TagSet>", "<Key>a</Key><Value/>"),
    ]),
    shapes("TransferAccelerationConfiguration", "/?transferAcceleration", [
        ("<Enabled>True</Enabled>", "<Enabled>true</Enabled>"),
        ("<Enabled>false</Enabled>", "<Enabled>false</Enabled>"),
        ("<Enabled></Enabled>", "<Enabled>false</Enabled>"),
    ]),
    shapes("VersioningConfiguration", "/?versioning", [
        ("<Status>Enabled</Status>", "<Status>Enabled</Status>"),
        ("<Status>Suspended</Status><MfaDelete />", "<Status>Suspended</Status>"),
        ("<XMLName></XMLName><Status>Enabled</Status>", "<Status>Enabled</Status>"),
    ]),
    shapes("WebsiteConfiguration", "/?website", [
        ("<IndexDocument><Suffix>index.html</Suffix></IndexDocument><ErrorDocument><Key>error.html</Key></ErrorDocument><RoutingRules><RoutingRule><RuleNumber>1</RuleNumber><Condition><KeyPrefixEquals>a&amp;b/</KeyPrefixEquals></Condition><Redirect><RedirectType>External</RedirectType><PassQueryString>True</PassQueryString></Redirect></RoutingRule></RoutingRules>",
         "<RoutingRules><RoutingRule><Condition><KeyPrefixEquals>a&amp;b/</KeyPrefixEquals></Condition><Redirect><PassQueryString>true</PassQueryString><RedirectType>External</RedirectType></Redirect><RuleNumber>1</RuleNumber></RoutingRule></RoutingRules>"),
        ("<IndexDocument><Suffix>index.html</Suffix><SupportSubDir>true</SupportSubDir><Type>0</Type></IndexDocument><ErrorDocument /><RoutingRules />",
         "<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix><SupportSubDir>true</SupportSubDir><Type>0</Type></IndexDocument></WebsiteConfiguration>"),
        ("<IndexDocument><Suffix></Suffix></IndexDocument><ErrorDocument><Key>error.html</Key><HttpStatus>404</HttpStatus></ErrorDocument><RoutingRules><RoutingRule><RuleNumber>1</RuleNumber><Redirect><MirrorHeaders><Pass>a</Pass><Pass>b</Pass><Set><Key>X</Key><Value></Value></Set></MirrorHeaders></Redirect><LuaConfig></LuaConfig></RoutingRule><RoutingRule><RuleNumber>2</RuleNumber><Condition></Condition></RoutingRule></RoutingRules>",
         "<ErrorDocument><HttpStatus>404</HttpStatus><Key>error.html</Key></ErrorDocument><RoutingRules><RoutingRule><Redirect><MirrorHeaders><Pass>a</Pass><Pass>b</Pass><Set><Key>X</Key><Value></Value></Set></MirrorHeaders></Redirect><RuleNumber>1</RuleNumber></RoutingRule><RoutingRule><RuleNumber>2</RuleNumber></RoutingRule></RoutingRules>"),
    ]),
];

/// Documents that are no setting which is put again and again: tested where their operations are.
const OTHERS: [(&Document, &str); 5] = [
    (&DELETE, "no setting"),
    (&PARTS, "no setting"),
    (&super::super::documents::BUCKET, "a bucket is made once"),
    (&super::super::documents::WORM, "a retention policy is made once"),
    (&super::super::documents::WORM_EXTENSION, "a retention policy only grows"),
];

#[test]
fn what_three_sdks_write_is_taken_and_read_back() {
    for Shapes { root, target, written } in SHAPES {
        for (body, back) in written {
            let mut cloud = Cloud::with_bucket();
            if *root == "ObjectWormConfiguration" {
                let on = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
                cloud.put("/?versioning", on).ok();
            }
            cloud.put(target, &format!("<{root}>{body}</{root}>")).ok();
            let seen = cloud.get(target).ok();
            assert!(seen.text.contains(back), "{body}\nis read back as {}", seen.text);
        }
    }
}

#[test]
fn every_document_has_the_shapes_of_three_sdks() {
    for document in ALL {
        let is = |shapes: &Shapes| shapes.root == document.root;
        let other = OTHERS.iter().any(|(other, _)| other.root == document.root);
        assert!(SHAPES.iter().any(is) != other, "{}", document.root);
    }
}

#[test]
fn a_bucket_is_made_with_what_sdks_leave_empty() {
    for body in [
        "",
        "<CreateBucketConfiguration />",
        "<CreateBucketConfiguration><StorageClass></StorageClass><DataRedundancyType></DataRedundancyType></CreateBucketConfiguration>",
    ] {
        let mut cloud = Cloud::new();
        cloud.with(Method::PUT, "/", &[("x-oss-acl", "")], body).ok();
        assert_eq!(cloud.state.buckets[BUCKET].acl, "private");
        // Said again it is the same wish: nothing to set back.
        cloud.switches.set("oss_repeated_put_bucket_acl", "keep").unwrap();
        cloud.state.buckets.get_mut(BUCKET).unwrap().acl = "public-read".to_owned();
        cloud.with(Method::PUT, "/", &[("x-oss-acl", "")], body).ok();
        assert_eq!(cloud.state.buckets[BUCKET].acl, "public-read");
        assert_eq!(
            cloud.with(Method::PUT, "/?acl", &[("x-oss-acl", "")], "").error(),
            (400, "InvalidArgument")
        );
    }
}
