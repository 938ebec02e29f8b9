#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# rules test runs the examples of the shipped rules, or of a file.
. "$(dirname "$0")/common.inc"

run 0 rules test
# A choice leaves the tests as they are: this rule needs others that want the file.
run 0 rules test --only CFG-DOC-001
grep -q '^10 passed, 0 failed' "$stdout"
cat > rules.toml <<'TOML'
[[rule]]
id = "house-key"
title = "A key of the house"
severity = "high"
regex = '''\bhk_[a-z0-9]{16}\b'''
  [[rule.test]]
  name = "plain"
  text = "x hk_abcdefgh12345678"
  expect = true
TOML
run 0 rules test rules.toml
sed -i 's/expect = true/expect = false/' rules.toml
run 1 rules test rules.toml
grep -q 'house-key' "$stdout" "$stderr"
