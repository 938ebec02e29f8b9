#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `policy explain` tells how a line is read, and which conditions hold there.
. "$(dirname "$0")/common.inc"

cat > pod.yaml <<'YAML'
apiVersion: v1
kind: Pod
metadata: {name: api}
spec:
  containers:
  - name: c
    securityContext:
      privileged: true
    env:
    - {name: DB_PASSWORD, value: "c0rrect-h0rse-9battery"}
YAML
run 0 policy explain pod.yaml:8
prints '^pod.yaml:8$'
prints '^format: yaml$'
prints '^document: parsed, kinds: .*k8s'
prints 'node: spec.containers\[name=c\].securityContext.privileged \(boolean\)'
prints '^rule CFG-K8S-023'
prints 'violated$'
prints 'yes: .*truthy'
run 0 policy explain pod.yaml:10:33
prints 'its name promises a secret'
prints 'rule CFG-K8S-001'
grep -q c0rrect "$stdout" && die "the secret is shown"
mkdir templates
sed 's/true/{{ .Values.x }}/' pod.yaml > templates/pod.yaml
run 0 policy explain templates/pod.yaml:8
prints 'cannot be decided'
run 0 policy explain pod.yaml:99
prints 'no node of a document'
printf 'x\n' > some.bin
run 0 policy explain some.bin:1
prints 'no format'
run 2 policy explain pod.yaml
run 2 policy explain pod.yaml:0
run '2|3' policy explain not-there.yaml:1
# The rules' own text.
run 0 rules show CFG-K8S-023
prints 'Privileged container'
