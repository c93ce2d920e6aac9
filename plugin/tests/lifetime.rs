//! How the plugin's process ends, and what must not end it.
//!
//! Tests named `must_know_…` hold what costs users hours when it is wrong.
#![cfg(unix)]
#![allow(clippy::unwrap_used)] // Also outside the test functions themselves.

mod common;

use std::time::Duration;

use common::*;
use nix::sys::signal::Signal;
use plugin::serve::host::{Identity, Running, connect};
use proto::{
    go_plugin::{
        ConnInfo, Empty, grpc_broker_client::GrpcBrokerClient, grpc_controller_client::GrpcControllerClient,
        grpc_stdio_client::GrpcStdioClient,
    },
    tfplugin6::{
        DynamicValue, apply_resource_change, call_function, read_resource, validate_provider_config,
    },
};
use tokio::{process::Command, sync::mpsc, time::sleep};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;

/// A call that takes so many milliseconds, on its way.
fn reading(channel: &Channel, milliseconds: u64) -> tokio::task::JoinHandle<bool> {
    let mut provider = provider(channel);
    let type_name = milliseconds.to_string();
    tokio::spawn(async move {
        let request = read_resource::Request { type_name, ..read_resource::Request::default() };
        provider.read_resource(request).await.is_ok()
    })
}

/// A call that leaves work behind, which makes `file` after so many milliseconds, and never answers.
fn applying(channel: &Channel, file: &std::path::Path, milliseconds: u64) -> tokio::task::JoinHandle<bool> {
    let mut provider = provider(channel);
    let request = apply_resource_change::Request {
        type_name: file.to_str().unwrap().to_owned(),
        planned_state: Some(DynamicValue {
            msgpack: milliseconds.to_string().into(),
            ..DynamicValue::default()
        }),
        ..apply_resource_change::Request::default()
    };
    tokio::spawn(async move { provider.apply_resource_change(request).await.is_ok() })
}

#[tokio::test]
async fn shutdown_is_prompt_even_with_open_streams() {
    let (running, channel) = connected().await;
    let mut stdio = GrpcStdioClient::new(channel.clone()).stream_stdio(()).await.unwrap().into_inner();
    let (_keep, messages) = mpsc::channel::<ConnInfo>(1);
    let mut broker = GrpcBrokerClient::new(channel.clone());
    let mut broker = broker.start_stream(ReceiverStream::new(messages)).await.unwrap().into_inner();
    GrpcControllerClient::new(channel).shutdown(Empty {}).await.unwrap();
    let (code, _, err) = end(running, 20_000).await;
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(!matches!(stdio.message().await, Ok(Some(_))) && !matches!(broker.message().await, Ok(Some(_))));
}

#[tokio::test]
async fn shutdown_does_not_wait_for_calls_nobody_wants_any_more() {
    let (running, channel) = connected().await;
    let call = reading(&channel, 30_000);
    sleep(Duration::from_millis(100)).await;
    GrpcControllerClient::new(channel).shutdown(Empty {}).await.unwrap();
    assert_eq!(end(running, 20_000).await.0, Some(0));
    assert!(!call.await.unwrap());
}

#[tokio::test]
async fn must_know_4_interrupt_is_ignored() {
    let (running, channel) = connected().await;
    let call = reading(&channel, 400);
    for _ in 0..3 {
        sleep(Duration::from_millis(50)).await;
        signal(&running, Signal::SIGINT);
    }
    assert!(within(5_000, call).await.unwrap(), "the call in flight is answered");
    assert!(answers(&channel).await, "and later ones");
}

#[tokio::test]
async fn interrupt_right_after_the_handshake_is_ignored() {
    let running = Running::start(plugin(None)).await.unwrap();
    signal(&running, Signal::SIGINT);
    assert!(answers(&running.connect(None).await.unwrap()).await);
}

#[tokio::test]
async fn terminate_finishes_running_calls_first() {
    let (running, channel) = connected().await;
    let _stdio = GrpcStdioClient::new(channel.clone()).stream_stdio(()).await.unwrap();
    let call = reading(&channel, 500);
    sleep(Duration::from_millis(100)).await;
    signal(&running, Signal::SIGTERM);
    assert!(within(5_000, call).await.unwrap());
    assert_eq!(end(running, 1_000).await.0, Some(0));
}

#[tokio::test]
async fn second_terminate_does_not_wait() {
    let (running, channel) = connected().await;
    let call = reading(&channel, 30_000);
    sleep(Duration::from_millis(100)).await;
    let socket = running.socket().unwrap();
    signal(&running, Signal::SIGTERM);
    sleep(Duration::from_millis(200)).await;
    signal(&running, Signal::SIGTERM);
    end(running, 1_000).await;
    assert!(!call.await.unwrap() && !socket.exists());
}

/// The half of the matter that belongs to the process: work handed to the tracker outlives the dropped request, and
/// the process outlives the connection.
#[tokio::test]
async fn must_know_6_work_outlives_a_vanished_client() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("made");
    let (running, channel) = connected().await;
    let call = applying(&channel, &file, 2_000);
    sleep(Duration::from_millis(200)).await;
    call.abort();
    drop((call.await, channel));
    assert!(!file.exists());
    end(running, 10_000).await;
    assert!(file.exists(), "the process ended before its work did");
}

#[tokio::test]
async fn shutdown_waits_for_work() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("made");
    let (running, channel) = connected().await;
    let _call = applying(&channel, &file, 1_000);
    sleep(Duration::from_millis(200)).await;
    GrpcControllerClient::new(channel).shutdown(Empty {}).await.unwrap();
    end(running, 5_000).await;
    assert!(file.exists());
}

#[tokio::test]
async fn must_know_17_goes_when_its_only_connection_closes() {
    let (running, channel) = connected().await;
    assert!(answers(&channel).await);
    let socket = running.socket().unwrap();
    drop(channel);
    assert_eq!(end(running, 4_000).await.0, Some(0));
    assert!(!socket.exists());
}

#[tokio::test]
async fn stays_while_it_has_not_been_connected_to_and_while_somebody_comes_back() {
    let running = Running::start(plugin(None)).await.unwrap();
    // Longer than it waits for a lost host.
    sleep(Duration::from_millis(1_500)).await;
    let first = running.connect(None).await.unwrap();
    assert!(answers(&first).await);
    drop(first);
    sleep(Duration::from_millis(300)).await;
    let second = running.connect(None).await.unwrap();
    sleep(Duration::from_millis(1_500)).await;
    assert!(answers(&second).await);
}

/// A refused stranger is no connection: neither does it keep the process, nor does its leaving end it.
#[tokio::test]
async fn refused_connections_do_not_count() {
    let identity = Identity::new().unwrap();
    let running = Running::start(plugin(Some(&identity))).await.unwrap();
    drop(connect("unix", &running.handshake.address, None).await);
    sleep(Duration::from_millis(1_500)).await;
    assert!(answers(&running.connect(Some(&identity)).await.unwrap()).await);
}

/// After a killed Terraform nobody reads standard error any more; writing to it must not matter.
#[tokio::test]
async fn closed_standard_error_does_no_harm() {
    let mut command = plugin(None);
    command.env("TF_LOG", "TRACE");
    let mut running = Running::start(command).await.unwrap();
    running.close_stderr();
    let channel = running.connect(None).await.unwrap();
    for _ in 0..2 {
        let request = validate_provider_config::Request::default();
        within(5_000, provider(&channel).validate_provider_config(request)).await.unwrap();
    }
    let panicked = provider(&channel).call_function(call_function::Request::default()).await;
    assert!(panicked.is_err() && answers(&channel).await);
}

#[tokio::test]
async fn panic_is_reported_as_terraform_expects_and_ends_nothing() {
    let (running, channel) = connected().await;
    let request =
        call_function::Request { name: "the reason".to_owned(), ..call_function::Request::default() };
    assert!(within(5_000, provider(&channel).call_function(request)).await.is_err());
    assert!(answers(&channel).await);
    GrpcControllerClient::new(channel).shutdown(Empty {}).await.unwrap();
    let (code, _, err) = end(running, 1_000).await;
    assert_eq!(code, Some(0));
    assert!(err.starts_with("panic: the reason\nat ") && err.contains("call_function"), "{err}");
    assert!(err.lines().count() < 100);
}

#[tokio::test]
async fn reattach_mode_serves_many_and_stops_on_interrupt() {
    let mut command = Command::new(PLUGIN);
    command.arg("--debug").env_remove("TF_PLUGIN_MAGIC_COOKIE");
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).kill_on_drop(true);
    let running = Running::start_debug(command).await.unwrap();
    assert!(running.handshake.certificate.is_empty());
    let socket = running.socket().unwrap();
    for _ in 0..2 {
        // A probe that is closed at once, then the real one, as Terraform does in every phase.
        drop(running.connect(None).await.unwrap());
        let channel = running.connect(None).await.unwrap();
        assert!(answers(&channel).await);
        // No client may end it for the others.
        GrpcControllerClient::new(channel.clone()).shutdown(Empty {}).await.unwrap();
        assert!(answers(&channel).await);
        drop(channel);
        sleep(Duration::from_millis(1_200)).await;
    }
    signal(&running, Signal::SIGINT);
    assert_eq!(end(running, 2_000).await.0, Some(0));
    assert!(!socket.exists());
}

/// Lines that break Terraform must not come out, whatever is logged.
#[tokio::test]
async fn must_know_8_log_lines_are_what_terraform_can_read() {
    for (variables, expected) in [
        (&[("TF_LOG", "TRACE"), ("TF_LOG_PROVIDER", "INFO")][..], &["info", "warn", "error"][..]),
        (&[("TF_LOG_PROVIDER_MINIMAL", "error"), ("TF_LOG", "TRACE")], &["error"]),
        (&[], &[]),
    ] {
        let identity = Identity::new().unwrap();
        let mut command = plugin(Some(&identity));
        command.envs(variables.iter().copied());
        let running = Running::start(command).await.unwrap();
        let channel = running.connect(Some(&identity)).await.unwrap();
        let request = validate_provider_config::Request::default();
        provider(&channel).validate_provider_config(request).await.unwrap();
        GrpcControllerClient::new(channel).shutdown(Empty {}).await.unwrap();
        let (_, out, err) = end(running, 1_000).await;
        assert_eq!(out, "");
        let records: Vec<serde_json::Value> =
            err.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let levels: Vec<_> = records.iter().map(|r| r["@level"].as_str().unwrap()).collect();
        assert_eq!(levels, expected, "{err}");
        for record in &records {
            assert!(record["@message"].is_string() && record["@module"].is_string(), "{record}");
            let at = record["@timestamp"].as_str().unwrap();
            assert!(at.len() == "2025-01-02T03:04:05.123456Z".len() && at.ends_with('Z'), "{at}");
        }
        assert!(err.lines().all(|line| line.len() < 64 << 10));
        if let Some(last) = records.last() {
            // Its own fields have names that mean something to Terraform.
            assert!(last["@message"].as_str().unwrap().starts_with("long long "), "{last}");
            assert_eq!((&last["level"], &last["message"]), (&7.into(), &8.into()));
        }
        if let Some(first) = records.first().filter(|r| r["@level"] == "info") {
            assert_eq!(first["@message"], "checked \"it\"\nwell");
            // The span around it adds its fields; the record's own count more.
            assert_eq!((&first["rpc"], &first["attempt"]), (&"ValidateProviderConfig".into(), &2.into()));
            assert_eq!((&first["ratio"], &first["ok"]), (&0.5.into(), &true.into()));
        }
    }
}
