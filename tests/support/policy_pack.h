// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

// A small pack with a rule of each kind, kinds of documents, a word list and classes, for tests of the loader.
inline constexpr std::string_view kPolicyPack = R"toml(
schema = 1
pack = "demo"

[[document_kind]]
name = "demo-app"
formats = ["yaml", "json"]
paths = ["**/*.yaml"]
not_paths = ["vendor/**"]
require = [{ path = "app", type = "map" }]
units = "items[*]"
embedded = [{ path = "data.*", base64 = true, name = "x.yml" }]
identity = "{kind}/{metadata.name}"

[lexicon.demo_key]
one = ["ticket"]
pair = [["door", "code"]]
whole = ["OPEN-SESAME"]
not_last = ["id"]
not_first = ["use"]

[classes]
prod = ["deploy/live/**"]
test = ["t/**"]
docs = "docs/**"

[[rule]]
id = "CFG-DEMO-001"
name = "demo-literal-secret"
kind = "config"
title = "A secret in the settings of the demo"
severity = "high"
scope = "versions"
docs = ["demo-app", "toml"]
not_docs = ["hcl"]
prefilter = { all = ["app"], any = ["key:", '"key"'] }
where = { path = "kind", in = ["App", "Job"], ignore_case = true }
each = "**.(settings|\"more settings\")[?(name =~ '^[A-Z]')][-1]"
when = [
  { path = "valueFrom", absent = true },
  { path = "value", literal = true, length_gt = 3 },
  { any = [
    { all = [{ path = "name", lexicon = "demo_key" }, { path = "value", not_lexicon = "placeholder" }] },
    { path = "value", rules = ["SEC-*"] },
    { path = "value", url = [{ path = "password", exists = true }] },
    { some = "parts[*]", when = { parse = { name = "p.yml", when = { path = "k", same_as = "^.x" } } } },
    { not = [{ docs = ["demo-app"] }, { file = "x/**" }] },
  ] },
]
report = { at = "value", secret = true }
severity_if = [{ when = { path = "value", strength = "weak" }, severity = "medium" },
               { when = { class = ["test", "docs"] }, confidence = "low", result = "review" }]
result = "fail"
on_unknown = "ignore"
line_mode = true
general = true
message = "The setting {name} of {^^.$key} holds a secret."
why = """Whoever reads the file has it.
It stays in the history."""
example = """
settings:
- name: PASS
  valueFrom: vault"""
fix = "Name the secret instead of writing it down."
cwe = ["CWE-798"]
owasp = ["A02:2025"]
cis = ["CIS-DEMO-1.2"]
ssdf = ["PS.1.1"]
equivalents = ["other:D1"]

  [[rule.test]]
  name = "a literal"
  path = "a.yaml"
  make = { length = 12 }
  text = "value: {token}\n"
  files = { "b/env" = "K={token}\n", "c" = "" }
  expect = [{ line = 1 }]
  expect_kind = "review"
  expect_node = "settings[name=PASS].value"
  expect_severity = "medium"
  secret = "{token}"

[[rule]]
id = "CFG-DEMO-002"
name = "demo-lock"
kind = "tree"
title = "No lock file"
severity = "medium"
if_any = ["**/package.json"]
require = { same_folder = ["a.lock"], or_ancestor = true, anywhere = ["locks/**"] }
message = "There is no lock file beside it."
why = "Builds differ."
fix = "Commit the lock file."

  [[rule.test]]
  files = { "a/package.json" = "{}" }
  expect = true

[[rule]]
id = "CFG-DEMO-003"
name = "demo-stale"
kind = "pair"
title = "Changed without its sum"
severity = "low"
docs = ["demo-app"]
when = [{ path = "sum", same_as = "@old.sum" }, { changed_outside = ["sum"] }]
message = "The sum is the old one."
why = "Nobody noticed the change."
fix = "Make the sum anew."

  [[rule.test]]
  path = "a.yaml"
  old = "sum: 1"
  text = "sum: 1\nx: 2"
  expect = true

[[rule]]
id = "CFG-DEMO-004"
name = "demo-join"
kind = "tree"
title = "Two files that should fit"
severity = "low"
resolver = ["env_parity", "one", "two"]
message = "They do not fit."
why = "One of them is wrong."
fix = "Make them fit."
)toml";
