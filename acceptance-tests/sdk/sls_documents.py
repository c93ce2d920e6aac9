"""Dashboards and saved searches of SLS."""

from aliyun.log import LogClient

from common import KEY, REGION, SECRET, equal, paged, refused

PROJECT = "sdk-log-documents"
client = LogClient(f"http://{REGION}.log.aliyuncs.com", KEY, SECRET)
client.create_project(PROJECT, "dashboards and searches")


def chart(title):
    return {"title": title, "type": "table", "action": {},
            "search": {"logstore": "audit", "topic": "", "query": "*", "start": "-86400s", "end": "now"},
            "display": {"xPos": 0, "yPos": 0, "width": 10, "height": 12, "displayName": title}}


def dashboard(name, *titles, **more):
    return {"dashboardName": name, "displayName": name.title(), "description": "", "attribute": {},
            "charts": [chart(title) for title in titles], **more}


def search(name, **more):
    return {"savedsearchName": name, "displayName": name.title(), "searchQuery": "*", "logstore": "audit", "topic": "",
            **more}


def pages(fetch, items):
    """Walks by offset; `items` names the list in an answer's body."""
    def page(offset):
        body = fetch(PROJECT, offset=offset or 0, size=2).get_body()
        after = (offset or 0) + body["count"]
        return body[items], after if after < body["total"] else None
    return page


refused("DashboardNotExist", lambda: client.get_dashboard(PROJECT, "board"), 404)
client.create_dashboard(PROJECT, dashboard("board", "one", "two"))
equal(client.get_dashboard(PROJECT, "board").get_body(), dashboard("board", "one", "two"),
      "a dashboard comes back as it was put", assumed=True)
refused("ParameterInvalid", lambda: client.create_dashboard(PROJECT, dashboard("board")), 400)
for name in ("b", "x" * 129):
    refused("InvalidDashboardName", lambda: client.create_dashboard(PROJECT, dashboard(name)), 400)
refused("PostBodyInvalid", lambda: client.create_dashboard(PROJECT, dashboard("twins", "same", "same")), 400)
client.update_dashboard(PROJECT, dashboard("board", "three", displayName="Changed"))
found = client.get_dashboard(PROJECT, "board").get_body()
equal((found["displayName"], [part["title"] for part in found["charts"]]), ("Changed", ["three"]),
      "an update replaces the dashboard")
refused("PostBodyInvalid", lambda: client.update_dashboard(PROJECT, dashboard("board", "same", "same")), 400)
refused("DashboardNotExist", lambda: client.update_dashboard(PROJECT, dashboard("missing")), 404)
for name in ("alpha", "delta"):
    client.create_dashboard(PROJECT, dashboard(name))
paged(pages(client.list_dashboard, "dashboards"), ["alpha", "board", "delta"])
equal(client.list_dashboard(PROJECT).get_body()["dashboardItems"][1],
      {"dashboardName": "board", "displayName": "Changed", "description": ""}, "shows the titles with the names")
client.delete_dashboard(PROJECT, "board")
refused("DashboardNotExist", lambda: client.delete_dashboard(PROJECT, "board"), 404)

refused("SavedSearchNotExist", lambda: client.get_savedsearch(PROJECT, "root-use"), 404)
client.create_savedsearch(PROJECT, search("root-use"))
equal(client.get_savedsearch(PROJECT, "root-use").get_body(), search("root-use"),
      "a saved search comes back as it was put")
refused("ParameterInvalid", lambda: client.create_savedsearch(PROJECT, search("root-use")), 400)
for wrong in [search("no"), search("x" * 64), search("no-logstore", logstore=""), search("no-title", displayName="")]:
    refused("PostBodyInvalid", lambda: client.create_savedsearch(PROJECT, wrong), 400)
client.update_savedsearch(PROJECT, search("root-use", searchQuery="root-account"))
equal(client.get_savedsearch(PROJECT, "root-use").get_body()["searchQuery"], "root-account",
      "an update replaces the saved search")
refused("PostBodyInvalid", lambda: client.update_savedsearch(PROJECT, search("root-use", logstore="")), 400)
refused("SavedSearchNotExist", lambda: client.update_savedsearch(PROJECT, search("missing")), 404)
for name in ("alpha", "delta"):
    client.create_savedsearch(PROJECT, search(name))
paged(pages(client.list_savedsearch, "savedsearches"), ["alpha", "delta", "root-use"])
equal(client.list_savedsearch(PROJECT).get_body()["savedsearchItems"][0],
      {"savedsearchName": "alpha", "displayName": "Alpha"}, "shows the titles with the names")
client.delete_savedsearch(PROJECT, "root-use")
refused("SavedSearchNotExist", lambda: client.delete_savedsearch(PROJECT, "root-use"), 404)
