#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# PATHs that are no files or folders with content: said, not passed over.
. "$(dirname "$0")/common.inc"

mkfifo pipe
run 2 scan pipe
says 'neither a file nor a folder'
run 2 scan /dev/null
run 2 scan no-such
new_repo full
cd full
echo "$(token held)" > file
commit
git clone -q --bare . ../bare.git
cd ..
run 1 scan bare.git  # loose objects are read as what they are: compressed files
says 'sealwarden history'
run 1 history bare.git
mkdir closed
chmod 0 closed
drop_root
run 3 scan closed
