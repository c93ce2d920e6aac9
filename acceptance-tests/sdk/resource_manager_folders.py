"""ResourceManager with the official SDK: folders of the directory, and the accounts in them."""

from alibabacloud_resourcemanager20200331 import client, models

import tea
from common import ACCOUNT, admin, equal, paged, refused

call = tea.caller(tea.client(client, "resourcemanager.aliyuncs.com"), models)
ROOT, MEMBER, NONE = call("get_resource_directory").resource_directory.root_folder_id, str(int(ACCOUNT) + 1), "fd-none"
equal(ROOT.startswith("r-"), True, "names the root folder")

folder = call("create_folder", folder_name="sdk-folder").folder
equal((folder.folder_name, folder.parent_folder_id), ("sdk-folder", ROOT), "without a parent it is in the root folder")
OUTER = folder.folder_id
inner = call("create_folder", folder_name="内部_1.0", parent_folder_id=OUTER).folder.folder_id
path = call("get_folder", folder_id=inner).folder.resource_directory_path
equal(path.split("/")[1:], [ROOT, OUTER, inner], "the path leads from the root folder to the folder")
equal([f.folder_id for f in call("list_ancestors", child_id=inner).folders.folder], [ROOT, OUTER],
      "lists what is above, the root folder first")

# What is missing, malformed, or not there.
for operation, field, code, more in (
        ("create_folder", "folder_name", "Folder.Name", {}), ("get_folder", "folder_id", "FolderId", {}),
        ("update_folder", "folder_id", "FolderId", {"new_folder_name": "other"}),
        ("update_folder", "new_folder_name", "Folder.Name", {"folder_id": OUTER}), ("delete_folder", "folder_id", "FolderId", {}),
        ("list_ancestors", "child_id", "ChildId", {}), ("move_account", "account_id", "AccountId", {"destination_folder_id": OUTER}),
        ("move_account", "destination_folder_id", "DestinationFolderId", {"account_id": MEMBER})):
    refused(f"MissingParameter.{code}", lambda: call(operation, **more), 400)
    refused(f"InvalidParameter.{code}", lambda: call(operation, **{field: "not / valid"}, **more), 400)
for operation, field in (("create_folder", "folder_name"), ("update_folder", "new_folder_name")):
    more = {} if operation == "create_folder" else {"folder_id": OUTER}
    refused("InvalidParameter.Folder.Name.Length", lambda: call(operation, **{field: "n" * 129}, **more), 400)
other = call("create_folder", folder_name="n" * 33).folder.folder_id
equal(call("get_folder", folder_id=other).folder.folder_name, "n" * 33, "names are longer than the page says", assumed=True)
call("update_folder", folder_id=other, new_folder_name="sdk-other")
for operation, more in (("create_folder", {"folder_name": "sdk-folder"}),
                        ("update_folder", {"new_folder_name": "sdk-folder", "folder_id": other})):
    refused("InvalidParameter.Folder.Name.AlreadyUsed", lambda: call(operation, **more), 400)
for operation in ("create_folder", "list_folders_for_parent", "list_accounts_for_parent", "create_resource_account"):
    more = {"create_folder": {"folder_name": "a"}, "create_resource_account": {"display_name": "sdk account"}}.get(operation, {})
    refused("InvalidParameter.ParentFolderId", lambda: call(operation, parent_folder_id="not / valid", **more), 400)
    refused("EntityNotExists.Folder", lambda: call(operation, parent_folder_id=NONE, **more), 404)
for operation, fields in (("get_folder", {"folder_id": NONE}), ("update_folder", {"folder_id": NONE, "new_folder_name": "a"}),
                          ("delete_folder", {"folder_id": NONE}), ("list_ancestors", {"child_id": NONE}),
                          ("move_account", {"account_id": MEMBER, "destination_folder_id": NONE})):
    refused("EntityNotExists.Folder", lambda: call(operation, **fields), 404)

call("update_folder", folder_id=other, new_folder_name="sdk-renamed")
equal(call("get_folder", folder_id=other).folder.folder_name, "sdk-renamed", "shows the new name")

# Accounts move; what is not empty stays.
refused("DeleteConflict.Folder.SubFolder", lambda: call("delete_folder", folder_id=OUTER), 409)
refused("EntityNotExists.Account", lambda: call("move_account", account_id="1999999999999999", destination_folder_id=inner), 404)
refused("AccountTypeOrStatusMismatch", lambda: call("move_account", account_id=ACCOUNT, destination_folder_id=inner), 409)
call("move_account", account_id=MEMBER, destination_folder_id=inner)
equal([a.account_id for a in call("list_accounts_for_parent", parent_folder_id=inner).accounts.account], [MEMBER],
      "an account is in the folder that it was moved to")
refused("DeleteConflict.Folder.Account", lambda: call("delete_folder", folder_id=inner), 409)
call("move_account", account_id=MEMBER, destination_folder_id=ROOT)
call("delete_folder", folder_id=inner)
refused("EntityNotExists.Folder", lambda: call("get_folder", folder_id=inner), 404)

# Five levels, a hundred folders, and pages of them.
deep, parent = [], OUTER
for level in range(2, 6):
    parent = call("create_folder", folder_name=f"level-{level}", parent_folder_id=parent).folder.folder_id
    deep.append(parent)
refused("LimitExceeded.Folder.Depth", lambda: call("create_folder", folder_name="level-6", parent_folder_id=parent), 409)
for number in range(100 - len(deep) - 2):
    call("create_folder", folder_name=f"many-{number:02}", parent_folder_id=deep[0])
refused("QuotaExceeded.Folder.Count", lambda: call("create_folder", folder_name="one-more"), 409)


def folders(page, size=40, **more):
    answer = call("list_folders_for_parent", parent_folder_id=deep[0], page_number=page, page_size=size, **more)
    items = [folder.folder_name for folder in answer.folders.folder]
    return items, (page or 1) + 1 if (page or 1) * size < answer.total_count else None


paged(folders, ["level-3"] + [f"many-{number:02}" for number in range(94)], "PageSize folders are a page, TotalCount says of how many")
equal(folders(1, query_keyword="many-1")[0], [f"many-1{number}" for number in range(10)], "a keyword is looked for in the names")
for size, number, code in ((101, 1, "PageSize"), (0, 1, "PageSize"), (10, 0, "PageNumber")):
    refused(f"InvalidParameter.{code}", lambda: folders(number, size), 400)
admin("PUT", "switches", {"quotas": "off"})
equal(call("create_folder", folder_name="one-more").folder.folder_name, "one-more", "without quotas there are more folders", assumed=True)
