//! The calls that the mock serves, by service: what a suite must have made to have made them all. It reads the tables
//! that requests are dispatched by.

use std::collections::BTreeSet;

use crate::gateway::route::Service;
use crate::{actiontrail, oss, ram, resource_manager, sls, sts};

/// Every call that is served: the service, as the request log names it, and the action.
pub fn all() -> BTreeSet<(&'static str, &'static str)> {
    let rpc = [
        (Service::ActionTrail, actiontrail::ACTIONS),
        (Service::Ram, ram::ACTIONS),
        (Service::ResourceManager, resource_manager::ACTIONS),
        (Service::Sts, sts::ACTIONS),
    ];
    let rpc = rpc.into_iter().flat_map(|(service, actions)| actions.iter().map(move |name| (service, *name)));
    let oss = oss::route::names().map(|name| (Service::Oss, name));
    let sls = sls::route::names().map(|name| (Service::Sls, name));
    rpc.chain(oss).chain(sls).map(|(service, name)| (service.name(), name)).collect()
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;
    use crate::cloud::CloudState;
    use crate::http::{Call, Reply};

    #[test]
    fn what_is_listed_is_served() {
        type Handle = fn(&mut CloudState, &Call) -> Reply;
        let services: [(&[&str], Handle); 4] = [
            (actiontrail::ACTIONS, actiontrail::handle),
            (ram::ACTIONS, ram::handle),
            (resource_manager::ACTIONS, resource_manager::handle),
            (sts::ACTIONS, sts::handle),
        ];
        for (actions, handle) in services {
            let code = |action: &str| {
                let mut cloud = CloudState::default();
                cloud.accounts.entry("1".to_owned()).or_default().organization_id = Some("rd-1".to_owned());
                let mut call = Call::test("1", Method::POST, "/?Format=JSON");
                call.action = action.to_owned();
                handle(&mut cloud, &call).error.unwrap_or_default()
            };
            assert_eq!(code("NoSuchAction"), "InvalidAction.NotFound");
            for action in actions {
                assert_ne!(code(action), "InvalidAction.NotFound", "{action}");
            }
        }
    }

    #[test]
    fn every_service_has_calls() {
        let services: BTreeSet<_> = all().into_iter().map(|(service, _)| service).collect();
        assert_eq!(services.len(), 6, "{services:?}");
    }
}
