//! Declarations that contradict themselves: each is an error where it is written, rather than an option without effect.

use proc_macro2::Span;
use syn::{Expr, ExprLit, Lit, Type};

use crate::field::{Declared, Mode};

/// Checks what the options of one field say together.
pub(crate) fn check(field: &Declared) -> syn::Result<()> {
    let mut found = Vec::new();
    name(field, &mut found);
    together(field, &mut found);
    test_values(field, &mut found);
    choices(field, &mut found);
    default(field, &mut found);
    all(found)
}

/// All messages as one error.
pub(crate) fn all(errors: Vec<syn::Error>) -> syn::Result<()> {
    let combined = errors.into_iter().reduce(|mut all, error| {
        all.combine(error);
        all
    });
    combined.map_or(Ok(()), Err)
}

/// Terraform takes no other names.
fn name(field: &Declared, found: &mut Vec<syn::Error>) {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !field.name.starts_with(|c: char| c.is_ascii_lowercase()) || !field.name.chars().all(allowed) {
        found.push(syn::Error::new(
            field.ident.span(),
            "the name of an attribute begins with a lower-case letter and has only lower-case letters, digits and \
             underscores",
        ));
    }
}

/// Options that exclude or need each other.
fn together(field: &Declared, found: &mut Vec<syn::Error>) {
    let mut refuse = |option: &str, why: &str| {
        for (_, span) in field.given.iter().filter(|(given, _)| given == option) {
            found.push(syn::Error::new(*span, why));
        }
    };
    match &field.mode {
        Mode::Computed => {
            for (option, why) in [
                ("one_of", "nothing is checked of a computed attribute: only the provider sets it"),
                ("check", "nothing is checked of a computed attribute: only the provider sets it"),
                ("replace", "a change of a computed attribute is not planned, so it replaces nothing"),
                ("lasting", "nobody can unset a computed attribute"),
                ("state_only", "only an attribute that users set can exist in the state only"),
                ("samples", "a computed attribute cannot be set, so it has no sample values"),
                ("remote", "a computed attribute cannot be set, so it has no sample values"),
            ] {
                refuse(option, why);
            }
        }
        mode => {
            refuse("volatile", "only a computed attribute can change with every update: write `computed`");
            if matches!(mode, Mode::Required) {
                refuse("lasting", "a required attribute cannot be unset anyway");
            }
            if matches!(mode, Mode::Block) {
                refuse("sensitive", "a block cannot be sensitive; its attributes can");
                refuse("one_of", "a block has no value of its own");
            }
        }
    }
    if field.has("identity") {
        refuse("identity_optional", "`identity` and `identity_optional` exclude each other");
    }
    if field.has("state_only") {
        for option in ["samples", "remote", "wire"] {
            refuse(option, "the service does not hold an attribute that exists in the state only");
        }
    }
}

/// Values for tests.
fn test_values(field: &Declared, found: &mut Vec<syn::Error>) {
    for (option, needed, what) in [
        ("samples", "remote", "where the service holds the attribute, as `remote = \"/pointer\"`"),
        ("remote", "samples", "two valid values, as `samples(a, b)`"),
        ("wire", "samples", "the two values as users write them, as `samples(a, b)`"),
    ] {
        if let (Some(span), false) = (span(field, option), field.has(needed)) {
            found.push(syn::Error::new(span, format!("`{option}` needs `{needed}` beside it: say {what}")));
        }
    }
    if let (Some([one, other]), Some(span)) = (&field.samples, span(field, "samples"))
        && one.to_string() == other.to_string()
    {
        found.push(syn::Error::new(span, "the two samples have to differ: tests change one into the other"));
    }
    if let Some(remote) = &field.remote
        && !remote.value().starts_with('/')
    {
        found.push(syn::Error::new(remote.span(), "`remote` is a JSON pointer, which begins with a slash"));
    }
}

/// The only values allowed.
fn choices(field: &Declared, found: &mut Vec<syn::Error>) {
    let Some(span) = span(field, "one_of") else { return };
    if !is_named(&field.inner, "String") {
        found.push(syn::Error::new(span, "`one_of` is for texts; write a `check` for other types"));
    }
    if field.choices.is_empty() {
        found.push(syn::Error::new(span, "`one_of` without a value allows nothing"));
    }
    for (at, choice) in field.choices.iter().enumerate() {
        if field.choices[..at].iter().any(|earlier| earlier.value() == choice.value()) {
            found.push(syn::Error::new(choice.span(), "this value is here twice"));
        }
    }
}

/// A default that is written out.
fn default(field: &Declared, found: &mut Vec<syn::Error>) {
    match &field.mode {
        Mode::Default(Expr::Lit(ExprLit { lit: Lit::Str(text), .. }))
            if !field.choices.is_empty()
                && !field.choices.iter().any(|choice| choice.value() == text.value()) =>
        {
            found.push(syn::Error::new(text.span(), "the default is not among the values of `one_of`"));
        }
        Mode::Default(Expr::Array(array)) if is_named(&field.inner, "BTreeSet") => {
            let texts = array.elems.iter().map(|element| match element {
                Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
                _ => None,
            });
            let Some(texts) = texts.collect::<Option<Vec<_>>>() else { return };
            for (pair, element) in texts.windows(2).zip(array.elems.iter().skip(1)) {
                if pair[0] >= pair[1] {
                    found.push(syn::Error::new_spanned(
                        element,
                        "the elements of a set have no order of their own: write them in ascending order, each once",
                    ));
                }
            }
        }
        Mode::Keeps(reason) if reason.value().trim().is_empty() => {
            found.push(syn::Error::new(reason.span(), "say why unset does not mean a default"));
        }
        _ => {}
    }
}

fn span(field: &Declared, option: &str) -> Option<Span> {
    field.given.iter().find(|(given, _)| given == option).map(|(_, span)| *span)
}

/// Whether a type is written with this name, whatever its path and arguments.
fn is_named(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|segment| segment.ident == name))
}
