"""What a bucket and its settings may not be, with the newer official SDK."""

import datetime
import json

import alibabacloud_oss_v2 as oss

import oss_client
from common import REGION, admin, equal, refused

call = oss_client.caller("sdk-oss-refused")
call("put_bucket")


def rules(*wanted):
    return oss.LifecycleConfiguration(rules=list(wanted))


def rule(number, prefix="", **actions):
    return oss.LifecycleRule(id=number, prefix=prefix, status="Enabled", **actions)


def expire(days=None, **fields):
    return oss.LifecycleRuleExpiration(days=days, **fields)


def move(days, storage_class):
    return oss.LifecycleRuleTransition(days=days, storage_class=storage_class)


for code, wrong in (
        ("MalformedXML", []),
        ("MalformedXML", [rule("a")]),
        ("InvalidArgument", [rule("a" * 256, expiration=expire(1))]),
        ("InvalidArgument", [rule("a", "x", expiration=expire(1)), rule("a", "y", expiration=expire(1))]),
        ("InvalidRequest", [rule("a", "x", expiration=expire(1)), rule("b", "x", expiration=expire(2))]),
        ("InvalidRequest", [rule("a", "x", expiration=expire(1)), rule("b", "x/y", expiration=expire(2))]),
        ("InvalidArgument", [rule("a", expiration=expire(10), transitions=[move(30, "IA")])]),
        ("InvalidArgument", [rule("a", transitions=[move(60, "IA"), move(30, "Archive")])]),
        ("InvalidArgument", [rule("a", transitions=[move(60, "Warm")])])):
    refused(code, lambda: call("put_bucket_lifecycle", lifecycle_configuration=rules(*wrong)), 400)
call("put_bucket_lifecycle", allow_same_action_overlap="true", lifecycle_configuration=rules(
    rule("a", "x", expiration=expire(1)), rule("b", "x/y", expiration=expire(2))))
equal(len(call("get_bucket_lifecycle").lifecycle_configuration.rules), 2, "overlapping rules that were allowed to")


def dated(day, storage_class):
    date = datetime.datetime(2025, 6, day, tzinfo=datetime.timezone.utc)
    return oss.LifecycleRuleTransition(created_before_date=date, storage_class=storage_class)


def without(**fields):
    found = oss.LifecycleRuleFilter()
    # The SDK sends this name, whatever its constructor calls it.
    found.nots = [oss.LifecycleRuleNot(**fields)]
    return found


call("put_bucket_lifecycle", lifecycle_configuration=rules(rule("a", "x", transitions=[dated(2, "IA"), dated(1, "Archive")])))
held = oss.Tag(key="hold", value="legal")
call("put_bucket_lifecycle", lifecycle_configuration=rules(
    rule("a", "", transitions=[move(7, "IA")], filter=without(prefix="", tag=held))))
call("put_bucket_lifecycle", lifecycle_configuration=rules(
    rule("a", "", transitions=[move(7, "IA")], filter=without(prefix=""))))

refused("InvalidArgument", lambda: call("put_bucket_acl", acl="open"), 400)
refused("AccessDenied", lambda: call("put_bucket_acl", acl="public-read"), 403)
opened = ('{"Version":"1","Statement":[{"Effect":"Allow","Action":["oss:GetObject"],"Principal":["*"],'
          '"Resource":["acs:oss:*:*:sdk-oss-refused/*"]}]}')
refused("AccessDenied", lambda: call("put_bucket_policy", body=opened), 403)
statement = json.loads(opened)["Statement"][0]
alone = {**statement, "Condition": {"IpAddress": {"acs:SourceIp": ["203.0.113.9"]}}}
everybody_but = {name.replace("Principal", "NotPrincipal"): value for name, value in statement.items()}
written = [json.dumps({"Version": "1", "Statement": wrong}) for wrong in (statement, [everybody_but], [alone])]
for wrong in ("no policy", '{"Version":"1"}', *written):
    refused("InvalidPolicyDocument", lambda: call("put_bucket_policy", body=wrong), 400)
refused("MalformedXML", lambda: call("put_bucket_versioning", versioning_configuration=oss.VersioningConfiguration(status="On")), 400)
refused("InvalidArgument", lambda: call("put_bucket_versioning", versioning_configuration=oss.VersioningConfiguration()), 400)


def encryption(**fields):
    return {"server_side_encryption_rule": oss.ServerSideEncryptionRule(
        apply_server_side_encryption_by_default=oss.ApplyServerSideEncryptionByDefault(**fields))}


refused("InvalidEncryptionAlgorithmError", lambda: call("put_bucket_encryption", **encryption(sse_algorithm="ROT13")), 400)
refused("InvalidDataEncryptionAlgorithmError", lambda: call(
    "put_bucket_encryption", **encryption(sse_algorithm="KMS", kms_data_encryption="ROT13")), 400)
refused("InvalidArgument", lambda: call(
    "put_bucket_encryption", **encryption(sse_algorithm="AES256", kms_master_key_id="key")), 400)

for code, tags in (("TooManyTags", [(f"k{number}", "v") for number in range(21)]), ("RepeatedTags", [("k", "v"), ("k", "w")]),
                   ("InvalidTag", [("Aliyun-owner", "v")]), ("InvalidTag", [("k", "v" * 129)])):
    refused(code, lambda: call("put_bucket_tags", tagging=oss.Tagging(
        tag_set=oss.TagSet(tags=[oss.Tag(key=key, value=value) for key, value in tags]))), 400)


def tls(**fields):
    return {"https_configuration": oss.HttpsConfiguration(tls=oss.TLS(**fields))}


refused("MalformedXML", lambda: call("put_bucket_https_config", **tls(enable=True)), 400)
refused("InvalidArgument", lambda: call("put_bucket_https_config", **tls(enable=True, tls_versions=["SSLv3"])), 400)
refused("ResourceGroupIdPreCheckError", lambda: call(
    "put_bucket_resource_group",
    bucket_resource_group_configuration=oss.BucketResourceGroupConfiguration(resource_group_id="no group")), 400)
refused("MalformedXML", lambda: call(
    "put_bucket_request_payment", request_payment_configuration=oss.RequestPaymentConfiguration(payer="Nobody")), 400)
refused("MalformedXML", lambda: call("put_bucket_cors", cors_configuration=oss.CORSConfiguration(cors_rules=[])), 400)


def monitored(status):
    return {"access_monitor_configuration": oss.AccessMonitorConfiguration(status=status)}


seen = oss.LifecycleRuleTransition(days=30, storage_class="IA", is_access_time=True, return_to_std_when_visit=True)
refused("MalformedXML", lambda: call("put_bucket_lifecycle", lifecycle_configuration=rules(rule("a", transitions=[seen]))), 400)
refused("MalformedXML", lambda: call("put_bucket_access_monitor", **monitored("Perhaps")), 400)
call("put_bucket_access_monitor", **monitored("Enabled"))
call("put_bucket_lifecycle", lifecycle_configuration=rules(rule("a", transitions=[seen])))
refused("AccessMonitorDisableNotAllowed", lambda: call("put_bucket_access_monitor", **monitored("Disabled")), 400)


def log(bucket):
    return {"bucket_logging_status": oss.BucketLoggingStatus(logging_enabled=oss.LoggingEnabled(target_bucket=bucket))}


refused("InvalidTargetBucketForLogging", lambda: call("put_bucket_logging", **log("no-such-bucket-here")), 400)

# A body that is not what its digest says, a sub-resource that is not served, a method that it does not have.
sdk = oss_client.client()


def raw(method, parameters, body=None, **headers):
    sdk.invoke_operation(oss.OperationInput(op_name="Raw", method=method, bucket="sdk-oss-refused", parameters=parameters,
                                            body=body, headers=headers))


refused("InvalidDigest", lambda: raw("PUT", {"tagging": ""}, b"<Tagging/>", **{"Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="}), 400)
refused("MalformedXML", lambda: raw("PUT", {"tagging": ""}, b"<Tagging>"), 400)
refused("NotImplemented", lambda: raw("GET", {"inventory": ""}), 400)
refused("MethodNotAllowed", lambda: raw("POST", {"acl": ""}), 405)
for code, status in (("InternalError", 500), ("ServiceUnavailable", 503)):
    admin("PUT", "faults", [{"kind": "server_error", "service": "oss", "action": "GetBucketStat", "status": status, "code": code}])
    refused(code, lambda: call("get_bucket_stat"), status)
admin("PUT", "faults", [{"kind": "throttle", "service": "oss", "action": "GetBucketAcl"}])
refused("MetaOperationQpsLimitExceeded", lambda: call("get_bucket_acl"), 503)
