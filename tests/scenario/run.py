# SPDX-License-Identifier: Apache-2.0
"""Runs the scenarios, some at a time. usage: run.py [-j N] [pattern ...]

Many of them wait for what should come within some time, and several share a small machine. So one that fails in
company is tried once more by itself; it has failed when it does so again. What needed that is told, to be mended.
"""
import concurrent.futures
import os
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))


def flatten(suite):
    for t in suite:
        if isinstance(t, unittest.TestSuite):
            yield from flatten(t)
        else:
            yield t


def run_one(test):
    began = time.monotonic()
    result = unittest.TestResult()
    test.run(result)
    problems = [text for _, text in result.failures + result.errors]
    return test.id(), problems, [reason for _, reason in result.skipped], time.monotonic() - began


MOST_AGAIN = 3  # more than that is no accident


def report(name, problems, skipped, seconds):
    word = "FAIL" if problems else "SKIP" if skipped else "ok  "
    print(f"  {word} {name} ({seconds:.1f} s){': ' + skipped[0] if word == 'SKIP' else ''}", flush=True)
    for text in problems:
        print("    " + text.replace("\n", "\n    "), flush=True)
    return word


def main():
    args = sys.argv[1:]
    jobs = 2
    if args[:1] == ["-j"]:
        jobs, args = int(args[1]), args[2:]
    loader = unittest.defaultTestLoader
    # by name: a class that another file imports, to build on it, is found there once more
    found = {t.id(): t for t in flatten(loader.discover(os.path.dirname(os.path.abspath(__file__)), "test_*.py"))}
    tests = [t for t in found.values() if not args or any(a in t.id() for a in args)]
    if not tests:
        sys.exit("no scenario matches")
    words, bad = [], []
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        running = {pool.submit(run_one, t): t for t in tests}
        for future in concurrent.futures.as_completed(running):
            words.append(report(*future.result()))
            if words[-1] == "FAIL":
                bad.append(running[future])
    alone = 0
    if jobs > 1 and len(bad) <= MOST_AGAIN:
        for t in bad:
            print(f"  once more, alone: {t.id()}", flush=True)
            if report(*run_one(type(t)(t._testMethodName))) == "ok  ":
                words[words.index("FAIL")] = "ok  "
                alone += 1
    passed, failed, skipped = (words.count(w) for w in ("ok  ", "FAIL", "SKIP"))
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "") +
          (f" ({alone} passed only alone)" if alone else ""))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
