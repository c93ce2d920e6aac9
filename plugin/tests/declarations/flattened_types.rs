use plugin::{Attr, Model};

#[derive(Debug, Clone, Default)]
struct NoModel;

#[derive(Debug, Clone, Default, Model)]
struct Thing {
    /// Name.
    #[attr(required)]
    name: Attr<String>,
    #[attr(flatten)]
    of_no_attributes: NoModel,
}

fn main() {}
