#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Secrets in names that are no finding here, and in error messages, are masked too.
. "$(dirname "$0")/common.inc"

new_repo
folder=$(token folder)
mkdir "$folder"
echo ok > "$folder/file"
commit
echo "$(token inside)" > "$folder/other"
git add .
git update-index --add --cacheinfo "160000,$(git rev-parse HEAD),$(token submodule)"
run 1 staged --json "$out/report.json" --sarif "$out/report.sarif"
check "$out/report.json" 'len(F) == 2'
printf '[[rule]]\nid = "%s"\n' "$(token id)" > bad.toml
run 2 rules list --rules bad.toml
says '^sealwarden: bad.toml:2:6: '
# A document that was there before the change, named by its violation.
git commit -qm names
pod() { printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\nspec: {containers: [{securityContext: {privileged: %s}}]}\n' "$(token pod)" "$1" > pod.yaml; }
pod false
commit
pod true
commit
run 1 range HEAD~1..HEAD --json "$out/pod.json" --sarif "$out/pod.sarif" --text "$out/pod.txt"
check "$out/pod.json" 'any(f["rule"] == "CFG-K8S-023" and f["document"].startswith("Pod//ghp_") for f in F)'
