"""Every operation of a bucket, on one that does not exist, on somebody else's, and by a user who may do nothing."""

import alibabacloud_oss_v2 as oss
from alibabacloud_ram20150501 import client as ram_client, models as ram_models
from alibabacloud_sts20150401 import client as sts_client, models as sts_models

import oss_client
import tea
from common import ACCOUNT, REGION, refused

ONE = oss.Tag(key="k", value="v")
OPERATIONS = {
    "delete_bucket": {}, "get_bucket_info": {}, "get_bucket_location": {}, "get_bucket_stat": {},
    "put_bucket_acl": {"acl": "private"}, "get_bucket_acl": {},
    "put_bucket_lifecycle": {"lifecycle_configuration": oss.LifecycleConfiguration(rules=[oss.LifecycleRule(
        id="a", prefix="a/", status="Enabled", expiration=oss.LifecycleRuleExpiration(days=400))])},
    "get_bucket_lifecycle": {}, "delete_bucket_lifecycle": {},
    "put_bucket_versioning": {"versioning_configuration": oss.VersioningConfiguration(status="Enabled")},
    "get_bucket_versioning": {},
    "put_bucket_encryption": {"server_side_encryption_rule": oss.ServerSideEncryptionRule(
        apply_server_side_encryption_by_default=oss.ApplyServerSideEncryptionByDefault(sse_algorithm="AES256"))},
    "get_bucket_encryption": {}, "delete_bucket_encryption": {},
    "put_bucket_policy": {"body": '{"Version":"1","Statement":[{"Effect":"Deny","Action":["oss:GetObject"],"Principal":["*"],'
                                  '"Resource":["acs:oss:*:*:*"]}]}'},
    "get_bucket_policy": {}, "delete_bucket_policy": {}, "get_bucket_policy_status": {},
    "put_bucket_public_access_block": {
        "public_access_block_configuration": oss.PublicAccessBlockConfiguration(block_public_access=True)},
    "get_bucket_public_access_block": {}, "delete_bucket_public_access_block": {},
    "put_bucket_logging": {"bucket_logging_status": oss.BucketLoggingStatus()},
    "get_bucket_logging": {}, "delete_bucket_logging": {},
    "put_user_defined_log_fields_config": {"user_defined_log_fields_configuration": oss.UserDefinedLogFieldsConfiguration(
        header_set=oss.LoggingHeaderSet(headers=["x-team"]))},
    "get_user_defined_log_fields_config": {}, "delete_user_defined_log_fields_config": {},
    "initiate_bucket_worm": {"initiate_worm_configuration": oss.InitiateWormConfiguration(retention_period_in_days=1)},
    "abort_bucket_worm": {}, "get_bucket_worm": {}, "complete_bucket_worm": {"worm_id": "X"},
    "extend_bucket_worm": {"worm_id": "X", "extend_worm_configuration": oss.ExtendWormConfiguration(retention_period_in_days=2)},
    "put_bucket_object_worm_configuration": {"object_worm_configuration": oss.ObjectWormConfiguration(
        object_worm_enabled="Enabled")},
    "get_bucket_object_worm_configuration": {},
    "put_bucket_tags": {"tagging": oss.Tagging(tag_set=oss.TagSet(tags=[ONE]))}, "get_bucket_tags": {}, "delete_bucket_tags": {},
    "put_bucket_https_config": {"https_configuration": oss.HttpsConfiguration(tls=oss.TLS(enable=False))},
    "get_bucket_https_config": {},
    "put_bucket_resource_group": {
        "bucket_resource_group_configuration": oss.BucketResourceGroupConfiguration(resource_group_id="")},
    "get_bucket_resource_group": {},
    "put_bucket_access_monitor": {"access_monitor_configuration": oss.AccessMonitorConfiguration(status="Enabled")},
    "get_bucket_access_monitor": {},
    "put_bucket_request_payment": {
        "request_payment_configuration": oss.RequestPaymentConfiguration(payer="BucketOwner")},
    "get_bucket_request_payment": {},
    "put_bucket_transfer_acceleration": {
        "transfer_acceleration_configuration": oss.TransferAccelerationConfiguration(enabled=False)},
    "get_bucket_transfer_acceleration": {},
    "put_bucket_cors": {"cors_configuration": oss.CORSConfiguration(
        cors_rules=[oss.CORSRule(allowed_origins=["*"], allowed_methods=["GET"])])},
    "get_bucket_cors": {}, "delete_bucket_cors": {},
    "put_bucket_website": {
        "website_configuration": oss.WebsiteConfiguration(index_document=oss.IndexDocument(suffix="index.html"))},
    "get_bucket_website": {}, "delete_bucket_website": {},
    "put_bucket_referer": {"referer_configuration": oss.RefererConfiguration(
        allow_empty_referer=True, referer_list=oss.RefererList(referers=[]))},
    "get_bucket_referer": {},
    "create_bucket_data_redundancy_transition": {"target_redundancy_type": "ZRS"},
    "get_bucket_data_redundancy_transition": {"redundancy_transition_taskid": "x"},
    "delete_bucket_data_redundancy_transition": {"redundancy_transition_taskid": "x"},
    "list_bucket_data_redundancy_transition": {},
    "list_objects": {}, "list_objects_v2": {}, "list_object_versions": {}, "list_multipart_uploads": {},
    "delete_multiple_objects": {"objects": [oss.DeleteObject(key="k")]},
    "put_object": {"key": "k", "body": b"x"}, "get_object": {"key": "k"}, "head_object": {"key": "k"},
    "get_object_meta": {"key": "k"}, "delete_object": {"key": "k"}, "initiate_multipart_upload": {"key": "k"},
    "upload_part": {"key": "k", "upload_id": "x", "part_number": 1, "body": b"x"}, "list_parts": {"key": "k", "upload_id": "x"},
    "complete_multipart_upload": {"key": "k", "upload_id": "x", "complete_multipart_upload": oss.CompleteMultipartUpload(
        parts=[oss.UploadPart(part_number=1, etag="e")])},
    "abort_multipart_upload": {"key": "k", "upload_id": "x"},
}

member = tea.caller(tea.client(sts_client, f"sts.{REGION}.aliyuncs.com"), sts_models)(
    "assume_role", role_arn=f"acs:ram::{int(ACCOUNT) + 1}:role/ResourceDirectoryAccountAccessRole",
    role_session_name="sdk").credentials
oss_client.caller("sdk-oss-somebody-elses", key=member.access_key_id, secret=member.access_key_secret,
                  token=member.security_token)("put_bucket")
ram = tea.caller(tea.client(ram_client, "ram.aliyuncs.com"), ram_models)
ram("create_user", user_name="nobody")
key = ram("create_access_key", user_name="nobody").access_key
oss_client.caller("sdk-oss-own")("put_bucket")
missing = oss_client.caller("sdk-oss-never-made")
foreign = oss_client.caller("sdk-oss-somebody-elses")
powerless = oss_client.caller("sdk-oss-own", key=key.access_key_id, secret=key.access_key_secret)
for operation, fields in OPERATIONS.items():
    refused("NoSuchBucket", lambda: missing(operation, **fields), 404)
    refused("AccessDenied", lambda: foreign(operation, **fields), 403)
    refused("AccessDenied", lambda: powerless(operation, **fields), 403)
refused("BucketAlreadyExists", lambda: foreign("put_bucket"), 409)
service = oss_client.service(key=key.access_key_id, secret=key.access_key_secret)
for operation, fields in (("list_buckets", {}), ("list_user_data_redundancy_transition", {}), ("get_public_access_block", {}),
                          ("delete_public_access_block", {}), ("put_public_access_block", {
                              "public_access_block_configuration": oss.PublicAccessBlockConfiguration(block_public_access=True)})):
    refused("AccessDenied", lambda: service(operation, **fields), 403)
