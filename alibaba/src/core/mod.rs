//! What all services are built on, and what knows none of them but by their tables of error codes.
//!
//! From top to bottom, each using only what is below it: [`rpc`] (calls of the RPC style), [`session`] (what a service handle
//! calls with), [`transport`] (signing, pacing, retry), [`answer`] and [`lenient`] (reading), [`codes`] (judging refusals),
//! [`request`], [`scope`] and [`text`]. The settings, the errors, endpoints, regions and XML are leaves beside it.

pub(crate) mod answer;
pub(crate) mod codes;
pub(crate) mod lenient;
pub(crate) mod request;
pub(crate) mod rpc;
pub(crate) mod scope;
pub(crate) mod session;
pub(crate) mod text;
pub(crate) mod transport;
