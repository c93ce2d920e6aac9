"""Writing logs to SLS by the newer SDK, which compresses in other ways and lets wrong headers through."""

import time

from alibabacloud_sls20201230 import models
from alibabacloud_tea_util.models import RuntimeOptions

from common import equal, refused
from sls_tea import caller, client

PROJECT, STORE = "sdk-log-writes", "audit"
sls, writer = caller(), client(signature="v4")
sls("create_project", projectName=PROJECT)
sls("create_log_store", PROJECT, logstoreName=STORE, ttl=30, shardCount=1)
sls("create_index", PROJECT, STORE, body={"line": {"token": [" "], "caseSensitive": False}})
NOW = int(time.time())
GROUP = {"Topic": "a-topic", "Source": "a-source", "LogTags": [{"Key": "env", "Value": "test"}],
         "LogItems": [{"Time": NOW, "Contents": [{"Key": "msg", "Value": "hello"}]}]}


def put(store=STORE, **headers):
    headers = models.PutLogsHeaders(common_headers={name.replace("_", "-"): value for name, value in headers.items()})
    request = models.PutLogsRequest(body=models.LogGroup().from_map(GROUP))
    writer.put_logs_with_options(PROJECT, store, request, headers, RuntimeOptions(autoretry=False))


def get(**fields):
    return sls("get_logs", PROJECT, STORE, **{"from": NOW - 60, "to": NOW + 60, "query": "hello", **fields})


put()
put(x_log_compresstype="lz4")
put(x_log_compresstype="deflate")
answer = get()
equal(answer["meta"]["count"], 3, "finds what was put in each way of compression")
equal({name: answer["data"][0][name] for name in ("msg", "__topic__", "__source__", "__tag__:env", "__time__")},
      {"msg": "hello", "__topic__": "a-topic", "__source__": "a-source", "__tag__:env": "test", "__time__": str(NOW)},
      "a log comes with source, topic and tags, all as text")
refused("InvalidCompressType", lambda: put(x_log_compresstype="snappy", x_log_bodyrawsize="10"), 400)
refused("InvalidBodyRawSize", lambda: put(x_log_bodyrawsize="many"), 400)
refused("PostBodyUncompressError", lambda: put(x_log_compresstype="lz4", x_log_bodyrawsize="10"), 400)
refused("LogStoreNotExist", lambda: put("missing"), 404)
refused("InvalidTimeRange", lambda: get(to=NOW - 60), 400)
refused("InvalidLine", lambda: get(line=101), 400)
refused("InvalidOffset", lambda: get(offset=-1), 400)
