#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a version of a file has is found in history, however little it differs from the version before.
. "$(dirname "$0")/common.inc"

# two_versions PATH FIRST SECOND [SOPS]: a repository of two versions of a file, which a third commit deletes. history_has RULE: it is found.
case=0
two_versions() {
  case=$((case + 1)) path=$1
  mkdir -p "$work/$case"
  cd "$work/$case"
  command git init -q -b main .
  mkdir -p "$(dirname "$path")"
  printf "$2" > "$path"
  commit first
  printf "$3" > "$path"
  [ -z "${4-}" ] || printf "$4" > .sops.yaml
  commit second
  command git rm -q "$path"
  commit third
}
history_has() {
  run 1 history . --json "$out/$case.json"
  check "$out/$case.json" "any('$1' in [f['rule'], *f['also']] for f in F)"
}

# Only the new version has what a rule about commands looks for; only its tree has a .sops.yaml; only it has a word of the rule.
two_versions group_vars/all.yml 'alpha: one\nbackup_cmd: /bin/true\nzeta: two\n' \
  'alpha: one\nbackup_cmd: curl -u admin:c0rrect9horse8x http://host/\nzeta: two\n'
history_has CFG-ANS-001
two_versions conf/app.yaml 'db_password: c0rrect-h0rse-9battery\nbeta: three\n' 'db_password: c0rrect-h0rse-9battery\nbeta: four\n' \
  'creation_rules:\n  - path_regex: conf/app\\.yaml$\n    age: age1x\n'
history_has CFG-ENC-001
two_versions conf/app.yaml 'segredo: c0rrect-h0rse-9battery\n' 'segredo: c0rrect-h0rse-9battery\n# key\n'
history_has CFG-GEN-001

# Other ends of lines; comments of templates; a list that was empty.
two_versions conf/app.yaml 'alpha: 1\n# nothing\n' 'alpha: 1\n# key\rdb_password: c0rrect-h0rse-9battery\n'
history_has CFG-GEN-001
two_versions conf/app.yaml 'alpha: 1\ngamma: 1\n' 'alpha: 1\ngamma: 1\rdb_password:\r  c0rrect-h0rse-9battery\n'
history_has CFG-GEN-001
two_versions conf/app.yml.j2 'alpha: one\n{#\nnote: x\ndb_password: c0rrect-h0rse-9battery\n#}\nbeta: two\n' \
  'alpha: one\n{#\nnote: x\n#}\ndb_password: c0rrect-h0rse-9battery\n#}\nbeta: two\n'
history_has CFG-GEN-001
two_versions .github/workflows/a.yml 'on: push\nenv:\n  DB_PASSWORD: c0rrect-h0rse-9battery\njobs:\nname: x\n' \
  'on: push\nenv:\n  DB_PASSWORD: c0rrect-h0rse-9battery\njobs:\n  hello: world\nname: x\n'
history_has CFG-GHA-001
