#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A found password that is the name of a program masks no folder of that name: the path would lead nowhere.
. "$(dirname "$0")/common.inc"

mkdir -p charts/argocd/templates
printf 'apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData:\n  password: argocd\n' > charts/argocd/templates/secret.yaml
run 1 scan . --only CFG-K8S-004 --json "$out/report.json" --text "$out/report.txt"
check "$out/report.json" '[f["path"] for f in F] == ["charts/argocd/templates/secret.yaml"]'
grep -q 'charts/argocd/templates/secret.yaml' "$out/report.txt" || die "the path is masked"

# A name that holds what chance made is no program's.
secret=$(token folder)
mkdir -p "charts/$secret"
printf 'apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData:\n  password: %s\n' "$secret" > "charts/$secret/secret.yaml"
run 1 scan . --only CFG-K8S-004 --json "$out/masked.json"
check "$out/masked.json" 'all("'"$secret"'" not in f["path"] for f in F) and len(F) == 2'
