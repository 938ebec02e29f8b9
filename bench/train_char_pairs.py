#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""train_char_pairs.py GIT-DIR... > rules/char_pairs.txt: how often one character follows another in names and literals
of ordinary source text, as bits. The engine weighs it against chance to tell random values from names and words.

Every distinct word of the HEAD trees counts once, so that frequent names don't drown the rest. Words that look random
themselves (hex digests, base64) are left out by their shape: digits and letters in turns, or no vowel for long."""
import math
import re
import subprocess
import sys

# What a character is for the model: letters for themselves, digits as one, what is left as one.
SYMBOLS = "^abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0_-./+=~"
WORD = re.compile(rb"[A-Za-z0-9_\-./+=@$!#%&*?]{4,40}")


def symbol(character):
    if character.isdigit():
        return "0"
    return character if character in SYMBOLS[1:] else "~"


def looks_random(word):
    turns = sum(a.isdigit() != b.isdigit() for a, b in zip(word, word[1:]))
    if re.fullmatch(r"[0-9a-fA-F]{7,}", word) and any(c.isdigit() for c in word):
        return True
    return turns >= 4 or (len(word) >= 8 and re.search(r"[^aeiouyAEIOUY_\-./+=]{9}", word) is not None)


def words_of(git_dir):
    names = subprocess.run(["git", "-C", git_dir, "ls-tree", "-r", "HEAD"], capture_output=True, check=True).stdout
    ids = [line.split()[2] for line in names.splitlines() if line.split()[1] == b"blob"]
    run = subprocess.run(["git", "-C", git_dir, "cat-file", "--batch"], input=b"\n".join(ids) + b"\n", capture_output=True)
    for word in WORD.findall(run.stdout):
        yield word.decode("ascii").strip("-./=_")


def main(folders):
    words = set()
    for folder in folders:
        words.update(word for word in words_of(folder) if len(word) >= 4 and not looks_random(word))
    counts = {a: dict.fromkeys(SYMBOLS[1:], 1) for a in SYMBOLS}
    for word in words:
        before = "^"
        for character in word:
            now = symbol(character)
            counts[before][now] += 1
            before = now
    print("# Bits by which a character (column) surprises behind another (row) in ordinary names and literals, in tenths.")
    print(f"# Made by bench/train_char_pairs.py of {len(words)} distinct words. ^ is the start, 0 any digit, ~ all else.")
    print("  " + " ".join(f"{column:>3}" for column in SYMBOLS[1:]))
    for row in SYMBOLS:
        total = sum(counts[row].values())
        print(row + " " + " ".join(f"{round(-10 * math.log2(counts[row][c] / total)):>3}" for c in SYMBOLS[1:]))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1:])
