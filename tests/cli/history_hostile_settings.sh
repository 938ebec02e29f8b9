#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Configuration, attributes, textconv, replace refs and grafts change nothing that is found.
. "$(dirname "$0")/common.inc"

bash "$root/fixtures/repos/everywhere.sh" "$work/here" > /dev/null
run 1 history repo --json "$out/before.json"
printf '#!/bin/sh\ntouch "%s/ran"\n' "$work" > evil
chmod +x evil
printf '* diff=evil filter=evil -text\n' > attributes
export GIT_CONFIG_GLOBAL=$work/home/.gitconfig GIT_EXTERNAL_DIFF=$PWD/evil GIT_PAGER=$PWD/evil
for file in "$work/home/.gitconfig" repo/.git/config; do
  git config -f "$file" diff.evil.textconv "$PWD/evil"
  git config -f "$file" diff.external "$PWD/evil"
  git config -f "$file" filter.evil.smudge "$PWD/evil"
  git config -f "$file" core.fsmonitor "$PWD/evil"
  git config -f "$file" core.attributesFile "$PWD/attributes"
done
cp attributes repo/.git/info/attributes
nothing=$(echo nothing | git -C repo hash-object -w --stdin)
current=$(git -C repo rev-parse HEAD:config/current)
git -C repo replace "$current" "$nothing"
git -C repo rev-parse HEAD > repo/.git/info/grafts
run 1 history repo --json "$out/after.json"
[ ! -e "$work/ran" ] || die "something of the repository was run"
python3 - "$out" <<'PYTHON'
import json, sys
def findings(name):  # but for those of .git/config, whose lines have moved
    report = json.load(open(f"{sys.argv[1]}/{name}.json"))
    return [f for f in report["findings"] if f["places"][0]["carrier"] != "git config"]
before, after = findings("before"), findings("after")
assert len(before) > 30
assert before == after, "findings differ"
PYTHON
