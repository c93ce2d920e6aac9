//! Published limits on requests per second, counted per account and action in windows of one second.

use std::collections::HashMap;

use crate::gateway::route::Service;
use crate::switches::Switch;

/// Whether the limits apply.
pub(crate) const RATE_LIMITS: Switch = Switch {
    name: "rate_limits",
    values: &["off", "on"],
    doc: "Requests beyond the published number per second of an account and action are throttled.",
    source: "Published per action; how the service counts (window or bucket) is not, so clients may be hit earlier.",
};

/// Requests per second of an account, where the vendor publishes a number.
fn per_second(service: Service, action: &str) -> Option<u32> {
    match (service, action) {
        (
            Service::ActionTrail,
            "CreateTrail"
            | "UpdateTrail"
            | "DeleteTrail"
            | "StartLogging"
            | "StopLogging"
            | "CreateDeliveryHistoryJob"
            | "DeleteDeliveryHistoryJob"
            | "UpdateGlobalEventsStorageRegion"
            | "EnableInsight",
        ) => Some(5),
        (
            Service::ActionTrail,
            "LookupEvents"
            | "GetDeliveryHistoryJob"
            | "ListDeliveryHistoryJobs"
            | "GetGlobalEventsStorageRegion",
        ) => Some(10),
        (Service::ActionTrail, "DescribeTrails" | "GetTrailStatus" | "DescribeRegions") => Some(100),
        (Service::Sts, _) => Some(100),
        _ => None,
    }
}

/// The requests of the current second.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    second: i64,
    counts: HashMap<(String, String), u32>,
}

impl Limits {
    /// Counts a request; false when it is one too many.
    pub(crate) fn admit(&mut self, service: Service, account: &str, action: &str, second: i64) -> bool {
        let Some(limit) = per_second(service, action) else { return true };
        if self.second != second {
            self.second = second;
            self.counts.clear();
        }
        // STS counts all of an account's calls together (quota page).
        let action = if service == Service::Sts { "sts" } else { action };
        let count = self.counts.entry((account.to_owned(), action.to_owned())).or_default();
        *count += 1;
        *count <= limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_per_second_account_and_action() {
        let mut limits = Limits::default();
        let mut admit = |account, action, second| limits.admit(Service::ActionTrail, account, action, second);
        assert!((0..5).all(|_| admit("a", "CreateTrail", 7)));
        assert!(!admit("a", "CreateTrail", 7));
        assert!(admit("a", "UpdateTrail", 7));
        assert!(admit("b", "CreateTrail", 7));
        assert!(admit("a", "CreateTrail", 8));
        assert!((0..1000).all(|_| limits.admit(Service::Oss, "a", "PutBucket", 8)));
    }
}
