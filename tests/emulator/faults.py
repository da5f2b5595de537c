"""An addon of mitmproxy that stands between `mesh` and an emulator, and spoils what it is told to.

Rules come as JSON by PUT /mesh-faults: [{"on": "...", "fault": "...", "times": n}]. `on` is a regular expression that is
searched in the call: method, path and query, then the operation where the protocol names one, such as
`POST / CreateRole`. The first rule that is not used up and matches is taken. GET /mesh-faults answers with all calls
since the rules were set, each with its fault or null.
"""

import asyncio
import json
import os
import re
import sys
import threading
from urllib.parse import parse_qs

from mitmproxy import ctx, http

XML = {"content-type": "application/xml"}
HTML = "<!doctype html>\n<html lang=en>\n<title>500 Internal Server Error</title>\n<h1>Internal Server Error</h1>\n"


def call_of(request):
    target = request.headers.get("x-amz-target", "").rpartition(".")[2]
    form = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    action = parse_qs(request.get_text() or "").get("Action", [""])[0] if form else ""
    return f"{request.method} {request.path} {target or action}".strip()


def is_json(request):
    return "json" in request.headers.get("content-type", "")


def refusal(request, status, code, text):
    if is_json(request):
        body = json.dumps({"__type": code, "message": text})
        return http.Response.make(status, body, {"content-type": request.headers["content-type"]})
    if "x-www-form-urlencoded" in request.headers.get("content-type", ""):
        body = f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{text}</Message></Error></ErrorResponse>"
    else:
        body = f"<Error><Code>{code}</Code><Message>{text}</Message></Error>"
    return http.Response.make(status, body, XML)


class Faults:
    def __init__(self):
        self.rules = []
        self.calls = []

    def running(self):
        threading.Thread(target=end_with_the_caller, daemon=True).start()
        port = ctx.master.addons.get("proxyserver").listen_addrs()[0][1]
        print(port, flush=True)
        os.dup2(2, 1)

    def taken(self, call):
        for rule in self.rules:
            if rule["times"] > 0 and re.search(rule["on"], call):
                rule["times"] -= 1
                return rule["fault"]
        return None

    async def request(self, flow):
        request = flow.request
        if request.path == "/mesh-faults":
            if request.method == "PUT":
                self.rules, self.calls = json.loads(request.get_text()), []
            flow.response = http.Response.make(200, json.dumps(self.calls))
            return
        call = call_of(request)
        fault = self.taken(call)
        self.calls.append([call, fault])
        if fault == "slow down":
            flow.response = refusal(request, 503, "SlowDown", "Please reduce your request rate.")
        elif fault == "throttled":
            code = "ThrottlingException" if is_json(request) else "Throttling"
            flow.response = refusal(request, 400, code, "Rate exceeded")
        elif fault == "html":
            flow.response = http.Response.make(500, HTML, {"content-type": "text/html"})
        elif fault == "late":
            await asyncio.sleep(1.5)
        elif fault == "dropped":
            flow.kill()
        elif fault == "reply lost":
            flow.metadata["lost"] = True

    def response(self, flow):
        if flow.metadata.get("lost"):
            flow.kill()


def end_with_the_caller():
    sys.stdin.buffer.read()
    os._exit(0)


addons = [Faults()]
