"""Indexes of SLS logstores."""

from aliyun.log import IndexConfig, IndexKeyConfig, IndexLineConfig, LogClient

from common import KEY, REGION, SECRET, equal, refused

PROJECT, STORE = "sdk-log-index", "audit"
client = LogClient(f"http://{REGION}.log.aliyuncs.com", KEY, SECRET, auth_version="v4", region=REGION)
client.create_project(PROJECT, "indexes")
client.create_logstore(PROJECT, STORE, ttl=30, shard_count=1)

LINE = IndexLineConfig([" ", ","], False)
index = IndexConfig(7, LINE, {"status": IndexKeyConfig(doc_value=True, index_type="long"),
                              "msg": IndexKeyConfig([" "], False, "text", doc_value=True)})
refused("IndexConfigNotExist", lambda: client.get_index_config(PROJECT, STORE), 400)
refused("ParameterInvalid", lambda: client.update_index(PROJECT, STORE, index), 400)
refused("ParameterInvalid", lambda: client.delete_index(PROJECT, STORE), 400)


class Raw(IndexConfig):
    """An index that is sent as it is, for what the SDK's own classes cannot say."""

    def __init__(self, document):
        self.document = document

    def to_json(self):
        return self.document


TOKEN = {"token": [" "]}
WRONG = [("IndexInfoInvalid", {}), ("IndexInfoInvalid", {"line": {"caseSensitive": False}}),
         ("IndexInfoInvalid", {"line": {**TOKEN, "include_keys": ["a"], "exclude_keys": ["b"]}}),
         ("IndexInfoInvalid", {"keys": {"a": {"type": "text"}}}),
         ("IndexInfoInvalid", {"keys": {"a": {"type": "date"}}}),
         ("ParameterInvalid", {"keys": {"a": TOKEN}}),
         ("ParameterInvalid", {"line": TOKEN, "max_text_len": 63})]
for code, document in WRONG:
    refused(code, lambda: client.create_index(PROJECT, STORE, Raw(document)), 400)
client.create_index(PROJECT, STORE, index)
refused("IndexAlreadyExist", lambda: client.create_index(PROJECT, STORE, index), 400)
found = client.get_index_config(PROJECT, STORE).get_index_config()
equal((found.line_config.token_list, sorted(found.key_config_list)), ([" ", ","], ["msg", "status"]),
      "an index comes back as it was made")
body = client.get_index_config(PROJECT, STORE).get_body()
equal({name: body["keys"]["msg"][name] for name in ("alias", "caseSensitive", "chn")},
      {"alias": "", "caseSensitive": False, "chn": False}, "the service fills defaults in")
equal((body["index_mode"], body["storage"], body["ttl"]), ("v2", "pg", 30), "shows what only the service sets")
for code, document in WRONG:
    refused(code, lambda: client.update_index(PROJECT, STORE, Raw(document)), 400)
client.update_index(PROJECT, STORE, Raw({"keys": {"event": {
    "type": "json", **TOKEN, "index_all": True, "max_depth": -1,
    "json_keys": {"eventName": {"type": "text", "doc_value": True}}}}}))
body = client.get_index_config(PROJECT, STORE).get_body()
equal((sorted(body["keys"]), "line" in body), (["event"], False), "an update replaces the whole index")
WORDS = {"line": {"token": ["a", "tt", " "]}, "keys": {"size": {"type": "long", "token": ["b"], "doc_value": False}}}
client.update_index(PROJECT, STORE, Raw(WORDS))
body = client.get_index_config(PROJECT, STORE).get_body()
equal((body["line"]["token"], body["keys"]["size"], body.get("max_text_len")),
      (["a", "tt", " "], WORDS["keys"]["size"], None),
      "separators may be words and stay in order, and what is not said is not answered")
client.delete_index(PROJECT, STORE)
refused("IndexConfigNotExist", lambda: client.get_index_config(PROJECT, STORE), 400)
