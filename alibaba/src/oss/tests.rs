use super::*;
use crate::credentials::Credentials;

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
    let info = bucket::BucketInfo::read(&root).unwrap();
    assert_eq!(info.name, "audit-logs-example");
    assert_eq!((info.acl.as_deref(), info.owner_id.as_deref()), (Some("private"), Some("1")));
    assert_eq!((info.versioning, info.log_bucket), (None, None));
    assert_eq!(info.block_public_access, Some(true));
    let encryption = info.server_side_encryption.unwrap();
    assert_eq!((encryption.sse_algorithm.as_str(), encryption.kms_master_key_id), ("KMS", None));
    assert!(bucket::BucketInfo::read(&Element::new("BucketInfo")).is_err());
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
