use std::collections::BTreeSet;

use plugin::{Attr, Model};

#[derive(Debug, Clone, Default, Model)]
struct Thing {
    /// A text for a number.
    #[attr(default = "3")]
    one: Attr<i64>,
    /// A number for a flag.
    #[attr(default = 1)]
    two: Attr<bool>,
    /// A fraction for a whole number.
    #[attr(default = 1.5)]
    three: Attr<i64>,
    /// A text for a set of texts.
    #[attr(default = "a")]
    four: Attr<BTreeSet<String>>,
    /// Numbers for texts.
    #[attr(default = [1, 2])]
    five: Attr<Vec<String>>,
}

fn main() {}
