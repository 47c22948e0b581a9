# SPDX-License-Identifier: Apache-2.0
"""Kills cleatd in mid-write, again and again, and checks every acknowledged write.

usage: crash.py ROUNDS. Several clients create and update objects as fast as they
can and note what was acknowledged; kill -9 comes at a random moment; after the
restart each acknowledged write must be there, or a later one of the same object
that was under way. Revisions must go up across restarts.
"""
import http.client
import json
import random
import sys
import threading
import time

from harness import Server

WRITERS = 6


class Writer(threading.Thread):
    """Owns objects <name>-<i>; keeps for each the last acknowledged and the last tried value."""

    def __init__(self, server, index, state):
        super().__init__(daemon=True)
        self.server, self.index, self.state = server, index, state
        self.acked = 0
        self.stopped = False

    def run(self):
        c = http.client.HTTPConnection("127.0.0.1", self.server.insecure, timeout=5)
        rng = random.Random()
        try:
            while not self.stopped:
                name = f"w{self.index}-{rng.randrange(40)}"
                entry = self.state.setdefault(name, {"acked": -1, "tried": -1, "rv": 0})
                value = entry["tried"] + 1
                entry["tried"] = value
                body = json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name},
                                   "data": {"n": str(value), "pad": "x" * rng.randrange(3000)}})
                path = "/api/v1/namespaces/default/configmaps"
                method = "PUT" if entry["acked"] >= 0 else "POST"
                c.request(method, path + ("/" + name if method == "PUT" else ""), body, {"Content-Type": "application/json"})
                r = c.getresponse()
                answer = json.loads(r.read())
                if r.status == 409 and method == "POST":  # the one that was under way when it was killed
                    entry["acked"] = max(entry["acked"], 0)
                    continue
                if r.status not in (200, 201):
                    raise AssertionError(f"{method} {name}: {r.status} {answer}")
                rv = int(answer["metadata"]["resourceVersion"])
                if rv <= entry["rv"]:
                    raise AssertionError(f"{name}: revision went back from {entry['rv']} to {rv}")
                entry["acked"], entry["rv"] = value, rv
                self.acked += 1
        except (OSError, http.client.HTTPException, json.JSONDecodeError):
            pass
        finally:
            c.close()


def verify(server, state):
    items = {o["metadata"]["name"]: o for o in server.raw("GET", "/api/v1/namespaces/default/configmaps")[1]["items"]}
    for name, e in state.items():
        if e["acked"] < 0:
            continue
        assert name in items, f"{name}: acknowledged write {e['acked']} is lost"
        n = int(items[name]["data"]["n"])
        assert e["acked"] <= n <= e["tried"], f"{name}: has {n}, acknowledged {e['acked']}, tried {e['tried']}"
        rv = int(items[name]["metadata"]["resourceVersion"])
        assert rv >= e["rv"], f"{name}: revision {rv} below the acknowledged {e['rv']}"
        e["acked"] = n
    return max(int(o["metadata"]["resourceVersion"]) for o in items.values()) if items else 0


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    state, total, newest = {}, 0, 0
    server = Server()
    failed = True
    try:
        for i in range(rounds):
            server.start()
            seen = verify(server, state)
            assert seen >= newest, f"the newest revision went back from {newest} to {seen}"
            newest = seen
            writers = [Writer(server, w, state) for w in range(WRITERS)]
            for w in writers:
                w.start()
            time.sleep(random.uniform(0.05, 0.35))
            server.kill()
            for w in writers:
                w.stopped = True
                w.join(10)
            total += sum(w.acked for w in writers)
            if (i + 1) % 10 == 0:
                print(f"  {i + 1}/{rounds} kills, {total} acknowledged writes, none lost", flush=True)
        server.start()
        verify(server, state)
        assert total > rounds, "hardly anything was written: this proves nothing"
        failed = False
    finally:
        if failed:
            print(server.log())
        server.close()
    print(f"{rounds} kills in mid-write, {total} acknowledged writes, all there")


if __name__ == "__main__":
    main()
