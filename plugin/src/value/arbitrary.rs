//! Types and values of every kind, for property tests of the readers and writers.

use proptest::prelude::*;

use super::{Type, Value};

/// Any type, a few levels deep.
pub(super) fn arb_type() -> impl Strategy<Value = Type> {
    let leaf = prop_oneof![Just(Type::Bool), Just(Type::Number), Just(Type::String), Just(Type::Dynamic)];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|ty| Type::List(Box::new(ty))),
            inner.clone().prop_map(|ty| Type::Set(Box::new(ty))),
            inner.clone().prop_map(|ty| Type::Map(Box::new(ty))),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Type::Tuple),
            prop::collection::btree_map("[a-c]", inner, 0..3).prop_map(Type::Object),
        ]
    })
}

/// Any value of a type; parts of it may be null or unknown. Sets are in order and without duplicates, as everywhere.
pub(super) fn arb_value(ty: &Type) -> BoxedStrategy<Value> {
    let known = match ty {
        Type::Bool => any::<bool>().prop_map(Value::from).boxed(),
        Type::Number => any::<i64>().prop_map(Value::from).boxed(),
        Type::String => ".{0,8}".prop_map(Value::from).boxed(),
        Type::List(element) => prop::collection::vec(arb_value(element), 0..3).prop_map(Value::List).boxed(),
        Type::Set(element) => prop::collection::btree_set(arb_value(element), 0..3)
            .prop_map(|items| Value::List(items.into_iter().collect()))
            .boxed(),
        Type::Map(element) => {
            prop::collection::btree_map("[a-z]{1,3}", arb_value(element), 0..3).prop_map(Value::Map).boxed()
        }
        Type::Tuple(elements) => {
            elements.iter().map(arb_value).collect::<Vec<_>>().prop_map(Value::List).boxed()
        }
        Type::Object(attributes) => attributes
            .iter()
            .map(|(name, ty)| (Just(name.clone()), arb_value(ty)))
            .collect::<Vec<_>>()
            .prop_map(|entries| Value::Map(entries.into_iter().collect()))
            .boxed(),
        Type::Dynamic => prop_oneof![Just(Type::String), Just(Type::Set(Box::new(Type::Number)))]
            .prop_flat_map(|ty| {
                let value = arb_value(&ty);
                (Just(ty), value)
            })
            .prop_map(|pair| Value::Dynamic(Box::new(pair)))
            .boxed(),
    };
    prop_oneof![8 => known, 1 => Just(Value::Null), 1 => Just(Value::UNKNOWN)].boxed()
}
