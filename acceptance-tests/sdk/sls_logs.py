"""Writing logs to SLS and reading them, in both forms of GetLogs."""

import time

from aliyun.log import IndexConfig, IndexKeyConfig, IndexLineConfig, LogClient, LogItem, PutLogsRequest

from common import KEY, REGION, SECRET, equal, paged, refused

PROJECT, STORE = "sdk-log-logs", "audit"
client = LogClient(f"http://{REGION}.log.aliyuncs.com", KEY, SECRET)
client.create_project(PROJECT, "logs")
client.create_logstore(PROJECT, STORE, ttl=30, shard_count=2, append_meta=True)
NOW = int(time.time())


def put(numbers, store=STORE, **how):
    items = [LogItem(timestamp=NOW - 1000 + number, contents=[("n", str(number)), ("msg", f"hello {number}")])
             for number in numbers]
    client.put_logs(PutLogsRequest(PROJECT, store, "a-topic", "a-source", items, **how))


def get(query="*", start=NOW - 2000, end=NOW + 60, **more):
    return client.get_log(PROJECT, STORE, start, end, query=query, **more)


def numbers(*args, **more):
    return [int(log.get_contents()["n"]) for log in get(*args, **more).get_logs()]


refused("IndexConfigNotExist", get, 400)
client.create_index(PROJECT, STORE, IndexConfig(7, IndexLineConfig([" "], False), {
    "n": IndexKeyConfig(doc_value=True, index_type="long"), "msg": IndexKeyConfig([" "], False, "text", doc_value=True)}))
put(range(0, 40))
put(range(40, 80), compress=False)
put(range(80, 100), hashKey="7f" + "0" * 30)
put(range(100, 120), logtags=[("env", "test")])
found = get("n = 110").get_logs()[0]
equal((found.get_source(), found.get_contents()["__topic__"], found.get_contents()["__tag__:env"]),
      ("a-source", "a-topic", "test"), "a log comes with source, topic and tags")
equal("__tag__:__receive_time__" in found.get_contents(), True, "a logstore with meta data adds the time of receipt")


class Nonsense:
    """What is no group of logs."""

    def SerializeToString(self):
        return b"\xff nonsense"


refused("PostBodyInvalid", lambda: client.put_log_raw(PROJECT, STORE, Nonsense()), 400)
big = LogItem(timestamp=NOW, contents=[("n", "1"), ("msg", "x" * (11 << 20))])
refused("PostBodyTooLarge", lambda: client.put_logs(PutLogsRequest(PROJECT, STORE, "", "", [big])), 400)
refused("LogStoreNotExist", lambda: put([1], store="missing"), 404)

answer = get("n < 3 | select count(1) as cnt")
equal((answer.get_logs()[0].get_contents()["cnt"], answer.is_completed(), answer.get_has_sql()), ("3", True, True),
      "values of rows are texts, and the answer says that it is complete and has SQL")
for code, wrong in [("InvalidTimeRange", {"start": NOW, "end": NOW}), ("InvalidOffset", {"query": "*", "offset": -1}),
                    ("InvalidReverse", {"reverse": "sideways"}), ("InvalidQueryString", {"query": "(hello"}),
                    ("ParameterInvalid", {"query": "nofield: x"}), ("ParameterInvalid", {"query": "select count(1)"}),
                    ("ParameterInvalid", {"query": "* | select nothing"}),
                    ("ParameterInvalid", {"query": "* | select count(1) as cnt", "offset": 1})]:
    refused(code, lambda: get(**wrong), 400)
# The SDK walks through pages itself when it is asked for more than one holds, but not with SQL.
refused("InvalidLine", lambda: get("* | select count(1) as cnt", size=101), 400)


def page(offset):
    found = numbers(offset=offset or 0, size=50)
    return found, (offset or 0) + len(found) if len(found) == 50 else None


# The SDK has a switch for the old form, in which everything stands in the query.
for client._get_logs_v2_enabled in (True, False):
    paged(page, list(range(120)), "offset and number of lines walk through the logs, oldest first")
    equal(numbers(reverse=True, size=3), [119, 118, 117], "the newest come first on request")
    equal(len(numbers()), 100, "there are 100 lines unless something else is said")
    equal(numbers("msg: hello", NOW - 1000, NOW - 998), [0, 1], "the range of time has its start and not its end")
    equal(numbers("n > 117", topic="a-topic"), [118, 119], "a topic selects, too")
    equal(get("* | select count(1) as cnt").get_logs()[0].get_contents()["cnt"], "120", "SQL counts what a search finds")
refused("InvalidTimeRange", lambda: get(start=NOW, end=NOW - 1), 400)
refused("InvalidOffset", lambda: get(offset=-1), 400)
refused("InvalidLine", lambda: get("* | select count(1) as cnt", size=101), 400)
refused("InvalidQueryString", lambda: get("(hello"), 400)
refused("ParameterInvalid", lambda: get("nofield: x"), 400)
equal(numbers(size=-1), list(range(120)), "the SDK can walk through all of them itself")
client.delete_index(PROJECT, STORE)
refused("IndexConfigNotExist", get, 400)
refused("LogStoreNotExist", lambda: client.get_log(PROJECT, "missing", NOW - 60, NOW, query="*"), 404)
refused("ProjectNotExist", lambda: client.get_log("sdk-log-none", STORE, NOW - 60, NOW, query="*"), 404)
