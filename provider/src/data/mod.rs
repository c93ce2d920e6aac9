//! Data sources: what is volatile or belongs to nobody's configuration.

mod caller_identity;
mod organization_accounts;
mod trail_status;
mod trails;

pub use caller_identity::{CallerIdentityModel, CallerIdentitySource};
pub use organization_accounts::{AccountEntry, OrganizationAccountsModel, OrganizationAccountsSource};
pub use trail_status::{TrailStatusModel, TrailStatusSource};
pub use trails::{TrailEntry, TrailsModel, TrailsSource};
