use plugin::{Attr, Model};

#[derive(Debug, Clone, Default, Model)]
struct Thing {
    /// A default that is not allowed.
    #[attr(default = "green", one_of("blue", "red"))]
    one: Attr<String>,
    /// Texts for a number.
    #[attr(optional, one_of("1", "2"))]
    two: Attr<i64>,
    /// Twice the same.
    #[attr(optional, one_of("a", "b", "a"))]
    three: Attr<String>,
    /// Nothing.
    #[attr(optional, one_of())]
    four: Attr<String>,
}

fn main() {}
