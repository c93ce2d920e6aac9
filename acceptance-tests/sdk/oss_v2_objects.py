"""Objects with the newer official SDK: versions, pages, multipart uploads, a presigned address, emptying."""

import urllib.request

import alibabacloud_oss_v2 as oss

from common import KEY, REGION, SECRET, equal, refused

BUCKET = "sdk-oss-objects"
config = oss.config.load_default()
config.region = REGION
config.disable_ssl = True
config.credentials_provider = oss.credentials.StaticCredentialsProvider(KEY, SECRET)
config.retry_max_attempts = 1
client = oss.Client(config)


def call(operation, **fields):
    """Calls an operation on the bucket by its name."""
    kind = "".join(part.capitalize() for part in operation.split("_")) + "Request"
    return getattr(client, operation)(getattr(oss, kind)(bucket=BUCKET, **fields))


call("put_bucket")
call("put_bucket_versioning", versioning_configuration=oss.VersioningConfiguration(status="Enabled"))
for key in ("logs/审计 a+1.gz", "x", "y"):
    for body in (b"old", b"new"):
        call("put_object", key=key, body=body)
equal(call("get_object", key="x").body.content, b"new", "object")
equal(call("head_object", key="x").content_length, 3, "length")
call("get_object_meta", key="x")
refused("NoSuchKey", lambda: call("get_object", key="none"), 404)
presigned = client.presign(oss.GetObjectRequest(bucket=BUCKET, key="x")).url
equal(urllib.request.urlopen(presigned).read(), b"new", "presigned")
equal(len(call("list_objects").contents), 3, "objects")
pages = client.list_objects_v2_paginator().iter_page(oss.ListObjectsV2Request(bucket=BUCKET, max_keys=1))
equal([found.key for page in pages for found in page.contents or []], ["logs/审计 a+1.gz", "x", "y"], "pages of one")
equal(call("delete_object", key="x").delete_marker, True, "delete marker")

upload = call("initiate_multipart_upload", key="parts").upload_id
etag = call("upload_part", key="parts", upload_id=upload, part_number=1, body=b"abc").etag
equal([found.key for found in call("list_multipart_uploads").uploads], ["parts"], "uploads")
equal([part.part_number for part in call("list_parts", key="parts", upload_id=upload).parts], [1], "parts")
call("complete_multipart_upload", key="parts", upload_id=upload, complete_multipart_upload=oss.CompleteMultipartUpload(
    parts=[oss.UploadPart(part_number=1, etag=etag)]))
upload = call("initiate_multipart_upload", key="parts").upload_id
call("abort_multipart_upload", key="parts", upload_id=upload)
refused("NoSuchUpload", lambda: call("list_parts", key="parts", upload_id=upload), 404)

refused("BucketNotEmpty", lambda: call("delete_bucket"), 409)
for page in client.list_object_versions_paginator().iter_page(oss.ListObjectVersionsRequest(bucket=BUCKET, max_keys=3)):
    found = (page.version or []) + (page.delete_marker or [])
    call("delete_multiple_objects", encoding_type="url",
         objects=[oss.DeleteObject(key=one.key, version_id=one.version_id) for one in found])
call("delete_bucket")
