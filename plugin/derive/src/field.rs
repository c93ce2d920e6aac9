//! One field of a model: parsing of its doc comment and options, and the declaration made of them.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    Expr, ExprLit, Field, GenericArgument, Ident, Lit, LitStr, Meta, Path, PathArguments, Type,
    ext::IdentExt, meta::ParseNestedMeta, parenthesized, punctuated::Punctuated, spanned::Spanned,
};

use crate::rules;

/// All options, as messages list them.
const OPTIONS: &str = "required, optional, computed, default, defaults, keeps, block, sensitive, replace, lasting, \
                       state_only, volatile, identity, identity_optional, one_of, check, same, empty_means, empty_warned, \
                       empty_refused, zero_unset, unset_is, samples, remote, wire";

/// Who sets the attribute.
pub(crate) enum Mode {
    Required,
    Optional,
    Computed,
    /// Optional, with a value for unset.
    Default(Expr),
    /// Optional, and unset is the nested attributes' defaults.
    Defaults,
    /// Optional, and unset keeps what there is, for this reason.
    Keeps(LitStr),
    /// A block.
    Block,
}

/// What a field declares.
pub(crate) struct Declared {
    pub(crate) ident: Ident,
    pub(crate) name: String,
    pub(crate) inner: Type,
    pub(crate) mode: Mode,
    /// The options that are there, without the mode, and where.
    pub(crate) given: Vec<(String, Span)>,
    pub(crate) choices: Vec<LitStr>,
    pub(crate) samples: Option<[TokenStream; 2]>,
    pub(crate) remote: Option<LitStr>,
    description: String,
    checks: Vec<Path>,
    same: Option<Path>,
    empty: TokenStream,
    unset_is: Option<Path>,
    wire: Option<[TokenStream; 2]>,
}

/// The options of a field, while they are read.
#[derive(Default)]
struct Options {
    mode: Option<(String, Mode)>,
    given: Vec<(String, Span)>,
    choices: Vec<LitStr>,
    checks: Vec<Path>,
    same: Option<Path>,
    empty: Option<TokenStream>,
    unset_is: Option<Path>,
    samples: Option<[TokenStream; 2]>,
    remote: Option<LitStr>,
    wire: Option<[TokenStream; 2]>,
}

/// Reads a field's declaration.
pub(crate) fn parse(field: &Field) -> syn::Result<Declared> {
    let ident =
        field.ident.clone().ok_or_else(|| syn::Error::new(field.span(), "a model has named fields"))?;
    let inner = inner_type(&field.ty)?;
    let mut options = Options::default();
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("attr")) {
        attribute.parse_nested_meta(|meta| options.read(&meta))?;
    }
    let Some((_, mode)) = options.mode else {
        return Err(syn::Error::new(
            ident.span(),
            "say who sets the attribute: required, optional, default, defaults, keeps, computed or block",
        ));
    };
    let description = description(field);
    if description.is_empty() {
        return Err(syn::Error::new(
            ident.span(),
            "describe the attribute in a doc comment: users read it in the documentation",
        ));
    }
    let Options { given, choices, checks, same, empty, unset_is, samples, remote, wire, .. } = options;
    let empty = empty.unwrap_or_else(|| quote!(Unset));
    let name = ident.unraw().to_string();
    let declared = Declared {
        ident,
        name,
        inner,
        mode,
        given,
        choices,
        samples,
        remote,
        description,
        checks,
        same,
        empty,
        unset_is,
        wire,
    };
    rules::check(&declared)?;
    Ok(declared)
}

impl Options {
    fn read(&mut self, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
        let ident = meta.path.require_ident()?;
        let name = ident.to_string();
        let mode = match name.as_str() {
            "required" => Mode::Required,
            "optional" => Mode::Optional,
            "computed" => Mode::Computed,
            "defaults" => Mode::Defaults,
            "default" => Mode::Default(meta.value()?.parse()?),
            "keeps" => Mode::Keeps(meta.value()?.parse()?),
            "block" => Mode::Block,
            _ => return self.read_other(&name, ident.span(), meta),
        };
        if let Some((other, _)) = &self.mode {
            let message = if *other == name {
                format!("`{name}` is here twice")
            } else {
                format!("`{name}` and `{other}` exclude each other: who sets an attribute is said once")
            };
            return Err(syn::Error::new(ident.span(), message));
        }
        self.mode = Some((name, mode));
        Ok(())
    }

    fn read_other(&mut self, name: &str, span: Span, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
        // Only checks can be several.
        if name != "check" && self.given.iter().any(|(given, _)| given == name) {
            return Err(syn::Error::new(span, format!("`{name}` is here twice")));
        }
        match name {
            "sensitive" | "replace" | "lasting" | "state_only" | "volatile" | "identity"
            | "identity_optional" | "zero_unset" => {}
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
                self.empty = Some(quote!(Means(#text)));
            }
            "empty_warned" => {
                let text: LitStr = meta.value()?.parse()?;
                self.empty = Some(quote!(Warned(#text)));
            }
            "empty_refused" => {
                let text: LitStr = meta.value()?.parse()?;
                self.empty = Some(quote!(Refused(#text)));
            }
            "unset_is" => self.unset_is = Some(meta.value()?.parse()?),
            "samples" => self.samples = Some(pair(meta)?),
            "wire" => self.wire = Some(pair(meta)?),
            "remote" => self.remote = Some(meta.value()?.parse()?),
            _ => return Err(syn::Error::new(span, format!("unknown option `{name}`; there are: {OPTIONS}"))),
        }
        self.given.push((name.to_owned(), span));
        Ok(())
    }
}

impl Declared {
    /// Whether an option is there.
    pub(crate) fn has(&self, option: &str) -> bool {
        self.given.iter().any(|(given, _)| given == option)
    }

    /// The expression that builds the attribute's declaration.
    pub(crate) fn declaration(&self) -> TokenStream {
        let Self { name, description, inner, choices, .. } = self;
        let mode = self.mode();
        let kind = self.kind();
        let block = matches!(self.mode, Mode::Block);
        let [sensitive, replace, lasting, state_only, volatile] =
            ["sensitive", "replace", "lasting", "state_only", "volatile"].map(|option| self.has(option));
        let part = match (self.has("identity"), self.has("identity_optional")) {
            (true, _) => Some(quote!(::plugin::schema::Identity::Required)),
            (_, true) => Some(quote!(::plugin::schema::Identity::Optional)),
            _ => None,
        };
        let identity = option(part);
        let same = option(self.same.as_ref().map(ToTokens::to_token_stream));
        let (empty, zero_unset) = (&self.empty, self.has("zero_unset"));
        let unset_is = option(self.unset_is.as_ref().map(ToTokens::to_token_stream));
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
        let fixture = match (&self.samples, &self.remote) {
            (Some([first, second]), Some(remote)) => {
                let [wire_first, wire_second] =
                    self.wire.as_ref().map_or([first, second], |[one, other]| [one, other]);
                quote!(::plugin::__fixture!((#first), (#second), #remote, (#wire_first), (#wire_second)))
            }
            _ => option(None),
        };
        quote! {
            ::plugin::schema::Attribute {
                name: #name,
                description: #description,
                kind: #kind,
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
                fixture: #fixture,
                unsupported_name: ::std::option::Option::None,
            }
        }
    }

    /// The attribute's type. A block, and what has the defaults of what is nested in it, is one object; a block that is a
    /// `Vec` may be there several times.
    fn kind(&self) -> TokenStream {
        let inner = &self.inner;
        if let (Mode::Block, Some(item)) = (&self.mode, argument_of(inner, "Vec")) {
            return quote_spanned!(item.span()=> ::plugin::attr::objects::<#item>());
        }
        if matches!(self.mode, Mode::Defaults | Mode::Block) {
            return quote_spanned!(inner.span()=> ::plugin::attr::object::<#inner>());
        }
        quote!(<#inner as ::plugin::Field>::kind())
    }

    /// The mode's variant in `plugin::schema::Mode`. What a mode asks of the type is for the compiler to find out.
    fn mode(&self) -> TokenStream {
        let inner = &self.inner;
        match &self.mode {
            Mode::Required => quote!(Required),
            Mode::Optional => quote!(Optional),
            Mode::Computed => quote!(Computed),
            Mode::Default(value) => {
                let default = quote_spanned!(value.span()=> ::plugin::attr::default::<#inner>(#value));
                quote!(Default(#default))
            }
            Mode::Defaults => quote!(DefaultObject),
            Mode::Keeps(reason) => quote!(Keeps(#reason)),
            Mode::Block => quote!(Optional),
        }
    }
}

fn option(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(
        || quote!(::std::option::Option::None),
        |value| quote!(::std::option::Option::Some(#value)),
    )
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
    argument_of(ty, "Attr")
        .cloned()
        .ok_or_else(|| syn::Error::new(ty.span(), "a field of a model is an Attr<…>"))
}

/// The `T` of a type that is written `Name<T>`.
fn argument_of<'t>(ty: &'t Type, name: &str) -> Option<&'t Type> {
    if let Type::Path(path) = ty
        && let Some(segment) = path.path.segments.last()
        && segment.ident == name
        && let PathArguments::AngleBracketed(arguments) = &segment.arguments
        && let Some(GenericArgument::Type(inner)) = arguments.args.first()
    {
        return Some(inner);
    }
    None
}
