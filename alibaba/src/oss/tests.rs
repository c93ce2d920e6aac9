use super::call::Call;
use super::*;
use crate::Client;
use crate::credentials::Credentials;
use crate::xml::Element;

#[test]
fn the_description_of_a_bucket_is_read() {
    let root = Element::parse(
        br#"<?xml version="1.0" encoding="UTF-8"?><BucketInfo><Bucket><AccessMonitor>Disabled</AccessMonitor>
        <BlockPublicAccess>true</BlockPublicAccess><Comment></Comment><CreationDate>2026-01-15T08:30:00.000Z</CreationDate>
        <DataRedundancyType>ZRS</DataRedundancyType><Location>oss-cn-hangzhou</Location><Name>audit-logs-example</Name>
        <StorageClass>Standard</StorageClass><Owner><DisplayName>1</DisplayName><ID>1</ID></Owner>
        <AccessControlList><Grant>private</Grant></AccessControlList>
        <ServerSideEncryptionRule><SSEAlgorithm>KMS</SSEAlgorithm><KMSMasterKeyID></KMSMasterKeyID></ServerSideEncryptionRule>
        <BucketPolicy><LogBucket></LogBucket><LogPrefix></LogPrefix></BucketPolicy></Bucket></BucketInfo>"#,
    )
    .unwrap();
    let info = BucketInfo::read(&root, "audit-logs-example").unwrap();
    assert_eq!(info.name, "audit-logs-example");
    assert_eq!((info.acl.as_deref(), info.owner_id.as_deref()), (Some("private"), Some("1")));
    assert_eq!((info.versioning, info.log_bucket), (None, None));
    assert_eq!(info.block_public_access, Some(true));
    let encryption = info.server_side_encryption.unwrap();
    assert_eq!((encryption.sse_algorithm.as_str(), encryption.kms_master_key_id), ("KMS", None));
    assert!(BucketInfo::read(&root, "another").is_err());
    assert!(BucketInfo::read(&Element::new("BucketInfo"), "").is_err());
}

#[test]
fn no_encryption_is_none() {
    let none = Element::new("ServerSideEncryptionRule").leaf("SSEAlgorithm", "None");
    assert_eq!(Encryption::read(&none), None);
}

#[tokio::test]
async fn a_name_that_is_no_host_label_never_leaves_this_machine() {
    let client = Client::new(crate::Config::new(Credentials::new("id", "secret"))).unwrap();
    let error = client.oss("cn-hangzhou").get_bucket_info("Bad_Name").await.unwrap_err().to_string();
    assert!(error.contains("not a valid bucket name"), "{error}");
}

#[test]
fn access_logging_is_on_or_off() {
    let read = |text: &str| BucketLogging::read(&Element::parse(text.as_bytes()).unwrap());
    assert_eq!(read("<BucketLoggingStatus/>"), Ok(None));
    let logging = BucketLogging {
        target_bucket: "logs".into(),
        target_prefix: Some("oss/".into()),
        logging_role: Some("writer".into()),
    };
    assert_eq!(BucketLogging::read(&logging.write()), Ok(Some(logging.clone())));
    // An empty prefix is none, and is written as the service shows it.
    let bare = BucketLogging { target_prefix: None, logging_role: None, ..logging };
    assert_eq!(
        bare.write().document().split_once("?>").unwrap().1,
        "<BucketLoggingStatus><LoggingEnabled><TargetBucket>logs</TargetBucket><TargetPrefix></TargetPrefix></LoggingEnabled>\
         </BucketLoggingStatus>"
    );
    assert!(read("<BucketLoggingStatus><LoggingEnabled/></BucketLoggingStatus>").is_err());
}

#[test]
fn a_retention_policy_is_read_whole_or_not_at_all() {
    let read = |text: &str| BucketWorm::read(&Element::parse(text.as_bytes()).unwrap());
    let worm = read(
        "<WormConfiguration><WormId>581D8A7FFA064C80827CAB4076A93A78</WormId><State>Locked</State>\
         <RetentionPeriodInDays>366</RetentionPeriodInDays><CreationDate>2026-01-15T08:30:00.000Z</CreationDate></WormConfiguration>",
    )
    .unwrap();
    assert_eq!((worm.state.as_str(), worm.retention_period_in_days), ("Locked", 366));
    assert!(read("<WormConfiguration><WormId>A</WormId><State>Locked</State></WormConfiguration>").is_err());
}

#[test]
fn only_writes_to_the_same_setting_or_object_wait_for_each_other() {
    let tags = Call::put("PutBucketTags", "b").query("tagging", "");
    let untag = Call::delete("DeleteBucketTags", "b").query("tagging", "");
    let acl = Call::put("PutBucketAcl", "b").query("acl", "");
    let mut abort = Call::delete("AbortMultipartUpload", "b").query("uploadId", "1");
    abort.key = "one";
    let make = Call::put("PutBucket", "b");
    assert_eq!(tags.write_lock(), untag.write_lock());
    let turns = std::collections::BTreeSet::from([
        tags.write_lock(),
        acl.write_lock(),
        abort.write_lock(),
        make.write_lock(),
    ]);
    assert_eq!(turns.len(), 4);
    assert_ne!(tags.write_lock(), Call::put("PutBucketTags", "c").query("tagging", "").write_lock());
}
