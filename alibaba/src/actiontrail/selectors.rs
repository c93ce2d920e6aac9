//! Data events: which of them a trail records besides the management events.
//!
//! The API carries the selectors as a text that holds JSON, and says nowhere whether it gives back the same text.

use serde::{Deserialize, Serialize};

use super::call::{API, ActionTrail, action};
use crate::arn::Arn;
use crate::core::answer::{Answer as Reading, Unexpected};
use crate::core::lenient;
use crate::core::request::Idempotency;
use crate::core::rpc::Action;
use crate::error::Error;

const PUT: Action = action("PutDataEventSelector", Idempotency::Repeatable, 5);
const GET: Action = action("GetDataEventSelector", Idempotency::Read, 20);
const DELETE: Action = action("DeleteDataEventSelector", Idempotency::Repeatable, 5);

/// Which data events a trail records, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DataEvents {
    /// At most 20; what one of them selects is recorded.
    pub selectors: Vec<DataEventSelector>,
    /// In every region.
    pub all_regions: bool,
    /// Otherwise in these; without any, in the trail's home region.
    pub region_ids: Vec<String>,
}

/// Data events of one service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DataEventSelector {
    /// Such as `Oss`.
    #[serde(deserialize_with = "lenient::text")]
    pub service_name: String,
    /// `All`, `Read` or `Write`; unset is `All`.
    #[serde(deserialize_with = "lenient::text_or_unset", skip_serializing_if = "Option::is_none")]
    pub read_write_type: Option<String>,
    /// Only events of some names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_name: Option<ValueFilter>,
    /// Only events about some resources.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_arn: Option<ValueFilter>,
}

/// Values that are selected, and values that are not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ValueFilter {
    /// One of these; may end in `*`.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub equals: Vec<String>,
    /// None of these.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub not_equals: Vec<String>,
}

/// What is recorded of data events, as the service describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DescribedDataEvents {
    /// The selectors.
    pub selectors: Vec<DataEventSelector>,
    /// Whether every region is covered.
    pub all_regions: bool,
    /// Where the events of each region go.
    pub deliveries: Vec<DataEventDelivery>,
}

/// Where the data events of a region go: a log project that the service makes for them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DataEventDelivery {
    /// The region.
    #[serde(rename = "TrailRegion", deserialize_with = "lenient::text")]
    pub region: String,
    /// The project.
    #[serde(rename = "RegionSlsProjectArn", deserialize_with = "lenient::text_or_unset")]
    pub project_arn: Option<String>,
    /// `success` or `failure`.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub status: Option<String>,
    /// Why it failed.
    #[serde(deserialize_with = "lenient::line_or_unset")]
    pub error_code: Option<String>,
    /// Why it failed, in words.
    #[serde(deserialize_with = "lenient::line_or_unset")]
    pub error_message: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[derive(Default)]
struct Answer {
    data_event_selectors: Option<String>,
    #[serde(deserialize_with = "lenient::text_or_unset")]
    trail_arn: Option<String>,
    #[serde(deserialize_with = "lenient::truth")]
    is_trail_all_region: bool,
    #[serde(deserialize_with = "lenient::list")]
    sls_delivery_configs: Vec<DataEventDelivery>,
}

/// The selectors of a trail that has none are empty or left out, but an answer about no trail says nothing about one.
impl Reading for Answer {
    fn check(&self, asked: &str) -> Result<(), Unexpected> {
        match &self.trail_arn {
            Some(arn) if Arn::parse(arn).ok().and_then(|arn| arn.name_of("trail")) != Some(asked) => {
                Err(Unexpected::Another("TrailArn"))
            }
            None if self.data_event_selectors.is_none() => Err(Unexpected::Missing("DataEventSelectors")),
            _ => self.selectors().map(drop),
        }
    }
}

impl Answer {
    fn selectors(&self) -> Result<Vec<DataEventSelector>, Unexpected> {
        let text = self.data_event_selectors.as_deref().unwrap_or_default().trim();
        if text.is_empty() {
            return Ok(Vec::new());
        }
        serde_json::from_str(text).map_err(|_| Unexpected::Unreadable("DataEventSelectors"))
    }

    fn described(self) -> Result<Option<DescribedDataEvents>, Unexpected> {
        let selectors = self.selectors()?;
        Ok((!selectors.is_empty()).then_some(DescribedDataEvents {
            selectors,
            all_regions: self.is_trail_all_region,
            deliveries: self.sls_delivery_configs,
        }))
    }
}

impl ActionTrail {
    /// Gives a trail these data events, in place of those it had.
    pub async fn put_data_event_selector(&self, trail: &str, events: &DataEvents) -> Result<(), Error> {
        let selectors = serde_json::to_string(&events.selectors)
            .map_err(|error| Error::Internal(format!("selectors have no JSON form: {error}")))?;
        let parameters = vec![
            ("TrailName".to_owned(), trail.to_owned()),
            ("EventSelectors".to_owned(), selectors),
            ("IsTrailAllRegion".to_owned(), events.all_regions.to_string()),
            ("TrailRegionIds".to_owned(), events.region_ids.join(",")),
        ];
        self.write::<serde::de::IgnoredAny>(PUT, trail, parameters, trail).await.map(drop)
    }

    /// The data events that a trail records; `None` when it records none.
    pub async fn get_data_event_selector(&self, trail: &str) -> Result<Option<DescribedDataEvents>, Error> {
        let parameters = vec![("TrailName".to_owned(), trail.to_owned())];
        let answer: Answer = self.read(GET, parameters, trail).await?;
        answer.described().map_err(|unexpected| Error::UnexpectedAnswer {
            service: API.service,
            action: GET.name,
            detail: unexpected.to_string(),
            request_id: None,
        })
    }

    /// Takes all data events from a trail.
    pub async fn delete_data_event_selector(&self, trail: &str) -> Result<(), Error> {
        let parameters = vec![("TrailName".to_owned(), trail.to_owned())];
        self.write::<serde::de::IgnoredAny>(DELETE, trail, parameters, trail).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_have_the_form_of_the_documentation_both_ways() {
        let text = r#"[{"ServiceName":"Oss","ReadWriteType":"All","EventName":{"Equals":["GetObject"]}}]"#;
        let selectors: Vec<DataEventSelector> = serde_json::from_str(text).unwrap();
        assert_eq!(selectors[0].event_name.as_ref().unwrap().equals, ["GetObject"]);
        assert_eq!(serde_json::to_string(&selectors).unwrap(), text);
        // What is left out, and what comes on top one day.
        let bare: Vec<DataEventSelector> =
            serde_json::from_str(r#"[{"ServiceName":"Cms","Future":1,"ResourceArn":{"NotEquals":["a"]}}]"#)
                .unwrap();
        assert_eq!((&bare[0].read_write_type, &bare[0].event_name), (&None, &None));
        assert_eq!(bare[0].resource_arn.as_ref().unwrap().not_equals, ["a"]);
    }

    #[test]
    fn no_selectors_is_none_however_it_is_said() {
        for answer in [
            r#"{"TrailArn":"acs:actiontrail:cn-hangzhou:1:trail/audit"}"#,
            r#"{"DataEventSelectors":""}"#,
            r#"{"DataEventSelectors":"[]"}"#,
        ] {
            let answer: Answer = serde_json::from_str(answer).unwrap();
            answer.check("audit").unwrap();
            assert_eq!(answer.described().unwrap(), None);
        }
        let unexpected =
            |text: &str| serde_json::from_str::<Answer>(text).unwrap().check("audit").unwrap_err();
        assert_eq!(unexpected(r#"{"RequestId":"R"}"#), Unexpected::Missing("DataEventSelectors"));
        let other = r#"{"TrailArn":"acs:actiontrail:cn-hangzhou:1:trail/other","DataEventSelectors":""}"#;
        assert_eq!(unexpected(other), Unexpected::Another("TrailArn"));
        let answer: Answer = serde_json::from_str(
            r#"{"DataEventSelectors":"[{\"ServiceName\":\"Oss\"}]","IsTrailAllRegion":false,"SlsDeliveryConfigs":[
                {"TrailRegion":"cn-shanghai","Status":"failure","ErrorCode":"LogServiceException"}]}"#,
        )
        .unwrap();
        let described = answer.described().unwrap().unwrap();
        assert_eq!(described.deliveries[0].error_code.as_deref(), Some("LogServiceException"));
        let broken: Answer = serde_json::from_str(r#"{"DataEventSelectors":"no"}"#).unwrap();
        assert!(broken.described().is_err());
    }
}
