//! A document whose service is a few lines: on a paused clock, with every call counted.

use std::sync::{Arc, Mutex};

use alibaba::credentials::{Chain, Sources};
use alibaba::endpoint::Service;
use alibaba::{Client, Config};

use super::*;
use crate::{create, update};

#[derive(Debug, Default)]
struct Cloud {
    text: Option<&'static str>,
    /// What looks still show, and how many of them.
    stale: (Option<&'static str>, usize),
    /// Writes that have no effect and whose answer is lost.
    loses: usize,
    puts: usize,
}

#[derive(Debug, Clone)]
struct Note {
    text: &'static str,
    cloud: Arc<Mutex<Cloud>>,
}

impl Document for Note {
    const NAME: &'static str = "note";

    async fn get(&self, _oss: &Oss, _bucket: &str) -> Result<Option<Self>, Error> {
        let mut cloud = self.cloud.lock().unwrap();
        let (stale, looks) = cloud.stale;
        cloud.stale.1 = looks.saturating_sub(1);
        let text = if looks > 0 { stale } else { cloud.text };
        Ok(text.map(|text| Self { text, ..self.clone() }))
    }

    async fn put(&self, _oss: &Oss, _bucket: &str) -> Result<(), Error> {
        let mut cloud = self.cloud.lock().unwrap();
        cloud.puts += 1;
        if cloud.loses > 0 {
            cloud.loses -= 1;
            return Err(Error::LostAnswer {
                service: Service::Oss,
                action: "PutNote",
                detail: "lost".into(),
            });
        }
        cloud.text = Some(self.text);
        Ok(())
    }

    async fn delete(_oss: &Oss, _bucket: &str) -> Result<(), Error> {
        Ok(())
    }

    fn is_as(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

fn note(cloud: Cloud) -> BucketDocument<Note> {
    let client = Client::new(Config::new(Chain::new(Sources::default()))).unwrap();
    let scope = Scope { client, account: "1".into(), region: "cn-hangzhou".into() };
    BucketDocument::new(scope, "audit", Note { text: "new", cloud: Arc::new(Mutex::new(cloud)) })
}

fn puts(note: &BucketDocument<Note>) -> usize {
    note.wanted().cloud.lock().unwrap().puts
}

#[tokio::test(start_paused = true)]
async fn what_was_there_is_replaced_by_one_call_however_long_it_shows() {
    for stale in [(None, 3), (Some("old"), 0), (Some("old"), 3)] {
        let note = note(Cloud { text: Some("old"), stale, ..Cloud::default() });
        let reached = Mutex::new(Vec::new());
        let now = create(&note, &|now: &Note| reached.lock().unwrap().push(now.text)).await.unwrap();
        assert_eq!((now.text, puts(&note)), ("new", 1), "{stale:?}");
        assert_eq!(reached.into_inner().unwrap(), ["new", "new"], "{stale:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_there_before_is_not_the_work_of_a_lost_call() {
    let note = note(Cloud { text: Some("old"), loses: 1, ..Cloud::default() });
    assert_eq!(create(&note, &|_| {}).await.unwrap().text, "new");
    assert_eq!(puts(&note), 2);
}

#[tokio::test(start_paused = true)]
async fn an_update_is_one_call() {
    let note = note(Cloud { text: Some("old"), stale: (Some("old"), 2), ..Cloud::default() });
    let before = Note { text: "old", ..note.wanted().clone() };
    assert_eq!(update(&note, before, &|_| {}).await.unwrap().text, "new");
    assert_eq!(puts(&note), 1);
}
