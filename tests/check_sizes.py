#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Functions of at most 80 lines, files of at most 700. A table-like function says so: "// table-like: why" within it
or on the line above. --figures also prints medians and the longest."""
import re
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ["scanner", "rules", "git", "report", "bench", "tests"]
MOST_LINES_OF_A_FUNCTION = 80
MOST_LINES_OF_A_FILE = 700
NOISE = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<tag>[^(\s]*)\(.*?\)(?P=tag)"|"(?:\\.|[^"\\\n])*"|'
    r"(?<![0-9a-zA-Z_])'(?:\\.|[^'\\\n])+'|^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.S | re.M)
SCOPE = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b[^()]*$")
INITIALISER = re.compile(r"\)[^;{}]*:[^:].*[\w>]\s*$", re.S)


def blank(match):
    return re.sub(r"[^\n]", " ", match[0])


def functions(text):
    """(first line, last line, name) of each function body at namespace or class scope."""
    code = NOISE.sub(blank, text)
    stack, head_start, found = [], 0, []
    for at, c in enumerate(code):
        if c == "{":
            head = code[head_start:at].strip()
            inside = any(kind == "function" for kind, _, _ in stack)
            if not inside and INITIALISER.search(head):
                stack.append(("initialiser", at, head_start))
                continue
            is_function = not inside and "(" in head and not SCOPE.search(head)
            first = code.count("\n", 0, at - len(code[head_start:at].lstrip()))
            stack.append(("function" if is_function else "scope", first + 1, head))
            head_start = at + 1
        elif c == "}" and stack:
            kind, first, head = stack.pop()
            if kind == "initialiser":
                head_start = head
                continue
            if kind == "function":
                name = re.search(r"([\w:~]+|operator\S+)\s*\(", head)
                found.append((first, code.count("\n", 0, at) + 1, name[1] if name else "?"))
            head_start = at + 1
        elif c == ";" and not any(kind == "initialiser" for kind, _, _ in stack):
            head_start = at + 1
    return found


def offences_of(path, text, found):
    lines = text.splitlines()
    if len(lines) > MOST_LINES_OF_A_FILE:
        yield f"{path}: {len(lines)} lines, at most {MOST_LINES_OF_A_FILE}"
    for first, last, name in found:
        excused = "table-like" in "\n".join(lines[max(0, first - 2):last])
        if last - first + 1 > MOST_LINES_OF_A_FUNCTION and not excused:
            yield f"{path}:{first}: {name} has {last - first + 1} lines, at most {MOST_LINES_OF_A_FUNCTION}"


def print_figures(files, spans):
    longest = sorted(spans, reverse=True)
    lengths = [length for length, _ in longest]
    print(f"{len(files)} files, median {statistics.median(files):.0f} lines, longest {max(files)}; "
          f"{len(lengths)} functions, median {statistics.median(lengths):.0f}, "
          f"95th percentile {lengths[len(lengths) // 20]}")
    for length, name in longest[:10]:
        print(f"  {length:4} {name}")


def main():
    offences, file_lengths, spans = [], [], []
    for file in sorted(f for folder in FOLDERS for f in (ROOT / folder).rglob("*") if f.suffix in (".h", ".cpp")):
        text, path = file.read_text(encoding="utf-8"), file.relative_to(ROOT).as_posix()
        found = functions(text)
        offences += offences_of(path, text, found)
        file_lengths.append(len(text.splitlines()))
        spans += [(last - first + 1, f"{path}:{first} {name}") for first, last, name in found]
    if "--figures" in sys.argv and spans:
        print_figures(file_lengths, spans)
    print("\n".join(offences) if offences else f"{len(spans)} functions in {len(file_lengths)} files are short enough")
    return 1 if offences or not spans else 0


if __name__ == "__main__":
    sys.exit(main())
