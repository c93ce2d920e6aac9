//! Managed resource calls.

use std::sync::Arc;

use proto::tfplugin6 as wire;

use super::{Shared, answer, or_null};
use crate::resource::{Planned, Refreshed, Request};
use crate::value::{Object, Value};
use crate::{Diagnostic, Diagnostics, Provider, timeouts};

impl<P: Provider> Shared<P> {
    pub(super) fn validate_resource(
        &self,
        request: &wire::validate_resource_config::Request,
    ) -> Result<wire::validate_resource_config::Response, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        let config = answer::object(request.config.as_ref(), resource.schema().ty())?.unwrap_or_default();
        let diagnostics = resource.validate(config).to_proto();
        Ok(wire::validate_resource_config::Response { diagnostics })
    }

    pub(super) fn upgrade_state(
        &self,
        request: &wire::upgrade_resource_state::Request,
    ) -> Result<wire::upgrade_resource_state::Response, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        let raw = request.raw_state.as_ref().map(|raw| raw.json.clone()).unwrap_or_default();
        let state = resource
            .read_stored(request.version, &raw)
            .map_err(|why| unreadable(format!("State of {} cannot be read", request.type_name), why))?;
        let upgraded_state = Some(answer::message(&Value::Map(state), resource.schema().ty())?);
        Ok(wire::upgrade_resource_state::Response { upgraded_state, diagnostics: Vec::new() })
    }

    pub(super) fn upgrade_identity(
        &self,
        request: &wire::upgrade_resource_identity::Request,
    ) -> Result<wire::upgrade_resource_identity::Response, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        let raw = request.raw_identity.as_ref().map(|raw| raw.json.clone()).unwrap_or_default();
        let identity = resource
            .read_stored_identity(request.version, &raw)
            .map_err(|why| unreadable(format!("Identity of {} cannot be read", request.type_name), why))?;
        let identity_type = resource.schema().identity_type();
        let upgraded_identity = Some(answer::identity(&Value::Map(identity), &identity_type)?);
        Ok(wire::upgrade_resource_identity::Response { upgraded_identity, diagnostics: Vec::new() })
    }

    pub(super) async fn plan_resource(
        self: Arc<Self>,
        request: wire::plan_resource_change::Request,
    ) -> Result<wire::plan_resource_change::Response, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        let schema = resource.schema();
        let prior = answer::object(request.prior_state.as_ref(), schema.ty())?;
        // Terraform sends no proposed state to ask for the plan of a destroy.
        let proposed = answer::value(request.proposed_new_state.as_ref(), schema.ty())?;
        let config = if proposed.is_null() {
            None
        } else {
            Some(answer::object(request.config.as_ref(), schema.ty())?.unwrap_or_default())
        };
        let context = self.context(timeouts::of(config.as_ref(), "read"));
        let creates = prior.is_none();
        let input = Request { prior, config, planned: None, private: request.prior_private };
        let plan = async {
            let Planned { planned, replace, private, diagnostics } = resource
                .plan(
                    &context,
                    self.denies_destructive_changes(),
                    &self.objects,
                    &self.replacement_notes,
                    input,
                )
                .await?;
            context.collect(diagnostics);
            let planned_identity = match (&planned, creates) {
                // Which object a create will make is only certain once it is made.
                (Some(_), true) | (None, _) => request.prior_identity,
                (Some(state), false) => {
                    let identity = resource.identity(state);
                    if identity.is_wholly_known() {
                        Some(answer::identity(&identity, &schema.identity_type())?)
                    } else {
                        request.prior_identity
                    }
                }
            };
            Ok(wire::plan_resource_change::Response {
                planned_state: Some(answer::message(&or_null(planned), schema.ty())?),
                requires_replace: replace.iter().filter_map(crate::Path::to_proto).collect(),
                planned_private: private,
                planned_identity,
                ..Default::default()
            })
        };
        answer::with_warnings(&context, "planning a change", plan).await
    }

    pub(super) async fn apply_resource(
        self: Arc<Self>,
        request: wire::apply_resource_change::Request,
    ) -> Result<wire::apply_resource_change::Response, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        let ty = resource.schema().ty();
        let prior = answer::object(request.prior_state.as_ref(), ty)?;
        let planned = answer::object(request.planned_state.as_ref(), ty)?;
        let time = match (&prior, &planned) {
            (None, planned) => timeouts::of(planned.as_ref(), "create"),
            (_, Some(planned)) => timeouts::of(Some(planned), "update"),
            (prior, None) => timeouts::of(prior.as_ref(), "delete"),
        };
        let context = self.context(time);
        let input = Request { prior, config: None, planned, private: request.planned_private };
        let apply = async {
            let applied = resource
                .apply(
                    &context,
                    self.denies_destructive_changes(),
                    &self.objects,
                    &self.replacement_notes,
                    input,
                )
                .await;
            context.collect(applied.diagnostics);
            let new_identity = match &applied.state {
                Some(state) => {
                    answer::identity(&resource.identity(state), &resource.schema().identity_type()).ok()
                }
                None => None,
            };
            let mut found = Diagnostics::new();
            let new_state = match applied.state {
                Some(state) => answer::state(state, ty, &mut found),
                None => Some(answer::message(&Value::Null, ty)?),
            };
            context.collect(found);
            Ok(wire::apply_resource_change::Response {
                new_state,
                private: applied.private,
                new_identity,
                ..Default::default()
            })
        };
        answer::with_warnings(&context, "applying a change", apply).await
    }

    pub(super) async fn read_resource(
        self: Arc<Self>,
        request: wire::read_resource::Request,
    ) -> Result<wire::read_resource::Response, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        let ty = resource.schema().ty();
        let Some(prior) = answer::object(request.current_state.as_ref(), ty)? else {
            return Ok(wire::read_resource::Response::default());
        };
        let context = self.context(timeouts::of(Some(&prior), "read"));
        let read = async {
            let Refreshed { state, private } = resource
                .read(&context, &self.objects, &self.replacement_notes, prior, request.private)
                .await?;
            let new_identity = match &state {
                Some(state) => {
                    Some(answer::identity(&resource.identity(state), &resource.schema().identity_type())?)
                }
                None => None,
            };
            Ok(wire::read_resource::Response {
                new_state: Some(answer::message(&or_null(state), ty)?),
                private,
                new_identity,
                ..Default::default()
            })
        };
        answer::with_warnings(&context, "reading a resource", read).await
    }

    pub(super) async fn import_resource(
        self: Arc<Self>,
        request: wire::import_resource_state::Request,
    ) -> Result<wire::import_resource_state::Response, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        let schema = resource.schema();
        let identity: Option<Object> = match &request.identity {
            Some(identity) => answer::object(identity.identity_data.as_ref(), &schema.identity_type())?,
            None => None,
        };
        let context = self.context(timeouts::of(None, "read"));
        let import = async {
            let imported = resource.import(&context, &self.objects, &request.id, identity).await?;
            Ok(wire::import_resource_state::Response {
                imported_resources: vec![wire::import_resource_state::ImportedResource {
                    type_name: request.type_name,
                    state: Some(answer::message(&Value::Map(imported.state), schema.ty())?),
                    private: imported.private,
                    identity: Some(answer::identity(&imported.identity, &schema.identity_type())?),
                }],
                ..Default::default()
            })
        };
        answer::with_warnings(&context, "importing a resource", import).await
    }

    pub(super) fn move_resource(
        request: &wire::move_resource_state::Request,
    ) -> Result<wire::move_resource_state::Response, Diagnostics> {
        Err(Diagnostic::error(
            "Move not supported",
            format!(
                "{} cannot be moved to {}. Import the object into the new type instead, and remove the old one from \
                 the state with a removed block.",
                request.source_type_name, request.target_type_name
            ),
        )
        .into())
    }
}

/// An error about what Terraform has stored.
fn unreadable(summary: String, why: String) -> Diagnostics {
    Diagnostic::error(summary, why).into()
}
