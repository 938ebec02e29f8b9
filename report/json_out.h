// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sealwarden {

// Writes JSON text. Keeps commas, indentation and escapes right; that keys and values alternate is the
// caller's care. Output is valid UTF-8 whatever goes in: bytes that are no UTF-8 become U+FFFD. Control
// characters are escaped, and the first '#' of "##", so that a report on a CI log holds no workflow command.
class JsonOut {
 public:
  // Members each on a line of their own, or all on one line (then also all that is inside).
  enum class Layout : uint8_t { lines, flat };

  JsonOut() = default;  // for take()
  // What is written goes there in pieces; finish() gives the last.
  explicit JsonOut(std::function<void(std::string_view)> sink) : sink_(std::move(sink)) {}

  void open_object(Layout layout = Layout::lines) { open('{', layout); }
  void close_object() { close('}'); }
  void open_array(Layout layout = Layout::lines) { open('[', layout); }
  void close_array() { close(']'); }
  JsonOut& key(std::string_view name);
  void string(std::string_view text);
  void string(const std::optional<std::string>& text);  // null if there is none
  void string(const char* text) { string(std::string_view(text)); }
  void string(const std::string& text) { string(std::string_view(text)); }
  void strings(const std::vector<std::string>& texts);  // on one line
  void number(uint64_t value) { literal(std::to_string(value)); }
  void boolean(bool value) { literal(value ? "true" : "false"); }
  void null() { literal("null"); }
  // The text, with a line feed at its end; the writer is empty afterwards.
  std::string take();
  void finish();  // the same for a sink

 private:
  struct Level {
    Layout layout;
    bool empty = true;
  };
  void open(char bracket, Layout layout);
  void close(char bracket);
  void literal(std::string_view text);
  void before_value();
  void new_line();

  std::function<void(std::string_view)> sink_;
  std::string out_;
  std::vector<Level> levels_;
  bool after_key_ = false;
};

}  // namespace sealwarden
