"""Resources of SLS (tables of one's own) and their records, by the SDK that has them."""

from aliyun.log import LogClient
from aliyun.log.resource_params import Resource, ResourceRecord, ResourceSchemaItem

from common import KEY, REGION, SECRET, equal, paged, refused

client = LogClient("http://cn-heyuan.log.aliyuncs.com", KEY, SECRET)
NAME = "user.owners"
SCHEMA = [ResourceSchemaItem("team", {}, "string")]


def resource(name, **more):
    return Resource(resource_name=name, resource_type="userdefine", **more)


refused("InvalidMethod", lambda: LogClient(f"http://{REGION}.log.aliyuncs.com", KEY, SECRET).list_resources(), 405)
refused("ResourceNotExist", lambda: client.get_resource(NAME), 404)
client.create_resource(resource(NAME, schema_list=SCHEMA, description="owners", ext_info="{}"))
found = client.get_resource(NAME).get_resource()
equal((found.get_resource_name(), found.get_resource_type(), found.get_description(), found.get_schema()[0].get_column()),
      (NAME, "userdefine", "owners", "team"), "a resource comes back as it was made")
refused("ResourceAlreadyExist", lambda: client.create_resource(resource(NAME)), 400)
refused("ParameterInvalid", lambda: client.create_resource(resource("sls.common.user")), 400)
client.update_resource(resource(NAME, description="changed"))
found = client.get_resource(NAME).get_resource()
equal((found.get_description(), found.get_schema()[0].get_column()), ("changed", "team"),
      "an update keeps what it does not say", assumed=True)
refused("ResourceNotExist", lambda: client.update_resource(resource("user.none", description="x")), 404)
refused("ParameterInvalid", lambda: client.update_resource(resource("sls.common.user", description="x")), 400)

for number in range(3):
    client.create_resource(resource(f"user.table-{number}"))


def page(offset):
    answer = client.list_resources(offset=offset or 0, size=3)
    after = (offset or 0) + answer.get_count()
    return [found.get_resource_name() for found in answer.get_resources()], after if after < answer.get_total() else None


paged(page, [NAME, "user.table-0", "user.table-1", "user.table-2"])
equal([found.get_resource_name() for found in client.list_resources(resource_names=[NAME, "user.none"]).get_resources()],
      [NAME], "names select")
refused("ParameterInvalid", lambda: client.list_resources(size=201), 400)

client.create_resource_record(NAME, ResourceRecord("web", "Web", {"team": "web"}))
client.upsert_resource_record(NAME, [ResourceRecord("web", "Web", {"team": "w"}), ResourceRecord("db", "", {"team": "d"})])
equal(sorted(found.get_record_id() for found in client.list_resource_records(NAME).get_records()), ["db", "web"],
      "records of tables of one's own are listed")
client.update_resource_record(NAME, ResourceRecord("web", "Site", {"team": "site"}))
found = client.get_resource_record(NAME, "web").get_record()
equal((found.get_tag(), found.get_value()), ("Site", {"team": "site"}), "shows what an update wrote")
client.delete_resource_record(NAME, ["db", "web"])
refused("ParameterInvalid", lambda: client.delete_resource("sls.common.user"), 400)
client.delete_resource(NAME)
refused("ResourceNotExist", lambda: client.delete_resource(NAME), 404)
