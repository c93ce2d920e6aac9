//! From the handshake line to the last answer.

use std::{io, sync::Arc, time::Duration};

use proto::{
    go_plugin::{
        grpc_broker_server::GrpcBrokerServer, grpc_controller_server::GrpcControllerServer,
        grpc_stdio_server::GrpcStdioServer,
    },
    health::health_server::HealthServer,
    tfplugin6::provider_server::{Provider, ProviderServer},
};
use tokio::{
    sync::mpsc,
    time::{sleep, timeout},
};
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::transport::Server;

use super::{
    Plugin, StartError,
    environment::Environment,
    handshake,
    lifetime::{Connections, Reason, Signals},
    listen::{Connection, Listener},
    services::Helpers,
    tls::Tls,
    usage,
};

/// Largest message either way, as much as other providers take: a state can hold whole files.
const MESSAGE_LIMIT: usize = 256 << 20;

/// How long a peer may take to prove that it is the host.
const TLS_HANDSHAKE: Duration = Duration::from_secs(10);

/// How long the answer to Shutdown may take to get out.
const FAREWELL: Duration = Duration::from_millis(100);

/// Serves until there is a [`Reason`] to stop and nothing is left to wait for.
pub(super) async fn serve<P: Provider>(
    plugin: &Plugin,
    environment: &Environment,
    debug: bool,
    make: impl FnOnce(TaskTracker) -> P,
) -> Result<(), StartError> {
    let signals = Signals::listen(debug).map_err(StartError::Runtime)?;
    let listener = Arc::new(Listener::bind(plugin, environment)?);
    let tls = environment.client_certificate.as_deref().map(|pem| Tls::new(plugin.name, pem)).transpose()?;
    let line = if debug {
        handshake::reattach(plugin, &listener.address)
    } else {
        handshake::line(&listener.address, tls.as_ref().map(|t| &t.certificate[..]), environment.multiplex)
    };
    usage::print(&line)?;
    if debug {
        crate::log::to_stderr("Put this line into the environment of Terraform. Stop with Ctrl-C.\n");
    }

    let tracker = TaskTracker::new();
    let helpers = Helpers { leaving: CancellationToken::new(), shutdown: CancellationToken::new(), debug };
    let leaving = helpers.leaving.clone();
    let shutdown = helpers.shutdown.clone();
    let connections = Connections::new();
    let (accepted, incoming) = mpsc::channel(8);
    let accepting = tokio::spawn(accept(
        plugin.name,
        listener.clone(),
        tls,
        connections.clone(),
        accepted,
        leaving.clone(),
    ));
    let provider = ProviderServer::new(make(tracker.clone()))
        .max_decoding_message_size(MESSAGE_LIMIT)
        .max_encoding_message_size(MESSAGE_LIMIT);
    let serving = Server::builder()
        .add_service(provider)
        .add_service(GrpcStdioServer::new(helpers.clone()))
        .add_service(GrpcBrokerServer::new(helpers.clone()))
        .add_service(GrpcControllerServer::new(helpers.clone()))
        .add_service(HealthServer::new(helpers))
        .serve_with_incoming_shutdown(ReceiverStream::new(incoming), leaving.clone().cancelled_owned());
    // Polled by a task of its own, so that it can be left behind.
    let mut serving = tokio::spawn(serving);

    let reason = tokio::select! {
        () = shutdown.cancelled() => Reason::Shutdown,
        () = signals.terminate.cancelled() => Reason::Terminated,
        () = connections.abandoned(), if !debug => Reason::Abandoned,
    };
    tracing::debug!(?reason, work = tracker.len(), "leaving");
    leaving.cancel();
    tracker.close();
    let finish = async {
        match reason {
            // Open calls are not worth waiting for: the host has said that it does not want their answers.
            Reason::Shutdown => drop(timeout(FAREWELL, &mut serving).await),
            Reason::Terminated => drop((&mut serving).await),
            Reason::Abandoned => {}
        }
        // Work that a vanished client must not undo.
        tracker.wait().await;
    };
    tokio::select! {
        () = finish => {}
        () = signals.insist.cancelled() => {}
    }
    // It has stopped already; what it holds keeps the socket in the file system.
    let _ = accepting.await;
    listener.sweep(plugin);
    Ok(())
}

/// Accepts connections until the process leaves, and passes on those whose peer is the host.
async fn accept(
    name: &'static str,
    listener: Arc<Listener>,
    tls: Option<Tls>,
    connections: Connections,
    accepted: mpsc::Sender<io::Result<Connection>>,
    leaving: CancellationToken,
) {
    loop {
        let stream = tokio::select! {
            () = leaving.cancelled() => return,
            stream = listener.accept() => stream,
        };
        let stream = match stream {
            Ok(stream) => stream,
            Err(error) => {
                // Out of file descriptors, most likely: trying again at once would only burn time.
                crate::log::complain(name, &format_args!("cannot accept a connection: {error}"));
                sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let (connections, accepted) = (connections.clone(), accepted.clone());
        let Some(acceptor) = tls.as_ref().map(|tls| tls.acceptor.clone()) else {
            let connection = Connection { stream, _open: connections.open() };
            let _ = accepted.send(Ok(connection)).await;
            continue;
        };
        // In a task of its own: a peer that says nothing must not keep the host out.
        tokio::spawn(async move {
            match timeout(TLS_HANDSHAKE, acceptor.accept(stream)).await {
                Ok(Ok(stream)) => {
                    let connection = Connection { stream: Box::new(stream), _open: connections.open() };
                    let _ = accepted.send(Ok(connection)).await;
                }
                // Not even a hello: somebody looked whether the socket is alive.
                Ok(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    tracing::debug!(%error, "connection closed before the TLS handshake");
                }
                // Nobody else learns the reason: the host only sees that the plugin did not respond.
                Ok(Err(error)) => crate::log::complain(name, &format_args!("refused a connection: {error}")),
                Err(_) => crate::log::complain(name, &"refused a connection: no TLS handshake in time"),
            }
        });
    }
}
