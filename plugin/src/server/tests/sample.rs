//! A provider of boxes on a shelf, which is a map in memory: enough of a cloud to see every rule of the life cycle.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

use crate::context::lock;
use crate::value::Value;
use crate::{
    Attr, Context, DataSource, DeletionGuard, DestructiveChange, Diagnostic, Diagnostics, Managed, Model,
    Path, Plan, Provider, Readable, Registered, RegisteredData, Resource,
};

/// The cloud: boxes by name, and how it misbehaves.
#[derive(Debug, Default)]
pub(super) struct Cloud {
    pub(super) boxes: Mutex<BTreeMap<String, BoxModel>>,
    /// The operation of this name fails half-way: `create`, `update`; or panics: `panic`; or waits: `wait`. `warn and
    /// fail` and `warn and panic` do so in plans (which cannot fail), reads, imports, deletions and counts.
    pub(super) trouble: Mutex<Option<&'static str>>,
    /// Told when an operation waits.
    pub(super) waits: Notify,
    pub(super) release: Notify,
    pub(super) deleted: Mutex<Vec<String>>,
}

impl Cloud {
    fn has(&self, trouble: &str) -> bool {
        *lock(&self.trouble) == Some(trouble)
    }

    /// Warns, and then fails in the way that is asked for.
    fn warn(&self, context: &Context<Arc<Self>>) -> Result<(), Diagnostics> {
        if self.has("warn and fail") || self.has("warn and panic") {
            context.warn(Diagnostic::warning("The shelf shakes", "Hold it."));
            assert!(!self.has("warn and panic"), "the shelf fell down");
            return Err(Diagnostic::error("The shelf fell", "Put it up again.").into());
        }
        Ok(())
    }
}

#[derive(Debug, Clone, Default, PartialEq, Model)]
pub(super) struct BoxModel {
    /// Id.
    #[attr(computed)]
    pub(super) id: Attr<String>,
    /// Name.
    #[attr(required, replace, identity, check = long_enough)]
    pub(super) name: Attr<String>,
    /// Shelf.
    #[attr(keeps = "boxes stay where they are put", replace, identity_optional)]
    pub(super) shelf: Attr<String>,
    /// Colour.
    #[attr(default = "brown", one_of("brown", "blue"), samples("brown", "blue"), remote = "/colour")]
    pub(super) colour: Attr<String>,
    /// Owner.
    #[attr(optional, same = same_text)]
    pub(super) owner: Attr<String>,
    /// Lid.
    #[attr(defaults)]
    pub(super) lid: Attr<LidModel>,
    /// Labels.
    #[attr(optional)]
    pub(super) labels: Attr<BTreeMap<String, String>>,
    /// Protection.
    #[attr(default = false, state_only)]
    pub(super) deletion_protection: Attr<bool>,
    /// Revision.
    #[attr(computed, volatile)]
    pub(super) revision: Attr<i64>,
}

#[derive(Debug, Clone, Default, PartialEq, Model)]
pub(super) struct LidModel {
    /// Whether it is locked.
    #[attr(default = true)]
    pub(super) locked: Attr<bool>,
    /// Key.
    #[attr(optional, check = straight)]
    pub(super) key: Attr<String>,
}

fn long_enough(name: &String) -> Result<(), String> {
    if name.len() >= 3 { Ok(()) } else { Err(format!("{name:?} is too short. Use at least 3 letters.")) }
}

fn straight(key: &String) -> Result<(), String> {
    if key == "bent" { Err("It does not fit.".to_owned()) } else { Ok(()) }
}

fn same_text(one: &Value, other: &Value) -> bool {
    matches!((one.as_str(), other.as_str()), (Some(one), Some(other)) if one.eq_ignore_ascii_case(other))
}

pub(super) struct BoxResource;

impl BoxModel {
    fn named(&self) -> String {
        self.name.as_str().unwrap_or_default().to_owned()
    }

    fn stored(self) -> Self {
        let revision = self.revision.get().copied().unwrap_or_default() + 1;
        let shelf = if self.shelf.is_unknown() { "top".into() } else { self.shelf };
        Self { id: self.name.clone(), revision: revision.into(), shelf, ..self }
    }
}

impl Resource for BoxResource {
    type Client = Arc<Cloud>;
    type Model = BoxModel;
    const TYPE: &'static str = "shelf_box";
    const DESCRIPTION: &'static str = "A box.";
    const INCOMPARABLE: &'static [&'static str] = &["owner"];

    async fn plan(context: &Context<Arc<Cloud>>, plan: &mut Plan<BoxModel>) {
        let _ = context.client().map(|cloud| cloud.warn(context));
        let lid = plan.config.lid.get();
        if lid.is_some_and(|lid| lid.key.as_str() == Some("rusty")) {
            let warning = Diagnostic::warning("The key is rusty", "Oil it.");
            plan.diagnostics.push(warning.at(Path::attribute("lid").child("key")));
        }
        if plan.config.labels.get().is_some_and(|labels| labels.contains_key("secret")) {
            let warning = Diagnostic::warning("Labels are public", "Everybody can read them.");
            plan.diagnostics.push(warning.at(Path::attribute("labels").key("secret")));
        }
    }

    fn deletion_guard(model: &BoxModel) -> Option<DeletionGuard> {
        Some(DeletionGuard {
            label: format!("box {:?}", model.named()),
            protected: model.deletion_protection.get().copied().unwrap_or_default(),
        })
    }

    fn destructive_changes(prior: &BoxModel, planned: Option<&BoxModel>) -> Vec<DestructiveChange> {
        let opened = planned.is_none_or(|planned| {
            planned.lid.get().is_some_and(|lid| lid.locked.get() == Some(&false)) && prior.lid != planned.lid
        });
        let destructive_change = DestructiveChange {
            path: Path::attribute("lid"),
            summary: "box opens".into(),
            detail: "Anybody sees it.".into(),
        };
        let another = planned.is_some_and(|planned| !prior.owner.is_null() && planned.owner != prior.owner);
        let other = DestructiveChange {
            path: Path::attribute("owner"),
            summary: "box has another owner".into(),
            detail: "The one before loses it.".into(),
        };
        opened.then_some(destructive_change).into_iter().chain(another.then_some(other)).collect()
    }

    async fn plan_destroy(context: &Context<Arc<Cloud>>, prior: &BoxModel) -> Vec<DestructiveChange> {
        let Ok(cloud) = context.client() else { return Vec::new() };
        // What only the cloud knows: another box stands on this one.
        let stands_on_it = |other: &BoxModel| other.owner.as_str() == prior.name.as_str();
        let falls = lock(&cloud.boxes).values().any(stands_on_it);
        let destructive_change = DestructiveChange {
            path: Path::root(),
            summary: "another box falls".into(),
            detail: "It stands on this one.".into(),
        };
        falls.then_some(destructive_change).into_iter().collect()
    }

    fn stays(prior: &BoxModel) -> Option<Diagnostic> {
        let nailed = prior.labels.get().is_some_and(|labels| labels.contains_key("nailed"));
        nailed.then(|| Diagnostic::warning("box stays on the shelf", "It is nailed down."))
    }

    async fn create(context: &Context<Arc<Cloud>>, planned: BoxModel) -> Result<BoxModel, Diagnostics> {
        let cloud = context.client()?;
        if lock(&cloud.boxes).contains_key(&planned.named()) {
            return Err(Diagnostic::error("Box exists", "There is one already.").into());
        }
        let stored = planned.stored();
        lock(&cloud.boxes).insert(stored.named(), stored.clone());
        context.keep(&BoxModel { revision: Attr::UNKNOWN, ..stored.clone() });
        if cloud.has("wait") {
            cloud.waits.notify_one();
            tokio::select! {
                () = cloud.release.notified() => {}
                () = context.cancel().cancelled() => return Err(Diagnostic::error("Interrupted", "Apply again.").into()),
            }
        }
        if cloud.has("create") {
            return Err(Diagnostic::error("Half-way", "The lid is missing.").into());
        }
        assert!(!cloud.has("panic"), "a box fell down");
        if cloud.has("paint") {
            return Ok(BoxModel { colour: "blue".into(), ..stored });
        }
        Ok(stored)
    }

    async fn read(context: &Context<Arc<Cloud>>, prior: BoxModel) -> Result<Option<BoxModel>, Diagnostics> {
        context.client()?.warn(context)?;
        Ok(lock(&context.client()?.boxes).get(&prior.named()).cloned())
    }

    async fn update(
        context: &Context<Arc<Cloud>>,
        prior: BoxModel,
        planned: BoxModel,
    ) -> Result<BoxModel, Diagnostics> {
        let cloud = context.client()?;
        let stored = BoxModel { revision: prior.revision, ..planned }.stored();
        lock(&cloud.boxes).insert(stored.named(), stored.clone());
        if cloud.has("update") {
            context.keep(&stored);
            return Err(Diagnostic::error("Half-way", "The lid is missing.").into());
        }
        Ok(stored)
    }

    async fn delete(context: &Context<Arc<Cloud>>, prior: BoxModel) -> Result<(), Diagnostics> {
        let cloud = context.client()?;
        cloud.warn(context)?;
        lock(&cloud.boxes).remove(&prior.named());
        lock(&cloud.deleted).push(prior.named());
        Ok(())
    }

    fn parse_id(id: &str) -> Result<BoxModel, Diagnostic> {
        Ok(BoxModel { name: id.into(), ..BoxModel::default() })
    }

    async fn import(context: &Context<Arc<Cloud>>, target: BoxModel) -> Result<BoxModel, Diagnostics> {
        context.client()?.warn(context)?;
        Ok(target)
    }
}

pub(super) struct CountSource;

#[derive(Debug, Clone, Default, Model)]
pub(super) struct CountModel {
    /// Colour to count.
    #[attr(default = "brown")]
    colour: Attr<String>,
    /// How many.
    #[attr(computed)]
    count: Attr<i64>,
}

impl DataSource for CountSource {
    type Client = Arc<Cloud>;
    type Model = CountModel;
    const TYPE: &'static str = "shelf_count";
    const DESCRIPTION: &'static str = "How many boxes there are.";

    async fn read(context: &Context<Arc<Cloud>>, config: CountModel) -> Result<CountModel, Diagnostics> {
        context.client()?.warn(context)?;
        let count =
            lock(&context.client()?.boxes).values().filter(|found| found.colour == config.colour).count();
        Ok(CountModel { count: i64::try_from(count).unwrap().into(), ..config })
    }
}

#[derive(Debug, Clone, Default, Model)]
pub(super) struct SampleConfig {
    /// Where the shelf is.
    #[attr(optional)]
    pub(super) room: Attr<String>,
    /// Whether boxes may be opened.
    #[attr(optional)]
    pub(super) strict: Attr<bool>,
}

pub(super) struct SampleProvider;

impl Provider for SampleProvider {
    type Config = SampleConfig;
    type Client = Arc<Cloud>;
    const DESCRIPTION: &'static str = "A shelf.";

    async fn configure(config: SampleConfig, _terraform_version: &str) -> Result<Arc<Cloud>, Diagnostics> {
        match config.room.as_str() {
            Some("cellar") => Err(Diagnostic::error("Wet", "Nothing is kept in the cellar.").into()),
            Some(room) => Ok(super::cloud(room)),
            None => Ok(Arc::default()),
        }
    }

    fn denies_destructive_changes(config: &SampleConfig) -> Option<&'static str> {
        (config.strict.get() == Some(&true)).then_some("The shelf is strict.")
    }

    fn resources() -> Vec<Box<dyn Managed<Arc<Cloud>>>> {
        vec![Registered::<BoxResource>::new(), Registered::<super::upgrading::SlotResource>::new()]
    }

    fn data_sources() -> Vec<Box<dyn Readable<Arc<Cloud>>>> {
        vec![RegisteredData::<CountSource>::new()]
    }
}
