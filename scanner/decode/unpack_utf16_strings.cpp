// SPDX-License-Identifier: Apache-2.0
// Windows programs and OLE documents keep most of their strings as UTF-16, at any offset. Runs of at least eight characters of
// ASCII are given, a line each; all else in them can be read as it stands.
#include <string>

#include "scanner/decode/unpacking.h"

namespace sealwarden {
namespace {

constexpr size_t kShortestRun = 8;
constexpr size_t kPiece = 4 << 20;  // of text that is given as one member

bool is_character(Bytes bytes, size_t at) {
  const char c = bytes[at];
  return bytes[at + 1] == '\0' && ((c >= ' ' && c <= '~') || c == '\t' || c == '\n' || c == '\r');
}

}  // namespace

void unpack_utf16_strings(Bytes container, Unpacking& job) {
  std::string text;
  const auto give = [&] {
    if (!text.empty() && job.admit()) job.give("UTF-16 strings", text);
    text.clear();
  };
  size_t at = 0;
  while (at + 2 * kShortestRun <= container.size() && !job.stopped()) {
    size_t end = at;
    while (end + 2 <= container.size() && end - at < 2 * kPiece && is_character(container, end)) end += 2;
    if (end - at < 2 * kShortestRun) {
      ++at;
      continue;
    }
    for (; at < end; at += 2) text += container[at];
    text += '\n';
    if (text.size() >= kPiece) give();
  }
  give();
}

}  // namespace sealwarden
