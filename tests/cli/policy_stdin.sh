#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What another tool renders can be judged from standard input.
. "$(dirname "$0")/common.inc"

cat > rendered <<'YAML'
---
# Source: shop/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: release-shop
  labels: {helm.sh/chart: shop-1.0.0}
spec:
  template:
    spec:
      containers:
        - name: shop
          image: "registry.example.com/shop:1.0.0"
          securityContext:
            privileged: true
---
# Source: shop/templates/secret.yaml
apiVersion: v1
kind: Service
metadata: {name: shop}
YAML
run 1 stdin --path rendered.yaml --only CFG-K8S-023 --json "$out/helm.json" < rendered
check "$out/helm.json" '[(f["rule"], f["path"]) for f in F] == [("CFG-K8S-023", "rendered.yaml")] and "release-shop" in F[0]["document"]'
check "$out/helm.json" 'F[0]["places"][0]["start_line"] == 15'
# Without a path nobody knows what it is.
run 0 stdin --only CFG-K8S-023 < rendered

cat > plan <<'JSON'
{"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {"root_module": {"resources": [
  {"address": "aws_security_group.web", "mode": "managed", "type": "aws_security_group", "name": "web", "values": {
    "name": "web", "ingress": [
      {"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"], "ipv6_cidr_blocks": [], "self": false}]}},
  {"address": "aws_db_instance.db", "mode": "managed", "type": "aws_db_instance", "name": "db", "values": {
    "publicly_accessible": true, "storage_encrypted": false}}]}}}
JSON
run 1 stdin --path tfplan.json --only 'CFG-TF-*' --json "$out/plan.json" < plan
check "$out/plan.json" 'len(F) >= 1 and all(f["rule"].startswith("CFG-TF-") for f in F)'
check "$out/plan.json" 'any("resources[address=aws_security_group.web]" in f["node"] for f in F)'
