//! Which attribute of which resource warns of each way to lose evidence by a call.
//!
//! [`reconciler::evidence`] lists the ways and knows no Terraform; each of them has a check here, and a test shows for each
//! check a change that it warns of and one that it does not. What such a warning says is with the resource, in
//! `destructive_changes.rs`.

/// What warns of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    /// Id of the condition in [`reconciler::evidence`].
    pub condition: &'static str,
    /// Type of the resource.
    pub resource: &'static str,
    /// The attribute whose change brings it about, nested ones with dots; none for destroying or replacing the object.
    pub attribute: Option<&'static str>,
}

const fn change(condition: &'static str, resource: &'static str, attribute: &'static str) -> Check {
    Check { condition, resource, attribute: Some(attribute) }
}

const fn end(condition: &'static str, resource: &'static str) -> Check {
    Check { condition, resource, attribute: None }
}

/// Every check. A condition may have several, and one check may be that of several conditions.
pub const CHECKS: &[Check] = &[
    change("trail.regions_narrowed", "alitrail_trail", "trail_region"),
    change("trail.event_kinds_narrowed", "alitrail_trail", "event_rw"),
    change("trail.bucket_changed", "alitrail_trail", "oss_bucket_name"),
    change("trail.project_changed", "alitrail_trail", "sls_project_arn"),
    change("trail.max_compute_changed", "alitrail_trail", "max_compute_project_arn"),
    end("trail.deleted", "alitrail_trail"),
    change("trail.logging_stopped", "alitrail_trail", "status"),
    change("data_events.selectors_narrowed", "alitrail_data_event_selector", "selectors"),
    change("data_events.regions_narrowed", "alitrail_data_event_selector", "region_ids"),
    change("data_events.regions_narrowed", "alitrail_data_event_selector", "all_regions"),
    end("data_events.deleted", "alitrail_data_event_selector"),
    change("global_events.region_changed", "alitrail_global_events_storage_region", "storage_region"),
    end("bucket.delivery_target_deleted", "alitrail_oss_bucket"),
    change("bucket.acl_opened", "alitrail_oss_bucket", "acl"),
    change("bucket.public_access_unblocked", "alitrail_oss_bucket", "block_public_access"),
    change("bucket.versioning_suspended", "alitrail_oss_bucket", "versioning"),
    change("bucket.encryption_weakened", "alitrail_oss_bucket", "server_side_encryption"),
    change("bucket.tls_lowered", "alitrail_oss_bucket", "https_config"),
    end("objects.deleted", "alitrail_oss_bucket"),
    change(
        "account.public_access_unblocked",
        "alitrail_oss_account_public_access_block",
        "block_public_access",
    ),
    end("account.public_access_unblocked", "alitrail_oss_account_public_access_block"),
    change("access_log.moved", "alitrail_oss_bucket_logging", "target_bucket"),
    end("access_log.stopped", "alitrail_oss_bucket_logging"),
    change("bucket_policy.public", "alitrail_oss_bucket_policy", "policy"),
    change("bucket_policy.deletion_allowed", "alitrail_oss_bucket_policy", "policy"),
    change("bucket_policy.denial_removed", "alitrail_oss_bucket_policy", "policy"),
    end("bucket_policy.denial_removed", "alitrail_oss_bucket_policy"),
    change("bucket_policy.delivery_denied", "alitrail_oss_bucket_policy", "policy"),
    change("worm.shortened", "alitrail_oss_bucket_worm", "retention_period_in_days"),
    end("worm.removed", "alitrail_oss_bucket_worm"),
    change("lifecycle.earlier_expiry", "alitrail_oss_bucket_lifecycle", "rules"),
    change("lifecycle.first_early_expiry", "alitrail_oss_bucket_lifecycle", "rules"),
    end("project.deleted", "alitrail_sls_project"),
    end("project.delivery_target_deleted", "alitrail_sls_project"),
    change("project.recycle_bin_disabled", "alitrail_sls_project", "recycle_bin_enabled"),
    change("logstore.retention_shortened", "alitrail_sls_logstore", "retention_period"),
    change("logstore.anonymous_writes", "alitrail_sls_logstore", "enable_web_tracking"),
    change("logstore.encryption_disabled", "alitrail_sls_logstore", "encrypt_conf"),
    change("logstore.sender_dropped", "alitrail_sls_logstore", "append_meta"),
    change("logstore.mode_reduced", "alitrail_sls_logstore", "mode"),
    end("logstore.deleted", "alitrail_sls_logstore"),
    change("index.full_text_removed", "alitrail_sls_index", "full_text"),
    change("index.fields_removed", "alitrail_sls_index", "field_search"),
    change("index.fields_reduced", "alitrail_sls_index", "field_search"),
    end("index.deleted", "alitrail_sls_index"),
    change("alert.disabled", "alitrail_sls_alert", "status"),
    end("alert.deleted", "alitrail_sls_alert"),
    change("alert.muted", "alitrail_sls_alert", "configuration.mute_until"),
    change("alert.schedule_changed", "alitrail_sls_alert", "schedule"),
    change("alert.query_changed", "alitrail_sls_alert", "configuration.query_list"),
    change("alert.query_changed", "alitrail_sls_alert", "configuration.join_configurations"),
    change("alert.query_changed", "alitrail_sls_alert", "configuration.template_configuration"),
    change("alert.condition_changed", "alitrail_sls_alert", "configuration.severity_configurations"),
    change("alert.condition_changed", "alitrail_sls_alert", "configuration.condition_configuration"),
    change("alert.condition_changed", "alitrail_sls_alert", "configuration.threshold"),
    change("alert.condition_changed", "alitrail_sls_alert", "configuration.no_data_fire"),
    change("alert.recipients_changed", "alitrail_sls_alert", "configuration.policy_configuration"),
    change("alert.recipients_changed", "alitrail_sls_alert", "configuration.sink_alerthub_enabled"),
    change("alert.recipients_changed", "alitrail_sls_alert", "configuration.sink_cms_enabled"),
    change("alert.recipients_changed", "alitrail_sls_alert", "configuration.sink_event_store"),
    change("recipients.policy_narrowed", "alitrail_sls_action_policy", "primary_policy_script"),
    change("recipients.policy_narrowed", "alitrail_sls_action_policy", "secondary_policy_script"),
    change("recipients.policy_narrowed", "alitrail_sls_action_policy", "escalation_enabled"),
    change("recipients.policy_narrowed", "alitrail_sls_action_policy", "escalation_timeout"),
    change("recipients.group_narrowed", "alitrail_sls_user_group", "members"),
    change("recipients.group_narrowed", "alitrail_sls_user_group", "enabled"),
    change("recipients.contact_removed", "alitrail_sls_user", "email"),
    change("recipients.contact_removed", "alitrail_sls_user", "phone"),
    change("recipients.contact_removed", "alitrail_sls_user", "enabled"),
    change("recipients.contact_removed", "alitrail_sls_user", "sms_enabled"),
    change("recipients.contact_removed", "alitrail_sls_user", "voice_enabled"),
    end("recipients.deleted", "alitrail_sls_action_policy"),
    end("recipients.deleted", "alitrail_sls_user_group"),
    end("recipients.deleted", "alitrail_sls_user"),
    change("delivery_role.trust_changed", "alitrail_delivery_role", "trusted_account_id"),
    change("delivery_role.permissions_narrowed", "alitrail_delivery_role", "oss_bucket_name"),
    change("delivery_role.permissions_narrowed", "alitrail_delivery_role", "sls_project_arn"),
    change("delivery_role.permissions_narrowed", "alitrail_delivery_role", "kms_key_arn"),
    end("delivery_role.deleted", "alitrail_delivery_role"),
    end("service_linked_role.deleted", "alitrail_service_linked_role"),
];

/// The checks of a condition.
pub fn checks_of(condition: &str) -> impl Iterator<Item = &'static Check> {
    CHECKS.iter().filter(move |check| check.condition == condition)
}

#[cfg(test)]
mod tests;
