//! Terraform's part of the play, for tests and benchmarks: starts a plugin and connects to it as Terraform does.

use std::{
    ffi::OsStr,
    future::ready,
    io,
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use hyper_util::rt::TokioIo;
use proto::go_plugin::grpc_controller_client::GrpcControllerClient;
use rcgen::{
    BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P521_SHA512,
};
use rustls::{
    ClientConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName},
    sign::{CertifiedKey, SingleCertAndKey},
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader},
    process::{Child, ChildStderr, ChildStdout, Command},
    time::timeout,
};
use tokio_rustls::TlsConnector;
use tonic::{
    Request,
    codegen::http::uri::PathAndQuery,
    transport::{Channel, Endpoint},
};

use super::{environment::COOKIE, listen::Stream};

mod trust;

/// Why a plugin could not be used.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// It did not start, or could not be talked to.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It ended or fell silent before the handshake line.
    #[error("no handshake line: {0}")]
    NoHandshake(String),
    /// The handshake line does not follow the rules.
    #[error("bad handshake line {line:?}: {reason}")]
    BadHandshake {
        /// What came.
        line: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A certificate could not be made.
    #[error("{0}")]
    Certificate(#[from] rcgen::Error),
    /// TLS could not be set up.
    #[error("{0}")]
    Tls(#[from] rustls::Error),
    /// The plugin answered a call with an error.
    #[error("the call failed: {0}")]
    Call(#[from] Box<tonic::Status>),
    /// The gRPC connection failed.
    #[error("cannot connect: {}", causes(.0))]
    Connect(#[from] tonic::transport::Error),
}

/// An error with everything that led to it: gRPC errors keep the reason at the end of the chain.
fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let chain = std::iter::successors(Some(error), |e| e.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// A certificate like the one Terraform makes for every start: its own authority, on curve P-521.
pub struct Identity {
    /// PEM, as handed to the plugin.
    pub pem: String,
    certificate: CertificateDer<'static>,
    key: Vec<u8>,
}

impl Identity {
    /// Makes a new one.
    pub fn new() -> Result<Self, HostError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512)?;
        let mut parameters = CertificateParams::new(["localhost".to_owned()])?;
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.key_usages = vec![
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::KeyEncipherment,
            KeyUsagePurpose::KeyAgreement,
            KeyUsagePurpose::KeyCertSign,
        ];
        parameters.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = parameters.self_signed(&key)?;
        Ok(Self { pem: certificate.pem(), certificate: certificate.der().clone(), key: key.serialize_der() })
    }

    /// An impostor: the other's certificate with a key that does not belong to it.
    pub fn showing(&self, other: &Self) -> Self {
        Self { pem: other.pem.clone(), certificate: other.certificate.clone(), key: self.key.clone() }
    }
}

/// What a plugin said in its handshake line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handshake {
    /// The line, without its end.
    pub line: String,
    /// Version of the plugin protocol.
    pub protocol: u32,
    /// `unix` or `tcp`.
    pub network: String,
    /// Path or address and port.
    pub address: String,
    /// DER of the plugin's certificate; empty without TLS.
    pub certificate: Vec<u8>,
}

impl Handshake {
    /// Reads a line as strictly as any host does.
    pub fn parse(line: &str) -> Result<Self, HostError> {
        let bad = |reason| HostError::BadHandshake { line: line.to_owned(), reason };
        let text = line.strip_suffix('\n').ok_or_else(|| bad("not ended"))?;
        let [core, protocol, network, address, transport, certificate] =
            text.split('|').collect::<Vec<_>>().try_into().map_err(|_| bad("not six fields"))?;
        if (core, transport) != ("1", "grpc") {
            return Err(bad("not framework version 1 over gRPC"));
        }
        Ok(Self {
            line: text.to_owned(),
            protocol: protocol.parse().map_err(|_| bad("protocol is not a number"))?,
            network: network.to_owned(),
            address: address.to_owned(),
            certificate: STANDARD_NO_PAD
                .decode(certificate)
                .map_err(|_| bad("certificate is not plain base64"))?,
        })
    }

    /// Reads the assignment that a plugin prints for people who want to attach to it.
    pub fn parse_reattach(line: &str) -> Result<Self, HostError> {
        let bad = |reason| HostError::BadHandshake { line: line.to_owned(), reason };
        let json = line.strip_prefix("TF_REATTACH_PROVIDERS='").and_then(|rest| rest.strip_suffix("'\n"));
        let json = json.ok_or_else(|| bad("not an assignment"))?;
        let providers: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(json).map_err(|_| bad("not a JSON object"))?;
        let attach = providers.values().next().ok_or_else(|| bad("no provider"))?;
        if attach["Protocol"] != "grpc" || attach["Test"] != true {
            return Err(bad("not a process that Terraform leaves alone"));
        }
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        Ok(Self {
            line: line.trim_end().to_owned(),
            protocol: attach["ProtocolVersion"].as_u64().and_then(|v| v.try_into().ok()).unwrap_or_default(),
            network: text(&attach["Addr"]["Network"]),
            address: text(&attach["Addr"]["String"]),
            certificate: Vec::new(),
        })
    }
}

/// A command that starts a plugin with what Terraform puts into its environment.
pub fn command(plugin: impl AsRef<OsStr>, identity: Option<&Identity>) -> Command {
    let mut command = Command::new(plugin);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command.env(COOKIE.0, COOKIE.1).env("PLUGIN_PROTOCOL_VERSIONS", "6,5");
    command.env("PLUGIN_MIN_PORT", "10000").env("PLUGIN_MAX_PORT", "25000");
    for unwanted in
        ["PLUGIN_CLIENT_CERT", "PLUGIN_UNIX_SOCKET_DIR", "PLUGIN_UNIX_SOCKET_GROUP", "PLUGIN_MULTIPLEX_GRPC"]
    {
        command.env_remove(unwanted);
    }
    if let Some(identity) = identity {
        command.env("PLUGIN_CLIENT_CERT", &identity.pem);
    }
    command
}

/// A plugin that has said where it listens. Killed when dropped.
pub struct Running {
    /// The process.
    pub child: Child,
    /// What it said.
    pub handshake: Handshake,
    /// From starting the process to having read its line.
    pub start_up: Duration,
    stdout: BufReader<ChildStdout>,
    stderr: Option<ChildStderr>,
}

impl Running {
    /// Starts a [`command`] and reads the handshake line.
    pub async fn start(command: Command) -> Result<Self, HostError> {
        Self::start_as(command, Handshake::parse).await
    }

    /// Starts a command for a plugin to attach to, and reads the assignment it prints.
    pub async fn start_debug(command: Command) -> Result<Self, HostError> {
        Self::start_as(command, Handshake::parse_reattach).await
    }

    async fn start_as(
        mut command: Command,
        parse: impl FnOnce(&str) -> Result<Handshake, HostError>,
    ) -> Result<Self, HostError> {
        let begin = Instant::now();
        let mut child = command.spawn()?;
        let (Some(stdout), Some(mut stderr)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(HostError::NoHandshake("its output is not read".to_owned()));
        };
        let mut stdout = BufReader::new(stdout);
        let mut line = String::new();
        let read = timeout(Duration::from_secs(20), stdout.read_line(&mut line)).await;
        let start_up = begin.elapsed();
        if !matches!(read, Ok(Ok(1..))) {
            let _ = child.start_kill();
            let mut why = String::new();
            let _ = stderr.read_to_string(&mut why).await;
            if why.is_empty() {
                why = child.wait().await?.to_string();
            }
            return Err(HostError::NoHandshake(why));
        }
        Ok(Self { child, handshake: parse(&line)?, start_up, stdout, stderr: Some(stderr) })
    }

    /// Stops reading standard error, like a host that was killed.
    pub fn close_stderr(&mut self) {
        self.stderr = None;
    }

    /// Connects, with TLS if there is an identity.
    pub async fn connect(&self, identity: Option<&Identity>) -> Result<Channel, HostError> {
        let Handshake { network, address, certificate, .. } = &self.handshake;
        let tls = identity.map(|identity| connector(certificate, Some(identity))).transpose()?;
        connect(network, address, tls).await
    }

    /// Asks for the schema in the words of the protocol the plugin chose, and throws the answer away.
    pub async fn ask_for_schema(&self, channel: &Channel) -> Result<(), HostError> {
        let path = match self.handshake.protocol {
            5 => "/tfplugin5.Provider/GetSchema",
            _ => "/tfplugin6.Provider/GetProviderSchema",
        };
        let mut client = tonic::client::Grpc::new(channel.clone()).max_decoding_message_size(usize::MAX);
        client.ready().await?;
        // To a message without fields, every field is unknown and skipped.
        let codec = tonic_prost::ProstCodec::<(), ()>::default();
        client.unary(Request::new(()), PathAndQuery::from_static(path), codec).await.map_err(Box::new)?;
        Ok(())
    }

    /// Tells the process that it is no longer needed.
    pub async fn shut_down(&self, channel: Channel) -> Result<(), HostError> {
        let mut controller = GrpcControllerClient::new(channel);
        controller.shutdown(proto::go_plugin::Empty {}).await.map_err(Box::new)?;
        Ok(())
    }

    /// Where the plugin put its socket, if it uses one.
    pub fn socket(&self) -> Option<PathBuf> {
        (self.handshake.network == "unix").then(|| PathBuf::from(&self.handshake.address))
    }

    /// Waits until the process has ended, and returns its exit code and whatever else it wrote to standard output
    /// and standard error.
    pub async fn end(mut self) -> Result<(Option<i32>, String, String), HostError> {
        let (mut out, mut err) = (String::new(), String::new());
        let rest = async {
            match &mut self.stderr {
                Some(stderr) => stderr.read_to_string(&mut err).await,
                None => Ok(0),
            }
        };
        let (status, ..) = tokio::try_join!(self.child.wait(), self.stdout.read_to_string(&mut out), rest)?;
        Ok((status.code(), out, err))
    }
}

/// TLS as Terraform sets it up: trusts exactly `certificate`, and shows `identity` if there is one.
pub fn connector(certificate: &[u8], identity: Option<&Identity>) -> Result<TlsConnector, HostError> {
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(trust::Only::new(CertificateDer::from(
            certificate.to_vec(),
        ))?));
    let mut config = match identity {
        None => config.with_no_client_auth(),
        Some(Identity { certificate, key, .. }) => {
            let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.clone()));
            // Not checked for belonging together: an impostor would not do so either.
            let shown =
                CertifiedKey::new(vec![certificate.clone()], aws_lc_rs::sign::any_supported_type(&key)?);
            config.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(shown)))
        }
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(TlsConnector::from(Arc::new(config)))
}

/// Opens the one connection that carries all calls.
pub async fn connect(network: &str, address: &str, tls: Option<TlsConnector>) -> Result<Channel, HostError> {
    let (network, address) = (network.to_owned(), address.to_owned());
    let name = ServerName::try_from("localhost").map_err(io::Error::other)?;
    let mut first = Some(async move {
        let stream = dial(&network, &address).await?;
        let stream = match tls {
            None => stream,
            Some(tls) => Box::new(tls.connect(name, stream).await?),
        };
        Ok::<_, io::Error>(TokioIo::new(stream))
    });
    let connector = tower::service_fn(move |_| {
        let dialled = first.take();
        async move {
            match dialled {
                Some(dialled) => dialled.await,
                None => ready(Err(io::Error::from(io::ErrorKind::ConnectionAborted))).await,
            }
        }
    });
    Ok(Endpoint::from_static("http://localhost").connect_with_connector(connector).await?)
}

async fn dial(network: &str, address: &str) -> io::Result<Box<dyn Stream>> {
    match network {
        "tcp" => Ok(Box::new(tokio::net::TcpStream::connect(address).await?)),
        #[cfg(unix)]
        "unix" => Ok(Box::new(tokio::net::UnixStream::connect(address).await?)),
        other => Err(io::Error::other(format!("no network {other:?}"))),
    }
}

/// Resident memory of a process in bytes, where the system tells.
pub fn resident_memory(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(Path::new("/proc").join(process.to_string()).join("status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}
