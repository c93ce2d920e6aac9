//! What environment variables say about endpoints, under the names that users of the vendor's tools know.

use super::service::Service;

/// The variable that sends every request to one address.
pub const ENDPOINT_URL: [&str; 1] = ["ALITRAIL_ENDPOINT_URL"];
/// The variable that says of which of the vendor's sites the account is.
pub const ACCOUNT_TYPE: [&str; 1] = ["ALIBABA_CLOUD_ACCOUNT_TYPE"];

/// Variables with another host for a service, first match wins.
#[must_use]
pub fn host_variables(service: Service) -> [String; 2] {
    let product = service.key().to_ascii_uppercase();
    [format!("ALIBABA_CLOUD_ENDPOINT_{product}"), format!("{product}_ENDPOINT")]
}

/// Whether an account is one of the international site; none for a text that says neither.
#[must_use]
pub fn is_international(account_type: &str) -> Option<bool> {
    let known = [("Domestic", false), ("International", true)];
    known.into_iter().find(|(name, _)| account_type.eq_ignore_ascii_case(name)).map(|(_, is)| is)
}

#[cfg(test)]
mod tests {
    use super::super::{Endpoints, Service};
    use super::is_international;

    #[test]
    fn what_is_set_goes_before_variables() {
        let set = [("ALITRAIL_ENDPOINT_URL", "http://127.0.0.1:1"), ("STS_ENDPOINT", "sts.example.com")];
        fn of<'n>(set: &[(&str, &str)], names: &[&'n str]) -> Option<(&'n str, String)> {
            names.iter().find_map(|name| {
                set.iter().find(|(known, _)| known == name).map(|(_, value)| (*name, (*value).to_owned()))
            })
        }
        let read = Endpoints::default().or_variables(|names| of(&set, names)).unwrap();
        assert_eq!(read.endpoint_url.as_deref(), Some("http://127.0.0.1:1"));
        assert_eq!(read.overrides[&Service::Sts], "sts.example.com");
        let own = Endpoints { endpoint_url: Some("http://127.0.0.1:2".into()), ..Endpoints::default() };
        let own = own.or_variables(|names| of(&set, names)).unwrap();
        assert_eq!(own.endpoint_url.as_deref(), Some("http://127.0.0.1:2"));
        let wrong = [("ALITRAIL_ENDPOINT_URL", "nowhere")];
        let error = Endpoints::default().or_variables(|names| of(&wrong, names)).unwrap_err();
        assert!(error.to_string().contains("ALITRAIL_ENDPOINT_URL"), "{error}");
        assert_eq!((is_international("international"), is_international("x")), (Some(true), None));
    }
}
