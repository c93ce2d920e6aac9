//! The edge: from a socket to a service and back.

pub(crate) mod request;
pub(crate) mod route;
