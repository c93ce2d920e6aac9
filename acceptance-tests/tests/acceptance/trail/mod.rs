//! `alitrail_trail` and what belongs to it on a real Terraform: data events, history, the storage of global events, lookups.

mod account;
mod calls;
mod data_events;
mod delivery;
mod destinations;
mod documented;
mod early_rules;
mod evidence;
mod examples;
mod failures;
mod history;
mod life;
mod lookup;
mod organization;
