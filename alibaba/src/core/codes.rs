//! Judging a refusal: by the table of error codes of its service, or else by the HTTP status of the answer.

use crate::core::rpc;
use crate::endpoint::Service;
use crate::kind::{ErrorClass, ErrorKind, OTHER, THROTTLED, Table, UNAVAILABLE, find};
use crate::{actiontrail, oss, ram, resource_manager, sls, sts};

/// The tables of a service, the own one first.
pub(crate) fn tables(service: Service) -> &'static [Table] {
    match service {
        Service::ActionTrail => &[actiontrail::errors::TABLE, rpc::errors::TABLE],
        Service::Oss => &[oss::errors::TABLE],
        Service::Sls => &[sls::errors::TABLE],
        Service::Sts => &[sts::errors::TABLE, rpc::errors::TABLE],
        Service::Ram => &[ram::errors::TABLE, rpc::errors::TABLE],
        Service::ResourceManager | Service::ResourceDirectory => {
            &[resource_manager::errors::TABLE, rpc::errors::TABLE]
        }
    }
}

/// How a service's error code (letter case does not count) and HTTP status are judged.
pub(crate) fn classify(service: Service, code: &str, status: u16) -> ErrorClass {
    match tables(service).iter().find_map(|table| find(table, code)) {
        // The code says what went wrong, and the status that it may have gone wrong half-way.
        Some(class) if status >= 500 && class.kind != ErrorKind::Throttled => ErrorClass::unsure(class.kind),
        Some(class) => class,
        None => match status {
            429 => THROTTLED,
            408 | 500.. => UNAVAILABLE,
            _ => OTHER,
        },
    }
}

#[cfg(test)]
#[path = "codes_tests.rs"]
mod tests;
