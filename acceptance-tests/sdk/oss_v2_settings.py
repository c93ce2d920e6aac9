"""The settings of a bucket with the newer official SDK: each is put, read back and removed."""

import alibabacloud_oss_v2 as oss

import oss_client
from common import REGION, equal, refused

call, service = oss_client.caller("sdk-oss-settings"), oss_client.service()
call("put_bucket", acl="")
equal(call("get_bucket_acl").acl, "private", "an empty ACL header counts as absent", assumed=True)
equal(call("get_bucket_stat").object_count, 0, "a new bucket is empty")
equal(call("get_bucket_location").location, f"oss-{REGION}", "the region with the prefix oss-")
call("put_bucket_acl", acl="private")
equal(call("get_bucket_acl").acl, "private", "the ACL that was put")

refused("NoSuchLifecycle", lambda: call("get_bucket_lifecycle"), 404)
call("put_bucket_lifecycle", lifecycle_configuration=oss.LifecycleConfiguration(rules=[oss.LifecycleRule(
    id="a", prefix="a/", status="Enabled", expiration=oss.LifecycleRuleExpiration(days=400))]))
equal([rule.id for rule in call("get_bucket_lifecycle").lifecycle_configuration.rules], ["a"], "the rules that were put")
call("delete_bucket_lifecycle")
refused("NoSuchLifecycle", lambda: call("get_bucket_lifecycle"), 404)
equal(call("get_bucket_versioning").version_status, None, "a bucket that never had versions has no status")
call("put_bucket_versioning", versioning_configuration=oss.VersioningConfiguration(status="Enabled"))
equal(call("get_bucket_versioning").version_status, "Enabled", "the status that was put")
call("put_bucket_encryption", server_side_encryption_rule=oss.ServerSideEncryptionRule(
    apply_server_side_encryption_by_default=oss.ApplyServerSideEncryptionByDefault(sse_algorithm="AES256")))
equal(call("get_bucket_encryption").server_side_encryption_rule.apply_server_side_encryption_by_default.sse_algorithm,
      "AES256", "the algorithm that was put")
call("delete_bucket_encryption")
refused("NoSuchServerSideEncryptionRule", lambda: call("get_bucket_encryption"), 404)

refused("NoSuchBucketPolicy", lambda: call("get_bucket_policy"), 404)
call("put_bucket_policy", body='{"Version":"1","Statement":[{"Effect":"Deny","Action":["oss:PutObject"],"Principal":["*"],'
     '"Resource":["acs:oss:*:*:sdk-oss-settings/*"],"Condition":{"Bool":{"acs:SecureTransport":["false"]}}}]}')
equal("Deny" in call("get_bucket_policy").body, True, "the text that was put")
equal(call("get_bucket_policy_status").policy_status.is_public, False, "a policy that only denies opens nothing")
call("delete_bucket_policy")
block = oss.PublicAccessBlockConfiguration(block_public_access=True)
call("put_bucket_public_access_block", public_access_block_configuration=block)
equal(call("get_bucket_public_access_block").public_access_block_configuration.block_public_access, True, "the block that was put")
call("delete_bucket_public_access_block")
equal(call("get_bucket_public_access_block").public_access_block_configuration.block_public_access, False, "no block is false")
service("put_public_access_block", public_access_block_configuration=block)
equal(service("get_public_access_block").public_access_block_configuration.block_public_access, True, "the account's block")
service("delete_public_access_block")
equal(service("get_public_access_block").public_access_block_configuration.block_public_access, False, "no block is false")

equal(call("get_bucket_tags").tagging.tag_set.tags or [], [], "a bucket without tags has an empty set")
call("put_bucket_tags", tagging=oss.Tagging(tag_set=oss.TagSet(tags=[oss.Tag(key=key, value="v") for key in "abc"])))
# The SDK's own operation loses the names on the way.
oss_client.client().invoke_operation(oss.OperationInput(
    op_name="DeleteBucketTags", method="DELETE", bucket="sdk-oss-settings", parameters={"tagging": "a,b"}))
equal([tag.key for tag in call("get_bucket_tags").tagging.tag_set.tags], ["c"], "tags that were not deleted by name")
call("delete_bucket_tags")
equal(call("get_bucket_access_monitor").access_monitor_configuration.status, "Disabled", "off unless it was put")
call("put_bucket_access_monitor", access_monitor_configuration=oss.AccessMonitorConfiguration(status="Enabled"))
equal(call("get_bucket_access_monitor").access_monitor_configuration.status, "Enabled", "the status that was put")
equal(call("get_bucket_logging").bucket_logging_status.logging_enabled, None, "no log is an empty element")
call("put_bucket_logging", bucket_logging_status=oss.BucketLoggingStatus(
    logging_enabled=oss.LoggingEnabled(target_bucket="sdk-oss-settings", target_prefix="p/")))
equal(call("get_bucket_logging").bucket_logging_status.logging_enabled.target_prefix, "p/", "the log that was put")
refused("NoSuchUserDefinedLogFieldsConfig", lambda: call("get_user_defined_log_fields_config"), 404)
call("put_user_defined_log_fields_config", user_defined_log_fields_configuration=oss.UserDefinedLogFieldsConfiguration(
    header_set=oss.LoggingHeaderSet(headers=["x-team"])))
equal(call("get_user_defined_log_fields_config").user_defined_log_fields_configuration.header_set.headers, ["x-team"],
      "the headers that were put")
call("delete_user_defined_log_fields_config")
call("delete_bucket_logging")

refused("NoSuchCORSConfiguration", lambda: call("get_bucket_cors"), 404)
call("put_bucket_cors", cors_configuration=oss.CORSConfiguration(
    cors_rules=[oss.CORSRule(allowed_origins=["*"], allowed_methods=["GET"])]))
equal(len(call("get_bucket_cors").cors_configuration.cors_rules), 1, "the rules that were put")
call("delete_bucket_cors")
refused("NoSuchWebsiteConfiguration", lambda: call("get_bucket_website"), 404)
call("put_bucket_website", website_configuration=oss.WebsiteConfiguration(index_document=oss.IndexDocument(suffix="index.html")))
equal(call("get_bucket_website").website_configuration.index_document.suffix, "index.html", "the site that was put")
call("put_bucket_website", website_configuration=oss.WebsiteConfiguration(
    index_document=oss.IndexDocument(suffix="index.html", support_sub_dir=True, type=0), error_document=oss.ErrorDocument(),
    routing_rules=oss.RoutingRules(routing_rules=[oss.RoutingRule(
        rule_number=number, condition=oss.RoutingRuleCondition(key_prefix_equals=f"old-{number}/", http_error_code_returned_equals=404),
        redirect=oss.RoutingRuleRedirect(redirect_type="External", protocol="https", host_name="example.com", pass_query_string=True))
        for number in (1, 2)])))
found = call("get_bucket_website").website_configuration
equal((found.index_document.support_sub_dir, found.index_document.type, found.error_document), (True, 0, None),
      "members that are empty count as left out", assumed=True)
equal([(rule.rule_number, rule.condition.key_prefix_equals, rule.redirect.host_name, rule.redirect.pass_query_string)
       for rule in found.routing_rules.routing_rules], [(n, f"old-{n}/", "example.com", True) for n in (1, 2)],
      "the routing rules that were put")
call("delete_bucket_website")
call("put_bucket_referer", referer_configuration=oss.RefererConfiguration(
    allow_empty_referer=False, referer_list=oss.RefererList(referers=["https://example.com"])))
found = call("get_bucket_referer").referer_configuration
equal((found.allow_empty_referer, found.referer_list.referers), (False, ["https://example.com"]), "the referers that were put")
equal(found.allow_truncate_query_string, True, "query strings are left out of the comparison unless it says otherwise")
call("put_bucket_request_payment", request_payment_configuration=oss.RequestPaymentConfiguration(payer="BucketOwner"))
equal(call("get_bucket_request_payment").request_payment_configuration.payer, "BucketOwner", "the payer that was put")
equal(bool(call("get_bucket_resource_group").bucket_resource_group_configuration.resource_group_id), True,
      "a new bucket is in a group")
call("put_bucket_resource_group",
     bucket_resource_group_configuration=oss.BucketResourceGroupConfiguration(resource_group_id=""))
refused("NoSuchTransferAccelerationConfiguration", lambda: call("get_bucket_transfer_acceleration"), 404)
call("put_bucket_transfer_acceleration",
     transfer_acceleration_configuration=oss.TransferAccelerationConfiguration(enabled=True))
equal(call("get_bucket_transfer_acceleration").transfer_acceleration_configuration.enabled, True, "what was put")
refused("NoSuchHttpsConfig", lambda: call("get_bucket_https_config"), 404)
for enable, versions in ((False, ["TLSv1.2"]), (True, ["TLSv1.2", "TLSv1.3"])):
    call("put_bucket_https_config", https_configuration=oss.HttpsConfiguration(
        tls=oss.TLS(enable=enable, tls_versions=versions), cipher_suite=oss.CipherSuite()))
    tls = call("get_bucket_https_config").https_configuration.tls
    equal((tls.enable, tls.tls_versions), (enable, versions), "versions are kept also where they are not in force", assumed=True)
refused("NoSuchObjectWormConfiguration", lambda: call("get_bucket_object_worm_configuration"), 404)
call("put_bucket_object_worm_configuration", object_worm_configuration=oss.ObjectWormConfiguration(
    object_worm_enabled="Enabled", rule=oss.ObjectWormConfigurationRule(
        default_retention=oss.ObjectWormConfigurationRuleDefaultRetention(mode="COMPLIANCE", days=1))))
equal(call("get_bucket_object_worm_configuration").object_worm_configuration.rule.default_retention.days, 1, "the rule that was put")
