//! A provider with nothing to provide, for the tests of the process it runs in.
//!
//! Some calls have an effect that can be seen from outside:
//!
//! - `ValidateResourceConfig` answers with a warning that tells how large the configuration was.
//! - `ReadResource` takes as many milliseconds as its type name says.
//! - `ApplyResourceChange` leaves a task behind that, after as many milliseconds as its planned state says, makes the
//!   file that its type name says. The call itself never ends.
//! - `CallFunction` panics, and its name is the message.
//! - `ValidateProviderConfig` writes log records.

use std::{process::ExitCode, time::Duration};

use plugin::serve::{Plugin, run};
use proto::tfplugin6::{
    Diagnostic, Schema, apply_resource_change, call_function, diagnostic::Severity, get_provider_schema,
    provider_server::Provider, read_resource, schema, validate_provider_config, validate_resource_config,
};
use tokio_util::task::TaskTracker;
use tonic::{Request, Response, Status};

struct Minimal {
    work: TaskTracker,
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl Provider for Minimal {
    async fn get_provider_schema(
        &self,
        _: Request<get_provider_schema::Request>,
    ) -> Answer<get_provider_schema::Response> {
        let provider = Some(Schema { block: Some(schema::Block::default()), ..Schema::default() });
        Ok(Response::new(get_provider_schema::Response { provider, ..Default::default() }))
    }

    async fn validate_provider_config(
        &self,
        _: Request<validate_provider_config::Request>,
    ) -> Answer<validate_provider_config::Response> {
        let span = tracing::info_span!("call", rpc = "ValidateProviderConfig", attempt = 1);
        let _entered = span.enter();
        tracing::info!(attempt = 2, ratio = 0.5, ok = true, "checked \"it\"\nwell");
        tracing::debug!("not wanted at level info");
        tracing::info!(target: "h2::codec", "not wanted from strangers");
        tracing::warn!(target: "h2::codec", "wanted even from strangers");
        tracing::error!({ "@level" = 7, "@message" = 8 }, "{}", "long ".repeat(40_000));
        Ok(Response::new(Default::default()))
    }

    async fn validate_resource_config(
        &self,
        request: Request<validate_resource_config::Request>,
    ) -> Answer<validate_resource_config::Response> {
        let size = request.get_ref().config.as_ref().map_or(0, |config| config.msgpack.len());
        let severity = Severity::Warning.into();
        let diagnostics = vec![Diagnostic { severity, summary: size.to_string(), ..Diagnostic::default() }];
        Ok(Response::new(validate_resource_config::Response { diagnostics }))
    }

    async fn read_resource(
        &self,
        request: Request<read_resource::Request>,
    ) -> Answer<read_resource::Response> {
        tokio::time::sleep(milliseconds(request.get_ref().type_name.as_bytes())).await;
        Ok(Response::new(Default::default()))
    }

    async fn apply_resource_change(
        &self,
        request: Request<apply_resource_change::Request>,
    ) -> Answer<apply_resource_change::Response> {
        let request = request.into_inner();
        let delay = milliseconds(&request.planned_state.unwrap_or_default().msgpack);
        self.work.spawn(async move {
            tokio::time::sleep(delay).await;
            let _ = tokio::fs::write(request.type_name, "done").await;
        });
        std::future::pending().await
    }

    #[allow(clippy::panic)] // What the tests want to see.
    async fn call_function(
        &self,
        request: Request<call_function::Request>,
    ) -> Answer<call_function::Response> {
        panic!("{}", request.get_ref().name);
    }
}

/// A duration written as a decimal number.
fn milliseconds(text: &[u8]) -> Duration {
    let number = std::str::from_utf8(text).ok().and_then(|text| text.parse().ok());
    Duration::from_millis(number.unwrap_or_default())
}

fn main() -> ExitCode {
    let plugin = Plugin {
        name: "terraform-provider-minimal",
        address: "registry.terraform.io/tests/minimal",
        version: "1.2.3",
        purpose: "tests of its own process",
        crates: &["minimal_plugin"],
    };
    run(&plugin, |work| Minimal { work })
}
