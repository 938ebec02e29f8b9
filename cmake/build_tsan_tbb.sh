#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds oneTBB from Debian's source package with its ThreadSanitizer option into build/tsan-tbb, for the preset tsan.
# Why: the packaged library is not instrumented. TSan then reports dozens of races in correct programs, and silencing
# those also hides real ones.
set -eu
root=$(dirname "$(dirname "$(readlink -f "$0")")")
work=$root/build/tsan-tbb
mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
cd "$work"
# The machine's own package sources, asked for source packages; its apt state stays as it is.
rm -rf sources && mkdir sources
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
  [ -e "$file" ] || continue
  sed -e 's/^deb /deb-src /' -e 's/^Types:.*/Types: deb-src/' "$file" > "sources/${file##*/}"
done
# A list file must end in .list to be read; sources.list already does.
set -- -q -o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$work/sources" \
  -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache"
apt-get "$@" update
apt-get "$@" source --download-only onetbb
rm -rf source && mkdir source
tar -xf onetbb_*.orig.tar.* -C source --strip-components=1
cmake -S source -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DTBB_SANITIZE=thread -DBUILD_SHARED_LIBS=OFF \
  -DTBB_TEST=OFF -DTBB_STRICT=OFF -DTBBMALLOC_BUILD=OFF -DCMAKE_INSTALL_LIBDIR=lib "-DCMAKE_INSTALL_PREFIX=$work/install"
cmake --build build
cmake --install build
