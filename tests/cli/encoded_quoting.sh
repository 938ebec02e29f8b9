#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A password in JSON within JSON, and one whose characters are escaped, is told as it decodes.
. "$(dirname "$0")/common.inc"

weak=Kiwi7$(date +%s%N | sha256sum | cut -c 1-8)
printf '{"body": "{\\"user\\": \\"me\\", \\"password\\": \\"%s\\"}"}\n' "$weak" > nested.json
printf '{"password": "%s\\u0021"}\n' "$weak" > escaped.json
printf 'password: "%s\\x21"\n' "$weak" > escaped.yml
printf 'GET /login?user=me&password=%s%%21 HTTP/1.1\n' "$weak" > request.txt
run 1 scan . --json "$out/report.json" --show-secrets
python3 - "$out/report.json" "$weak" <<'PYTHON'
import json, sys
found = {}
for f in json.load(open(sys.argv[1]))["findings"]:
    found.setdefault(f["path"], []).append((f["rule"], f["secret"]))
weak, rule, policy = sys.argv[2], "generic-password", "CFG-GEN-001"
expected = {"nested.json": [(rule, weak)], "escaped.json": [(policy, weak + "!")], "escaped.yml": [(policy, weak + "!")],
            "request.txt": [(rule, weak + "!")]}
assert found == expected, (found, expected)
PYTHON
