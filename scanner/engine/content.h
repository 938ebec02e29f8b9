// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/base/bytes.h"

namespace sealwarden {

// Text that was UTF-16 in the blob, as UTF-8, with the way back. Owns the decoded text.
class Utf16Text {
 public:
  enum class Order : uint8_t { little, big };
  Utf16Text(Bytes original, Order order);
  [[nodiscard]] Bytes text() const { return text_; }
  [[nodiscard]] std::string_view encoding() const { return order_ == Order::little ? "utf-16le" : "utf-16be"; }
  // Offset in the original of the byte at `offset` of text(); of its end for text().size(). Constant time.
  [[nodiscard]] uint64_t original_offset(uint64_t offset) const;

 private:
  static constexpr size_t kStep = 1024;  // bytes of text between marks
  Bytes original_;
  Order order_;
  std::string text_;
  struct Mark { uint64_t decoded, original; };
  std::vector<Mark> marks_;
};

// The byte order if the blob is UTF-16: by its mark, or, without one, by NULs in every other byte of its start.
std::optional<Utf16Text::Order> utf16_order(Bytes blob);

// Git LFS keeps the content elsewhere: the blob is a pointer of three short lines.
bool is_lfs_pointer(Bytes blob);

}  // namespace sealwarden
