# SPDX-License-Identifier: Apache-2.0
"""Runs the scenarios, some at a time. usage: run.py [-j N] [pattern ...]"""
import concurrent.futures
import io
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
    passed = failed = n_skipped = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for future in concurrent.futures.as_completed([pool.submit(run_one, t) for t in tests]):
            name, problems, skipped, seconds = future.result()
            word = "FAIL" if problems else "SKIP" if skipped else "ok  "
            passed, failed = passed + (word == "ok  "), failed + (word == "FAIL")
            n_skipped += word == "SKIP"
            print(f"  {word} {name} ({seconds:.1f} s){': ' + skipped[0] if word == 'SKIP' else ''}", flush=True)
            for text in problems:
                print("    " + text.replace("\n", "\n    "), flush=True)
    print(f"{passed} passed, {failed} failed" + (f", {n_skipped} skipped" if n_skipped else ""))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
