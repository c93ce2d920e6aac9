//! The open points of the SLS documentation, as switches.

use crate::switches::Switch;

/// Every switch of this service.
pub const SWITCHES: &[Switch] = &[
    PROJECT_LAG,
    LOGSTORE_LAG,
    PROJECT_POLICY,
    EMPTY_POLICY,
    RECORDS_REGION,
    ALERT_ANSWER,
    DASHBOARD_ANSWER,
    AES_OFB,
];

/// How long a new project is not yet found.
pub(super) const PROJECT_LAG: Switch = Switch {
    name: "sls_project_lag",
    values: &["0s", "5s", "60s"],
    doc: "How long after CreateProject reads of the project answer ProjectNotExist and changes in it ProjectForbidden.",
    source: "SDK tests wait 10 seconds after CreateProject, public reports show both errors; no figure is documented.",
};

/// How long a new logstore is not yet found by what depends on it.
pub(super) const LOGSTORE_LAG: Switch = Switch {
    name: "sls_logstore_lag",
    values: &["0s", "5s", "60s"],
    doc: "How long after CreateLogStore index, shard and log calls still answer LogStoreNotExist.",
    source: "SDK tests wait 60 seconds after CreateLogStore; reading the logstore itself works at once.",
};

/// Whether project policies are served.
pub(super) const PROJECT_POLICY: Switch = Switch {
    name: "sls_project_policy",
    values: &["true", "false"],
    doc: "The region serves /policy; otherwise it answers 405 InvalidMethod.",
    source: "Some regions and service-owned projects have been seen without it.",
};

/// What GetProjectPolicy says when there is none.
pub(super) const EMPTY_POLICY: Switch = Switch {
    name: "sls_empty_policy",
    values: &["empty", "object"],
    doc: "GetProjectPolicy without a policy answers an empty body, or an empty JSON object.",
    source: "Both have been seen; the documentation does not say.",
};

/// Which regions serve notification objects.
pub(super) const RECORDS_REGION: Switch = Switch {
    name: "sls_records_region",
    values: &["cn-heyuan", "every"],
    doc: "Resources and their records are served by cn-heyuan only, or by every region with the same content.",
    source: "SDK tests use cn-heyuan, one vendor text cn-shanghai; nothing says which regions serve them.",
};

/// Whether an alert rule comes back as it was put.
pub(super) const ALERT_ANSWER: Switch = Switch {
    name: "sls_alert_answer",
    values: &["kept", "normalised"],
    doc: "An alert rule is answered as it was put, or without its empty members and with members of the service's own.",
    source: "Neither is documented; clients are prepared for both.",
};

/// How a dashboard is given back.
pub(super) const DASHBOARD_ANSWER: Switch = Switch {
    name: "sls_dashboard_answer",
    values: &["kept", "filled"],
    doc: "A dashboard is answered as it was put, or without null members of its charts and with members of the service's own.",
    source: "Public issue reports about dashboards that differ after they were put; nothing says which members are added.",
};

/// Whether logstores can be encrypted in the mode OFB.
pub(super) const AES_OFB: Switch = Switch {
    name: "sls_aes_ofb",
    values: &["accepted", "refused"],
    doc: "The encryption type aes_ofb of a logstore is taken, or refused as not supported.",
    source: "The pages of EncryptConf and UpdateLogStoreEncryption name it (2025-09); a newer one names default and sm4 only (2026-08).",
};

/// The seconds that a switch with values like `5s` means.
pub(super) fn seconds(value: &str) -> i64 {
    value.trim_end_matches('s').parse().unwrap_or(0)
}
