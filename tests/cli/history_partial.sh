#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A partial clone: what a promisor keeps is a loss, and nothing is fetched.
. "$(dirname "$0")/common.inc"

new_repo full
cd full
git config uploadpack.allowFilter true
echo "$(token old)" > old
commit
git rm -q old
echo "$(token kept)" > kept
commit
cd ..
git clone -q --filter=blob:none "file://$PWD/full" partial
mv full away
run 1 history partial --json "$out/report.json"
check "$out/report.json" '[f["path"] for f in F] == ["kept"] and loss == ["missing object (partial clone)"]'
[ "$(git -C partial rev-list --objects --all --missing=print | grep -c '^?')" = 1 ]
