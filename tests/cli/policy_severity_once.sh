#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The path of a file makes a finding less severe once: what a policy rule says of tests is not lowered again, and what it says
# of weak values is lowered like anything else among tests.
. "$(dirname "$0")/common.inc"

cat > rules.toml <<'TOML'
schema = 1
pack = "steps"
[[rule]]
id = "CFG-STP-001"
name = "judges-the-path"
kind = "config"
title = "T"
severity = "critical"
docs = ["yaml"]
each = "door"
when = { exists = true }
severity_if = [{ when = { class = ["test"] }, severity = "high" }]
message = "M"
why = "W"
fix = "F"

[[rule]]
id = "CFG-STP-002"
name = "judges-the-value"
kind = "config"
title = "T"
severity = "critical"
docs = ["yaml"]
each = "window"
when = { exists = true }
severity_if = [{ when = { eq = "ajar" }, severity = "high" }]
message = "M"
why = "W"
fix = "F"
TOML
mkdir -p tests src
for folder in tests src; do printf 'door: open\nwindow: ajar\n' > $folder/house.yaml; done
run 1 scan . --rules rules.toml --only 'CFG-STP-*' --json "$out/report.json"
check "$out/report.json" 'sorted((f["path"], f["rule"], f["severity"]) for f in F) == [
  ("src/house.yaml", "CFG-STP-001", "critical"), ("src/house.yaml", "CFG-STP-002", "high"),
  ("tests/house.yaml", "CFG-STP-001", "high"), ("tests/house.yaml", "CFG-STP-002", "medium")]'

# Of two rules that see a secret each is lowered once, and the higher of both counts: here that of the secret rule.
secret=Kiwi7$(date +%s%N | sha256sum | cut -c 1-8)
cat > tests/secret.yaml <<YAML
apiVersion: v1
kind: Secret
metadata: {name: x}
stringData: {password: $secret}
YAML
run 1 scan . --only CFG-K8S-004 --only generic-password --json "$out/both.json"
check "$out/both.json" '[(f["rule"], f["also"], f["severity"]) for f in F] == [("CFG-K8S-004", ["generic-password"], "medium")]'

