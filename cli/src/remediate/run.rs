//! Carries steps out, or undoes them: accounts in batches, side by side within a batch, and the steps of an account one after
//! the other. Every write is in the journal before it is made.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use alibaba::Client;
use baseline::audit::Target;
use futures_util::future::join_all;
use remediator::{Journal, Outcome, Step};
use tokio_util::sync::CancellationToken;

use super::plan::accounts;
use crate::audit::scope::Members;

/// How a run goes about it.
#[derive(Debug)]
pub(super) struct Runner {
    pub(super) members: Members,
    pub(super) journal: Arc<Mutex<Journal>>,
    pub(super) batch_size: usize,
    pub(super) max_failures: Option<usize>,
    pub(super) pause: Duration,
    /// The first batch has this account alone.
    pub(super) canary: bool,
    pub(super) cancel: CancellationToken,
    /// Whether steps are undone.
    pub(super) undo: bool,
    /// Whether steps are undone that weaken the trail.
    pub(super) with_weakening: bool,
}

/// How a run ended.
#[derive(Debug, Default)]
pub(super) struct Result {
    /// Steps after which the object is as it is to be.
    pub(super) good: usize,
    /// The others: the step and why.
    pub(super) bad: Vec<(Step, String)>,
    /// It was stopped before the last step.
    pub(super) stopped: Option<String>,
}

impl Runner {
    fn journal(&self) -> std::sync::MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Carries out the steps of the journal that have not come to a good end.
    pub(super) async fn run(&self) -> Result {
        let steps: Vec<Step> = self.journal().steps().to_vec();
        let mut all: Vec<String> = accounts(&steps).into_iter().map(str::to_owned).collect();
        if self.undo {
            all.reverse();
        }
        let mut result = Result::default();
        let mut failed_accounts = 0;
        let mut from = 0;
        while from < all.len() {
            let size = if from == 0 && self.canary && !self.undo { 1 } else { self.batch_size };
            let batch = &all[from..(from + size).min(all.len())];
            from += batch.len();
            for (good, bad) in join_all(batch.iter().map(|account| self.account(account, &steps))).await {
                result.good += good;
                failed_accounts += usize::from(!bad.is_empty());
                result.bad.extend(bad);
            }
            eprintln!("{from}/{} accounts, {} steps done, {} not", all.len(), result.good, result.bad.len());
            if self.cancel.is_cancelled() {
                result.stopped = Some("interrupted".to_owned());
                break;
            }
            if from < all.len() {
                if self.canary && from == 1 && failed_accounts > 0 {
                    result.stopped = Some("the first account did not come out well".to_owned());
                    break;
                }
                if self.max_failures.is_some_and(|most| failed_accounts > most) {
                    result.stopped = Some(format!("{failed_accounts} accounts did not come out well"));
                    break;
                }
                tokio::select! {
                    () = tokio::time::sleep(self.pause) => {}
                    () = self.cancel.cancelled() => {}
                }
            }
        }
        result
    }

    async fn account(&self, account: &str, steps: &[Step]) -> (usize, Vec<(Step, String)>) {
        let mut mine: Vec<(usize, &Step)> =
            steps.iter().enumerate().filter(|(_, step)| step.account == account).collect();
        if self.undo {
            mine.reverse();
        }
        mine.retain(|(index, _)| self.is_open(*index));
        let (mut good, mut bad) = (0, Vec::new());
        if mine.is_empty() {
            return (good, bad);
        }
        let target = Target { account: account.to_owned(), name: None };
        let client = match self.members.connect(target).await {
            Ok(client) => client,
            Err(reason) => {
                let reason = format!("account {account} cannot be entered: {reason}");
                bad.extend(mine.into_iter().map(|(_, step)| (step.clone(), reason.clone())));
                return (good, bad);
            }
        };
        for (index, step) in mine {
            // A step that began comes to its end: an interrupt waits for that.
            if self.cancel.is_cancelled() {
                break;
            }
            let outcome = self.step(&client, index, step).await;
            match why(&outcome) {
                None => good += 1,
                Some(reason) => bad.push((step.clone(), reason)),
            }
            if let Err(error) = self.journal().end(index, self.undo, outcome) {
                bad.push((step.clone(), format!("the journal cannot be written: {error}")));
                break;
            }
        }
        (good, bad)
    }

    fn is_open(&self, index: usize) -> bool {
        let journal = self.journal();
        if self.undo {
            let was_made = matches!(journal.outcome(index), Some(Outcome::Done));
            return was_made && !journal.undone(index).is_some_and(Outcome::is_good);
        }
        !journal.outcome(index).is_some_and(Outcome::is_good)
    }

    async fn step(&self, client: &Client, index: usize, step: &Step) -> Outcome {
        let note = async || self.journal().begin(index, self.undo).map_err(|error| error.to_string());
        if self.undo {
            remediator::undo(client, step, self.with_weakening, note).await
        } else {
            remediator::apply(client, step, note).await
        }
    }
}

/// Why a step did not come out well.
fn why(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Done | Outcome::AlreadyDone => None,
        Outcome::Changed { now } => Some(format!("the value has changed meanwhile, and is {now} now")),
        Outcome::Refused { action: Some(action), reason } => Some(format!("{action} is refused: {reason}")),
        Outcome::Refused { action: None, reason } | Outcome::Kept { reason } => Some(reason.clone()),
    }
}
