use plugin::{Attr, Model};

#[derive(Debug, Clone, Default, Model)]
struct Shelf {
    /// Room.
    #[attr(required)]
    room: Attr<String>,
}

#[derive(Debug, Clone, Default, Model)]
struct Wrapped {
    #[attr(flatten)]
    shelf: Attr<Shelf>,
}

#[derive(Debug, Clone, Default, Model)]
struct OptionOfAttributes {
    #[attr(flatten, replace)]
    shelf: Shelf,
}

#[derive(Debug, Clone, Default, Model)]
struct OfWhich {
    #[attr(flatten, identity)]
    shelf: Shelf,
}

#[derive(Debug, Clone, Default, Model)]
struct Twice {
    #[attr(flatten)]
    one: Shelf,
    #[attr(flatten)]
    other: Shelf,
}

fn main() {}
