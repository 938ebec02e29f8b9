#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Inputs on which other scanners are silent or wrong (A1 to A24), each in a folder of its own: everything that rules about
# configurations say of it, by rule, line and kind, and no more. A20 (a required scan whose failure is ignored) and the
# waivers of A24 are the release gate's.
. "$(dirname "$0")/common.inc"

# finds CASE [FILE:LINE:RULE:KIND...]: what `look` (or `scan`) finds in that folder, by all rules. Of findings that a secret
# rule has, the names of rules about configurations count; where nothing is to be said, nobody may say anything.
finds() {
  local folder=$1 status=0
  shift
  (cd "$folder" && "$program" ${look:-scan} . --json "$out/$folder.json" > "$out/$folder.out" 2> "$out/$folder.err") || status=$?
  python3 - "$out/$folder.json" "$status" "$@" <<'PYTHON' || die "$folder"
import json, sys
path, status, *expected = sys.argv[1:]
found = set()
for finding in json.load(open(path, encoding="utf-8"))["findings"]:
    if finding["suppressed"]:
        continue
    line = min(place["start_line"] for place in finding["places"])
    names = [finding["rule"]] + finding["also"]
    for rule in names if not expected else [name for name in names if name.startswith("CFG-")]:
        found.add(f"{finding['path']}:{line}:{rule}:{finding['kind']}")
# What fails decides the exit status; what could not be read makes the scan incomplete.
right = "1" if any(entry.endswith(":fail") for entry in expected) else "3" if any("CFG-DOC" in entry for entry in expected) else "0"
if sorted(found) != sorted(expected) or status != right:
    sys.exit(f"{path}: exit status {status}\n  found:    {sorted(found)}\n  expected: {sorted(expected)}")
PYTHON
}

base=$(printf %s kettle-moss-7-lantern-4-harbour | base64)  # "==" at its end
mkdir A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12

cat > A1/Dockerfile <<DOCKER
FROM golang:1.23.4@sha256:$(printf 0%.0s {1..64}) AS build
ARG TOKEN=$base
RUN go build ./...

FROM scratch
COPY --from=build /src/app /app
USER 1000
DOCKER
finds A1 Dockerfile:2:CFG-DKR-001:fail

cat > A2/Dockerfile <<'DOCKER'
FROM scratch
ENV DATABASE_URL=postgres://app:kettle7moss-lantern4@db/x
USER 1000
DOCKER
finds A2 Dockerfile:2:CFG-DKR-001:fail Dockerfile:2:CFG-GEN-002:fail

cat > A3/Dockerfile <<'DOCKER'
FROM scratch
ENV GOPRIVATE=github.com/example/*
ENV AWS_WEB_IDENTITY_TOKEN_FILE=/var/run/secrets/eks/token
ENV TOKENIZERS_PARALLELISM=false
ENV PUBLIC_KEY=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA
USER 1000
DOCKER
finds A3

cat > A4/Dockerfile <<'DOCKER'
FROM scratch
RUN echo "machine git.example.com login bob password kettle7moss-lantern4" > ~/.netrc
USER 1000
DOCKER
finds A4 Dockerfile:2:CFG-DKR-003:fail

# A workload without other faults, with FIELDS of its one container.
workload() {
  cat <<YAML
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      automountServiceAccountToken: false
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      containers:
      - name: c
        image: registry.example.com/api@sha256:$(printf 0%.0s {1..64})
        resources: {requests: {cpu: 10m, memory: 32Mi}, limits: {memory: 64Mi}}
        securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
        readinessProbe: &probe {httpGet: {path: /health, port: 8080}}
        livenessProbe: *probe
YAML
  sed 's/^/        /'
}
workload > A5/api.yaml <<'YAML'
env:
- {name: DB_PASSWORD, value: kettle7moss-lantern4}
- {name: SECRET_NAME, value: db}
- {name: SECRETS_DIR, value: /run/secrets}
YAML
finds A5 api.yaml:19:CFG-GEN-001:fail api.yaml:19:CFG-K8S-001:fail

workload > A6/api.yaml <<'YAML'
args: [serve, --db-password=kettle7moss-lantern4]
startupProbe: {exec: {command: [sh, -c, "check --db-password=kettle7moss-lantern5"]}}
lifecycle: {preStop: {exec: {command: [stop, --db-password, kettle7moss-lantern6]}}}
YAML
finds A6 api.yaml:{18,19,20}:CFG-K8S-002:fail

auth=$(printf 'bob:kettle7moss-lantern4' | base64)
cat > A7/secret.yaml <<YAML
apiVersion: v1
kind: Secret
metadata: {name: plain}
stringData: {password: kettle7moss-lantern4}
---
apiVersion: v1
kind: Secret
metadata: {name: registry}
type: kubernetes.io/dockerconfigjson
data:
  .dockerconfigjson: $(printf '{"auths": {"registry.example.com": {"auth": "%s"}}}' "$auth" | base64 -w0)
YAML
finds A7 secret.yaml:4:CFG-GEN-001:fail secret.yaml:{4,11}:CFG-K8S-004:fail
check "$out/A7.json" 'any(".dockerconfigjson" in f["node"] for f in F)'

cat > A8/config.yaml <<'YAML'
apiVersion: v1
kind: ConfigMap
metadata: {name: app}
data:
  application.yml: |
    spring:
      datasource:
        url: jdbc:postgresql://db/x?user=app&password=kettle7moss-lantern4
YAML
finds A8 config.yaml:8:CFG-K8S-005:fail config.yaml:8:CFG-GEN-002:fail

cat > A9/config.yaml <<'YAML'
apiVersion: v1
kind: ConfigMap
metadata: {name: app}
data:
  bypass_cache: "kettle7moss-lantern4"
  tokenizer.json: '{"model": "bpe-32000-v2", "merges": 4}'
  server-tokens: "off"
YAML
finds A9

cat > A10/role.yaml <<'YAML'
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: r}
rules:
- {apiGroups: [apps], resources: [deployments], verbs: [get]}
- {apiGroups: [apps], resources: ["*"], verbs: [get]}
YAML
finds A10 role.yaml:6:CFG-K8S-011:fail

cat > A11/crd.yaml <<'YAML'
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: crd}
rules:
- {apiGroups: [widgets.example.com], resources: ["*"], verbs: [get, list]}
YAML
finds A11
cat > A11/core.yaml <<'YAML'
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: watcher}
rules:
- {apiGroups: [""], resources: ["*"], verbs: [watch]}
YAML
rm A11/crd.yaml
finds A11 core.yaml:5:CFG-K8S-{010,011}:fail

{ printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: broken\nspec: [\n---\n'
  workload <<< '' | sed 's/allowPrivilegeEscalation: false/privileged: true/'; } > A12/two.yaml
finds A12 two.yaml:4:CFG-DOC-001:open two.yaml:20:CFG-K8S-023:fail

mkdir -p A13/templates A14 A15/.github/workflows A16/.github/workflows A17/secrets A18/vault A19 A21 A22 A23 A24
printf 'apiVersion: v2\nname: shop\nversion: 1.0.0\n' > A13/Chart.yaml
cat > A13/templates/secret.yaml <<'YAML'
apiVersion: v1
kind: Secret
metadata: {name: {{ .Release.Name }}-db}
stringData:
  password: {{ .Values.db.password | default "hunter2-kettle7moss" | quote }}
YAML
finds A13 templates/secret.yaml:5:CFG-{GEN-001,HELM-002}:fail

cat > A14/main.tf <<TF
resource "aws_instance" "a" {
  ami       = "ami-1"
  user_data = <<-EOT
    #!/bin/sh
    cat > /etc/ssl/key.pem <<'KEY'
    -----BEGIN PRIVATE KEY-----
$(python3 -c 'import hashlib, sys; sys.stdout.buffer.write(hashlib.shake_256(b"key").digest(300))' | base64 -w64 | sed 's/^/    /')
    -----END PRIVATE KEY-----
    KEY
  EOT
}

resource "aws_lambda_function" "b" {
  function_name = "b"
  environment {
    variables = {
      WHERE = "$(token lambda)"
    }
  }
}
TF
finds A14 main.tf:6:CFG-TF-001:fail main.tf:23:CFG-TF-001:fail

workflow() {
  cat > "$1/.github/workflows/ci.yml" <<YAML
on: push
permissions: {}
jobs:
  build:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    env: {$2}
    steps:
    - run: $3
YAML
}
workflow A15 'ACTIONS_ALLOW_UNSECURE_COMMANDS: "false"' make
finds A15
workflow A15 'ACTIONS_ALLOW_UNSECURE_COMMANDS: "true"' make
finds A15 .github/workflows/ci.yml:7:CFG-GHA-007:fail
workflow A16 'MODE: ci' 'echo ${{ secrets.DEPLOY_KEY }} | base64'
finds A16 .github/workflows/ci.yml:9:CFG-GHA-002:fail

enc() { printf 'ENC[AES256_GCM,data:%s,iv:aXY=,tag:dGFn,type:str]' "$1"; }
# sealed HOST MAC [LINE]: as sops leaves a file.
sealed() {
  printf 'host_unencrypted: %s\ndb:\n  user: %s\n%s' "$1" "$(enc dXNlcg==)" "${3:-}"
  printf 'sops:\n  lastmodified: "2026-01-02T03:04:05Z"\n  mac: %s\n  unencrypted_suffix: _unencrypted\n  version: 3.9.0\n' "$(enc "$2")"
}
(
  cd A17
  new_repo
  printf 'creation_rules:\n  - path_regex: secrets/.*\\.yaml$\n    age: age1x\n' > .sops.yaml
  printf 'db:\n  password: kettle7moss-lantern4\n' > secrets/plain.yaml
  sealed a bTE= $'  password: kettle7moss-lantern5\n' > secrets/leaf.yaml
  sealed db1 bTE= > secrets/stale.yaml
  commit
  sealed db2 bTE= > secrets/stale.yaml
  commit
)
look=history finds A17 secrets/plain.yaml:1:CFG-ENC-001:fail secrets/leaf.yaml:4:CFG-ENC-002:fail secrets/stale.yaml:4:CFG-ENC-003:fail \
  secrets/plain.yaml:2:CFG-GEN-001:fail secrets/leaf.yaml:4:CFG-GEN-001:fail

(
  cd A18
  new_repo
  printf 'vault/** filter=git-crypt diff=git-crypt\n' > .gitattributes
  printf 'in the clear\n' > vault/key.txt
  printf '\0GITCRYPT\0\001\002\003' > vault/good.txt
  git config filter.git-crypt.clean cat
  git config filter.git-crypt.smudge cat
  commit
)
finds A18 vault/key.txt:1:CFG-ENC-007:fail

cat > A19/encryption.yaml <<YAML
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
- resources: [secrets]
  providers:
  - aescbc:
      keys:
      - name: key1
        secret: $(printf 'kettle-moss-7-lantern-4-harbour!' | base64)
  - identity: {}
YAML
finds A19 encryption.yaml:9:CFG-{GEN-001,K8S-042}:fail

python3 -c 'open("A21/deep.yaml", "w").write("apiVersion: v1\nkind: Pod\nprivileged: " + "[" * 200000)'
finds A21 deep.yaml:3:CFG-DOC-001:open
check "$out/A21.json" 'not r["complete"]'
mkdir plain
printf 'apiVersion: v1\nkind: Pod\nprivileged: x\n' > plain/deep.yaml
python3 - "$program" <<'PYTHON' || die "200,000 brackets cost more than ten milliseconds"
import resource, subprocess, sys
def seconds(folder):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.argv[1], "scan", folder, "-j1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
plain, deep = (min(seconds(folder) for _ in range(7)) for folder in ("plain", "A21"))
sys.exit(deep - plain > max(0.01, plain))  # under sanitizers all is slower
PYTHON

python3 - <<'PYTHON'
pod = ("apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\nspec:\n  securityContext: {runAsNonRoot: true}\n  containers:\n  - name: c\n"
       "    image: registry.example.com/api@sha256:%s\n    resources: {requests: {cpu: 10m, memory: 32Mi}, limits: {memory: 64Mi}}\n"
       "    securityContext: {privileged: true}\n" % ("%s", "0" * 64))
def write(name, data):
    with open("A22/" + name + ".yaml", "wb") as out: out.write(data)
write("utf16", ("\ufeff" + pod % "api").encode("utf-16-le"))
write("latin1", (pod % "caf\xe9").encode("latin-1"))
write("control", (pod % "api").encode() + b"    command: [\x01\x02]\n")
write("quote", (pod % "api").encode() + b'    command: ["never ends]\n')
PYTHON
finds A22 {utf16,latin1,control,quote}.yaml:10:CFG-K8S-023:fail quote.yaml:11:CFG-DOC-001:open quote.yaml:7:CFG-K8S-027:open

cat > A23/service.yaml <<'YAML'
apiVersion: v1
kind: Service
metadata:
  name: api
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: |
      {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db"}, "stringData": {"password": "kettle7moss-lantern4"}}
spec: {selector: {app: api}, ports: [{port: 443}]}
YAML
finds A23 service.yaml:7:CFG-{GEN-001,K8S-006}:fail

# What is known stays known when its file is moved; another value is another finding.
(
  cd A24
  new_repo
  printf 'apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: kettle7moss-lantern4}\n' > db.yaml
  commit
  run 0 baseline create
  mkdir deploy
  mv db.yaml deploy/secret.yaml
  run 0 scan
  sed -i s/lantern4/lantern5/ deploy/secret.yaml
)
finds A24 deploy/secret.yaml:4:CFG-{GEN-001,K8S-004}:fail
