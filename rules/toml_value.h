// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/base/result.h"

namespace sealwarden {

// Where something stands in a file that a person wrote; both from 1.
struct TomlPosition {
  uint32_t line = 1;
  uint32_t column = 1;

  auto operator<=>(const TomlPosition&) const = default;
};

struct TomlMember;

// A TOML document as plain values with positions, so that only one file sees the TOML library.
struct TomlValue {
  enum class Kind : uint8_t { text, integer, real, boolean, date, other_time, array, table };
  Kind kind = Kind::table;
  TomlPosition position;
  std::string text;  // text; date as "2027-01-31"
  int64_t integer = 0;
  double real = 0;
  bool boolean = false;
  std::vector<TomlValue> items;     // array
  std::vector<TomlMember> members;  // table, in the order of the file
};

struct TomlMember {
  std::string key;
  TomlPosition position;  // of the key
  TomlValue value;
};

// "a string", "an integer", ...
std::string_view description_of(TomlValue::Kind kind);

// The document's table. A syntax error is an Error of kind usage, "name:line:column: what".
Result<TomlValue> parse_toml(const std::string& name, std::string_view text);

}  // namespace sealwarden
