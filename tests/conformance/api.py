#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One request as it goes over the wire; prints the status and the body, keys sorted.

usage: api [-H 'Name: value']... [-i Name]... METHOD PATH [BODY | @FILE]
-i prints that header of the answer too; -f a.b prints only that part of the body.
"""
import argparse
import base64
import http.client
import json
import os
import ssl
import subprocess
import tempfile


def connect():
    """A connection as the kubeconfig's current context says."""
    view = json.loads(subprocess.run(["kubectl", "config", "view", "--minify", "--raw", "-o", "json"],
                                     stdout=subprocess.PIPE, check=True).stdout)
    cluster, user = view["clusters"][0]["cluster"], view["users"][0]["user"]
    tls = ssl.create_default_context()
    if cluster.get("insecure-skip-tls-verify"):
        tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    elif "certificate-authority-data" in cluster:
        tls.load_verify_locations(cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())
    else:
        tls.load_verify_locations(cluster["certificate-authority"])
    headers = {}
    if "token" in user:
        headers["Authorization"] = "Bearer " + user["token"]
    elif "client-certificate-data" in user:
        with tempfile.NamedTemporaryFile() as f:
            f.write(base64.b64decode(user["client-certificate-data"]) + b"\n" +
                    base64.b64decode(user["client-key-data"]))
            f.flush()
            tls.load_cert_chain(f.name)
    elif "client-certificate" in user:
        tls.load_cert_chain(user["client-certificate"], user["client-key"])
    host = cluster["server"].split("://")[1]
    return http.client.HTTPSConnection(host, context=tls, timeout=30), headers


def main():
    p = argparse.ArgumentParser()
    p.add_argument("-H", action="append", default=[])
    p.add_argument("-i", action="append", default=[])
    p.add_argument("-f")
    p.add_argument("method")
    p.add_argument("path")
    p.add_argument("body", nargs="?")
    args = p.parse_intermixed_args()
    connection, headers = connect()
    body = args.body
    if body and body.startswith("@"):
        with open(body[1:], "rb") as f:
            body = f.read()
    if body is not None:
        headers["Content-Type"] = "application/json"
    for h in args.H:
        name, _, value = h.partition(":")
        headers[name.strip()] = value.strip()
    connection.request(args.method, args.path, body, headers)
    answer = connection.getresponse()
    text = answer.read()
    print(answer.status)
    for name in args.i:
        for value in answer.headers.get_all(name) or []:
            print(f"{name}: {value}")
    try:
        value = json.loads(text)
        for key in (args.f or "").split("."):
            value = value if not key else value[int(key)] if isinstance(value, list) else value.get(key)
        print(value if isinstance(value, str) else json.dumps(value, indent=1, sort_keys=True))
    except ValueError:
        print(text.decode(errors="replace"))


if __name__ == "__main__":
    main()
