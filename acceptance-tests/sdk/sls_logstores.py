"""Logstores of SLS by the newer SDK: tiers, encryption, metering, configuration, lists, shards."""

from common import equal, paged, refused
from sls_tea import caller

PROJECT, STORE = "sdk-log-stores", "audit"
sls = caller()
sls("create_project", projectName=PROJECT)
WANTED = {"logstoreName": STORE, "ttl": 180, "hot_ttl": 30, "infrequentAccessTTL": 30, "shardCount": 2, "autoSplit": True,
          "maxSplitShard": 64, "appendMeta": True, "enable_tracking": False, "mode": "standard", "telemetryType": "None"}


def stores(**fields):
    return sls("list_log_stores", PROJECT, **fields)["logstores"]


sls("create_log_store", PROJECT, **WANTED)
found = sls("get_log_store", PROJECT, STORE)
equal({name: found[name] for name in WANTED}, WANTED, "a logstore comes back as it was made, tiers included")
refused("LogStoreAlreadyExist", lambda: sls("create_log_store", PROJECT, **WANTED), 400)
for changes in [{"logstoreName": ""}, {"logstoreName": "Upper"}, {"ttl": 0}, {"ttl": 3651}, {"shardCount": 0},
                {"maxSplitShard": 257}, {"hot_ttl": 6}, {"infrequentAccessTTL": 20}, {"ttl": 100},
                {"encrypt_conf": {"enable": True}}]:
    refused("LogStoreInfoInvalid", lambda: sls("create_log_store", PROJECT, **{**WANTED, "logstoreName": "bad", **changes}),
            400)
for changes in [{"mode": "fast"}, {"telemetryType": "Noise"}]:
    refused("ParameterInvalid", lambda: sls("create_log_store", PROJECT, **{**WANTED, "logstoreName": "bad", **changes}), 400)

sls("update_log_store", PROJECT, STORE, logstoreName=STORE, ttl=365, shardCount=9)
found = sls("get_log_store", PROJECT, STORE)
equal((found["ttl"], found["shardCount"], found["hot_ttl"]), (365, 2, 30),
      "an update keeps what it does not say, and the number of shards in any case")
for changes in [{"ttl": 0}, {"maxSplitShard": 0}, {"logstoreName": "other"}]:
    refused("LogStoreInfoInvalid", lambda: sls("update_log_store", PROJECT, STORE, **changes), 400)
refused("ParameterInvalid", lambda: sls("update_log_store", PROJECT, STORE, ttl=100, infrequentAccessTTL=-1), 400)
refused("NotSupported", lambda: sls("update_log_store", PROJECT, STORE, mode="lite"), 400)
sls("update_log_store", PROJECT, STORE, ttl=365, hot_ttl=365, infrequentAccessTTL=0)
found = sls("get_log_store", PROJECT, STORE)
equal((found["hot_ttl"], found.get("infrequentAccessTTL")), (365, None), "0 days take the infrequent tier away")
equal(found["enableModify"], False, "logs of a store cannot be changed unless it was made so")
sls("create_log_store", PROJECT, logstoreName="bare", ttl=30, shardCount=1, enableModify=True)
found = sls("get_log_store", PROJECT, "bare")
equal((found.get("telemetryType", ""), found["enableModify"]), ("", True), "a kind of data that was not said is empty")
sls("delete_log_store", PROJECT, "bare")

KEY = {"cmk_key_id": "key-1", "arn": "acs:ram::1000000000000001:role/logs", "region_id": "cn-hangzhou"}
sls("create_log_store", PROJECT, logstoreName="secret", ttl=3650, shardCount=1,
    encrypt_conf={"enable": True, "encrypt_type": "default", "user_cmk_info": KEY})
refused("LogStoreInfoInvalid", lambda: sls("update_log_store", PROJECT, "secret",
                                           encrypt_conf={"enable": True, "encrypt_type": "m4"}), 400)
sls("update_log_store", PROJECT, "secret", encrypt_conf={"enable": False})
found = sls("get_log_store", PROJECT, "secret")["encrypt_conf"]
equal((found["enable"], found["encrypt_type"], found["user_cmk_info"]), (False, "default", KEY),
      "only the switch of an encryption changes later")
sls("update_log_store_encryption", PROJECT, STORE, enable=True, encryptType="aes_gcm",
    userCmkInfo={"keyId": "key-1", "regionId": "cn-hangzhou", "roleArn": KEY["arn"]})
found = sls("get_log_store", PROJECT, STORE)["encrypt_conf"]
equal((found["encrypt_type"], found["user_cmk_info"]), ("aes_gcm", KEY), "shows an encryption that came later")
refused("LogStoreInfoInvalid", lambda: sls("update_log_store_encryption", PROJECT, STORE, enable=True,
                                           encryptType="sm4_gcm"), 400)

equal(sls("get_log_store_metering_mode", PROJECT, STORE)["meteringMode"], "ChargeByFunction", "pay by feature by default",
      assumed=True)
sls("update_log_store_metering_mode", PROJECT, STORE, meteringMode="ChargeByDataIngest")
equal(sls("get_log_store_metering_mode", PROJECT, STORE)["meteringMode"], "ChargeByDataIngest", "shows the changed mode")
refused("ParameterInvalid", lambda: sls("update_log_store_metering_mode", PROJECT, STORE, meteringMode="Free"), 400)
sls("put_log_store_config", PROJECT, STORE, clientIpHeaders=["x-real-ip"])
equal(sls("get_log_store_config", PROJECT, STORE), {"clientIpHeaders": ["x-real-ip"]}, "comes back as it was put")

for name in ("alpha", "beta", "gamma"):
    sls("create_log_store", PROJECT, logstoreName=name, ttl=30, shardCount=1, mode="query" if name == "beta" else None)


def page(offset):
    body = sls("list_log_stores", PROJECT, offset=offset or 0, size=2)
    after = (offset or 0) + body["count"]
    return body["logstores"], after if after < body["total"] else None


paged(page, ["alpha", STORE, "beta", "gamma", "secret"])
equal(stores(logstoreName="lph"), ["alpha"], "a part of a name selects")
equal((stores(mode="query"), stores(mode="no-such-mode")), (["beta"], []), "a mode selects, and an unknown one selects none")
equal(stores(telemetryType="Metrics"), [], "a telemetry type selects")
refused("ParameterInvalid", lambda: sls("list_log_stores", PROJECT, size=501), 400)

shards = sls("list_shards", PROJECT, STORE)
equal([(shard["status"], shard["inclusiveBeginKey"], shard["exclusiveEndKey"]) for shard in shards],
      [("readwrite", "0" * 32, "8" + "0" * 31), ("readwrite", "8" + "0" * 31, "f" * 32)], "shards divide the hash space evenly")
begin, end = (sls("get_cursor", PROJECT, STORE, "0", **{"from": place})["cursor"] for place in ("begin", "end"))
equal(begin, end, "the first log and the next one are at the same place in an empty shard")
refused("ParameterInvalid", lambda: sls("get_cursor", PROJECT, STORE, "0", **{"from": "soon"}), 400)
refused("ShardNotExist", lambda: sls("get_cursor", PROJECT, STORE, "99", **{"from": "end"}), 404)
split = sls("split_shard", PROJECT, STORE, "0", key="4" + "0" * 31)
equal([(shard["shardID"], shard["status"]) for shard in split], [(0, "readonly"), (2, "readwrite"), (3, "readwrite")],
      "the shard becomes read-only, and two take its place")
equal(len(sls("split_shard", PROJECT, STORE, "1", shardCount=4)), 5, "a shard can be split into several")
refused("ParameterInvalid", lambda: sls("split_shard", PROJECT, STORE, "0"), 400)
refused("ParameterInvalid", lambda: sls("split_shard", PROJECT, STORE, "2", key="f" * 32), 400)
refused("ParameterInvalid", lambda: sls("split_shard", PROJECT, STORE, "2", shardCount=1), 400)
refused("ShardNotExist", lambda: sls("split_shard", PROJECT, STORE, "99"), 404)
merged = sls("merge_shard", PROJECT, STORE, "2")
equal([(shard["shardID"], shard["status"]) for shard in merged], [(8, "readwrite"), (2, "readonly"), (3, "readonly")],
      "a shard and the one after it become one")
refused("ParameterInvalid", lambda: sls("merge_shard", PROJECT, STORE, "2"), 400)
refused("ParameterInvalid", lambda: sls("merge_shard", PROJECT, STORE, "7"), 400)
refused("ShardNotExist", lambda: sls("merge_shard", PROJECT, STORE, "99"), 404)
equal(sls("get_log_store", PROJECT, STORE)["shardCount"], 5, "counts the shards that can be written to", assumed=True)
sls("delete_log_store", PROJECT, STORE)
equal(stores(logstoreName=STORE), [], "a deleted logstore is gone")
