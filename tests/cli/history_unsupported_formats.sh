#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SHA-256 and reftable repositories are refused clearly.
. "$(dirname "$0")/common.inc"

git init -q --object-format=sha256 sha256
run 2 history sha256
says '(SHA-?|sha-?)256'
new_repo reftable
git -C reftable config core.repositoryformatversion 1
git -C reftable config extensions.refStorage reftable
run 2 history reftable
says '[Rr]eftable'
