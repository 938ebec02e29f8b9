// SPDX-License-Identifier: Apache-2.0
// The shipped rules as bytes of the program. The build names the files: what embed_rules wrote, and the lexicon.
#define EMBED(name, file)                   \
  .balign 64;                               \
  .globl sealwarden_builtin_##name##_begin; \
  .hidden sealwarden_builtin_##name##_begin; \
  sealwarden_builtin_##name##_begin:;       \
  .incbin file;                             \
  .globl sealwarden_builtin_##name##_end;   \
  .hidden sealwarden_builtin_##name##_end;  \
  sealwarden_builtin_##name##_end:;         \
  .byte 0

.section .rodata
EMBED(rules, RULES_FILE)
EMBED(tests, TESTS_FILE)
EMBED(vocabulary, VOCABULARY_FILE)
EMBED(anchors, ANCHORS_FILE)
EMBED(database, DATABASE_FILE)
EMBED(words, WORDS_FILE)
EMBED(char_pairs, CHAR_PAIRS_FILE)
.section .note.GNU-stack, "", %progbits
