"""Who may use SLS: keys, clocks, few permissions, other accounts, session tokens; and a service that fails."""

import json
from datetime import datetime, timedelta
from unittest import mock

from alibabacloud_ram20150501 import client as ram_client, models as ram_models
from alibabacloud_sts20150401 import client as sts_client, models as sts_models
from aliyun.log import LogClient

import tea
from common import ACCOUNT, KEY, REGION, SECRET, admin, equal, refused

PROJECT = "sdk-log-access"
HOST = f"http://{REGION}.log.aliyuncs.com"


def log(key=KEY, secret=SECRET, token=None, **how):
    return LogClient(HOST, key, secret, securityToken=token, **how)


client = log()
client.create_project(PROJECT, "access")
client.create_logstore(PROJECT, "audit", ttl=30, shard_count=1)
four = {"auth_version": "v4", "region": REGION}

for how in ({}, four):
    refused("SignatureNotMatch", lambda: log(secret="not-the-secret", **how).get_project(PROJECT), 401)
    refused("Unauthorized", lambda: log(key="no-such-key", **how).get_project(PROJECT), 401)
refused("ParameterInvalid", lambda: log(auth_version="v4", region="cn-beijing").get_project(PROJECT), 400)
refused("MissAccessKeyId", lambda: log("", "").get_project(PROJECT), 400)
dedicated = f"{REGION}-acdr-ut-3"
refused("SignatureVersionNotSupported", lambda: LogClient(f"http://{dedicated}.log.aliyuncs.com", KEY, SECRET).list_project(), 400)
LogClient(f"http://{dedicated}.log.aliyuncs.com", KEY, SECRET, auth_version="v4", region=dedicated).list_project()
refused("PostBodyInvalid", lambda: client.update_project(PROJECT, ["no text"]), 400)


class Late(datetime):
    """The clock of a machine that is an hour behind."""

    @classmethod
    def utcnow(cls):
        return datetime.utcnow() - timedelta(hours=1)


for how in ({}, four):
    with mock.patch("aliyun.log.auth.datetime", Late):
        refused("RequestTimeExpired", lambda: log(**how).get_project(PROJECT), 400)

# A user who may do nothing until a policy says so.
ram = tea.caller(tea.client(ram_client, "ram.aliyuncs.com"), ram_models)
ram("create_user", user_name="reader")
made = ram("create_access_key", user_name="reader").access_key
reader = log(made.access_key_id, made.access_key_secret)
refused("Unauthorized", lambda: reader.get_project(PROJECT), 401)
document = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": ["log:GetProject", "log:GetLogStore"],
                                           "Resource": [f"acs:log:{REGION}:{ACCOUNT}:project/{PROJECT}*"]}]}
ram("create_policy", policy_name="reading", policy_document=json.dumps(document))
ram("attach_policy_to_user", policy_type="Custom", policy_name="reading", user_name="reader")
equal(reader.get_project(PROJECT).get_description(), "access", "a user may do what a policy of RAM allows")
equal(reader.get_logstore(PROJECT, "audit").get_ttl(), 30, "a policy of RAM allows by logstore")
for call in (lambda: reader.update_logstore(PROJECT, "audit", ttl=7), lambda: reader.list_logstore(PROJECT),
             lambda: reader.create_project("sdk-log-not-allowed", ""), lambda: reader.list_project(),
             lambda: reader.create_alert(PROJECT, {"name": "rule"}), lambda: reader.tag_project(PROJECT, a="b")):
    refused("Unauthorized", call, 401)

# Another account, by a session of the role that every member of the directory has.
sts = tea.caller(tea.client(sts_client, f"sts.{REGION}.aliyuncs.com"), sts_models)
member = next(account for account in admin("GET", "accounts") if account != ACCOUNT)
role = f"acs:ram::{member}:role/resourcedirectoryaccountaccessrole"
session = sts("assume_role", role_arn=role, role_session_name="conformance", duration_seconds=900).credentials
keys = (session.access_key_id, session.access_key_secret, session.security_token)
for how in ({}, four):
    other = log(*keys, **how)
    refused("Unauthorized", lambda: other.get_project(PROJECT), 401)
    refused("ProjectAlreadyExist", lambda: other.create_project(PROJECT, "names are unique"), 400)
    equal(other.list_project().get_total(), 0, "an account sees only its own projects")
refused("Unauthorized", lambda: log(*keys[:2]).get_project(PROJECT), 401)
refused("Unauthorized", lambda: log(*keys[:2], "another token").get_project(PROJECT), 401)

# The SDK tries again by itself when the service is busy or fails.
for code, status in [("ServerBusy", 503), ("InternalServerError", 500)]:
    admin("PUT", "faults", [{"kind": "server_error", "service": "sls", "status": status, "code": code, "times": 1}])
    equal(client.get_project(PROJECT).get_description(), "access", f"the SDK tries again after {code}")
