use plugin::{Attr, Model};

#[derive(Debug, Clone, Default, Model)]
struct Thing {
    /// Checked for nobody.
    #[attr(computed, one_of("a", "b"))]
    one: Attr<String>,
    /// Replaces nothing.
    #[attr(computed, replace)]
    two: Attr<String>,
    /// Changes with every update, as users wish.
    #[attr(optional, volatile)]
    three: Attr<String>,
    /// Cannot be unset twice.
    #[attr(required, lasting)]
    four: Attr<String>,
    /// Required and optional.
    #[attr(required, identity, identity_optional)]
    five: Attr<String>,
    /// Twice.
    #[attr(required, sensitive, sensitive)]
    six: Attr<String>,
    /// In the state only, and in the service.
    #[attr(optional, state_only, samples(1, 2), remote = "/seven")]
    seven: Attr<i64>,
    /// Samples of what nobody sets.
    #[attr(computed, samples(1, 2), remote = "/eight")]
    eight: Attr<i64>,
}

fn main() {}
