//! StartLogging, StopLogging and GetTrailStatus: whether a trail delivers, since when, and how it goes.

use super::delivery::deliver;
use super::{Status, destinations, home_of, switches, trail_mut};
use crate::cloud::CloudState;
use crate::http::Call;
use crate::rpc::{self, Error, Outcome};
use serde_json::{Value, json};

pub(super) fn start(cloud: &mut CloudState, call: &Call) -> Outcome {
    let name = rpc::required(call, "Name")?;
    let home = home_of(cloud, call, name)?;
    let trail = trail_mut(cloud, &call.caller.account, &home, name)?.clone();
    destinations::reach_bucket(cloud, &call.caller.account, &trail)?;
    let trail = trail_mut(cloud, &call.caller.account, &home, name)?;
    // Assumed: starting what runs already changes nothing.
    if trail.status != Status::Enable {
        trail.status = Status::Enable;
        trail.start_logging_time = Some(call.now);
    }
    Ok(json!({}))
}

pub(super) fn stop(cloud: &mut CloudState, call: &Call) -> Outcome {
    let name = rpc::required(call, "Name")?;
    let home = home_of(cloud, call, name)?;
    deliver(cloud, &call.caller.account, &home, name, call.now)?;
    let trail = trail_mut(cloud, &call.caller.account, &home, name)?;
    if trail.status != Status::Disable {
        trail.status = Status::Disable;
        trail.stop_logging_time = Some(call.now);
    }
    Ok(json!({}))
}

pub(super) fn status(cloud: &mut CloudState, call: &Call) -> Outcome {
    let name = rpc::required(call, "Name")?;
    let organization = rpc::flag(call, "IsOrganizationTrail", "InvalidQueryParameter")?;
    let home = home_of(cloud, call, name)?;
    let account = &call.caller.account;
    deliver(cloud, account, &home, name, call.now)?;
    let trail = trail_mut(cloud, account, &home, name)?.clone();
    // Assumed to be a selector, as the description asks to pass true for organization trails.
    if trail.is_organization_trail != organization {
        return Err(super::not_found());
    }
    let to_bucket = destinations::deliver_to_bucket(cloud, account, &trail);
    let to_logstore = destinations::reach_logstore(cloud, account, name, &trail);
    let omit = cloud.switches.is(&switches::STATUS_BEFORE_START, "omit");
    let mut answer = json!({
        "IsLogging": trail.status == Status::Enable,
        "OssBucketStatus": !trail.oss_bucket_name.is_empty() && to_bucket.is_ok(),
        "SlsLogStoreStatus": !trail.sls_project_arn.is_empty() && to_logstore.is_ok(),
    });
    for (field, time) in [
        ("StartLoggingTime", trail.start_logging_time),
        ("StopLoggingTime", trail.stop_logging_time),
        ("LatestDeliveryTime", trail.latest_delivery_time),
        ("LatestDeliveryLogServiceTime", trail.latest_delivery_log_service_time),
    ] {
        match time {
            Some(time) => answer[field] = json!(rpc::timestamp(time)),
            None if omit => {}
            None => answer[field] = json!(""),
        }
    }
    // An error shows once a delivery has been tried, that is, while the trail is logging.
    let logging = trail.status == Status::Enable;
    answer["LatestDeliveryError"] = error_text("oss", logging, to_bucket);
    answer["LatestDeliveryLogServiceError"] = error_text("sls", logging, to_logstore);
    Ok(answer)
}

fn error_text(destination: &str, logging: bool, reached: Result<(), Error>) -> Value {
    match reached {
        Err(error) if logging => json!(format!("write {destination} failed, exception: {}", error.message)),
        Ok(()) | Err(_) => json!(""),
    }
}
