"""The listener itself as the endpoint of every SDK, without a proxy: the service is told by signature and version, the region
by the scope or RegionId, the bucket by the path, the log project by Host."""

import os
import socket

import oss2
from alibabacloud_actiontrail20200706 import client as actiontrail, models as actiontrail_models
from alibabacloud_ram20150501 import client as ram, models as ram_models
from alibabacloud_resourcemanager20200331 import client as resource_manager, models as resource_manager_models
from alibabacloud_sts20150401 import client as sts, models as sts_models
from aliyun.log import LogClient

import tea
from common import ACCOUNT, KEY, SECRET, equal

ENDPOINT = os.environ.pop("http_proxy")
HOST = ENDPOINT.removeprefix("http://")
ADDRESS = HOST.split(":")[0]

equal(tea.caller(tea.client(sts, HOST), sts_models)("get_caller_identity").account_id, ACCOUNT, "the account of the key")
equal(tea.caller(tea.client(ram, HOST), ram_models)("list_roles").is_truncated, False, "what fits on a page is not truncated")
equal(tea.caller(tea.client(resource_manager, HOST), resource_manager_models)("get_resource_directory")
      .resource_directory.master_account_id, ACCOUNT, "the management account")

for number, region in enumerate(("cn-beijing", "ap-southeast-1")):
    name = f"sdk-endpoint-{number}"
    bucket = oss2.Bucket(oss2.AuthV4(KEY, SECRET), ENDPOINT, name, region=region, is_path_style=True)
    bucket.create_bucket()
    equal(bucket.get_bucket_info().location, f"oss-{region}", "the region of the signing scope, where no host tells", assumed=True)
    bucket.put_object("a/b", b"x")
    equal(bucket.get_object("a/b").read(), b"x", "an object whose bucket is in the path", assumed=True)

    call = tea.caller(tea.client(actiontrail, HOST, region=region), actiontrail_models)
    call("create_trail", name=f"sdk-endpoint-{number}", oss_bucket_name=name)
    # These calls carry no region, so they are at the default one.
    equal(call("describe_trails", name_list=name).trail_list[0].home_region, "cn-hangzhou",
          "the default region, where neither host nor RegionId tells", assumed=True)

# Every name under the address has to resolve to it, as it does behind a wildcard entry of a name server.
resolve = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **more: resolve(ADDRESS if str(host).endswith(ADDRESS) else host, *rest, **more)
for version in ("v1", "v4"):
    logs, project = LogClient(ENDPOINT, KEY, SECRET, auth_version=version, region="cn-beijing"), f"sdk-endpoint-{version}"
    logs.create_project(project, "endpoint")
    logs.create_logstore(project, "store", ttl=30, shard_count=1)
    equal(logs.list_logstore(project).get_logstores(), ["store"], "a project that Host names", assumed=True)
