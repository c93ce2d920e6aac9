use std::collections::BTreeSet;

use plugin::{Attr, Model};

#[derive(Debug, Clone, Default, Model)]
struct Thing {
    /// Not in order.
    #[attr(default = ["b", "a"])]
    one: Attr<BTreeSet<String>>,
    /// One of them twice.
    #[attr(default = ["a", "a"])]
    two: Attr<BTreeSet<String>>,
}

fn main() {}
