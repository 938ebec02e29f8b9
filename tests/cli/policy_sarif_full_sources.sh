#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# --sarif-full in all sources: what counts is the version that is there in the end. Where none is, it is refused.
. "$(dirname "$0")/common.inc"

rules=(--only CFG-K8S-023 --only CFG-ENC-003 --no-repo-config)
pod() { printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\nspec: {containers: [{securityContext: {privileged: %s}}]}\n' "$1" "$2"; }
# tells ARGS...: the results of CFG-K8S-023 as "kind file", sorted.
tells() {
  local expected=$1
  shift
  run "0|1" "$@" "${rules[@]}" --sarif-full "$out/full.sarif"
  python3 - "$out/full.sarif" "$expected" <<'PYTHON' || die "$*"
import json, sys
run = json.load(open(sys.argv[1]))["runs"][0]
uri = lambda r: r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] if r.get("locations") else "-"
commits = {r["locations"][0].get("properties", {}).get("commit") for r in run["results"] if r["kind"] == "pass"}
assert len(commits) < 2 and (commits - {None} <= {run["properties"].get("head")}), commits
told = "; ".join(sorted(r["kind"] + " " + uri(r) for r in run["results"] if r["ruleId"] == "CFG-K8S-023"))
assert told == sys.argv[2], told
PYTHON
}

new_repo
pod a true > a.yaml
pod b false > b.yaml
commit
base=$(git rev-parse HEAD)
pod a false > a.yaml
commit
pod c true > c.yaml
commit
pod c false > c.yaml
pod b true > b.yaml
commit
# Of the history HEAD alone, of a change the files that it leaves behind: an old version is not in order because it once was.
tells 'fail b.yaml; pass a.yaml; pass c.yaml' history .
tells 'fail b.yaml; pass a.yaml; pass c.yaml' range "$base..HEAD"
tells 'pass a.yaml' range "$base..HEAD~2"
tells 'notApplicable -' range HEAD..HEAD
printf '%s %s refs/heads/main\n' "$base" "$(git rev-parse HEAD)" > one_ref
tells 'fail b.yaml; pass a.yaml; pass c.yaml' range --stdin-refs . < one_ref
tells 'notApplicable -' staged .
pod d false > d.yaml
git add d.yaml
tells 'pass d.yaml' staged .
pod d true > d.yaml
tells 'pass d.yaml' staged .
tells 'notApplicable -' stdin --path x.txt < a.yaml
tells 'pass x/y.yaml' stdin --path x/y.yaml < a.yaml
python3 -c 'import json, sys
assert not any("properties" in r["locations"][0] for r in json.load(open(sys.argv[1]))["runs"][0]["results"] if r["kind"] == "pass")' "$out/full.sarif"
# A rule on two versions has to have seen two.
git rm -q -f d.yaml
printf 'a: ENC[AES256_GCM,data:eA==,iv:eA==,tag:eA==,type:str]\nsops:\n  mac: ENC[x]\n  lastmodified: "2024-01-01T00:00:00Z"\n  version: 3.8.1\n' > s.yaml
commit
sed -i 's/eA==,iv/eB==,iv/; s/ENC\[x\]/ENC[y]/; s/2024/2025/' s.yaml
commit
tells 'fail b.yaml; pass a.yaml; pass c.yaml' history .
python3 -c 'import json, sys
assert [(r["kind"], r["locations"][0]["properties"]["commit"]) for r in json.load(open(sys.argv[1]))["runs"][0]["results"]
        if r["ruleId"] == "CFG-ENC-003"] == [("pass", sys.argv[2])]' "$out/full.sarif" "$(git rev-parse HEAD)"

# A name may be a secret that was there before the change, and so no finding of it.
pod "$(token name)" false > e.yaml
commit
echo '# more' >> e.yaml
commit
run 0 range HEAD~1..HEAD --sarif-full "$out/names.sarif"
grep -q 'In order: Pod//ghp_' "$out/names.sarif"

# Refused where there is nothing whole to be told of.
run 2 stdin "${rules[@]}" --sarif-full "$out/x.sarif" < a.yaml
says 'give it with --path'
run 2 stdin --diff --path a.yaml "${rules[@]}" --sarif-full "$out/x.sarif" < /dev/null
says 'leave out --diff'
printf '%s %s refs/heads/%s\n' "$base" "$(git rev-parse HEAD)" main "$base" "$(git rev-parse HEAD~1)" other > refs
run 2 range --stdin-refs . "${rules[@]}" --sarif-full "$out/x.sarif" < refs
says 'one at a time'
[ ! -e "$out/x.sarif" ] || die "a report was written"
