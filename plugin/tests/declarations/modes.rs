use plugin::{Attr, Model};

#[derive(Debug, Clone, Default, Model)]
struct Thing {
    /// A required attribute with a default.
    #[attr(required, default = 1)]
    one: Attr<i64>,
    /// Set by two.
    #[attr(computed, required)]
    two: Attr<i64>,
    /// Two things for unset.
    #[attr(keeps = "it is decided once", default = 1)]
    three: Attr<i64>,
    /// A required block.
    #[attr(block, required)]
    four: Attr<Part>,
    /// In two places.
    #[attr(optional)]
    #[attr(optional)]
    five: Attr<i64>,
    /// Nobody sets it.
    #[attr(sensitive)]
    six: Attr<i64>,
    /// For no reason.
    #[attr(keeps = " ")]
    seven: Attr<i64>,
    #[attr(optional)]
    eight: Attr<i64>,
    /// Not an attribute.
    #[attr(optional)]
    nine: Option<i64>,
}

#[derive(Debug, Clone, Default, Model)]
struct Part {
    /// Whether it is on.
    #[attr(optional)]
    on: Attr<bool>,
}

fn main() {}
