#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Secrets in paths, refs, messages and configuration reach no output, not even as base64.
. "$(dirname "$0")/common.inc"

new_repo
secret=$(token leak)
mkdir "d-$secret"
echo "$secret" > "d-$secret/f-$secret"
tick
git add .
GIT_AUTHOR_NAME=$secret git commit -q -m "$secret"
git branch "b/$secret"
git remote add origin "https://someone:$secret@example.org/x"
run 1 history --json "$out/report.json" --sarif "$out/report.sarif"
run 1 history --stats
run 1 scan
for coded in "$(printf %s "$secret" | base64 -w0)" "$(printf %s "$secret" | od -An -tx1 | tr -d ' \n')"; do
  not grep -rqF "$coded" "$out"
done
