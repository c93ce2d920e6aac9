//! Starting and stopping the mock: its two listeners, its first accounts and keys.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use serde::Serialize;
use time::OffsetDateTime;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::admin::{Access, Admin};
use crate::cloud::{AccessKey, Account, CloudState, Principal, Secret};
use crate::faults::{Rule, RuleError};
use crate::gateway::local::is_loopback;
use crate::gateway::request::Request;
use crate::gateway::{self, Shared, listener, lock};
use crate::ram::{self, User};
use crate::resource_manager;
use crate::switches::SwitchError;
use crate::tls::{self, Authority, AuthorityError};

/// The account that the mock starts with.
const ACCOUNT: u64 = 1_000_000_000_000_001;
/// Its key, which belongs to a RAM user, since the account itself cannot assume roles.
const ACCESS_KEY: &str = "mock-access-key-id";
const SECRET_KEY: &str = "mock-access-key-secret";
const USER: &str = "terraform";
const DIRECTORY: &str = "rd-mock01";
/// The shortest token of the admin API, in characters.
const TOKEN_LENGTH: usize = 16;

/// How to start.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the services listen; port 0 takes a free one. On a loopback address they serve requests for hosts of the
    /// cloud and of this machine only.
    pub listen: SocketAddr,
    /// Where the admin API listens. On a loopback address it answers to requests by that address or `localhost`.
    pub admin_listen: SocketAddr,
    /// The token that requests to the admin API need, as `Authorization: Bearer TOKEN`. Without one, a random one is made
    /// where the admin API listens beyond loopback ([`Ready::admin_token`] tells it), and none is needed elsewhere.
    pub admin_token: Option<Secret>,
    /// The region of requests that name none.
    pub default_region: String,
    /// How many member accounts the resource directory has besides the management account.
    pub members: u32,
    /// State to start from instead of fresh accounts, as saved before.
    pub state: Option<CloudState>,
    /// Switches to set, by name and value.
    pub switches: Vec<(String, String)>,
    /// Fault rules in force from the start.
    pub faults: Vec<Rule>,
    /// Also speak TLS at the address of the services, with certificates of this authority, and open tunnels (`CONNECT`).
    pub tls: Option<Authority>,
}

impl Default for Options {
    fn default() -> Self {
        let loopback = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
        Self {
            listen: loopback,
            admin_listen: loopback,
            admin_token: None,
            default_region: "cn-hangzhou".to_owned(),
            members: 0,
            state: None,
            switches: Vec::new(),
            faults: Vec::new(),
            tls: None,
        }
    }
}

/// Why the mock does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// An address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// No such region.
    #[error("there is no region {0:?}")]
    Region(String),
    /// A token that is too short, or that no header can carry as it is.
    #[error(
        "the token of the admin interface needs at least {TOKEN_LENGTH} characters, of A-Z a-z 0-9 - . _ ~ + / ="
    )]
    AdminToken,
    /// A switch cannot be set.
    #[error(transparent)]
    Switch(#[from] SwitchError),
    /// A fault rule cannot work.
    #[error(transparent)]
    Fault(#[from] RuleError),
    /// TLS cannot be spoken.
    #[error(transparent)]
    Tls(#[from] AuthorityError),
}

/// The mock of the cloud.
#[derive(Debug)]
pub struct MockCloud;

impl MockCloud {
    /// Starts the mock on the current tokio runtime. It runs until the handle is shut down or dropped, or until
    /// `POST /v1/stop` of the admin API.
    pub async fn start(options: Options) -> Result<Handle, StartError> {
        if !crate::regions::exists(&options.default_region) {
            return Err(StartError::Region(options.default_region));
        }
        if options.admin_token.as_ref().is_some_and(|token| !is_token(token.expose())) {
            return Err(StartError::AdminToken);
        }
        let mut cloud = options.state.unwrap_or_else(|| first_state(options.members));
        for (name, value) in &options.switches {
            cloud.switches.set(name, value)?;
        }
        let any_host = !is_loopback(options.listen.ip());
        let shared = Arc::new(Shared::new(cloud, options.default_region, any_host));
        lock(&shared.faults).set(options.faults)?;
        let bind = |address| async move {
            listener::bind(address).await.map_err(|source| StartError::Bind { address, source })
        };
        let (cloud, endpoint) = bind(options.listen).await?;
        let tls = options.tls.map(|authority| tls::acceptor(&authority, endpoint.ip())).transpose()?;
        let (admin, admin_address) = bind(options.admin_listen).await?;
        let (stop, stopping) = watch::channel(false);
        let stop = Arc::new(stop);
        let answer = {
            let shared = Arc::clone(&shared);
            move |head, body| {
                let reply = gateway::answer(&shared, Request::new(head, body));
                shared.note_change();
                reply
            }
        };
        let exposed = !is_loopback(admin_address.ip());
        let admin_token = options.admin_token.or_else(|| exposed.then(random_token));
        let access = Access::new(admin_address, admin_token.clone());
        let control = Admin::new(access, Arc::clone(&shared), Arc::clone(&stop));
        let control = {
            let shared = Arc::clone(&shared);
            move |head: Parts, body: Bytes| {
                let reply = control.answer(&head, &body);
                shared.note_change();
                reply.into()
            }
        };
        let tasks = vec![
            tokio::spawn(listener::serve(cloud, answer, tls, stopping.clone())),
            tokio::spawn(listener::serve(admin, control, None, stopping)),
        ];
        tracing::info!(%endpoint, admin = %admin_address, "mock cloud is ready");
        Ok(Handle { shared, endpoint, admin: admin_address, admin_token, stop, tasks })
    }
}

/// A running mock. Dropping it stops it.
#[derive(Debug)]
pub struct Handle {
    shared: Arc<Shared>,
    endpoint: SocketAddr,
    admin: SocketAddr,
    admin_token: Option<Secret>,
    stop: Arc<watch::Sender<bool>>,
    tasks: Vec<JoinHandle<()>>,
}

/// Looks at the state of a mock, also after it is down.
#[derive(Debug, Clone)]
pub struct StateReader(Arc<Shared>);

impl StateReader {
    /// A number that is another one after whatever may have changed the state.
    pub fn changes(&self) -> u64 {
        self.0.changes()
    }

    /// A copy of the whole state.
    pub fn read(&self) -> CloudState {
        lock(&self.0.cloud).clone()
    }
}

/// What a client needs to use a running mock, as the command line prints it.
#[derive(Debug, Clone, Serialize)]
pub struct Ready {
    /// Address of all services.
    pub endpoint_url: String,
    /// Access key id.
    pub access_key: String,
    /// Its secret.
    pub secret_key: String,
    /// The account that the key belongs to.
    pub account_id: String,
    /// Address of the admin API.
    pub admin_url: String,
    /// The token that requests to the admin API need, where they need one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub admin_token: Option<Secret>,
}

impl Handle {
    /// Address of all services.
    pub fn endpoint_url(&self) -> String {
        format!("http://{}", self.endpoint)
    }

    /// Address of the admin API.
    pub fn admin_url(&self) -> String {
        format!("http://{}", self.admin)
    }

    /// Id of the first access key.
    pub fn access_key(&self) -> &'static str {
        ACCESS_KEY
    }

    /// Secret of the first access key.
    pub fn secret_key(&self) -> &'static str {
        SECRET_KEY
    }

    /// The first account.
    pub fn account_id(&self) -> String {
        ACCOUNT.to_string()
    }

    /// All of the above.
    pub fn ready(&self) -> Ready {
        Ready {
            endpoint_url: self.endpoint_url(),
            access_key: self.access_key().to_owned(),
            secret_key: self.secret_key().to_owned(),
            account_id: self.account_id(),
            admin_url: self.admin_url(),
            admin_token: self.admin_token.clone(),
        }
    }

    /// Reads or edits the world. Keep it short: requests wait meanwhile.
    pub fn with_cloud<R>(&self, edit: impl FnOnce(&mut CloudState) -> R) -> R {
        let result = edit(&mut lock(&self.shared.cloud));
        self.shared.note_change();
        result
    }

    /// A look at the state that outlives the mock.
    pub fn state_reader(&self) -> StateReader {
        StateReader(Arc::clone(&self.shared))
    }

    /// A copy of the whole state, to be saved and given to another mock's [`Options::state`].
    pub fn save(&self) -> CloudState {
        self.state_reader().read()
    }

    /// Resolves when the mock has been told to stop through the admin API.
    pub async fn stopped(&self) {
        listener::stopped(&mut self.stop.subscribe()).await;
    }

    /// Stops listening, lets open requests finish for a moment, and returns when all is down.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        for task in std::mem::take(&mut self.tasks) {
            // A task that panicked is down as well.
            let _ = task.await;
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

/// Whether a text is long enough for a token and can stand in `Authorization` (RFC 6750).
fn is_token(text: &str) -> bool {
    text.len() >= TOKEN_LENGTH
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte))
}

/// A token that nobody can guess: 256 random bits in hexadecimal digits.
fn random_token() -> Secret {
    let bytes: [u8; 32] = rand::random();
    Secret::new(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}

/// What a mock starts with that is given no state: a management account with one user and its key, and so many member
/// accounts.
#[must_use]
pub fn first_state(members: u32) -> CloudState {
    let mut cloud = CloudState::default();
    let now = OffsetDateTime::now_utc().replace_nanosecond(0).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let management = ACCOUNT.to_string();
    let mut account = Account {
        name: "management".to_owned(),
        organization_admin: true,
        organization_id: Some(DIRECTORY.to_owned()),
        ..Account::default()
    };
    account.ram.users.insert(USER.to_owned(), User::new(ram::numeric_id(&management, USER)));
    cloud.accounts.insert(management.clone(), account);
    let key = AccessKey {
        account: management.clone(),
        secret: Secret::new(SECRET_KEY),
        principal: Principal::User { name: USER.to_owned() },
        active: true,
        token: None,
        policy: None,
        created: None,
        expires: None,
    };
    cloud.access_keys.insert(ACCESS_KEY.to_owned(), key);
    for member in 1..=u64::from(members) {
        let id = (ACCOUNT + member).to_string();
        let account =
            resource_manager::member_account(&management, &id, &format!("member-{member}"), DIRECTORY, now);
        cloud.accounts.insert(id, account);
    }
    resource_manager::write_down(&mut cloud, DIRECTORY, now);
    cloud
}
