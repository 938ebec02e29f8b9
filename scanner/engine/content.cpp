// SPDX-License-Identifier: Apache-2.0
#include "scanner/engine/content.h"

#include <algorithm>

namespace sealwarden {
namespace {

uint32_t unit_at(Bytes bytes, uint64_t offset, Utf16Text::Order order) {
  const auto first = static_cast<unsigned char>(bytes[offset]), second = static_cast<unsigned char>(bytes[offset + 1]);
  return order == Utf16Text::Order::little ? first | second << 8 : first << 8 | second;
}

struct CodePoint {
  uint32_t value;
  uint32_t bytes;  // in the original
};

// The code point at `offset`, where at least two bytes are left; half a pair stands for itself as U+FFFD.
CodePoint code_point_at(Bytes bytes, uint64_t offset, Utf16Text::Order order) {
  const uint32_t unit = unit_at(bytes, offset, order);
  if (unit < 0xD800 || unit > 0xDFFF) return {unit, 2};
  if (unit < 0xDC00 && offset + 4 <= bytes.size()) {
    const uint32_t low = unit_at(bytes, offset + 2, order);
    if (low >= 0xDC00 && low <= 0xDFFF) return {0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00), 4};
  }
  return {0xFFFD, 2};
}

uint32_t utf8_size(uint32_t value) { return value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4; }

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

}  // namespace

Utf16Text::Utf16Text(Bytes original, Order order) : original_(original), order_(order) {
  text_.reserve(original.size() / 2 + 16);
  for (uint64_t at = 0; at + 2 <= original.size();) {
    if (marks_.empty() || text_.size() - marks_.back().decoded >= kStep) marks_.push_back({text_.size(), at});
    const CodePoint point = code_point_at(original, at, order);
    at += point.bytes;
    append_utf8(text_, point.value);
  }
}

uint64_t Utf16Text::original_offset(uint64_t offset) const {
  auto mark = std::upper_bound(marks_.begin(), marks_.end(), offset,
                               [](uint64_t value, const Mark& one) { return value < one.decoded; });
  if (mark == marks_.begin()) return 0;
  --mark;
  uint64_t decoded = mark->decoded, at = mark->original;
  while (at + 2 <= original_.size()) {
    const CodePoint point = code_point_at(original_, at, order_);
    if (decoded + utf8_size(point.value) > offset) break;
    decoded += utf8_size(point.value);
    at += point.bytes;
  }
  return at;
}

std::optional<Utf16Text::Order> utf16_order(Bytes blob) {
  using Order = Utf16Text::Order;
  if (blob.size() < 4) return std::nullopt;
  const Bytes mark = blob.substr(0, 2);
  if (mark == "\xFF\xFE") return Order::little;
  if (mark == "\xFE\xFF") return Order::big;
  // Western text without a mark: nearly every other byte is NUL, and nearly none between them.
  const Bytes sample = blob.substr(0, std::min<size_t>(blob.size(), 4096) & ~size_t{1});
  if (sample.find('\0') == Bytes::npos) return std::nullopt;
  size_t even = 0, odd = 0;
  for (size_t i = 0; i < sample.size(); i += 2) {
    even += sample[i] == '\0';
    odd += sample[i + 1] == '\0';
  }
  const size_t units = sample.size() / 2;
  if (odd * 10 >= units * 7 && even * 20 <= units) return Order::little;
  if (even * 10 >= units * 7 && odd * 20 <= units) return Order::big;
  return std::nullopt;
}

bool is_lfs_pointer(Bytes blob) {
  return blob.size() < 1024 && blob.starts_with("version https://git-lfs.github.com/spec/v") &&
         blob.find("\noid sha256:") != Bytes::npos;
}

}  // namespace sealwarden
