#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Own rules about documents, trees and pairs of versions: tested by `rules test`, used by --rules.
. "$(dirname "$0")/common.inc"

cat > rules.toml <<'TOML'
[[document_kind]]
name = "house-app"
formats = ["yaml", "json"]
require = [{ path = "houseApp", exists = true }]
identity = "app/{houseApp.name}"

[[rule]]
id = "CFG-HOUSE-001"
name = "house-debug"
kind = "config"
title = "An app of the house in debug mode"
severity = "medium"
docs = ["house-app"]
prefilter = { all = ["houseApp", "debug"] }
each = "houseApp.debug"
when = [{ truthy = true }]
message = "App {$root.houseApp.name} runs in debug mode."
why = "Debug pages show variables to everybody."
fix = "Set debug to false."

  [[rule.test]]
  name = "on"
  path = "app.yaml"
  text = "houseApp: {name: a, debug: yes}\n"
  expect = [{ line = 1 }]
  expect_node = "houseApp.debug"

  [[rule.test]]
  name = "off"
  path = "app.json"
  text = '{"houseApp": {"name": "a", "debug": false}}'
  expect = false

[[rule]]
id = "CFG-HOUSE-002"
name = "house-owner"
kind = "tree"
title = "An app without an owner"
severity = "low"
if_any = ["**/app.yaml"]
require = { same_folder = ["OWNER"], or_ancestor = true }
message = "There is no OWNER file beside it."
why = "Nobody mends it."
fix = "Add a file OWNER."

  [[rule.test]]
  files = { "a/app.yaml" = "x: 1" }
  expect = true

  [[rule.test]]
  files = { "a/app.yaml" = "x: 1", "OWNER" = "me" }
  expect = false

[[rule]]
id = "CFG-HOUSE-003"
name = "house-sum"
kind = "pair"
title = "Changed without a new version"
severity = "medium"
docs = ["house-app"]
when = [{ path = "houseApp.version", same_as = "@old.houseApp.version" }, { changed_outside = ["comment"] }]
report = { at = "houseApp.version" }
message = "The app changed, its version did not."
why = "Two different apps have one version."
fix = "Raise the version."

  [[rule.test]]
  path = "app.yaml"
  old = "houseApp: {version: 1, x: 1}\n"
  text = "houseApp: {version: 1, x: 2}\n"
  expect = true

  [[rule.test]]
  path = "app.yaml"
  old = "houseApp: {version: 1, x: 1}\n"
  text = "houseApp: {version: 2, x: 2}\n"
  expect = false
TOML
run 0 rules test rules.toml
sed 's/debug: yes/debug: no/' rules.toml > wrong.toml
run 1 rules test wrong.toml
grep -q CFG-HOUSE-001 "$stdout" "$stderr" || die "the failing rule is not named"
run 0 rules list --rules rules.toml --kind pair
prints CFG-HOUSE-003

mkdir repo
cd repo
new_repo
mkdir app
printf 'houseApp: {name: shop, version: 1, debug: true}\n' > app/app.yaml
run 1 scan . --rules ../rules.toml --only 'CFG-HOUSE-*' --json "$out/scan.json"
check "$out/scan.json" 'sorted(f["rule"] for f in F) == ["CFG-HOUSE-001", "CFG-HOUSE-002"]'
check "$out/scan.json" '[f["message"] for f in F if f["rule"] == "CFG-HOUSE-001"] == ["App shop runs in debug mode."]'
check "$out/scan.json" '[f["document"] for f in F if f["rule"] == "CFG-HOUSE-001"] == ["app/shop"]'
# What has no place in a file is at its first byte.
check "$out/scan.json" '[(p["start_byte"], p["end_byte"]) for f in F if f["rule"] == "CFG-HOUSE-002" for p in f["places"]] == [(0, 0)]'
commit
echo me > OWNER
printf 'houseApp: {name: shop, version: 1, debug: false}\n' > app/app.yaml
git add -A
run 1 staged --rules ../rules.toml --only 'CFG-HOUSE-*' --json "$out/staged.json"
check "$out/staged.json" '[f["rule"] for f in F] == ["CFG-HOUSE-003"]'
commit
run 1 range HEAD~1..HEAD --rules ../rules.toml --only 'CFG-HOUSE-*' --json "$out/range.json"
check "$out/range.json" '[f["rule"] for f in F] == ["CFG-HOUSE-003"]'
run 1 history . --rules ../rules.toml --only 'CFG-HOUSE-*' --json "$out/history.json"
check "$out/history.json" '[f["rule"] for f in F] == ["CFG-HOUSE-003"] and len(F[0]["introduced"]) == 1'
# A tree that a change makes worse, and one that was so before.
git rm -q OWNER
run 1 staged --rules ../rules.toml --only 'CFG-HOUSE-*' --json "$out/owner.json"
check "$out/owner.json" '[(f["rule"], f["path"]) for f in F] == [("CFG-HOUSE-002", "app/app.yaml")]'
commit
run 1 range HEAD~1..HEAD --rules ../rules.toml --only 'CFG-HOUSE-*' --json "$out/owner.json"
check "$out/owner.json" '[(f["rule"], f["path"]) for f in F] == [("CFG-HOUSE-002", "app/app.yaml")]'
echo other > other
commit
run 0 range HEAD~1..HEAD --rules ../rules.toml --only 'CFG-HOUSE-*'
echo me > OWNER
# In the repository's own configuration as well.
cp ../rules.toml .sealwarden.toml
printf 'houseApp: {name: shop, version: 2, debug: on}\n' > app/app.yaml
run 1 scan . --only 'CFG-HOUSE-*' --json "$out/own.json"
check "$out/own.json" '[f["rule"] for f in F] == ["CFG-HOUSE-001"]'
