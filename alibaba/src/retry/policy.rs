//! The named policies.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};

/// The pauses between attempts at one thing, and for how long to go on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Policy {
    /// How logs and tests call it.
    pub name: &'static str,
    /// The pause after the first attempt.
    pub first: Duration,
    /// How much longer each pause is than the one before.
    pub factor: f32,
    /// The longest pause.
    pub longest: Duration,
    /// How long to go on at most. The deadline of the operation may be earlier.
    pub at_most: Duration,
}

const fn polling(name: &'static str, seconds: u64) -> Policy {
    Policy {
        name,
        first: Duration::from_millis(200),
        factor: 1.6,
        longest: Duration::from_secs(5),
        at_most: Duration::from_secs(seconds),
    }
}

/// How far apart the calls may be that were waiting for one pause, as a share of the pause.
pub(super) const SPREAD: f64 = 0.2;

/// Something between nothing and a share of a pause, to be added to it by everybody who waits for its end: they do not all
/// call in the same moment.
pub(crate) fn spread(pause: Duration) -> Duration {
    use rand::Rng;
    pause.mul_f64(rand::rng().random_range(0.0..=SPREAD))
}

impl Policy {
    /// A call that failed on its way, or was throttled: exponential, each pause a random part of its bound. How many there
    /// are is a setting of the client.
    pub const CALL: Self = Self {
        name: "call",
        first: Duration::from_millis(200),
        factor: 2.0,
        longest: Duration::from_secs(20),
        at_most: Duration::MAX,
    };
    /// A new object that some front ends do not know yet: those of SLS learn of it within about a minute (sls.md).
    pub const NEW_OBJECT: Self = polling("new object", 120);
    /// A new role or policy of RAM on its way to the services that are to trust it.
    pub const NEW_ROLE: Self = polling("new role", 120);
    /// A new role or policy of RAM on its way to other calls of RAM.
    pub const NEW_IN_RAM: Self = polling("new in RAM", 60);
    /// A write that is not to be seen yet.
    pub const WRITTEN: Self = polling("written", 60);
    /// What a service makes on its own for an object that was just created, such as the logstore of a trail.
    pub const MADE_BY_SERVICE: Self = polling("made by a service", 60);
    /// A row of the tables of SLS, or a dashboard, that is not to be seen yet.
    pub const WRITTEN_RECORD: Self = polling("written record", 20);
    /// An object whose creation was not answered, in a service that shows new ones at once.
    pub const UNANSWERED: Self = polling("unanswered", 5);
    /// The same in SLS, whose front ends learn of new objects one after another.
    pub const UNANSWERED_IN_SLS: Self = polling("unanswered in SLS", 20);
    /// An object that a fault of the service, or of the connection to it, probably kept from being made.
    pub const LOST: Self = polling("lost", 1);
    /// A look at the cloud for the sake of a plan, which goes on without.
    pub const PLANNING: Self = polling("planning", 10);
    /// A task or job of the service, until the operation has to end.
    pub const JOB: Self = Self { at_most: Duration::from_secs(365 * 24 * 3600), ..polling("job", 0) };

    /// The same policy, ended earlier where `other` ends earlier.
    #[must_use]
    pub fn no_longer_than(self, other: &Self) -> Self {
        Self { at_most: self.at_most.min(other.at_most), ..self }
    }

    /// The pauses, without end.
    pub(crate) fn pauses(&self) -> backon::ExponentialBackoff {
        ExponentialBuilder::default()
            .with_min_delay(self.first)
            .with_max_delay(self.longest)
            .with_factor(self.factor)
            .without_max_times()
            .build()
    }
}
