//! What to write in a configuration, where a rule itself names the call that would put things right.

/// The advice on a failed rule, for a resource of this address.
pub(crate) fn advice(rule: &str, address: &str) -> Option<&'static str> {
    // The type is before the last name; modules and keys are before and after.
    let is_of_alicloud = address.split('.').any(|step| step.starts_with("alicloud_"));
    let (alitrail, alicloud) = match rule {
        "AT-02" => ("Write trail_region = \"All\", or leave it out.", "Write trail_region = \"All\"."),
        "AT-03" => ("Write event_rw = \"All\", or leave it out.", "Write event_rw = \"All\"."),
        "AT-04" => (
            "Write status = \"Enable\", or leave it out.",
            "Write status = \"Enable\": without it, the trail is made and never started.",
        ),
        "AT-05" => (
            "Set oss_bucket_name to the bucket that archives the events.",
            "Set oss_bucket_name to the bucket that archives the events.",
        ),
        "AT-06" => (
            "Set sls_project_arn to the arn of an alitrail_sls_project.",
            "Set sls_project_arn to acs:log:<region>:<account>:project/<project>.",
        ),
        "OS-01" => (
            "Write acl = \"private\" and block_public_access = true, and take statements for everybody out of the policy.",
            "Declare alicloud_oss_bucket_acl with acl = \"private\" and alicloud_oss_bucket_public_access_block with \
             block_public_access = true, and take statements for everybody out of the policy.",
        ),
        "OS-03" => (
            "Declare alitrail_oss_bucket_logging with another bucket as target_bucket.",
            "Declare alicloud_oss_bucket_logging with another bucket as target_bucket.",
        ),
        "OS-04" => (
            "Write server_side_encryption = { sse_algorithm = \"KMS\", kms_master_key_id = \"<key>\" }.",
            "Declare alicloud_oss_bucket_server_side_encryption with sse_algorithm = \"KMS\" and kms_master_key_id.",
        ),
        "OS-05" => (
            "Write versioning = \"Enabled\", or leave it out.",
            "Declare alicloud_oss_bucket_versioning with status = \"Enabled\".",
        ),
        "OS-08" => (
            "Declare alitrail_oss_bucket_worm with enough retention_period_in_days, and lock it in an apply of its own.",
            "Declare alicloud_oss_bucket_worm with enough retention_period_in_days, and status = \"Locked\" once that is right.",
        ),
        "SL-03" => ("Write encrypt_conf = {}.", "Declare the block encrypt_conf with enable = true."),
        _ => return None,
    };
    Some(if is_of_alicloud { alicloud } else { alitrail })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_is_in_the_words_of_the_provider() {
        let of = |address| advice("OS-05", address).unwrap_or_default();
        assert!(of("module.a[\"x.y\"].alicloud_oss_bucket.b[0]").contains("alicloud_oss_bucket_versioning"));
        assert!(of("alitrail_oss_bucket.b").contains("versioning = \"Enabled\""));
        assert_eq!(advice("EX-01", "alitrail_oss_bucket.b"), None);
    }
}
