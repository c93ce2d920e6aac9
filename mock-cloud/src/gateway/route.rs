//! Which service, region and container (bucket or project) a request is for. The host decides, as it does on the
//! real edge; when it is an address of the mock itself, the signature scheme and the parameters do.

use std::net::IpAddr;

use serde::Serialize;

use super::request::Request;
use crate::auth::Scheme;

/// A service of the mock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Service {
    ActionTrail,
    Sts,
    Ram,
    ResourceManager,
    Oss,
    Sls,
}

impl Service {
    /// The name in the request log, fault rules and elsewhere.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ActionTrail => "actiontrail",
            Self::Sts => "sts",
            Self::Ram => "ram",
            Self::ResourceManager => "resourcemanager",
            Self::Oss => "oss",
            Self::Sls => "sls",
        }
    }

    /// The API versions that an RPC service answers to; empty for the others.
    pub(crate) const fn versions(self) -> &'static [&'static str] {
        match self {
            Self::ActionTrail => &["2020-07-06"],
            Self::Sts => &["2015-04-01"],
            Self::Ram => &["2015-05-01"],
            Self::ResourceManager => &["2020-03-31", "2022-04-19"],
            Self::Oss | Self::Sls => &[],
        }
    }

    /// Whether operations are named by action and parameters instead of method and path.
    pub(crate) const fn is_rpc(self) -> bool {
        !self.versions().is_empty()
    }
}

/// Where a request goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) service: Service,
    /// The region, when the host names one.
    pub(crate) region: Option<String>,
    /// Bucket or project.
    pub(crate) container: Option<String>,
    /// Whether the bucket is the first segment of the path. On its own hosts the service has no path style.
    pub(crate) path_style: bool,
}

impl Route {
    fn real(service: Service, region: Option<&str>) -> Self {
        let region = region.map(str::to_owned);
        Self { service, region, container: None, path_style: false }
    }

    /// Whether the host is an endpoint of one customer's own; its name counts as the region that it signs for.
    pub(crate) fn is_dedicated(&self) -> bool {
        self.service == Service::Sls && self.place() != self.region.as_deref()
    }

    /// The region that the host stands in: `cn-hangzhou` for `cn-hangzhou-acdr-ut-3.log.aliyuncs.com`.
    pub(crate) fn place(&self) -> Option<&str> {
        let region = self.region.as_deref()?;
        Some(region.split_once("-acdr-ut-").map_or(region, |(place, _)| place))
    }

    /// The part of a path that is below the container: all of it unless the container is part of the path.
    pub(crate) fn below<'p>(&self, path: &'p str) -> &'p str {
        let container = self.container.as_deref().filter(|_| self.path_style);
        let Some(container) = container else { return path };
        let rest = path.strip_prefix('/').and_then(|path| path.strip_prefix(container)).unwrap_or(path);
        if rest.is_empty() { "/" } else { rest }
    }
}

/// Why a request cannot be routed.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum RouteError {
    #[error(
        "the mock listens on a loopback address and serves there the hosts of the cloud (*.aliyuncs.com) and those of \
         this machine, but not {0}: ask it by its address or by localhost"
    )]
    Foreign(String),
    #[error("the mock does not serve the host {0}")]
    Host(String),
    #[error("the mock serves no RPC API at the host {0}")]
    Product(String),
    #[error("no RPC service of the mock has the API version {0:?}")]
    Version(String),
    #[error("the request names no service: neither its host, its signature nor its parameters tell one")]
    Unknown,
}

/// Finds the route of a request.
pub(crate) fn route(request: &Request, scheme: Scheme) -> Result<Route, RouteError> {
    let is_rpc = matches!(scheme, Scheme::Acs3 | Scheme::RpcV1);
    match by_host(&request.host) {
        // Products such as the administration of OSS (oss-admin) and of SLS, whose hosts look like those of the services.
        Some(route) if is_rpc && !route.service.is_rpc() => Err(RouteError::Product(request.host.clone())),
        Some(route) => Ok(route),
        None if request.host.ends_with(".aliyuncs.com") => Err(RouteError::Host(request.host.clone())),
        None => by_scheme(request, scheme),
    }
}

fn first_segment(path: &str) -> Option<String> {
    let segment = path.trim_start_matches('/').split('/').next().unwrap_or("");
    (!segment.is_empty()).then(|| segment.to_owned())
}

/// The route that a real host name stands for.
fn by_host(host: &str) -> Option<Route> {
    let name = host.strip_suffix(".aliyuncs.com")?;
    match name {
        "actiontrail" => return Some(Route::real(Service::ActionTrail, None)),
        "sts" => return Some(Route::real(Service::Sts, None)),
        "ram" => return Some(Route::real(Service::Ram, None)),
        "resourcemanager" | "resourcedirectory" | "resourcedirectory-intl" => {
            return Some(Route::real(Service::ResourceManager, None));
        }
        _ => {}
    }
    let rpc = [
        ("actiontrail.", Service::ActionTrail),
        ("actiontrail-vpc.", Service::ActionTrail),
        ("sts.", Service::Sts),
        ("sts-vpc.", Service::Sts),
    ];
    for (prefix, service) in rpc {
        if let Some(region) = name.strip_prefix(prefix).filter(|region| !region.contains('.')) {
            return Some(Route::real(service, Some(region)));
        }
    }
    sls(name).or_else(|| oss(name))
}

/// `[<project>.]<region>[-intranet|-share|-internal|-vpc].{log,sls}` or the accelerated `[<project>.]log-global`.
fn sls(name: &str) -> Option<Route> {
    let with_project = |rest: &str| {
        let (project, label) =
            rest.rsplit_once('.').map_or((None, rest), |(project, label)| (Some(project), label));
        (project.map(str::to_owned), label.to_owned())
    };
    if name == "log-global" || name.ends_with(".log-global") {
        let mut route = Route::real(Service::Sls, None);
        route.container = with_project(name).0;
        return Some(route);
    }
    let rest = name.strip_suffix(".log").or_else(|| name.strip_suffix(".sls"))?;
    let (container, label) = with_project(rest);
    let region = ["-intranet", "-share", "-internal", "-vpc"]
        .iter()
        .find_map(|end| label.strip_suffix(end))
        .unwrap_or(&label);
    Some(Route { container, ..Route::real(Service::Sls, Some(region)) })
}

/// `[<bucket>.]oss-<region>[-internal]` or the dual-stack `[<bucket>.]<region>.oss`.
fn oss(name: &str) -> Option<Route> {
    if let Some(rest) = name.strip_suffix(".oss") {
        let (bucket, region) =
            rest.rsplit_once('.').map_or((None, rest), |(bucket, region)| (Some(bucket), region));
        return Some(Route {
            container: bucket.map(str::to_owned),
            ..Route::real(Service::Oss, Some(region))
        });
    }
    let (bucket, label) = name.rsplit_once('.').map_or((None, name), |(bucket, label)| (Some(bucket), label));
    let region = match label {
        "oss" => Some("cn-hangzhou"),
        "oss-accelerate" | "oss-accelerate-overseas" => None,
        "oss-cn-hzfinance" | "oss-cn-hzjbp-a-internal" | "oss-cn-hzjbp-b-internal" => {
            Some("cn-hangzhou-finance")
        }
        "oss-cn-szfinance" => Some("cn-shenzhen-finance-1"),
        _ => {
            let region = label.strip_prefix("oss-")?;
            let plain = region.strip_suffix("-internal").unwrap_or(region);
            Some(plain.strip_suffix("-pub").unwrap_or(plain))
        }
    };
    Some(Route { container: bucket.map(str::to_owned), ..Route::real(Service::Oss, region) })
}

/// The route of a request that is addressed to the mock itself.
fn by_scheme(request: &Request, scheme: Scheme) -> Result<Route, RouteError> {
    let route = |service, container, path_style| Ok(Route { service, region: None, container, path_style });
    match scheme {
        Scheme::OssV1 | Scheme::OssV4 | Scheme::OssV1Presigned | Scheme::OssV4Presigned => {
            match container_in_host(&request.host) {
                Some(bucket) => route(Service::Oss, Some(bucket), false),
                None => {
                    let bucket = first_segment(&request.path);
                    let path_style = bucket.is_some();
                    route(Service::Oss, bucket, path_style)
                }
            }
        }
        Scheme::SlsV1 | Scheme::SlsV4 => route(Service::Sls, container_in_host(&request.host), false),
        Scheme::Acs3 | Scheme::RpcV1 | Scheme::None => {
            let version = request.header("x-acs-version").or_else(|| request.param("Version"));
            let Some(version) = version else { return Err(RouteError::Unknown) };
            let services = [Service::ActionTrail, Service::Sts, Service::Ram, Service::ResourceManager];
            match services.into_iter().find(|service| service.versions().contains(&version)) {
                Some(service) => route(service, None, false),
                None => Err(RouteError::Version(version.to_owned())),
            }
        }
    }
}

/// The label before an address of the mock: `<project>.127.0.0.1` and `<project>.localhost`.
fn container_in_host(host: &str) -> Option<String> {
    if let Some(label) = host.strip_suffix(".localhost") {
        return Some(label.to_owned());
    }
    let (label, rest) = host.split_once('.')?;
    rest.parse::<IpAddr>().ok().map(|_| label.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::request::tests::request;
    use super::*;

    fn routed(host: &str, path: &str) -> Route {
        route(&request(&format!("GET {path}"), &[("host", host)], ""), Scheme::None).unwrap()
    }

    #[test]
    fn routes_real_hosts() {
        for (host, service, region, container) in [
            ("actiontrail.cn-hangzhou.aliyuncs.com", Service::ActionTrail, Some("cn-hangzhou"), None),
            ("actiontrail-vpc.us-west-1.aliyuncs.com", Service::ActionTrail, Some("us-west-1"), None),
            ("actiontrail.aliyuncs.com", Service::ActionTrail, None, None),
            ("sts.eu-central-1.aliyuncs.com", Service::Sts, Some("eu-central-1"), None),
            ("sts.aliyuncs.com", Service::Sts, None, None),
            ("ram.aliyuncs.com", Service::Ram, None, None),
            ("resourcedirectory-intl.aliyuncs.com", Service::ResourceManager, None, None),
            ("b1.oss-cn-hangzhou.aliyuncs.com", Service::Oss, Some("cn-hangzhou"), Some("b1")),
            ("oss-cn-beijing-internal.aliyuncs.com", Service::Oss, Some("cn-beijing"), None),
            ("b1.cn-beijing.oss.aliyuncs.com", Service::Oss, Some("cn-beijing"), Some("b1")),
            ("b1.oss-accelerate.aliyuncs.com", Service::Oss, None, Some("b1")),
            ("oss-cn-shanghai-finance-1-pub.aliyuncs.com", Service::Oss, Some("cn-shanghai-finance-1"), None),
            ("p1.cn-hangzhou.log.aliyuncs.com:80", Service::Sls, Some("cn-hangzhou"), Some("p1")),
            ("p1.cn-hangzhou-intranet.log.aliyuncs.com", Service::Sls, Some("cn-hangzhou"), Some("p1")),
            ("cn-hangzhou-share.log.aliyuncs.com", Service::Sls, Some("cn-hangzhou"), None),
            ("p1.log-global.aliyuncs.com", Service::Sls, None, Some("p1")),
        ] {
            let found = routed(host, "/");
            assert_eq!(
                (found.service, found.region.as_deref(), found.container.as_deref()),
                (service, region, container),
                "{host}"
            );
        }
        let styled = routed("oss-cn-hangzhou.aliyuncs.com", "/b1/key");
        assert_eq!((styled.path_style, styled.container), (false, None));
    }

    #[test]
    fn routes_its_own_address_by_scheme() {
        let local = |line: &str, host: &str, scheme| route(&request(line, &[("host", host)], ""), scheme);
        let sls = local("GET /logstores", "p1.127.0.0.1", Scheme::SlsV1).unwrap();
        assert_eq!((sls.service, sls.container.as_deref()), (Service::Sls, Some("p1")));
        let oss = local("GET /b1/?acl", "127.0.0.1:9", Scheme::OssV4).unwrap();
        assert_eq!((oss.service, oss.container.as_deref(), oss.path_style), (Service::Oss, Some("b1"), true));
        let rpc = local("GET /?Action=X&Version=2015-04-01", "localhost", Scheme::RpcV1).unwrap();
        assert_eq!(rpc.service, Service::Sts);
        let unknown = local("GET /?Version=2014-05-26", "localhost", Scheme::RpcV1);
        assert_eq!(unknown, Err(RouteError::Version("2014-05-26".into())));
        assert_eq!(local("GET /", "localhost", Scheme::None), Err(RouteError::Unknown));
        let foreign = local("GET /", "ecs.cn-hangzhou.aliyuncs.com", Scheme::Acs3);
        assert!(matches!(foreign, Err(RouteError::Host(_))), "{foreign:?}");
        for host in ["oss-admin.aliyuncs.com", "cn-hangzhou.log.aliyuncs.com"] {
            let admin = local("POST /?Action=OpenOssService&Version=2019-04-22", host, Scheme::RpcV1);
            assert_eq!(admin, Err(RouteError::Product(host.into())));
        }
    }
}
