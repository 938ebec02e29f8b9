#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# On random histories: introducing and removing commits, reach and at_head as a naive reading of every commit says.
. "$(dirname "$0")/common.inc"

first=$(token first) second=$(token second)
for seed in $(seq 1 12); do
  mkdir "$seed"
  (cd "$seed" && python3 "$here/history_lives.py" "$program" "$seed" "$first" "$second") || die "seed $seed"
done
