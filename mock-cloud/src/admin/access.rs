//! Who may use the admin API. It shows keys and can stop the mock, so pages in a browser must not reach it, neither by a
//! request to a loopback address nor by a host name of theirs that leads there; and beyond loopback it takes a token.
//!
//! A browser names the page that a request comes from in `Origin`, and lets pages of other sites send without asking
//! only what a form can send, which no JSON is. Clients that are no browsers send no `Origin`.

use std::net::SocketAddr;

use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, ORIGIN};
use http::request::Parts;
use http::{HeaderName, Method};
use sha2::{Digest, Sha256};

use crate::cloud::Secret;
use crate::gateway::local::{is_loopback, is_loopback_authority};

/// The checks that a request to the admin API has to pass.
pub(crate) struct Access {
    address: SocketAddr,
    token: Option<Secret>,
}

/// Why a request may not use the admin API.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Denied {
    #[error(
        "the header Host is missing or repeated: the admin interface on a loopback address has to be asked by that \
         address or localhost, with its port {0}"
    )]
    NoHost(u16),
    #[error(
        "the request is for the host {host:?}: the admin interface on a loopback address has to be asked by that \
         address or localhost, with its port {port}"
    )]
    Host { host: String, port: u16 },
    #[error(
        "the request comes from a page at {0:?} (header Origin): pages of other sites may not use the admin interface"
    )]
    Origin(String),
    #[error(
        "the header Authorization is not \"Bearer\" and the token of the admin interface: it was given at the start, or \
         is admin_token in the line that the mock printed when it was ready"
    )]
    Token,
    #[error("a {method} request has to say Content-Type: application/json; this one says {kind:?}")]
    ContentType { method: Method, kind: String },
}

impl Access {
    /// Checks for a listener at this address. With a token, every request needs it.
    pub(crate) fn new(address: SocketAddr, token: Option<Secret>) -> Self {
        Self { address, token }
    }

    /// Checks a request before anything is read or changed for it.
    pub(crate) fn check(&self, head: &Parts, body: &[u8]) -> Result<(), Denied> {
        let hosts = self.hosts(head)?;
        self.origin(head, &hosts)?;
        self.token(head)?;
        content_type(head, body)
    }

    /// The hosts that a request names, in its line and in `Host`. On a loopback address all of them have to be that.
    fn hosts<'h>(&self, head: &'h Parts) -> Result<Vec<&'h str>, Denied> {
        let port = self.address.port();
        let headers = texts(head, &HOST);
        let line = head.uri.authority().map(|authority| authority.as_str());
        if headers.len() > 1 || (headers.is_empty() && line.is_none()) {
            return Err(Denied::NoHost(port));
        }
        let hosts: Vec<&str> = line.into_iter().chain(headers).collect();
        let foreign = hosts.iter().find(|host| !is_loopback_authority(host, port));
        match foreign.filter(|_| is_loopback(self.address.ip())) {
            Some(host) => Err(Denied::Host { host: (*host).to_owned(), port }),
            None => Ok(hosts),
        }
    }

    /// A page may only come from the listener itself, which serves none.
    fn origin(&self, head: &Parts, hosts: &[&str]) -> Result<(), Denied> {
        let here = |origin: &str| {
            origin.strip_prefix("http://").is_some_and(|page| match is_loopback(self.address.ip()) {
                true => is_loopback_authority(page, self.address.port()),
                false => hosts.iter().all(|host| host.eq_ignore_ascii_case(page)),
            })
        };
        match texts(head, &ORIGIN).into_iter().find(|origin| !here(origin)) {
            Some(origin) => Err(Denied::Origin(origin.to_owned())),
            None => Ok(()),
        }
    }

    fn token(&self, head: &Parts) -> Result<(), Denied> {
        let Some(token) = &self.token else { return Ok(()) };
        let given = texts(head, &AUTHORIZATION);
        let given = match given.as_slice() {
            [one] => one.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer")),
            _ => None,
        };
        // Digests, so that the time that comparing takes says nothing about the token.
        let digest = |text: &str| Sha256::digest(text.as_bytes());
        match given {
            Some((_, given)) if digest(given.trim()) == digest(token.expose()) => Ok(()),
            _ => Err(Denied::Token),
        }
    }
}

/// What changes something has to be JSON and to say so. `DELETE` usually has no body, and no form can send it.
fn content_type(head: &Parts, body: &[u8]) -> Result<(), Denied> {
    let needed = match head.method {
        Method::GET | Method::HEAD => false,
        Method::POST | Method::PUT | Method::PATCH => true,
        _ => !body.is_empty(),
    };
    let kinds = texts(head, &CONTENT_TYPE);
    if needed && (kinds.is_empty() || !kinds.iter().all(|kind| is_json(kind))) {
        return Err(Denied::ContentType { method: head.method.clone(), kind: kinds.join(", ") });
    }
    Ok(())
}

fn is_json(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// The values of a header. What is no text counts as an unknown one.
fn texts<'h>(head: &'h Parts, name: &HeaderName) -> Vec<&'h str> {
    head.headers.get_all(name).iter().map(|value| value.to_str().unwrap_or("?")).collect()
}
