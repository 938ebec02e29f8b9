#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The text of every tracked file: no live-looking secret, no path or address of one machine, licence line, line length."""
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WIDEST = 160  # clang-format breaks code at 110; this stops what it cannot
# Spelled so that this file does not match itself.
SECRETS = {
    "a GitHub token": r"\bgh[pousr]_[A-Za-z0-9]{36}\b", "an AWS key": r"\b(AKIA|ASIA)[A-Z2-7]{16}\b",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}", "an npm token": r"\bnpm_[A-Za-z0-9]{36}\b",
    "a GitLab token": r"\bglpat-[A-Za-z0-9_-]{20}\b", "a Slack token": r"\bxox[abpors]-(\d{10,}-)+[A-Za-z0-9]{24}\b",
    "a Stripe key": r"\b[sr]k_live_[A-Za-z0-9]{24}", "a JSON web token": r"\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}",
}
MACHINE = {
    "a path of one machine": r"(?<![\w.])/(work|root|home/\w\w+|Users/\w+)/[\w.]",
    "an address inside one network": r"https?://(\d+\.\d+\.\d+\.\d+|localhost|[\w.-]+\.(internal|local|lan))\b",
}
SOURCE = {".h", ".cpp", ".py", ".sh", ".inc", ".cmake"}


def tracked_files():
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            capture_output=True, check=False)
    if listed.returncode != 0:  # a source archive
        return [f for f in sorted(ROOT.rglob("*")) if f.is_file() and "build" not in f.relative_to(ROOT).parts]
    return [ROOT / name for name in sorted(listed.stdout.decode().split("\0")) if name]


def offences_of(file):
    path = file.relative_to(ROOT).as_posix()
    text = file.read_bytes().decode("utf-8", errors="replace")
    for what, shape in {**SECRETS, **MACHINE}.items():
        for found in re.finditer(shape, text):
            if "EXAMPLE" not in found[0]:
                yield f"{path}:{text.count(chr(10), 0, found.start()) + 1}: looks like {what}"
    if file.suffix not in SOURCE:
        return
    if file.suffix != ".cmake" and not any("SPDX-License-Identifier: Apache-2.0" in line for line in text.split("\n")[:3]):
        yield f"{path}: no SPDX line"
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > WIDEST or line != line.rstrip() or "\t" in line and file.suffix in (".h", ".cpp", ".py"):
            yield f"{path}:{number}: {len(line)} columns (at most {WIDEST}), blank end or tab"


def main():
    files = [f for f in tracked_files() if f.is_file() and not f.is_symlink()]
    offences = [offence for file in files for offence in offences_of(file)]
    print("\n".join(offences) if offences else f"{len(files)} files hold nothing that should not be there")
    return 1 if offences or not files else 0


if __name__ == "__main__":
    sys.exit(main())
