//! Sockets: accepting connections, reading requests within bounds, writing answers. Knows nothing of services.
//!
//! Where TLS is spoken, the first byte of a connection tells whether it begins with a handshake. What is inside, or what
//! follows after `CONNECT`, is read the same way again: plain HTTP, TLS, and both behind a tunnel are at one address.

use std::future::poll_fn;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, Method, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;

use super::DelayedReply;
use super::proxy::{self, Refusal};
use crate::http::Reply;
use crate::tls::HANDSHAKE;

/// Longest head of a request.
const HEAD_BYTES: usize = 64 * 1024;
/// Largest body of a request.
const BODY_BYTES: usize = 32 * 1024 * 1024;
/// Bodies longer than this, or of unknown length, are read only so many at a time.
const SMALL_BODY_BYTES: u64 = 1024 * 1024;
const LARGE_BODIES: usize = 16;
/// Connections served at a time; more wait in the queue of the socket.
const CONNECTIONS: usize = 4096;
/// How long a connection may idle or take for a head: longer than clients keep idle connections, so that they close first.
const HEAD_TIME: Duration = Duration::from_secs(150);
/// How long a TLS handshake may take.
const HANDSHAKE_TIME: Duration = Duration::from_secs(30);
/// How many layers a connection may have: TLS to the proxy, a tunnel, and TLS in it are three.
const LAYERS: usize = 4;
/// How long a body may take.
const BODY_TIME: Duration = Duration::from_secs(60);
/// How long what a client still sends is read after the last answer.
const LINGER: Duration = Duration::from_secs(2);
/// How long connections have to finish when the listener stops.
const GRACE: Duration = Duration::from_secs(2);

/// The connection is to be closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection is closed on purpose")]
struct Dropped;

/// Serves connections until told to stop.
pub(crate) async fn serve<H>(
    listener: TcpListener,
    handler: H,
    tls: Option<TlsAcceptor>,
    mut stop: watch::Receiver<bool>,
) where
    H: Fn(Parts, Bytes) -> DelayedReply + Send + Sync + 'static,
{
    let shared = Arc::new(Serving { handler, places: Semaphore::new(LARGE_BODIES), tls });
    let slots = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = tokio::task::JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped(&mut stop) => break,
        };
        match accepted {
            Ok((stream, _)) => {
                let (shared, stop) = (Arc::clone(&shared), stop.clone());
                connections.spawn(async move {
                    connection(stream, shared, stop).await;
                    drop(slot);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                // Out of file descriptors, most likely: wait for some to close.
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    let all = async { while connections.join_next().await.is_some() {} };
    // Those that do not finish in time are aborted with the set.
    let _ = tokio::time::timeout(GRACE, all).await;
}

/// Resolves when the other side says stop or is gone.
pub(crate) async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// What answers requests, the places for large bodies, and what takes TLS connections.
struct Serving<H> {
    handler: H,
    places: Semaphore,
    tls: Option<TlsAcceptor>,
}

/// The bytes of a connection, or of a layer in it.
trait Bidirectional: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Bidirectional for T {}

type Stream = Box<dyn Bidirectional>;

/// Serves a connection through all its layers.
async fn connection<H>(stream: TcpStream, serving: Arc<Serving<H>>, mut stop: watch::Receiver<bool>)
where
    H: Fn(Parts, Bytes) -> DelayedReply + Send + Sync + 'static,
{
    let _ = stream.set_nodelay(true);
    let mut stream: Stream = Box::new(stream);
    for layer in 1..=LAYERS {
        if let Some(tls) = &serving.tls {
            let mut buffered = BufReader::new(stream);
            let first = tokio::select! {
                first = tokio::time::timeout(HEAD_TIME, buffered.fill_buf()) => first,
                () = stopped(&mut stop) => return,
            };
            let first = first.ok().and_then(Result::ok).and_then(|bytes| bytes.first().copied());
            if first == Some(HANDSHAKE) {
                let handshake = tls.accept(buffered).into_fallible();
                let accepted = tokio::select! {
                    accepted = tokio::time::timeout(HANDSHAKE_TIME, handshake) => accepted,
                    () = stopped(&mut stop) => return,
                };
                match accepted {
                    Ok(Ok(inner)) => stream = Box::new(inner),
                    Ok(Err((error, rest))) => {
                        tell(&error);
                        // The client is to read the alert.
                        return linger(Box::new(rest)).await;
                    }
                    Err(_) => return,
                }
                continue;
            }
            stream = Box::new(buffered);
        }
        match http(stream, &serving, layer < LAYERS, &mut stop).await {
            Some(tunnel) => stream = tunnel,
            None => return,
        }
    }
}

/// Says that a handshake failed; loudly when it was the client who refused, most likely for want of trust.
fn tell(error: &io::Error) {
    let cause = error.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>());
    if let Some(rustls::Error::AlertReceived(alert)) = cause {
        tracing::warn!(
            ?alert,
            "a client refused the TLS handshake; does it trust the certificate authority of the mock?"
        );
    } else {
        tracing::info!(%error, "a TLS handshake failed");
    }
}

/// Serves HTTP on a stream until it ends, or until a tunnel is opened on it: then gives what is in the tunnel.
async fn http<H>(
    stream: Stream,
    serving: &Arc<Serving<H>>,
    may_tunnel: bool,
    stop: &mut watch::Receiver<bool>,
) -> Option<Stream>
where
    H: Fn(Parts, Bytes) -> DelayedReply + Send + Sync + 'static,
{
    let tunnel = Arc::new(AtomicBool::new(false));
    let service = {
        let (serving, tunnel) = (Arc::clone(serving), Arc::clone(&tunnel));
        service_fn(move |request| {
            Box::pin(respond(request, Arc::clone(&serving), may_tunnel, Arc::clone(&tunnel)))
        })
    };
    let mut connection = http1::Builder::new()
        // A client that has sent all it had may close that side and still wants its answer.
        .half_close(true)
        .max_buf_size(HEAD_BYTES)
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .serve_connection(TokioIo::new(stream), service);
    let ended = tokio::select! {
        ended = poll_fn(|context| connection.poll_without_shutdown(context)) => ended,
        () = stopped(stop) => {
            Pin::new(&mut connection).graceful_shutdown();
            poll_fn(|context| connection.poll_without_shutdown(context)).await
        }
    };
    if let Err(error) = &ended {
        tracing::debug!(%error, "connection ended");
    }
    let parts = connection.into_parts();
    let stream = parts.io.into_inner();
    if ended.is_ok() && tunnel.load(Ordering::Acquire) {
        if parts.read_buf.is_empty() {
            return Some(stream);
        }
        // What the client sent without waiting for the answer is in the tunnel already.
        let (reader, writer) = tokio::io::split(stream);
        let reader = AsyncReadExt::chain(io::Cursor::new(parts.read_buf), reader);
        return Some(Box::new(tokio::io::join(reader, writer)));
    }
    linger(stream).await;
    None
}

/// Closes a connection so that the client can read the last answer: closing with something unread would reset it, which
/// takes the answer from a client that is still sending.
async fn linger(mut stream: Stream) {
    let rest = async {
        stream.shutdown().await?;
        tokio::io::copy(&mut stream, &mut tokio::io::sink()).await
    };
    let _ = tokio::time::timeout(LINGER, rest).await;
}

/// Answers `CONNECT`.
fn connect(target: &http::Uri, has_tls: bool, may_tunnel: bool) -> Result<(), Refusal> {
    match (has_tls, may_tunnel) {
        (false, _) => Err(Refusal::NoTls),
        (true, false) => Err(Refusal::Depth),
        (true, true) => proxy::admit(target),
    }
}

async fn respond<H>(
    request: http::Request<Incoming>,
    serving: Arc<Serving<H>>,
    may_tunnel: bool,
    tunnel: Arc<AtomicBool>,
) -> Result<Response<Full<Bytes>>, Dropped>
where
    H: Fn(Parts, Bytes) -> DelayedReply + Send + Sync + 'static,
{
    if request.method() == Method::CONNECT {
        return Ok(match connect(request.uri(), serving.tls.is_some(), may_tunnel) {
            Ok(()) => {
                tunnel.store(true, Ordering::Release);
                Response::new(Full::default())
            }
            Err(refusal) => {
                tracing::warn!("CONNECT refused: {refusal}");
                refusal.response()
            }
        });
    }
    let (head, body) = request.into_parts();
    if body.size_hint().lower() > BODY_BYTES as u64 {
        return Ok(refusal(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large"));
    }
    // The semaphore is never closed, so there is a place in the end.
    let large = body.size_hint().upper().is_none_or(|size| size > SMALL_BODY_BYTES);
    let place = if large { serving.places.acquire().await.ok() } else { None };
    let body = match tokio::time::timeout(BODY_TIME, Limited::new(body, BODY_BYTES).collect()).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            return Ok(refusal(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large"));
        }
        Ok(Err(_)) => return Ok(refusal(StatusCode::BAD_REQUEST, "the body ended early or is malformed")),
        Err(_) => return Ok(refusal(StatusCode::REQUEST_TIMEOUT, "the body took too long")),
    };
    let delayed = (serving.handler)(head, body);
    drop(place);
    if !delayed.delay.is_zero() {
        tokio::time::sleep(delayed.delay).await;
    }
    delayed.reply.map(response).ok_or(Dropped)
}

/// An answer for a request that could not be read; the connection is of no more use after it.
fn refusal(status: StatusCode, message: &str) -> Response<Full<Bytes>> {
    let body = serde_json::json!({ "Code": "MalformedRequest", "Message": message });
    let mut response = response(Reply::json(status, &body));
    response.headers_mut().insert(http::header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// The answer as it goes onto the wire.
pub(super) fn response(reply: Reply) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(reply.body));
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers;
    response
}

/// Binds a listener and tells its address.
pub(crate) async fn bind(address: std::net::SocketAddr) -> io::Result<(TcpListener, std::net::SocketAddr)> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}
