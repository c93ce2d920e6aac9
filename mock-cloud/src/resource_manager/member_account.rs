//! The accounts of a resource directory's members as they begin.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use crate::cloud::Account;
use crate::ram::{self, Role};

/// The role that the management account can assume in every member account.
const MEMBER_ROLE: &str = "ResourceDirectoryAccountAccessRole";

/// A member of a resource directory, with the role through which the management account gets in.
pub(crate) fn member_account(
    management: &str,
    id: &str,
    name: &str,
    directory: &str,
    now: OffsetDateTime,
) -> Account {
    let mut account =
        Account { name: name.to_owned(), organization_id: Some(directory.to_owned()), ..Account::default() };
    account.ram.roles.insert(MEMBER_ROLE.to_owned(), member_role(management, id, now));
    account
}

fn member_role(management: &str, member: &str, now: OffsetDateTime) -> Role {
    let document = serde_json::json!({
        "Version": "1",
        "Statement": [{
            "Action": "sts:AssumeRole",
            "Effect": "Allow",
            "Principal": { "RAM": [format!("acs:ram::{management}:root")] },
        }],
    });
    Role {
        role_id: ram::numeric_id(member, MEMBER_ROLE),
        assume_role_policy_document: document.to_string(),
        description: String::new(),
        max_session_duration: 3600,
        create_date: now,
        update_date: None,
        service_linked: false,
        policies: vec!["AdministratorAccess".to_owned()],
        attach_dates: BTreeMap::new(),
        tags: BTreeMap::new(),
    }
}
