//! Which Terraforms the tests run on.

use std::sync::OnceLock;

use test_kit::terraform::{PACKAGED, Terraform};

use crate::artifacts;

/// A packaged release by its Terraform version, installed on first use.
pub fn packaged(version: &str) -> Terraform {
    match Terraform::packaged(version, &artifacts().target.join("terraform")) {
        Ok(terraform) => terraform,
        Err(error) => panic!("{error}\n{}", error.hint().unwrap_or_default()),
    }
}

/// The one that runs everything: the Terraform (or OpenTofu) on `PATH`, else the newest packaged one.
pub fn full() -> Terraform {
    static FULL: OnceLock<Terraform> = OnceLock::new();
    FULL.get_or_init(|| Terraform::on_path().unwrap_or_else(newest)).clone()
}

/// The oldest that is supported.
pub fn oldest() -> Terraform {
    packaged(PACKAGED[0].1)
}

/// The newest that is packaged.
pub fn newest() -> Terraform {
    packaged(PACKAGED[PACKAGED.len() - 1].1)
}

/// Those that run the short scenarios besides [`full`]: the oldest and the newest, or all nine when
/// `ALITRAIL_TEST_TERRAFORM=all`; OpenTofu too when it is on `PATH`.
pub fn others() -> Vec<Terraform> {
    let mut chosen = match std::env::var("ALITRAIL_TEST_TERRAFORM").as_deref() {
        Ok("all") => PACKAGED.iter().map(|(_, version)| packaged(version)).collect(),
        Ok("") | Err(_) => vec![oldest(), newest()],
        Ok(other) => panic!("ALITRAIL_TEST_TERRAFORM can be `all` or unset, not {other:?}"),
    };
    chosen.extend(Terraform::open_tofu_on_path());
    chosen
}
