"""The settings of a bucket with the newer official SDK: each is put, read back and removed."""

import alibabacloud_oss_v2 as oss

from common import KEY, REGION, SECRET, equal, refused

BUCKET = "sdk-oss-settings"
config = oss.config.load_default()
config.region = REGION
config.disable_ssl = True
config.credentials_provider = oss.credentials.StaticCredentialsProvider(KEY, SECRET)
config.retry_max_attempts = 1
client = oss.Client(config)


def call(operation, **fields):
    """Calls an operation on the bucket by its name."""
    kind = "".join(part.capitalize() for part in operation.split("_")) + "Request"
    return getattr(client, operation)(getattr(oss, kind)(bucket=BUCKET, **fields))


call("put_bucket")
call("get_bucket_stat")
equal(call("get_bucket_location").location, f"oss-{REGION}", "location")
call("put_bucket_acl", acl="private")
equal(call("get_bucket_acl").acl, "private", "ACL")

refused("NoSuchLifecycle", lambda: call("get_bucket_lifecycle"), 404)
call("put_bucket_lifecycle", lifecycle_configuration=oss.LifecycleConfiguration(rules=[oss.LifecycleRule(
    id="a", prefix="a/", status="Enabled", expiration=oss.LifecycleRuleExpiration(days=400))]))
call("delete_bucket_lifecycle")
call("put_bucket_versioning", versioning_configuration=oss.VersioningConfiguration(status="Enabled"))
equal(call("get_bucket_versioning").version_status, "Enabled", "versioning")
call("put_bucket_encryption", server_side_encryption_rule=oss.ServerSideEncryptionRule(
    apply_server_side_encryption_by_default=oss.ApplyServerSideEncryptionByDefault(sse_algorithm="AES256")))
equal(call("get_bucket_encryption").server_side_encryption_rule.apply_server_side_encryption_by_default.sse_algorithm,
      "AES256", "encryption")
call("delete_bucket_encryption")
refused("NoSuchServerSideEncryptionRule", lambda: call("get_bucket_encryption"), 404)

refused("NoSuchBucketPolicy", lambda: call("get_bucket_policy"), 404)
call("put_bucket_policy", body='{"Version":"1","Statement":[{"Effect":"Deny","Action":["oss:PutObject"],"Principal":["*"],'
     f'"Resource":["acs:oss:*:*:{BUCKET}/*"],"Condition":{{"Bool":{{"acs:SecureTransport":["false"]}}}}}}]}}')
equal("Deny" in call("get_bucket_policy").body, True, "policy")
equal(call("get_bucket_policy_status").policy_status.is_public, False, "policy status")
call("delete_bucket_policy")
block = oss.PublicAccessBlockConfiguration(block_public_access=True)
call("put_bucket_public_access_block", public_access_block_configuration=block)
call("get_bucket_public_access_block")
call("delete_bucket_public_access_block")
client.put_public_access_block(oss.PutPublicAccessBlockRequest(public_access_block_configuration=block))
equal(client.get_public_access_block(oss.GetPublicAccessBlockRequest()).public_access_block_configuration
      .block_public_access, True, "block of the account")
client.delete_public_access_block(oss.DeletePublicAccessBlockRequest())

call("put_bucket_tags", tagging=oss.Tagging(tag_set=oss.TagSet(tags=[oss.Tag(key="k", value="v")])))
equal([tag.key for tag in call("get_bucket_tags").tagging.tag_set.tags], ["k"], "tags")
call("delete_bucket_tags", tagging="k")
call("put_bucket_access_monitor", access_monitor_configuration=oss.AccessMonitorConfiguration(status="Enabled"))
equal(call("get_bucket_access_monitor").access_monitor_configuration.status, "Enabled", "access monitor")
call("put_bucket_logging", bucket_logging_status=oss.BucketLoggingStatus(
    logging_enabled=oss.LoggingEnabled(target_bucket=BUCKET, target_prefix="p/")))
equal(call("get_bucket_logging").bucket_logging_status.logging_enabled.target_prefix, "p/", "logging")
call("delete_bucket_logging")
call("put_bucket_cors", cors_configuration=oss.CORSConfiguration(
    cors_rules=[oss.CORSRule(allowed_origins=["*"], allowed_methods=["GET"])]))
equal(len(call("get_bucket_cors").cors_configuration.cors_rules), 1, "CORS")
call("delete_bucket_cors")
refused("NoSuchWebsiteConfiguration", lambda: call("get_bucket_website"), 404)
call("get_bucket_referer")
call("put_bucket_request_payment", request_payment_configuration=oss.RequestPaymentConfiguration(payer="BucketOwner"))
equal(call("get_bucket_request_payment").request_payment_configuration.payer, "BucketOwner", "payer")
call("get_bucket_resource_group")
refused("NoSuchTransferAccelerationConfiguration", lambda: call("get_bucket_transfer_acceleration"), 404)

refused("NoSuchWORMConfiguration", lambda: call("get_bucket_worm"), 404)
day = oss.InitiateWormConfiguration(retention_period_in_days=1)
call("initiate_bucket_worm", initiate_worm_configuration=day)
equal(call("get_bucket_worm").worm_configuration.state, "InProgress", "WORM")
call("abort_bucket_worm")

task = call("create_bucket_data_redundancy_transition",
            target_redundancy_type="ZRS").bucket_data_redundancy_transition.task_id
call("get_bucket_data_redundancy_transition", redundancy_transition_taskid=task)
call("list_bucket_data_redundancy_transition")
client.list_user_data_redundancy_transition(oss.ListUserDataRedundancyTransitionRequest(max_keys=10))
call("delete_bucket_data_redundancy_transition", redundancy_transition_taskid=task)
call("delete_bucket")

BUCKET = "sdk-oss-locked"
call("put_bucket")
worm = call("initiate_bucket_worm", initiate_worm_configuration=day).worm_id
call("complete_bucket_worm", worm_id=worm)
call("extend_bucket_worm", worm_id=worm,
     extend_worm_configuration=oss.ExtendWormConfiguration(retention_period_in_days=2))
equal(call("get_bucket_worm").worm_configuration.state, "Locked", "WORM")
