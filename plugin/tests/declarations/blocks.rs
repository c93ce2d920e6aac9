use plugin::{Attr, Model};

#[derive(Debug, Clone, Default, Model)]
struct Thing {
    /// Defaults of nothing.
    #[attr(defaults)]
    one: Attr<String>,
    /// A block of text.
    #[attr(block)]
    two: Attr<Vec<String>>,
}

fn main() {}
