//! A project of Simple Log Service.
//!
//! Names are unique among all customers, and the service's front ends learn of a new project one after another: a project
//! counts as created when it can be described and has its tags. Deleting it deletes all logs in it.

mod logs;

use std::collections::BTreeMap;

use alibaba::retry::Policy;
use alibaba::sls::{NewProject, Project as Described, ProjectChange, Sls};
use alibaba::{Arn, Error};

use crate::sls::is_new_to_front_end;
use crate::tags::is_system_tag;
use crate::{Deletion, Failure, Freshness, Object, Phase, Scope};

/// The settings of a project.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// What an update sends, always all of it.
    pub sent: ProjectChange,
    /// Whether logs are stored in one zone (`LRS`) or across several (`ZRS`); fixed at creation.
    pub redundancy: Option<String>,
    /// The resource group; unset is whichever it is in.
    pub resource_group: Option<String>,
    /// The tags, without those of the vendor's services.
    pub tags: BTreeMap<String, String>,
    /// Whether a deletion may delete logs.
    pub deletes_logs: bool,
    /// The account that owns it, where the service says so.
    pub owner: Option<String>,
}

impl Settings {
    fn seen(project: Described, tags: BTreeMap<String, String>) -> Self {
        Self {
            sent: ProjectChange {
                description: project.description,
                recycle_bin_enabled: Some(project.recycle_bin_enabled.unwrap_or(false)),
            },
            redundancy: project.data_redundancy_type,
            resource_group: project.resource_group_id,
            tags: tags.into_iter().filter(|(key, _)| !is_system_tag(key)).collect(),
            deletes_logs: false,
            owner: project.owner,
        }
    }
}

/// The ARN of a project, as trails take it.
#[must_use]
pub fn arn_of(region: &str, account: &str, name: &str) -> String {
    Arn::regional("log", region, account, &format!("project/{name}")).to_string()
}

/// What can be sent for a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Description and recycle bin, in one call.
    Change,
    /// The resource group.
    Group,
    /// The tags.
    Tags,
}

/// One project, and what is wanted of it.
#[derive(Debug)]
pub struct Project {
    scope: Scope,
    name: String,
    wanted: Settings,
}

impl Project {
    /// The project of this name in this scope.
    #[must_use]
    pub fn new(scope: Scope, name: String, wanted: Settings) -> Self {
        Self { scope, name, wanted }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    fn sls(&self) -> Sls {
        self.scope.client.sls(&self.scope.region)
    }

    /// The project without its tags.
    async fn get(&self, scope: &Scope) -> Result<Option<Described>, Error> {
        match scope.client.sls(&scope.region).get_project(&self.name).await {
            Err(error) if error.is_code("ProjectNotExist") => Ok(None),
            other => other.map(Some),
        }
    }

    /// Makes the tags what is wanted, whatever they are now: taking away comes first, because their number is limited.
    async fn send_tags(&self) -> Result<(), Error> {
        let (sls, wanted) = (self.sls(), &self.wanted.tags);
        let current = sls.list_tags(&self.name).await?;
        let surplus: Vec<String> =
            current.keys().filter(|key| !is_system_tag(key) && !wanted.contains_key(*key)).cloned().collect();
        sls.untag_project(&self.name, &surplus).await?;
        let is_missing = |(key, value): &(&String, &String)| current.get(*key) != Some(value);
        let missing = wanted.iter().filter(is_missing).map(|(key, value)| (key.clone(), value.clone()));
        sls.tag_project(&self.name, &missing.collect()).await
    }
}

impl Object for Project {
    type Settings = Settings;
    type Step = Step;

    const WRITTEN: Policy = Policy::NEW_OBJECT;
    const UNANSWERED: Policy = Policy::UNANSWERED_IN_SLS;

    fn label(&self) -> String {
        format!("project {:?}", self.name)
    }

    fn scope(&self) -> &Scope {
        &self.scope
    }

    async fn describe(&self, scope: &Scope, _freshness: Freshness) -> Result<Option<Settings>, Error> {
        let sls = scope.client.sls(&scope.region);
        match tokio::join!(self.get(scope), sls.list_tags(&self.name)) {
            (Ok(Some(project)), tags) => Ok(Some(Settings::seen(project, tags?))),
            (other, _) => other.map(|_| None),
        }
    }

    /// Somebody else's project policy may let this account look.
    fn accept(&self, seen: &Settings) -> Result<(), Failure> {
        match seen.owner.as_ref().filter(|owner| **owner != self.scope.account) {
            None => Ok(()),
            Some(owner) => Err(Failure::Foreign { owner: owner.clone() }),
        }
    }

    async fn find(&self) -> Result<Option<Settings>, Failure> {
        match self.get(&self.scope).await {
            Err(error) if error.is_denied() => Err(Failure::Hidden(error)),
            found => {
                let found = found?.map(|project| Settings::seen(project, BTreeMap::new()));
                found.iter().try_for_each(|found| self.accept(found))?;
                Ok(found)
            }
        }
    }

    /// With all but the tags.
    async fn create(&self) -> Result<Settings, Error> {
        let wanted = &self.wanted;
        let project = NewProject {
            project_name: self.name.clone(),
            description: wanted.sent.description.clone(),
            data_redundancy_type: wanted.redundancy.clone(),
            resource_group_id: wanted.resource_group.clone(),
            recycle_bin_enabled: wanted.sent.recycle_bin_enabled,
        };
        self.sls().create_project(&project).await?;
        Ok(Settings { tags: BTreeMap::new(), ..wanted.clone() })
    }

    /// The region had none of this name a moment ago: one of this account is it.
    async fn find_unanswered(&self, scope: &Scope) -> Result<Option<Settings>, Error> {
        let found = self.get(scope).await?.map(|project| Settings::seen(project, BTreeMap::new()));
        Ok(found.filter(|found| self.accept(found).is_ok()))
    }

    fn refused(&self, error: Error) -> Failure {
        if error.is_already_exists() { Failure::Taken(error) } else { Failure::Call(error) }
    }

    fn open(&self, now: &Settings) -> Vec<Step> {
        let wanted = &self.wanted;
        let moves = wanted.resource_group.is_some() && wanted.resource_group != now.resource_group;
        [(Step::Change, wanted.sent != now.sent), (Step::Group, moves), (Step::Tags, wanted.tags != now.tags)]
            .into_iter()
            .filter_map(|(step, is_open)| is_open.then_some(step))
            .collect()
    }

    async fn send(&self, step: Step, _now: &Settings) -> Result<(), Error> {
        match step {
            Step::Change => self.sls().update_project(&self.name, &self.wanted.sent).await,
            Step::Group => {
                let group = self.wanted.resource_group.as_deref().unwrap_or_default();
                self.sls().change_resource_group(&self.name, group).await
            }
            Step::Tags => self.send_tags().await,
        }
    }

    fn reach(&self, step: Step, now: &mut Settings) {
        match step {
            Step::Change => now.sent.clone_from(&self.wanted.sent),
            Step::Group => now.resource_group.clone_from(&self.wanted.resource_group),
            Step::Tags => now.tags.clone_from(&self.wanted.tags),
        }
    }

    fn setting(step: Step) -> Option<&'static str> {
        match step {
            Step::Change => None,
            Step::Group => Some("resource_group_id"),
            Step::Tags => Some("tags"),
        }
    }

    fn passes(&self, phase: Phase, _step: Option<Step>, error: &Error) -> bool {
        phase == Phase::Create && is_new_to_front_end(error)
    }

    async fn deletable(&self) -> Result<bool, Failure> {
        if self.wanted.deletes_logs { Ok(true) } else { self.is_there_without_logs().await }
    }

    async fn delete(&self) -> Result<Deletion, Error> {
        self.sls().delete_project(&self.name, false).await?;
        // What is in the recycle bin may or may not be described still.
        let recycles = self.wanted.sent.recycle_bin_enabled == Some(true);
        Ok(if recycles { Deletion::Done } else { Deletion::Begun })
    }

    async fn remains(&self) -> Result<bool, Error> {
        match self.get(&self.scope).await {
            // On its way out.
            Err(error) if error.is_code("ProjectForbidden") => Ok(true),
            other => Ok(other?.is_some()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_scope;

    #[test]
    fn tags_of_the_vendor_are_not_the_users() {
        let tags = [("acs:rm:rgId", "rg-1"), ("Aliyun-x", "y"), ("owner", "security")];
        let tags = tags.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        let seen = Settings::seen(Described::default(), tags);
        assert_eq!(seen.tags, BTreeMap::from([("owner".to_owned(), "security".to_owned())]));
    }

    #[test]
    fn an_unset_group_is_whatever_it_is() {
        let there = Settings { resource_group: Some("rg-default".into()), ..Settings::default() };
        let open = |wanted: Settings| Project::new(test_scope(), "audit".into(), wanted).open(&there);
        assert_eq!(open(Settings { resource_group: None, ..there.clone() }), []);
        let other = Settings { resource_group: Some("rg-other".into()), ..there.clone() };
        assert_eq!(open(other), [Step::Group]);
        let mut described = there.clone();
        described.sent.description = "x".into();
        assert_eq!(open(described), [Step::Change]);
    }

    #[test]
    fn a_project_of_another_account_is_refused() {
        let project = Project::new(test_scope(), "audit".into(), Settings::default());
        let owned = |owner: &str| Settings { owner: Some(owner.into()), ..Settings::default() };
        assert!(project.accept(&owned(&project.scope.account)).is_ok());
        assert!(project.accept(&Settings::default()).is_ok());
        assert!(matches!(project.accept(&owned("9")), Err(Failure::Foreign { owner }) if owner == "9"));
    }
}
