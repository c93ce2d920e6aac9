"""Clients of the services that share the generated kind of SDK."""

from alibabacloud_tea_openapi.models import Config

from common import KEY, REGION, SECRET


def client(module, host, key=KEY, secret=SECRET, token=None, region=REGION):
    """A client of the service at a host."""
    return module.Client(Config(access_key_id=key, access_key_secret=secret, security_token=token, region_id=region,
                                protocol="HTTP", endpoint=host))


def assumed(credentials, module, host):
    """A client that speaks with credentials of STS."""
    return client(module, host, credentials.access_key_id, credentials.access_key_secret, credentials.security_token)


def caller(client, models):
    """Calls an operation by its name, with the fields of its request, and gives the answer's body."""
    def call(operation, **fields):
        request = getattr(models, "".join(part.capitalize() for part in operation.split("_")) + "Request", None)
        method = getattr(client, operation)
        return (method(request(**fields)) if request else method()).body
    return call
