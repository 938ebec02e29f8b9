#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# That a value stands in a document makes no word a secret: policy rules are as sure as the value lets them be.
. "$(dirname "$0")/common.inc"

strong=$(token weighed)
mkdir -p src deploy/prod
for folder in src deploy/prod; do printf 'db:\n  password: changeme\n  admin_password: admin\n' > $folder/defaults.yaml; done
printf 'db:\n  password: kettlemoss\n  jwt_secret: kettlemoss\n' > src/words.yaml
pod() { printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n  - name: c\n    env:\n    - {name: DB_PASSWORD, value: %s}\n' "$1"; }
pod kettlemoss > src/word-pod.yaml
pod "$strong" > src/strong-pod.yaml

run 1 scan . --only 'CFG-GEN-00*' --only CFG-K8S-001 --only 'generic-*' --json "$out/default.json"
check "$out/default.json" 'sorted((f["path"], f["rule"], f["confidence"]) for f in F if "pod" not in f["path"]) == [
  ("deploy/prod/defaults.yaml", "CFG-GEN-004", "medium"), ("deploy/prod/defaults.yaml", "CFG-GEN-004", "medium"), ("src/words.yaml", "CFG-GEN-001", "medium")]'
check "$out/default.json" 'sorted((f["path"], f["confidence"]) for f in F if f["rule"] == "CFG-K8S-001") == [
  ("src/strong-pod.yaml", "high"), ("src/word-pod.yaml", "medium")]'
run 1 scan . --min-confidence low --only 'CFG-GEN-00*' --json "$out/low.json"
check "$out/low.json" 'sorted((f["rule"], f["confidence"]) for f in F if f["path"].startswith("src/") and "pod" not in f["path"]) == [
  ("CFG-GEN-001", "low"), ("CFG-GEN-001", "medium"), ("CFG-GEN-004", "low"), ("CFG-GEN-004", "low")]'
check "$out/low.json" 'any("value: word" in f["reasons"] for f in F)'

# Where another rule is surer of the same place, that counts.
cat > rules.toml <<'TOML'
schema = 1
pack = "doubts"
[[rule]]
id = "CFG-DBT-001"
name = "doubts"
kind = "config"
title = "T"
severity = "low"
confidence = "low"
docs = ["yaml"]
each = "db.password"
when = { literal = true }
report = { secret = true }
message = "M"
why = "W"
fix = "F"
TOML
run 0 scan src --rules rules.toml --only CFG-DBT-001
run 1 scan src --rules rules.toml --only CFG-DBT-001 --only generic-password --json "$out/surer.json"
check "$out/surer.json" '[(f["rule"], f["also"], f["confidence"], f["severity"]) for f in F if "words" in f["path"]] == [
  ("CFG-DBT-001", ["generic-password"], "medium", "high")]'
