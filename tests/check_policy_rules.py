#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shipped rules about documents, trees and files have the tests and the texts that they are to have: five that find and five
that do not, one masked (a template made the text), one with a byte order mark and CRLF; and a why, a fix, an example, a CWE
and an OWASP category. --figures prints how many each rule has."""
import re
import sys
import tomllib
from pathlib import Path

PACKS = Path(__file__).resolve().parent.parent / "rules" / "packs"
LEAST = 5
TEXTS = ["why", "example", "cwe", "owasp"]
MASKED = re.compile(r"\{\{|\{%|<%")
EXPRESSION = re.compile(r"\{\{|\$\{|\b(var|local|data)\.")

# What no template makes: rule (or its family) and why.
NO_TEMPLATE = {
    "CFG-FILE-002": "Terraform writes states",
    "CFG-FILE-004": "keys are made by programs",
    "CFG-FILE-005": "binary",
    "CFG-ENC-003": "SOPS writes both versions",
    "CFG-ENC-007": "looks at bytes, whatever they say",
    "CFG-ENC-009": "SOPS or Ansible Vault wrote the newer version",
    "CFG-TF-": "HCL has expressions of its own; a test with one does",
}
NO_BYTE_ORDER_MARK = {"CFG-FILE-005": "binary"}
# Not of the first release: what they find is told, their tests are fewer.
LATER = ["CFG-DOC-001", "CFG-FILE-014", "CFG-FILE-015", "CFG-FILE-016", "CFG-FILE-017"]


def exempt(table, rule):
    return any(rule == key or (key.endswith("-") and rule.startswith(key)) for key in table)


def finds_nothing(test):
    return test["expect"] in (False, 0, [])


def texts_of(test):
    return [test.get("text", ""), test.get("old", ""), test.get("path", ""), *test.get("files", {}).values()]


def faults(rule):
    tests = rule.get("test", [])
    none = sum(map(finds_nothing, tests))
    texts = [text for test in tests for text in texts_of(test)]
    if len(tests) - none < LEAST:
        yield f"{len(tests) - none} tests that find something"
    if none < LEAST:
        yield f"{none} tests that find nothing"
    masked = EXPRESSION if rule["id"].startswith("CFG-TF-") else MASKED
    if not any(map(masked.search, texts)) and (masked is EXPRESSION or not exempt(NO_TEMPLATE, rule["id"])):
        yield "no test with a template"
    if not any(text.startswith("\ufeff") and "\r\n" in text for text in texts) and not exempt(NO_BYTE_ORDER_MARK, rule["id"]):
        yield "no test with a byte order mark and CRLF"
    for key in TEXTS:
        if not rule.get(key):
            yield f"no {key}"
    if not (rule.get("fix") or rule.get("advice")):
        yield "no fix"


def main():
    wrong = 0
    for pack in sorted(PACKS.glob("*.toml")):
        for rule in tomllib.loads(pack.read_text(encoding="utf-8")).get("rule", []):
            if not rule["id"].startswith("CFG-") or rule["id"] in LATER:
                continue
            if "--figures" in sys.argv:
                none = sum(map(finds_nothing, rule.get("test", [])))
                print(f"{rule['id']:14} {len(rule.get('test', [])) - none:3} find, {none:3} do not")
            for fault in faults(rule):
                wrong += 1
                print(f"rules/packs/{pack.name}: {rule['id']}: {fault}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
