//! The small services a host expects beside the provider: output, broker, controller, health.

use std::future::ready;

use futures_util::{FutureExt as _, StreamExt as _, stream};
use proto::{
    go_plugin::{
        ConnInfo, Empty, StdioData, grpc_broker_server::GrpcBroker, grpc_controller_server::GrpcController,
        grpc_stdio_server::GrpcStdio,
    },
    health::{
        HealthCheckRequest, HealthCheckResponse, health_check_response::ServingStatus, health_server::Health,
    },
};
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, Streaming, codegen::BoxStream};

/// All four: they share little more than knowing when the process goes.
#[derive(Debug, Clone)]
pub(super) struct Helpers {
    /// Ends the silent streams, which would otherwise keep a graceful shutdown waiting for ever.
    pub(super) leaving: CancellationToken,
    /// The host asked the process to go.
    pub(super) shutdown: CancellationToken,
    /// Started by hand: hosts come and go, and none of them may end the process.
    pub(super) debug: bool,
}

impl Helpers {
    /// A stream that says nothing until the process goes.
    fn silence<T: Send + 'static>(&self) -> BoxStream<T> {
        let leaving = self.leaving.clone().cancelled_owned();
        Box::pin(leaving.into_stream().filter_map(|()| ready(None)))
    }
}

#[tonic::async_trait]
impl GrpcStdio for Helpers {
    /// Hosts open this always and log whatever arrives as unexpected. Logs go to standard error instead.
    async fn stream_stdio(&self, _: Request<()>) -> Result<Response<BoxStream<StdioData>>, Status> {
        Ok(Response::new(self.silence()))
    }
}

#[tonic::async_trait]
impl GrpcBroker for Helpers {
    /// Hosts open this always, too. A provider has nothing to broker.
    async fn start_stream(
        &self,
        request: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<BoxStream<ConnInfo>>, Status> {
        // Yields nothing and ends with the host's half or with the process, whichever comes first.
        let host =
            request.into_inner().take_while(|message| ready(message.is_ok())).filter_map(|_| ready(None));
        Ok(Response::new(Box::pin(host.take_until(self.leaving.clone().cancelled_owned()))))
    }
}

#[tonic::async_trait]
impl GrpcController for Helpers {
    async fn shutdown(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        if !self.debug {
            self.shutdown.cancel();
        }
        Ok(Response::new(Empty {}))
    }
}

#[tonic::async_trait]
impl Health for Helpers {
    async fn check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        let status = status_of(&request.get_ref().service);
        if status == ServingStatus::ServiceUnknown {
            return Err(Status::not_found("the only service here is named \"plugin\""));
        }
        Ok(Response::new(HealthCheckResponse { status: status.into() }))
    }

    async fn watch(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<BoxStream<HealthCheckResponse>>, Status> {
        let now = HealthCheckResponse { status: status_of(&request.get_ref().service).into() };
        Ok(Response::new(Box::pin(stream::once(ready(Ok(now))).chain(self.silence()))))
    }
}

/// go-plugin's name for itself, or no name, which asks about the process.
fn status_of(service: &str) -> ServingStatus {
    match service {
        "" | "plugin" => ServingStatus::Serving,
        _ => ServingStatus::ServiceUnknown,
    }
}
