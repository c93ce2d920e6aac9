//! What `alitrail mock` prints: when it is ready, and which switches there are. For programs JSON, and for people what to
//! type.

use std::ffi::OsString;

use mock_cloud::{Ready, switches};
use serde::Serialize;
use serde_json::{Value, json};

use super::authority::CaFiles;

/// How it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Variables of the environment that people need. A command after `--` gets more of them.
const SHOWN: [&str; 21] = [
    "ALITRAIL_ENDPOINT_URL",
    "ALITRAIL_MOCK_ADMIN_URL",
    "ALITRAIL_MOCK_ADMIN_TOKEN",
    "ALICLOUD_ACCESS_KEY",
    "ALICLOUD_SECRET_KEY",
    "ALICLOUD_REGION",
    "ALIBABA_CLOUD_ACCESS_KEY_ID",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    "ALIBABA_CLOUD_REGION",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "http_proxy",
    "https_proxy",
    "NO_PROXY",
    "no_proxy",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "NODE_USE_ENV_PROXY",
    "PYTHONPATH",
];

/// The line for programs.
pub(super) fn ready_json(ready: &Ready, trust: Option<&CaFiles>) -> Result<String, serde_json::Error> {
    #[derive(Serialize)]
    struct Line<'l> {
        #[serde(flatten)]
        ready: &'l Ready,
        #[serde(flatten)]
        tls: Option<Tls<'l>>,
    }
    #[derive(Serialize)]
    struct Tls<'l> {
        https_url: String,
        #[serde(flatten)]
        files: &'l CaFiles,
    }
    let tls = trust.map(|files| Tls { https_url: ready.endpoint_url.replacen("http:", "https:", 1), files });
    serde_json::to_string(&Line { ready, tls })
}

/// The text for people, with lines for a shell.
pub(super) fn ready_text(
    ready: &Ready,
    trust: Option<&CaFiles>,
    variables: &[(&'static str, OsString)],
) -> String {
    let services = match trust {
        Some(_) => format!("{} (also as https, and as a proxy for the real host names)", ready.endpoint_url),
        None => ready.endpoint_url.clone(),
    };
    let mut text = format!(
        "The mock of the cloud is ready; Ctrl-C stops it.\n\n  services   {services}\n  admin      {}\n  account    {}\n",
        ready.admin_url, ready.account_id
    );
    if let Some(files) = trust {
        text.push_str(&format!("  authority  {}\n", files.certificate.display()));
    }
    text.push_str("\nIn another shell, these lead to it:\n\n");
    for name in SHOWN {
        if let Some((_, value)) = variables.iter().find(|(known, _)| *known == name) {
            text.push_str(&format!("export {name}={}\n", quoted(&value.to_string_lossy())));
        }
    }
    text.push_str(
        "\nalitrail mock -- COMMAND sets these for one command, and hides from it what leads to the real cloud.\n",
    );
    text
}

/// All switches for people.
pub(super) fn switches_text() -> String {
    let list = switches::all()
        .map(|switch| format!("{}={}\n    {}\n", switch.name, switch.values.join("|"), switch.doc));
    list.collect()
}

/// All switches for programs.
pub(super) fn switches_json() -> String {
    let list = switches::all().map(|switch| {
        json!({
            "name": switch.name,
            "values": switch.values,
            "default": switch.values.first(),
            "doc": switch.doc,
            "source": switch.source,
        })
    });
    Value::Array(list.collect()).to_string()
}

/// A value as a shell reads it.
fn quoted(value: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:,@+".contains(letter);
    if !value.is_empty() && value.chars().all(plain) {
        return value.to_owned();
    }
    format!("'{}'", value.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready() -> Ready {
        Ready {
            endpoint_url: "http://127.0.0.1:1".into(),
            access_key: "mock-id".into(),
            secret_key: "mock-secret".into(),
            account_id: "1".into(),
            admin_url: "http://127.0.0.1:2".into(),
            admin_token: None,
        }
    }

    #[test]
    fn every_switch_is_listed_with_its_values() {
        let (text, list) = (switches_text(), serde_json::from_str::<Value>(&switches_json()).unwrap());
        for (switch, listed) in switches::all().zip(list.as_array().unwrap()) {
            assert!(text.contains(&format!("{}={}", switch.name, switch.values[0])), "{}", switch.name);
            assert_eq!(
                (&listed["name"], &listed["default"]),
                (&json!(switch.name), &json!(switch.values[0]))
            );
        }
        assert_eq!(list.as_array().unwrap().len(), switches::all().count());
    }

    #[test]
    fn both_forms_say_where_the_mock_is() {
        let trust = CaFiles {
            certificate: "/it's here/ca.pem".into(),
            bundle: "/it's here/bundle.pem".into(),
            python: "/it's here/python".into(),
        };
        let line: serde_json::Value =
            serde_json::from_str(&ready_json(&ready(), Some(&trust)).unwrap()).unwrap();
        assert_eq!(line["https_url"], "https://127.0.0.1:1");
        assert_eq!(line["ca_bundle_file"], "/it's here/bundle.pem");
        assert!(!ready_json(&ready(), None).unwrap().contains("https_url"));
        let variables = [("SSL_CERT_FILE", trust.bundle.clone().into()), ("NO_PROXY", "a,b".into())];
        let text = ready_text(&ready(), Some(&trust), &variables);
        assert!(text.contains("export SSL_CERT_FILE='/it'\\''s here/bundle.pem'\n"), "{text}");
        assert!(text.contains("export NO_PROXY=a,b\n") && text.contains("http://127.0.0.1:2"), "{text}");
    }
}
