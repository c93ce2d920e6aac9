//! Sockets: accepting connections, reading requests within bounds, writing answers. Knows nothing of services.

use std::future::poll_fn;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use super::DelayedReply;
use crate::http::Reply;

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
pub(crate) async fn serve<H>(listener: TcpListener, handler: H, mut stop: watch::Receiver<bool>)
where
    H: Fn(Parts, Bytes) -> DelayedReply + Send + Sync + 'static,
{
    let shared = Arc::new((handler, Semaphore::new(LARGE_BODIES)));
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

/// What answers requests, and the places for large bodies.
type Serving<H> = Arc<(H, Semaphore)>;

async fn connection<H>(stream: TcpStream, shared: Serving<H>, mut stop: watch::Receiver<bool>)
where
    H: Fn(Parts, Bytes) -> DelayedReply + Send + Sync + 'static,
{
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| Box::pin(respond(request, Arc::clone(&shared))));
    let mut connection = http1::Builder::new()
        // A client that has sent all it had may close that side and still wants its answer.
        .half_close(true)
        .max_buf_size(HEAD_BYTES)
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .serve_connection(TokioIo::new(stream), service);
    let ended = tokio::select! {
        ended = poll_fn(|context| connection.poll_without_shutdown(context)) => ended,
        () = stopped(&mut stop) => {
            Pin::new(&mut connection).graceful_shutdown();
            poll_fn(|context| connection.poll_without_shutdown(context)).await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "connection ended");
    }
    linger(connection.into_parts().io.into_inner()).await;
}

/// Closes a connection so that the client can read the last answer: closing with something unread would reset it, which
/// takes the answer from a client that is still sending.
async fn linger(mut stream: TcpStream) {
    let rest = async {
        stream.shutdown().await?;
        tokio::io::copy(&mut stream, &mut tokio::io::sink()).await
    };
    let _ = tokio::time::timeout(LINGER, rest).await;
}

async fn respond<H>(
    request: http::Request<Incoming>,
    shared: Serving<H>,
) -> Result<Response<Full<Bytes>>, Dropped>
where
    H: Fn(Parts, Bytes) -> DelayedReply + Send + Sync + 'static,
{
    let (head, body) = request.into_parts();
    if body.size_hint().lower() > BODY_BYTES as u64 {
        return Ok(refusal(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large"));
    }
    let (handler, places) = &*shared;
    // The semaphore is never closed, so there is a place in the end.
    let large = body.size_hint().upper().is_none_or(|size| size > SMALL_BODY_BYTES);
    let place = if large { places.acquire().await.ok() } else { None };
    let body = match tokio::time::timeout(BODY_TIME, Limited::new(body, BODY_BYTES).collect()).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            return Ok(refusal(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large"));
        }
        Ok(Err(_)) => return Ok(refusal(StatusCode::BAD_REQUEST, "the body ended early or is malformed")),
        Err(_) => return Ok(refusal(StatusCode::REQUEST_TIMEOUT, "the body took too long")),
    };
    let delayed = handler(head, body);
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

fn response(reply: Reply) -> Response<Full<Bytes>> {
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
