//! Changes of everything else: what an account blocks, roles, and who is told of alerts.

use baseline::Fact;

use super::found::{Changes, Subject};
use crate::planned::Planned;

pub(super) fn compare(before: &Planned, after: &Planned, changes: &mut Changes<'_>) {
    for (account, old) in &before.blocks {
        let subject =
            Subject { kind: "account", id: account, account, region: None, location: Some(&old.location) };
        let new = after.blocks.get(account).map_or(Fact::Absent, |new| new.blocked.clone());
        let what = "no longer blocks public access to its buckets";
        changes.flag("account.public_access_unblocked", subject, true, (&old.blocked, &new), what);
    }
    for (account, old) in &before.storage_regions {
        let subject =
            Subject { kind: "account", id: account, account, region: None, location: Some(&old.location) };
        // Whoever no longer declares it leaves it as it is.
        let Some(new) = after.storage_regions.get(account) else { continue };
        changes.text(
            "global_events.region_changed",
            subject,
            (&old.region, &new.region),
            |before, after| after.is_none_or(|after| after == before),
            |before, after| {
                format!(
                    "stores events of global services in {} instead of {before}",
                    after.unwrap_or_default()
                )
            },
        );
    }
    roles(before, after, changes);
    for (key, old) in &before.service_roles {
        if !after.service_roles.contains_key(key) {
            let id = old.service.as_str();
            let subject = Subject {
                kind: "role",
                id,
                account: &old.account,
                region: None,
                location: Some(&old.location),
            };
            changes.weakens("service_linked_role.deleted", subject, "(service-linked) is deleted");
        }
    }
    recipients(before, after, changes);
}

fn roles(before: &Planned, after: &Planned, changes: &mut Changes<'_>) {
    for (key, old) in &before.roles {
        let subject = Subject {
            kind: "role",
            id: &old.arn,
            account: &old.account,
            region: None,
            location: Some(&old.location),
        };
        let Some(new) = after.roles.get(key) else {
            changes.weakens("delivery_role.deleted", subject, "is deleted");
            continue;
        };
        let same =
            |before: &str, after: Option<&str>| after.is_some_and(|after| after.eq_ignore_ascii_case(before));
        changes.text(
            "delivery_role.trust_changed",
            subject,
            (&old.trusted, &new.trusted),
            same,
            |before, after| format!("trusts account {} instead of {before}", after.unwrap_or("none")),
        );
        for (attribute, grant) in &old.grants {
            let planned = new.grants.get(attribute).cloned().unwrap_or(Fact::Absent);
            changes.text(
                "delivery_role.permissions_narrowed",
                subject,
                (grant, &planned),
                same,
                |before, _| format!("may no longer be used for {before} ({attribute})"),
            );
        }
    }
}

fn recipients(before: &Planned, after: &Planned, changes: &mut Changes<'_>) {
    for (key, old) in &before.recipients {
        let subject = Subject {
            kind: old.kind,
            id: &old.id,
            account: &old.account,
            region: None,
            location: Some(&old.location),
        };
        let Some(new) = after.recipients.get(key) else {
            if old.tells {
                changes.weakens("recipients.deleted", subject, "is deleted");
            }
            continue;
        };
        let scripts = old.scripts.iter().any(|(name, script)| new.scripts.get(name) != Some(script));
        let reaches_fewer = !old.reaches.is_subset(&new.reaches);
        match old.kind {
            "user group" if reaches_fewer => {
                changes.weakens("recipients.group_narrowed", subject, "loses members, or is switched off");
            }
            "user" if reaches_fewer => {
                changes.weakens("recipients.contact_removed", subject, "is reached in fewer ways");
            }
            "action policy" if scripts || reaches_fewer => {
                changes.weakens(
                    "recipients.policy_narrowed",
                    subject,
                    "notifies others, or no longer escalates",
                );
            }
            _ => {}
        }
    }
}
