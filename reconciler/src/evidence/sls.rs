//! The writing calls of Simple Log Service.

use super::{Condition, Weakening, WritingCall};
use alibaba::endpoint::Service;

const PROJECT_DELETED: Condition = Condition {
    id: "project.deleted",
    when: "the project is deleted",
    loss: "its logstores are deleted with their logs, indexes and alerts",
};
const TARGET_DELETED: Condition = Condition {
    id: "project.delivery_target_deleted",
    when: "a trail that logs delivers to the project that is deleted",
    loss: "the events of the trail can no longer be delivered there",
};
const RECYCLE_BIN: Condition = Condition {
    id: "project.recycle_bin_disabled",
    when: "the recycle bin of the project is switched off",
    loss: "the logs of a project that is deleted can no longer be recovered",
};
const RETENTION: Condition = Condition {
    id: "logstore.retention_shortened",
    when: "logs are kept for fewer days",
    loss: "logs that are older are deleted for good",
};
const ANONYMOUS: Condition = Condition {
    id: "logstore.anonymous_writes",
    when: "the logstore takes logs from anybody",
    loss: "what the logstore holds proves nothing any more",
};
const STORE_ENCRYPTION: Condition = Condition {
    id: "logstore.encryption_disabled",
    when: "encryption is switched off",
    loss: "new logs are stored unencrypted",
};
const SENDER: Condition = Condition {
    id: "logstore.sender_dropped",
    when: "the sender's address and the time of receipt are no longer added",
    loss: "new logs no longer say where they came from and when",
};
const ANALYSIS: Condition = Condition {
    id: "logstore.mode_reduced",
    when: "the logstore goes to a mode without analysis",
    loss: "alerts and dashboards that analyse its logs no longer find anything",
};
const STORE_DELETED: Condition = Condition {
    id: "logstore.deleted",
    when: "the logstore is deleted",
    loss: "its logs and its index are deleted for good",
};
const FULL_TEXT: Condition = Condition {
    id: "index.full_text_removed",
    when: "the index no longer covers the whole text",
    loss: "new logs are found by their fields only",
};
const FIELDS: Condition = Condition {
    id: "index.fields_removed",
    when: "a field goes from the index",
    loss: "new logs are not found by the field, and alerts that ask for it stay silent",
};
const FIELD_REDUCED: Condition = Condition {
    id: "index.fields_reduced",
    when: "a field of the index changes its type, can no longer be analysed, or loses a leaf",
    loss: "searches and alerts that use the field find less",
};
const INDEX_DELETED: Condition = Condition {
    id: "index.deleted",
    when: "the index is deleted",
    loss: "new logs cannot be searched, and alerts over them find nothing",
};
const ALERT_DISABLED: Condition = Condition {
    id: "alert.disabled",
    when: "the alert is switched off",
    loss: "nobody is told of what the alert looks for",
};
const ALERT_DELETED: Condition = Condition {
    id: "alert.deleted",
    when: "the alert is deleted",
    loss: "nobody is told of what the alert looks for",
};
const MUTED: Condition = Condition {
    id: "alert.muted",
    when: "the alert is silenced for a time",
    loss: "nobody is told of what the alert finds until then",
};
const RARER: Condition = Condition {
    id: "alert.schedule_changed",
    when: "the alert runs less often, or at other times",
    loss: "what happens between the runs is noticed later, or not at all",
};
const QUERY: Condition = Condition {
    id: "alert.query_changed",
    when: "the alert asks another query, other logs or a shorter time",
    loss: "what only the old query finds is no longer noticed",
};
const TRIGGER: Condition = Condition {
    id: "alert.condition_changed",
    when: "another condition, a lower severity or more finds in a row are needed for the alert to fire, or it no longer \
           fires without data",
    loss: "finds that fired the alert may no longer do so",
};
const ROUTE: Condition = Condition {
    id: "alert.recipients_changed",
    when: "the alert uses other policies, repeats less often, or is no longer sent to where it was",
    loss: "those who were told may no longer be",
};
const POLICY: Condition = Condition {
    id: "recipients.policy_narrowed",
    when: "an action policy notifies fewer recipients or under other conditions, or no longer escalates",
    loss: "those who were told of alerts may no longer be",
};
const GROUP: Condition = Condition {
    id: "recipients.group_narrowed",
    when: "a user group loses a member or is switched off",
    loss: "those who were told of alerts no longer are",
};
const CONTACT: Condition = Condition {
    id: "recipients.contact_removed",
    when: "a user loses an address or a number, or is no longer notified in one of the ways",
    loss: "the user is no longer told of alerts there",
};
const RECIPIENT_DELETED: Condition = Condition {
    id: "recipients.deleted",
    when: "an action policy, a user group or a user is deleted",
    loss: "alerts that rely on it reach fewer people, or nobody",
};

const NEW_OBJECT: Weakening = Weakening::Never("a new object changes nothing about those that exist");
const DASHBOARD: Weakening =
    Weakening::Never("a dashboard shows logs; it neither keeps them nor tells anybody");
const LABELS: Weakening = Weakening::Never("the project and what is in it stay as they are");

const fn call(action: &'static str, function: &'static str, weakens: Weakening) -> WritingCall {
    WritingCall { service: Service::Sls, action, function, weakens }
}

pub(super) const CALLS: &[WritingCall] = &[
    call("CreateProject", "Sls::create_project", NEW_OBJECT),
    call("UpdateProject", "Sls::update_project", Weakening::When(&[&RECYCLE_BIN])),
    call("DeleteProject", "Sls::delete_project", Weakening::When(&[&PROJECT_DELETED, &TARGET_DELETED])),
    call("ChangeResourceGroup", "Sls::change_resource_group", LABELS),
    call("TagResources", "Sls::tag_project", LABELS),
    call("UntagResources", "Sls::untag_project", LABELS),
    call("CreateLogStore", "Sls::create_logstore", NEW_OBJECT),
    call(
        "UpdateLogStore",
        "Sls::update_logstore",
        Weakening::When(&[&RETENTION, &ANONYMOUS, &STORE_ENCRYPTION, &SENDER, &ANALYSIS]),
    ),
    call("DeleteLogStore", "Sls::delete_logstore", Weakening::When(&[&STORE_DELETED])),
    call("CreateIndex", "Sls::create_index", Weakening::Never("a logstore without an index gets one")),
    call("UpdateIndex", "Sls::update_index", Weakening::When(&[&FULL_TEXT, &FIELDS, &FIELD_REDUCED])),
    call("DeleteIndex", "Sls::delete_index", Weakening::When(&[&INDEX_DELETED])),
    call("CreateAlert", "Sls::create_alert", NEW_OBJECT),
    call("UpdateAlert", "Sls::update_alert", Weakening::When(&[&MUTED, &RARER, &QUERY, &TRIGGER, &ROUTE])),
    call("EnableAlert", "Sls::switch_alert", Weakening::Never("an alert that is on tells more")),
    call("DisableAlert", "Sls::switch_alert", Weakening::When(&[&ALERT_DISABLED])),
    call("DeleteAlert", "Sls::delete_alert", Weakening::When(&[&ALERT_DELETED])),
    call("CreateResourceRecord", "Sls::create_record", NEW_OBJECT),
    call("UpdateResourceRecord", "Sls::update_record", Weakening::When(&[&POLICY, &GROUP, &CONTACT])),
    call("DeleteResourceRecord", "Sls::delete_record", Weakening::When(&[&RECIPIENT_DELETED])),
    call("CreateDashboard", "Sls::create_dashboard", DASHBOARD),
    call("UpdateDashboard", "Sls::update_dashboard", DASHBOARD),
    call("DeleteDashboard", "Sls::delete_dashboard", DASHBOARD),
];
