//! The index of a logstore: what is searchable in it. Kept as the service's own document, because an update replaces all
//! of it, and what is left out is lost (SLS API reference, CreateIndex).

use http::Method;
use serde::Deserialize;
use serde_json::Value;

use super::{Call, Sls, logstore_path};
use crate::answer::{Answer, Unexpected, there};
use crate::error::Error;

/// An index, which is kept as it is. It does not name its logstore, and has at least one of two parts.
#[derive(Deserialize)]
#[serde(transparent)]
struct Index(Value);

impl Answer for Index {
    fn check(&self, _: &str) -> Result<(), Unexpected> {
        let part = |name: &str| self.0.get(name).filter(|part| part.is_object());
        there("keys", part("keys").or_else(|| part("line")))
    }
}

fn object(project: &str, logstore: &str) -> String {
    format!("index/{project}/{logstore}")
}

fn path(logstore: &str) -> Result<String, Error> {
    Ok(format!("{}/index", logstore_path(logstore)?))
}

impl Sls {
    /// The index of a logstore as the service has it; none if there is none.
    pub async fn get_index(&self, project: &str, logstore: &str) -> Result<Option<Value>, Error> {
        let call = Call::new("GetIndex", Method::GET, Some(project), &path(logstore)?);
        match self.read(call, logstore).await {
            // The status of this one is 400, so the code has to tell.
            Err(error) if error.is_code("IndexConfigNotExist") => Ok(None),
            answer => answer.map(|Index(index)| Some(index)),
        }
    }

    /// Gives a logstore an index. Called again, it says that there is one.
    pub async fn create_index(&self, project: &str, logstore: &str, index: &Value) -> Result<(), Error> {
        let call = Call::new("CreateIndex", Method::POST, Some(project), &path(logstore)?).json(index)?;
        self.write(&object(project, logstore), call).await
    }

    /// Replaces the index of a logstore, all of it. It holds for what is written from then on.
    pub async fn update_index(&self, project: &str, logstore: &str, index: &Value) -> Result<(), Error> {
        let call = Call::new("UpdateIndex", Method::PUT, Some(project), &path(logstore)?).json(index)?;
        self.write(&object(project, logstore), call).await
    }

    /// Takes the index from a logstore, whose logs can then not be searched any more.
    pub async fn delete_index(&self, project: &str, logstore: &str) -> Result<(), Error> {
        let call = Call::new("DeleteIndex", Method::DELETE, Some(project), &path(logstore)?);
        self.write(&object(project, logstore), call).await
    }
}
