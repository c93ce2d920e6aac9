"""The life of a log project and its logstore with the older SDK, in both of its signature versions."""

from aliyun.log import LogClient

from common import KEY, REGION, SECRET, equal, refused

ENDPOINT = f"http://{REGION}.log.aliyuncs.com"


def life(client, project):
    refused("ProjectNotExist", lambda: client.get_project(project), 404)
    client.create_project(project, "made by a test")
    equal(client.get_project(project).get_description(), "made by a test", "shows the description")
    refused("ProjectAlreadyExist", lambda: client.create_project(project, "again"), 400)
    client.update_project(project, "changed")
    equal(client.get_project(project).get_description(), "changed", "shows the changed description")
    client.change_resource_group(project, "rg-acfm0000000000b")

    refused("LogStoreNotExist", lambda: client.get_logstore(project, "events"), 404)
    client.create_logstore(project, "events", ttl=30, shard_count=2, append_meta=True, auto_split=True,
                           max_split_shard=64)
    store = client.get_logstore(project, "events")
    equal((store.get_ttl(), store.get_shard_count(), store.auto_split, store.append_meta), (30, 2, True, True),
          "shows what was set")
    refused("LogStoreAlreadyExist", lambda: client.create_logstore(project, "events", ttl=30, shard_count=2), 400)
    client.update_logstore(project, "events", ttl=365)
    equal(client.get_logstore(project, "events").get_ttl(), 365, "shows the changed retention")
    client.update_logstore_metering_mode(project, "events", "ChargeByDataIngest")
    equal(client.get_logstore_metering_mode(project, "events").get_metering_mode(), "ChargeByDataIngest", "shows the changed mode")
    equal(client.list_logstore(project).get_logstores(), ["events"], "names alone are listed")

    equal([shard["shardID"] for shard in client.list_shards(project, "events").get_shards_info()], [0, 1], "numbers the shards")
    client.split_shard(project, "events", 0, "40000000000000000000000000000000")
    merged = client.merge_shard(project, "events", 2).get_shards_info()
    equal([shard["shardID"] for shard in merged], [4, 2, 3], "the new shard comes first")

    client.delete_logstore(project, "events")
    refused("LogStoreNotExist", lambda: client.get_logstore(project, "events"), 404)
    client.delete_project(project)
    refused("ProjectNotExist", lambda: client.get_project(project), 404)


life(LogClient(ENDPOINT, KEY, SECRET, auth_version="v1"), "sdk-log-v1")
life(LogClient(ENDPOINT, KEY, SECRET, auth_version="v4", region=REGION), "sdk-log-v4")
