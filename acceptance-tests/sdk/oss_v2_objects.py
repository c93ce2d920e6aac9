"""Objects with the newer official SDK: versions, pages, multipart uploads, emptying, and what is refused."""

import alibabacloud_oss_v2 as oss

import oss_client
from common import equal, paged, refused

call = oss_client.caller("sdk-oss-objects")
KEYS = ["logs/审计 a+1.gz", "x", "y"]
call("put_bucket")
call("put_object", key="y", body=b"old")
refused("FileAlreadyExists", lambda: call("put_object", key="y", body=b"new", forbid_overwrite=True), 409)
call("put_bucket_versioning", versioning_configuration=oss.VersioningConfiguration(status="Enabled"))
for key in KEYS:
    for body in (b"older", b"new"):
        call("put_object", key=key, body=body)
equal(call("get_object", key="x").body.content, b"new", "the latest version")
equal(call("head_object", key="x").content_length, 3, "the length of the latest version")
equal(call("get_object_meta", key="x").content_length, 3, "the length of the latest version")
for operation in ("get_object", "head_object", "get_object_meta"):
    refused("NoSuchKey", lambda: call(operation, key="none"), 404)
    refused("NoSuchVersion", lambda: call(operation, key="x", version_id="none"), 404)


def names(found):
    return [one.key for one in found or []]


def objects(marker):
    found = call("list_objects", max_keys=1, marker=marker)
    return names(found.contents), found.next_marker


def objects_v2(token):
    found = call("list_objects_v2", max_keys=1, continuation_token=token)
    return names(found.contents), found.next_continuation_token


def versions(after):
    key, version = after or (None, None)
    found = call("list_object_versions", max_keys=2, key_marker=key, version_id_marker=version)
    following = (found.next_key_marker, found.next_version_id_marker) if found.is_truncated else None
    return [(one.key, one.is_latest) for one in found.version], following


paged(objects, KEYS, "the marker leads to the next key")
paged(objects_v2, KEYS, "the continuation token leads to the next key")
paged(versions, [(KEYS[0], True), (KEYS[0], False), ("x", True), ("x", False), ("y", True), ("y", False), ("y", False)],
      "both markers lead to the next version, the latest of a key first")
equal(call("list_objects_v2", delimiter="/").common_prefixes[0].prefix, "logs/", "keys behind a delimiter are one prefix")
equal(names(call("list_objects", prefix="logs/").contents), KEYS[:1], "keys of a prefix")
for operation in ("list_objects", "list_objects_v2", "list_object_versions"):
    refused("InvalidArgument", lambda: call(operation, max_keys=1001), 400)
    refused("InvalidArgument", lambda: call(operation, encoding_type="rot13"), 400)
equal(call("delete_object", key="x").delete_marker, True, "with versions, deleting leaves a marker")
refused("NoSuchKey", lambda: call("get_object", key="x"), 404)
marker = call("list_object_versions", prefix="x").delete_marker[0].version_id
refused("MethodNotAllowed", lambda: call("get_object", key="x", version_id=marker), 405)
call("delete_object", key="x", version_id=marker)
equal(call("get_object", key="x").body.content, b"new", "an object whose marker was deleted is back")

uploads = [call("initiate_multipart_upload", key=key).upload_id for key in ("parts", "parts-2", "parts-3")]
upload = uploads[0]
# Every part but the last has 100 KB at least.
PART = b"abc" * 40_000
etags = [call("upload_part", key="parts", upload_id=upload, part_number=number, body=PART).etag for number in (1, 2, 3)]


def pending(after):
    key, one = after or (None, None)
    found = call("list_multipart_uploads", max_uploads=1, key_marker=key, upload_id_marker=one)
    return names(found.uploads), (found.next_key_marker, found.next_upload_id_marker) if found.is_truncated else None


def parts(after):
    found = call("list_parts", key="parts", upload_id=upload, max_parts=2, part_number_marker=after)
    return [part.part_number for part in found.parts], found.next_part_number_marker if found.is_truncated else None


paged(pending, ["parts", "parts-2", "parts-3"], "both markers lead to the next upload")
paged(parts, [1, 2, 3], "the part number leads to the next parts")
refused("InvalidArgument", lambda: call("list_multipart_uploads", max_uploads=1001), 400)
refused("InvalidArgument", lambda: call("list_parts", key="parts", upload_id=upload, max_parts=1001), 400)
refused("InvalidArgument", lambda: call("upload_part", key="parts", upload_id=upload, part_number=10001, body=b"x"), 400)


def complete(*wanted, upload_id=upload):
    return call("complete_multipart_upload", key="parts", upload_id=upload_id,
                complete_multipart_upload=oss.CompleteMultipartUpload(
                    parts=[oss.UploadPart(part_number=number, etag=etag) for number, etag in wanted]))


refused("InvalidPartOrder", lambda: complete((2, etags[1]), (1, etags[0])), 400)
refused("InvalidPart", lambda: complete((1, "wrong")), 400)
refused("MalformedXML", lambda: complete(), 400)
complete(*enumerate(etags, 1))
equal(call("get_object", key="parts").body.content, PART * 3, "the parts of a completed upload in their order")
refused("NoSuchUpload", lambda: complete((1, etags[0])), 404)
for key, one in (("parts-2", uploads[1]), ("parts-3", uploads[2])):
    call("abort_multipart_upload", key=key, upload_id=one)
refused("NoSuchUpload", lambda: call("abort_multipart_upload", key="parts-2", upload_id=uploads[1]), 404)
refused("NoSuchUpload", lambda: call("list_parts", key="parts", upload_id=upload), 404)
refused("NoSuchUpload", lambda: call("upload_part", key="parts", upload_id=upload, part_number=1, body=b"x"), 404)

refused("BucketNotEmpty", lambda: call("delete_bucket"), 409)
refused("MalformedXML", lambda: call("delete_multiple_objects", objects=[]), 400)
for page in oss_client.client().list_object_versions_paginator().iter_page(
        oss.ListObjectVersionsRequest(bucket="sdk-oss-objects", max_keys=3)):
    found = (page.version or []) + (page.delete_marker or [])
    deleted = call("delete_multiple_objects", encoding_type="url",
                   objects=[oss.DeleteObject(key=one.key, version_id=one.version_id) for one in found]).deleted_objects
    equal(sorted(names(deleted)), sorted(names(found)), "each version that was deleted, by its key")
call("delete_bucket")
