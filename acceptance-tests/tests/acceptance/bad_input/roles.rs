//! Roles and the organization.

use serde_json::json;

use super::Case;

pub(super) const CASES: &[Case] = &[
    Case::plan(
        "delivery role: a name that no policy can have",
        "resource \"alitrail_delivery_role\" \"this\" {\n  role_name = \"audit.delivery\"\n  trusted_account_id = \"1000000000000002\"\n  \
         oss_bucket_name = \"an-archive\"\n}",
    ),
    Case::plan(
        "delivery role: for nothing",
        "resource \"alitrail_delivery_role\" \"this\" {\n  role_name = \"delivery\"\n  trusted_account_id = \"1000000000000002\"\n}",
    ),
    Case::plan(
        "delivery role: a project of another account",
        "resource \"alitrail_delivery_role\" \"this\" {\n  role_name = \"delivery\"\n  trusted_account_id = \"1000000000000002\"\n  \
         sls_project_arn = \"acs:log:cn-hangzhou:1000000000000002:project/audit\"\n}",
    ),
    Case::plan(
        "service-linked role: of a service that is not known",
        "resource \"alitrail_service_linked_role\" \"this\" {\n  service_name = \"actiontrail\"\n}",
    ),
    Case::plan(
        "organization accounts: not a folder",
        "data \"alitrail_organization_accounts\" \"this\" {\n  folder_id = \"production\"\n}",
    ),
    Case {
        name: "organization accounts: there is no organization",
        provider: "",
        configuration: "data \"alitrail_organization_accounts\" \"this\" {}",
        prepare: |fixture| {
            let account = format!("accounts/{}", fixture.cloud.account_id);
            fixture.cloud.patch(&account, &json!({"organization_id": null})).expect("no organization");
        },
        in_plan: true,
    },
];
