"""As much of curl as the guide's examples use, for machines without it: -X, -H, -d with text or @FILE, and an address."""

import argparse
import sys
import urllib.error
import urllib.request

parser = argparse.ArgumentParser()
parser.add_argument("-X", dest="method")
parser.add_argument("-H", dest="headers", action="append", default=[])
parser.add_argument("-d", dest="data")
parser.add_argument("address")
given = parser.parse_args()
data = given.data
if data is not None and data.startswith("@"):
    with open(data[1:], encoding="utf-8") as file:
        data = file.read()
request = urllib.request.Request(given.address, data=data and data.encode(), method=given.method or ("POST" if data else "GET"))
for header in given.headers:
    name, _, value = header.partition(":")
    request.add_header(name, value.strip())
try:
    print(urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20).read().decode(), end="")
except urllib.error.HTTPError as error:
    sys.exit(f"{error}: {error.read().decode()}")
