//! Data source calls.

use std::sync::Arc;
use std::time::Duration;

use proto::tfplugin6 as wire;

use super::{Shared, answer};
use crate::value::Value;
use crate::{Diagnostics, Provider};

const TIME: Duration = Duration::from_secs(600);

impl<P: Provider> Shared<P> {
    pub(super) fn validate_data(
        &self,
        request: &wire::validate_data_resource_config::Request,
    ) -> Result<wire::validate_data_resource_config::Response, Diagnostics> {
        let source = self.data_source(&request.type_name)?;
        let config = answer::object(request.config.as_ref(), source.schema().ty())?.unwrap_or_default();
        let diagnostics = source.validate(config).to_proto();
        Ok(wire::validate_data_resource_config::Response { diagnostics })
    }

    pub(super) async fn read_data(
        self: Arc<Self>,
        request: wire::read_data_source::Request,
    ) -> Result<wire::read_data_source::Response, Diagnostics> {
        let source = self.data_source(&request.type_name)?;
        let ty = source.schema().ty();
        let config = answer::object(request.config.as_ref(), ty)?.unwrap_or_default();
        let context = self.context(TIME);
        let read = async {
            let object = source.read(&context, config).await?;
            let state = Some(answer::message(&Value::Map(object), ty)?);
            Ok(wire::read_data_source::Response { state, ..Default::default() })
        };
        answer::with_warnings(&context, "reading a data source", read).await
    }
}
