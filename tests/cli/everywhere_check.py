#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""everywhere_check.py MANIFEST REPOSITORY REPORT: holds a JSON report made with --show-secrets against the manifest of
fixtures/repos/everywhere.sh, for the places in that repository ("repo" or "repo/sub")."""
import json
import sys


def wrong_with(entry, findings):
    """What differs from the manifest's entry, in words."""
    mine = [f for f in findings if f["secret"] == entry["token"]]
    if len(mine) != 1:
        yield f"{len(mine)} findings instead of one" + "".join(f" ({f['rule']} {f['path']})" for f in mine)
        return
    finding = mine[0]
    if finding["rule"] != "github-pat-classic":
        yield f"rule {finding['rule']}"
    if entry["path"] is not None and finding["path"] != entry["path"]:
        yield f"path {finding['path']}, not {entry['path']}"
    for key in ("introduced", "removed"):
        if entry[key] is not None and sorted(finding[key]) != sorted(entry[key]):
            yield f"{key} {finding[key]}, not {entry[key]}"
    if finding["merge_only"] != entry["merge_only"]:
        yield f"merge_only {finding['merge_only']}"
    places = finding["places"]
    for key, allowed in (("carrier", entry["carriers"]), ("reach", entry["reaches"])):
        found = {place[key] for place in places}
        if allowed is not None and not found & set(allowed):
            yield f"{key} {sorted(found)}, not {allowed}"
    if entry["reaches"] == ["head"] and not finding["at_head"]:
        yield "at_head is false"


def main():
    manifest_file, repository, report_file = sys.argv[1:]
    with open(manifest_file, encoding="utf-8") as lines:
        manifest = [json.loads(line) for line in lines]
    entries = [entry for entry in manifest if entry["repository"] == repository]
    with open(report_file, encoding="utf-8") as file:
        findings = json.load(file)["findings"]
    wrong = [f"{entry['place']}: {what}" for entry in entries for what in wrong_with(entry, findings)]
    known = {entry["token"] for entry in manifest}
    wrong += [f"not planted: {f['rule']} {f['path']}" for f in findings if f["secret"] not in known]
    print("\n".join(wrong) if wrong else f"all {len(entries)} places of {repository} are right")
    return 1 if wrong or not entries else 0


if __name__ == "__main__":
    sys.exit(main())
