//! One field of a model: parsing of its doc comment and options, and the declaration made of them.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Expr, ExprLit, Field, GenericArgument, Ident, Lit, LitStr, Meta, Path, PathArguments, Type,
    meta::ParseNestedMeta, parenthesized, punctuated::Punctuated, spanned::Spanned,
};

/// What a field declares.
pub(crate) struct Declared {
    pub(crate) ident: Ident,
    pub(crate) name: String,
    description: String,
    inner: Type,
    mode: Option<TokenStream>,
    sensitive: bool,
    block: bool,
    replace: bool,
    lasting: bool,
    state_only: bool,
    volatile: bool,
    identity: Option<TokenStream>,
    choices: Vec<LitStr>,
    checks: Vec<Path>,
    same: Option<Path>,
    empty: TokenStream,
    zero_unset: bool,
    unset_is: Option<Path>,
    samples: Option<[TokenStream; 2]>,
    remote: Option<LitStr>,
    wire: Option<[TokenStream; 2]>,
}

/// Reads a field's declaration.
pub(crate) fn parse(field: &Field) -> syn::Result<Declared> {
    let ident =
        field.ident.clone().ok_or_else(|| syn::Error::new(field.span(), "a model has named fields"))?;
    let name = ident.to_string().trim_start_matches("r#").to_owned();
    let mut declared = Declared {
        description: description(field),
        inner: inner_type(&field.ty)?,
        ident,
        name,
        mode: None,
        sensitive: false,
        block: false,
        replace: false,
        lasting: false,
        state_only: false,
        volatile: false,
        identity: None,
        choices: Vec::new(),
        checks: Vec::new(),
        same: None,
        empty: quote!(Unset),
        zero_unset: false,
        unset_is: None,
        samples: None,
        remote: None,
        wire: None,
    };
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("attr")) {
        attribute.parse_nested_meta(|meta| declared.option(&meta))?;
    }
    if declared.mode.is_none() {
        return Err(syn::Error::new(
            field.span(),
            "say who sets it: required, optional, default, keeps or computed",
        ));
    }
    if declared.description.is_empty() {
        return Err(syn::Error::new(field.span(), "describe it in a doc comment"));
    }
    Ok(declared)
}

impl Declared {
    fn option(&mut self, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
        let name = meta.path.require_ident()?.to_string();
        match name.as_str() {
            "required" => self.mode = Some(quote!(Required)),
            "optional" => self.mode = Some(quote!(Optional)),
            "computed" => self.mode = Some(quote!(Computed)),
            "defaults" => self.mode = Some(quote!(DefaultObject)),
            "default" => {
                let value: Expr = meta.value()?.parse()?;
                let value = typed(&value);
                self.mode = Some(quote!(Default(::plugin::value::Value::from(#value))));
            }
            "keeps" => {
                let reason: LitStr = meta.value()?.parse()?;
                self.mode = Some(quote!(Keeps(#reason)));
            }
            "sensitive" => self.sensitive = true,
            "block" => {
                self.block = true;
                self.mode = Some(quote!(Optional));
            }
            "replace" => self.replace = true,
            "lasting" => self.lasting = true,
            "state_only" => self.state_only = true,
            "volatile" => self.volatile = true,
            "identity" => self.identity = Some(quote!(Required)),
            "identity_optional" => self.identity = Some(quote!(Optional)),
            "one_of" => {
                let content;
                parenthesized!(content in meta.input);
                self.choices =
                    Punctuated::<LitStr, syn::Token![,]>::parse_terminated(&content)?.into_iter().collect();
            }
            "check" => self.checks.push(meta.value()?.parse()?),
            "same" => self.same = Some(meta.value()?.parse()?),
            "empty_means" => {
                let text: LitStr = meta.value()?.parse()?;
                self.empty = quote!(Means(#text));
            }
            "empty_warned" => {
                let text: LitStr = meta.value()?.parse()?;
                self.empty = quote!(Warned(#text));
            }
            "empty_refused" => {
                let text: LitStr = meta.value()?.parse()?;
                self.empty = quote!(Refused(#text));
            }
            "zero_unset" => self.zero_unset = true,
            "unset_is" => self.unset_is = Some(meta.value()?.parse()?),
            "samples" => self.samples = Some(pair(meta)?),
            "wire" => self.wire = Some(pair(meta)?),
            "remote" => self.remote = Some(meta.value()?.parse()?),
            _ => return Err(meta.error("unknown option")),
        }
        Ok(())
    }

    /// The expression that builds the attribute's declaration.
    pub(crate) fn declaration(&self) -> TokenStream {
        let Self { name, description, inner, mode, sensitive, block, replace, lasting, state_only, .. } =
            self;
        let volatile = self.volatile;
        let identity = option(self.identity.as_ref().map(|part| quote!(::plugin::schema::Identity::#part)));
        let same = option(self.same.as_ref().map(ToTokens::to_token_stream));
        let (empty, zero_unset) = (&self.empty, self.zero_unset);
        let unset_is = option(self.unset_is.as_ref().map(ToTokens::to_token_stream));
        let choices = &self.choices;
        let checks = self.checks.iter().map(|check| {
            quote! {
                |value: &::plugin::value::Value| -> ::std::result::Result<(), ::std::string::String> {
                    match <#inner as ::plugin::Field>::decode(value.clone()) {
                        ::std::result::Result::Ok(value) => #check(&value),
                        // Partly unknown: checked when it is known.
                        ::std::result::Result::Err(_) => ::std::result::Result::Ok(()),
                    }
                }
            }
        });
        let drift = option(self.samples.as_ref().map(|[first, second]| {
            let [wire_first, wire_second] =
                self.wire.as_ref().unwrap_or(&[first.clone(), second.clone()]).clone();
            let remote = self.remote.as_ref().map_or_else(String::new, LitStr::value);
            quote! {
                ::plugin::schema::Drift {
                    samples: || [::plugin::json!(#first), ::plugin::json!(#second)],
                    remote: #remote,
                    wire: || [::plugin::json!(#wire_first), ::plugin::json!(#wire_second)],
                }
            }
        }));
        quote! {
            ::plugin::schema::Attribute {
                name: #name,
                description: #description,
                kind: <#inner as ::plugin::Field>::kind(),
                mode: ::plugin::schema::Mode::#mode,
                sensitive: #sensitive,
                block: #block,
                replace: #replace,
                lasting: #lasting,
                state_only: #state_only,
                volatile: #volatile,
                identity: #identity,
                choices: &[#(#choices),*],
                checks: ::std::vec![#(#checks),*],
                same: #same,
                empty: ::plugin::schema::Empty::#empty,
                zero_unset: #zero_unset,
                unset_is: #unset_is,
                drift: #drift,
                tombstone: ::std::option::Option::None,
            }
        }
    }
}

fn option(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(
        || quote!(::std::option::Option::None),
        |value| quote!(::std::option::Option::Some(#value)),
    )
}

/// An integer literal without suffix would be an `i32`.
fn typed(value: &Expr) -> TokenStream {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Int(_), .. }) => quote!(#value as i64),
        other => other.to_token_stream(),
    }
}

/// Two JSON values, split at the top-level comma.
fn pair(meta: &ParseNestedMeta<'_>) -> syn::Result<[TokenStream; 2]> {
    let content;
    parenthesized!(content in meta.input);
    let tokens: TokenStream = content.parse()?;
    let mut parts = vec![TokenStream::new()];
    for token in tokens {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => parts.push(TokenStream::new()),
            other => {
                if let Some(part) = parts.last_mut() {
                    part.extend([other]);
                }
            }
        }
    }
    parts.retain(|part| !part.is_empty());
    <[TokenStream; 2]>::try_from(parts).map_err(|_| meta.error("two values, separated by a comma"))
}

fn description(field: &Field) -> String {
    let lines: Vec<String> = field
        .attrs
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
                Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value().trim().to_owned()),
                _ => None,
            },
            _ => None,
        })
        .collect();
    lines.join("\n").trim().to_owned()
}

/// The `T` of `Attr<T>`.
fn inner_type(ty: &Type) -> syn::Result<Type> {
    if let Type::Path(path) = ty
        && let Some(segment) = path.path.segments.last()
        && segment.ident == "Attr"
        && let PathArguments::AngleBracketed(arguments) = &segment.arguments
        && let Some(GenericArgument::Type(inner)) = arguments.args.first()
    {
        return Ok(inner.clone());
    }
    Err(syn::Error::new(ty.span(), "a field of a model is an Attr<…>"))
}
