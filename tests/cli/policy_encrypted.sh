#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a repository says must be encrypted: a path of .sops.yaml in plain, one plain leaf, a MAC that two commits share, a
# git-crypt blob in the clear. In the history old versions count too; in a work tree a filtered file is in the clear rightly.
. "$(dirname "$0")/common.inc"

enc() { printf 'ENC[AES256_GCM,data:%s,iv:aXY=,tag:dGFn,type:str]' "$1"; }
# sealed FILE HOST MAC [LINE]: as sops leaves it.
sealed() {
  printf 'host_unencrypted: %s\ndb:\n  user: %s\n%s' "$2" "$(enc dXNlcg==)" "${4:-}" > "$1"
  printf 'sops:\n  lastmodified: "2026-01-02T03:04:05Z"\n  mac: %s\n  unencrypted_suffix: _unencrypted\n  version: 3.9.0\n' "$(enc "$3")" >> "$1"
}

git init -q repo
cd repo
git config user.name t
git config user.email t@example.org
mkdir secrets vault
printf 'creation_rules:\n  - path_regex: secrets/.*\\.yaml$\n    age: age1x\n' > .sops.yaml
first=$(token first) second=$(token second) third=$(token third)
printf 'db:\n  password: "%s"\n' "$first" > secrets/plain.yaml
printf 'db:\n  password: "%s"\n' "$second" > secrets/late.yaml
sealed secrets/leaf.yaml a bTE= "  password: \"$third\"
"
sealed secrets/stale.yaml db1 bTE=
printf 'vault/** filter=git-crypt diff=git-crypt\n' > .gitattributes
printf 'in the clear\n' > vault/key.txt
printf '\0GITCRYPT\0\001\002\003' > vault/good.txt
git -c filter.git-crypt.clean=cat -c filter.git-crypt.smudge=cat add -A
git commit -qm one
sealed secrets/stale.yaml db2 bTE=
sealed secrets/late.yaml a bTI=
git add secrets
git commit -qm two

only=(--only CFG-ENC-001 --only CFG-ENC-002 --only CFG-ENC-003 --only CFG-ENC-007 --only CFG-ENC-009)
run 1 history . "${only[@]}" --json "$out/r.json"
check "$out/r.json" '{(f["rule"], f["path"]) for f in F} >= {("CFG-ENC-001", "secrets/plain.yaml"), ("CFG-ENC-002", "secrets/leaf.yaml"),
  ("CFG-ENC-003", "secrets/stale.yaml"), ("CFG-ENC-007", "vault/key.txt")}'
# The old version of what is encrypted now: found, as plain before encryption or as one that was to be encrypted.
check "$out/r.json" 'any(f["path"] == "secrets/late.yaml" for f in F)'
check "$out/r.json" 'not any(f["path"] in ("vault/good.txt", ".gitattributes", ".sops.yaml") for f in F)'
check "$out/r.json" '[f["severity"] for f in F if f["rule"] == "CFG-ENC-007"] == ["critical"]'

run 1 scan . "${only[@]}" --json "$out/r.json"
check "$out/r.json" 'sorted((f["rule"], f["path"]) for f in S) == [("CFG-ENC-001", "secrets/plain.yaml"), ("CFG-ENC-002", "secrets/leaf.yaml"),
  ("CFG-ENC-007", "vault/key.txt")]'

# What git keeps counts, not what lies in the work tree of an unlocked clone.
printf 'unlocked\n' > vault/good.txt
run 1 scan . --only CFG-ENC-007 --json "$out/r.json"
check "$out/r.json" '[f["path"] for f in F] == ["vault/key.txt"]'

# All in order.
git rm -q --cached vault/key.txt
rm vault/key.txt secrets/plain.yaml
sealed secrets/leaf.yaml a bTM=
run 0 scan . "${only[@]}" --json "$out/r.json"
check "$out/r.json" 'F == []'
