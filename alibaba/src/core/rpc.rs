//! RPC-style calls: one action name, flat parameters, a JSON object in return.

pub(crate) mod errors;

use bytes::Bytes;
use http::Method;

use crate::core::request::{Idempotency, Request, Response, Scheme};
use crate::core::session::Session;
use crate::endpoint::Service;
use crate::error::Error;
use crate::sign::Pairs;

/// An API of the RPC style.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Api {
    pub(crate) service: Service,
    pub(crate) version: &'static str,
}

/// An action of such an API.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Action {
    pub(crate) name: &'static str,
    pub(crate) method: Verb,
    pub(crate) idempotency: Idempotency,
    pub(crate) per_second: Option<u32>,
}

/// The two methods of the style; `http::Method` is not `Copy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Get,
    Post,
}

impl Api {
    pub(crate) async fn call(
        self,
        session: &Session,
        region: Option<&str>,
        action: Action,
        parameters: Pairs,
    ) -> Result<Response, Error> {
        self.send(session, region, action, parameters, Scheme::Acs3 { version: self.version }).await
    }

    /// A call that is not signed: its proof is the secret of the client's credentials, an identity token.
    pub(crate) async fn call_with_token(
        self,
        session: &Session,
        region: Option<&str>,
        action: Action,
        parameters: Pairs,
    ) -> Result<Response, Error> {
        self.send(session, region, action, parameters, Scheme::IdentityToken { version: self.version }).await
    }

    async fn send(
        self,
        session: &Session,
        region: Option<&str>,
        action: Action,
        parameters: Pairs,
        scheme: Scheme,
    ) -> Result<Response, Error> {
        let method = if action.method == Verb::Get { Method::GET } else { Method::POST };
        let request = Request {
            service: self.service,
            action: action.name,
            scheme,
            idempotency: action.idempotency,
            per_second: action.per_second,
            region: region.map(|id| session.region(id)).transpose()?,
            label: None,
            method,
            path: "/".to_owned(),
            query: parameters,
            headers: Vec::new(),
            body: Bytes::new(),
        };
        session.send(&request).await
    }
}
