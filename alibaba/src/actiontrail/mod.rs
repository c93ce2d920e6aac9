//! ActionTrail: trails, their logging and data events, the history of events, the regions there are.

mod call;
pub(crate) mod errors;
mod events;
pub mod history;
mod insights;
mod selectors;
mod trails;
mod types;

pub use call::ActionTrail;
pub(crate) use call::TrailReads;
pub use events::{FoundEvents, LookupEvents};
pub use history::HistoryJob;
pub use selectors::{DataEventDelivery, DataEventSelector, DataEvents, DescribedDataEvents, ValueFilter};
pub use types::{CreatedTrail, DescribeTrails, Region, Trail, TrailSettings, TrailStatus};
