#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Marks in a file accept what stands there: ours, and those of other tools.
. "$(dirname "$0")/common.inc"

# pod MARK [VALUE_LINE]: a Pod whose fault stands in line 9, MARK in line 8.
pod() {
  cat > pod.yaml <<YAML
apiVersion: v1
kind: Pod
metadata: {name: api}
spec:
  containers:
  - name: c
    securityContext:
      ${1:-# nothing}
      privileged: true ${2:-}
YAML
}
rules=(--only CFG-K8S-023)
# accepted STATUS PYTHON: of the one finding.
accepted() {
  run "$1" scan . "${rules[@]}" --as-of 2026-11-21 --json "$out/report.json" --sarif "$out/report.sarif"
  check "$out/report.json" "len(F) == 1 and ($2)"
}
kind='(F[0]["suppressed"] or {}).get("kind")'
why='F[0]["suppressed"]["why"]'

pod
accepted 1 "$kind is None"
pod '# sealwarden:allow CFG-K8S-023 until=2027-01-31 reason="the driver needs it"'
accepted 0 "$kind == 'allow comment' and $why == 'the driver needs it'"
pod '' '# sealwarden:allow k8s-privileged reason="by name, on the line"'
accepted 0 "$kind == 'allow comment'"
pod '# sealwarden:allow reason="all rules of the line"'
accepted 0 "$kind == 'allow comment'"
pod '# sealwarden:allow CFG-K8S-*'
accepted 0 "$kind == 'allow comment'"
pod '# sealwarden:allow CFG-K8S-001 reason="another rule"'
accepted 1 "$kind is None"

# What has ended accepts nothing; the day itself still counts.
pod '# sealwarden:allow CFG-K8S-023 until=2026-11-20 reason="was needed"'
accepted 1 "$kind is None"
pod '# sealwarden:allow CFG-K8S-023 until=2026-11-21 reason="last day"'
accepted 0 "$kind == 'allow comment'"

# What says nothing is told, and accepts nothing.
pod '# sealwarden:allow CFG-NO-999 reason="a rule that is not there"'
accepted 1 "$kind is None"
says 'pod.yaml:8: .*CFG-NO-999'
pod '# sealwarden:allow CFG-K8S-023 until=2027-13-01 reason="no such month"'
accepted 1 "$kind is None"
says 'pod.yaml:8: .*2027-13-01'

# Text is no comment.
pod 'note: "# sealwarden:allow CFG-K8S-023"'
accepted 1 "$kind is None"

# Other tools' marks, by what the rule knows as its equivalents.
pod '# checkov:skip=CKV_K8S_16:the driver needs it'
accepted 0 "$kind == 'allow comment' and F[0]['suppressed']['origin'] == 'checkov:skip' and $why == 'the driver needs it'"
python3 - "$out/report.sarif" <<'PYTHON' || die "SARIF does not tell the origin"
import json, sys
[result] = json.load(open(sys.argv[1]))["runs"][0]["results"]
[suppression] = result["suppressions"]
assert suppression["kind"] == "inSource" and suppression["properties"]["origin"] == "checkov:skip", suppression
PYTHON
pod '# checkov:skip=CKV_K8S_8:another check'
accepted 1 "$kind is None"
# A mark for a stricter check than the rule's own is none for the rule: a high user id, a CPU limit.
cat > api.yaml <<'YAML'
apiVersion: v1
kind: Pod
# checkov:skip=CKV_K8S_40:a low user id is fine
# checkov:skip=CKV_K8S_11:no CPU limit
metadata: {name: api}
spec: {containers: [{name: c, image: "x:1"}]}
YAML
rm pod.yaml
rules=(--only CFG-K8S-027)
accepted 1 "$kind is None"
rules=(--only CFG-K8S-020)
accepted 1 "$kind is None"
rm api.yaml
rules=(--only CFG-K8S-023)
pod '# trivy:ignore:KSV-0017'
accepted 0 "F[0]['suppressed']['origin'] == 'trivy:ignore'"
pod
sed -i 's/{name: api}/\n  name: api\n  annotations:\n    ignore-check.kube-linter.io\/privileged-container: "the driver needs it"/' pod.yaml
accepted 0 "F[0]['suppressed']['origin'] == 'ignore-check.kube-linter.io' and $why == 'the driver needs it'"
rm pod.yaml

printf 'FROM scratch\n# hadolint ignore=DL3007\nFROM debian:latest\nUSER 1000\n' > Dockerfile
rules=(--only CFG-DKR-005)
accepted 0 "F[0]['suppressed']['origin'] == 'hadolint ignore'"
sed -i s/DL3007/DL3008/ Dockerfile
accepted 1 "$kind is None"
rm Dockerfile

mkdir -p .github/workflows
cat > .github/workflows/ci.yml <<'YAML'
on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
    - uses: vendor/action@v1  # zizmor: ignore[unpinned-uses]
YAML
rules=(--only CFG-GHA-005)
accepted 0 "F[0]['suppressed']['origin'] == 'zizmor: ignore'"
sed -i s/unpinned-uses/template-injection/ .github/workflows/ci.yml
accepted 1 "$kind is None"
rm -r .github

# A mark of a tool for secrets accepts secrets alone.
cat > compose.yaml <<'YAML'
services:
  db:
    image: postgres:16.4
    privileged: true  # pragma: allowlist secret
    environment:
      POSTGRES_PASSWORD: c0rrect-h0rse-9battery  # pragma: allowlist secret
YAML
rules=(--only CFG-CMP-001)
accepted 0 "F[0]['suppressed']['origin'] == 'pragma: allowlist secret'"
rules=(--only CFG-CMP-006)
accepted 1 "$kind is None"
