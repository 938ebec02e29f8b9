#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Pipes where files belong do not keep the scan waiting; what the user names may be one.
. "$(dirname "$0")/common.inc"

in_time() { timeout 20 "$program" "$@" > "$out/last" 2>&1 || status=$?; [ "${status:-0}" != 124 ] || die "waits for ever: $*"; status=0; }
new_repo
echo "$(token held)" > f
commit
cd .git
for file in config packed-refs shallow index objects/info/alternates refs/heads/pipe logs/HEAD info/exclude objects/ab/cdef; do
  mkdir -p "$(dirname "$file")"
  [ ! -e "$file" ] || mv "$file" "$work/private/kept"
  mkfifo "$file"
  in_time history ..
  in_time scan ..
  in_time staged ..
  rm "$file"
  [ ! -e "$work/private/kept" ] || mv "$work/private/kept" "$file"
done
cd ..
for file in .gitignore .sealwarden.toml .sealwardenignore .sealwarden-baseline.json; do
  mkfifo "$file"
  in_time scan .
  rm "$file"
done
printf '[override."SEC-*"]\ndisabled = true\n' > rules
run 0 history --rules <(cat rules)
