//! `alitrail_trail` on a real Terraform.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test has nobody to hand an error to"
)]

mod calls;
mod delivery;
mod destinations;
mod documented;
mod evidence;
mod failures;
mod life;
mod organization;
