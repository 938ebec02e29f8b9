#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every problem in a file, with file, line and column.
. "$(dirname "$0")/common.inc"

echo clean > file
printf '[[rule]]\nid = "x y"\nregex = "("\nseverity = "loud"\nunknown = 1\n' > rules.toml
run 2 scan file --rules rules.toml
says 'rules.toml:4:[0-9]+: .*loud'
says 'rules.toml:5:[0-9]+: .*unknown'
printf 'a = \n' > rules.toml
run 2 scan file --rules rules.toml
says 'rules.toml:1:[0-9]+: '
printf '[[rule]]\nid = "endless"\ntitle = "x"\nregex = "abc[a-z]+"\n' > rules.toml
run 2 scan file --rules rules.toml
says 'rules.toml:.*max_length'
run 2 scan file --rules missing.toml
says 'missing.toml'
run 2 scan file --config missing.toml

# A key of so many parts would end the library that reads them.
python3 -c 'print("a" + ".a" * 300000 + " = 1")' > rules.toml
run 2 scan file --rules rules.toml
says 'rules.toml:1:1: more than 10000 dots'
