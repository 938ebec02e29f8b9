#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SIGINT: exit status 130, and a report that says it is not complete.
. "$(dirname "$0")/common.inc"

mkdir many
for i in $(seq 24); do head -c 20000000 /dev/zero | tr '\0' 'a' > "many/$i"; done
echo "$(token leak)" > many/0
# A job in the background ignores SIGINT unless it is given back.
python3 - "$program" "$out" <<'PYTHON'
import json, signal, subprocess, sys, time
program, out = sys.argv[1:]
for delay in (0.05, 0.1, 0.2, 0.02, 0.4, 0.8):
    scan = subprocess.Popen([program, "scan", "many", "-j", "1", "--json", out + "/report.json", "--sarif-full", out + "/full.sarif"],
                            stderr=subprocess.PIPE)
    time.sleep(delay)
    scan.send_signal(signal.SIGINT)
    said = scan.communicate(timeout=60)[1].decode()
    if scan.returncode == 130:
        break
assert scan.returncode == 130, f"exit status {scan.returncode}"
assert "interrupted" in said.lower(), said
report = json.load(open(out + "/report.json"))
assert not report["complete"]
assert any(row["reason"] == "interrupted" and row["loss"] for row in report["ledger"]["skipped"])
# What was not looked at may be what a rule is about.
assert not any(result["kind"] == "notApplicable" for result in json.load(open(out + "/full.sarif"))["runs"][0]["results"])
PYTHON
