//! Data sources: what is volatile or belongs to nobody's configuration.

mod caller_identity;
mod events;
mod organization_accounts;
mod oss_buckets;
mod regions;
mod sls_logstores;
mod sls_projects;
mod trail_status;
mod trails;

pub use caller_identity::{CallerIdentityModel, CallerIdentitySource};
pub use events::{EventEntry, EventsModel, EventsSource};
pub use organization_accounts::{AccountEntry, OrganizationAccountsModel, OrganizationAccountsSource};
pub use oss_buckets::{BucketEntry, BucketsModel, BucketsSource};
pub use regions::{RegionEntry, RegionsModel, RegionsSource};
pub use sls_logstores::{LogstoresModel, LogstoresSource};
pub use sls_projects::{ProjectEntry, ProjectsModel, ProjectsSource};
pub use trail_status::{TrailStatusModel, TrailStatusSource};
pub use trails::{TrailEntry, TrailsModel, TrailsSource};
