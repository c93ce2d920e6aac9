//! Insights: which kinds of unusual events a trail looks for.

use serde::Deserialize;
use serde_json::Value;

use super::call::{ActionTrail, action};
use crate::core::answer::{Answer, Unexpected, there};
use crate::core::lenient;
use crate::core::request::Idempotency;
use crate::core::rpc::Action;
use crate::error::Error;

const GET: Action = action("GetInsightSelectors", Idempotency::Read, 20);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Selectors {
    #[serde(default, deserialize_with = "lenient::list_or_unset")]
    insight_selectors: Option<Vec<Value>>,
    #[serde(default, deserialize_with = "lenient::text_or_unset")]
    trail_arn: Option<String>,
}

impl Answer for Selectors {
    fn check(&self, asked: &str) -> Result<(), Unexpected> {
        there("InsightSelectors", self.insight_selectors.as_ref())?;
        let other = |arn: &String| arn.rsplit_once('/').is_none_or(|(_, name)| name != asked);
        if self.trail_arn.as_ref().is_some_and(other) { Err(Unexpected::Another("TrailArn")) } else { Ok(()) }
    }
}

impl Selectors {
    /// The kinds, which are texts in an answer, and objects in what is sent.
    fn kinds(self) -> Vec<String> {
        let kind = |selector: Value| match selector {
            Value::String(kind) => Some(kind),
            Value::Object(mut members) => members
                .iter_mut()
                .find(|(name, _)| name.eq_ignore_ascii_case("insightType"))
                .and_then(|(_, kind)| kind.as_str().map(str::to_owned)),
            _ => None,
        };
        self.insight_selectors.unwrap_or_default().into_iter().filter_map(kind).collect()
    }
}

impl ActionTrail {
    /// The kinds of insights that a trail looks for, such as `ApiCallRateInsight`; empty for none.
    pub async fn get_insight_selectors(&self, trail: &str) -> Result<Vec<String>, Error> {
        let parameters = vec![("TrailName".to_owned(), trail.to_owned())];
        match self.read::<Selectors>(GET, parameters, trail).await {
            Err(error) if error.is_code("InsightSelectorDoesNotExistException") => Ok(Vec::new()),
            answer => answer.map(Selectors::kinds),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Selectors {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn kinds_are_read_in_either_form() {
        let texts =
            read(r#"{"InsightSelectors":["IpInsight"],"TrailArn":"acs:actiontrail:r:1:trail/audit"}"#);
        texts.check("audit").unwrap();
        assert_eq!(texts.check("other"), Err(Unexpected::Another("TrailArn")));
        assert_eq!(texts.kinds(), ["IpInsight"]);
        let objects =
            read(r#"{"InsightSelectors":[{"insightType":"IpInsight"},{"InsightType":"AkInsight"}]}"#);
        assert_eq!(objects.kinds(), ["IpInsight", "AkInsight"]);
    }

    #[test]
    fn no_insights_is_empty_and_no_answer_is_none() {
        let none = read(r#"{"InsightSelectors":[],"TrailArn":"acs:actiontrail:r:1:trail/audit"}"#);
        none.check("audit").unwrap();
        assert!(none.kinds().is_empty());
        let other = read(r#"{"TrailArn":"acs:actiontrail:r:1:trail/audit"}"#);
        assert_eq!(other.check("audit"), Err(Unexpected::Missing("InsightSelectors")));
    }
}
