# SPDX-License-Identifier: Apache-2.0
"""encoded_positions.py write|check REPORT: in the current folder each file NAME holds a token. `write` puts the token into a
text that is encoded as NAME says, `check` holds the report against where the token then stands."""
import base64
import json
import sys
from pathlib import Path

BEFORE, AFTER = "# größe\n  and a second line, 'x': ", " # then some more\nlast line\n"
PLAIN = "the value is %s for all that are asked"


def of_base64(text, begin, end, wrap, url=False):
    """The encoded text, and where the bytes [begin, end) stand in it."""
    data = base64.b64encode(text).decode().rstrip("=" if url else "")
    if url:
        data = data.replace("+", "-").replace("/", "_")
    first, last = begin * 8 // 6, (end * 8 - 1) // 6
    lines = [data[i:i + wrap] for i in range(0, len(data), wrap)]
    return "\n".join(lines), first + first // wrap, last + last // wrap + 1



def encode(name, token):
    """The file's bytes, the range of the token in it, the encodings."""
    plain = (PLAIN % token).encode()
    begin = plain.index(token.encode())
    if name.startswith("base64"):
        wrap = 76 if name == "base64-wrapped" else 10**9
        text, first, last = of_base64(plain, begin, begin + len(token), wrap, name == "base64url")
        names = ["base64"]
        if name == "base64-nested":
            text, first, last = of_base64(b"see " + text.encode() + b" there", first + 4, last + 4, wrap)
            names = ["base64", "base64"]
        whole = BEFORE + text + AFTER
        first, last = (len((BEFORE + text[:at]).encode()) for at in (first, last))
        return whole.encode(), first, last, names
    if name.startswith("utf-"):
        text = BEFORE + token + AFTER
        codec = name.replace("le", "-le").replace("be", "-be")
        mark = "\ufeff".encode(codec)
        first = len(mark + BEFORE.encode(codec))
        return mark + text.encode(codec), first, first + len(token.encode(codec)), [name]
    if name == "quoted-printable":
        text = "=%02X" % ord(token[0]) + token[1:20] + "=\n" + "=%02X" % ord(token[20]) + token[21:]
        before = BEFORE + "a" * 40
        return (before + " " + text + AFTER).encode(), len((before + " ").encode()), len((before + " " + text).encode()), [name]
    if name == "concatenation":
        text = token[:9] + '" +\n    "' + token[9:22] + '" + "' + token[22:]
    elif name == "hex-list":
        text = ", ".join("0x%02x" % ord(c) for c in token)
        name = "hex"
    else:
        form = {"hex": "%02x", "percent": "%%%02X", "unicode-escape": "\\u%04x", "html-entity": "&#%d;"}[name]
        text = "".join(form % ord(c) for c in token)
    quote = '"'
    first = len((BEFORE + quote).encode())
    return (BEFORE + quote + text + quote + AFTER).encode(), first, first + len(text), [name]


def line_and_column(data, at, unit):
    """As a reader counts them; columns in bytes."""
    feed = b"\n" if unit is None else "\n".encode(unit)
    step = len(feed)
    starts = [0] + [i + step for i in range(0, len(data), step) if data[i:i + step] == feed]
    line = max(i for i, start in enumerate(starts) if start <= at)
    return line + 1, at - starts[line] + 1


def main():
    names = [p.name for p in Path(".").iterdir()]
    if sys.argv[1] == "write":
        places = {}
        for name in names:
            data, first, last, decoded = encode(name, Path(name).read_text().strip())
            Path(name).write_bytes(data)
            places[name] = [first, last, decoded]
        Path("../places.json").write_text(json.dumps(places))
        return
    places = json.loads(Path("../places.json").read_text())
    found = {f["path"]: f for f in json.load(open(sys.argv[2], encoding="utf-8"))["findings"]}
    for name, (first, last, decoded) in sorted(places.items()):
        assert name in found, f"{name}: not found"
        assert found[name]["rule"] == "github-pat-classic", (name, found[name]["rule"])
        place = found[name]["places"][0]
        data = Path(name).read_bytes()
        codec = name.replace("le", "-le").replace("be", "-be") if name.startswith("utf-") else None
        expected = [first, last, *line_and_column(data, first, codec), *line_and_column(data, last, codec), decoded]
        keys = ("start_byte", "end_byte", "start_line", "start_column", "end_line", "end_column", "decoded")
        assert [place[key] for key in keys] == expected, (name, [place[key] for key in keys], expected)


main()
