"""The newer official SDK of SLS, which is of the generated kind, with a gateway of its own for hosts and signatures."""

from typing import get_type_hints

from alibabacloud_sls20201230.client import Client
from alibabacloud_tea_openapi.models import Config

from common import KEY, REGION, SECRET


def client(region=REGION, signature="v1"):
    """The SDK's client, at the host of a region."""
    return Client(Config(access_key_id=KEY, access_key_secret=SECRET, region_id=region, protocol="HTTP",
                         endpoint=f"{region}.log.aliyuncs.com", signature_version=signature))


def caller(region=REGION, signature="v1"):
    """Calls an operation by its name, with what its path names and the fields of its request as they are on the wire;
    gives the answer's body, in those names too."""
    sdk = client(region, signature)

    def call(operation, *names, **fields):
        method = getattr(sdk, operation)
        request = get_type_hints(method).get("request")
        answer = method(*names, *([request().from_map(fields)] if request else []))
        return _plain(getattr(answer, "body", None))
    return call


def _plain(body):
    if isinstance(body, list):
        return [_plain(item) for item in body]
    return body.to_map() if hasattr(body, "to_map") else body
