"""The query language of SLS, over audit events: search words, operators, wildcards, existence, ranges, SQL."""

import json
import time

from aliyun.log import IndexConfig, LogClient, LogItem, PutLogsRequest

from common import KEY, REGION, SECRET, equal, refused

PROJECT, STORE = "sdk-log-query", "audit"
client = LogClient(f"http://{REGION}.log.aliyuncs.com", KEY, SECRET)
client.create_project(PROJECT, "queries")
client.create_logstore(PROJECT, STORE, ttl=30, shard_count=2)
NOW = int(time.time()) - 600
TOKEN = list(", '\";=()[]{}?@&<>/:\n\t\r")
TEXT = {"type": "text", "doc_value": True}
index = IndexConfig()
index.from_json({"line": {"token": TOKEN, "caseSensitive": False}, "keys": {
    "id": {"type": "long", "doc_value": True}, "strict": {**TEXT, "token": TOKEN, "caseSensitive": True},
    "event": {"type": "json", "token": TOKEN, "doc_value": True, "index_all": True, "max_depth": -1, "json_keys": {
        "eventName": TEXT, "serviceName": TEXT, "errorCode": TEXT, "size": {"type": "long", "doc_value": True}}}}})
client.create_index(PROJECT, STORE, index)
EVENTS = [
    {"eventName": "CreatePolicy", "serviceName": "Ram", "userIdentity": {"type": "ram-user"}, "mfa": True},
    {"eventName": "ConsoleSignin", "serviceName": "AasCustomer", "userIdentity": {"type": "root-account"}, "errorCode": ""},
    {"eventName": "DeletePolicy", "serviceName": "Ram", "errorCode": "NoPermission.Policy", "size": 7},
    {"eventName": "PutBucketAcl", "serviceName": "Oss", "resourceName": "audit-logs/acl x", "list": ["a"], "size": 12}]
client.put_logs(PutLogsRequest(PROJECT, STORE, "actiontrail_audit_event", "actiontrail", [
    LogItem(timestamp=NOW + number, contents=[("id", str(number)), ("strict", "Exactly"), ("event", json.dumps(event))])
    for number, event in enumerate(EVENTS, 1)]))


def rows(query):
    return [log.get_contents() for log in client.get_log(PROJECT, STORE, NOW - 60, NOW + 60, query=query).get_logs()]


for query, wanted, what in [
    ("", [1, 2, 3, 4], "no search finds everything"),
    ("*", [1, 2, 3, 4], "an asterisk finds everything"),
    ('"event.eventName": "CreatePolicy"', [1], "a quoted key and value"),
    ("event.eventName:createpolicy", [1], "letter case does not count unless the index says so"),
    ("strict: exactly", [], "letter case counts where the index says so"),
    ('"event.eventName": "CreatePolicy" or "event.eventName": "DeletePolicy"', [1, 3], "or"),
    ("event.serviceName: Ram AND NOT event.eventName: DeletePolicy", [1], "operators in capitals"),
    ("event.serviceName: Ram not event.eventName: DeletePolicy", [1], "conditions side by side mean and"),
    ("nothing or event.eventName: CreatePolicy and event.serviceName: Oss", [], "and binds tighter than or"),
    ('("event.serviceName": "Ram" or "event.serviceName": "Oss") and ("event.eventName": "CreatePolicy" or '
     '"event.eventName": "PutBucketAcl")', [1, 4], "parentheses"),
    ('"event.userIdentity.type": "root-account"', [2], "a leaf of JSON by its path"),
    ('"event.mfa": "true"', [1], "a truth value as text"),
    ("event.list: *", [], "lists have no index"),
    ("event.errorCode: *", [2, 3], "a key exists"),
    ("not event.errorCode: *", [1, 4], "a key does not exist"),
    ('event.errorCode: ""', [2], "a key is empty"),
    ("event.errorCode: NoPermission*", [3], "an asterisk at the end of a word"),
    ("event.errorCode: NoPerm?ssion.Policy", [3], "a question mark stands for a letter"),
    ('event.errorCode: "NoPermission*"', [], "wildcards in quotation marks are letters"),
    ('event.resourceName: "x acl"', [4], "several words in any order"),
    ('event.resourceName: #"acl x"', [4], "a phrase"),
    ('event.resourceName: #"x acl"', [], "a phrase in the wrong order"),
    ("root-account", [2], "a word anywhere"),
    ("event.size > 7", [4], "a comparison of numbers"),
    ("event.size in [7 12)", [3], "a range of numbers"),
    ("id: 3", [3], "a number equal to another"),
    ("not event.size > -1000000", [1, 2], "what is no number compares to none"),
    ("__topic__: actiontrail_audit_event and __source__: actiontrail", [1, 2, 3, 4], "topic and source"),
]:
    equal([int(row["id"]) for row in rows(query)], wanted, f"search `{query}`: {what}" if query else what)

NAMES = '"event.serviceName"'
for query, wanted in [
    ("event.serviceName: Ram | select count(1) as x", [{"x": "2"}]),
    ("nothing | select count(*) as x", [{"x": "0"}]),
    (f"nothing | select {NAMES}, count(1) as x group by {NAMES}", []),
    (f"* | SELECT {NAMES} AS s, count(1) AS c FROM log GROUP BY {NAMES} HAVING c > 1", [{"s": "Ram", "c": "2"}]),
    (f"* | select {NAMES} as s group by {NAMES} order by s desc limit 1,1", [{"s": "Oss"}]),
    ('* | select max("event.size") as a, min("event.size") as b, sum("event.size") as c, avg("event.size") as d',
     [{"a": "12", "b": "7", "c": "19", "d": "9.5"}]),
    (f"* | select approx_distinct({NAMES}) as x", [{"x": "3"}]),
    ("* | select id where \"event.eventName\" like '%Policy' and \"event.errorCode\" is null", [{"id": "1"}]),
    ("* | select count(1) as x where \"event.serviceName\" in ('Ram', 'Oss') and not id = 1", [{"x": "2"}]),
]:
    equal(rows(query), wanted, f"SQL `{query}`")

for code, query in [("InvalidQueryString", "(a"), ("InvalidQueryString", "a or"), ("InvalidQueryString", '"a'),
                    ("InvalidQueryString", "event.eventName: *Policy"), ("ParameterInvalid", "category: x"),
                    ("ParameterInvalid", 'not #"a b"'), ("ParameterInvalid", '#"a b" | select count(1) as x'),
                    ("ParameterInvalid", "select count(1) as x"), ("ParameterInvalid", "* | select strict2"),
                    ("ParameterInvalid", f"* | select {NAMES}, count(1)"), ("ParameterInvalid", "* | delete from log")]:
    refused(code, lambda: rows(query), 400)
