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
