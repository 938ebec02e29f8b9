#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the #include lines against the table of rooms in ARCHITECTURE.md. Prints each offence, exit status 1 if any."""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Longest first, so that a file belongs to the deepest folder that names it.
ROOMS = ["scanner/base", "scanner/decode", "scanner/engine", "scanner/doc", "scanner/policy", "scanner/gate", "scanner/app",
         "rules", "git", "report", "bench", "tests"]
EVERYTHING = set(ROOMS)
MAY_INCLUDE = {
    "scanner/base": set(),
    "rules": {"scanner/base"},
    "scanner/decode": {"scanner/base"},
    "scanner/engine": {"scanner/base", "scanner/decode", "rules"},
    "scanner/doc": {"scanner/base"},
    "scanner/policy": {"scanner/base", "rules", "scanner/engine", "scanner/doc"},
    "git": {"scanner/base"},
    "report": {"scanner/base", "rules"},
    "scanner/gate": {"scanner/base", "rules", "scanner/doc", "report", "git"},
    "scanner/app": EVERYTHING - {"bench", "tests"},
    "bench": EVERYTHING,
    "tests": EVERYTHING,
}
REPORT_SEES_OF_RULES = {"rules/rule.h"}  # the model, not the compiler
LIBRARIES = {
    "oneTBB": r"(oneapi/)?tbb/", "OpenSSL": r"openssl/", "Hyperscan": r"hs(/hs.*)?\.h$|hs_\w+\.h$", "RE2": r"re2/",
    "toml++": r"toml\+\+/", "libgit2": r"git2(/.*)?\.h$|git2/", "libdeflate": r"libdeflate\.h$",
    "simdjson": r"simdjson(/.*)?\.h$", "libarchive": r"archive(_entry)?\.h$", "libyaml": r"yaml\.h$",
    "expat": r"expat\.h$", "CLI11": r"CLI/", "Catch2": r"catch2/", "Benchmark": r"benchmark/",
    "zlib": r"zlib\.h$", "bzip2": r"bzlib\.h$", "liblzma": r"lzma\.h$", "zstd": r"zstd(_errors)?\.h$", "SQLite": r"sqlite3\.h$",
    "Abseil": r"absl/", "expected": r"tl/expected\.hpp$",
}
# In .cpp files only, but for `expected`, which scanner/base/result.h gives to all.
MAY_USE = {
    "scanner/base": {"oneTBB", "OpenSSL", "expected"},
    "rules": {"Hyperscan", "RE2", "simdjson", "toml++"},
    "scanner/decode": {"zlib", "bzip2", "liblzma", "zstd"},
    "scanner/engine": {"Hyperscan", "RE2"},
    "scanner/doc": {"simdjson", "libyaml", "toml++", "expat"},
    "scanner/policy": set(),
    "git": {"libgit2", "libdeflate"},
    "report": {"simdjson"},
    "scanner/gate": {"OpenSSL"},
    "scanner/app": {"CLI11"},
    "bench": set(LIBRARIES),
    "tests": set(LIBRARIES),
}
ONLY_IN = {"oneTBB": {"scanner/base/parallel.cpp"}, "expected": {"scanner/base/result.h"},
           **{name: {"scanner/decode/packed_stream.cpp"} for name in ("zlib", "bzip2", "liblzma", "zstd")}}
FREE_OF_ROOM = {"bench", "tests"}
SYSTEM = re.compile(r"[a-z_0-9]+$|c[a-z]+$|(sys|linux)/\w+\.h$|"
                    r"(dirent|errno|fcntl|fnmatch|grp|immintrin|malloc|poll|pwd|sched|signal|spawn|stdlib|termios|time|unistd)\.h$")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def room_of(path):
    return next((room for room in ROOMS if path == room or path.startswith(room + "/")), None)


def library_of(header):
    return next((name for name, shape in LIBRARIES.items() if re.match(shape, header)), None)


def check_own(path, room, header):
    """What is wrong with #include "header" in this file, or None."""
    if not (ROOT / header).exists() and not (ROOT / f"{header}.in").exists():  # .in: made by the build
        return "is not a path from the root"
    target = room_of(header)
    if target is None:
        return "lies in no room"
    if target == room:
        return None
    if target not in MAY_INCLUDE[room]:
        return f"room {room} may not include room {target}"
    if room == "report" and target == "rules" and header not in REPORT_SEES_OF_RULES:
        return "report may see the rule model only"
    return None


def check_foreign(path, room, header):
    library = library_of(header)
    if library is None:
        return None if SYSTEM.match(header) else "is no header of a library that the table names"
    if room in FREE_OF_ROOM:
        return None
    if library not in MAY_USE[room]:
        return f"room {room} may not use {library}"
    if library in ONLY_IN:
        return None if path in ONLY_IN[library] else f"{library} only in {', '.join(ONLY_IN[library])}"
    if path.endswith(".h"):
        return f"{library} in .cpp files only"
    return None


def offences_of(file):
    path = file.relative_to(ROOT).as_posix()
    room = room_of(path)
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        check = check_own if found[1] == '"' else check_foreign
        wrong = check(path, room, found[2])
        if wrong:
            yield f"{path}:{number}: {found[2]}: {wrong}"


def main():
    files = [f for room in ("scanner", "rules", "git", "report", "bench", "tests")
             for f in sorted((ROOT / room).rglob("*")) if f.suffix in (".h", ".cpp")]
    offences = [offence for file in files for offence in offences_of(file)]
    print("\n".join(offences) if offences else f"{len(files)} files keep the table of rooms")
    return 1 if offences or not files else 0


if __name__ == "__main__":
    sys.exit(main())
