// SPDX-License-Identifier: Apache-2.0
#include "scanner/decode/utf8.h"

namespace sealwarden {
namespace {

unsigned char at(Bytes bytes, uint64_t offset) { return static_cast<unsigned char>(bytes[offset]); }

// How long the sequence is that begins with `lead`; 0 if none does. Overlong ones of two bytes are none.
uint64_t sequence_size(unsigned char lead) {
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

}  // namespace

void append_utf8(std::string& out, uint32_t value) {
  static constexpr unsigned char kLead[] = {0, 0, 0xC0, 0xE0, 0xF0};
  const uint32_t size = utf8_size(value);
  if (size == 1) {
    out += static_cast<char>(value);
    return;
  }
  out += static_cast<char>(kLead[size] | value >> 6 * (size - 1));
  for (uint32_t left = size - 1; left-- > 0;) out += static_cast<char>(0x80 | (value >> 6 * left & 0x3F));
}

uint64_t count_text(Bytes bytes) {
  uint64_t count = 0;
  for (uint64_t i = 0; i < bytes.size();) {
    const unsigned char c = at(bytes, i);
    if (c < 0x80) {
      count += (c >= 0x20 && c != 0x7F) || c == '\t' || c == '\n' || c == '\r';
      ++i;
      continue;
    }
    const uint64_t size = sequence_size(c);
    uint64_t seen = size == 0 ? 0 : 1;
    while (seen != 0 && seen < size && i + seen < bytes.size() && (at(bytes, i + seen) & 0xC0) == 0x80) ++seen;
    const bool whole = size != 0 && (seen == size || i + seen == bytes.size());
    count += whole ? seen : 0;
    i += whole ? seen : 1;
  }
  return count;
}

}  // namespace sealwarden
