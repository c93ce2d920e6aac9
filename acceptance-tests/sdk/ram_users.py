"""RAM with the official SDK: users and their access keys."""

from alibabacloud_ram20150501 import client, models

import tea
from common import admin, equal, paged, refused

HOST, LONG = "ram.aliyuncs.com", "x" * 200
call = tea.caller(tea.client(client, HOST), models)
BY_NAME = ("create_user", "get_user", "delete_user", "create_access_key", "list_access_keys")

# A name is given, and well formed, and known.
for operation in ("create_user", "get_user", "delete_user"):
    refused("MissingUserName", lambda: call(operation), 400)
for operation in BY_NAME:
    refused("InvalidParameter.UserName.InvalidChars", lambda: call(operation, user_name="sdk user"), 400)
    refused("InvalidParameter.UserName.Length", lambda: call(operation, user_name="u" * 65), 400)
    if operation != "create_user":
        refused("EntityNotExist.User", lambda: call(operation, user_name="nobody-here"), 404)

user = call("create_user", user_name="sdk-user", display_name="SDK", comments="for a test", email="sdk@example.com",
            mobile_phone="86-18600008888").user
equal((user.user_name, user.display_name, user.comments, user.email, user.mobile_phone),
      ("sdk-user", "SDK", "for a test", "sdk@example.com", "86-18600008888"), "a user is answered as it was asked for")
equal(call("get_user", user_name="sdk-user").user.user_id, user.user_id, "the id is the one that CreateUser answered")
refused("EntityAlreadyExists.User", lambda: call("create_user", user_name="sdk-user"), 409)
for field, code in (("display_name", "DisplayName.Length"), ("comments", "Comments.Length"), ("email", "Email.Format"),
                    ("mobile_phone", "MobilePhone.Format")):
    refused(f"InvalidParameter.{code}", lambda: call("create_user", user_name="sdk-second", **{field: LONG}), 400)

for number in range(4):
    call("create_user", user_name=f"sdk-user-{number}")


def users(marker, size=2):
    page = call("list_users", marker=marker, max_items=size)
    return [user.user_name for user in page.users.user], page.marker


everybody = [user.user_name for user in call("list_users").users.user]
equal([name for name in everybody if name.startswith("sdk-")], ["sdk-user"] + [f"sdk-user-{n}" for n in range(4)],
      "without a marker it begins with the first user", assumed=True)
paged(users, everybody, "MaxItems users are a page, and Marker leads on while IsTruncated")
refused("InvalidParameter.MaxItems", lambda: users(None, 0), 400)
refused("InvalidParameter.Marker", lambda: users("no-marker"), 400)

# Keys: two of a user, shown with their secret once.
key = call("create_access_key", user_name="sdk-user").access_key
equal((key.status, len(key.access_key_secret)), ("Active", 30), "a key is active at once and shown with its secret")
call("create_access_key", user_name="sdk-user")
refused("LimitExceeded.User.AccessKey", lambda: call("create_access_key", user_name="sdk-user"), 409)
keys = call("list_access_keys", user_name="sdk-user").access_keys.access_key
equal([sorted(listed.to_map()) for listed in keys], [["AccessKeyId", "CreateDate", "Status"]] * 2,
      "keys are listed without their secrets")

own = tea.caller(tea.client(client, HOST, key.access_key_id, key.access_key_secret), models)
refused("NoPermission", lambda: own("list_access_keys"), 403)
call("attach_policy_to_user", user_name="sdk-user", policy_type="System", policy_name="AliyunRAMFullAccess")
equal(len(own("list_access_keys").access_keys.access_key), 2, "without a user it is about the caller's own keys")

name = {"user_name": "sdk-user", "user_access_key_id": key.access_key_id}
refused("MissingStatus", lambda: call("update_access_key", **name), 400)
refused("InvalidParameter.Status", lambda: call("update_access_key", status="Asleep", **name), 400)
for operation, more in (("update_access_key", {"status": "Inactive"}), ("delete_access_key", {})):
    refused("MissingUserAccessKeyId", lambda: call(operation, user_name="sdk-user", **more), 400)
    refused("InvalidParameter.UserName.InvalidChars", lambda: call(operation, **{**name, "user_name": "a b"}, **more), 400)
    refused("InvalidParameter.UserName.Length", lambda: call(operation, **{**name, "user_name": LONG}, **more), 400)
    refused("EntityNotExist.User", lambda: call(operation, **{**name, "user_name": "nobody"}, **more), 404)
    refused("EntityNotExist.User.AccessKey", lambda: call(
        operation, user_name="sdk-user", user_access_key_id="LTAInone", **more), 404)
call("update_access_key", status="Inactive", **name)
refused("InvalidAccessKeyId.Inactive", lambda: own("get_user", user_name="sdk-user"), 400)
call("update_access_key", status="Active", **name)
equal(own("get_user", user_name="sdk-user").user.user_name, "sdk-user", "a key that is active again works again")

# Deleting: policies and keys first.
refused("DeleteConflict.User.Policy", lambda: call("delete_user", user_name="sdk-user"), 409)
call("detach_policy_from_user", user_name="sdk-user", policy_type="System", policy_name="AliyunRAMFullAccess")
refused("DeleteConflict.User.AccessKey", lambda: call("delete_user", user_name="sdk-user"), 409)
for listed in keys:
    call("delete_access_key", user_name="sdk-user", user_access_key_id=listed.access_key_id)
equal(call("list_access_keys", user_name="sdk-user").access_keys.access_key, [], "a deleted key is not listed any more")
refused("InvalidAccessKeyId.NotFound", lambda: own("get_user", user_name="sdk-user"), 404)
call("delete_user", user_name="sdk-user")
refused("EntityNotExist.User", lambda: call("get_user", user_name="sdk-user"), 404)

# What the mock does without quotas.
admin("PUT", "switches", {"quotas": "off"})
for _ in range(3):
    call("create_access_key", user_name="sdk-user-0")
equal(len(call("list_access_keys", user_name="sdk-user-0").access_keys.access_key), 3, "without quotas there are more keys",
      assumed=True)
