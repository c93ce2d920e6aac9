//! What an operation works with: the call, its place in the world, and the look-ups that all operations share.

use http::{Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::error::Error;
use super::state::{Logstore, Project, State};
use super::switches;
use crate::cloud::CloudState;
use crate::http::{Call, Reply};

/// What an operation answers.
pub(super) type Answer = Result<Reply, Error>;

/// One request under way.
pub(super) struct Request<'a> {
    /// The whole cloud: project names are unique in all of it.
    pub(super) cloud: &'a mut CloudState,
    /// The request itself.
    pub(super) call: &'a Call,
    /// The project it is for, empty on the region's host.
    pub(super) project: &'a str,
    /// What the path's placeholders stand for, in order.
    pub(super) names: Vec<&'a str>,
}

impl<'a> Request<'a> {
    /// What the path says at the given placeholder.
    pub(super) fn name(&self, index: usize) -> &'a str {
        self.names.get(index).copied().unwrap_or("")
    }

    /// The service clock in unix seconds.
    pub(super) fn now(&self) -> i64 {
        self.call.now.unix_timestamp()
    }

    /// Reads the JSON body.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let refused =
            |error: serde_json::Error| Error::body(format!("The body is not valid json string: {error}"));
        // Every body of this service is an object; a list would pass for a struct.
        let object: Map<String, Value> = serde_json::from_slice(&self.call.body).map_err(refused)?;
        serde_json::from_value(Value::Object(object)).map_err(refused)
    }

    /// What the caller has in the region of the call, or, where a project lets in a stranger, what its owner has.
    pub(super) fn region(&mut self) -> &mut State {
        let account = self.account();
        &mut self.cloud.region_mut(&account, &self.call.region).sls
    }

    /// The account in which the call acts.
    fn account(&self) -> String {
        let project = self.call.container.as_deref().filter(|_| self.call.let_in);
        let owner = project.and_then(|project| owner(self.cloud, &self.call.region, project));
        owner.unwrap_or(&self.call.caller.account).to_owned()
    }

    /// The project of this call, for its owner and whom it lets in; somebody else's is refused and one of another region is not there.
    pub(super) fn project(&mut self) -> Result<&mut Project, Error> {
        let name = self.project;
        self.project_named(name)
    }

    /// A project by name, as [`Self::project`] finds it.
    pub(super) fn project_named(&mut self, name: &str) -> Result<&mut Project, Error> {
        let (account, region) = (&self.account(), &self.call.region);
        let lag = switches::seconds(self.cloud.switches.get(&switches::PROJECT_LAG));
        let (now, reads) = (self.now(), self.call.method == Method::GET);
        let own =
            self.cloud.region(account, region).is_some_and(|region| region.sls.projects.contains_key(name));
        if !own {
            return Err(match owner(self.cloud, region, name) {
                Some(owner) => Error::denied(&self.call.action, region, owner, name),
                None => Error::no_project(name),
            });
        }
        let project = self.cloud.region_mut(account, region).sls.projects.get_mut(name);
        project
            .filter(|project| lag == 0 || project.create_time + lag <= now)
            .ok_or_else(|| if reads { Error::no_project(name) } else { Error::forbidden(name) })
    }

    /// The logstore that the first placeholder of the path names.
    pub(super) fn logstore(&mut self) -> Result<&mut Logstore, Error> {
        let name = self.name(0);
        self.project()?.logstores.get_mut(name).ok_or_else(|| Error::no_logstore(name))
    }

    /// The same for calls that find a new logstore late.
    pub(super) fn settled_logstore(&mut self) -> Result<&mut Logstore, Error> {
        let lag = switches::seconds(self.cloud.switches.get(&switches::LOGSTORE_LAG));
        let (name, now) = (self.name(0), self.now());
        let logstore = self.logstore()?;
        if lag > 0 && logstore.create_time + lag > now {
            return Err(Error::no_logstore(name));
        }
        Ok(logstore)
    }

    /// Whether a parameter says yes; SDKs disagree on the letter case of truth.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.call.param(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// One page of a list: offset and size from the query, within the operation's bounds.
    pub(super) fn page<T>(
        &self,
        items: Vec<T>,
        default: usize,
        most: usize,
    ) -> Result<(Vec<T>, usize), Error> {
        let number = |name: &str, default: usize| match self.call.param(name).filter(|text| !text.is_empty())
        {
            None => Ok(default),
            Some(text) => text
                .parse::<usize>()
                .map_err(|_| Error::parameter(format!("{name} must be a number: {text}"))),
        };
        let (offset, size) = (number("offset", 0)?, number("size", default)?);
        if size > most {
            return Err(Error::parameter(format!("size must be between 0 and {most}")));
        }
        let total = items.len();
        Ok((items.into_iter().skip(offset).take(size).collect(), total))
    }
}

/// Who has a project of that name in a region.
fn owner<'w>(cloud: &'w CloudState, region: &str, project: &str) -> Option<&'w str> {
    let accounts = cloud.accounts.iter();
    let mut holders = accounts.filter(|(_, account)| {
        account.regions.get(region).is_some_and(|region| region.sls.projects.contains_key(project))
    });
    holders.next().map(|(id, _)| id.as_str())
}

/// The answer to a change: 200 without body.
pub(super) fn done() -> Answer {
    Ok(Reply::empty(StatusCode::OK))
}

/// A 200 answer with a JSON body.
pub(super) fn answer<T: Serialize>(body: &T) -> Answer {
    let body = serde_json::to_value(body).map_err(|error| {
        Error::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", error.to_string())
    })?;
    Ok(Reply::json(StatusCode::OK, &body))
}
