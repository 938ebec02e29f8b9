#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A misconfiguration counts where HEAD has it; a literal secret in any version.
. "$(dirname "$0")/common.inc"

new_repo
pod() {
  cat > pod.yaml <<YAML
apiVersion: v1
kind: Pod
metadata: {name: api}
spec:
  containers:
  - name: c
    securityContext: {privileged: $1}
    env:
    - {name: DB_PASSWORD, $2}
YAML
}
rules=(--only CFG-K8S-023 --only CFG-K8S-001)
pod true 'value: "c0rrect-h0rse-9battery"'
commit first
first=$(git rev-parse HEAD)
run 1 history . "${rules[@]}" --json "$out/before.json"
check "$out/before.json" 'sorted(f["rule"] for f in F) == ["CFG-K8S-001", "CFG-K8S-023"] and all(f["at_head"] for f in F)'

pod false 'valueFrom: {secretKeyRef: {name: db, key: password}}'
commit mended
mended=$(git rev-parse HEAD)
run 1 history . "${rules[@]}" --json "$out/after.json"
check "$out/after.json" '[f["rule"] for f in F] == ["CFG-K8S-001"] and not F[0]["at_head"]'
check "$out/after.json" "F[0]['introduced'] == ['$first'] and F[0]['removed'] == ['$mended']"
check "$out/after.json" 'F[0]["places"][0]["start_line"] == 9 and F[0]["node"].endswith("env[name=DB_PASSWORD].value")'

# On another branch's tip a misconfiguration is none of HEAD; the secret is there as well.
git checkout -q -b other HEAD~1
pod true 'value: "c0rrect-h0rse-9battery"'
echo '# another' >> pod.yaml
commit other
git checkout -q main
run 1 history . "${rules[@]}" --json "$out/branch.json"
check "$out/branch.json" '[f["rule"] for f in F] == ["CFG-K8S-001"] and F[0]["removed"] == []'

# An old version that nobody can mend makes nothing incomplete.
printf 'apiVersion: v1\nkind: Pod\nspec: {containers: [{name: c, securityContext: {privileged: true}\n' > pod.yaml
commit broken
run '1|3' history . "${rules[@]}" --json "$out/broken.json"
check "$out/broken.json" 'not r["complete"] and loss == ["document that could not be read"]'
pod false 'valueFrom: {secretKeyRef: {name: db, key: password}}'
commit mended again
run 1 history . "${rules[@]}" --json "$out/mended.json"
check "$out/mended.json" 'r["complete"] and [f["rule"] for f in F] == ["CFG-K8S-001"]'
