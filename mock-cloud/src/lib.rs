//! A mock of the Alibaba Cloud endpoints that an audit trail needs, on one local address.
//!
//! A request comes in through the listener, which finds the service and region it is for, checks its signature
//! and hands a [`http::Call`] to the service's `handle` function together with the [`cloud::CloudState`]. Services are
//! synchronous functions over plain data; only the listener knows sockets, and only it and the admin API lock the
//! world. It is written independently of the project's own client: one misunderstanding must not hide in both.
//!
//! Start it with [`MockCloud::start`]; edit its state through the admin API or [`Handle::with_world`].

mod admin;
mod auth;
mod gateway;
mod instance;
mod limits;
mod permissions;
mod requests;
mod rpc;
mod server;
mod tls;

pub mod actiontrail;
pub mod calls;
pub mod cloud;
pub mod events;
pub mod faults;
pub mod http;
pub mod oss;
pub mod ram;
pub mod regions;
pub mod resource_manager;
pub mod sls;
pub mod sts;
pub mod switches;

pub use requests::CAPACITY as REMEMBERED_REQUESTS;
pub use server::{Handle, MockCloud, Options, Ready, StartError, StateReader, first_state};
pub use tls::{Authority, AuthorityError};
