#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What .gitignore files take back is scanned; links to files outside say nothing.
. "$(dirname "$0")/common.inc"

new_repo
mkdir -p sub config
echo '*.env' > .gitignore
echo '!prod.env' > sub/.gitignore
token negated > sub/prod.env
run 1 scan
rm -r sub
printf 'config/*\n!prod.yml\n' > .gitignore
token folder > config/prod.yml
run 1 scan
echo 'config/*' > .git/info/exclude
echo '!prod.yml' > .gitignore
run 1 scan
echo 'config/' > .gitignore
run 0 scan
rm .gitignore .git/info/exclude
echo config > ../outside
ln -s ../outside .gitignore
run 1 scan
