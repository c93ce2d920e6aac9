"""Logs and queries with the official SDK: makes indexes, puts logs, and prints the count that each query finds as JSON."""

import json
import os

from aliyun.log import IndexConfig, LogClient, LogItem, PutLogsRequest

from common import KEY, REGION, SECRET

client = LogClient(f"http://{REGION}.log.aliyuncs.com", KEY, SECRET)
with open(os.environ["WORK"], encoding="utf-8") as file:
    work = json.load(file)

for index in work["indexes"]:
    config = IndexConfig()
    config.from_json(index["index"])
    client.create_index(index["project"], index["store"], config)

for log in work["logs"]:
    item = LogItem(timestamp=log["time"], contents=list(log["contents"].items()))
    client.put_logs(PutLogsRequest(log["project"], log["store"], topic=log["topic"], source="", logitems=[item]))


def count(query):
    found = client.get_log(query["project"], query["store"], query["from"], query["to"], query=query["query"])
    rows = [row.get_contents() for row in found.get_logs()]
    return sum(int(row["cnt"]) for row in rows)


print(json.dumps([count(query) for query in work["queries"]]))
