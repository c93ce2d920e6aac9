//! What an object has to say for itself: its settings and the calls that look at it and change it.

use std::fmt::Debug;

use alibaba::Error;
use alibaba::retry::Policy;

use crate::{Failure, Scope};

/// How new the answer to a look has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// It may come from a list that is some seconds old, so that one list serves many objects.
    Recent,
    /// Asked for now.
    Now,
}

/// What the driver is about, for refusals that pass in one phase and are final in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The object, or what it is in, may be new, so that some front ends do not know it yet.
    Create,
    /// The object has been there for a while.
    Update,
    /// The object is deleted.
    Delete,
}

/// What a deletion has done.
#[derive(Debug)]
pub enum Deletion {
    /// It was asked for: the object is gone once it is no longer described.
    Begun,
    /// Nothing is left to wait for.
    Done,
    /// It is done, but for a part of the object that others use.
    DoneInPart,
    /// It does not happen, and not because of a refused call.
    Refused(Failure),
}

/// In which order settings are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule<T> {
    /// Lanes that run side by side; the steps of one lane wait for each other.
    pub lanes: Vec<Vec<T>>,
    /// What comes after all of them, such as what takes long.
    pub last: Vec<T>,
}

impl<T> Schedule<T> {
    /// One after another.
    pub fn in_order(steps: Vec<T>) -> Self {
        Self { lanes: vec![steps], last: Vec::new() }
    }
}

/// One object of the cloud, and what is wanted of it.
pub trait Object: Send + Sync + Sized {
    /// Its settings, wanted or seen, with the facts that the service tells beside them.
    type Settings: Clone + Debug + Send + Sync;
    /// A change of one call, or of a few that belong together: one setting, or all that one call sets.
    type Step: Copy + Debug + PartialEq + Send + Sync;

    /// How long an object that was just created may stay hidden.
    const NEW: Policy = Policy::NEW_OBJECT;
    /// How long a write may stay hidden.
    const WRITTEN: Policy = Policy::WRITTEN;
    /// How long to look for an object whose creation was not answered.
    const UNANSWERED: Policy = Policy::UNANSWERED;
    /// How long a deletion may be refused for now, and how long the object may be seen after it.
    const DELETED: Policy = Policy::NEW_OBJECT;
    /// Whether settings are sent as soon as the creation is answered, without a look at the new object in between.
    const SENDS_AT_ONCE: bool = false;
    /// Whether an update goes by a look of its own instead of by what is known: for what cannot be taken back.
    const LOOKS_BEFORE_UPDATE: bool = false;
    /// How often settings are sent that are not to be seen after [`Self::WRITTEN`].
    const ROUNDS: usize = 1;

    /// How messages name it, such as `trail "audit"`.
    fn label(&self) -> String;

    /// Where it is.
    fn scope(&self) -> &Scope;

    /// Looks at it, through this scope. `None` only when the service itself says that there is none.
    fn describe(
        &self,
        scope: &Scope,
        freshness: Freshness,
    ) -> impl Future<Output = Result<Option<Self::Settings>, Error>> + Send;

    /// Refuses an object that was found and is not to be managed here, such as one of another account.
    ///
    /// # Errors
    /// Why it is refused.
    fn accept(&self, _seen: &Self::Settings) -> Result<(), Failure> {
        Ok(())
    }

    /// Refuses to go on with an object as it is after its creation or a step, once that has been told.
    ///
    /// # Errors
    /// Why it is refused.
    fn accept_reached(&self, _seen: &Self::Settings) -> Result<(), Failure> {
        Ok(())
    }

    /// Looks for it before it is created, at whatever a creation would collide with.
    fn find(&self) -> impl Future<Output = Result<Option<Self::Settings>, Failure>> + Send {
        async {
            let scope = self.scope();
            let look = || self.describe(scope, Freshness::Now);
            let passes = |error: &Error| self.passes(Phase::Create, None, error);
            let found = scope.client.retry(&Self::NEW, passes, look).await?;
            if let Some(found) = &found {
                self.accept(found)?;
            }
            Ok(found)
        }
    }

    /// Adopts one that is there before its creation, or refuses to.
    ///
    /// # Errors
    /// Why it is not adopted.
    fn adopt(&self, _found: Self::Settings) -> Result<Self::Settings, Failure> {
        Err(Failure::Exists { region: None })
    }

    /// Looks for one that somebody else created between the look and the creation, where such a one may be adopted.
    fn overtaken(&self) -> impl Future<Output = Result<Option<Self::Settings>, Failure>> + Send {
        async { Ok(None) }
    }

    /// Told when a read finds none. An error instead of "there is none" is one that says where it is.
    fn missing(&self) -> impl Future<Output = Result<(), Failure>> + Send {
        async { Ok(()) }
    }

    /// Creates it, with what the creating call can say, and gives it as it is then.
    fn create(&self) -> impl Future<Output = Result<Self::Settings, Error>> + Send;

    /// Whether what is seen after a creation is what it made. A creation that replaces may be followed by looks that still
    /// show what was there before.
    fn is_created(&self, _seen: &Self::Settings) -> bool {
        true
    }

    /// Looks for what an unanswered creation made: there was none before it.
    fn find_unanswered(
        &self,
        scope: &Scope,
    ) -> impl Future<Output = Result<Option<Self::Settings>, Error>> + Send {
        async { Ok(self.describe(scope, Freshness::Now).await?.filter(|seen| self.is_created(seen))) }
    }

    /// What a refused creation means.
    fn refused(&self, error: Error) -> Failure {
        if error.is_already_exists() { Failure::Exists { region: None } } else { Failure::Call(error) }
    }

    /// The steps that are open: what of `now` is not as wanted, in the order in which it is to be sent.
    fn open(&self, now: &Self::Settings) -> Vec<Self::Step>;

    /// What runs side by side.
    fn schedule(&self, open: Vec<Self::Step>) -> Schedule<Self::Step> {
        Schedule::in_order(open)
    }

    /// Sends one step; `now` is how the object is as far as that is known.
    fn send(&self, step: Self::Step, now: &Self::Settings) -> impl Future<Output = Result<(), Error>> + Send;

    /// Notes in `now` that a step is reached.
    fn reach(&self, step: Self::Step, now: &mut Self::Settings);

    /// The setting that a step is about, by its name in the configuration, where it is about one.
    fn setting(_step: Self::Step) -> Option<&'static str> {
        None
    }

    /// Whether a refusal passes: of a look or a creation (no step), or of a step.
    fn passes(&self, phase: Phase, _step: Option<Self::Step>, error: &Error) -> bool {
        phase == Phase::Create && error.is_not_yet_visible()
    }

    /// Asked before a deletion: whether it is there to be deleted.
    ///
    /// # Errors
    /// Why it has to stay.
    fn deletable(&self) -> impl Future<Output = Result<bool, Failure>> + Send {
        async { Ok(true) }
    }

    /// Whether it is still to be seen after its deletion.
    fn remains(&self) -> impl Future<Output = Result<bool, Error>> + Send {
        async {
            match self.describe(self.scope(), Freshness::Now).await {
                Err(error) if self.passes(Phase::Delete, None, &error) => Ok(false),
                other => Ok(other?.is_some()),
            }
        }
    }

    /// Deletes it. A refusal for which [`Self::passes`] holds is waited out; one that says that it is gone is no error.
    fn delete(&self) -> impl Future<Output = Result<Deletion, Error>> + Send;
}
