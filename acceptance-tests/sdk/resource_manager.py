"""ResourceManager with the official SDK: service-linked roles, the directory, folders, delegation, control policies."""

import json

from alibabacloud_resourcemanager20200331 import client, models

import tea
from common import equal, refused

call = tea.caller(tea.client(client, "resourcemanager.aliyuncs.com"), models)
SERVICE, LINKED = "actiontrail.aliyuncs.com", "AliyunServiceRoleForActionTrail"

refused("EntityNotExist.Service", lambda: call("create_service_linked_role", service_name="none.aliyuncs.com"), 404)
call("create_service_linked_role", service_name=SERVICE)
refused("EntityAlreadyExists.Role", lambda: call("create_service_linked_role", service_name=SERVICE), 409)
equal(call("get_role", role_name=LINKED).role.role_name, LINKED, "its role")
task = call("delete_service_linked_role", role_name=LINKED).deletion_task_id
equal(call("get_service_linked_role_deletion_status", deletion_task_id=task).status, "SUCCEEDED", "deletion")
refused("EntityNotExist.Role", lambda: call("get_role", role_name=LINKED), 404)

directory = call("get_resource_directory").resource_directory
ROOT = directory.root_folder_id
members = call("list_accounts", page_size=1)
equal((members.total_count, len(members.accounts.account)), (2, 1), "a page of one of two accounts")
first = members.accounts.account[0].account_id
second = call("list_accounts", page_size=1, page_number=2).accounts.account[0].account_id
equal(first != second, True, "the next page has the other account")
equal(call("get_account", account_id=first).account.account_id, first, "account")
refused("EntityNotExists.Account", lambda: call("get_account", account_id="1999999999999999"), 404)
made = call("create_resource_account", display_name="sdk-account").account.account_id
equal(made in [a.account_id for a in call("list_accounts_for_parent", parent_folder_id=ROOT).accounts.account], True,
      "a new account is in the root folder")

folder = call("create_folder", folder_name="sdk-folder", parent_folder_id=ROOT).folder.folder_id
refused("EntityAlreadyExists.Folder", lambda: call("create_folder", folder_name="sdk-folder", parent_folder_id=ROOT), 409)
call("update_folder", folder_id=folder, new_folder_name="sdk-renamed")
equal(call("get_folder", folder_id=folder).folder.folder_name, "sdk-renamed", "folder")
equal(folder in [f.folder_id for f in call("list_folders_for_parent", parent_folder_id=ROOT).folders.folder], True, "folders")
call("move_account", account_id=made, destination_folder_id=folder)
equal([f.folder_id for f in call("list_ancestors", child_id=folder).folders.folder][:1], [ROOT], "ancestors")
refused("DeleteConflict.Folder.NotEmpty", lambda: call("delete_folder", folder_id=folder), 409)
call("move_account", account_id=made, destination_folder_id=ROOT)
call("delete_folder", folder_id=folder)
refused("EntityNotExists.Folder", lambda: call("get_folder", folder_id=folder), 404)

delegation = {"account_id": first, "service_principal": SERVICE}
call("register_delegated_administrator", **delegation)
refused("AccountAlreadyRegistered", lambda: call("register_delegated_administrator", **delegation), 409)
equal([a.account_id for a in call("list_delegated_administrators", service_principal=SERVICE).accounts.account], [first],
      "administrators")
equal([s.service_principal for s in call("list_delegated_services_for_account", account_id=first)
       .delegated_services.delegated_service], [SERVICE], "services")
call("list_trusted_service_status")
call("deregister_delegated_administrator", **delegation)

call("enable_control_policy")
equal(call("get_control_policy_enablement_status").enablement_status, "Enabled", "control policies")
DENY = json.dumps({"Version": "1", "Statement": [{"Effect": "Deny", "Action": "actiontrail:DeleteTrail", "Resource": "*"}]})
policy = call("create_control_policy", policy_name="sdk-control", effect_scope="RAM",
              policy_document=DENY).control_policy.policy_id
refused("EntityAlreadyExists.ControlPolicy", lambda: call(
    "create_control_policy", policy_name="sdk-control", effect_scope="RAM", policy_document=DENY), 409)
call("update_control_policy", policy_id=policy, new_description="changed")
equal(call("get_control_policy", policy_id=policy).control_policy.description, "changed", "control policy")
equal([p.policy_id for p in call("list_control_policies", policy_type="Custom").control_policies.control_policy], [policy],
      "control policies")
call("attach_control_policy", policy_id=policy, target_id=made)
equal([t.target_id for t in call("list_target_attachments_for_control_policy", policy_id=policy)
       .target_attachments.target_attachment], [made], "targets")
equal(policy in [a.policy_id for a in call("list_control_policy_attachments_for_target", target_id=made)
                 .control_policy_attachments.control_policy_attachment], True, "attachments")
refused("DeleteConflict.ControlPolicy.Attached", lambda: call("delete_control_policy", policy_id=policy), 409)
call("detach_control_policy", policy_id=policy, target_id=made)
call("delete_control_policy", policy_id=policy)
refused("EntityNotExists.ControlPolicy", lambda: call("get_control_policy", policy_id=policy), 404)
call("disable_control_policy")
