//! The data events that a trail records. The service knows the selectors of a trail as one set, which is put as a whole.

use std::collections::BTreeSet;

use alibaba::Error;
use alibaba::actiontrail::{DataEventSelector, DataEvents as Events, DescribedDataEvents};

use crate::{Deletion, Freshness, Object, Scope};

/// The selectors of a trail.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// What is selected, and where. No regions are the trail's home region.
    pub events: Events,
    /// The selectors as the service describes them, where they have been seen.
    pub described: Option<DescribedDataEvents>,
}

impl From<DescribedDataEvents> for Settings {
    fn from(described: DescribedDataEvents) -> Self {
        let events = Events {
            selectors: described.selectors.clone(),
            all_regions: described.all_regions,
            region_ids: described.deliveries.iter().map(|delivery| delivery.region.clone()).collect(),
        };
        Self { events, described: Some(described) }
    }
}

/// Whether two lists select the same: neither their order says anything, nor whether "all kinds" is written out.
#[must_use]
pub fn select_the_same(one: &[DataEventSelector], other: &[DataEventSelector]) -> bool {
    let spelt = |selector: &DataEventSelector| {
        let kinds = selector.read_write_type.clone().or_else(|| Some("All".to_owned()));
        DataEventSelector { read_write_type: kinds, ..selector.clone() }
    };
    let mut rest: Vec<DataEventSelector> = other.iter().map(spelt).collect();
    one.len() == other.len()
        && one.iter().map(spelt).all(|selector| {
            let at = rest.iter().position(|known| *known == selector);
            at.map(|at| rest.swap_remove(at)).is_some()
        })
}

/// The selectors of one trail.
#[derive(Debug)]
pub struct DataEvents {
    scope: Scope,
    trail: String,
    wanted: Settings,
}

impl DataEvents {
    /// The selectors of a trail whose home is the scope's region.
    #[must_use]
    pub fn new(scope: Scope, trail: String, wanted: Settings) -> Self {
        Self { scope, trail, wanted }
    }

    fn regions(&self, events: &Events) -> BTreeSet<String> {
        match events.region_ids.as_slice() {
            [] => BTreeSet::from([self.scope.region.clone()]),
            regions => regions.iter().cloned().collect(),
        }
    }
}

impl Object for DataEvents {
    type Settings = Settings;
    type Step = ();

    fn label(&self) -> String {
        format!("data event selectors of trail {:?}", self.trail)
    }

    fn scope(&self) -> &Scope {
        &self.scope
    }

    /// A trail that is gone has no selectors.
    async fn describe(&self, scope: &Scope, _freshness: Freshness) -> Result<Option<Settings>, Error> {
        match scope.client.actiontrail(&scope.region).get_data_event_selector(&self.trail).await {
            Err(error) if error.is_not_found() => Ok(None),
            other => Ok(other?.map(Settings::from)),
        }
    }

    async fn create(&self) -> Result<Settings, Error> {
        self.send((), &self.wanted).await.map(|()| Settings { described: None, ..self.wanted.clone() })
    }

    fn open(&self, now: &Settings) -> Vec<()> {
        let (now, wanted) = (&now.events, &self.wanted.events);
        let is_as_wanted = select_the_same(&now.selectors, &wanted.selectors)
            && now.all_regions == wanted.all_regions
            // Where every region is covered, or the service names none, it says nothing of single ones.
            && (now.all_regions || self.regions(now) == self.regions(wanted));
        if is_as_wanted { Vec::new() } else { vec![()] }
    }

    async fn send(&self, _step: (), _now: &Settings) -> Result<(), Error> {
        let service = self.scope.client.actiontrail(&self.scope.region);
        service.put_data_event_selector(&self.trail, &self.wanted.events).await
    }

    fn reach(&self, _step: (), now: &mut Settings) {
        now.events.clone_from(&self.wanted.events);
    }

    async fn delete(&self) -> Result<Deletion, Error> {
        let service = self.scope.client.actiontrail(&self.scope.region);
        service.delete_data_event_selector(&self.trail).await.map(|()| Deletion::Done)
    }
}
