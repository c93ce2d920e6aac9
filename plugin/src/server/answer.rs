//! Values and diagnostics on their way in and out of protocol messages.

use std::panic::AssertUnwindSafe;

use bytes::Bytes;
use futures_util::FutureExt;
use proto::tfplugin6::{self as wire, DynamicValue, ResourceIdentityData};

use crate::resource::panicked;
use crate::value::{Object, ShapeError, Type, Value, json, msgpack};
use crate::{Context, Diagnostic, Diagnostics, Step};

/// An answer that can say that the call failed.
pub(super) trait Answer: Default {
    /// The answer of a failed call.
    fn failed(diagnostics: &Diagnostics) -> Self;

    /// What the answer tells the user.
    fn diagnostics(&mut self) -> &mut Vec<wire::Diagnostic>;
}

macro_rules! answers {
    ($($message:ident),* $(,)?) => {$(
        impl Answer for wire::$message::Response {
            #[allow(clippy::field_reassign_with_default, reason = "some messages have no other field")]
            fn failed(diagnostics: &Diagnostics) -> Self {
                let mut answer = Self::default();
                answer.diagnostics = diagnostics.to_proto();
                answer
            }

            fn diagnostics(&mut self) -> &mut Vec<wire::Diagnostic> {
                &mut self.diagnostics
            }
        }
    )*};
}

answers!(
    get_provider_schema,
    validate_provider_config,
    configure_provider,
    validate_resource_config,
    validate_data_resource_config,
    upgrade_resource_state,
    upgrade_resource_identity,
    plan_resource_change,
    apply_resource_change,
    read_resource,
    import_resource_state,
    move_resource_state,
    read_data_source,
);

/// Runs an operation and puts what it warned of in front of its answer, whether it succeeds, fails or panics.
pub(super) async fn with_warnings<C, A: Answer>(
    context: &Context<C>,
    what: &str,
    operation: impl Future<Output = Result<A, Diagnostics>>,
) -> Result<A, Diagnostics> {
    let outcome = AssertUnwindSafe(operation).catch_unwind().await;
    let mut warnings = context.take_warnings();
    match outcome.unwrap_or_else(|_| Err(panicked(what))) {
        Ok(mut answer) => {
            answer.diagnostics().splice(0..0, warnings.to_proto());
            Ok(answer)
        }
        Err(failed) => {
            warnings.extend(failed);
            Err(warnings)
        }
    }
}

/// A message that does not fit the schema: Terraform and the provider disagree about it.
pub(super) fn shape(error: ShapeError) -> Diagnostics {
    let path = error.path.clone();
    Diagnostic::error("Value of an unexpected shape", format!("{error}.")).at(path).into()
}

/// Reads a value; an absent one is null.
pub(super) fn value(message: Option<&DynamicValue>, ty: &Type) -> Result<Value, Diagnostics> {
    match message {
        Some(message) if !message.msgpack.is_empty() => msgpack::read(&message.msgpack, ty).map_err(shape),
        Some(message) if !message.json.is_empty() => json::read(&message.json, ty).map_err(shape),
        _ => Ok(Value::Null),
    }
}

/// Reads an object; `None` for null.
pub(super) fn object(message: Option<&DynamicValue>, ty: &Type) -> Result<Option<Object>, Diagnostics> {
    match value(message, ty)? {
        Value::Map(object) => Ok(Some(object)),
        Value::Null => Ok(None),
        _ => Err(shape(ShapeError::new("object is required"))),
    }
}

/// Writes a value.
pub(super) fn message(value: &Value, ty: &Type) -> Result<DynamicValue, Diagnostics> {
    let bytes = msgpack::write(value, ty).map_err(shape)?;
    Ok(DynamicValue { msgpack: bytes.into(), json: Bytes::new() })
}

/// Writes a state that must reach Terraform whatever is wrong with it: an attribute of the wrong shape becomes null,
/// with an error that says so, because losing the whole object would be worse.
pub(super) fn state(mut object: Object, ty: &Type, found: &mut Diagnostics) -> Option<DynamicValue> {
    loop {
        match msgpack::write(&Value::Map(object.clone()), ty) {
            Ok(bytes) => return Some(DynamicValue { msgpack: bytes.into(), json: Bytes::new() }),
            Err(error) => {
                let Some(Step::Attribute(name)) = error.path.0.first().cloned() else {
                    found.extend(shape(error));
                    return None;
                };
                found.extend(shape(error));
                let declared = matches!(ty, Type::Object(attributes) if attributes.contains_key(&name));
                if declared {
                    object.insert(name, Value::Null);
                } else {
                    object.remove(&name);
                }
            }
        }
    }
}

/// Writes an identity.
pub(super) fn identity(value: &Value, ty: &Type) -> Result<ResourceIdentityData, Diagnostics> {
    Ok(ResourceIdentityData { identity_data: Some(message(value, ty)?) })
}
