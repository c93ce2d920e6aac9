//! Data sources: what is volatile or belongs to nobody's configuration.

mod baseline_findings;
mod caller_identity;
mod events;
mod organization_accounts;
mod organization_folders;
mod oss_buckets;
mod regions;
mod sls_logstores;
mod sls_projects;
mod trail_status;
mod trails;

pub use baseline_findings::{BaselineFindingsModel, BaselineFindingsSource, FindingEntry};
pub use caller_identity::{CallerIdentityModel, CallerIdentitySource};
pub use events::{EventEntry, EventsModel, EventsSource};
pub use organization_accounts::{AccountEntry, OrganizationAccountsModel, OrganizationAccountsSource};
pub use organization_folders::{FolderEntry, OrganizationFoldersModel, OrganizationFoldersSource};
pub use oss_buckets::{BucketEntry, BucketsModel, BucketsSource};
pub use regions::{RegionEntry, RegionsModel, RegionsSource};
pub use sls_logstores::{LogstoresModel, LogstoresSource};
pub use sls_projects::{ProjectEntry, ProjectsModel, ProjectsSource};
pub use trail_status::{TrailStatusModel, TrailStatusSource};
pub use trails::{TrailEntry, TrailsModel, TrailsSource};

#[cfg(test)]
mod tests {
    use plugin::schema::{Attribute, Kind, Mode};
    use plugin::value::{Object, Value};
    use plugin::{Provider, Severity, unset};

    use crate::Alitrail;

    fn errors(source: &dyn plugin::Readable<crate::config::Cloud>, config: Object) -> Vec<String> {
        let found = source.validate(config).0;
        found.into_iter().filter(|one| one.severity == Severity::Error).map(|one| one.summary).collect()
    }

    /// Empty, an optional value is what leaving it out is, or refused by its name.
    #[test]
    fn every_empty_value_is_unset_or_refused() {
        let mut tried = Vec::new();
        for source in Alitrail::data_sources() {
            let attributes = &source.schema().attributes;
            let bare: Object = attributes.iter().map(|one| (one.name.to_owned(), Value::Null)).collect();
            let settable = |one: &&Attribute| one.mode != Mode::Computed && !one.block;
            for attribute in attributes.iter().filter(settable) {
                assert!(
                    !matches!(attribute.kind, Kind::Nested(..)),
                    "{} has a depth of its own",
                    attribute.name
                );
                let Some(empty) = unset::empty(attribute).filter(|_| attribute.mode != Mode::Required) else {
                    continue;
                };
                let mut config = bare.clone();
                config.insert(attribute.name.to_owned(), empty);
                let is_unset = unset::config(attributes, config.clone()) == bare;
                let (before, with) = (errors(&*source, bare.clone()), errors(&*source, config));
                let is_refused = with != before && with.iter().any(|error| error.contains(attribute.name));
                assert!(is_unset != is_refused, "{}.{}: {with:?}", source.name(), attribute.name);
                tried.push(format!("{}.{}", source.name(), attribute.name));
            }
        }
        let folder = "alitrail_organization_accounts.folder_id".to_owned();
        assert!(tried.len() > 10 && tried.contains(&folder), "{tried:?}");
    }
}
