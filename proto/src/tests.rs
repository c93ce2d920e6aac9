//! The compiled descriptors against a list written down separately from the `.proto` files.

use std::collections::BTreeMap;

use prost::Message as _;
use prost_types::{
    DescriptorProto, FileDescriptorSet, ServiceDescriptorProto, field_descriptor_proto::Label,
};

/// Message name (nested ones dotted) → its descriptor, for one package.
fn messages(package: &str) -> BTreeMap<String, DescriptorProto> {
    fn walk(prefix: &str, message: &DescriptorProto, out: &mut BTreeMap<String, DescriptorProto>) {
        let name = format!("{prefix}{}", message.name());
        for nested in &message.nested_type {
            // Map fields are entries of a message that nobody wrote.
            if !nested.options.as_ref().is_some_and(|o| o.map_entry()) {
                walk(&format!("{name}."), nested, out);
            }
        }
        out.insert(name, message.clone());
    }
    let mut out = BTreeMap::new();
    for file in descriptors().file.iter().filter(|f| f.package() == package) {
        file.message_type.iter().for_each(|m| walk("", m, &mut out));
    }
    out
}

fn services(package: &str) -> Vec<ServiceDescriptorProto> {
    descriptors().file.into_iter().filter(|f| f.package() == package).flat_map(|f| f.service).collect()
}

fn descriptors() -> FileDescriptorSet {
    FileDescriptorSet::decode(&include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"))[..]).unwrap()
}

/// `Name(Request) -> Response`, with `stream` where there is one and without package names.
fn signatures(service: &ServiceDescriptorProto) -> Vec<String> {
    let short = |t: &str| t.rsplit_once("tfplugin6.").map_or(t, |(_, name)| name).to_owned();
    let stream = |yes: bool| if yes { "stream " } else { "" };
    let mut out: Vec<_> = service
        .method
        .iter()
        .map(|m| {
            let (asked, answered) = (short(m.input_type()), short(m.output_type()));
            let (many_in, many_out) = (stream(m.client_streaming()), stream(m.server_streaming()));
            format!("{}({many_in}{asked}) -> {many_out}{answered}", m.name())
        })
        .collect();
    out.sort();
    out
}

#[test]
fn provider_has_every_method_of_6_11() {
    // Methods whose messages are named after them.
    let plain = "ApplyResourceChange CallFunction CloseEphemeralResource ConfigureProvider ConfigureStateStore \
        DeleteState GenerateResourceConfig GetFunctions GetMetadata GetProviderSchema GetResourceIdentitySchemas \
        GetStates ImportResourceState LockState MoveResourceState OpenEphemeralResource PlanAction \
        PlanResourceChange ReadDataSource ReadResource RenewEphemeralResource StopProvider UnlockState \
        UpgradeResourceIdentity UpgradeResourceState ValidateActionConfig ValidateDataResourceConfig \
        ValidateEphemeralResourceConfig ValidateListResourceConfig ValidateProviderConfig ValidateResourceConfig";
    let mut expected: Vec<_> =
        plain.split_whitespace().map(|name| format!("{name}({name}.Request) -> {name}.Response")).collect();
    expected.extend(
        [
            "InvokeAction(InvokeAction.Request) -> stream InvokeAction.Event",
            "ListResource(ListResource.Request) -> stream ListResource.Event",
            "ReadStateBytes(ReadStateBytes.Request) -> stream ReadStateBytes.Response",
            "ValidateStateStoreConfig(ValidateStateStore.Request) -> ValidateStateStore.Response",
            "WriteStateBytes(stream WriteStateBytes.RequestChunk) -> WriteStateBytes.Response",
        ]
        .map(String::from),
    );
    expected.sort();
    assert_eq!(expected.len(), 36);
    assert_eq!(signatures(&services("tfplugin6")[0]), expected);
}

#[test]
fn provider_messages_have_all_their_fields() {
    let messages = messages("tfplugin6");
    // 107 with a meaning, and 36 that only group a Request with its Response.
    assert_eq!(messages.len(), 107 + 36);
    assert_eq!(messages.values().map(|m| m.field.len()).sum::<usize>(), 296);
    let lists = messages.values().flat_map(|m| &m.field).filter(|f| f.label() == Label::Repeated).count();
    // Map fields are lists of entries on the wire.
    let maps: usize =
        messages.values().map(|m| m.nested_type.iter().filter(|n| n.options.is_some()).count()).sum();
    assert_eq!((lists - maps, maps), (51, 10));
    let optional = messages.values().flat_map(|m| &m.field).filter(|f| f.proto3_optional()).count();
    assert_eq!(optional, 9);
}

#[test]
fn fields_have_the_numbers_clients_use() {
    let messages = messages("tfplugin6");
    let number = |path: &str| {
        let (message, field) = path.rsplit_once('.').unwrap();
        let found = messages[message].field.iter().find(|f| f.name() == field);
        found.unwrap_or_else(|| panic!("no field {path}")).number()
    };
    // Numbers that do not follow the order of the fields, came late, or decide whether state survives.
    for (path, expected) in [
        ("DynamicValue.msgpack", 1),
        ("AttributePath.Step.element_key_int", 3),
        ("Schema.Block.computed", 8),
        ("Schema.Attribute.nested_type", 10),
        ("Schema.Attribute.description", 3),
        ("Schema.Attribute.write_only", 11),
        ("Schema.Attribute.deprecation_message", 12),
        ("Schema.Object.nesting", 3),
        ("GetProviderSchema.Response.diagnostics", 4),
        ("GetProviderSchema.Response.server_capabilities", 6),
        ("GetProviderSchema.Response.functions", 7),
        ("GetProviderSchema.Response.action_schemas", 11),
        ("ValidateProviderConfig.Response.diagnostics", 2),
        ("PlanResourceChange.Request.planned_private", 9),
        ("PlanResourceChange.Response.planned_private", 3),
        ("PlanResourceChange.Response.planned_identity", 7),
        ("ApplyResourceChange.Response.private", 2),
        ("ApplyResourceChange.Response.diagnostics", 3),
        ("ReadResource.Response.private", 3),
        ("ReadResource.Request.current_identity", 6),
        ("MoveResourceState.Request.source_identity_schema_version", 8),
        ("ServerCapabilities.generate_resource_config", 4),
        ("ClientCapabilities.computed_blocks_allowed", 4),
        ("OpenEphemeralResource.Response.result", 3),
        ("StopProvider.Response.Error", 1),
    ] {
        assert_eq!(number(path), expected, "{path}");
    }
}

#[test]
fn enums_have_the_values_clients_use() {
    use crate::tfplugin6::{StringKind, deferred, diagnostic, schema};
    assert_eq!(diagnostic::Severity::Warning as i32, 2);
    assert_eq!(schema::nested_block::NestingMode::Group as i32, 5);
    assert_eq!(schema::object::NestingMode::Map as i32, 4);
    assert_eq!(deferred::Reason::AbsentPrereq as i32, 3);
    assert_eq!(StringKind::Markdown as i32, 1);
}

#[test]
fn helper_services_are_found_under_the_names_hosts_call() {
    use crate::{go_plugin, health, tfplugin6};
    use tonic::server::NamedService as _;
    struct Nothing;
    impl tfplugin6::provider_server::Provider for Nothing {}
    impl go_plugin::grpc_stdio_server::GrpcStdio for Nothing {}
    impl go_plugin::grpc_broker_server::GrpcBroker for Nothing {}
    impl go_plugin::grpc_controller_server::GrpcController for Nothing {}
    impl health::health_server::Health for Nothing {}
    assert_eq!(tfplugin6::provider_server::ProviderServer::<Nothing>::NAME, "tfplugin6.Provider");
    assert_eq!(go_plugin::grpc_stdio_server::GrpcStdioServer::<Nothing>::NAME, "plugin.GRPCStdio");
    assert_eq!(go_plugin::grpc_broker_server::GrpcBrokerServer::<Nothing>::NAME, "plugin.GRPCBroker");
    assert_eq!(
        go_plugin::grpc_controller_server::GrpcControllerServer::<Nothing>::NAME,
        "plugin.GRPCController"
    );
    assert_eq!(health::health_server::HealthServer::<Nothing>::NAME, "grpc.health.v1.Health");
    let helpers: Vec<_> = services("plugin").iter().flat_map(signatures).collect();
    assert_eq!(
        helpers,
        [
            "StreamStdio(.google.protobuf.Empty) -> stream .plugin.StdioData",
            "StartStream(stream .plugin.ConnInfo) -> stream .plugin.ConnInfo",
            "Shutdown(.plugin.Empty) -> .plugin.Empty",
        ]
    );
}
