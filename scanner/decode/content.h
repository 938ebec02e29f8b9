// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/base/bytes.h"

namespace sealwarden {

// Text that was UTF-16 or UTF-32 in the blob, as UTF-8, with the way back. Owns the decoded text; borrows the original.
class WideText {
 public:
  enum class Form : uint8_t { utf16_little, utf16_big, utf32_little, utf32_big };
  WideText(Bytes original, Form form);
  [[nodiscard]] Bytes text() const { return text_; }
  [[nodiscard]] std::string_view encoding() const;  // "utf-16le"
  // Offset in the original of the byte at `offset` of text(); of its end for text().size(). Constant time.
  [[nodiscard]] uint64_t original_offset(uint64_t offset) const;

 private:
  static constexpr size_t kStep = 1024;  // bytes of text between marks
  Bytes original_;
  Form form_;
  std::string text_;
  struct Mark { uint64_t decoded, original; };
  std::vector<Mark> marks_;
};

// The form if the blob is UTF-16 or UTF-32: by its mark, or, without one, by where the NULs of its start are.
std::optional<WideText::Form> wide_form(Bytes blob);

// Git LFS keeps the content elsewhere: the blob is a pointer of three short lines.
bool is_lfs_pointer(Bytes blob);

}  // namespace sealwarden
