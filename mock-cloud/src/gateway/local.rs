//! Names of this machine. A browser sends what any page asks for to a loopback address, and a page can give its own
//! host name such an address (DNS rebinding): only the `Host` of a request tells the difference.

use std::net::IpAddr;

use http::uri::Authority;

/// The domain of all hosts of the cloud.
pub(crate) const CLOUD_DOMAIN: &str = "aliyuncs.com";

/// Whether a host name, in lower case, is one of the cloud's.
pub(crate) fn is_below_cloud(host: &str) -> bool {
    let label = host.strip_suffix(CLOUD_DOMAIN).and_then(|rest| rest.strip_suffix('.'));
    label.is_some_and(|label| !label.is_empty())
}

/// Whether an address can be reached from this machine only.
pub(crate) fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

/// Whether a host name, without port and brackets, means this machine.
pub(crate) fn is_loopback_name(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(is_loopback)
}

/// Whether a host is one that a mock on a loopback address serves: a host of the cloud, this machine, or a bucket or
/// project before a name of this machine, as in `my-bucket.localhost`. The port is free: a tunnel may change it.
pub(crate) fn is_served(host: &str) -> bool {
    let below = |name: &str| host.strip_suffix(name).is_some_and(|label| !label.is_empty());
    let labelled = host.split_once('.').is_some_and(|(_, rest)| rest.parse().is_ok_and(is_loopback));
    is_below_cloud(host) || is_loopback_name(host) || below(".localhost") || labelled
}

/// Whether an authority (`host[:port]`, of plain HTTP) is this machine with a port.
pub(crate) fn is_loopback_authority(authority: &str, port: u16) -> bool {
    let Ok(authority) = authority.parse::<Authority>() else { return false };
    let host = authority.host();
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    !authority.as_str().contains('@') && authority.port_u16().unwrap_or(80) == port && is_loopback_name(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_this_machine_from_others() {
        for here in ["127.0.0.1:8090", "localhost:8090", "LOCALHOST:8090", "127.3.2.1:8090", "[::1]:8090"] {
            assert!(is_loopback_authority(here, 8090), "{here}");
        }
        for elsewhere in [
            "evil.example:8090",
            "127.0.0.1",
            "127.0.0.1:8091",
            "127.0.0.1.evil.example:8090",
            "localhost.evil.example:8090",
            "127.0.0.1:8090@evil.example",
            "user@127.0.0.1:8090",
            "10.0.0.1:8090",
            "0.0.0.0:8090",
            "[::2]:8090",
            "",
            ":8090",
            "127.0.0.1:8090/",
            "127.0.0.1:99999",
        ] {
            assert!(!is_loopback_authority(elsewhere, 8090), "{elsewhere}");
        }
        assert!(is_loopback_authority("localhost", 80));
        assert!(is_loopback("::ffff:127.0.0.1".parse().unwrap()));
    }

    #[test]
    fn serves_hosts_of_the_cloud_and_of_this_machine() {
        for host in ["b1.oss-cn-hangzhou.aliyuncs.com", "localhost", "::1", "p1.localhost", "p1.127.0.0.1"] {
            assert!(is_served(host), "{host}");
        }
        for host in
            ["evil.example", "aliyuncs.com.evil.example", ".aliyuncs.com", "p1.10.0.0.1", "mylocalhost"]
        {
            assert!(!is_served(host), "{host}");
        }
    }
}
