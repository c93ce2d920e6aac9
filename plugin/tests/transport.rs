//! Starting, connecting and being refused: the plugin's process as Terraform meets it.
//!
//! Tests named `must_know_…` hold what costs users hours when it is wrong.
#![cfg(unix)]

mod common;

use std::{fs, time::Duration};

use common::*;
use plugin::serve::host::{Identity, Running, connect, connector, resident_memory};
use proto::{
    go_plugin::{Empty, grpc_controller_client::GrpcControllerClient, grpc_stdio_client::GrpcStdioClient},
    health::{HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient},
    tfplugin6::{DynamicValue, get_functions, get_provider_schema, validate_resource_config},
};
use tokio::{io::AsyncWriteExt as _, process::Command};
use tonic::Code;

#[tokio::test]
async fn without_cookie_two_lines_say_what_it_is() {
    for cookie in [None, Some("wrong")] {
        let mut command = Command::new(PLUGIN);
        command.env_remove("TF_PLUGIN_MAGIC_COOKIE");
        if let Some(cookie) = cookie {
            command.env("TF_PLUGIN_MAGIC_COOKIE", cookie);
        }
        let output = within(5_000, command.output()).await.unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            (output.status.code(), output.stdout.len(), text.lines().count()),
            (Some(1), 0, 2),
            "{text}"
        );
        assert!(
            text.contains("terraform-provider-minimal 1.2.3 is a plugin") && text.contains("install"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn flags_work_without_cookie() {
    let run = async |argument| within(5_000, Command::new(PLUGIN).arg(argument).output()).await.unwrap();
    let version = run("--version").await;
    assert_eq!(version.stdout, b"terraform-provider-minimal 1.2.3 (plugin protocol 6)\n");
    let help = run("--help").await;
    assert!(help.status.success() && String::from_utf8(help.stdout).unwrap().contains("--debug"));
    let wrong = run("--verison").await;
    assert_eq!((wrong.status.code(), wrong.stdout.len()), (Some(2), 0));
}

#[tokio::test]
async fn handshake_line_names_a_private_socket_that_goes_with_the_process() {
    let dir = tempfile::tempdir().unwrap();
    let identity = Identity::new().unwrap();
    let mut command = plugin(Some(&identity));
    command.env("PLUGIN_UNIX_SOCKET_DIR", dir.path());
    let running = Running::start(command).await.unwrap();
    let handshake = &running.handshake;
    assert_eq!((handshake.protocol, handshake.network.as_str()), (6, "unix"));
    assert!(handshake.certificate.len() > 50, "shorter ones are taken for junk");
    let socket = running.socket().unwrap();
    assert!(socket.starts_with(dir.path()), "{socket:?}");
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let channel = running.connect(Some(&identity)).await.unwrap();
    assert!(answers(&channel).await);
    GrpcControllerClient::new(channel).shutdown(Empty {}).await.unwrap();
    let (code, out, err) = end(running, 1_000).await;
    assert_eq!((code, out.as_str(), err.as_str()), (Some(0), "", ""), "silent after the line");
    assert!(!socket.exists());
}

#[tokio::test]
async fn old_protocols_are_refused_with_the_reason() {
    let mut command = plugin(None);
    command.env("PLUGIN_PROTOCOL_VERSIONS", "4,5");
    let why = refusal(command).await;
    assert!(why.starts_with("[ERROR] terraform-provider-minimal: this plugin speaks protocol 6"), "{why}");
    assert!(why.contains("4,5"), "{why}");
}

#[tokio::test]
async fn unusable_surroundings_are_named() {
    let mut command = plugin(None);
    command.env("PLUGIN_UNIX_SOCKET_DIR", "/nonexistent");
    let why = refusal(command).await;
    assert!(why.contains("cannot listen on /nonexistent/"), "{why}");
    let mut command = plugin(None);
    command.env("PLUGIN_CLIENT_CERT", "no certificate");
    let why = refusal(command).await;
    assert!(why.contains("PLUGIN_CLIENT_CERT"), "{why}");
}

/// Terraform's certificate is an authority's, on curve P-521, and self-signed.
#[tokio::test]
async fn must_know_1_authority_certificate_on_p521_is_accepted() {
    let identity = Identity::new().unwrap();
    let running = Running::start(plugin(Some(&identity))).await.unwrap();
    let channel = running.connect(Some(&identity)).await.unwrap();
    assert!(answers(&channel).await);
}

#[tokio::test]
async fn any_other_certificate_or_none_is_refused() {
    let identity = Identity::new().unwrap();
    let running = Running::start(plugin(Some(&identity))).await.unwrap();
    let (certificate, address) = (running.handshake.certificate.clone(), running.handshake.address.clone());
    let stranger = Identity::new().unwrap();
    for shown in [Some(&stranger), None] {
        let tls = connector(&certificate, shown).unwrap();
        // TLS 1.3 clients learn of the refusal only with the first answer.
        let refused = match connect("unix", &address, Some(tls)).await {
            Err(_) => true,
            Ok(channel) => {
                provider(&channel).get_provider_schema(get_provider_schema::Request {}).await.is_err()
            }
        };
        assert!(refused, "with certificate: {}", shown.is_some());
    }
    let plain = connect("unix", &address, None).await;
    let refused = match plain {
        Err(_) => true,
        Ok(channel) => provider(&channel).get_provider_schema(get_provider_schema::Request {}).await.is_err(),
    };
    assert!(refused, "without TLS");
    // The host itself still gets in, and the reasons have been told.
    let channel = running.connect(Some(&identity)).await.unwrap();
    assert!(answers(&channel).await);
    GrpcControllerClient::new(channel).shutdown(Empty {}).await.unwrap();
    let (_, _, err) = end(running, 1_000).await;
    let told =
        err.lines().filter(|l| l.starts_with("[ERROR] terraform-provider-minimal: refused a connection: "));
    assert_eq!(told.count(), 3, "{err}");
}

/// A peer that copies the certificate but does not have its key gets nowhere.
#[tokio::test]
async fn certificate_without_its_key_is_refused() {
    let (identity, stranger) = (Identity::new().unwrap(), Identity::new().unwrap());
    let running = Running::start(plugin(Some(&identity))).await.unwrap();
    let forged = stranger.showing(&identity);
    let tls = connector(&running.handshake.certificate, Some(&forged)).unwrap();
    let refused = match connect("unix", &running.handshake.address, Some(tls)).await {
        Err(_) => true,
        Ok(channel) => provider(&channel).get_provider_schema(get_provider_schema::Request {}).await.is_err(),
    };
    assert!(refused);
}

#[tokio::test]
async fn resident_memory_stays_small() {
    let (running, channel) = connected().await;
    assert!(answers(&channel).await);
    // Debug builds are larger than what users run.
    if let Some(bytes) = resident_memory(running.child.id().unwrap()) {
        assert!(bytes < 20 << 20, "{bytes}");
    }
}

#[tokio::test]
async fn must_know_3_http2_is_agreed_on_in_the_tls_handshake() {
    let identity = Identity::new().unwrap();
    let running = Running::start(plugin(Some(&identity))).await.unwrap();
    let tls = connector(&running.handshake.certificate, Some(&identity)).unwrap();
    let stream = tokio::net::UnixStream::connect(running.socket().unwrap()).await.unwrap();
    let name = rustls::pki_types::ServerName::try_from("localhost").unwrap();
    let mut stream = within(5_000, tls.connect(name, stream)).await.unwrap();
    stream.flush().await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
}

#[tokio::test]
async fn without_client_certificate_it_speaks_plainly() {
    let running = Running::start(plugin(None)).await.unwrap();
    assert!(running.handshake.certificate.is_empty() && running.handshake.line.ends_with("|grpc|"));
    assert!(answers(&running.connect(None).await.unwrap()).await);
}

/// A seventh field would spoil the sixth for old hosts, so it is there for those only that ask.
#[tokio::test]
async fn multiplexing_is_declined_when_offered() {
    let mut command = plugin(None);
    command.env("PLUGIN_MULTIPLEX_GRPC", "true");
    let error = Running::start(command).await.err().unwrap().to_string();
    assert!(error.contains("|grpc||false\\n") && error.contains("not six fields"), "{error}");
}

#[tokio::test]
async fn must_know_9_large_messages_are_taken() {
    let (_running, channel) = connected().await;
    for size in [5 << 20, 40 << 20] {
        let config = Some(DynamicValue { msgpack: vec![b'x'; size].into(), ..DynamicValue::default() });
        let request =
            validate_resource_config::Request { config, ..validate_resource_config::Request::default() };
        let answer = within(20_000, provider(&channel).validate_resource_config(request)).await.unwrap();
        assert_eq!(answer.get_ref().diagnostics[0].summary, size.to_string());
    }
}

#[tokio::test]
async fn helper_services_answer() {
    let (_running, channel) = connected().await;
    let mut health = HealthClient::new(channel.clone());
    for service in ["plugin", ""] {
        let request = HealthCheckRequest { service: service.to_owned() };
        assert_eq!(health.check(request).await.unwrap().get_ref().status(), ServingStatus::Serving);
    }
    let other = HealthCheckRequest { service: "other".to_owned() };
    assert_eq!(health.check(other.clone()).await.unwrap_err().code(), Code::NotFound);
    let mut watched = health.watch(other).await.unwrap().into_inner();
    assert_eq!(watched.message().await.unwrap().unwrap().status(), ServingStatus::ServiceUnknown);
    // Output stays open and says nothing.
    let mut stdio = GrpcStdioClient::new(channel.clone()).stream_stdio(()).await.unwrap().into_inner();
    assert!(tokio::time::timeout(Duration::from_millis(200), stdio.message()).await.is_err());
    // A method that the provider does not have.
    let missing = provider(&channel).get_functions(get_functions::Request {}).await.unwrap_err();
    assert_eq!(missing.code(), Code::Unimplemented);
}
