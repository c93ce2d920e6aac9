"""What every script knows: whom it speaks for, how to check an answer, and how to expect an error.

Requests go to the real host names over plain HTTP, through the mock cloud as a proxy: the environment sets http_proxy.
A check that passes is printed as a line of JSON, with the call that was made last before it: it becomes a behaviour of that
call in the guide.
"""

import json
import os
import urllib.request

ACCOUNT = os.environ["ACCOUNT_ID"]
KEY = os.environ["ACCESS_KEY"]
SECRET = os.environ["SECRET_KEY"]
REGION = os.environ["REGION"]
ADMIN = os.environ["MOCK_ADMIN_URL"]

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_last = {"seq": 0}


def admin(method, path, body=None):
    """Asks the mock's admin interface, for what no call of the cloud can bring about: the clock, switches, faults."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{ADMIN}/v1/{path}", data=data, method=method, headers={"Content-Type": "application/json"})
    with _direct.open(request, timeout=10) as answer:
        return json.loads(answer.read() or b"null")


def _show(what, assumed, paged):
    global _last
    _last = (admin("GET", f"requests?since={_last['seq']}")["requests"] or [_last])[-1]
    print(json.dumps({"service": _last["service"], "call": _last["action"], "what": what, "assumed": assumed, "paged": paged}))


def equal(found, expected, what, assumed=False, paged=False):
    """Fails with both sides when they differ. `what` says it as a behaviour of the last call; `assumed` when no
    documentation says so."""
    if found != expected:
        raise AssertionError(f"{what}: found {found!r}, expected {expected!r}")
    _show(what, assumed, paged)


def paged(fetch, wanted, what="its pages hold each item once", assumed=False):
    """Walks through all pages: `fetch(None)` gives the first, as `(items, next)`, and `fetch(next)` the one after it; the
    last has no next. There have to be several."""
    items, following = fetch(None)
    found, pages = list(items), 1
    while following and pages < 50:
        items, following = fetch(following)
        found, pages = found + list(items), pages + 1
    if pages == 1:
        raise AssertionError(f"{what}: a single page, {found!r}")
    equal(found, wanted, what, assumed, paged=True)


def refused(code, call, status=None):
    """Runs a call that must be refused with an error code, as the SDK itself reads it."""
    try:
        call()
    except Exception as error:  # every SDK has its own class
        found = None
        for name in ("code", "errorCode", "error_code"):
            found = found or getattr(error, name, None)
        inner = getattr(error, "unwrap", None)
        if callable(inner):
            found = getattr(inner(), "code", found)
            error = inner()
        if callable(getattr(error, "get_error_code", None)):
            found = error.get_error_code()
        names = ("statusCode", "status_code", "status", "resp_status", "http_status")
        seen = next((int(getattr(error, name)) for name in names if getattr(error, name, None)), None)
        if found != code or (status is not None and seen != status):
            raise AssertionError(f"found {found} ({seen}), expected {code} ({status})") from error
        return
    raise AssertionError(f"should have been refused with {code}")
