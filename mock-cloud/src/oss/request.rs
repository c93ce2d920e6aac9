//! What an operation works with: the call, its target and the state, and the checks that all bucket operations share.

use http::StatusCode;
use serde::de::DeserializeOwned;

use super::documents::Document;
use super::error::Error;
use super::state::{Bucket, State};
use super::{address, switches, xml};
use crate::http::{Call, Reply};
use crate::switches::Switches;

/// What an operation answers.
pub(super) type Answer = Result<Reply, Error>;

/// One request under way.
pub(super) struct Request<'a> {
    /// Everything the service remembers.
    pub(super) state: &'a mut State,
    /// Settings of the open points.
    pub(super) switches: &'a Switches,
    /// The request itself.
    pub(super) call: &'a Call,
    /// The bucket it is for, empty at service level.
    pub(super) bucket: &'a str,
    /// The object it is for, empty at service and bucket level.
    pub(super) key: &'a str,
}

impl Request<'_> {
    /// The account that asks.
    pub(super) fn account(&self) -> &str {
        &self.call.caller.account
    }

    /// Reads the body as a document.
    pub(super) fn document<T: DeserializeOwned>(&self, document: &Document) -> Result<T, Error> {
        xml::read(&self.call.body, document)
    }

    /// The bucket of this call, for its owner and whom it lets in, and through the endpoint of its region.
    pub(super) fn owned(&mut self) -> Result<&mut Bucket, Error> {
        self.owned_from(false)
    }

    /// The bucket of this call, for its owner; with `any_endpoint` wherever the call came in.
    /// A wrong endpoint is answered with the right one (OSS error codes, EC 0003-00001403).
    pub(super) fn owned_from(&mut self, any_endpoint: bool) -> Result<&mut Bucket, Error> {
        let (name, region) = (self.bucket, &self.call.region);
        let Some(bucket) = self.state.buckets.get_mut(name) else { return Err(Error::no_such_bucket(name)) };
        if bucket.owner != self.call.caller.account && !self.call.let_in {
            return Err(Error::foreign(name));
        }
        if !any_endpoint && bucket.region() != region {
            return Err(wrong_endpoint(name, &bucket.location));
        }
        Ok(bucket)
    }

    /// Whether GetBucketInfo and GetBucketLocation care which endpoint they are asked at.
    pub(super) fn info_from_any_endpoint(&self) -> bool {
        self.switches.on(&switches::INFO_ANY_ENDPOINT)
    }

    /// Whether public ACLs and policies are refused for this bucket: by its own setting or its owner's
    /// (OSS developer guide, "Block Public Access": the account's setting goes first).
    pub(super) fn public_access_blocked(&self, bucket: &Bucket) -> bool {
        self.state.public_access_blocked(bucket)
    }
}

/// A bucket asked for at an endpoint of another region; no redirect is sent (OSS error codes, AccessDenied).
fn wrong_endpoint(bucket: &str, location: &str) -> Error {
    Error::new(
        StatusCode::FORBIDDEN,
        "AccessDenied",
        "The bucket you are attempting to access must be addressed using the specified endpoint. \
         Please send all future requests to this endpoint.",
    )
    .ec("0003-00001403")
    .detail("Bucket", bucket)
    .detail("Endpoint", address::extranet(location))
}

/// A 200 answer without body.
pub(super) fn done() -> Answer {
    Ok(Reply::empty(StatusCode::OK))
}

/// The answer to a deletion.
pub(super) fn gone() -> Answer {
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// A new random id of 32 hexadecimal digits.
pub(super) fn random_id() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}
