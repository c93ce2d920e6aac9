//! The event history of an account, which the service keeps for 90 days whether or not there is a trail; and where it
//! stores the events of global services.

use serde::Deserialize;
use serde_json::Value;

use super::call::{API, ActionTrail, action};
use crate::core::answer::{Answer, Unexpected, named, there};
use crate::core::lenient;
use crate::core::request::Idempotency;
use crate::core::rpc::{Action, Verb};
use crate::error::Error;
use crate::sign::Pairs;

const LOOKUP: Action = action("LookupEvents", Idempotency::Read, 10);
// The API describes the reading one as GET only.
const GET_REGION: Action = Action {
    name: "GetGlobalEventsStorageRegion",
    method: Verb::Get,
    idempotency: Idempotency::Read,
    per_second: Some(10),
};
const UPDATE_REGION: Action = action("UpdateGlobalEventsStorageRegion", Idempotency::Repeatable, 5);

/// The most events that a page may have.
const PAGE: usize = 50;

/// Which events to look up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LookupEvents {
    /// From and until, `YYYY-MM-DDThh:mm:ssZ`; without, the last seven days.
    pub window: Option<(String, String)>,
    /// At most two keys with their values, which events have to have both.
    pub attributes: Vec<(String, String)>,
    /// The oldest first instead of the newest.
    pub oldest_first: bool,
}

/// Events that were found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FoundEvents {
    /// The events, each a JSON object.
    pub events: Vec<Value>,
    /// Whether there are more than were asked for.
    pub more: bool,
    /// The time that was searched, as the service understood it.
    pub window: Option<(String, String)>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Page {
    #[serde(deserialize_with = "lenient::list_or_unset")]
    events: Option<Vec<Value>>,
    #[serde(deserialize_with = "lenient::text_or_unset")]
    next_token: Option<String>,
    #[serde(deserialize_with = "lenient::text_or_unset")]
    start_time: Option<String>,
    #[serde(deserialize_with = "lenient::text_or_unset")]
    end_time: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StorageRegion {
    #[serde(deserialize_with = "lenient::text")]
    storage_region: String,
}

impl Answer for Page {
    fn check(&self, _: &str) -> Result<(), Unexpected> {
        there("Events", self.events.as_ref())
    }
}

impl Answer for StorageRegion {
    fn check(&self, _: &str) -> Result<(), Unexpected> {
        named("StorageRegion", &self.storage_region)
    }
}

impl LookupEvents {
    fn parameters(&self, size: usize, token: Option<&str>) -> Pairs {
        let direction = if self.oldest_first { "FORWARD" } else { "BACKWARD" };
        let mut parameters: Pairs =
            vec![("MaxResults".to_owned(), size.to_string()), ("Direction".to_owned(), direction.to_owned())];
        if let Some((from, until)) = &self.window {
            parameters.push(("StartTime".to_owned(), from.clone()));
            parameters.push(("EndTime".to_owned(), until.clone()));
        }
        for (at, (key, value)) in self.attributes.iter().enumerate() {
            parameters.push((format!("LookupAttribute.{}.Key", at + 1), key.clone()));
            parameters.push((format!("LookupAttribute.{}.Value", at + 1), value.clone()));
        }
        parameters.extend(token.map(|token| ("NextToken".to_owned(), token.to_owned())));
        parameters
    }
}

impl ActionTrail {
    /// The events of the region that fit, `at_most` so many, page after page.
    pub async fn lookup_events(&self, which: &LookupEvents, at_most: usize) -> Result<FoundEvents, Error> {
        let mut found = FoundEvents::default();
        let mut token: Option<String> = None;
        while found.events.len() < at_most {
            // Follow-up pages need the parameters of the first, the size of a page among them.
            let size = PAGE.min(at_most);
            let page: Page = self.read(LOOKUP, which.parameters(size, token.as_deref()), "").await?;
            if found.window.is_none() {
                found.window = page.start_time.zip(page.end_time);
            }
            // A page may be empty and yet not be the last; a token that does not move on would never end.
            let stuck = page.next_token.is_some() && page.next_token == token;
            found.events.extend(page.events.unwrap_or_default());
            token = page.next_token;
            if token.is_none() || stuck {
                break;
            }
        }
        found.more = token.is_some() || found.events.len() > at_most;
        found.events.truncate(at_most);
        Ok(found)
    }

    /// The region that stores the events of global services.
    pub async fn get_global_events_storage_region(&self) -> Result<String, Error> {
        let answer: StorageRegion = self.read(GET_REGION, Vec::new(), "").await?;
        Ok(answer.storage_region)
    }

    /// Chooses the region that stores the events of global services. A read right afterwards may say the old one.
    pub async fn update_global_events_storage_region(&self, region: &str) -> Result<(), Error> {
        let _lock = self
            .session
            .write_lock(API.service, UPDATE_REGION.name, "global-events-storage-region".to_owned())
            .await?;
        let parameters = vec![("StorageRegion".to_owned(), region.to_owned())];
        self.read::<serde::de::IgnoredAny>(UPDATE_REGION, parameters, region).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_follow_up_page_asks_what_the_first_asked() {
        let which = LookupEvents {
            attributes: vec![("EventName".into(), "StopLogging".into()), ("EventRW".into(), "Write".into())],
            oldest_first: true,
            ..LookupEvents::default()
        };
        let names = |pairs: Pairs| pairs.into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        let first = names(which.parameters(50, None));
        assert_eq!(first[2..4], ["LookupAttribute.1.Key", "LookupAttribute.1.Value"]);
        let mut second = names(which.parameters(50, Some("t")));
        assert_eq!(second.pop().as_deref(), Some("NextToken"));
        assert_eq!(second, first);
    }
}
