#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Reports are the same bytes for any number of threads.
. "$(dirname "$0")/common.inc"

new_repo
python3 - <<'PYTHON'
import os
for i in range(120):
    folder = f"team{i % 7}/app{i}"
    os.makedirs(folder)
    with open(f"{folder}/deploy.yaml", "w") as out:
        for k in range(3):
            out.write(f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: d{k}, namespace: n{i % 5}}}\nspec:\n  template:\n    spec:\n"
                      f"      containers:\n"
                      f"      - name: c\n        image: x:latest\n        securityContext: {{privileged: {'true' if (i + k) % 3 else 'false'}}}\n"
                      f"        env: [{{name: DB_PASSWORD, value: c0rrect-h0rse-{(i * k) % 11}battery}}]\n---\n")
        if i % 10 == 0: out.write("broken: [\n")
    with open(f"{folder}/Dockerfile", "w") as out: out.write(f"FROM debian:latest\nENV API_TOKEN=c0rrect-h0rse-{i % 13}staple\n")
PYTHON
commit
find . -name deploy.yaml | head -40 | xargs sed -i 's/privileged: true/privileged: false/'
commit
for jobs in 1 2 8; do
  run '1|3' scan . -j$jobs --as-of 2026-11-21 --json "$out/scan$jobs.json" --sarif "$out/scan$jobs.sarif"
  run '1|3' history . -j$jobs --as-of 2026-11-21 --json "$out/history$jobs.json" --sarif "$out/history$jobs.sarif"
  run '1|3' range HEAD~1..HEAD . -j$jobs --as-of 2026-11-21 --json "$out/range$jobs.json" --exit-zero
done
for kind in scan history; do
  for jobs in 2 8; do
    cmp "$out/${kind}1.json" "$out/$kind$jobs.json"
    cmp "$out/${kind}1.sarif" "$out/$kind$jobs.sarif"
  done
done
for jobs in 2 8; do cmp "$out/range1.json" "$out/range$jobs.json"; done
check "$out/scan1.json" 'len(F) > 500 and not r["complete"]'
git gc -q
run '1|3' history . -j2 --as-of 2026-11-21 --json "$out/packed.json"
cmp "$out/history1.json" "$out/packed.json"
