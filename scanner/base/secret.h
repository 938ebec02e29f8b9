// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

namespace sealwarden {

// The bytes of a found secret. It cannot be printed by accident: there is no conversion to a string and no stream
// operator (a compile-fail test proves it). Value type; share freely as const.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string bytes) : bytes_(std::move(bytes)) {}

  // For hashing, comparing and redacting only. What it returns must not reach an output; only `--show-secrets` may.
  [[nodiscard]] std::string_view reveal() const { return bytes_; }
  [[nodiscard]] size_t size() const { return bytes_.size(); }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }

  auto operator<=>(const Secret&) const = default;

 private:
  std::string bytes_;
};

std::ostream& operator<<(std::ostream&, const Secret&) = delete;

}  // namespace sealwarden
