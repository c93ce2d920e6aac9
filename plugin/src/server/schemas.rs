//! Schema calls.

use std::collections::HashMap;

use proto::tfplugin6 as wire;

use super::Shared;
use crate::Provider;

fn capabilities() -> wire::ServerCapabilities {
    wire::ServerCapabilities {
        plan_destroy: true,
        get_provider_schema_optional: true,
        move_resource_state: false,
        generate_resource_config: false,
    }
}

impl<P: Provider> Shared<P> {
    pub(super) fn schemas(&self) -> wire::get_provider_schema::Response {
        let build = || wire::get_provider_schema::Response {
            provider: Some(self.provider.to_proto()),
            resource_schemas: self
                .resources
                .iter()
                .map(|(name, resource)| ((*name).to_owned(), resource.schema().to_proto()))
                .collect(),
            data_source_schemas: self
                .data_sources
                .iter()
                .map(|(name, source)| ((*name).to_owned(), source.schema().to_proto()))
                .collect(),
            server_capabilities: Some(capabilities()),
            ..Default::default()
        };
        self.schemas.get_or_init(build).clone()
    }

    pub(super) fn identity_schemas(&self) -> wire::get_resource_identity_schemas::Response {
        let identity_schemas: HashMap<_, _> = self
            .resources
            .iter()
            .map(|(name, resource)| ((*name).to_owned(), resource.schema().identity_to_proto()))
            .collect();
        wire::get_resource_identity_schemas::Response { identity_schemas, diagnostics: Vec::new() }
    }

    pub(super) fn metadata(&self) -> wire::get_metadata::Response {
        let resources = self
            .resources
            .keys()
            .map(|name| wire::get_metadata::ResourceMetadata { type_name: (*name).to_owned() })
            .collect();
        let data_sources = self
            .data_sources
            .keys()
            .map(|name| wire::get_metadata::DataSourceMetadata { type_name: (*name).to_owned() })
            .collect();
        wire::get_metadata::Response {
            server_capabilities: Some(capabilities()),
            resources,
            data_sources,
            ..Default::default()
        }
    }
}
