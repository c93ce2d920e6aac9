"""Buckets with the newer official SDK: making them, names, places, lists and how a bucket is addressed."""

import os

import alibabacloud_oss_v2 as oss

import oss_client
from common import REGION, admin, equal, paged, refused

service = oss_client.service()
BUCKET = "sdk-oss-second"
call = oss_client.caller(BUCKET)


def configuration(**fields):
    return {"create_bucket_configuration": oss.CreateBucketConfiguration(**fields)}


refused("NoSuchBucket", lambda: call("get_bucket_info"), 404)
refused("InvalidArgument", lambda: call("put_bucket", acl="open"), 400)
refused("InvalidArgument", lambda: call("put_bucket", **configuration(storage_class="Warm")), 400)
refused("InvalidArgument", lambda: call("put_bucket", **configuration(data_redundancy_type="RAID")), 400)
refused("ResourceGroupIdPreCheckError", lambda: call("put_bucket", resource_group_id="no group"), 400)
refused("AccessDenied", lambda: call("put_bucket", acl="public-read"), 403)
call("put_bucket", acl="private", **configuration(storage_class="Standard", data_redundancy_type="ZRS"))
info = call("get_bucket_info").bucket_info
equal((info.name, info.location, info.storage_class, info.data_redundancy_type, info.acl),
      (BUCKET, f"oss-{REGION}", "Standard", "ZRS", "private"), "class, redundancy and ACL as they were put")
equal(info.block_public_access, True, "a new bucket starts with public access blocked")
for fields in (configuration(storage_class="IA"), configuration(data_redundancy_type="LRS")):
    refused("BucketAlreadyExists", lambda: call("put_bucket", **fields), 409)
elsewhere = oss_client.caller(BUCKET, region="cn-shanghai")
refused("BucketAlreadyExists", lambda: elsewhere("put_bucket"), 409)
refused("AccessDenied", lambda: elsewhere("get_bucket_info"), 403)
refused("AccessDenied", lambda: elsewhere("get_bucket_acl"), 403)

call("put_bucket_https_config", https_configuration=oss.HttpsConfiguration(
    tls=oss.TLS(enable=True, tls_versions=["TLSv1.2", "TLSv1.3"])))
tls = call("get_bucket_https_config").https_configuration.tls
equal((tls.enable, sorted(tls.tls_versions)), (True, ["TLSv1.2", "TLSv1.3"]), "the versions that were put")
call("put_bucket_lifecycle", lifecycle_configuration=oss.LifecycleConfiguration(rules=[oss.LifecycleRule(
    id="archive", prefix="", status="Enabled", transitions=[oss.LifecycleRuleTransition(days=30, storage_class="IA")],
    expiration=oss.LifecycleRuleExpiration(days=365),
    abort_multipart_upload=oss.LifecycleRuleAbortMultipartUpload(days=7))]))
rule = call("get_bucket_lifecycle").lifecycle_configuration.rules[0]
equal((rule.id, rule.expiration.days, rule.transitions[0].storage_class, rule.abort_multipart_upload.days),
      ("archive", 365, "IA", 7), "every action of a rule")

# A name is not free at once.
call("delete_bucket")
refused("NoSuchBucket", lambda: call("get_bucket_info"), 404)
refused("BucketAlreadyExists", lambda: call("put_bucket"), 409)
admin("POST", "clock", {"advance_seconds": 5 * 3600})
call("put_bucket")
call("delete_bucket")

# As many as an account may have, on pages, and one too many.
NAMES = [f"sdk-oss-many-{number:03}" for number in range(100)]
for name in NAMES:
    oss_client.caller(name)("put_bucket")


def buckets(marker):
    found = service("list_buckets", max_keys=30, marker=marker)
    return [bucket.name for bucket in found.buckets], found.next_marker if found.is_truncated else None


paged(buckets, NAMES, "the marker leads to the next bucket")
equal(service("list_buckets", prefix="sdk-oss-many-00").is_truncated, None, "what fits on a page says nothing of pages")
refused("InvalidArgument", lambda: service("list_buckets", max_keys=1001), 400)
refused("TooManyBuckets", lambda: oss_client.caller("sdk-oss-too-many")("put_bucket"), 400)

# The region's host takes no bucket in the path, the mock's own address as the endpoint does.
refused("SecondLevelDomainForbidden", lambda: oss_client.caller(NAMES[0], path_style=True)("get_bucket_info"), 403)
os.environ["no_proxy"] = "127.0.0.1"
local = oss_client.caller(NAMES[0], endpoint=os.environ["http_proxy"], path_style=True)
equal(local("get_bucket_info").bucket_info.name, NAMES[0], "the bucket may be in the path where there is no host for it", assumed=True)
