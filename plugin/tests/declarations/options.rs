use plugin::{Attr, Model};

#[derive(Debug, Clone, Default, Model)]
struct Thing {
    /// Misspelt.
    #[attr(optional, sensitiv)]
    one: Attr<i64>,
    /// Unknown, with a value.
    #[attr(optional, min = 3)]
    two: Attr<i64>,
}

#[derive(Debug, Clone, Default, Model)]
#[model(path = "things")]
struct Other {
    /// Fine.
    #[attr(optional)]
    one: Attr<i64>,
}

fn main() {}
