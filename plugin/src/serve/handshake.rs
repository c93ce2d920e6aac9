//! The one line on standard output that tells the host, or a person who wants to attach, where to connect.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use serde_json::json;

use super::{PROTOCOL_VERSION, Plugin, listen::Address};

/// The line for a host: framework version, protocol, network, address, transport, certificate.
///
/// Hosts decode the certificate without padding. The seventh field is an answer and only given when asked: old hosts
/// take it for part of the certificate. `false` because nothing here is ever brokered.
pub(super) fn line(address: &Address, certificate: Option<&[u8]>, multiplex: bool) -> String {
    let certificate = certificate.map(|der| STANDARD_NO_PAD.encode(der)).unwrap_or_default();
    let (network, address) = (address.network(), address.text());
    let answer = if multiplex { "|false" } else { "" };
    format!("1|{PROTOCOL_VERSION}|{network}|{address}|grpc|{certificate}{answer}\n")
}

/// The assignment for a person: Terraform started with it in its environment attaches to this process.
///
/// `Test` keeps Terraform from ending a process that it did not start, and makes it believe the protocol version.
pub(super) fn reattach(plugin: &Plugin, address: &Address) -> String {
    let attach = json!({
        plugin.address: {
            "Protocol": "grpc",
            "ProtocolVersion": PROTOCOL_VERSION,
            "Pid": std::process::id(),
            "Test": true,
            "Addr": { "Network": address.network(), "String": address.text() },
        }
    });
    format!("TF_REATTACH_PROVIDERS='{attach}'\n")
}
