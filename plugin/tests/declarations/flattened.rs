use plugin::{Attr, Model};

#[derive(Debug, Clone, Default, Model)]
struct Shelf {
    /// Room.
    #[attr(required)]
    room: Attr<String>,
    /// Number.
    #[attr(optional)]
    number: Attr<i64>,
}

/// Names that are there already.
#[derive(Debug, Clone, Default, Model)]
#[model(unsupported_names(number = "Write `place`."))]
struct Colliding {
    /// Room.
    #[attr(required)]
    room: Attr<String>,
    #[attr(flatten)]
    shelf: Shelf,
}

/// And through a flattened field of the flattened field.
#[derive(Debug, Clone, Default, Model)]
struct Rack {
    #[attr(flatten)]
    shelf: Shelf,
}

#[derive(Debug, Clone, Default, Model)]
struct CollidingDeeper {
    /// Room.
    #[attr(required)]
    room: Attr<String>,
    #[attr(flatten)]
    rack: Rack,
}

/// Names that are not there.
#[derive(Debug, Clone, Default, Model)]
struct Missing {
    #[attr(flatten, identity(room, floor), describe(house = "House."))]
    shelf: Shelf,
}

fn main() {}
