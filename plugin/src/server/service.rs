//! The generated service trait, method by method.

use std::sync::Arc;

use proto::tfplugin6::{self as wire, provider_server};
use tonic::{Request, Response, Status};

use super::{Server, Shared};
use crate::Provider;

type Answered<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl<P: Provider> provider_server::Provider for Server<P> {
    async fn get_metadata(
        &self,
        _: Request<wire::get_metadata::Request>,
    ) -> Answered<wire::get_metadata::Response> {
        Ok(Response::new(self.shared.metadata()))
    }

    async fn get_provider_schema(
        &self,
        _: Request<wire::get_provider_schema::Request>,
    ) -> Answered<wire::get_provider_schema::Response> {
        let answer = self.run("describing its schema", |shared| async move { Ok(shared.schemas()) }).await;
        Ok(Response::new(answer))
    }

    async fn get_resource_identity_schemas(
        &self,
        _: Request<wire::get_resource_identity_schemas::Request>,
    ) -> Answered<wire::get_resource_identity_schemas::Response> {
        Ok(Response::new(self.shared.identity_schemas()))
    }

    async fn validate_provider_config(
        &self,
        request: Request<wire::validate_provider_config::Request>,
    ) -> Answered<wire::validate_provider_config::Response> {
        let request = request.into_inner();
        let answer = self
            .run("checking its configuration", |shared| async move { shared.validate_provider(&request) })
            .await;
        Ok(Response::new(answer))
    }

    async fn configure_provider(
        &self,
        request: Request<wire::configure_provider::Request>,
    ) -> Answered<wire::configure_provider::Response> {
        let answer = self.run("configuring itself", |shared| shared.configure(request.into_inner())).await;
        Ok(Response::new(answer))
    }

    async fn stop_provider(
        &self,
        _: Request<wire::stop_provider::Request>,
    ) -> Answered<wire::stop_provider::Response> {
        self.shared.stop();
        Ok(Response::new(wire::stop_provider::Response::default()))
    }

    async fn validate_resource_config(
        &self,
        request: Request<wire::validate_resource_config::Request>,
    ) -> Answered<wire::validate_resource_config::Response> {
        let request = request.into_inner();
        let answer = self
            .run("checking a configuration", |shared| async move { shared.validate_resource(&request) })
            .await;
        Ok(Response::new(answer))
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<wire::upgrade_resource_state::Request>,
    ) -> Answered<wire::upgrade_resource_state::Response> {
        let request = request.into_inner();
        let answer =
            self.run("reading stored state", |shared| async move { shared.upgrade_state(&request) }).await;
        Ok(Response::new(answer))
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<wire::upgrade_resource_identity::Request>,
    ) -> Answered<wire::upgrade_resource_identity::Response> {
        let request = request.into_inner();
        let answer = self
            .run("reading a stored identity", |shared| async move { shared.upgrade_identity(&request) })
            .await;
        Ok(Response::new(answer))
    }

    async fn read_resource(
        &self,
        request: Request<wire::read_resource::Request>,
    ) -> Answered<wire::read_resource::Response> {
        let answer =
            self.run("reading a resource", |shared| shared.read_resource(request.into_inner())).await;
        Ok(Response::new(answer))
    }

    async fn plan_resource_change(
        &self,
        request: Request<wire::plan_resource_change::Request>,
    ) -> Answered<wire::plan_resource_change::Response> {
        let answer = self.run("planning a change", |shared| shared.plan_resource(request.into_inner())).await;
        Ok(Response::new(answer))
    }

    async fn apply_resource_change(
        &self,
        request: Request<wire::apply_resource_change::Request>,
    ) -> Answered<wire::apply_resource_change::Response> {
        let answer =
            self.run("applying a change", |shared| shared.apply_resource(request.into_inner())).await;
        Ok(Response::new(answer))
    }

    async fn import_resource_state(
        &self,
        request: Request<wire::import_resource_state::Request>,
    ) -> Answered<wire::import_resource_state::Response> {
        let answer =
            self.run("importing a resource", |shared| shared.import_resource(request.into_inner())).await;
        Ok(Response::new(answer))
    }

    async fn move_resource_state(
        &self,
        request: Request<wire::move_resource_state::Request>,
    ) -> Answered<wire::move_resource_state::Response> {
        let request = request.into_inner();
        let answer = self
            .run("moving a resource", |_: Arc<Shared<P>>| async move { Shared::<P>::move_resource(&request) })
            .await;
        Ok(Response::new(answer))
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<wire::validate_data_resource_config::Request>,
    ) -> Answered<wire::validate_data_resource_config::Response> {
        let request = request.into_inner();
        let answer = self
            .run("checking a configuration", |shared| async move { shared.validate_data(&request) })
            .await;
        Ok(Response::new(answer))
    }

    async fn read_data_source(
        &self,
        request: Request<wire::read_data_source::Request>,
    ) -> Answered<wire::read_data_source::Response> {
        let answer = self.run("reading a data source", |shared| shared.read_data(request.into_inner())).await;
        Ok(Response::new(answer))
    }
}
