"""Objects as clients use them, with the newer official SDK: ranges, conditions, tags, ACLs, copies and appends."""

import base64
import datetime
import hashlib

import alibabacloud_oss_v2 as oss

import oss_client
from common import equal, refused

BUCKET = "sdk-oss-object-calls"
call = oss_client.caller(BUCKET)
call("put_bucket")
body = b"0123456789"
put = call("put_object", key="key", body=body, metadata={"a": "b"}, tagging="team=audit")
equal(put.content_md5, base64.b64encode(hashlib.md5(body).digest()).decode(), "the digest of what arrived")
# The check value of CRC-64 in the catalogue of such algorithms is that of these nine digits.
equal(call("put_object", key="nine", body=b"123456789").hash_crc64, str(0x995DC9BBDF1939FA), "CRC-64 of what arrived")

part = call("get_object", key="key", range_header="bytes=2-4")
equal((part.status_code, part.body.content, part.content_range), (206, b"234", "bytes 2-4/10"), "a range of the object")
equal(call("get_object", key="key", range_header="bytes=-3").body.content, b"789", "a suffix of the object")
equal(call("get_object", key="key", range_header="bytes=7-").body.content, b"789", "a range without an end")
equal(call("get_object", key="key", range_header="bytes=10-").body.content, body, "the whole object for a range beyond its end")
refused("InvalidRange", lambda: call("get_object", key="key", range_header="bytes=10-", range_behavior="standard"), 416)
shown = call("get_object", key="key", response_content_type="text/plain", response_cache_control="no-cache")
equal((shown.content_type, shown.cache_control), ("text/plain", "no-cache"), "headers of the answer can be replaced")
equal(call("get_object", key="key").content_type, "application/octet-stream", "the content type of an object that has none")

later = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)).strftime("%a, %d %b %Y %H:%M:%S GMT")
before = "Thu, 01 Jan 2015 00:00:00 GMT"


def status(operation, **fields):
    try:
        return call(operation, key="key", **fields).status_code
    except oss.exceptions.OperationError as error:
        return error.unwrap().status_code


for operation in ("get_object", "head_object"):
    for expected, condition in ((200, {"if_match": put.etag}), (412, {"if_match": '"other"'}), (304, {"if_none_match": put.etag}),
                                (200, {"if_none_match": '"other"'}), (200, {"if_modified_since": before}),
                                (304, {"if_modified_since": later}), (412, {"if_unmodified_since": before}),
                                (200, {"if_unmodified_since": later})):
        equal(status(operation, **condition), expected, f"{expected} for a condition: {', '.join(condition)}")


def tagging(*pairs):
    return oss.Tagging(tag_set=oss.TagSet(tags=[oss.Tag(key=key, value=value) for key, value in pairs]))


def tags(key):
    return [(tag.key, tag.value) for tag in call("get_object_tagging", key=key).tag_set.tags or []]


equal(tags("key"), [("team", "audit")], "the tags of an upload")
call("put_object_tagging", key="key", tagging=tagging(("hold", "legal")))
equal(tags("key"), [("hold", "legal")], "the tags that replaced others")
equal(call("head_object", key="key").tagging_count, 1, "the number of tags")
refused("InvalidTag", lambda: call("put_object_tagging", key="key", tagging=tagging(*((f"k{one}", "v") for one in range(11)))), 400)

equal(call("get_object_acl", key="key").acl, "default", "without an ACL of its own, the bucket's holds")
refused("AccessDenied", lambda: call("put_object_acl", key="key", acl="public-read"), 403)
call("put_object_acl", key="key", acl="private")
equal(call("get_object_acl", key="key").acl, "private", "the ACL that was put")
refused("InvalidArgument", lambda: call("put_object_acl", key="key", acl="open"), 400)


def copy(key="copy", **fields):
    return call("copy_object", key=key, source_key="key", **fields)


copy()
copied = call("get_object", key="copy")
equal((copied.body.content, dict(copied.metadata)["a"], tags("copy")), (body, "b", [("hold", "legal")]),
      "headers and tags come along with a copy")
copy(metadata_directive="REPLACE", metadata={"c": "d"}, tagging_directive="Replace", tagging="e=f")
equal((dict(call("head_object", key="copy").metadata), tags("copy")), ({"c": "d"}, [("e", "f")]), "both can be replaced")
copy("key", metadata={"g": "h"}, metadata_directive="REPLACE")
equal(dict(call("head_object", key="key").metadata), {"g": "h"}, "an object that is copied onto itself has new headers")
refused("PreconditionFailed", lambda: copy(if_match='"other"'), 412)
refused("NoSuchKey", lambda: call("copy_object", key="copy", source_key="none"), 404)
refused("FileAlreadyExists", lambda: copy(forbid_overwrite=True), 409)
call("delete_object_tagging", key="copy")
equal(tags("copy"), [], "no tags are left")
for operation in ("get_object_tagging", "delete_object_tagging", "get_object_acl"):
    refused("NoSuchKey", lambda: call(operation, key="none"), 404)
refused("NoSuchKey", lambda: call("put_object_tagging", key="none", tagging=tagging(("a", "b"))), 404)
refused("NoSuchKey", lambda: call("put_object_acl", key="none", acl="private"), 404)

equal(call("append_object", key="log", position=0, body=b"one,").next_position, 4, "where to go on")
call("append_object", key="log", position=4, body=b"two")
equal(call("get_object", key="log").body.content, b"one,two", "an object that was appended to")
refused("PositionNotEqualToLength", lambda: call("append_object", key="log", position=4, body=b"x"), 409)
refused("ObjectNotAppendable", lambda: call("append_object", key="key", position=10, body=b"x"), 409)

call("put_object", key="large", body=b"x" * 200_000)
upload = call("initiate_multipart_upload", key="parts").upload_id


def copy_part(number, span, **fields):
    return call("upload_part_copy", key="parts", upload_id=upload, part_number=number, source_key="large",
                source_range=span, **fields).etag


parts = [(1, copy_part(1, "bytes=0-102399")), (2, copy_part(2, "bytes=0-9")), (3, copy_part(3, "bytes=0-4"))]
refused("PreconditionFailed", lambda: copy_part(4, "bytes=0-9", if_match='"other"'), 412)
refused("NoSuchUpload", lambda: call("upload_part_copy", key="parts", upload_id="none", part_number=1, source_key="large"), 404)
refused("NoSuchKey", lambda: call("upload_part_copy", key="parts", upload_id=upload, part_number=1, source_key="none"), 404)


def complete(wanted, **fields):
    return call("complete_multipart_upload", key="parts", upload_id=upload, complete_multipart_upload=oss.CompleteMultipartUpload(
        parts=[oss.UploadPart(part_number=number, etag=etag) for number, etag in wanted]), **fields)


refused("EntityTooSmall", lambda: complete(parts), 400)
call("put_object", key="parts", body=b"there")
refused("FileAlreadyExists", lambda: complete([parts[0], parts[2]], forbid_overwrite=True), 409)
equal(complete([parts[0], parts[2]]).etag.strip('"').endswith("-2"), True, "the ETag of parts is no MD5")
equal(call("head_object", key="parts").content_length, 102_405, "parts that were copied")

call("put_bucket_versioning", versioning_configuration=oss.VersioningConfiguration(status="Enabled"))
call("put_object", key="key", body=b"new", forbid_overwrite=True)
equal(call("get_object", key="key").body.content, b"new", "with versions, forbidding to overwrite is void")
