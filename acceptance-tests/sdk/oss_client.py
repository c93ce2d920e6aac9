"""The newer official SDK of OSS, called by the names of its operations."""

import alibabacloud_oss_v2 as oss

from common import KEY, REGION, SECRET


def client(key=KEY, secret=SECRET, token=None, region=REGION, endpoint=None, path_style=False):
    """The SDK's client; without an endpoint, at the region's own hosts."""
    config = oss.config.load_default()
    config.region, config.endpoint, config.use_path_style = region, endpoint, path_style
    config.disable_ssl, config.retry_max_attempts = True, 1
    config.credentials_provider = oss.credentials.StaticCredentialsProvider(key, secret, token)
    return oss.Client(config)


def request(operation, **fields):
    """The request of an operation."""
    return getattr(oss, "".join(part.capitalize() for part in operation.split("_")) + "Request")(**fields)


def caller(bucket, **how):
    """Calls operations on a bucket."""
    sdk = client(**how)

    def call(operation, **fields):
        return getattr(sdk, operation)(request(operation, bucket=bucket, **fields))
    return call


def service(**how):
    """Calls operations of the service, which name no bucket."""
    sdk = client(**how)
    return lambda operation, **fields: getattr(sdk, operation)(request(operation, **fields))
