//! What is tried again, what is not, and what a call that failed may have done.

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::*;

#[tokio::test]
async fn writes_to_one_setting_wait_for_each_other_and_can_be_stopped_while_waiting() {
    let server = Server::start(vec![Step::Silence]).await;
    let cancel = CancellationToken::new();
    let first = server.client();
    let second = first.with_cancel(cancel.clone());
    let stuck =
        tokio::spawn(async move { first.oss("cn-hangzhou").put_bucket_acl("audit-logs", "private").await });
    server.request(1).await;
    let oss = second.oss("cn-hangzhou");
    let mut waiting = std::pin::pin!(oss.put_bucket_acl("audit-logs", "public-read"));
    for _ in 0..20 {
        tokio::select! {
            biased;
            answer = &mut waiting => panic!("it did not wait: {answer:?}"),
            () = tokio::task::yield_now() => {}
        }
    }
    cancel.cancel();
    let error = waiting.await.unwrap_err();
    assert!(error.is_cancelled() && !error.may_have_been_applied(), "{error}");
    assert_eq!(server.seen().len(), 1, "the second was never sent");
    stuck.abort();
}

#[tokio::test(start_paused = true)]
async fn throttling_then_success_signs_anew_each_time() {
    let server = Server::start(vec![THROTTLED, FAULT, GOOD]).await;
    ticking(server.client().send(&request("GetTrailStatus"))).await.unwrap();
    let nonces: std::collections::BTreeSet<_> = server.seen().into_iter().map(|seen| seen.nonce).collect();
    assert_eq!(nonces.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_must_not_repeat_is_retried_only_when_it_was_turned_away() {
    let server = Server::start(vec![THROTTLED, GOOD]).await;
    ticking(server.client().send(&once("CreateTrail"))).await.unwrap();
    assert_eq!(server.seen().len(), 2);

    let server = Server::start(vec![FAULT, GOOD]).await;
    let error = ticking(server.client().send(&once("CreateTrail"))).await.unwrap_err();
    assert!(error.is_code("ServiceUnavailable") && error.may_have_been_applied(), "{error}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_told_apart() {
    let server = Server::start(vec![Step::Hang, GOOD]).await;
    let error = ticking(server.client().send(&once("CreateTrail"))).await.unwrap_err();
    assert!(
        matches!(error, Error::LostAnswer { action: "CreateTrail", .. }) && error.may_have_been_applied(),
        "{error}"
    );
    assert_eq!(server.seen().len(), 1);

    let server = Server::start(vec![Step::Hang, GOOD]).await;
    ticking(server.client().send(&request("GetTrailStatus"))).await.unwrap();
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_stays_out_is_lost_too() {
    let server = Server::start(vec![Step::Silence]).await;
    let mut config = server.config();
    config.read_timeout = Duration::from_secs(5);
    let error = ticking(Client::new(config).unwrap().send(&once("CreateTrail"))).await.unwrap_err();
    assert_eq!(server.seen().len(), 1, "it may not be sent again");
    assert!(matches!(&error, Error::LostAnswer { detail, .. } if detail == "no answer in time"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn what_an_earlier_attempt_may_have_done_is_not_forgotten() {
    let repeatable = Request { idempotency: Idempotency::Repeatable, ..request("CreateDeliveryHistoryJob") };
    let refused = Step::Answer(400, r#"{"Code":"MaximumNumberOfJobs","Message":"m"}"#);
    for (script, sure) in [
        (vec![Step::Hang, refused.clone()], false),
        (vec![FAULT, refused.clone()], false),
        (vec![FAULT, THROTTLED], false),
        (vec![Step::Hang, Step::Hang], false),
        (vec![THROTTLED, refused.clone()], true),
        (vec![refused], true),
    ] {
        let server = Server::start(script).await;
        let mut config = server.config();
        config.max_retries = 1;
        let error = ticking(Client::new(config).unwrap().send(&repeatable)).await.unwrap_err();
        assert_eq!(error.may_have_been_applied(), !sure, "{error:?}");
    }
    // The service is gone when the call is tried again.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut config = Config::new(Credentials::new("id", "secret"));
    config.endpoints.endpoint_url = Some(format!("http://{}", listener.local_addr().unwrap()));
    config.max_retries = 2;
    let client = Client::new(config).unwrap();
    let gone = tokio::task::spawn_blocking(move || {
        let (mut stream, _) = listener.accept().unwrap();
        drop(listener);
        let _ = std::io::Read::read(&mut stream, &mut [0; 64]);
    });
    let error = ticking(client.send(&repeatable)).await.unwrap_err();
    gone.await.unwrap();
    assert!(
        matches!(error, Error::Unreachable { sent: true, .. }) && error.may_have_been_applied(),
        "{error:?}"
    );
    // What only reads changes nothing.
    let server = Server::start(vec![Step::Hang; 2]).await;
    let mut config = server.config();
    config.max_retries = 1;
    let error = ticking(Client::new(config).unwrap().send(&request("GetTrailStatus"))).await.unwrap_err();
    assert!(!error.may_have_been_applied(), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn retries_end() {
    let server = Server::start(vec![FAULT; 10]).await;
    let mut config = server.config();
    config.max_retries = 2;
    let error = ticking(Client::new(config).unwrap().send(&request("GetTrailStatus"))).await.unwrap_err();
    assert!(error.is_code("ServiceUnavailable"), "{error}");
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn nobody_listening_says_where() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let mut config = Config::new(Credentials::new("id", "secret"));
    config.endpoints.endpoint_url = Some(url.clone());
    config.max_retries = 1;
    // Even a call that must not repeat is tried again: it was never sent.
    let error = ticking(Client::new(config).unwrap().send(&once("CreateTrail"))).await.unwrap_err();
    assert!(matches!(&error, Error::Unreachable { address, .. } if *address == url), "{error}");
    assert!(!error.may_have_been_applied());
    assert!(error.to_string().to_lowercase().contains("refused"), "{error}");
}

#[tokio::test]
async fn an_address_that_speaks_plain_http_is_told_how_to_be_written() {
    let server = Server::start(vec![Step::Answer(200, "{}")]).await;
    let mut config = server.config();
    let address = config.endpoints.endpoint_url.unwrap().replace("http://", "");
    config.endpoints.endpoint_url = Some(format!("https://{address}"));
    let error = Client::new(config).unwrap().send(&once("CreateTrail")).await.unwrap_err();
    assert!(matches!(&error, Error::NotTls { address: found, .. } if *found == address), "{error}");
    assert!(!error.may_have_been_applied());
    assert!(error.to_string().contains(&format!("Write http://{address} ")), "{error}");
}

#[tokio::test]
async fn cancelling_in_the_middle_ends_the_call_and_tells_whether_it_was_sent() {
    let server = Server::start(vec![Step::Silence]).await;
    let cancel = CancellationToken::new();
    let client = server.client().with_cancel(cancel.clone());
    let create = once("CreateTrail");
    let (result, ()) = tokio::join!(client.send(&create), async {
        server.request(1).await;
        cancel.cancel();
    });
    let error = result.unwrap_err();
    assert!(error.is_cancelled() && error.may_have_been_applied(), "{error}");
    // A token that was cancelled before lets nothing out.
    let error = client.send(&create).await.unwrap_err();
    assert!(error.is_cancelled() && !error.may_have_been_applied(), "{error}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_deadline_ends_retries_and_keeps_the_last_refusal() {
    let server = Server::start(vec![FAULT; 50]).await;
    let mut config = server.config();
    config.max_retries = 50;
    let client = Client::new(config).unwrap().with_deadline(Instant::now() + Duration::from_secs(5));
    let error = ticking(client.send(&request("GetTrailStatus"))).await.unwrap_err();
    assert!(matches!(error, Error::DeadlineExceeded { .. }), "{error}");
    assert!(error.to_string().contains("ServiceUnavailable"), "{error}");
    assert!(!error.may_have_been_applied(), "a read changes nothing");
}
