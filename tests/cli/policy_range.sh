#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A change is asked for what it makes worse, by deleting a line too; what was there before it does not count.
. "$(dirname "$0")/common.inc"

new_repo
pod() { printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: api}\nspec:\n  containers:\n  - name: c\n%s' "$1" > pod.yaml; }
rules=(--only CFG-K8S-020 --only CFG-K8S-023)
limits='    resources:
      requests: {cpu: 100m, memory: 64Mi}
      limits: {memory: 128Mi}
'
privileged='    securityContext: {privileged: true}
'
pod "$limits$privileged"
commit
run 1 scan . "${rules[@]}" --json "$out/all.json"
check "$out/all.json" '[f["rule"] for f in F] == ["CFG-K8S-023"]'

# What was there is not the change's, wherever it moves to.
pod "$privileged$limits"
echo '# moved' >> pod.yaml
commit
run 0 range HEAD~1..HEAD "${rules[@]}"

# A violation that is made by taking a line out.
pod "$privileged"
commit
run 1 range HEAD~1..HEAD "${rules[@]}" --json "$out/deleted.json"
check "$out/deleted.json" '[f["rule"] for f in F] == ["CFG-K8S-020"] and len(F[0]["introduced"]) == 1'

# What the range mends itself is nothing.
pod "$limits$privileged"
commit
run 0 range HEAD~2..HEAD "${rules[@]}"
# A literal secret that came and went stays one.
pod "$limits    env: [{name: DB_PASSWORD, value: c0rrect-h0rse-9battery}]
"
commit
pod "$limits"
commit
run 1 range HEAD~2..HEAD --only CFG-K8S-001 --json "$out/gone.json"
check "$out/gone.json" 'len(F) == 1 and not F[0]["at_head"] and len(F[0]["removed"]) == 1'

# `staged` judges the index, whatever the work tree holds.
pod "$limits$privileged"
git add pod.yaml
pod "$limits"
run 1 staged . "${rules[@]}" --json "$out/staged.json"
check "$out/staged.json" '[f["rule"] for f in F] == ["CFG-K8S-023"]'
git add pod.yaml
pod "$limits$privileged"
run 0 staged . "${rules[@]}"
# A line that is taken out in the index.
pod ''
git add pod.yaml
pod "$limits"
run 1 staged . "${rules[@]}" --json "$out/staged2.json"
check "$out/staged2.json" '[f["rule"] for f in F] == ["CFG-K8S-020"]'
