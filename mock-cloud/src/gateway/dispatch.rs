//! From a request to a service: route, authentication, faults, the service itself, the request log.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use http::{Method, StatusCode};
use time::OffsetDateTime;

use super::request::{Malformed, Request};
use super::route::{Route, RouteError, Service, route};
use super::{DelayedReply, Shared, Stale, local, lock, proxy};
use crate::auth::{AuthError, Scheme, Signer, authenticate, refuse, service_error};
use crate::cloud::CloudState;
use crate::faults::{Fault, Kind, throttling};
use crate::http::{Call, Caller, Reply};
use crate::limits::RATE_LIMITS;
use crate::requests::Entry;
use crate::rpc::Error;
use crate::{actiontrail, events, instance, oss, permissions, ram, regions, resource_manager, sls, sts};

/// Writes that can be invisible at a time: each keeps a copy of the world. More are visible at once.
const HIDDEN_WRITES: usize = 32;

/// Answers a request.
pub(crate) fn answer(shared: &Shared, request: Result<Request, Malformed>) -> DelayedReply {
    let request = match request {
        Ok(request) => request,
        Err(malformed) => return plain(400, "MalformedRequest", &malformed.to_string()).into(),
    };
    let scheme = Scheme::of(&request);
    if scheme == Scheme::None
        && (shared.any_host || local::is_loopback_name(&request.host) || request.host == instance::HOST)
        && let Some(action) = instance::action(&request)
    {
        return beside(shared, &request, action);
    }
    let known = shared.any_host || local::is_served(&request.host);
    let found = if known { route(&request, scheme) } else { Err(RouteError::Foreign(request.host.clone())) };
    let route = match found {
        Ok(route) => route,
        // By whatever name others have for the mock, nobody asks a proxy for it without saying what for.
        Err(RouteError::Foreign(_) | RouteError::Unknown)
            if request.proxied && !local::is_served(&request.host) =>
        {
            return plain(403, "ForeignHost", &proxy::foreign(&request.host)).into();
        }
        Err(error) => return unroutable(&request, scheme, &error).into(),
    };
    let request_id = new_request_id(route.service);
    let mut entry = Entry {
        seq: 0,
        time: OffsetDateTime::now_utc(),
        service: route.service.name(),
        action: String::new(),
        region: String::new(),
        account: None,
        method: request.method.to_string(),
        host: request.host.clone(),
        path: request.raw_path.clone(),
        status: None,
        code: None,
        write: false,
        faults: Vec::new(),
        request_id: request_id.clone(),
    };
    let mut delayed = enter(shared, request, &route, scheme, &request_id, &mut entry);
    delayed.reply = delayed.reply.map(|reply| finish(reply, route.service, &request_id));
    entry.status = delayed.reply.as_ref().map(|reply| reply.status.as_u16());
    entry.code = delayed.reply.as_ref().and_then(|reply| reply.error.clone());
    lock(&shared.requests).push(entry);
    delayed
}

/// What a machine of the cloud finds beside it is no service, and needs no signature.
fn beside(shared: &Shared, request: &Request, action: &str) -> DelayedReply {
    let wall = OffsetDateTime::now_utc();
    let reply = instance::answer(&mut lock(&shared.cloud), &mut lock(&shared.tokens), request, wall);
    lock(&shared.requests).push(Entry {
        seq: 0,
        time: wall,
        service: instance::NAME,
        action: action.to_owned(),
        region: String::new(),
        account: None,
        method: request.method.to_string(),
        host: request.host.clone(),
        path: request.raw_path.clone(),
        status: Some(reply.status.as_u16()),
        code: reply.error.clone(),
        write: false,
        faults: Vec::new(),
        request_id: String::new(),
    });
    reply.into()
}

/// Authentication and everything behind it.
fn enter(
    shared: &Shared,
    request: Request,
    route: &Route,
    scheme: Scheme,
    request_id: &str,
    entry: &mut Entry,
) -> DelayedReply {
    let keys = |id: &str| lock(&shared.cloud).access_keys.get(id).cloned();
    let signer = authenticate(&request, route, scheme, &keys, &shared.nonces, OffsetDateTime::now_utc());
    let region = region_of(shared, &request, route, signer.as_ref().ok());
    entry.region.clone_from(&region);
    let fail = |error: Error, request: &Request| service_error(route.service, &error, request, request_id);
    let kept = request.clone();
    let mut call = call(request, route, signer.as_ref().ok(), region, request_id);
    call.action = match route.service {
        Service::Oss => oss::action(&call),
        Service::Sls => sls::action(&call),
        _ => call.header("x-acs-action").or_else(|| call.param("Action")).unwrap_or("").to_owned(),
    };
    entry.action.clone_from(&call.action);
    entry.write = is_write(route.service, &call);
    let unsigned = route.service == Service::Sts && call.action == sts::UNSIGNED;
    if let Err(error) = signer
        && !(error == AuthError::Anonymous && (unsigned || is_open(shared, route.service, &call)))
    {
        return refuse(&error, &kept, route, request_id).into();
    }
    entry.account = Some(call.caller.account.clone()).filter(|account| !account.is_empty());
    if let Err(error) = gateway(&call, route) {
        return fail(error, &kept).into();
    }
    let limited = lock(&shared.cloud).switches.is(&RATE_LIMITS, "on");
    let second = OffsetDateTime::now_utc().unix_timestamp();
    if limited && !lock(&shared.limits).admit(route.service, &call.caller.account, &call.action, second) {
        let (status, code, message) = throttling(route.service);
        return fail(Error::new(status, code, message), &kept).into();
    }
    if let Some(refusal) =
        refuse_by_policy(shared, route.service, &mut call, entry.write, |error| fail(error, &kept))
    {
        return refusal.into();
    }
    let faults = lock(&shared.faults).take_matching(route.service, &call.action);
    entry.faults = faults.iter().map(|fault| fault.kind.name()).collect();
    let delay = faults.iter().filter(|fault| fault.kind == Kind::Slow).map(|fault| fault.milliseconds).sum();
    let delay = Duration::from_millis(delay);
    if faults.iter().any(|fault| fault.kind == Kind::Reset) {
        return DelayedReply { reply: None, delay };
    }
    if let Some(error) = faults.iter().find_map(|fault| fault.error.clone()) {
        return DelayedReply { reply: Some(fail(error, &kept)), delay };
    }
    let reply = carry_out(shared, route.service, &mut call, entry.write, &faults).unwrap_or_else(|| {
        fail(
            Error::new(500, "InternalError", "The mock failed on this request; its output tells where."),
            &kept,
        )
    });
    let lost = faults.iter().any(|fault| fault.kind == Kind::LostAnswer);
    DelayedReply { reply: (!lost).then_some(reply), delay }
}

/// Whether a call needs no signature because the bucket is open to everybody.
fn is_open(shared: &Shared, service: Service, call: &Call) -> bool {
    service == Service::Oss && permissions::check(&lock(&shared.cloud), service, call) == Ok(true)
}

/// The answer to a call that no policy allows. Such a call is an event, too.
fn refuse_by_policy(
    shared: &Shared,
    service: Service,
    call: &mut Call,
    write: bool,
    word: impl Fn(Error) -> Reply,
) -> Option<Reply> {
    let mut cloud = lock(&shared.cloud);
    let reply = match permissions::check(&cloud, service, call) {
        Ok(let_in) => {
            call.let_in = let_in;
            return None;
        }
        Err(error) => word(error),
    };
    call.now = cloud.clock.now();
    events::record(&mut cloud, service, call, write, &reply);
    Some(reply)
}

/// Runs the service on the world, or a read on the world as it was while a write is not visible yet. Nothing when the
/// service panicked.
fn carry_out(
    shared: &Shared,
    service: Service,
    call: &mut Call,
    write: bool,
    faults: &[Fault],
) -> Option<Reply> {
    let mut cloud = lock(&shared.cloud);
    call.now = cloud.clock.now();
    actiontrail::advance(&mut cloud, call.now);
    let mut stale = lock(&shared.stale);
    stale.retain(|stale| Instant::now() < stale.until);
    if !write && let Some(stale) = stale.iter().find(|stale| stale.service == service) {
        let mut before = stale.cloud.clone();
        let reply = run(&mut before, service, call)?;
        events::record(&mut cloud, service, call, write, &reply);
        return Some(reply);
    }
    let hide = faults.iter().find(|fault| fault.kind == Kind::DelayVisibility && write);
    if let Some(fault) = hide {
        let until = Instant::now() + Duration::from_millis(fault.milliseconds);
        if stale.len() < HIDDEN_WRITES {
            stale.push(Stale { service, cloud: Box::new(cloud.clone()), until });
        }
    }
    let reply = run(&mut cloud, service, call)?;
    events::record(&mut cloud, service, call, write, &reply);
    Some(reply)
}

fn run(cloud: &mut CloudState, service: Service, call: &Call) -> Option<Reply> {
    let handle = match service {
        Service::ActionTrail => actiontrail::handle,
        Service::Sts => sts::handle,
        Service::Oss => oss::handle,
        Service::Sls => sls::handle,
        Service::Ram => ram::handle,
        Service::ResourceManager => resource_manager::handle,
    };
    catch_unwind(AssertUnwindSafe(|| handle(cloud, call))).ok()
}

/// What the gateways check before the service sees a call.
fn gateway(call: &Call, route: &Route) -> Result<(), Error> {
    let versions = route.service.versions();
    if route.service.is_rpc() {
        let version = call.header("x-acs-version").or_else(|| call.param("Version")).unwrap_or("");
        if !versions.contains(&version) {
            let message = format!(
                "Specified parameter Version is not valid; this service has {}.",
                versions.join(", ")
            );
            return Err(Error::new(400, "InvalidVersion", message));
        }
        if ![Method::GET, Method::POST].contains(&call.method) {
            return Err(Error::new(400, "UnsupportedHTTPMethod", "The HTTP method must be GET or POST."));
        }
    }
    if route.service == Service::Oss && !regions::exists(&call.region) {
        let message = "The host you are accessing is not a host of this service.";
        return Err(Error::new(403, "NonStandardHostForbidden", message));
    }
    Ok(())
}

/// The region of the host, else that of the signing scope, else the one that a parameter names, else the default.
fn region_of(shared: &Shared, request: &Request, route: &Route, signer: Option<&Signer>) -> String {
    let scope = signer.and_then(|signer| signer.region.as_deref());
    let parameter = || request.param("RegionId").filter(|id| route.service.is_rpc() && !id.is_empty());
    let named = route.place().or(scope).or_else(parameter);
    named.unwrap_or(&shared.default_region).to_owned()
}

fn call(request: Request, route: &Route, signer: Option<&Signer>, region: String, request_id: &str) -> Call {
    let path = route.below(&request.path).to_owned();
    let caller = match signer {
        Some(signer) => Caller {
            account: signer.key.account.clone(),
            access_key: signer.key_id.clone(),
            arn: signer.key.arn(),
        },
        None => Caller { account: String::new(), access_key: String::new(), arn: String::new() },
    };
    let Request { method, host, mut query, form, headers, body, .. } = request;
    if route.service.is_rpc() {
        query.extend(form);
    }
    Call {
        method,
        host,
        path,
        container: route.container.clone(),
        query,
        headers,
        body,
        action: String::new(),
        region,
        caller,
        let_in: false,
        request_id: request_id.to_owned(),
        now: OffsetDateTime::now_utc(),
    }
}

/// Whether a call changes something.
fn is_write(service: Service, call: &Call) -> bool {
    if service.is_rpc() {
        let reads = ["Describe", "Get", "List", "Lookup", "AssumeRole"];
        !reads.iter().any(|verb| call.action.starts_with(verb))
    } else {
        !matches!(call.method, Method::GET | Method::HEAD)
    }
}

/// Request ids have the form that each service gives them.
fn new_request_id(service: Service) -> String {
    let id = uuid::Uuid::new_v4();
    if service.is_rpc() {
        id.hyphenated().to_string().to_uppercase()
    } else {
        let mut digits = id.simple().to_string().to_uppercase();
        digits.truncate(24);
        digits
    }
}

/// Adds the headers that all answers of a service carry.
fn finish(reply: Reply, service: Service, request_id: &str) -> Reply {
    match service {
        Service::Oss => reply.with_header("x-oss-request-id", request_id),
        Service::Sls => {
            let time = OffsetDateTime::now_utc().unix_timestamp().to_string();
            reply.with_header("x-log-requestid", request_id).with_header("x-log-time", &time)
        }
        _ => reply.with_header("x-acs-request-id", request_id),
    }
}

/// The answer to what belongs to no service.
fn unroutable(request: &Request, scheme: Scheme, error: &RouteError) -> Reply {
    let message = error.to_string();
    let names_action = request.header("x-acs-action").is_some() || request.param("Action").is_some();
    let (service, status, code) = match (scheme, error) {
        (Scheme::OssV1 | Scheme::OssV4 | Scheme::OssV1Presigned | Scheme::OssV4Presigned, _) => {
            (Service::Oss, 403, "NonStandardHostForbidden")
        }
        (Scheme::Acs3 | Scheme::RpcV1, RouteError::Host(_) | RouteError::Product(_)) => {
            (Service::ActionTrail, 404, "InvalidProduct.NotFound")
        }
        (Scheme::None, RouteError::Host(_)) if names_action => {
            (Service::ActionTrail, 404, "InvalidProduct.NotFound")
        }
        // Assumed: what SLS says of a host is not documented.
        (Scheme::SlsV1 | Scheme::SlsV4, RouteError::Host(_)) => (Service::Sls, 400, "ParameterInvalid"),
        (Scheme::SlsV1 | Scheme::SlsV4, RouteError::Foreign(_)) => (Service::Sls, 403, "ForeignHost"),
        (Scheme::Acs3 | Scheme::RpcV1, RouteError::Foreign(_)) => (Service::ActionTrail, 403, "ForeignHost"),
        (_, RouteError::Foreign(_)) => return plain(403, "ForeignHost", &message),
        (Scheme::Acs3 | Scheme::RpcV1, _) => (Service::ActionTrail, 400, "InvalidVersion"),
        _ => return plain(400, "UnknownService", &message),
    };
    let id = new_request_id(service);
    finish(service_error(service, &Error::new(status, code, message), request, &id), service, &id)
}

/// An answer in the mock's own words.
fn plain(status: u16, code: &str, message: &str) -> Reply {
    let body = serde_json::json!({ "Code": code, "Message": message });
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    Reply::json(status, &body).with_error(code)
}
