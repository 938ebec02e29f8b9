# SPDX-License-Identifier: Apache-2.0
"""make_archive.py ARCHIVE NAME=FILE...: writes an archive of the kind that its name says (.zip, .tgz) with these members; always
the same bytes for the same members."""
import gzip
import io
import sys
import tarfile
import zipfile
from pathlib import Path


def main():
    target, *members = sys.argv[1:]
    pairs = [(name, Path(file).read_bytes()) for name, file in (member.split("=", 1) for member in members)]
    if target.endswith(".zip"):
        with zipfile.ZipFile(target, "w") as archive:
            for name, data in pairs:
                archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
        return
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as archive:
        for name, data in pairs:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    Path(target).write_bytes(gzip.compress(plain.getvalue(), mtime=0))


main()
