//! The driver, with an object whose service is a few lines: on a paused clock, with every call counted.

use std::sync::{Mutex, MutexGuard, PoisonError};

use alibaba::credentials::{Chain, Sources};
use alibaba::endpoint::Service;
use alibaba::{Client, Config, Error, ServiceError};
use tokio_util::sync::CancellationToken;

use crate::{Deletion, Failure, Freshness, Object, Phase, Scope, create, delete, read, update};

/// Two numbers, each with a call of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Settings([u8; 2]);

/// What the service has, and how it misbehaves.
#[derive(Debug, Default)]
struct Cloud {
    object: Option<Settings>,
    calls: Vec<&'static str>,
    /// How many looks see nothing, or what was there before.
    hides: usize,
    /// Creations whose answer is lost: whether each was done.
    loses: Vec<bool>,
    /// How often a setting is refused for now.
    refuses: usize,
    /// The setting that is refused for good.
    broken: Option<usize>,
    /// Sending this setting has no effect this many times.
    ignores: usize,
}

struct Pair {
    scope: Scope,
    wanted: Settings,
    cloud: Mutex<Cloud>,
    adopts: bool,
}

fn scope(cancel: &CancellationToken) -> Scope {
    let client = Client::new(Config::new(Chain::new(Sources::default()))).unwrap();
    Scope { client: client.with_cancel(cancel.clone()), account: "1".into(), region: "cn-hangzhou".into() }
}

fn pair(cloud: Cloud) -> Pair {
    Pair {
        scope: scope(&CancellationToken::new()),
        wanted: Settings([1, 2]),
        cloud: Mutex::new(cloud),
        adopts: false,
    }
}

fn lost() -> Error {
    Error::LostAnswer { service: Service::Sls, action: "CreatePair", detail: "lost".into() }
}

/// What the service says of a second creation.
fn exists() -> Error {
    ServiceError::new(Service::Sls, "CreatePair", 400, "ProjectAlreadyExist").into()
}

fn not_yet() -> Error {
    Error::Internal("not yet".into())
}

impl Pair {
    fn cloud(&self) -> MutexGuard<'_, Cloud> {
        self.cloud.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self, call: &str) -> usize {
        self.cloud().calls.iter().filter(|made| **made == call).count()
    }
}

impl Object for Pair {
    type Settings = Settings;
    type Step = usize;
    const ROUNDS: usize = 2;

    fn label(&self) -> String {
        "the pair".into()
    }

    fn scope(&self) -> &Scope {
        &self.scope
    }

    async fn describe(&self, _scope: &Scope, _freshness: Freshness) -> Result<Option<Settings>, Error> {
        let mut cloud = self.cloud();
        cloud.calls.push("describe");
        if cloud.object.is_some() && cloud.hides > 0 {
            cloud.hides -= 1;
            return Ok(None);
        }
        Ok(cloud.object)
    }

    fn adopt(&self, found: Settings) -> Result<Settings, Failure> {
        if self.adopts { Ok(found) } else { Err(Failure::Exists { region: None }) }
    }

    async fn create(&self) -> Result<Settings, Error> {
        let mut cloud = self.cloud();
        cloud.calls.push("create");
        if cloud.object.is_some() {
            return Err(exists());
        }
        let new = Settings([0, 0]);
        if cloud.loses.is_empty() {
            cloud.object = Some(new);
            return Ok(new);
        }
        if cloud.loses.remove(0) {
            cloud.object = Some(new);
        }
        Err(lost())
    }

    fn open(&self, now: &Settings) -> Vec<usize> {
        (0..2).filter(|at| now.0[*at] != self.wanted.0[*at]).collect()
    }

    async fn send(&self, step: usize, _now: &Settings) -> Result<(), Error> {
        let mut cloud = self.cloud();
        cloud.calls.push("send");
        if cloud.refuses > 0 {
            cloud.refuses -= 1;
            return Err(not_yet());
        }
        if cloud.broken == Some(step) {
            return Err(Error::Internal("no".into()));
        }
        if cloud.ignores > 0 {
            cloud.ignores -= 1;
            return Ok(());
        }
        if let Some(object) = &mut cloud.object {
            object.0[step] = self.wanted.0[step];
        }
        Ok(())
    }

    fn reach(&self, step: usize, now: &mut Settings) {
        now.0[step] = self.wanted.0[step];
    }

    fn setting(step: usize) -> Option<&'static str> {
        ["first", "second"].get(step).copied()
    }

    fn passes(&self, _phase: Phase, _step: Option<usize>, error: &Error) -> bool {
        error.to_string() == not_yet().to_string()
    }

    async fn delete(&self) -> Result<Deletion, Error> {
        let mut cloud = self.cloud();
        cloud.calls.push("delete");
        cloud.object = None;
        Ok(Deletion::Begun)
    }
}

/// Creates the pair; what was reached on the way, and how it ended.
async fn created(pair: &Pair) -> (Vec<[u8; 2]>, Result<[u8; 2], String>) {
    let reached = Mutex::new(Vec::new());
    let keep = |now: &Settings| reached.lock().unwrap().push(now.0);
    let ended = create(pair, &keep).await;
    let ended = ended.map(|now| now.0).map_err(|failed| {
        let said: Vec<String> = failed
            .problems
            .iter()
            .map(|problem| format!("{}: {}", problem.setting.unwrap_or("-"), problem.failure))
            .collect();
        format!("{} {}", failed.doing, said.join("; "))
    });
    (reached.into_inner().unwrap(), ended)
}

#[tokio::test(start_paused = true)]
async fn every_step_of_a_creation_is_told_as_soon_as_it_is_reached() {
    let pair = pair(Cloud { hides: 2, ..Cloud::default() });
    let (reached, ended) = created(&pair).await;
    assert_eq!(ended, Ok([1, 2]));
    assert_eq!(reached, [[0, 0], [0, 0], [1, 0], [1, 2]], "created, seen, and each setting");
    assert_eq!((pair.count("create"), pair.count("send")), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn what_exists_is_refused_or_adopted_and_never_created_again() {
    let existing = || Cloud { object: Some(Settings([1, 0])), ..Cloud::default() };
    let refusing = pair(existing());
    let (reached, ended) = created(&refusing).await;
    assert_eq!(ended, Err("create -: it exists already".into()));
    assert!(reached.is_empty() && refusing.count("create") == 0 && refusing.count("send") == 0);
    let adopting = Pair { adopts: true, ..pair(existing()) };
    let (reached, ended) = created(&adopting).await;
    assert_eq!((reached, ended), (vec![[1, 2]], Ok([1, 2])), "told once a step is reached");
    assert_eq!((adopting.count("create"), adopting.count("send")), (0, 1), "only what differs is sent");
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_looked_into_and_nothing_is_created_twice() {
    for (loses, creations) in [(vec![true], 1), (vec![false], 2), (vec![false, true], 2)] {
        let pair = pair(Cloud { loses: loses.clone(), hides: 1, ..Cloud::default() });
        let (_, ended) = created(&pair).await;
        assert_eq!(ended, Ok([1, 2]), "{loses:?}");
        assert_eq!(pair.count("create"), creations, "{loses:?}");
    }
    // Nothing is made twice, however late it shows.
    let late = Pair {
        cloud: Mutex::new(Cloud { loses: vec![true], hides: 6, ..Cloud::default() }),
        ..pair(Cloud::default())
    };
    assert_eq!(created(&late).await.1, Ok([1, 2]));
    assert_eq!(late.count("create"), 2, "the second one was told that it exists");
    let hopeless = pair(Cloud { loses: vec![false; 9], ..Cloud::default() });
    let (reached, ended) = created(&hopeless).await;
    assert!(ended.unwrap_err().contains("may or may not have been made") && reached.is_empty());
    assert_eq!(hopeless.count("create"), 4);
}

/// A connection that breaks costs a second, not the time that a new object may take to show.
#[tokio::test(start_paused = true)]
async fn a_request_that_did_not_arrive_is_soon_sent_again() {
    let pair = pair(Cloud { loses: vec![false], ..Cloud::default() });
    assert_eq!(created(&pair).await.1, Ok([1, 2]));
    assert_eq!(pair.count("create"), 2);
    let between = pair
        .cloud()
        .calls
        .iter()
        .skip_while(|call| **call != "create")
        .skip(1)
        .position(|call| *call == "create");
    assert_eq!(between, Some(4), "looks before it is sent again: at once, and then by the policy");
}

#[tokio::test(start_paused = true)]
async fn what_was_reached_before_a_setting_failed_is_told_and_the_setting_named() {
    let pair = pair(Cloud { broken: Some(1), ..Cloud::default() });
    let (reached, ended) = created(&pair).await;
    assert_eq!(reached.last(), Some(&[1, 0]));
    assert_eq!(ended, Err("create second: no".into()));
}

#[tokio::test(start_paused = true)]
async fn passing_refusals_are_waited_out_and_settings_without_effect_sent_once_more() {
    let passing = pair(Cloud { refuses: 3, ..Cloud::default() });
    assert_eq!(created(&passing).await.1, Ok([1, 2]));
    assert_eq!(passing.count("send"), 5);
    let ignoring = pair(Cloud { ignores: 2, ..Cloud::default() });
    assert_eq!(created(&ignoring).await.1, Ok([1, 2]));
    let deaf = pair(Cloud { ignores: 9, ..Cloud::default() });
    assert_eq!(created(&deaf).await.1, Ok([0, 0]), "what is seen, for the caller to compare");
    assert_eq!(deaf.count("send"), 4);
}

#[tokio::test(start_paused = true)]
async fn an_update_without_a_difference_makes_no_call() {
    let pair = pair(Cloud { object: Some(Settings([1, 2])), ..Cloud::default() });
    assert_eq!(update(&pair, Settings([1, 2]), &|_| {}).await.unwrap().0, [1, 2]);
    assert!(pair.cloud().calls.is_empty());
    assert_eq!(update(&pair, Settings([1, 7]), &|_| {}).await.unwrap().0, [1, 2]);
    assert_eq!((pair.count("send"), pair.count("describe")), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_deletion_waits_until_it_is_gone_and_gone_is_no_error() {
    let there = pair(Cloud { object: Some(Settings([1, 2])), ..Cloud::default() });
    delete(&there).await.unwrap();
    assert!(read(&there).await.unwrap().is_none());
    delete(&there).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_cancellation_ends_a_creation_and_what_was_made_is_still_found() {
    let cancel = CancellationToken::new();
    cancel.cancel();
    let mut pair = pair(Cloud { loses: vec![true], ..Cloud::default() });
    pair.scope = scope(&cancel);
    let (reached, ended) = created(&pair).await;
    assert_eq!(reached, [[0, 0]], "the look afterwards is not cancelled");
    assert!(ended.unwrap_err().contains("cancelled"));
    assert_eq!(pair.count("create"), 1);
}
