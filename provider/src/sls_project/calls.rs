//! The calls of `alitrail_sls_project`: looking, making, waiting until a change shows, deleting.

use std::collections::BTreeMap;
use std::time::Duration;

use alibaba::Error;
use alibaba::sls::{Project, Sls};
use plugin::{Cx, Diagnostic, Diagnostics, Path};
use reconciler::Failure;
pub(crate) use reconciler::sls::is_new_to_front_end as is_appearing;

use super::model::ProjectModel;
use crate::check::is_system_tag;
use crate::config::Cloud;
use crate::fault::{exists, fault, fault_at, no_project};
use crate::patience::{make, patiently, settled};
use crate::place::Place;

/// How long a new project or logstore may be missing from some front ends, which refresh about once a minute.
pub(crate) const APPEARING: Duration = Duration::from_secs(120);

/// How long to look for an object whose creation was not answered.
pub(crate) const UNANSWERED: Duration = Duration::from_secs(20);

/// Fails at once if a project that was `refused` is not only new to the front end that did so.
pub(crate) async fn is_listed(
    place: &Place,
    doing: &str,
    project: &str,
    refused: Error,
) -> Result<(), Diagnostics> {
    match reconciler::sls::project_is_listed(place, project, refused).await {
        Err(Failure::NoContainer(refused)) => Err(no_project(doing, project, place, &refused)),
        _ => Ok(()),
    }
}

/// One project, where it is. `model` is what is wanted of it.
pub(super) struct Projects<'c> {
    pub(super) cx: &'c Cx<Cloud>,
    pub(super) place: Place,
    pub(super) model: ProjectModel,
}

impl Projects<'_> {
    pub(super) fn sls(&self) -> Sls {
        self.place.client.sls(&self.place.region)
    }

    pub(super) async fn find_with(&self, sls: &Sls) -> Result<Option<Project>, Error> {
        match sls.get_project(self.model.name()).await {
            Err(error) if error.is_code("ProjectNotExist") => Ok(None),
            other => other.map(Some),
        }
    }

    /// Fails if there is a project of this name in the region.
    pub(super) async fn is_free(&self, doing: &str, resource: &str) -> Result<(), Diagnostics> {
        match self.find_with(&self.sls()).await {
            Ok(None) => Ok(()),
            Ok(Some(project)) => {
                self.is_own(&project)?;
                let import_id = format!("{}@{}", self.model.name(), self.place.region);
                Err(exists(&self.model.label(), resource, &import_id))
            }
            Err(error) if error.is_denied() => Err(hidden(doing, &self.model, &error)),
            Err(error) => Err(fault(doing, &error)),
        }
    }

    /// Fails if the project is somebody else's, whose project policy lets this account look.
    fn is_own(&self, project: &Project) -> Result<(), Diagnostics> {
        match project.owner.as_ref().filter(|owner| **owner != self.place.account) {
            None => Ok(()),
            Some(owner) => Err(Diagnostic::error(
                format!("{} belongs to another account", self.model.label()),
                format!(
                    "Its owner is account {owner}, and these credentials belong to account {}. Use credentials of the \
                     owner, or choose another name: names are shared by all customers.",
                    self.place.account
                ),
            )
            .at(Path::attribute("project_name"))
            .into()),
        }
    }

    /// Makes the project. The region had none of this name a moment ago, so if the answer is lost and there is one of
    /// this account now, it is this one.
    pub(super) async fn make(&self, doing: &str) -> Result<(), Diagnostics> {
        let (sls, settings) = (self.sls(), self.model.new_project());
        let find = |place: Place| async move {
            let project = self.find_with(&place.client.sls(&place.region)).await?;
            Ok(project
                .is_some_and(|project| project.owner.as_ref().is_none_or(|owner| *owner == place.account)))
        };
        let made = make(self.cx, &self.place, UNANSWERED, || sls.create_project(&settings), find).await;
        made.map_err(|error| {
            if error.is_code("ProjectAlreadyExist") {
                taken(&self.model, &self.place, &error)
            } else {
                fault(doing, &error)
            }
        })
    }

    /// The project, if it is there.
    pub(super) async fn read(&self, doing: &str) -> Result<Option<ProjectModel>, Diagnostics> {
        let Some((project, tags)) = self.look().await.map_err(|error| fault(doing, &error))? else {
            return Ok(None);
        };
        self.is_own(&project)?;
        Ok(Some(self.model.read_from(&project, tags, &self.place)))
    }

    async fn look(&self) -> Result<Option<(Project, BTreeMap<String, String>)>, Error> {
        let sls = self.sls();
        let (project, tags) = tokio::join!(self.find_with(&sls), sls.list_tags(self.model.name()));
        match project? {
            None => Ok(None),
            Some(project) => Ok(Some((project, tags?))),
        }
    }

    /// The project that was just made, once it can be described.
    pub(super) async fn appeared(&self, doing: &str) -> Result<ProjectModel, Diagnostics> {
        self.seen(doing, |_| true, is_appearing).await
    }

    /// The project once it is as `done` wants it; after a while, as it is then.
    async fn seen(
        &self,
        doing: &str,
        done: impl Fn(&ProjectModel) -> bool,
        passes: fn(&Error) -> bool,
    ) -> Result<ProjectModel, Diagnostics> {
        let look = || async {
            match self.look().await {
                Err(error) if passes(&error) => Ok(None),
                other => Ok(other?.map(|(project, tags)| self.model.read_from(&project, tags, &self.place))),
            }
        };
        let what = format!("{} to be seen", self.model.label());
        settled(self.cx, &what, APPEARING, done, look).await.map_err(|error| fault(doing, &error))
    }

    /// Makes the project what is wanted, from how it is. Refusals for which `passes` holds are waited out.
    pub(super) async fn bring(
        &self,
        doing: &str,
        mut reached: ProjectModel,
        passes: fn(&Error) -> bool,
    ) -> Result<ProjectModel, Diagnostics> {
        let (cx, sls, wanted) = (self.cx, self.sls(), &self.model);
        let name = wanted.name();
        let change = wanted.change();
        if reached.change() != change {
            patiently(cx, APPEARING, passes, || sls.update_project(name, &change))
                .await
                .map_err(|error| fault(doing, &error))?;
            reached.description = wanted.description.clone();
            reached.recycle_bin_enabled = wanted.recycle_bin_enabled.clone();
            cx.keep(&reached);
        }
        if let Some(group) = wanted.group().filter(|group| reached.group() != Some(group)) {
            patiently(cx, APPEARING, passes, || sls.change_resource_group(name, group))
                .await
                .map_err(|error| fault_at(doing, &error, "resource_group_id"))?;
            reached.resource_group_id = wanted.resource_group_id.clone();
            cx.keep(&reached);
        }
        if reached.all_tags() != wanted.all_tags() {
            patiently(cx, APPEARING, passes, || self.tag(&sls))
                .await
                .map_err(|error| fault_at(doing, &error, "tags"))?;
            reached.tags = wanted.tags.clone();
            cx.keep(&reached);
        }
        self.seen(doing, |now| now.is_as(wanted), passes).await
    }

    /// Makes the tags what is wanted, whatever they are now: taking away comes first, because their number is limited.
    async fn tag(&self, sls: &Sls) -> Result<(), Error> {
        let (name, wanted) = (self.model.name(), self.model.all_tags());
        let current = sls.list_tags(name).await?;
        let surplus: Vec<String> =
            current.keys().filter(|key| !is_system_tag(key) && !wanted.contains_key(*key)).cloned().collect();
        sls.untag_project(name, &surplus).await?;
        let missing: BTreeMap<String, String> =
            wanted.into_iter().filter(|(key, value)| current.get(key) != Some(value)).collect();
        sls.tag_project(name, &missing).await
    }

    /// Deletes the project, with the logs in it only if that was asked for; it is no error if it is gone already.
    pub(super) async fn delete(&self, doing: &str) -> Result<(), Diagnostics> {
        if !self.model.is_forced() && !self.is_there_without_logs(doing).await? {
            return Ok(());
        }
        self.delete_with_all().await.map_err(|error| fault(doing, &error))
    }

    async fn delete_with_all(&self) -> Result<(), Error> {
        let (sls, name) = (self.sls(), self.model.name());
        match sls.delete_project(name, false).await {
            Err(error) if error.is_code("ProjectNotExist") => return Ok(()),
            other => other?,
        }
        // What is in the recycle bin may or may not be described still.
        if self.model.recycles() {
            return Ok(());
        }
        let gone = || async {
            match self.find_with(&sls).await {
                Err(error) if error.is_code("ProjectForbidden") => Ok(None),
                other => Ok(other?.is_none().then_some(())),
            }
        };
        self.place
            .client
            .wait(&alibaba::retry::Policy::NEW_OBJECT, &format!("{} to be gone", self.model.label()), gone)
            .await
    }
}

/// The name is in use, though not by a project of this account in this region.
fn taken(model: &ProjectModel, place: &Place, error: &Error) -> Diagnostics {
    let name = model.name();
    Diagnostic::error(
        format!("The project name {name:?} is taken"),
        format!(
            "Project names are shared by all customers and all regions. There is a project of this name, but account {} \
             has none in {}: it belongs to somebody else, or is in another region, or has just been deleted. If it is \
             yours, set region on the resource to where it is and import it with the id \"{name}@<region>\"; otherwise \
             choose another name, such as {:?}.\n{error}",
            place.account,
            place.region,
            format!("{name}-{}", place.account),
        ),
    )
    .at(Path::attribute("project_name"))
    .into()
}

/// A refusal to say anything about a project that is to be made.
fn hidden(doing: &str, model: &ProjectModel, error: &Error) -> Diagnostics {
    Diagnostic::error(
        format!("Could not {doing}"),
        format!(
            "Whether there is a project {:?} cannot be seen, so nothing was written. Either the name belongs to another \
             customer (names are shared by all): choose another one; or these credentials lack log:GetProject.\n{error}",
            model.name()
        ),
    )
    .at(Path::attribute("project_name"))
    .into()
}
