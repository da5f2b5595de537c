"""Runs snippets of Python against an emulator: what tests do behind the back of `mesh`.

With a snippet as its argument, it prints what that one came to. Else it reads one JSON text a line and answers one JSON object a line: {"value": ...} with what the snippet's last expression
came to, or {"error": "..."}. A name of a service (`s3`, `emr_serverless`) is its client. Names stay from snippet to
snippet; the snippet null forgets them.
"""

import ast
import json
import os
import sys
import traceback

import boto3
from botocore.config import Config

SERVICES = {name.replace("-", "_"): name for name in boto3.session.Session().get_available_services()}


def client(service):
    config = Config(retries={"max_attempts": 2}, connect_timeout=10, read_timeout=60, s3={"addressing_style": "path"})
    return boto3.client(service, config=config)


def run(snippet, names):
    tree = ast.parse(snippet)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in SERVICES and node.id not in names:
            names[node.id] = client(SERVICES[node.id])
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = ast.Expression(tree.body.pop().value)
    exec(compile(tree, "snippet", "exec"), names)
    return eval(compile(last, "snippet", "eval"), names) if last else None


def as_text(value):
    if isinstance(value, (bytes, bytearray)):
        return value.decode("utf-8", "replace")
    if hasattr(value, "read"):
        return as_text(value.read())
    if isinstance(value, set):
        return sorted(value)
    return str(value)


def main():
    if len(sys.argv) > 1:
        value = run(sys.argv[1], {"boto3": boto3, "json": json})
        if value is not None:
            print(value if isinstance(value, str) else json.dumps(value, default=as_text, sort_keys=True))
        return
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    names = {"boto3": boto3, "json": json}
    for line in sys.stdin:
        snippet = json.loads(line)
        if snippet is None:
            names = {"boto3": boto3, "json": json}
            snippet = ""
        try:
            answer = {"value": run(snippet, names)}
        except Exception:
            answer = {"error": traceback.format_exc(limit=-1).strip()}
        print(json.dumps(answer, default=as_text), file=answers, flush=True)


main()
