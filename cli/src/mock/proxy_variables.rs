//! How a command is led to a mock that speaks TLS by the real host names: through the mock as its proxy, trusting the
//! mock's authority besides those of the system.

use std::ffi::{OsStr, OsString};

use mock_cloud::Ready;

use super::authority::CaFiles;

/// What leads to a proxy for everything, of which the command has none.
pub(super) const REMOVED: [&str; 2] = ["ALL_PROXY", "all_proxy"];
const PROXY: [&str; 4] = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"];
pub(super) const NO_PROXY: [&str; 2] = ["NO_PROXY", "no_proxy"];
/// Where OpenSSL and Go, `requests`, curl, Node and the SDKs of others look for certificates to trust.
const BUNDLE: [&str; 5] =
    ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "AWS_CA_BUNDLE"];
/// Node goes by the variables above only if told to, from version 24 on.
const NODE: (&str, &str) = ("NODE_USE_ENV_PROXY", "1");
/// Where Python looks for modules.
const PYTHON: &str = "PYTHONPATH";
/// Names of this machine.
const LOCAL: [&str; 3] = ["127.0.0.1", "localhost", "::1"];

/// The variables; `given` is the environment that there is.
pub(super) fn variables(
    ready: &Ready,
    trust: &CaFiles,
    given: impl Fn(&str) -> Option<OsString>,
) -> Vec<(&'static str, OsString)> {
    let mut all: Vec<(&'static str, OsString)> =
        PROXY.map(|name| (name, ready.endpoint_url.clone().into())).into();
    all.extend(BUNDLE.map(|name| (name, trust.bundle.clone().into())));
    let kept = NO_PROXY.iter().filter_map(|name| given(name)).map(without_the_cloud);
    let exceptions = exceptions(ready, kept.filter(|list| !list.is_empty()).collect());
    all.extend(NO_PROXY.map(|name| (name, exceptions.clone())));
    all.push((NODE.0, NODE.1.into()));
    // Python looks into the directories of the variable before those of packages.
    let others = given(PYTHON).map(|others| std::env::split_paths(&others).collect()).unwrap_or_default();
    let directories: Vec<_> = std::iter::once(trust.python.clone()).chain::<Vec<_>>(others).collect();
    all.extend(std::env::join_paths(directories).ok().map(|path| (PYTHON, path)));
    all
}

/// The hosts that are asked without a proxy: those given, names of this machine, and where the mock is.
pub(super) fn exceptions(ready: &Ready, mut given: Vec<OsString>) -> OsString {
    given.dedup();
    given.extend(LOCAL.map(OsString::from));
    given.extend([&ready.endpoint_url, &ready.admin_url].into_iter().filter_map(|url| host(url)));
    given.join(OsStr::new(","))
}

/// A list of exceptions without those that would lead past the mock to the real cloud.
fn without_the_cloud(list: OsString) -> OsString {
    let list = list.to_string_lossy();
    let kept = list.split(',').map(str::trim).filter(|entry| !entry.is_empty() && !covers_the_cloud(entry));
    kept.collect::<Vec<_>>().join(",").into()
}

fn covers_the_cloud(entry: &str) -> bool {
    let entry = entry.to_ascii_lowercase();
    let name = entry.split(':').next().unwrap_or_default().trim_start_matches('*').trim_start_matches('.');
    name.is_empty() && !entry.starts_with("::")
        || "aliyuncs.com".ends_with(name) && !name.is_empty()
        || name.ends_with("aliyuncs.com")
}

/// The host of an address of the mock, where it is not one of the usual ones.
fn host(url: &str) -> Option<OsString> {
    let (host, _) = url.strip_prefix("http://")?.rsplit_once(':')?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    (!LOCAL.contains(&host)).then(|| host.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_exception_leads_past_the_mock() {
        let ready = Ready {
            endpoint_url: "http://127.0.0.1:1".into(),
            access_key: "mock-id".into(),
            secret_key: "mock-secret".into(),
            account_id: "1".into(),
            admin_url: "http://0.0.0.0:2".into(),
            admin_token: None,
        };
        let trust =
            CaFiles { certificate: "/ca.pem".into(), bundle: "/bundle.pem".into(), python: "/py".into() };
        let given = "intranet, .aliyuncs.com,*.AliyunCS.com:443,sts.aliyuncs.com,com,.com,*,::2,10.0.0.0/8";
        let all = variables(&ready, &trust, |name| match name {
            "NO_PROXY" => Some(given.into()),
            "PYTHONPATH" => Some("/mine".into()),
            _ => None,
        });
        let value = |name: &str| all.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_os_str());
        for name in NO_PROXY {
            let wanted = "intranet,::2,10.0.0.0/8,127.0.0.1,localhost,::1,0.0.0.0";
            assert_eq!(value(name), Some(OsStr::new(wanted)), "{name}");
        }
        assert_eq!(value("https_proxy"), Some(OsStr::new("http://127.0.0.1:1")));
        let path = std::env::join_paths(["/py", "/mine"]).unwrap();
        assert_eq!(value("PYTHONPATH"), Some(path.as_os_str()));
        assert_eq!(value("SSL_CERT_FILE"), Some(OsStr::new("/bundle.pem")));
    }
}
