//! A flattened field: another model whose attributes are attributes of this one.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{
    Field, Ident, LitStr, Token, Type, ext::IdentExt, meta::ParseNestedMeta, parenthesized,
    punctuated::Punctuated, spanned::Spanned,
};

use crate::Member;

/// What a flattened field declares.
pub(crate) struct Flattened {
    pub(crate) ident: Ident,
    ty: Type,
    /// The flattened attributes of which this model says something else, and what.
    changes: Vec<(Ident, TokenStream)>,
}

/// Reads a flattened field; `None` when the field is not flattened.
pub(crate) fn parse(field: &Field) -> syn::Result<Option<Flattened>> {
    let attributes = || field.attrs.iter().filter(|attribute| attribute.path().is_ident("attr"));
    let is_flattened = attributes().any(|attribute| {
        // What cannot be read here is read, and refused, as an attribute.
        let words = attribute.parse_args_with(Punctuated::<syn::Meta, Token![,]>::parse_terminated);
        words.is_ok_and(|words| words.iter().any(|word| word.path().is_ident("flatten")))
    });
    let Some(ident) = field.ident.clone().filter(|_| is_flattened) else { return Ok(None) };
    if let Type::Path(path) = &field.ty
        && path.path.segments.last().is_some_and(|segment| segment.ident == "Attr")
    {
        return Err(syn::Error::new(
            field.ty.span(),
            "a flattened field is a model itself: write it without Attr<…>",
        ));
    }
    let mut changes = Vec::new();
    for attribute in attributes() {
        attribute.parse_nested_meta(|meta| read(&meta, &mut changes))?;
    }
    Ok(Some(Flattened { ident, ty: field.ty.clone(), changes }))
}

fn read(meta: &ParseNestedMeta<'_>, changes: &mut Vec<(Ident, TokenStream)>) -> syn::Result<()> {
    let option = meta.path.require_ident()?.to_string();
    let change = match option.as_str() {
        "flatten" => return Ok(()),
        "identity" => quote!(Identity),
        "volatile" => quote!(Volatile),
        "describe" => {
            let content;
            parenthesized!(content in meta.input);
            while !content.is_empty() {
                let name = Ident::parse_any(&content)?;
                content.parse::<Token![=]>()?;
                let text: LitStr = content.parse()?;
                changes.push((name, quote!(Description(#text))));
                if !content.is_empty() {
                    content.parse::<Token![,]>()?;
                }
            }
            return Ok(());
        }
        _ => {
            return Err(meta.error(
                "this option is for attributes; beside `flatten` there are: identity(…), volatile(…), describe(…)",
            ));
        }
    };
    if !meta.input.peek(syn::token::Paren) {
        return Err(meta.error(format!("say which of the flattened attributes, as `{option}(name)`")));
    }
    let content;
    parenthesized!(content in meta.input);
    let names = Punctuated::<Ident, Token![,]>::parse_terminated_with(&content, Ident::parse_any)?;
    changes.extend(names.into_iter().map(|name| (name, change.clone())));
    Ok(())
}

/// An error at every flattened field after the first.
pub(crate) fn all_but_one(members: &[Member]) -> Vec<syn::Error> {
    let flattened = members.iter().filter_map(Member::flattened).skip(1);
    flattened
        .map(|field| {
            let message = "a model has one flattened field: flatten the one in the model of the other";
            syn::Error::new(field.ident.span(), message)
        })
        .collect()
}

impl Flattened {
    /// The statement that adds the declarations to `attributes`.
    pub(crate) fn declarations(&self) -> TokenStream {
        let changes = self.changes.iter().map(|(name, change)| {
            let name = name.unraw().to_string();
            quote!((#name, ::plugin::attr::Change::#change))
        });
        let ty = &self.ty;
        quote_spanned!(ty.span()=> attributes.extend(::plugin::attr::flattened::<#ty>(&[#(#changes),*]));)
    }

    /// The field as it is taken out of `object`.
    pub(crate) fn taken(&self) -> TokenStream {
        let Self { ident, ty, .. } = self;
        quote_spanned!(ty.span()=> #ident: ::plugin::attr::take_flattened::<#ty>(&mut object)?)
    }

    /// The names of all attributes, as a constant expression.
    pub(crate) fn names_with(&self, own: &TokenStream) -> TokenStream {
        let flattened = self.names();
        quote! {{
            const OWN: &[&str] = #own;
            const ALL: [&str; OWN.len() + #flattened.len()] = ::plugin::attr::joined(OWN, #flattened);
            &ALL
        }}
    }

    /// The access to the flattened model, and what the compiler checks of its names: the macro does not see them. `own` are
    /// the names that the model itself has.
    pub(crate) fn access(&self, model: &Ident, own: &[(&str, Span)]) -> TokenStream {
        let Self { ident, ty, .. } = self;
        let names = self.names();
        let collisions = own.iter().map(|(name, span)| {
            let message = format!("`{name}` is declared here and in the flattened field `{ident}`");
            quote_spanned! {*span=>
                const _: () = ::std::assert!(!::plugin::attr::is_among(#name, #names), #message);
            }
        });
        let changed = self.changes.iter().map(|(changed, _)| {
            let name = changed.unraw().to_string();
            let message = format!("the flattened field `{ident}` has no attribute `{name}`");
            quote_spanned! {changed.span()=>
                const _: () = ::std::assert!(::plugin::attr::is_among(#name, #names), #message);
            }
        });
        quote! {
            impl ::plugin::Flatten for #model {
                type Shared = #ty;

                fn shared(&self) -> &#ty {
                    &self.#ident
                }

                fn shared_mut(&mut self) -> &mut #ty {
                    &mut self.#ident
                }
            }

            #(#collisions)*
            #(#changed)*
        }
    }

    fn names(&self) -> TokenStream {
        let ty = &self.ty;
        quote_spanned!(ty.span()=> <#ty as ::plugin::Model>::NAMES)
    }
}
