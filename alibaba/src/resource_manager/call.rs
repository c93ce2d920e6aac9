//! How Resource Management is called.

use crate::core::answer::Answer;
use crate::core::request::Idempotency;
use crate::core::rpc::{Action, Api, Verb};
use crate::core::session::Session;
use crate::endpoint::Service;
use crate::error::Error;
use crate::sign::Pairs;

const API: Api = Api { service: Service::ResourceManager, version: "2020-03-31" };
const DIRECTORY: Api = Api { service: Service::ResourceDirectory, version: "2022-04-19" };

pub(super) const fn action(name: &'static str, idempotency: Idempotency) -> Action {
    Action { name, method: Verb::Post, idempotency, per_second: Some(10) }
}

/// Resource Management of one account.
#[derive(Debug, Clone)]
pub struct ResourceManager {
    pub(super) session: Session,
}

impl ResourceManager {
    pub(crate) fn new(session: Session) -> Self {
        Self { session }
    }

    pub(super) async fn call<T: Answer>(
        &self,
        action: Action,
        parameters: Pairs,
        asked: &str,
    ) -> Result<T, Error> {
        let answer = API.call(&self.session, None, action, parameters).await?;
        self.session.read_json(answer, asked).await
    }

    /// A call about the organization.
    pub(super) async fn ask_directory<T: Answer>(
        &self,
        action: Action,
        parameters: Pairs,
        asked: &str,
    ) -> Result<T, Error> {
        let answer = self.directory().call(&self.session, None, action, parameters).await?;
        self.session.read_json(answer, asked).await
    }

    pub(super) fn directory(&self) -> Api {
        if self.session.config().endpoints.international { DIRECTORY } else { API }
    }
}

pub(super) fn pair(name: &str, value: &str) -> Pairs {
    vec![(name.to_owned(), value.to_owned())]
}
