#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A finding keeps its name while its document says the same, however it is written.
. "$(dirname "$0")/common.inc"

rules=(--only CFG-K8S-023 --only CFG-K8S-001)
# prints_of FILE: the fingerprints of what is found in it, by rule.
prints_of() {
  run 1 scan "$1" "${rules[@]}" --json "$out/one.json"
  python3 -c 'import json, sys; print(*sorted(f["rule"] + " " + f["fingerprint"] for f in json.load(open(sys.argv[1]))["findings"]), sep="\n")' "$out/one.json"
}
cat > pod.yaml <<'YAML'
apiVersion: v1
kind: Pod
metadata:
  name: api
spec:
  containers:
  - name: first
    image: a:1
  - name: c
    securityContext:
      privileged: true
    env:
    - name: MODE
      value: quiet
    - name: DB_PASSWORD
      value: "c0rrect-h0rse-9battery"
YAML
first=$(prints_of pod.yaml)
[ "$(echo "$first" | wc -l)" = 2 ] || die "not two findings"
same() { [ "$(prints_of pod.yaml)" = "$first" ] || die "another fingerprint: $1"; }

# Other order of keys and items.
cat > pod.yaml <<'YAML'
kind: Pod
apiVersion: v1
spec:
  containers:
  - env:
    - value: "c0rrect-h0rse-9battery"
      name: DB_PASSWORD
    - {name: MODE, value: quiet}
    securityContext:
      privileged: true
    name: c
  - name: first
    image: a:1
metadata:
  name: api
YAML
same "order"
# Other indentation, quotes and comments; flow style.
cat > pod.yaml <<'YAML'
# A comment.
"apiVersion": 'v1'
kind:    Pod

metadata: {"name": "api"}
spec:
    containers:
        -   name: first
            image: "a:1"
        -   name: c   # another
            securityContext: {privileged: true}
            env: [{name: MODE, value: quiet}, {name: "DB_PASSWORD", value: c0rrect-h0rse-9battery}]
YAML
same "how it is written"
# Further down, behind another document.
{ printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n---\n'; cat pod.yaml; } > moved
mv moved pod.yaml
same "moved within the file"

# Another value is another finding, and another object is one too.
sed 's/9battery/8battery/' pod.yaml > changed.yaml
other=$(prints_of changed.yaml)
mkdir overlay
sed 's/c0rrect-h0rse-9battery/c0rrect-h0rse-8battery/' pod.yaml > overlay/pod.yaml
(cd overlay && cp pod.yaml ../pod.yaml)
run 1 scan pod.yaml "${rules[@]}" --json "$out/value.json"
second=$(prints_of pod.yaml)
[ "$(comm -12 <(echo "$first") <(echo "$second") | wc -l)" = 1 ] || die "the changed value alone should have another name"
sed -i 's/8battery/9battery/; s/"name": "api"/"name": "web"/' pod.yaml
[ -z "$(comm -12 <(echo "$first") <(prints_of pod.yaml))" ] || die "another object has the same name"
rm -r overlay changed.yaml pod.yaml

# Two overlays are two findings.
mkdir -p overlays/dev overlays/prod
for overlay in dev prod; do
  cat > overlays/$overlay/pod.yaml <<'YAML'
{apiVersion: v1, kind: Pod, metadata: {name: api}, spec: {containers: [{name: c, securityContext: {privileged: true}}]}}
YAML
done
run 1 scan . "${rules[@]}" --json "$out/overlays.json"
check "$out/overlays.json" 'len({f["fingerprint"] for f in F}) == 2'

# A baseline follows a rename.
rm -r overlays/dev
new_repo
commit
run 0 baseline create "${rules[@]}"
commit
mkdir base
git mv overlays/prod/pod.yaml base/workload.yaml
commit
run 0 history . "${rules[@]}" --json "$out/renamed.json"
check "$out/renamed.json" 'F and all(f["suppressed"]["kind"] == "baseline" for f in F)'
