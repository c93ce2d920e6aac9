"""OSS with the older official SDK, in both of its signature versions."""

import oss2

from common import KEY, REGION, SECRET, equal, refused

ENDPOINT = f"http://oss-{REGION}.aliyuncs.com"


def life(auth, name):
    bucket = oss2.Bucket(auth, ENDPOINT, name, region=REGION)
    refused("NoSuchBucket", bucket.get_bucket_info, 404)
    bucket.create_bucket("private", oss2.models.BucketCreateConfig("Standard", "LRS"))

    info = bucket.get_bucket_info()
    equal((info.name, info.location, info.storage_class, info.acl.grant),
          (name, f"oss-{REGION}", "Standard", "private"), "what a new bucket is")

    equal(bucket.get_bucket_versioning().status, None, "a bucket that never had versions has no status")
    bucket.put_bucket_versioning(oss2.models.BucketVersioningConfig("Enabled"))
    equal(bucket.get_bucket_versioning().status, "Enabled", "the status that was put")

    refused("NoSuchServerSideEncryptionRule", bucket.get_bucket_encryption, 404)
    rule = oss2.models.ServerSideEncryptionRule()
    rule.sse_algorithm = "AES256"
    bucket.put_bucket_encryption(rule)
    equal(bucket.get_bucket_encryption().sse_algorithm, "AES256", "the algorithm that was put")

    tags = oss2.models.TaggingRule()
    tags.add("owner", "security")
    bucket.put_bucket_tagging(oss2.models.Tagging(tags))
    equal(bucket.get_bucket_tagging().tag_set.tagging_rule, {"owner": "security"}, "the tags that were put")

    refused("NoSuchLifecycle", bucket.get_bucket_lifecycle, 404)
    rule = oss2.models.LifecycleRule(
        "archive", "", status="Enabled", expiration=oss2.models.LifecycleExpiration(days=365),
        storage_transitions=[oss2.models.StorageTransition(days=30, storage_class="IA"),
                             oss2.models.StorageTransition(days=90, storage_class="Archive")])
    bucket.put_bucket_lifecycle(oss2.models.BucketLifecycle([rule]))
    read = bucket.get_bucket_lifecycle().rules[0]
    equal((read.id, read.expiration.days, [(t.storage_class, t.days) for t in read.storage_transitions]),
          ("archive", 365, [("IA", 30), ("Archive", 90)]), "every action of a rule")
    wrong = oss2.models.LifecycleRule(
        "wrong", "", expiration=oss2.models.LifecycleExpiration(days=10),
        storage_transitions=[oss2.models.StorageTransition(days=30, storage_class="IA")])
    refused("InvalidArgument", lambda: bucket.put_bucket_lifecycle(oss2.models.BucketLifecycle([wrong])), 400)
    bucket.delete_bucket_lifecycle()

    logs = bucket.put_bucket_logging(oss2.models.BucketLogging("", ""))
    equal((logs.status, bucket.get_bucket_logging().target_bucket), (200, ""), "an empty document is no log")
    bucket.put_bucket_website(oss2.models.BucketWebsite("index.html", "error.html", [oss2.models.RoutingRule(
        1, oss2.models.Condition(key_prefix_equals="old/", http_err_code_return_equals=404),
        oss2.models.Redirect(redirect_type="External", pass_query_string=True, proto="http", host_name="example.com"))]))
    site = bucket.get_bucket_website()
    equal((site.index_file, site.error_file, site.rules[0].condition.key_prefix_equals, site.rules[0].redirect.pass_query_string),
          ("index.html", "error.html", "old/", True), "pages and routing rules as they were put")
    bucket.put_bucket_referer(oss2.models.BucketReferer(True, []))
    equal(bucket.get_bucket_referer().allow_truncate_query_string, True,
          "query strings are left out of the comparison unless it says otherwise")
    bucket.put_bucket_https_config(oss2.models.BucketTlsVersion(False, ["TLSv1.2"]))
    equal(bucket.get_bucket_https_config().tls_version, ["TLSv1.2"], "versions are kept also where they are not in force", assumed=True)
    bucket.put_bucket_transfer_acceleration("True")
    equal(bucket.get_bucket_transfer_acceleration().enabled, "true", "a truth value may be in any letter case", assumed=True)

    bucket.put_bucket_public_access_block(True)
    equal(bucket.get_bucket_public_access_block().block_public_access, True, "the block that was put")
    equal([found.name for found in oss2.Service(auth, ENDPOINT, region=REGION).list_buckets(prefix=name).buckets],
          [name], "buckets with a prefix")
    bucket.delete_bucket()
    refused("NoSuchBucket", bucket.get_bucket_info, 404)


life(oss2.AuthV4(KEY, SECRET), "sdk-oss-v4")
life(oss2.Auth(KEY, SECRET), "sdk-oss-v1")
refused("SignatureDoesNotMatch",
        oss2.Bucket(oss2.AuthV4(KEY, "not-the-secret"), ENDPOINT, "sdk-oss-v4", region=REGION).get_bucket_info, 403)
refused("InvalidAccessKeyId",
        oss2.Bucket(oss2.AuthV4("LTAInosuchkey0000000", SECRET), ENDPOINT, "sdk-oss-v4", region=REGION).create_bucket, 403)
