#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Small files whose lists stand for many more items than they have bytes: what a reader keeps of them is bounded.
. "$(dirname "$0")/common.inc"
grep -aq __asan_init "$program" && skip "a sanitizer keeps memory of its own"

mkdir in
python3 - <<'PYTHON'
import struct
import zlib
from pathlib import Path

streams = b"\x07\x0b\x01\x00\x01\x01\x00\x0c\x00\x00" + b"\x08\x0d\xc3\x40\x0d\x00"  # 200,000 parts
header = b"\x01\x04" + streams + b"\x08\x00" * 200 + b"\x00\x00"  # and again
start = struct.pack("<QQI", 0, len(header), zlib.crc32(header))
Path("in/parts.7z").write_bytes(b"7z\xbc\xaf\x27\x1c\x00\x04" + struct.pack("<I", zlib.crc32(start)) + start + header)
pairs = zlib.compress(b"1 0 " * (15 << 20))
pdf = b"%PDF-1.5\n1 0 obj\n<< /Type /ObjStm /N 1 /Filter /FlateDecode >>\nstream\n" + pairs + b"\nendstream\nendobj\n"
Path("in/pairs.pdf").write_bytes(pdf)
PYTHON
python3 - "$program" > "$out/most" <<'PYTHON'
import resource
import subprocess
import sys

subprocess.run([sys.argv[1], "scan", "in"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
PYTHON
[ "$(cat "$out/most")" -lt 260 ] || die "took $(cat "$out/most") MiB"
