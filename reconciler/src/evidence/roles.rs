//! The writing calls of RAM and Resource Management: the roles with which trails deliver and services work.

use super::{Condition, Weakening, WritingCall};
use alibaba::endpoint::Service;

const TRUST: Condition = Condition {
    id: "delivery_role.trust_changed",
    when: "another account than before may use the role",
    loss: "trails of the account before can deliver nothing with it",
};
const NARROWED: Condition = Condition {
    id: "delivery_role.permissions_narrowed",
    when: "the role may no longer write to a bucket or project, or use the key of the bucket",
    loss: "trails that write there with the role can deliver nothing",
};
const DELETED: Condition = Condition {
    id: "delivery_role.deleted",
    when: "the role, or the policy it has, is taken away",
    loss: "trails that write with the role can deliver nothing",
};
const SERVICE_ROLE: Condition = Condition {
    id: "service_linked_role.deleted",
    when: "the role that a service works with is deleted",
    loss: "the service can deliver nothing and notify nobody with it",
};

const fn ram(action: &'static str, function: &'static str, weakens: Weakening) -> WritingCall {
    WritingCall { service: Service::Ram, action, function, weakens }
}

const fn directory(action: &'static str, function: &'static str, weakens: Weakening) -> WritingCall {
    WritingCall { service: Service::ResourceManager, action, function, weakens }
}

pub(super) const CALLS: &[WritingCall] = &[
    ram("CreateRole", "Ram::create_role", Weakening::Never("no trail uses a role that did not exist")),
    ram("UpdateRole", "Ram::update_role", Weakening::When(&[&TRUST])),
    ram("DeleteRole", "Ram::delete_role", Weakening::When(&[&DELETED])),
    ram(
        "AttachPolicyToRole",
        "Ram::attach_policy_to_role",
        Weakening::Never("more permissions let a trail deliver to more places"),
    ),
    ram("DetachPolicyFromRole", "Ram::detach_policy_from_role", Weakening::When(&[&DELETED])),
    ram("CreatePolicy", "Ram::create_policy", Weakening::Never("a policy that nobody has grants nothing")),
    ram("CreatePolicyVersion", "Ram::set_policy_document", Weakening::When(&[&NARROWED])),
    ram(
        "DeletePolicy",
        "Ram::delete_policy",
        Weakening::Never("the service deletes no policy that somebody has"),
    ),
    directory(
        "CreateServiceLinkedRole",
        "ResourceManager::create_service_linked_role",
        Weakening::Never("a service gets the role that it works with"),
    ),
    directory(
        "DeleteServiceLinkedRole",
        "ResourceManager::delete_service_linked_role",
        Weakening::When(&[&SERVICE_ROLE]),
    ),
];
