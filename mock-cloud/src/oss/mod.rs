//! OSS: buckets and their settings, and objects as clients write, read, copy and remove them.
//!
//! Each group of operations has a file; `route` is the table of all of them. The behaviour follows the OSS API reference
//! (version 2019-05-17) and developer guide; what they leave open is a switch or marked as assumed where it is decided.

mod access;
mod address;
mod append;
mod attributes;
mod bucket;
mod checksum;
mod conditions;
pub(crate) mod copying;
mod documents;
mod error;
mod info;
mod lifecycle;
mod lifecycle_check;
mod listing;
mod logging;
mod multi_delete;
mod multipart;
mod multipart_listing;
mod object_settings;
mod objects;
mod range;
mod reading;
mod redundancy;
mod request;
pub(crate) mod route;
mod settings;
pub(crate) mod settle;
mod state;
mod switches;
mod timestamp;
mod website;
mod worm;
mod xml;

#[cfg(test)]
mod tests;

pub(crate) use bucket::wanted_acl;
pub use error::Error;
pub(crate) use state::default_resource_group;
pub use state::{Bucket, State};
pub use switches::SWITCHES;
pub use timestamp::Timestamp;

use time::Duration;

use crate::cloud::CloudState;
use crate::http::{Call, Reply};
use crate::switches::Switches;
use request::{Answer, Request};

/// The API action that a request names by its method, path and query, e.g. `PutBucketLifecycle`; empty when it names none.
pub fn action(call: &Call) -> String {
    route::find(call).map(|operation| operation.name.to_owned()).unwrap_or_default()
}

/// Answers an OSS call.
pub fn handle(cloud: &mut CloudState, call: &Call) -> Reply {
    serve(&mut cloud.oss, &cloud.switches, call)
}

fn serve(state: &mut State, switches: &Switches, call: &Call) -> Reply {
    settle::settle(state, switches, call.now);
    let answer = check_digest(call).and_then(|()| route::find(call)).and_then(|operation| {
        let bucket = call.container.as_deref().unwrap_or("");
        let key = call.path.strip_prefix('/').unwrap_or(&call.path);
        let lag = Duration::seconds(switches::seconds(switches.get(&switches::CONFIG_LAG)));
        let request = Request { state, switches, call, bucket, key };
        if lag.is_zero() || bucket.is_empty() {
            run(operation, request)
        } else {
            run_with_lag(operation, request, lag)
        }
    });
    let reply = answer.unwrap_or_else(|error| error.reply(call));
    reply.with_header("server", "AliyunOSS").with_header("x-oss-server-time", "1")
}

fn run(operation: &route::Operation, mut request: Request<'_>) -> Answer {
    (operation.serve)(&mut request)
}

/// Lets reads of a bucket's settings see it as it was before the last write, for as long as the lag lasts.
fn run_with_lag(operation: &route::Operation, mut request: Request<'_>, lag: Duration) -> Answer {
    let name = request.bucket.to_owned();
    let is_read = operation.name.starts_with("Get");
    let before = request.state.buckets.get(&name).cloned();
    if is_read && let Some((_, shadow)) = request.state.shadows.get(&name).cloned() {
        put_back(request.state, &name, shadow);
        let answer = (operation.serve)(&mut request);
        put_back(request.state, &name, before);
        return answer;
    }
    let answer = (operation.serve)(&mut request);
    if !is_read && answer.is_ok() && request.key.is_empty() {
        let until = request.call.now + lag;
        // A bucket that is gone is gone at once.
        if request.state.buckets.contains_key(&name) {
            request.state.shadows.entry(name).or_insert((until, before));
        } else {
            request.state.shadows.remove(&name);
        }
    }
    answer
}

fn put_back(state: &mut State, name: &str, bucket: Option<Bucket>) {
    match bucket {
        Some(bucket) => state.buckets.insert(name.to_owned(), bucket),
        None => state.buckets.remove(name),
    };
}

/// Refuses a body that is not what `Content-MD5` says (OSS error codes, InvalidDigest).
fn check_digest(call: &Call) -> Result<(), Error> {
    use base64::Engine;
    use md5::Digest;
    let Some(stated) = call.header("content-md5") else { return Ok(()) };
    let actual = base64::engine::general_purpose::STANDARD.encode(md5::Md5::digest(&call.body));
    if stated == actual {
        return Ok(());
    }
    Err(Error::new(
        http::StatusCode::BAD_REQUEST,
        "InvalidDigest",
        "The Content-MD5 you specified was invalid.",
    ))
}
