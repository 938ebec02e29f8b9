#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Several PATHs: equal names in them stay apart, and none decides by its configuration what counts in the others.
. "$(dirname "$0")/common.inc"

mkdir -p one two
t=$(token same)
echo "$t" > one/x
echo "$t" > two/x
run 1 scan one ./two/ --json "$out/report.json"
check "$out/report.json" '{f["path"] for f in F} == {"one/x", "two/x"} and len({f["fingerprint"] for f in F}) == 2'
run 1 scan one/x two/x --json "$out/report.json"
check "$out/report.json" '{f["path"] for f in F} == {"one/x", "two/x"}'
printf '[[allow]]\nrules = ["SEC-*"]\npaths = ["**"]\nwhy = "all"\n' > one/.sealwarden.toml
run 0 scan one
for paths in "one two" "two one"; do
  run 2 scan $paths
  says 'one/.sealwarden.toml counts for one of these PATHs only'
  run 1 scan $paths --no-repo-config
done
# Within one repository there is one configuration, and paths are the repository's.
rm one/.sealwarden.toml
new_repo here
cd here
mkdir a b
echo "$t" > a/x
echo "$t" > b/x
printf '[[allow]]\nrules = ["SEC-*"]\npaths = ["a/**"]\nwhy = "samples"\n' > .sealwarden.toml
run 1 scan a b --json "$out/report.json"
check "$out/report.json" '[f["path"] for f in S] == ["b/x"]'
