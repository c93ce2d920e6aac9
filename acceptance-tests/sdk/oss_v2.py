"""OSS with the newer official SDK."""

import alibabacloud_oss_v2 as oss

from common import KEY, REGION, SECRET, equal, refused

BUCKET = "sdk-oss-second"
config = oss.config.load_default()
config.region = REGION
config.disable_ssl = True
config.credentials_provider = oss.credentials.StaticCredentialsProvider(KEY, SECRET)
config.retry_max_attempts = 1
client = oss.Client(config)

refused("NoSuchBucket", lambda: client.get_bucket_info(oss.GetBucketInfoRequest(bucket=BUCKET)), 404)
client.put_bucket(oss.PutBucketRequest(
    bucket=BUCKET, acl="private",
    create_bucket_configuration=oss.CreateBucketConfiguration(storage_class="Standard", data_redundancy_type="ZRS")))
info = client.get_bucket_info(oss.GetBucketInfoRequest(bucket=BUCKET)).bucket_info
equal((info.name, info.location, info.storage_class, info.data_redundancy_type, info.acl),
      (BUCKET, f"oss-{REGION}", "Standard", "ZRS", "private"), "bucket info")

client.put_bucket_https_config(oss.PutBucketHttpsConfigRequest(
    bucket=BUCKET, https_configuration=oss.HttpsConfiguration(
        tls=oss.TLS(enable=True, tls_versions=["TLSv1.2", "TLSv1.3"]))))
tls = client.get_bucket_https_config(oss.GetBucketHttpsConfigRequest(bucket=BUCKET)).https_configuration.tls
equal((tls.enable, sorted(tls.tls_versions)), (True, ["TLSv1.2", "TLSv1.3"]), "TLS")

client.put_bucket_lifecycle(oss.PutBucketLifecycleRequest(
    bucket=BUCKET, lifecycle_configuration=oss.LifecycleConfiguration(rules=[oss.LifecycleRule(
        id="archive", prefix="", status="Enabled",
        transitions=[oss.LifecycleRuleTransition(days=30, storage_class="IA")],
        expiration=oss.LifecycleRuleExpiration(days=365),
        abort_multipart_upload=oss.LifecycleRuleAbortMultipartUpload(days=7))])))
rule = client.get_bucket_lifecycle(oss.GetBucketLifecycleRequest(bucket=BUCKET)).lifecycle_configuration.rules[0]
equal((rule.id, rule.expiration.days, rule.transitions[0].storage_class, rule.abort_multipart_upload.days),
      ("archive", 365, "IA", 7), "lifecycle")

client.put_bucket_public_access_block(oss.PutBucketPublicAccessBlockRequest(
    bucket=BUCKET, public_access_block_configuration=oss.PublicAccessBlockConfiguration(block_public_access=True)))
refused("AccessDenied", lambda: client.put_bucket_acl(oss.PutBucketAclRequest(bucket=BUCKET, acl="public-read")), 403)

client.delete_bucket(oss.DeleteBucketRequest(bucket=BUCKET))
refused("NoSuchBucket", lambda: client.get_bucket_info(oss.GetBucketInfoRequest(bucket=BUCKET)), 404)
