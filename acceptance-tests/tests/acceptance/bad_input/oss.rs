//! Buckets and their settings.

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
    Case::plan(
        "bucket: KMS key in another region",
        // On one line, since versions of Terraform differ in how deep they point.
        "resource \"alitrail_oss_bucket\" \"this\" {\n  bucket = \"an-archive\"\n  server_side_encryption = { sse_algorithm = \
         \"KMS\", kms_master_key_id = \"acs:kms:cn-shanghai:1234567890123456:key/0000-1111\" }\n}",
    ),
    Case::plan(
        "lifecycle: names of other providers",
        "resource \"alitrail_oss_bucket_lifecycle\" \"this\" {\n  bucket = \"an-archive\"\n  rules = {\n    purge = { \
         enabled = false, prefix = \"a/\", expiration = { days = 1 } }\n    move = { transition = { days = 30, \
         storage_class = \"IA\" }, prefix = \"b/\", expiration = { day = 400 } }\n    keep = { prefix = \"c/\", \
         noncurrent_version_expiration = { days = 400, newer_noncurrent_versions = 3 } }\n  }\n}",
    ),
    Case::plan(
        "bucket: names of other providers",
        "resource \"alitrail_oss_bucket\" \"this\" {\n  bucket = \"an-archive\"\n  server_side_encryption = {\n    \
         algorithm = \"KMS\"\n    kms_key_id = \"0000-1111\"\n  }\n  https_config = { min_tls = \"TLSv1.3\" }\n}",
    ),
    Case::plan(
        "policy: not JSON",
        "resource \"alitrail_oss_bucket_policy\" \"this\" {\n  bucket = \"an-archive\"\n  policy = \"{ Version = 1 }\"\n}",
    ),
    Case::plan(
        "policy: a statement without Resource",
        "resource \"alitrail_oss_bucket_policy\" \"this\" {\n  bucket = \"an-archive\"\n  policy = jsonencode({ Version = \
         \"1\", Statement = [{ Effect = \"Deny\", Action = \"oss:*\", Principal = \"*\" }] })\n}",
    ),
    Case::plan(
        "policy: opens the bucket to the world",
        "resource \"alitrail_oss_bucket_policy\" \"this\" {\n  bucket = \"an-archive\"\n  policy = jsonencode({ Version = \
         \"1\", Statement = [{ Effect = \"Allow\", Action = \"oss:GetObject\", Principal = \"*\", Resource = \
         \"acs:oss:*:*:an-archive/*\" }] })\n}",
    ),
    Case::plan(
        "policy: locks out the caller",
        "resource \"alitrail_oss_bucket_policy\" \"this\" {\n  bucket = \"an-archive\"\n  policy = jsonencode({ Version = \
         \"1\", Statement = [{ Effect = \"Deny\", Action = \"oss:*\", Principal = \"*\", Resource = \
         \"acs:oss:*:*:an-archive\" }] })\n}",
    ),
    Case::plan(
        "logging: role given by ARN",
        "resource \"alitrail_oss_bucket_logging\" \"this\" {\n  bucket = \"an-archive\"\n  target_bucket = \
         \"access-logs\"\n  logging_role = \"acs:ram::1234567890123456:role/writer\"\n}",
    ),
    Case::plan(
        "retention: locked without consent",
        "resource \"alitrail_oss_bucket_worm\" \"this\" {\n  bucket = \"an-archive\"\n  retention_period_in_days = 180\n  \
         status = \"Locked\"\n}",
    ),
    Case::plan(
        "retention: longer than the service takes",
        "resource \"alitrail_oss_bucket_worm\" \"this\" {\n  bucket = \"an-archive\"\n  retention_period_in_days = \
         30000\n  status = \"InProgress\"\n}",
    ),
    Case::apply(
        "retention: bucket does not exist",
        "resource \"alitrail_oss_bucket_worm\" \"this\" {\n  bucket = \"an-archive\"\n  retention_period_in_days = 30\n  \
         status = \"InProgress\"\n}",
    ),
    Case::plan(
        "bucket: unknown storage class",
        "resource \"alitrail_oss_bucket\" \"this\" {\n  bucket = \"an-archive\"\n  storage_class = \"Glacier\"\n}",
    ),
    Case::plan(
        "lifecycle: unknown storage class",
        "resource \"alitrail_oss_bucket_lifecycle\" \"this\" {\n  bucket = \"an-archive\"\n  rules = {\n    all = { \
         transitions = { Glacier = { days = 30 } } }\n  }\n}",
    ),
    Case::plan(
        "lifecycle: not a day, and no action",
        "resource \"alitrail_oss_bucket_lifecycle\" \"this\" {\n  bucket = \"an-archive\"\n  rules = {\n    until = { \
         expiration = { created_before_date = \"1 Jan 2027\" } }\n    idle = { prefix = \"a/\" }\n  }\n}",
    ),
    Case::plan(
        "policy: one statement without a list",
        "resource \"alitrail_oss_bucket_policy\" \"this\" {\n  bucket = \"an-archive\"\n  policy = jsonencode({ Version = \"1\", Statement = { Effect = \"Allow\", Action = \"oss:GetObject\", Principal = \"1000000000009999\", Resource = \"acs:oss:*:*:an-archive/*\" } })\n}",
    ),
    Case::plan(
        "policy: everybody but one",
        "resource \"alitrail_oss_bucket_policy\" \"this\" {\n  bucket = \"an-archive\"\n  policy = jsonencode({ Version = \"1\", Statement = [{ Effect = \"Deny\", Action = \"oss:DeleteObject\", NotPrincipal = \"1000000000009999\", Resource = \"acs:oss:*:*:an-archive/*\" }] })\n}",
    ),
    Case::plan(
        "policy: addresses without a network",
        "resource \"alitrail_oss_bucket_policy\" \"this\" {\n  bucket = \"an-archive\"\n  policy = jsonencode({ Version = \"1\", Statement = [{ Effect = \"Allow\", Action = \"oss:GetObject\", Principal = \"*\", Resource = \"acs:oss:*:*:an-archive/*\", Condition = { IpAddress = { \"acs:SourceIp\" = \"203.0.113.0/24\" } } }] })\n}",
    ),
    Case::plan(
        "policy: principal with a blank",
        "resource \"alitrail_oss_bucket_policy\" \"this\" {\n  bucket = \"an-archive\"\n  policy = jsonencode({ Version = \"1\", Statement = [{ Effect = \"Allow\", Action = \"oss:GetObject\", Principal = \"1000000000009999 \", Resource = \"acs:oss:*:*:an-archive/*\" }] })\n}",
    ),
    Case::plan(
        "bucket: tag of the vendor",
        "resource \"alitrail_oss_bucket\" \"this\" {\n  bucket = \"an-archive\"\n  tags = { \"acs:cost-center\" = \"7\" }\n}",
    ),
    Case::plan(
        "lifecycle: actions that do not say when",
        "resource \"alitrail_oss_bucket_lifecycle\" \"this\" {\n  bucket = \"an-archive\"\n  rules = {\n    a = { \
         expiration = {} }\n    b = { transitions = { IA = {} } }\n    c = { abort_multipart_upload = { days = 3, \
         created_before_date = \"2027-01-01\" } }\n  }\n}",
    ),
];
