//! Bringing an object about: the one order in which every object is created, read, updated and deleted.

use std::sync::{Mutex, PoisonError};

use alibaba::Error;
use futures_util::future::join_all;

use crate::creation::create_once;
use crate::failure::Operation;
use crate::{Deletion, Failed, Failure, Freshness, Object, Phase, Problem};

/// Told of everything that is reached, as soon as it is: what has to be known if the operation ends there.
pub type Reached<'r, S> = &'r (dyn Fn(&S) + Send + Sync);

/// Creates the object and brings it to what is wanted. One that is there already is an error, unless it is adopted.
///
/// # Errors
/// What went wrong. What was reached before has been told.
pub async fn create<O: Object>(object: &O, reached: Reached<'_, O::Settings>) -> Result<O::Settings, Failed> {
    let failed = |failure: Failure| Failed::new(Operation::Create, failure);
    // Nothing is told of one that is adopted before a step of it is reached: adopting it is repeated by the next creation.
    if let Some(found) = object.find().await.map_err(failed)? {
        let now = object.adopt(found).map_err(failed)?;
        return bring(object, Phase::Create, now, reached).await;
    }
    let created = match create_once(object).await {
        Ok(created) => created,
        Err(error) => {
            let overtaken = match error.is_already_exists() {
                true => object.overtaken().await.map_err(failed)?,
                false => None,
            };
            let found = overtaken.ok_or_else(|| failed(object.refused(error)))?;
            let now = object.adopt(found).map_err(failed)?;
            return bring(object, Phase::Create, now, reached).await;
        }
    };
    reached(&created);
    if O::SENDS_AT_ONCE {
        return bring(object, Phase::Create, created, reached).await;
    }
    let what = format!("{} to be seen", object.label());
    let scope = object.scope();
    let look = || visible(object, Phase::Create);
    let shows = |seen: &O::Settings| object.is_created(seen);
    let now = scope.client.settle(&O::NEW, &what, shows, look).await.map_err(|error| failed(error.into()))?;
    object.accept(&now).map_err(failed)?;
    reached(&now);
    object.accept_reached(&now).map_err(failed)?;
    bring(object, Phase::Create, now, reached).await
}

/// Reads the object; `None` only when the service itself says that there is none.
///
/// # Errors
/// What went wrong.
pub async fn read<O: Object>(object: &O) -> Result<Option<O::Settings>, Failed> {
    let failed = |failure: Failure| Failed::new(Operation::Read, failure);
    let found = object.describe(object.scope(), Freshness::Recent).await;
    let found = found.map_err(|error| failed(error.into()))?;
    match &found {
        Some(found) => object.accept(found).map_err(failed)?,
        None => object.missing().await.map_err(failed)?,
    }
    Ok(found)
}

/// Brings the object from how it is, as far as that is known, to what is wanted. Without a difference no call is made.
///
/// # Errors
/// What went wrong. What was reached before has been told.
pub async fn update<O: Object>(
    object: &O,
    now: O::Settings,
    reached: Reached<'_, O::Settings>,
) -> Result<O::Settings, Failed> {
    let mut now = now;
    if O::LOOKS_BEFORE_UPDATE {
        let seen =
            visible(object, Phase::Update).await.map_err(|error| Failed::new(Operation::Update, error))?;
        now = seen.unwrap_or(now);
    }
    bring(object, Phase::Update, now, reached).await
}

/// Deletes the object, and waits until it is gone. One that is gone already is no error. Gives whether it is gone whole: a part
/// that others use stays.
///
/// # Errors
/// What went wrong.
pub async fn delete<O: Object>(object: &O) -> Result<bool, Failed> {
    let failed = |failure: Failure| Failed::new(Operation::Delete, failure);
    if !object.deletable().await.map_err(failed)? {
        return Ok(true);
    }
    let client = &object.scope().client;
    let passes = |error: &Error| object.passes(Phase::Delete, None, error);
    match client.retry(&O::DELETED, passes, || object.delete()).await {
        Ok(Deletion::Begun) => {}
        Ok(Deletion::Done) => return Ok(true),
        Ok(Deletion::DoneInPart) => return Ok(false),
        Ok(Deletion::Refused(failure)) => return Err(failed(failure)),
        Err(error) if error.is_not_found() => return Ok(true),
        Err(error) => return Err(failed(error.into())),
    }
    let what = format!("{} to be gone", object.label());
    let gone = || async { Ok((!object.remains().await?).then_some(())) };
    client.wait(&O::DELETED, &what, gone).await.map_err(|error| failed(error.into()))?;
    Ok(true)
}

/// The object, or nothing while it is not to be seen yet.
async fn visible<O: Object>(object: &O, phase: Phase) -> Result<Option<O::Settings>, Error> {
    match object.describe(object.scope(), Freshness::Now).await {
        Err(error) if object.passes(phase, None, &error) => Ok(None),
        other => other,
    }
}

async fn bring<O: Object>(
    object: &O,
    phase: Phase,
    mut now: O::Settings,
    reached: Reached<'_, O::Settings>,
) -> Result<O::Settings, Failed> {
    let doing = if phase == Phase::Create { Operation::Create } else { Operation::Update };
    for _ in 0..O::ROUNDS {
        let open = object.open(&now);
        if open.is_empty() {
            break;
        }
        send(object, phase, open, now, reached).await.map_err(|problems| Failed { doing, problems })?;
        let what = format!("{} to be seen as it was set", object.label());
        let done = |seen: &O::Settings| {
            let missing = object.open(seen);
            if !missing.is_empty() {
                tracing::debug!(object = object.label(), ?missing, "not to be seen yet");
            }
            missing.is_empty()
        };
        let seen = object.scope().client.settle(&O::WRITTEN, &what, done, || visible(object, phase)).await;
        now = seen.map_err(|error| Failed::new(doing, error))?;
        object.accept(&now).map_err(|failure| Failed::new(doing, failure))?;
        if let Err(failure) = object.accept_reached(&now) {
            reached(&now);
            return Err(Failed::new(doing, failure));
        }
    }
    Ok(now)
}

/// Sends what is open, and tells of every step that is reached.
async fn send<O: Object>(
    object: &O,
    phase: Phase,
    open: Vec<O::Step>,
    now: O::Settings,
    reached: Reached<'_, O::Settings>,
) -> Result<(), Vec<Problem>> {
    let now = &Mutex::new(now);
    let take = |step: O::Step| async move {
        let known = now.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let passes = |error: &Error| object.passes(phase, Some(step), error);
        let sent = object.scope().client.retry(&O::NEW, passes, || object.send(step, &known)).await;
        sent.map_err(|error| Problem { setting: O::setting(step), failure: error.into() })?;
        let mut now = now.lock().unwrap_or_else(PoisonError::into_inner);
        object.reach(step, &mut now);
        reached(&now);
        Ok(())
    };
    let schedule = object.schedule(open);
    let lanes = join_all(schedule.lanes.into_iter().map(|lane| async {
        for step in lane {
            take(step).await?;
        }
        Ok(())
    }));
    let problems: Vec<Problem> = lanes.await.into_iter().filter_map(Result::err).collect();
    if !problems.is_empty() {
        return Err(one_interrupt(problems));
    }
    for step in schedule.last {
        take(step).await.map_err(|problem| vec![problem])?;
    }
    Ok(())
}

/// One cancellation is one message, however many calls it ends.
fn one_interrupt(mut problems: Vec<Problem>) -> Vec<Problem> {
    let is_cancelled =
        |problem: &Problem| matches!(&problem.failure, Failure::Call(error) if error.is_cancelled());
    if let Some(first) = problems.iter().position(is_cancelled) {
        problems.truncate(first + 1);
    }
    problems
}
