//! Derive macros of the crate plugin.
//!
//! [`Model`] turns a struct into a Terraform object: each field's doc comment, type and `#[attr(…)]` are the one
//! declaration of that attribute. The macro only translates; rules live in `plugin`.

mod field;
mod flatten;
mod rules;
mod unsupported_name;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Fields, LitStr, parse_macro_input, spanned::Spanned};

use field::Declared;
use flatten::Flattened;
use unsupported_name::UnsupportedName;

/// Derives `plugin::Model` and `plugin::Field` for a struct whose fields are all `plugin::Attr<…>`, but for one that may be
/// flattened.
///
/// Field options in `#[attr(…)]`:
///
/// | option | meaning |
/// |---|---|
/// | `required`, `optional`, `computed` | who sets it |
/// | `default = value` | optional, and unset plans this value |
/// | `defaults` | optional nested attribute, and unset plans the defaults of what is nested |
/// | `keeps = "reason"` | optional, and unset keeps what was decided at creation |
/// | `block` | a block instead of an attribute; of type `Vec`, one that may be there several times |
/// | `sensitive`, `replace`, `lasting`, `state_only`, `volatile` | see `plugin::schema::Attribute` |
/// | `identity`, `identity_optional` | part of the resource identity |
/// | `one_of("a", "b")` | the only values allowed |
/// | `check = path` | `fn(&T) -> Result<(), String>` for the field's type; may be repeated |
/// | `same = path` | `fn(&Value, &Value) -> bool` |
/// | `empty_means = "text"`, `empty_warned = "text"`, `empty_refused = "text"` | what an empty value says, see `plugin::schema::Empty`; without them it leaves the attribute out |
/// | `zero_unset` | 0 leaves the attribute out too |
/// | `unset_is = path` | `fn(&Object) -> Value`: the value that leaving it out gives, from the whole object |
/// | `samples(a, b)` | two valid values, in JSON |
/// | `remote = "/pointer"` | where a test double of the service holds it |
/// | `wire(a, b)` | the samples as the test double holds them, when that differs |
///
/// `samples`, `remote` and `wire` reach the compiled program only with the feature `fixtures` of the crate plugin. What
/// contradicts itself does not compile: two modes, a default of another type or that `one_of` does not allow, options
/// that have no effect together.
///
/// A field with `#[attr(flatten)]` is another model: its attributes become attributes of this one, and `plugin::Flatten`
/// gives access to them. So what many models have in common is declared once. A model has at most one such field. What this
/// model says differently stands beside `flatten`:
///
/// | option | meaning |
/// |---|---|
/// | `identity(a, b)` | these of the flattened attributes are part of the identity, and an import has to give them |
/// | `volatile(a, b)` | these may change with any update of the object |
/// | `describe(a = "text")` | what this one is here, instead of its own description |
///
/// Struct options in `#[model(…)]`:
///
/// | option | meaning |
/// |---|---|
/// | `remote = "path/{attribute}"` | where a test double of the service holds the object |
/// | `unsupported_names(a, b = "text", c: object = "text")` | names that do not exist here, and what to use instead |
///
/// The use of an unsupported name is an error. Its value may be anything that Terraform takes for a text, or with `object`,
/// `objects` or `strings` any object, list of objects, or list of texts. Dynamic types would take all of these, but
/// Terraform does not allow them to differ between the elements of a map or list.
#[proc_macro_derive(Model, attributes(attr, model))]
pub fn model(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}

fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let Data::Struct(data) = &input.data else {
        return Err(syn::Error::new(input.span(), "a model is a struct"));
    };
    let Fields::Named(named) = &data.fields else {
        return Err(syn::Error::new(input.span(), "a model has named fields"));
    };
    let (mut members, mut errors) = (Vec::new(), Vec::new());
    for found in named.named.iter().map(Member::parse) {
        match found {
            Ok(member) => members.push(member),
            Err(error) => errors.push(error),
        }
    }
    errors.extend(flatten::all_but_one(&members));
    let name = &input.ident;
    let (remote, unsupported_names) = options(input)?;
    for (at, unsupported_name) in unsupported_names.iter().enumerate() {
        if members
            .iter()
            .any(|member| member.attribute().is_some_and(|field| unsupported_name.name == field.name))
        {
            errors.push(syn::Error::new(
                unsupported_name.span,
                format!(
                    "`{}` is an attribute here, so it cannot be an unsupported name too",
                    unsupported_name.name
                ),
            ));
        }
        if unsupported_names[..at].iter().any(|earlier| earlier.name == unsupported_name.name) {
            errors.push(syn::Error::new(unsupported_name.span, "this unsupported name is here twice"));
        }
    }
    rules::all(errors)?;
    let stones = unsupported_names.iter().map(unsupported_name::UnsupportedName::declaration);
    let stone_names: Vec<_> =
        unsupported_names.iter().map(|unsupported_name| &unsupported_name.name).collect();
    let attributes: Vec<&Declared> = members.iter().filter_map(Member::attribute).collect();
    let (idents, names): (Vec<_>, Vec<_>) =
        attributes.iter().map(|field| (&field.ident, &field.name)).unzip();
    let declarations = members.iter().map(Member::declaration);
    let fields = members.iter().map(Member::taken);
    let flattened: Vec<&Flattened> = members.iter().filter_map(Member::flattened).collect();
    let own_names = quote!(&[#(#names,)* #(#stone_names,)*]);
    let all_names = flattened.first().map_or(own_names.clone(), |field| field.names_with(&own_names));
    let extended = flattened.iter().map(|_| quote!(::plugin::Flatten::shared(self)));
    let own = attributes.iter().map(|field| (field.name.as_str(), field.ident.span()));
    let own: Vec<_> =
        own.chain(unsupported_names.iter().map(|stone| (stone.name.as_str(), stone.span))).collect();
    let access = flattened.iter().map(|field| field.access(name, &own));
    Ok(quote! {
        impl ::plugin::Model for #name {
            const REMOTE: &'static str = ::plugin::__fixture_text!(#remote);
            const NAMES: &'static [&'static str] = #all_names;

            fn attributes() -> ::std::vec::Vec<::plugin::schema::Attribute> {
                let mut attributes = ::std::vec::Vec::new();
                #(#declarations)*
                #(attributes.push(#stones);)*
                attributes
            }

            fn from_object(mut object: ::plugin::value::Object) -> ::std::result::Result<Self, ::plugin::value::ShapeError> {
                ::std::result::Result::Ok(Self { #(#fields),* })
            }

            fn to_object(&self) -> ::plugin::value::Object {
                #[allow(unused_mut, reason = "only a flattened field extends it")]
                let mut object = ::plugin::value::Object::from([
                    #((#names.to_owned(), self.#idents.encode()),)*
                    #((#stone_names.to_owned(), ::plugin::value::Value::Null),)*
                ]);
                #(object.extend(::plugin::Model::to_object(#extended));)*
                object
            }
        }

        #(#access)*

        impl ::plugin::Field for #name {
            fn kind() -> ::plugin::schema::Kind {
                ::plugin::schema::Kind::Nested(
                    ::plugin::schema::Nesting::Single,
                    <Self as ::plugin::Model>::attributes(),
                )
            }

            fn decode(value: ::plugin::value::Value) -> ::std::result::Result<Self, ::plugin::value::ShapeError> {
                match value {
                    ::plugin::value::Value::Map(object) => <Self as ::plugin::Model>::from_object(object),
                    _ => ::std::result::Result::Err(::plugin::value::ShapeError::new("object is required")),
                }
            }

            fn encode(&self) -> ::plugin::value::Value {
                ::plugin::value::Value::Map(<Self as ::plugin::Model>::to_object(self))
            }

            fn known(value: &::plugin::value::Value) -> bool {
                !value.is_unknown()
            }
        }
    })
}

/// A field of a model.
enum Member {
    /// An attribute.
    Attribute(Box<Declared>),
    /// The attributes of another model.
    Flattened(Box<Flattened>),
}

impl Member {
    fn parse(field: &syn::Field) -> syn::Result<Self> {
        Ok(match flatten::parse(field)? {
            Some(flattened) => Self::Flattened(Box::new(flattened)),
            None => Self::Attribute(Box::new(field::parse(field)?)),
        })
    }

    fn attribute(&self) -> Option<&Declared> {
        match self {
            Self::Attribute(declared) => Some(declared),
            Self::Flattened(_) => None,
        }
    }

    fn flattened(&self) -> Option<&Flattened> {
        match self {
            Self::Attribute(_) => None,
            Self::Flattened(flattened) => Some(flattened),
        }
    }

    /// The statement that adds its declarations to `attributes`.
    fn declaration(&self) -> TokenStream {
        match self {
            Self::Attribute(declared) => {
                let declaration = declared.declaration();
                quote!(attributes.push(#declaration);)
            }
            Self::Flattened(flattened) => flattened.declarations(),
        }
    }

    /// The field as it is taken out of `object`.
    fn taken(&self) -> TokenStream {
        match self {
            Self::Attribute(declared) => {
                let Declared { ident, name, .. } = &**declared;
                quote!(#ident: ::plugin::attr::take(&mut object, #name)?)
            }
            Self::Flattened(flattened) => flattened.taken(),
        }
    }
}

/// The options of the struct: where a test double holds the object, and its unsupported names.
fn options(input: &DeriveInput) -> syn::Result<(String, Vec<UnsupportedName>)> {
    let mut remote = String::new();
    let mut unsupported_names = Vec::new();
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("model")) {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("remote") {
                remote = meta.value()?.parse::<LitStr>()?.value();
            } else if meta.path.is_ident("unsupported_names") {
                unsupported_names.extend(unsupported_name::parse(&meta)?);
            } else {
                return Err(meta.error("unknown option; there are: remote, unsupported_names"));
            }
            Ok(())
        })?;
    }
    Ok((remote, unsupported_names))
}
