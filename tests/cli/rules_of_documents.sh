#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A user's rule about documents is read, listed by its kind and shown whole; a fault in it has its place.
. "$(dirname "$0")/common.inc"

cat > rules.toml <<'TOML'
[[document_kind]]
name = "demo-app"
formats = ["yaml"]
require = { path = "app", exists = true }

[[rule]]
id = "demo-debug"
kind = "config"
title = "Debugging is on"
severity = "low"
docs = ["demo-app"]
when = { path = "app.debug", truthy = true }
report = { at = "app.debug" }
message = "Debugging is on in {app.name}."
why = "It shows what should not be seen."
fix = "Set it to false."
example = """
app:
  debug: false"""
cwe = ["CWE-489"]
owasp = ["A05:2021"]
  [[rule.test]]
  path = "a.yaml"
  text = "app: {debug: true}"
  expect = true
TOML
run 0 rules list --kind config --rules rules.toml
prints '^demo-debug +config +low +Debugging is on'
grep -q github-pat-classic "$stdout" && die "a secret rule is listed"
run 0 rules show demo-debug --rules rules.toml
prints '^when +app.debug truthy$'
prints '^documents +demo-app$'
prints '^why +It shows'
prints '^    app:$'
prints '^owasp +A05:2021$'
prints '^tests +1$'
run 2 rules list --kind secrets
says 'secrets'
sed -i 's/truthy/truty/' rules.toml
run 2 rules list --rules rules.toml
says "rules.toml:12:30: unknown key 'truty' in a condition; did you mean 'truthy'\?"
sed -i 's/truty/truthy/; s/docs = .*/docs = ["demo-ap"]/' rules.toml
run 2 rules list --rules rules.toml
says "there is no kind of document 'demo-ap'; did you mean 'demo-app'\?"
