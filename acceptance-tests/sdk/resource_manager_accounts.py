"""ResourceManager with the official SDK: accounts of the directory, and those that manage services for it."""

from alibabacloud_resourcemanager20200331 import client, models

import tea
from common import ACCOUNT, admin, equal, paged, refused

call = tea.caller(tea.client(client, "resourcemanager.aliyuncs.com"), models)
SERVICE, UNKNOWN = "actiontrail.aliyuncs.com", "1999999999999999"
directory = call("get_resource_directory").resource_directory
ROOT = directory.root_folder_id
equal(directory.master_account_id, ACCOUNT, "names the management account")


def accounts(page, size=1, operation="list_accounts", **more):
    answer = call(operation, page_number=page, page_size=size, **more)
    items = [account.account_id for account in answer.accounts.account]
    return items, (page or 1) + 1 if (page or 1) * size < answer.total_count else None


members = [str(int(ACCOUNT) + number) for number in (1, 2)]
equal(accounts(1, 10)[0], members, "lists the members, without the management account", assumed=True)
refused("MissingParameter.AccountId", lambda: call("get_account"), 400)
refused("InvalidParameter.AccountId", lambda: call("get_account", account_id="not an id"), 400)
refused("EntityNotExists.Account", lambda: call("get_account", account_id=UNKNOWN), 404)
account = call("get_account", account_id=members[0]).account
equal((account.type, account.folder_id, account.join_method), ("ResourceAccount", ROOT, "created"),
      "a member that the directory made is a resource account")

refused("MissingParameter.Account.DisplayName", lambda: call("create_resource_account"), 400)
for name, code in (("a/b", "DisplayName"), ("x", "DisplayName"), ("n" * 51, "DisplayName.Length")):
    refused(f"InvalidParameter.Account.{code}", lambda: call("create_resource_account", display_name=name), 400)
made = call("create_resource_account", display_name="sdk account").account
equal((made.display_name, made.status, made.folder_id), ("sdk account", "CreateSuccess", ROOT),
      "without a folder it is in the root folder")
refused("InvalidParameter.Account.DisplayName.AlreadyUsed", lambda: call("create_resource_account", display_name="sdk account"), 409)
for number in range(17):
    call("create_resource_account", display_name=f"member {number}")
refused("LimitExceeded.Account", lambda: call("create_resource_account", display_name="one more"), 409)
members = [str(int(ACCOUNT) + number) for number in range(1, 21)]
paged(lambda page: accounts(page, 6), members, "PageSize accounts are a page, TotalCount says of how many")
paged(lambda page: accounts(page, 6, "list_accounts_for_parent", parent_folder_id=ROOT), members,
      "PageSize accounts are a page, TotalCount says of how many")
equal(accounts(1, 20, "list_accounts_for_parent", query_keyword="sdk")[0], [made.account_id], "a keyword is looked for in the names")
equal(len(call("list_accounts").accounts.account), 10, "a page has ten accounts unless it says otherwise")
for operation in ("list_accounts", "list_accounts_for_parent", "list_delegated_administrators", "list_trusted_service_status"):
    refused("InvalidParameter.PageSize", lambda: call(operation, page_size=101), 400)
    refused("InvalidParameter.PageNumber", lambda: call(operation, page_number=0), 400)

# Delegated administrators: members only, five of a service.
for operation in ("register_delegated_administrator", "deregister_delegated_administrator"):
    refused("MissingParameter.AccountId", lambda: call(operation, service_principal=SERVICE), 400)
    refused("MissingParameter.ServicePrincipal", lambda: call(operation, account_id=members[0]), 400)
    refused("InvalidParameter.AccountId", lambda: call(operation, account_id="me", service_principal=SERVICE), 400)
    refused("InvalidParameter.ServicePrincipal", lambda: call(operation, account_id=members[0], service_principal="none"), 409)
    refused("EntityNotExists.Account", lambda: call(operation, account_id=UNKNOWN, service_principal=SERVICE), 404)
refused("CannotRegisterMasterAsDelegatedAdministrator", lambda: call(
    "register_delegated_administrator", account_id=ACCOUNT, service_principal=SERVICE), 409)
for member in members[:5]:
    call("register_delegated_administrator", account_id=member, service_principal=SERVICE)
refused("AccountAlreadyRegistered", lambda: call(
    "register_delegated_administrator", account_id=members[0], service_principal=SERVICE), 409)
refused("DelegatedAccountNumberExceeded", lambda: call(
    "register_delegated_administrator", account_id=members[5], service_principal=SERVICE), 409)
call("register_delegated_administrator", account_id=members[5], service_principal="config.aliyuncs.com")
paged(lambda page: accounts(page, 2, "list_delegated_administrators"), members[:6], "PageSize administrators are a page")
equal(accounts(1, 10, "list_delegated_administrators", service_principal=SERVICE)[0], members[:5], "lists those of one service")
refused("InvalidParameter.ServicePrincipal", lambda: call("list_delegated_administrators", service_principal="none"), 409)
refused("MissingParameter.AccountId", lambda: call("list_delegated_services_for_account"), 400)
refused("InvalidParameter.AccountId", lambda: call("list_delegated_services_for_account", account_id="me"), 400)
refused("EntityNotExists.Account", lambda: call("list_delegated_services_for_account", account_id=UNKNOWN), 404)
services = call("list_delegated_services_for_account", account_id=members[0]).delegated_services.delegated_service
equal([(service.service_principal, service.status) for service in services], [(SERVICE, "ENABLED")],
      "lists the services that the account manages")


def trusted(page):
    answer = call("list_trusted_service_status", page_number=page, page_size=1)
    items = [service.service_principal for service in answer.enabled_service_principals.enabled_service_principal]
    return items, (page or 1) + 1 if (page or 1) < answer.total_count else None


paged(trusted, [SERVICE, "config.aliyuncs.com"], "a service is trusted once it has an administrator", assumed=True)
for service in ("cloudfw.aliyuncs.com", "sas.aliyuncs.com"):
    call("register_delegated_administrator", account_id=members[6], service_principal=service)
services = call("list_delegated_services_for_account", account_id=members[6]).delegated_services.delegated_service
equal([service.service_principal for service in services], ["cloudfw.aliyuncs.com", "sas.aliyuncs.com"],
      "an account may manage several services")
call("deregister_delegated_administrator", account_id=members[0], service_principal=SERVICE)
refused("AccountNotRegistered", lambda: call(
    "deregister_delegated_administrator", account_id=members[0], service_principal=SERVICE), 409)
admin("PUT", "switches", {"quotas": "off"})
equal(call("create_resource_account", display_name="one more").account.status, "CreateSuccess", "without quotas there are more members",
      assumed=True)
