//! The roles with which trails deliver and services work.

use super::*;
use crate::delivery_role::DeliveryRoleResource as Role;
use crate::service_linked_role::ServiceLinkedRoleResource as ServiceRole;

pub(super) fn scenarios() -> Vec<Scenario> {
    let role = json!({
        "role_name": "delivery",
        "trusted_account_id": "1000000000000001",
        "oss_bucket_name": "archive",
        "sls_project_arn": "acs:log:cn-hangzhou:1:project/events",
        "kms_key_arn": "acs:kms:cn-hangzhou:1:key/one",
    });
    let narrowed = |attribute| {
        let mut changed = json!({});
        changed[attribute] = Json::Null;
        change::<Role>("delivery_role.permissions_narrowed", attribute, &role, &changed)
    };
    vec![
        change::<Role>(
            "delivery_role.trust_changed",
            "trusted_account_id",
            &role,
            &json!({ "trusted_account_id": "1000000000000002" }),
        ),
        narrowed("oss_bucket_name"),
        narrowed("sls_project_arn"),
        narrowed("kms_key_arn"),
        end::<Role>("delivery_role.deleted", &role),
        end::<ServiceRole>("service_linked_role.deleted", &json!({ "delete_on_destroy": true })),
    ]
}
