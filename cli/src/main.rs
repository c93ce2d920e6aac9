//! The `alitrail` command.
fn main() {}
