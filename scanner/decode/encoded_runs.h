// SPDX-License-Identifier: Apache-2.0
// Where text is encoded within text. What a run is depends on a bounded number of bytes around it, so that runs can be looked
// for anywhere in a text, and those of a text that is made of another one need not be looked for again.
//
// Base64 and hex. The alphabets are the standard one (A-Z a-z 0-9 + /), the one for URLs (- _ for + /) and the hex digits. A
// piece is a maximal stretch of bytes of one alphabet, less its first byte if that is the n, r or t of an escape "\n". A wrap
// is a line break (CR LF, LF, "\n", "\r\n" as escapes, a backslash before a line break, or "\n" before a backslash before a
// line break) and at most 64 blanks or tabs. A wrap joins two pieces if it stands between them, the first has 32 to 128
// bytes, the second is not longer, and behind the second and at most two "=" there is the end of the text, of the line, of a
// string, or one of \ , ; ) ] } <. A run is a maximal chain of joined pieces, with at most two "=" behind base64, that
//   - begins with a piece of at least 16 bytes (base64) or 32 (hex, where the run's digits are of even number), and
//   - whose first piece begins with 16, 20 or 24 characters of base64, or 30 or 36 digits, as many as it has, that decode to
//     text, to UTF-16, or to the magic of something compressed: may_hold_text(). Names, paths, hashes and other binary data
//     end here.
// Runs of the two base64 alphabets may overlap; runs of the same bytes are one.
//
// Hex lists. An item is 0x or 0X and one or two hex digits, no byte of a word before or behind it. Between two items of a
// list stand 1 to 80 bytes of blank, tab, CR, LF and comma. A run is a maximal list of at least 16 items whose first 12 bytes
// may hold text.
//
// Escapes of one encoding (escapes.h) are chained where at most 256 bytes stand between them, none of which ends a line (LF,
// CR) or is NUL. A run is a maximal chain of telling escapes, of at least fewest_escapes() or with one that is sure, with
// what stands around it:
// on either side up to 128 bytes, and then up to 4096 more that belong to the same word, but nothing behind the end of a line
// or a NUL. So a rule sees the name that stands before a secret, and no token is cut.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "scanner/base/bytes.h"
#include "scanner/decode/escapes.h"

namespace sealwarden {

// As it stands in reports: "base64", "unicode-escape".
std::string_view name_of(Encoding);

// A byte range [begin, end) of a text, to be decoded.
struct EncodedRun {
  Encoding encoding = Encoding::base64;
  uint64_t begin = 0, end = 0;
  bool operator==(const EncodedRun&) const = default;
  // By begin, then end, then encoding.
  friend auto operator<=>(const EncodedRun& a, const EncodedRun& b) {
    return std::tie(a.begin, a.end, a.encoding) <=> std::tie(b.begin, b.end, b.encoding);
  }
};

// Whether [begin, end) is a run, and what it decodes to, depends on [begin - kRunContext, end + kRunContext) alone, the start
// and the end of the text being told from any byte.
inline constexpr uint64_t kRunContext = 576;

// Appends all runs that overlap or touch [from, to), sorted, each once. Of any ranges that cover a
// text, the results together are those of [0, text.size()). Time is linear in the range and the runs that touch it, and what
// turns out to be none at its other end; memory in the number of runs. Returns how many bytes beyond the range that took: who
// asks for many ranges of one text may read a long run as many times.
uint64_t find_encoded_runs(Bytes text, uint64_t from, uint64_t to, std::vector<EncodedRun>& out);

// How many telling escapes make a run of an encoding other than base64 and hex, if none of them tells alone.
unsigned fewest_escapes(Encoding);

// Whether what begins with `head` is worth decoding: mostly text, UTF-16 of Latin letters, or compressed.
bool may_hold_text(Bytes head);
// Whether what begins with `head` is what gzip, zlib, zip, bzip2, xz, zstd or 7-zip write.
bool is_compressed(Bytes head);

}  // namespace sealwarden
