"""The directory by its newer API, ResourceDirectoryMaster, with the official SDK: pages by token, and keywords."""

from alibabacloud_resourcedirectorymaster20220419 import client, models

import tea
from common import ACCOUNT, equal, paged, refused

call = tea.caller(tea.client(client, "resourcedirectory.aliyuncs.com"), models)
equal(call("get_resource_directory").resource_directory.master_account_id, ACCOUNT, "the newer API shows the same directory")
for number in range(4):
    call("create_resource_account", display_name=f"account {number}")


def accounts(token, most=4, **more):
    answer = call("list_accounts", next_token=token, max_results=most, **more)
    return [account.account_id for account in answer.accounts.account], answer.next_token


paged(accounts, [str(int(ACCOUNT) + number) for number in range(1, 7)], "the newer API leads from page to page by NextToken")
found = call("list_accounts", query_keyword="account 3").accounts.account
equal([account.display_name for account in found], ["account 3"], "the newer API looks for a keyword in ids and names")
refused("InvalidParameter.MaxResults", lambda: accounts(None, 101), 400)
refused("InvalidParameter.NextToken", lambda: accounts("no-token"), 400)
refused("InvalidParameter.NextToken.Length", lambda: accounts("x" * 257), 400)
