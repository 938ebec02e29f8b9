#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Packs that no git writes: the sound object is found, the others are told as broken, in bounded time and memory.
. "$(dirname "$0")/common.inc"

# hostile KIND COMPLETE: complete is True if all of the pack can be read.
hostile() {
  rm -rf repo
  git init -q repo
  blob=$(token "$1" | python3 "$root/fixtures/hostile_pack.py" "$1" repo/.git/objects)
  for jobs in 1 4; do
    python3 - "$program" "$out/report.json" "$jobs" <<'PYTHON' || die "$1 with $jobs workers"
import resource, subprocess, sys
program, report, jobs = sys.argv[1:]
status = subprocess.run([program, "history", "repo", "-j", jobs, "--json", report], timeout=60, stderr=subprocess.DEVNULL).returncode
memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
if status != 1 or memory > 700:
    sys.exit(f"exit status {status}, {memory} MB")
PYTHON
    check "$out/report.json" '[p["blob"] for f in F for p in f["places"]] == ["'"$blob"'"] and r["complete"] == '"$2"
  done
}
hostile chain True
check "$out/report.json" 'r["ledger"]["scanned"]["blobs"] == 100002'
hostile cycle False
check "$out/report.json" 'r["ledger"]["skipped"][0]["count"] == 5'
hostile orphan False
hostile outside False
check "$out/report.json" 'r["ledger"]["skipped"][0]["count"] == 4 and r["ledger"]["scanned"]["blobs"] == 2'
hostile size False
hostile huge False
check "$out/report.json" 'loss == ["limit reached"]'
hostile bomb True
hostile flipped False
hostile twice False
hostile deep True  # what is copied is right; that the ids are not theirs is seen if asked for
run 1 history repo --verify-objects --json "$out/report.json"
check "$out/report.json" 'r["ledger"]["skipped"][0]["count"] == 50'
