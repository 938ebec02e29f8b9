#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SIGINT while standard input is waited for: what came is scanned, and the report says that it is not complete.
. "$(dirname "$0")/common.inc"

token piped > input
python3 - "$program" "$out" <<'PYTHON'
import json, signal, subprocess, sys, time
program, out = sys.argv[1:]
scan = subprocess.Popen([program, "stdin", "--json", out + "/report.json"], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
scan.stdin.write(open("input", "rb").read())
scan.stdin.flush()
time.sleep(2)
scan.send_signal(signal.SIGINT)
assert scan.wait(timeout=60) == 130, f"exit status {scan.returncode}"
report = json.load(open(out + "/report.json"))
assert not report["complete"]
assert len(report["findings"]) == 1
assert any(row["reason"] == "interrupted" and row["loss"] for row in report["ledger"]["skipped"])
PYTHON
