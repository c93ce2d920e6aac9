//! What declarations may say.

use std::collections::{BTreeMap, BTreeSet};

use plugin::{Attr, Model};

#[derive(Debug, Clone, Default, Model)]
#[model(remote = "things/{name}", tombstones(title, label = "Write `name`."))]
struct Thing {
    /// Name.
    #[attr(required, replace, identity)]
    name: Attr<String>,
    /// Size.
    #[attr(default = -3, samples(1, 2), remote = "/size", wire("1", "2"))]
    size: Attr<i64>,
    /// Colour.
    #[attr(default = "blue", one_of("blue", "red"), sensitive)]
    colour: Attr<String>,
    /// Words.
    #[attr(default = ["a", "b"])]
    words: Attr<BTreeSet<String>>,
    /// Numbers.
    #[attr(default = [2, 1])]
    numbers: Attr<Vec<i64>>,
    /// Tags.
    #[attr(optional)]
    tags: Attr<BTreeMap<String, String>>,
    /// Part.
    #[attr(defaults)]
    part: Attr<Part>,
    /// Place.
    #[attr(keeps = "it is decided once", identity_optional)]
    r#where: Attr<String>,
    /// Protection.
    #[attr(default = false, state_only)]
    protected: Attr<bool>,
    /// Revision.
    #[attr(computed, volatile)]
    revision: Attr<i64>,
    /// Block.
    #[attr(block)]
    block: Attr<Part>,
}

#[derive(Debug, Clone, Default, Model)]
struct Part {
    /// Whether it is on.
    #[attr(default = true)]
    on: Attr<bool>,
}

pub(crate) fn main() {
    assert_eq!(Thing::attributes().len(), 13);
}
