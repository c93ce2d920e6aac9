//! The alitrail Terraform provider: ActionTrail trails, their archive buckets and their log projects.
//!
//! Knows the provider block and what is special about each resource; how Terraform works is `plugin`'s business and
//! how the cloud is called is `alibaba`'s.
//!
//! | module | room for |
//! |---|---|
//! | [`config`] | the provider block |
//! | [`scope`] | `id`, `account_id` and `region`, declared once for all models |
//! | [`scope`] | the account and region of a resource, when it is planned and when it is called |
//! | [`failed_call`] | errors of calls, as users see them |
//! | [`advice`] | what a user of Terraform does about an error of the cloud |
//! | [`reconciled`] | resources that are made of an object of the reconciler |
//! | [`evidence`] | which check warns of which way to lose evidence |
//! | [`check`] | values: names, ARNs, regions |
//! | `trail`, `oss_bucket`, … | one resource each |
//! | `sls_record` | what the notification objects share: users, groups, action policies |
//! | [`data`] | data sources |

pub mod advice;
pub mod check;
pub mod config;
pub mod data;
pub mod data_event_selector;
pub mod delivery_role;
pub mod evidence;
pub mod failed_call;
pub mod global_events_storage_region;
pub mod history_delivery_job;
pub mod identity;
pub mod json;
mod members;
pub mod oss_account_public_access_block;
pub mod oss_bucket;
pub mod oss_bucket_lifecycle;
pub mod oss_bucket_logging;
pub mod oss_bucket_policy;
pub mod oss_bucket_request_payment;
pub mod oss_bucket_worm;
pub mod reconciled;
pub mod resource_scope;
pub mod scope;
pub mod service_linked_role;
pub mod sls_action_policy;
pub mod sls_alert;
pub mod sls_dashboard;
pub mod sls_index;
pub mod sls_logstore;
pub mod sls_project;
mod sls_record;
pub mod sls_user;
pub mod sls_user_group;
#[cfg(test)]
mod test_service;
pub mod trail;

#[cfg(test)]
mod unsupported_name_tests;

use config::{Cloud, ProviderConfig};
use plugin::{Denial, Diagnostics, Managed, Provider, Readable, Registered, RegisteredData, serve::Plugin};

/// How the binary introduces itself.
pub const PLUGIN: Plugin = Plugin {
    name: "terraform-provider-alitrail",
    address: "registry.terraform.io/alitrail/alitrail",
    version: env!("CARGO_PKG_VERSION"),
    purpose: "audit trails of Alibaba Cloud accounts",
    crates: &["provider", "plugin", "alibaba"],
};

/// The provider.
#[derive(Debug)]
pub struct Alitrail;

impl Provider for Alitrail {
    type Config = ProviderConfig;
    type Client = Cloud;
    const DESCRIPTION: &'static str = "Declares, proves and keeps the audit trail of Alibaba Cloud accounts: ActionTrail \
        trails, the OSS buckets that archive their events and the SLS projects that make them searchable.";

    fn validate(config: &ProviderConfig, found: &mut Diagnostics) {
        config.validate(found);
    }

    async fn configure(config: ProviderConfig, terraform_version: &str) -> Result<Cloud, Diagnostics> {
        config.connect(terraform_version).await
    }

    fn denies_destructive_changes(config: &ProviderConfig) -> Denial {
        // One that is not known yet may turn out to be "deny", and what a plan let pass cannot be taken back.
        let denies = config.evidence_changes.is_unknown() || config.evidence_changes.as_str() == Some("deny");
        denies.then_some(
            "In the provider block, evidence_changes is \"deny\", or is not known yet and counts as that; set it to \"warn\" \
             for this change if it is meant.",
        )
    }

    fn resources() -> Vec<Box<dyn Managed<Cloud>>> {
        vec![
            Registered::<data_event_selector::DataEventSelectorResource>::new(),
            Registered::<delivery_role::DeliveryRoleResource>::new(),
            Registered::<oss_account_public_access_block::AccountBlockResource>::new(),
            Registered::<global_events_storage_region::GlobalEventsStorageRegionResource>::new(),
            Registered::<history_delivery_job::HistoryDeliveryJobResource>::new(),
            Registered::<oss_bucket::BucketResource>::new(),
            Registered::<oss_bucket_lifecycle::LifecycleResource>::new(),
            Registered::<oss_bucket_logging::LoggingResource>::new(),
            Registered::<oss_bucket_request_payment::RequestPaymentResource>::new(),
            Registered::<oss_bucket_policy::PolicyResource>::new(),
            Registered::<oss_bucket_worm::WormResource>::new(),
            Registered::<service_linked_role::ServiceLinkedRoleResource>::new(),
            Registered::<sls_action_policy::ActionPolicyResource>::new(),
            Registered::<sls_alert::AlertResource>::new(),
            Registered::<sls_index::IndexResource>::new(),
            Registered::<sls_dashboard::DashboardResource>::new(),
            Registered::<sls_logstore::LogstoreResource>::new(),
            Registered::<sls_project::ProjectResource>::new(),
            Registered::<sls_user::UserResource>::new(),
            Registered::<sls_user_group::UserGroupResource>::new(),
            Registered::<trail::TrailResource>::new(),
        ]
    }

    fn data_sources() -> Vec<Box<dyn Readable<Cloud>>> {
        vec![
            RegisteredData::<data::BaselineFindingsSource>::new(),
            RegisteredData::<data::CallerIdentitySource>::new(),
            RegisteredData::<data::BucketsSource>::new(),
            RegisteredData::<data::EventsSource>::new(),
            RegisteredData::<data::OrganizationAccountsSource>::new(),
            RegisteredData::<data::OrganizationFoldersSource>::new(),
            RegisteredData::<data::RegionsSource>::new(),
            RegisteredData::<data::LogstoresSource>::new(),
            RegisteredData::<data::ProjectsSource>::new(),
            RegisteredData::<data::TrailStatusSource>::new(),
            RegisteredData::<data::TrailsSource>::new(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use plugin::Attr;

    use super::*;

    #[test]
    fn losses_are_denied_where_it_says_so_and_where_it_is_not_known() {
        for (evidence_changes, denies) in
            [(Attr::Null, false), ("warn".into(), false), ("deny".into(), true), (Attr::UNKNOWN, true)]
        {
            let config = ProviderConfig { evidence_changes, ..ProviderConfig::default() };
            assert_eq!(
                Alitrail::denies_destructive_changes(&config).is_some(),
                denies,
                "{:?}",
                config.evidence_changes
            );
        }
    }
}
