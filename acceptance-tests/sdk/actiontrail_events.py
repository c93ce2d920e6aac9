"""ActionTrail with the official SDK: the event history and insights, looked up and turned page by page."""

import datetime

from alibabacloud_actiontrail20200706 import client, models

import tea
from common import REGION, equal, refused

call = tea.caller(tea.client(client, f"actiontrail.{REGION}.aliyuncs.com"), models)
NOW = datetime.datetime.now(datetime.timezone.utc)


def at(days):
    return (NOW + datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


for operation in ("describe_regions", "list_data_event_services", "describe_trails", "get_insight_types"):
    call(operation)
made = {"lookup_attribute": [models.LookupEventsRequestLookupAttribute(key="EventRW", value="Read")],
        "start_time": at(-1), "end_time": at(1), "direction": "FORWARD"}


def names(events):
    return [event["eventName"] for event in events]


whole = names(call("lookup_events", **made).events)
equal(whole[:2], ["DescribeRegions", "ListDataEventServices"], "events of calls, the oldest first with FORWARD")


def page(token):
    found = call("lookup_events", max_results="2", next_token=token, **made)
    return names(found.events), found.next_token


# Every look is an event itself, and comes at the end.
first = [page(None)]
while first[-1][1] and len(first) < 3:
    first.append(page(first[-1][1]))
equal([name for items, _ in first for name in items][:4], whole[:4], "NextToken leads to the next page", paged=True)


def by(*attributes):
    return names(call("lookup_events", lookup_attribute=[
        models.LookupEventsRequestLookupAttribute(key=key, value=value) for key, value in attributes]).events)


NAMED, OURS, OTHERS = ("EventName", "DescribeRegions"), ("ServiceName", "Actiontrail"), ("ServiceName", "Ecs")
equal(by(NAMED, OURS), ["DescribeRegions"], "two attributes have to fit both")
equal(by(NAMED, OTHERS), [], "no event that fits one attribute of two")
equal(by(NAMED, OURS, OTHERS), ["DescribeRegions"], "a third attribute is ignored")
equal(by(("EventName", "GetInsightTypes"), NAMED), ["DescribeRegions"], "of two attributes with the same key the second counts")
equal(by(("EventName", "describeregions")), [], "values are compared with their case")
for code, fields in (
        ("InvalidParameterCombination", {"start_time": at(-1), "end_time": at(-2)}),
        ("InvalidParameterCombination", {"start_time": at(-1)}),
        ("InvalidParameterStartTime", {"start_time": "yesterday", "end_time": at(0)}),
        ("InvalidParameterEndTime", {"start_time": at(-1), "end_time": "today"}),
        ("InvalidParameterDateOutOfRange", {"start_time": at(-40), "end_time": at(-1)}),
        ("InvalidParameterStartTimeExceedsCurrent", {"start_time": at(1), "end_time": at(2)}),
        ("InvalidParameterStartTimeOutOfDate", {"start_time": at(-100), "end_time": at(-99)}),
        ("InvalidLookupAttributesException",
         {"lookup_attribute": [models.LookupEventsRequestLookupAttribute(key="Colour", value="red")]}),
        ("InvalidNextToken", {"next_token": "not-a-token"}),
        ("InvalidQueryParameter", {"max_results": "51"}),
        ("InvalidQueryParameter", {"direction": "SIDEWAYS"})):
    refused(code, lambda: call("lookup_events", **fields), 400)
refused("InvalidAcceptLanguage", lambda: call("describe_regions", accept_language="fr-FR"), 400)

refused("MissingInsightType", lambda: call("enable_insight"), 400)
refused("MissingInsightType", lambda: call("disable_insight"), 400)
refused("InsightTypeNotValid", lambda: call("enable_insight", insight_type="NoInsight"), 400)
refused("InsightTypeNotValid", lambda: call("disable_insight", insight_type="NoInsight"), 400)
call("enable_insight", insight_type="IpInsight")
equal(call("get_insight_types").insight_types["IpInsight"], True, "an insight that is on", assumed=True)
call("disable_insight", insight_type="IpInsight")
equal(call("get_insight_types").insight_types["IpInsight"], False, "an insight that is off", assumed=True)
refused("InvalidQueryParameter", lambda: call("lookup_insight_events", max_results="51"), 400)
equal(call("lookup_insight_events").events, [], "an account without insights has none")
equal(call("get_insights_events_count", date=at(0)[:10]).data, [], "nothing to count in an account without insights")
for operation in ("lookup_insight_events", "get_insights_events_count"):
    for code, start, end in (("InvalidParameterCombination", at(-1), at(-2)), ("InvalidParameterStartTime", "yesterday", at(0)),
                             ("InvalidParameterEndTime", at(-1), "today"),
                             ("InvalidParameterStartTimeExceedsCurrent", at(1), at(2)),
                             ("InvalidParameterStartTimeOutOfDate", at(-100), at(-99))):
        refused(code, lambda: call(operation, start_time=start, end_time=end), 400)
    refused("InvalidParameterDateOutOfRange", lambda: call(operation, start_time=at(-92.9), end_time=at(1)), 400)
