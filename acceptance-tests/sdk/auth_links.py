"""OSS links that were signed beforehand, with both versions of the signature: what they open, and what is wrong with them."""

import datetime
import re

import alibabacloud_oss_v2 as oss
import oss2
from freezegun import freeze_time

from common import KEY, REGION, SECRET, admin, equal, refused
from signers import BUCKET, Oss2, oss_v2_client

NOW = datetime.datetime.now(datetime.timezone.utc)
OBJECT = "logs/审计 a+1.gz"
owner = Oss2("v4").bucket(KEY, SECRET, None)
owner.create_bucket()
owner.put_object(OBJECT, b"events")
stranger = oss2.Bucket(oss2.AnonymousAuth(), f"http://oss-{REGION}.aliyuncs.com", BUCKET)


def older(version):
    """Links of the older SDK."""
    return lambda key=KEY, secret=SECRET, region=REGION, seconds=600: (
        Oss2(version).bucket(key, secret, None, region).sign_url("GET", OBJECT, seconds))


def newer(key=KEY, secret=SECRET, region=REGION, seconds=600):
    """Links of the newer SDK."""
    return oss_v2_client(key, secret, None, region).presign(
        oss.GetObjectRequest(bucket=BUCKET, key=OBJECT), expires=datetime.timedelta(seconds=seconds)).url


def opened(link):
    """Whoever has a link needs no key."""
    return stranger.get_object_with_url(link).read()


def shut(code, link, status):
    refused(code, lambda: opened(link), status)


shut("AccessDenied", f"http://{BUCKET}.oss-{REGION}.aliyuncs.com/x", 403)
for links, scheme in ((older("v1"), "V1"), (older("v4"), "V4"), (newer, "V4 of the newer SDK")):
    equal(opened(links()), b"events", f"a link opens it to whoever has it ({scheme})")
    shut("InvalidAccessKeyId", links(key="LTAInosuchkey0000000"), 403)
    shut("SignatureDoesNotMatch", links(secret="not-the-secret"), 403)
    shut("SignatureDoesNotMatch", links().replace(".gz", ".zip"), 403)
    with freeze_time(NOW - datetime.timedelta(minutes=20), tick=True):
        lapsed, lasting = links(seconds=60), links(seconds=3600)
    shut("AccessDenied", lapsed, 403)
    equal(opened(lasting), b"events", f"a link lasts as long as it says ({scheme})")
for links in (older("v4"), newer):
    shut("InvalidArgument", links(region="cn-shanghai"), 400)
    shut("InvalidArgument", re.sub(r"x-oss-expires=\d+", "x-oss-expires=604801", links()), 400)
    with freeze_time(NOW + datetime.timedelta(minutes=20), tick=True):
        early = links()
    shut("RequestTimeTooSkewed", early, 403)

admin("PATCH", f"access_keys/{KEY}", {"active": False})
shut("InvalidAccessKeyId", newer(), 403)
