// SPDX-License-Identifier: Apache-2.0
#include "scanner/decode/pieces.h"

#include "scanner/base/ascii.h"

namespace sealwarden {
namespace {

bool is_separator(char c) { return is_blank(c) || c == '\r' || c == '\n' || c == ','; }

// Whether a line of encoded text may end at `at`: there, or behind padding.
bool line_may_end(Bytes text, uint64_t at) {
  for (unsigned pads = 0; pads < 2 && at < text.size() && text[at] == '='; ++pads) ++at;
  return at == text.size() || Bytes("\r\n\"'`\\,;)]}<").find(text[at]) != Bytes::npos;
}

bool are_joined(Bytes text, Window first, Window second) {
  const uint64_t size = first.end - first.begin;
  return size >= kShortestLine && size <= kLongestLine && second.end - second.begin <= size && line_may_end(text, second.end);
}

// The piece is cut off behind kLongestLine + 1 bytes: longer ones are joined to nothing.
std::optional<Window> short_piece_from(Bytes text, uint64_t begin, Alphabet alphabet) {
  uint64_t end = begin;
  while (end < text.size() && end - begin <= kLongestLine && is_in(alphabet, text[end])) ++end;
  if (end == begin) return std::nullopt;
  return Window{begin, end};
}

}  // namespace

std::optional<Window> piece_at(Bytes text, uint64_t at, Alphabet alphabet) {
  uint64_t begin = at, end = at;
  while (end < text.size() && is_in(alphabet, text[end])) ++end;
  while (begin > 0 && is_in(alphabet, text[begin - 1])) --begin;
  if (begin < end && is_in(alphabet, text[begin]) && is_escaped_letter(text, begin)) ++begin;
  if (begin > at || begin >= end) return std::nullopt;
  return Window{begin, end};
}

uint64_t wrap_end(Bytes text, uint64_t at) {
  const auto get = [text](uint64_t i) { return i < text.size() ? text[i] : '\0'; };
  uint64_t end = at;
  if (get(end) == '\\' && get(end + 1) == 'r' && get(end + 2) == '\\' && get(end + 3) == 'n') end += 2;
  if (get(end) == '\\' && get(end + 1) == 'n') end += 2;
  uint64_t feed = end;
  if (get(feed) == '\\') ++feed;
  if (get(feed) == '\r') ++feed;
  if (get(feed) == '\n') end = feed + 1;
  if (end == at) return at;
  for (uint64_t indent = 0; indent < kLongestIndent && is_blank(get(end)); ++indent) ++end;
  return end;
}

std::optional<Window> piece_behind(Bytes text, Window piece, Alphabet alphabet) {
  const uint64_t size = piece.end - piece.begin;
  if (size < kShortestLine || size > kLongestLine) return std::nullopt;
  const uint64_t begin = wrap_end(text, piece.end);
  if (begin == piece.end) return std::nullopt;
  const auto next = short_piece_from(text, begin, alphabet);
  if (!next || !are_joined(text, piece, *next)) return std::nullopt;
  return next;
}

std::optional<Window> piece_before(Bytes text, Window piece, Alphabet alphabet) {
  if (piece.end - piece.begin > kLongestLine) return std::nullopt;
  const uint64_t lowest = piece.begin > kLongestWrap ? piece.begin - kLongestWrap : 0;
  for (uint64_t end = piece.begin; end > lowest; --end) {
    if (end < piece.begin && is_in(alphabet, text[end - 1]) && !is_in(alphabet, text[end]) && wrap_end(text, end) == piece.begin) {
      uint64_t begin = end;
      while (begin > 0 && end - begin <= kLongestLine + 1 && is_in(alphabet, text[begin - 1])) --begin;
      if (is_escaped_letter(text, begin)) ++begin;
      const Window before{begin, end};
      if (begin < end && are_joined(text, before, piece)) return before;
    }
    const char c = text[end - 1];
    if (!is_blank(c) && c != '\n' && c != '\r' && c != '\\' && c != 'n' && c != 'r') return std::nullopt;
  }
  return std::nullopt;
}

uint64_t item_end(Bytes text, uint64_t at) {
  if (at + 3 > text.size() || text[at] != '0' || (text[at + 1] | 0x20) != 'x' || (at > 0 && is_word(text[at - 1]))) return at;
  uint64_t end = at + 2;
  while (end < text.size() && end < at + 4 && is_in(Alphabet::hex, text[end])) ++end;
  return end == at + 2 || (end < text.size() && is_word(text[end])) ? at : end;
}

std::optional<uint64_t> item_behind(Bytes text, uint64_t end) {
  uint64_t next = end;
  while (next < text.size() && next - end < kLongestSeparator && is_separator(text[next])) ++next;
  if (next == end || item_end(text, next) == next) return std::nullopt;
  return next;
}

std::optional<uint64_t> item_before(Bytes text, uint64_t begin) {
  uint64_t end = begin;
  while (end > 0 && begin - end < kLongestSeparator && is_separator(text[end - 1])) --end;
  if (end == begin) return std::nullopt;
  for (uint64_t size = 3; size <= 4 && size <= end; ++size)
    if (item_end(text, end - size) == end) return end - size;
  return std::nullopt;
}

}  // namespace sealwarden
