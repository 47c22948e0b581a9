# SPDX-License-Identifier: Apache-2.0
"""What differs from run to run, and between servers that are equally right."""
import re

RULES = [(re.compile(pattern, re.M), to) for pattern, to in (
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<uid>"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "<time>"),
    (r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}", "<time>"),
    (r"(resourceVersion(?:\\?\"|): *\\?\"?)\d+", r"\1<rv>"),
    (r"https://[\w.:\[\]-]+:\d+", "<server>"),
    (r"\b10\.\d+\.\d+\.\d+\b", "<ip>"),
    (r"\b3[0-2]\d{3}\b(?=/|,|$|\s)", "<port>"),
    (r"(?<=[\s(\"])(\d+[dhms]){1,2}(?= ago|\s|\)|\"|$)", "<age>"),
    (r"(?<=current: )\d+", "<rv>"),
    (r"(?<= )<(unknown|invalid)>(?=$)", "<age>"),
)]


def lines(text, env, folder):
    """The lines of an output with the names of this run taken out."""
    text = text.replace(env["NS"], "<ns>").replace(folder, "<folder>")
    for pattern, to in RULES:
        text = pattern.sub(to, text)
    # The width of a table's columns follows from what stood in them.
    out = [re.sub(r" {2,}", "  ", line).rstrip() if "  " in line.lstrip() else line.rstrip()
           for line in text.splitlines()]
    while out and out[-1] == "":
        out.pop()
    return out
