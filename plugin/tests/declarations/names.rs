use plugin::{Attr, Model};

#[derive(Debug, Clone, Default, Model)]
#[model(unsupported_names(name = "Write something else.", title, title = "Write `name`."))]
struct Thing {
    /// Name.
    #[attr(required)]
    name: Attr<String>,
    /// In camel case.
    #[attr(required)]
    lastName: Attr<String>,
    /// Without a letter.
    #[attr(required)]
    _1: Attr<String>,
}

fn main() {}
