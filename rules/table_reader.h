// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/toml_value.h"

namespace sealwarden {

// What is wrong with one file, with places; all of it is told at once.
class Problems {
 public:
  explicit Problems(std::string file) : file_(std::move(file)) {}

  void add(TomlPosition at, std::string what);
  [[nodiscard]] bool empty() const { return found_.empty(); }
  [[nodiscard]] std::string place(TomlPosition at) const;  // file:line:column
  [[nodiscard]] std::string text() const;                  // one per line, in the order of the file

 private:
  struct Problem {
    TomlPosition at;
    std::string what;
  };
  std::string file_;
  std::vector<Problem> found_;
};

// Reads the members of one table by name and type. A member that nobody asked for is a problem, told by
// finish().
class TableReader {
 public:
  // Borrows all three. `what` names the table in messages: "a rule".
  TableReader(const TomlValue& table, std::string_view what, Problems& problems);

  // The member, or nullptr. Names it as known.
  const TomlValue* member(std::string_view key);
  const TomlValue* member(std::string_view key, TomlValue::Kind kind);
  [[nodiscard]] TomlPosition position_of(std::string_view key) const;  // of the value; of the table if absent

  std::string text(std::string_view key);
  std::optional<std::string> maybe_text(std::string_view key);
  // From 0 to `most`; nullopt if absent or wrong.
  std::optional<uint32_t> number(std::string_view key, uint32_t most);
  bool flag(std::string_view key);
  // Strings, none of them empty.
  std::vector<std::string> texts(std::string_view key);
  // A table, or an array of tables.
  std::vector<const TomlValue*> tables(std::string_view key);

  [[nodiscard]] bool has(std::string_view key) const;
  [[nodiscard]] Problems& problems() const { return *problems_; }
  void problem(std::string_view key, std::string what) { problems_->add(position_of(key), std::move(what)); }
  void finish();

 private:
  const TomlValue* table_;
  std::string_view what_;
  Problems* problems_;
  std::vector<std::string_view> known_;
};

// The member of `candidates` that differs from `word` in the fewest letters, if it is few; else empty.
std::string nearest(std::string_view word, const std::vector<std::string_view>& candidates);

// "a, b or c"
std::string one_of(const std::vector<std::string_view>& words);

}  // namespace sealwarden
