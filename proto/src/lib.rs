//! The wire: Terraform plugin protocol 6 and the go-plugin helper services.
//!
//! Messages and services are generated at build time from the files under `proto/`. This crate knows nothing but
//! their shape: what the messages mean is the business of `plugin`.
//!
//! Every `bytes` field is a [`bytes::Bytes`]. Service methods have default implementations that answer
//! *Unimplemented*; streaming ones return a boxed stream ([`tonic::codegen::BoxStream`]). Clients are generated only
//! with the feature `client`.

/// Terraform plugin protocol 6.11, as of Terraform 1.16.
#[allow(missing_docs, unreachable_pub, clippy::all)]
pub mod tfplugin6 {
    tonic::include_proto!("tfplugin6");
}

/// The helper services of go-plugin: output, broker and process control.
#[allow(missing_docs, unreachable_pub, clippy::all)]
pub mod go_plugin {
    tonic::include_proto!("plugin");
}

/// The standard gRPC health service.
#[allow(missing_docs, unreachable_pub, clippy::all)]
pub mod health {
    tonic::include_proto!("grpc.health.v1");
}

#[cfg(test)]
mod tests;
