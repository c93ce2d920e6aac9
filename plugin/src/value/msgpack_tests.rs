//! Wire vectors of the MessagePack form, and the promise that no input makes the reader panic.

use proptest::prelude::*;

use super::super::arbitrary::{arb_type, arb_value};
use super::*;

fn object(attributes: &[(&str, Type)]) -> Type {
    Type::Object(attributes.iter().map(|(name, ty)| ((*name).to_owned(), ty.clone())).collect())
}

#[test]
fn must_know_10_an_object_on_the_wire_has_every_attribute() {
    let ty = object(&[("a", Type::String), ("b", Type::Number)]);
    let bytes = write(&Value::Map(Object::from([("a".into(), "x".into())])), &ty).unwrap();
    assert_eq!(bytes, [0x82, 0xa1, b'a', 0xa1, b'x', 0xa1, b'b', 0xc0]);
    let error = read(&[0x81, 0xa1, b'a', 0xc0], &ty).unwrap_err();
    assert_eq!(error.to_string(), "b: attribute is missing");
    let surplus = write(&Value::Map(Object::from([("c".into(), Value::Null)])), &ty).unwrap_err();
    assert_eq!(surplus.to_string(), "c: unsupported attribute");
}

#[test]
fn must_know_11_numbers_survive_exactly() {
    for (bytes, text) in [
        (vec![0xa3, b'0', b'.', b'1'], "0.1"),
        (vec![0x07], "7"),
        (vec![0xff], "-1"),
        (vec![0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], "18446744073709551615"),
        (vec![0xcb, 0x3f, 0xe0, 0, 0, 0, 0, 0, 0], "0.5"),
    ] {
        let value = read(&bytes, &Type::Number).unwrap();
        assert_eq!(value, Value::Number(Number::parse(text).unwrap()), "{text}");
        assert_eq!(read(&write(&value, &Type::Number).unwrap(), &Type::Number).unwrap(), value);
    }
    assert_eq!(read(&[0xa1, b'x'], &Type::Number).unwrap_err().to_string(), "number is required");
}

#[test]
fn must_know_12_every_extension_is_an_unknown() {
    assert_eq!(read(&[0xd4, 0, 0], &Type::String).unwrap(), Value::UNKNOWN);
    assert_eq!(read(&[0xc7, 2, 99, 1, 2], &Type::Bool).unwrap(), Value::UNKNOWN);
    // {1: false, 2: "n-"} behind code 12
    let refined = [0xc7, 7, 12, 0x82, 0x01, 0xc2, 0x02, 0xa2, b'n', b'-'];
    let value = read(&refined, &Type::String).unwrap();
    assert_eq!(value, Value::Unknown(Refinement { not_null: true, prefix: Some("n-".into()) }));
    assert_eq!(write(&value, &Type::String).unwrap(), refined);
    // A lower bound (key 3) is passed over.
    let bounded = [0xc7, 5, 12, 0x81, 0x03, 0x92, 0x01, 0xc3];
    assert_eq!(read(&bounded, &Type::Number).unwrap(), Value::UNKNOWN);
}

#[test]
fn dynamic_values_carry_their_type() {
    let mut bytes = vec![0x92, 0xc4, 8];
    bytes.extend_from_slice(br#""string""#);
    bytes.extend_from_slice(&[0xa1, b'x']);
    let value = read(&bytes, &Type::Dynamic).unwrap();
    assert_eq!(value, Value::Dynamic(Box::new((Type::String, "x".into()))));
    assert_eq!(write(&value, &Type::Dynamic).unwrap(), bytes);
}

#[test]
fn a_wrong_shape_is_named_with_its_place() {
    let ty = object(&[("list", Type::List(Box::new(Type::Bool)))]);
    let error = read(&[0x81, 0xa4, b'l', b'i', b's', b't', 0x92, 0xc3, 0xa1, b'x'], &ty).unwrap_err();
    assert_eq!(error.to_string(), "list[1]: bool is required");
}

proptest! {
    #[test]
    fn what_is_written_is_read_back((ty, value) in arb_type().prop_flat_map(|ty| {
        let value = arb_value(&ty);
        (Just(ty), value)
    })) {
        let bytes = write(&value, &ty).unwrap();
        prop_assert_eq!(read(&bytes, &ty).unwrap(), value);
    }

    #[test]
    fn neither_more_nor_fewer_bytes_are_the_same_value((ty, value) in arb_type().prop_flat_map(|ty| {
        let value = arb_value(&ty);
        (Just(ty), value)
    }), more in 1_usize..4, fewer in any::<prop::sample::Index>()) {
        let bytes = write(&value, &ty).unwrap();
        let longer = [bytes.as_slice(), &[0xc0, 0xc0, 0xc0][..more - 1], &[0xc0]].concat();
        prop_assert!(read(&longer, &ty).unwrap_err().to_string().contains("bytes too many"));
        let shorter = &bytes[..fewer.index(bytes.len())];
        prop_assert!(read(shorter, &ty).is_err());
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..256), ty in arb_type()) {
        let _ = read(&bytes, &ty);
    }
}

#[test]
fn numbers_are_written_as_text_which_terraform_reads_like_its_state_file() {
    let written = write(&Value::from(400), &Type::Number).unwrap();
    assert_eq!(written, b"\xa3400");
    assert_eq!(read(&written, &Type::Number).unwrap(), Value::from(400));
}

#[test]
fn a_tuple_has_exactly_its_elements() {
    let ty = Type::Tuple(vec![Type::Bool, Type::Bool]);
    assert_eq!(read(&[0x92, 0xc3, 0xc2], &ty).unwrap(), Value::from([true, false]));
    assert_eq!(read(&[0x91, 0xc3], &ty).unwrap_err().to_string(), "a tuple of 2 elements is required");
    assert_eq!(read(&[0x93, 0xc3, 0xc3, 0xc3], &ty).unwrap_err().to_string(), "too many elements");
}

#[test]
fn a_key_is_there_once() {
    let ty = Type::Map(Box::new(Type::Bool));
    let error = read(&[0x82, 0xa1, b'a', 0xc3, 0xa1, b'a', 0xc2], &ty).unwrap_err();
    assert_eq!(error.to_string(), "[\"a\"]: key is there twice");
}
