"""Presigned addresses of both SDKs of OSS, fetched without any SDK: what they let in, and when no longer."""

import datetime

import alibabacloud_oss_v2 as oss
import oss2
import requests
from freezegun import freeze_time

import oss_client
from common import KEY, REGION, SECRET, equal, refused

ENDPOINT, BUCKET = f"http://oss-{REGION}.aliyuncs.com", "sdk-oss-presigned"
oss_client.caller(BUCKET)("put_bucket")


class Refused(Exception):
    """An error document of OSS."""

    def __init__(self, answer):
        super().__init__(answer.text)
        self.status, self.code = answer.status_code, answer.text.split("<Code>")[1].split("</Code>")[0]


def fetch(address, method="GET", body=None):
    answer = requests.request(method, address, data=body, timeout=10)
    if answer.status_code >= 400:
        raise Refused(answer)
    return answer.content


def older(auth):
    bucket = oss2.Bucket(auth(KEY, SECRET), ENDPOINT, BUCKET, region=REGION)
    return lambda method, seconds: bucket.sign_url(method, "evidence", seconds)


def newer(method, seconds):
    wanted = {"GET": oss.GetObjectRequest, "PUT": oss.PutObjectRequest}[method](bucket=BUCKET, key="evidence")
    return oss_client.client().presign(wanted, expires=datetime.timedelta(seconds=seconds)).url


for what, sign in (("version 1", older(oss2.Auth)), ("version 4", older(oss2.AuthV4)), ("the newer SDK", newer)):
    fetch(sign("PUT", 600), "PUT", what.encode())
    equal(fetch(sign("GET", 600)), what.encode(), f"an address presigned by {what} needs no other signature")
    refused("SignatureDoesNotMatch", lambda: fetch(sign("GET", 600), "DELETE"), 403)
    refused("SignatureDoesNotMatch", lambda: fetch(sign("GET", 600).replace("evidence", "another")), 403)
    with freeze_time(datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1), tick=True):
        old = sign("GET", 60)
    refused("AccessDenied", lambda: fetch(old), 403)
