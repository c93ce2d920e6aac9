//! Signed clients for Alibaba Cloud: credentials, signers, transport, one module per service. Knows no Terraform.
//!
//! Start at [`Client`]: it is built from a [`Config`], is cheap to clone, opens no connection before the first call,
//! and hands out one light handle per service and region:
//!
//! ```no_run
//! # async fn example() -> Result<(), alibaba::Error> {
//! use alibaba::{Client, Config, credentials};
//!
//! let keys = credentials::Chain::new(credentials::Sources::default());
//! let client = Client::new(Config::new(keys))?;
//! let trails = client.actiontrail("cn-hangzhou").describe_trails(Default::default()).await?;
//! # Ok(()) }
//! ```
//!
//! | module | room for |
//! |---|---|
//! | [`credentials`] | where access keys come from |
//! | [`sign`] | the signature algorithms, as pure functions |
//! | [`endpoint`], [`region`] | which host serves which service where |
//! | `core` | under the services: requests, sending (pooling, retry, pacing, deadlines), reading answers, judging refusals |
//! | [`actiontrail`], [`oss`], [`sls`], [`sts`], [`ram`], [`resource_manager`] | the calls themselves, typed |
//! | [`ErrorKind`] | what a refusal means, from the table of error codes beside each service (`errors.rs`) |
//! | [`retry`] | which pauses between attempts, and for how long |

pub mod actiontrail;
mod advice;
mod arn;
mod client;
mod coalesce;
mod config;
mod core;
pub mod credentials;
pub mod endpoint;
mod error;
mod kind;
pub mod oss;
pub mod ram;
pub mod region;
pub mod resource_manager;
pub mod retry;
mod secret;
pub mod sign;
pub mod sls;
pub mod sts;
mod xml;

pub use arn::{Arn, ArnError};
pub use client::Client;
pub use config::{Config, SlsSignature};
pub use error::{AccessDenied, Error, ServiceError};
pub use kind::{ErrorClass, ErrorKind};
pub use secret::Secret;
