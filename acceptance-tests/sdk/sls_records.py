"""Records of SLS resources (the notification objects of alerting) by the newer SDK."""

import json

from common import admin, equal, paged, refused
from sls_tea import caller

sls = caller("cn-heyuan", "v4")
USERS = "sls.common.user"


def record(identity, **more):
    return {"id": identity, "tag": identity.title(), "value": json.dumps({"user_id": identity, **more}, indent=1)}


def ids(body):
    return [item["id"] for item in body["items"]]


refused("InvalidMethod", lambda: caller("cn-hangzhou")("list_resource_record", USERS), 405)
refused("ResourceRecordNotExist", lambda: sls("get_resource_record", USERS, "alex"), 404)
equal(sls("create_resource_record", USERS, body=record("alex"))["id"], "alex", "answers the id")
found = sls("get_resource_record", USERS, "alex")
equal((found["id"], found["tag"], found["value"]), ("alex", "Alex", record("alex")["value"]), "a value comes back as sent")
refused("ResourceRecordAlreadyExist", lambda: sls("create_resource_record", USERS, body=record("alex")), 400)
made = sls("create_resource_record", USERS, body={"value": "{}"})["id"]
equal(len(made) > 0, True, "without an id the service makes one")
sls("delete_resource_record", USERS, ids=made)
refused("ParameterInvalid", lambda: sls("create_resource_record", USERS, body={"id": "bad", "value": "no JSON"}), 400)
refused("ParameterInvalid", lambda: sls("create_resource_record", USERS, body={"id": "bad"}), 400)

sls("update_resource_record", USERS, "alex", body={"id": "ignored", "value": '{"user_name": "A"}'})
found = sls("get_resource_record", USERS, "alex")
equal((found.get("tag", ""), found["value"]), ("", '{"user_name": "A"}'), "an update replaces value and tag as a whole")
refused("ParameterInvalid", lambda: sls("update_resource_record", USERS, "alex", body={"value": "no JSON"}), 400)
refused("ResourceRecordNotExist", lambda: sls("update_resource_record", USERS, "nobody", body=record("nobody")), 404)

sls("upsert_resource_record", USERS, records=[record("alex"), record("beatrix"), record("chen"), record("dana", sms=1)])
equal(ids(sls("list_resource_record", USERS)), ["alex", "beatrix", "chen", "dana"], "upsert makes and replaces")
refused("PostBodyInvalid", lambda: sls("upsert_resource_record", USERS, records=[]), 400)
refused("PostBodyInvalid", lambda: sls("upsert_resource_record", USERS, records=[record(f"u{n}") for n in range(201)]), 400)
refused("ParameterInvalid", lambda: sls("upsert_resource_record", USERS, records=[{"id": "bad", "value": "{"}]), 400)


def page(offset):
    body = sls("list_resource_record", USERS, offset=offset or 0, size=3)
    after = (offset or 0) + body["count"]
    return ids(body), after if after < body["total"] else None


paged(page, ["alex", "beatrix", "chen", "dana"])
equal(ids(sls("list_resource_record", USERS, ids="alex,dana")), ["alex", "dana"], "ids select")
equal(ids(sls("list_resource_record", USERS, tag="Chen")), ["chen"], "a tag selects exactly")
equal(ids(sls("list_resource_record", USERS, search='"sms"')), ["dana"], "a search looks into the value")
refused("ParameterInvalid", lambda: sls("list_resource_record", USERS, size=201), 400)
refused("NotSupported", lambda: sls("list_resource_record", USERS, jsonPath="$.sms", jsonPathValue="1"), 400)


def next_page(token):
    body = sls("list_next_resource_record", USERS, maxResults=3, nextToken=token or "")
    return ids(body), body["nextToken"]


paged(next_page, ["alex", "beatrix", "chen", "dana"])
equal(ids(sls("list_next_resource_record", USERS, reverse=True)), ["dana", "chen", "beatrix", "alex"],
      "the order can be reversed")
refused("ParameterInvalid", lambda: sls("list_next_resource_record", USERS, maxResults=201), 400)
refused("NotSupported", lambda: sls("list_next_resource_record", USERS, sjson="{}"), 400)

TEMPLATES = "sls.alert.content_template"
refused("ResourceRecordNotExist", lambda: sls("get_resource_record", TEMPLATES, "sls.builtin.en"), 404)
equal(sls("get_resource_record", TEMPLATES, "sls.builtin.en", includeSystemRecords=True)["id"], "sls.builtin.en",
      "records of the service are shown on request", assumed=True)
equal("sls.builtin.cn" in ids(sls("list_resource_record", TEMPLATES, includeSystemRecords=True)), True,
      "records of the service are listed on request")

refused("ResourceRecordNotExist", lambda: sls("delete_resource_record", USERS, ids="alex,nobody"), 404)
refused("ParameterInvalid", lambda: sls("delete_resource_record", USERS, ids=",".join(f"u{n}" for n in range(201))), 400)
sls("delete_resource_record", USERS, ids="alex,beatrix")
equal(ids(sls("list_resource_record", USERS)), ["chen", "dana"], "shows that several were deleted in one call")

for operation, *rest in [("create_resource_record",), ("get_resource_record", "x"), ("list_resource_record",),
                         ("list_next_resource_record",), ("update_resource_record", "x")]:
    refused("ResourceNotExist", lambda: sls(operation, "user.none", *rest, body=record("x")), 404)
refused("ResourceNotExist", lambda: sls("upsert_resource_record", "user.none", records=[record("x")]), 404)
refused("ResourceNotExist", lambda: sls("delete_resource_record", "user.none", ids="x"), 404)

admin("PUT", "switches", {"sls_records_region": "every"})
equal(ids(caller("cn-hangzhou")("list_resource_record", USERS)), ["chen", "dana"],
      "with the switch sls_records_region every region serves the same records", assumed=True)
