#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The user's own excludes file hides nothing.
. "$(dirname "$0")/common.inc"

new_repo
echo "$(token leak)" > leak
echo leak > "$work/home/excludes"
export GIT_CONFIG_GLOBAL=$work/home/.gitconfig
git config --global core.excludesFile "$work/home/excludes"
mkdir -p "$work/home/.config/git"
echo leak > "$work/home/.config/git/ignore"
run 1 scan
