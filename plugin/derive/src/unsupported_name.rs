//! Tombstones of a model: names that do not exist in it, and what to use instead.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::meta::ParseNestedMeta;
use syn::parse::ParseStream;
use syn::{Ident, LitStr, Token, parenthesized};

/// One name that does not exist.
pub(crate) struct UnsupportedName {
    pub(crate) name: String,
    pub(crate) span: Span,
    ty: TokenStream,
    instead: LitStr,
}

/// Reads `(a, b: objects = "text", c = "text")`: names share the text that comes next.
pub(crate) fn parse(meta: &ParseNestedMeta<'_>) -> syn::Result<Vec<UnsupportedName>> {
    let content;
    parenthesized!(content in meta.input);
    let mut found = Vec::new();
    let mut waiting: Vec<(Ident, TokenStream)> = Vec::new();
    while !content.is_empty() {
        let name = Ident::parse_any(&content)?;
        let ty =
            if content.peek(Token![:]) { shape(&content)? } else { quote!(::plugin::value::Type::String) };
        waiting.push((name, ty));
        if content.peek(Token![=]) {
            content.parse::<Token![=]>()?;
            let instead: LitStr = content.parse()?;
            let named = waiting.drain(..);
            found.extend(named.map(|(name, ty)| UnsupportedName {
                name: name.unraw().to_string(),
                span: name.span(),
                ty,
                instead: instead.clone(),
            }));
        }
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    match waiting.first() {
        Some((name, _)) => Err(syn::Error::new(name.span(), "say what to use instead")),
        None => Ok(found),
    }
}

/// What people write as its value, other than a text, number or flag, all of which Terraform takes for a text. Terraform
/// converts any object into one without attributes.
fn shape(content: ParseStream<'_>) -> syn::Result<TokenStream> {
    content.parse::<Token![:]>()?;
    let shape: Ident = content.parse()?;
    let object = quote!(::plugin::value::Type::Object(::std::collections::BTreeMap::new()));
    match shape.to_string().as_str() {
        "object" => Ok(object),
        "objects" => Ok(quote!(::plugin::value::Type::List(::std::boxed::Box::new(#object)))),
        "strings" => {
            Ok(quote!(::plugin::value::Type::List(::std::boxed::Box::new(::plugin::value::Type::String))))
        }
        _ => Err(syn::Error::new(shape.span(), "object, objects or strings")),
    }
}

impl UnsupportedName {
    /// The expression that builds the declaration.
    pub(crate) fn declaration(&self) -> TokenStream {
        let Self { name, ty, instead, .. } = self;
        quote!(::plugin::schema::Attribute::unsupported_name(#name, #ty, #instead))
    }
}
