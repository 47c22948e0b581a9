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
    return test.id(), problems, bool(result.skipped), time.monotonic() - began


def main():
    args = sys.argv[1:]
    jobs = 2
    if args[:1] == ["-j"]:
        jobs, args = int(args[1]), args[2:]
    loader = unittest.defaultTestLoader
    tests = [t for t in flatten(loader.discover(os.path.dirname(os.path.abspath(__file__)), "test_*.py"))
             if not args or any(a in t.id() for a in args)]
    if not tests:
        sys.exit("no scenario matches")
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for future in concurrent.futures.as_completed([pool.submit(run_one, t) for t in tests]):
            name, problems, skipped, seconds = future.result()
            ok = not problems and not skipped
            passed, failed = passed + ok, failed + (not ok)
            print(f"  {'ok  ' if ok else 'FAIL'} {name} ({seconds:.1f} s)", flush=True)
            for text in problems:
                print("    " + text.replace("\n", "\n    "), flush=True)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
