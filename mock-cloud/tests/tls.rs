//! The mock over TLS: as a proxy by real host names, directly, and beside plain HTTP at the same address.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on panics")]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use mock_cloud::{Authority, Options};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use support::{Answer, Cloud, HOST, STS, Signing, exchange, read_answer};

/// How long any answer may take.
const LIMIT: Duration = Duration::from_secs(10);

/// A mock with TLS, and its authority.
fn cloud() -> (Cloud, Authority) {
    let authority = Authority::generate().unwrap();
    (Cloud::start(Options { tls: Some(authority.clone()), ..Options::default() }), authority)
}

/// What a client that trusts this authority alone is set up with.
fn client(authority: &Authority) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    let certificate = CertificateDer::from_pem_slice(authority.certificate_pem().as_bytes()).unwrap();
    roots.add(certificate).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

fn open(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    stream.set_write_timeout(Some(LIMIT)).unwrap();
    stream
}

/// TLS on a stream, for a host whose certificate is checked.
fn tls<S: Read + Write>(stream: S, authority: &Authority, host: &str) -> StreamOwned<ClientConnection, S> {
    let name = ServerName::try_from(host.to_owned()).unwrap();
    StreamOwned::new(ClientConnection::new(Arc::new(client(authority)), name).unwrap(), stream)
}

/// Opens a tunnel on a stream.
fn connect<S: Read + Write>(stream: &mut S, target: &str) -> Answer {
    write!(stream, "CONNECT {target} HTTP/1.1\r\nhost: {target}\r\n\r\n").unwrap();
    read_answer(stream).unwrap()
}

fn ask<S: Read + Write>(stream: &mut S, request: &str) -> Answer {
    stream.write_all(request.as_bytes()).unwrap();
    read_answer(stream).unwrap()
}

#[test]
fn a_signed_call_comes_through_the_proxy_by_its_real_host_name() {
    let (cloud, authority) = cloud();
    for host in [HOST, "actiontrail.ap-southeast-1.aliyuncs.com"] {
        let mut stream = open(&cloud.address());
        assert_eq!(connect(&mut stream, &format!("{host}:443")).status, 200);
        let mut stream = tls(stream, &authority, host);
        for _ in 0..2 {
            let answer = ask(&mut stream, &cloud.signed(host, "DescribeTrails", "", &Signing::default()));
            assert_eq!((answer.status, answer.json()["TrailList"].as_array().map(Vec::len)), (200, Some(0)));
        }
        let unsigned = ask(&mut stream, &format!("GET / HTTP/1.1\r\nhost: {host}\r\n\r\n"));
        assert!((400..500).contains(&unsigned.status), "{unsigned:?}");
    }
    let (_, log) = cloud.admin("GET", "/v1/requests?action=DescribeTrails", &serde_json::Value::Null);
    let regions: Vec<_> =
        log["requests"].as_array().unwrap().iter().map(|entry| entry["region"].clone()).collect();
    assert_eq!(regions, ["cn-hangzhou", "cn-hangzhou", "ap-southeast-1", "ap-southeast-1"]);
    cloud.stop();
}

#[test]
fn an_ordinary_client_goes_through_the_proxy_and_trusts_nobody_else() {
    let (cloud, authority) = cloud();
    let proxy = cloud.handle().endpoint_url();
    let get = |authority: &Authority, url: &str| {
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(client(authority))
            .proxy(reqwest::Proxy::all(&proxy).unwrap())
            .timeout(LIMIT)
            .build()
            .unwrap();
        cloud.runtime.block_on(async { client.get(url).send().await.map(|answer| answer.status().as_u16()) })
    };
    assert_eq!(
        get(&authority, "https://sts.aliyuncs.com/?Action=GetCallerIdentity&Version=2015-04-01").unwrap(),
        400
    );
    assert_eq!(
        get(&authority, "https://b1.oss-cn-hangzhou.aliyuncs.com/").unwrap(),
        403,
        "without a signature"
    );
    assert!(get(&authority, "https://registry.terraform.io/").is_err(), "no tunnel");
    assert_eq!(get(&authority, "http://registry.terraform.io/").unwrap(), 403, "no request either");
    let stranger = Authority::generate().unwrap();
    assert!(
        get(&stranger, "https://sts.aliyuncs.com/").is_err(),
        "its certificates are of its own authority"
    );
    cloud.stop();
}

#[test]
fn certificates_are_of_the_host_that_the_client_names() {
    let (cloud, authority) = cloud();
    let mut leaves = Vec::new();
    for host in [HOST, STS, "p1.cn-hangzhou.log.aliyuncs.com", "localhost", "127.0.0.1", "p1.localhost"] {
        let mut stream = tls(open(&cloud.address()), &authority, host);
        let answer = ask(&mut stream, &cloud.signed(STS, "GetCallerIdentity", "", &Signing::default()));
        assert_eq!(answer.status, 200, "{host}: {answer:?}");
        leaves.push(stream.conn.peer_certificates().unwrap()[0].clone());
    }
    assert_ne!(leaves[0], leaves[1]);
    assert_eq!(leaves[3], leaves[4], "both are this machine");
    let mut foreign = tls(open(&cloud.address()), &authority, "registry.terraform.io");
    assert!(foreign.write_all(b"GET / HTTP/1.1\r\n\r\n").and_then(|()| foreign.flush()).is_err());
    cloud.stop();
}

#[test]
fn plain_http_stays_at_the_same_address() {
    let (cloud, authority) = cloud();
    let plain = cloud.rpc(HOST, "DescribeTrails", "").unwrap();
    assert_eq!(plain.status, 200);
    let signing = Signing { proxied: true, ..Signing::default() };
    let proxied = exchange(&cloud.address(), &cloud.signed(HOST, "DescribeTrails", "", &signing)).unwrap();
    assert_eq!(proxied.status, 200);
    // A tunnel need not hold TLS, a proxy may be asked over TLS, and a client need not wait for the tunnel.
    let mut stream = open(&cloud.address());
    let target = format!("{HOST}:80");
    let both = format!(
        "CONNECT {target} HTTP/1.1\r\nhost: {target}\r\n\r\n{}",
        cloud.signed(HOST, "DescribeTrails", "", &Signing::default())
    );
    stream.write_all(both.as_bytes()).unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    assert!(head.starts_with(b"HTTP/1.1 200 "), "{head:?}");
    assert_eq!(read_answer(&mut stream).unwrap().status, 200);

    let mut outer = tls(open(&cloud.address()), &authority, "127.0.0.1");
    assert_eq!(connect(&mut outer, &format!("{HOST}:443")).status, 200);
    let mut inner = tls(outer, &authority, HOST);
    let answer = ask(&mut inner, &cloud.signed(HOST, "DescribeTrails", "", &Signing::default()));
    assert_eq!(answer.status, 200);
    cloud.stop();
}

#[test]
fn other_hosts_are_refused_with_a_sentence() {
    let (cloud, _) = cloud();
    let mut stream = open(&cloud.address());
    // The connection stays of use.
    for target in ["registry.terraform.io:443", "aliyuncs.com:443", "10.0.0.1:443", "evil.example:80"] {
        let refused = connect(&mut stream, target);
        assert_eq!((refused.status, refused.code().as_str()), (403, "ForeignHost"), "{target}");
        for place in [refused.head.lines().next().unwrap(), &refused.body] {
            assert!(place.contains("such as terraform init, has to run outside"), "{place}");
        }
    }
    let plain =
        "GET http://registry.terraform.io/v1/providers HTTP/1.1\r\nhost: registry.terraform.io\r\n\r\n";
    let refused = ask(&mut stream, plain);
    assert_eq!((refused.status, refused.code().as_str()), (403, "ForeignHost"));
    assert!(refused.body.contains("terraform init"), "{refused:?}");
    let no_tls = support::cloud();
    let refused = connect(&mut open(&no_tls.address()), &format!("{HOST}:443"));
    assert_eq!(refused.status, 405);
    assert!(refused.body.contains("--tls"), "{refused:?}");
    no_tls.stop();
    cloud.stop();
}

#[test]
fn beyond_loopback_nothing_is_forwarded_either() {
    let authority = Authority::generate().unwrap();
    let listen = "0.0.0.0:0".parse().unwrap();
    let cloud = Cloud::start(Options { listen, tls: Some(authority.clone()), ..Options::default() });
    let mut stream = open(&cloud.address());
    assert_eq!(connect(&mut stream, "registry.terraform.io:443").status, 403);
    let plain = "GET http://registry.terraform.io/ HTTP/1.1\r\nhost: registry.terraform.io\r\n\r\n";
    let refused = ask(&mut stream, plain);
    assert_eq!((refused.status, refused.code().as_str()), (403, "ForeignHost"));
    // Others have names of their own for the mock, by which its services are told by signature and version.
    let named = cloud.signed("mock", "GetCallerIdentity", "", &Signing::default());
    assert_eq!(ask(&mut stream, &named.replace("2020-07-06", "2015-04-01")).status, 400, "signed otherwise");
    assert_eq!(connect(&mut stream, &format!("{HOST}:443")).status, 200);
    let mut stream = tls(stream, &authority, HOST);
    assert_eq!(ask(&mut stream, &cloud.signed(HOST, "DescribeTrails", "", &Signing::default())).status, 200);
    cloud.stop();
}

#[test]
fn tunnels_within_each_other_come_to_an_end() {
    let (cloud, _) = cloud();
    let mut stream = open(&cloud.address());
    let last = (0..10).map(|_| connect(&mut stream, "localhost:443")).find(|answer| answer.status != 200);
    assert!(last.is_some_and(|answer| answer.status == 400 && answer.body.contains("too many tunnels")));
    cloud.stop();
}

/// Sends bytes and closes that side; the mock has to close the other.
fn throw(address: &str, bytes: &[u8]) {
    let mut stream = open(address);
    // The mock may have answered and closed before all is written.
    let _ = stream.write_all(bytes);
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert_ne!(error.kind(), std::io::ErrorKind::WouldBlock, "no end within {LIMIT:?}: {bytes:02x?}");
    }
}

/// The first message of a client.
fn hello(authority: &Authority) -> Vec<u8> {
    let name = ServerName::try_from(HOST).unwrap();
    let mut connection = ClientConnection::new(Arc::new(client(authority)), name).unwrap();
    let mut bytes = Vec::new();
    connection.write_tls(&mut bytes).unwrap();
    bytes
}

#[test]
fn garbage_neither_ends_nor_holds_up_the_mock() {
    let (cloud, authority) = cloud();
    let address = cloud.address();
    let mut random = StdRng::seed_from_u64(20_260_601);
    for round in 0..150 {
        let mut bytes = hello(&authority);
        match round % 3 {
            // A handshake with a few other bytes.
            0 => {
                for _ in 0..=random.random_range(0..4) {
                    let at = random.random_range(1..bytes.len());
                    bytes[at] = random.random();
                }
            }
            // One that ends early.
            1 => bytes.truncate(random.random_range(1..bytes.len())),
            // One that is nothing but the first byte.
            _ => {
                bytes.truncate(1);
                bytes.extend((0..random.random_range(0..2000)).map(|_| random.random::<u8>()));
            }
        }
        throw(&address, &bytes);
    }
    let pieces = [
        "sts.aliyuncs.com",
        ":443",
        ":",
        "@",
        "[",
        "]",
        "::1",
        "/",
        "%00",
        "\u{e9}",
        "..",
        "*",
        "?x",
        "#",
        " ",
        "99999",
        "http://",
        "127.0.0.1",
    ];
    for _ in 0..300 {
        let target: String =
            (0..random.random_range(0..6)).map(|_| pieces[random.random_range(0..pieces.len())]).collect();
        throw(&address, format!("CONNECT {target} HTTP/1.1\r\nhost: {target}\r\n\r\n").as_bytes());
        let inside: Vec<u8> = (0..random.random_range(0..200)).map(|_| random.random()).collect();
        let tunnel = format!("CONNECT {HOST}:443 HTTP/1.1\r\nhost: {HOST}\r\n\r\n");
        throw(&address, &[tunnel.as_bytes(), &inside].concat());
    }
    let mut stream = open(&address);
    assert_eq!(connect(&mut stream, &format!("{HOST}:443")).status, 200);
    let mut stream = tls(stream, &authority, HOST);
    let answer = ask(&mut stream, &cloud.signed(HOST, "DescribeTrails", "", &Signing::default()));
    assert_eq!(answer.status, 200);
    cloud.stop();
}

#[test]
fn open_connections_do_not_hold_up_the_end() {
    let (cloud, authority) = cloud();
    let silent = open(&cloud.address());
    let mut halfway = open(&cloud.address());
    halfway.write_all(&hello(&authority)[..20]).unwrap();
    let mut tunnel = open(&cloud.address());
    assert_eq!(connect(&mut tunnel, &format!("{HOST}:443")).status, 200);
    cloud.stop();
    for mut stream in [silent, halfway, tunnel] {
        let ended = stream.read(&mut [0; 64]);
        assert!(
            ended
                .as_ref()
                .map_or_else(|error| error.kind() != std::io::ErrorKind::WouldBlock, |read| *read == 0),
            "{ended:?}"
        );
    }
}
