// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/utf8_text.h"

#include <algorithm>

namespace sealwarden {
namespace {

// Length of the character that begins at `at`; 0: none does.
size_t character_size(Bytes text, size_t at) {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto is_next = [&](size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return byte(i) >= low && byte(i) <= high;
  };
  const unsigned first = byte(at);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return is_next(at + 1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF)
    return is_next(at + 1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF) && is_next(at + 2) ? 3 : 0;
  if (first >= 0xF0 && first <= 0xF4)
    return is_next(at + 1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF) && is_next(at + 2) && is_next(at + 3) ? 4 : 0;
  return 0;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

uint32_t hex_number(std::string_view text, size_t at, size_t count) {
  if (at > text.size() || count > text.size() - at) return kNoHexNumber;
  uint32_t value = 0;
  for (const char c : text.substr(at, count)) {
    const int digit = hex_value(c);
    if (digit < 0) return kNoHexNumber;
    value = value << 4 | static_cast<uint32_t>(digit);
  }
  return value;
}

void append_code_point(std::string& out, uint32_t code) {
  if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
  const auto tail = [&](unsigned shift) { out.push_back(static_cast<char>(0x80 | (code >> shift & 0x3F))); };
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out.push_back(static_cast<char>(0xC0 | code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | code >> 12));
    tail(6);
    tail(0);
  } else {
    out.push_back(static_cast<char>(0xF0 | code >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

size_t first_invalid_utf8(Bytes text) {
  size_t at = 0;
  while (at < text.size()) {
    const size_t size = character_size(text, at);
    if (size == 0) return at;
    at += size;
  }
  return at;
}

void sort_problems(ParsedFile& file) {
  std::stable_sort(file.problems.begin(), file.problems.end(),
                   [](const DocumentProblem& a, const DocumentProblem& b) { return a.at.begin < b.at.begin; });
}

void note_encoding(ParsedFile& file) {
  const size_t at = first_invalid_utf8(file.bytes);
  if (at == file.bytes.size()) return;
  const Span span{static_cast<uint32_t>(at), static_cast<uint32_t>(at + 1)};
  const auto place = std::upper_bound(file.problems.begin(), file.problems.end(), span,
                                      [](const Span& a, const DocumentProblem& b) { return a.begin < b.at.begin; });
  file.problems.insert(place, {DocumentProblem::Kind::encoding, span, "a byte that is no UTF-8"});
}

}  // namespace sealwarden
