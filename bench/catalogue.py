#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What becomes of each known format of a credential: rules/catalogue.csv against the shipped rules.

  bench/catalogue.py [--facts DIR]

rule     a rule of its own, whose id is the format's
shared   the rule that is named finds it
public   an identifier or a public half: nothing to report
unsafe   cannot be told from other text; the reason says why

Without --facts only the table and the rules are held against each other. --facts names the folder of token-formats.csv,
the list of all known formats: then each of them must have a status, and the sums are also given by whether the form alone
tells the format or a keyword is needed. Exit status 1 if anything is wrong.
"""
import argparse
import collections
import csv
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATUSES = ("rule", "shared", "public", "unsafe")


def rule_ids():
    found = set()
    for pack in sorted((ROOT / "rules" / "packs").glob("*.toml")):
        found.update(re.findall(r'^id = "([^"]+)"$', pack.read_text(encoding="utf-8"), re.M))
    return found


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fault_of(row, rules):
    """What is wrong with one row of the table, or None."""
    name, status, rule, reason = row["format"], row["status"], row["rule"], row["reason"]
    if status not in STATUSES:
        return f"status '{status}' is none of {', '.join(STATUSES)}"
    if status == "rule" and rule != name:
        return f"a rule of its own is called like the format, not '{rule}'"
    if status in ("rule", "shared") and rule not in rules:
        return f"there is no rule '{rule}'"
    if status == "shared" and rule == name:
        return "this rule is its own: status rule"
    if status in ("public", "unsafe") and rule:
        return f"no rule is reported for it, but '{rule}' is named"
    if status in ("public", "unsafe") and not reason:
        return "the reason is missing"
    if status == "unsafe" and name in rules:
        return "it has a rule: status rule"
    return None


def faults_of(table, rules):
    for number, row in enumerate(table, 2):
        if fault := fault_of(row, rules):
            yield f"rules/catalogue.csv:{number}: {row['format']}: {fault}"
    for name, count in collections.Counter(row["format"] for row in table).items():
        if count > 1:
            yield f"rules/catalogue.csv: {name}: stands {count} times"


def print_sums(title, statuses):
    counts = collections.Counter(statuses)
    told = sum(counts[status] for status in ("rule", "shared"))
    parts = ", ".join(f"{counts[status]} {status}" for status in STATUSES)
    print(f"{title}: {len(statuses)} formats, {told} found ({100 * told / max(1, len(statuses)):.1f} %): {parts}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--facts", type=Path, help="folder of token-formats.csv")
    facts = parser.parse_args().facts
    table = read(ROOT / "rules" / "catalogue.csv")
    faults = list(faults_of(table, rule_ids()))
    print_sums("all", [row["status"] for row in table])
    if facts is not None:
        status = {row["format"]: row["status"] for row in table}
        known = read(facts / "token-formats.csv")
        faults += [f"{row['id']}: has no status" for row in known if row["id"] not in status]
        faults += [f"{name}: is not among the known formats" for name in sorted(set(status) - {row["id"] for row in known})]
        for title, by_form in (("told by form", True), ("needs a keyword", False)):
            print_sums(title, [status[row["id"]] for row in known
                               if row["id"] in status and (row["needs_context_keyword"] == "no") == by_form])
    for fault in faults:
        print(fault)
    return 1 if faults or not table else 0


if __name__ == "__main__":
    sys.exit(main())
