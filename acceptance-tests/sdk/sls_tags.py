"""Tags of projects, logstores and dashboards of SLS."""

from aliyun.log import LogClient

from common import KEY, REGION, SECRET, equal, paged, refused

PROJECT = "sdk-log-tags"
STORE, BOARD = f"{PROJECT}#audit", f"{PROJECT}#board"
client = LogClient(f"http://{REGION}.log.aliyuncs.com", KEY, SECRET)
client.create_project(PROJECT, "tags")
client.create_logstore(PROJECT, "audit", ttl=30, shard_count=1)
client.create_dashboard(PROJECT, {"dashboardName": "board", "displayName": "Board", "charts": []})


def tags(kind, identity=None, **wanted):
    answers = client.list_tag_resources(kind, identity, **wanted)
    return [(tag["resourceId"], tag["tagKey"], tag["tagValue"]) for answer in answers for tag in answer.get_body()["tagResources"]]


client.tag_project(PROJECT, env="test", owner="audit")
client.tag_project(PROJECT, env="prod")
equal(tags("project", PROJECT), [(PROJECT, "env", "prod"), (PROJECT, "owner", "audit")], "a key that is there gets the new value")
client.tag_resources("PROJECT", PROJECT, extra="1")
equal(tags("PROJECT", PROJECT, extra="1"), [(PROJECT, key, value) for key, value in
                                            [("env", "prod"), ("extra", "1"), ("owner", "audit")]],
      "the type is taken in any letter case, and a tag selects resources")
client.untag_project(PROJECT, "owner", "extra")
client.untag_project(PROJECT)
equal(tags("project", PROJECT), [(PROJECT, "env", "prod")], "keys are taken away, and no keys is no error")
for kind, identity in [("logstore", STORE), ("dashboard", BOARD)]:
    client.tag_resources(kind, identity, team="web")
    equal(tags(kind, identity), [(identity, "team", "web")], f"a {kind} has tags, too")
    client.untag_resources(kind, identity, "team")

many = {f"key-{number:02}": "x" for number in range(21)}
refused("PostBodyInvalid", lambda: client.tag_project(PROJECT, **many), 400)
refused("PostBodyInvalid", lambda: client.tag_project(PROJECT), 400)
refused("PostBodyInvalid", lambda: client.untag_project(PROJECT, *many), 400)
for number in range(6):
    client.create_project(f"{PROJECT}-{number}", "many tags")
    client.tag_project(f"{PROJECT}-{number}", **{key: "x" for key in list(many)[:20]})


def page(answers):
    answers = answers or client.list_tag_resources("project", None)
    answer = next(answers)
    return [(tag["resourceId"], tag["tagKey"]) for tag in answer.get_body()["tagResources"]], answers if answer.next_token else None


paged(page, [(PROJECT, "env")] + [(f"{PROJECT}-{number}", key) for number in range(6) for key in list(many)[:20]])
for code, kind, identity in [("LogStoreNotExist", "logstore", "none"), ("DashboardNotExist", "dashboard", "none"),
                             ("MachineGroupNotExist", "machinegroup", "none"), ("ConfigNotExist", "logtailconfig", "none")]:
    refused(code, lambda: client.tag_resources(kind, f"{PROJECT}#{identity}", a="b"), 404)
    refused(code, lambda: client.untag_resources(kind, f"{PROJECT}#{identity}", "a"), 404)
    refused(code, lambda: tags(kind, f"{PROJECT}#{identity}"), 404)
for call in (lambda kind, identity: client.tag_resources(kind, identity, a="b"),
             lambda kind, identity: client.untag_resources(kind, identity, "a"), tags):
    refused("ProjectNotExist", lambda: call("project", "sdk-log-none"), 404)
    refused("ParameterInvalid", lambda: call("bucket", PROJECT), 400)
