"""What every script knows: whom it speaks for, and how to expect an error.

Requests go to the real host names over plain HTTP, through the mock cloud as a proxy: the environment sets http_proxy.
"""

import os

ACCOUNT = os.environ["ACCOUNT_ID"]
KEY = os.environ["ACCESS_KEY"]
SECRET = os.environ["SECRET_KEY"]
REGION = os.environ["REGION"]


def equal(found, expected, what):
    """Fails with both sides when they differ."""
    if found != expected:
        raise AssertionError(f"{what}: found {found!r}, expected {expected!r}")


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
        equal(found, code, f"error code of {error!r}")
        if status is not None:
            seen = next((getattr(error, n) for n in ("statusCode", "status_code", "status", "resp_status") if getattr(error, n, None)), None)
            equal(int(seen), status, f"status of {error!r}")
        return
    raise AssertionError(f"should have been refused with {code}")
