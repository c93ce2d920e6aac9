"""RAM with the official SDK: an account that is full, keys that are wrong, and a service that is busy or ill."""

import json

from alibabacloud_ram20150501 import client, models

import tea
from common import ACCOUNT, admin, equal, refused

HOST = "ram.aliyuncs.com"
call = tea.caller(tea.client(client, HOST), models)
DATE = "2026-01-01T00:00:00Z"
TRUST = json.dumps({"Version": "1", "Statement": [{
    "Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": ["actiontrail.aliyuncs.com"]}}]})
DOCUMENT = json.dumps({"Version": "1", "Statement": [{"Effect": "Allow", "Action": "ram:Get*", "Resource": "*"}]})

# A thousand calls of each kind would tell nothing more than the state that they lead to.
FULL = {
    "users": (1000, lambda n: {"user_id": str(n)}),
    "roles": (1000, lambda n: {"role_id": str(n), "assume_role_policy_document": TRUST, "create_date": DATE}),
    "policies": (1500, lambda n: {"document": DOCUMENT, "create_date": DATE}),
}
NEXT = {"users": ("create_user", "User", {"user_name": "one-more"}),
        "roles": ("create_role", "Role", {"role_name": "one-more", "assume_role_policy_document": TRUST}),
        "policies": ("create_policy", "Policy", {"policy_name": "one-more", "policy_document": DOCUMENT})}
for kind, (most, document) in FULL.items():
    operation, thing, fields = NEXT[kind]
    path = f"accounts/{ACCOUNT}/ram/{kind}"
    there = len(admin("GET", path))
    admin("PATCH", path, {f"full-{number}": document(number) for number in range(most - there)})
    refused(f"LimitExceeded.{thing}", lambda: call(operation, **fields), 409)
    admin("PATCH", path, {"full-0": None})
    call(operation, **fields)
    equal(len(admin("GET", path)), most, f"an account may have {most} of them")

refused("SignatureDoesNotMatch", lambda: tea.caller(tea.client(client, HOST, secret="not-the-secret"), models)("list_users"), 400)
for code, status in (("InternalError", 500), ("ServiceUnavailable", 503)):
    admin("PUT", "faults", [{"kind": "server_error", "service": "ram", "status": status, "code": code, "times": 1}])
    refused(code, lambda: call("list_users", max_items=1), status)
admin("PUT", "faults", [{"kind": "throttle", "service": "ram", "times": 1}])
refused("Throttling.User", lambda: call("list_users", max_items=1), 400)
equal(len(call("list_users", max_items=1).users.user), 1, "works again once the service is well", assumed=True)
