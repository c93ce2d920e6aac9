use plugin::{Attr, Model};

#[derive(Debug, Clone, Default, Model)]
struct Thing {
    /// Nowhere.
    #[attr(optional, samples(1, 2))]
    one: Attr<i64>,
    /// Nothing there.
    #[attr(optional, remote = "/two")]
    two: Attr<i64>,
    /// Nothing to compare with.
    #[attr(optional, wire(1, 2))]
    three: Attr<i64>,
    /// No change.
    #[attr(optional, samples(1, 1), remote = "/four")]
    four: Attr<i64>,
    /// No pointer.
    #[attr(optional, samples(1, 2), remote = "five")]
    five: Attr<i64>,
    /// Three of two.
    #[attr(optional, samples(1, 2, 3), remote = "/six")]
    six: Attr<i64>,
}

fn main() {}
