//! Buckets and their satellites.

use super::Case;

pub(super) const CASES: &[Case] = &[
    Case::plan(
        "bucket: capital letters",
        "resource \"alitrail_oss_bucket\" \"this\" {\n  bucket = \"Archive\"\n}",
    ),
    Case::plan(
        "bucket: public although public access is blocked",
        "resource \"alitrail_oss_bucket\" \"this\" {\n  bucket = \"an-archive\"\n  acl = \"public-read\"\n}",
    ),
    Case::plan(
        "bucket: key without KMS",
        "resource \"alitrail_oss_bucket\" \"this\" {\n  bucket = \"an-archive\"\n  server_side_encryption = {\n    \
         sse_algorithm = \"AES256\"\n    kms_master_key_id = \"0000-1111\"\n  }\n}",
    ),
    Case::plan(
        "lifecycle: days in the wrong order",
        "resource \"alitrail_oss_bucket_lifecycle\" \"this\" {\n  bucket = \"an-archive\"\n  rules = {\n    all = {\n      \
         transitions = { IA = { days = 90 }, Archive = { days = 30 } }\n      expiration = { days = 365 }\n    }\n  }\n}",
    ),
    Case::plan(
        "lifecycle: expires before it moves",
        "resource \"alitrail_oss_bucket_lifecycle\" \"this\" {\n  bucket = \"an-archive\"\n  rules = {\n    all = {\n      \
         transitions = { IA = { days = 90 } }\n      expiration = { days = 60 }\n    }\n  }\n}",
    ),
    Case::plan(
        "lifecycle: overlapping rules",
        "resource \"alitrail_oss_bucket_lifecycle\" \"this\" {\n  bucket = \"an-archive\"\n  rules = {\n    all = { \
         expiration = { days = 400 } }\n    part = { prefix = \"a/\", expiration = { days = 500 } }\n  }\n}",
    ),
    Case::plan(
        "lifecycle: shorter than the minimum",
        "resource \"alitrail_oss_bucket_lifecycle\" \"this\" {\n  bucket = \"an-archive\"\n  minimum_retention_days = \
         365\n  rules = {\n    all = { expiration = { days = 180 } }\n  }\n}",
    ),
    Case::apply(
        "lifecycle: bucket does not exist",
        "resource \"alitrail_oss_bucket_lifecycle\" \"this\" {\n  bucket = \"an-archive\"\n  rules = {\n    all = { \
         expiration = { days = 400 } }\n  }\n}",
    ),
];
