// SPDX-License-Identifier: Apache-2.0
#include "git/config_file.h"

#include <algorithm>

namespace sealwarden {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }
bool is_key_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

// file    = { blank | comment | header | pair }
// header  = '[' name [ '.' name | ' ' '"' quoted '"' ] ']'
// pair    = key [ '=' value ] LF       value: quotes, escapes, '\' LF goes on in the next line, '#' and ';'
// end it
class Reader {
 public:
  explicit Reader(Bytes text) : rest_(text) {}

  std::vector<ConfigValue> read() {
    if (rest_.starts_with("\xef\xbb\xbf")) rest_.remove_prefix(3);
    while (skip_blank()) {
      if (rest_.front() == '#' || rest_.front() == ';')
        skip_line();
      else if (rest_.front() == '[')
        read_header();
      else
        read_pair();
    }
    return std::move(values_);
  }

 private:
  bool skip_blank() {
    while (!rest_.empty() && (is_space(rest_.front()) || rest_.front() == '\n'))
      rest_.remove_prefix(1);
    return !rest_.empty();
  }
  void skip_spaces() {
    while (!rest_.empty() && is_space(rest_.front()))
      rest_.remove_prefix(1);
  }
  void skip_line() { rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size())); }

  void read_header() {
    rest_.remove_prefix(1);
    subsection_.clear();
    const size_t end = rest_.find_first_of("] \t\"\n");
    const std::string_view name = rest_.substr(0, end);
    rest_.remove_prefix(name.size());
    section_ = lower(name);
    const size_t dot = section_.find('.');
    if (dot != std::string::npos) {
      subsection_ = section_.substr(dot + 1);
      section_.resize(dot);
    }
    skip_spaces();
    if (rest_.starts_with('"')) read_subsection();
    if (rest_.starts_with(']'))
      rest_.remove_prefix(1);
    else
      skip_line();
  }

  void read_subsection() {
    rest_.remove_prefix(1);
    subsection_.clear();
    while (!rest_.empty() && rest_.front() != '"' && rest_.front() != '\n') {
      if (rest_.front() == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      subsection_ += rest_.front();
      rest_.remove_prefix(1);
    }
    if (rest_.starts_with('"')) rest_.remove_prefix(1);
  }

  void read_pair() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_key_char);
    const std::string_view key = rest_.substr(0, static_cast<size_t>(end - rest_.begin()));
    rest_.remove_prefix(key.size());
    skip_spaces();
    if (key.empty()) return skip_line();
    ConfigValue value{section_, subsection_, lower(key), "true"};
    if (rest_.starts_with('=')) {
      rest_.remove_prefix(1);
      skip_spaces();
      value.value = read_value();
    } else {
      skip_line();
    }
    values_.push_back(std::move(value));
  }

  std::string read_value() {
    std::string value;
    size_t kept = 0;  // trailing blanks outside quotes do not count
    bool quoted = false;
    for (; !rest_.empty() && rest_.front() != '\n'; rest_.remove_prefix(1)) {
      char c = rest_.front();
      if (c == '"') {
        quoted = !quoted;
        kept = value.size();
        continue;
      }
      if (!quoted && (c == '#' || c == ';')) {
        skip_line();
        break;
      }
      if (c == '\\' && rest_.size() > 1) {
        rest_.remove_prefix(1);
        if (!append_escaped(rest_, value)) continue;
        kept = value.size();
        continue;
      }
      value += c;
      if (quoted || !is_space(c)) kept = value.size();
    }
    value.resize(kept);
    return value;
  }

  // `rest` is at the character behind a backslash. False if it only joins lines.
  static bool append_escaped(std::string_view& rest, std::string& value) {
    if (rest.starts_with("\r\n")) rest.remove_prefix(1);
    switch (rest.front()) {
      case '\n':
        return false;
      case 'n':
        value += '\n';
        return true;
      case 't':
        value += '\t';
        return true;
      case 'b':
        value += '\b';
        return true;
      default:
        value += rest.front();
        return true;
    }
  }

  std::string_view rest_;
  std::string section_, subsection_;
  std::vector<ConfigValue> values_;
};

}  // namespace

std::vector<ConfigValue> parse_config(Bytes text) { return Reader(text).read(); }

std::optional<std::string> config_value(const std::vector<ConfigValue>& config, std::string_view section,
                                        std::string_view key) {
  std::optional<std::string> found;
  for (const ConfigValue& value : config)
    if (value.section == section && value.subsection.empty() && value.key == key) found = value.value;
  return found;
}

bool config_is_true(std::string_view value) {
  const std::string text = lower(value);
  if (text == "true" || text == "yes" || text == "on") return true;
  return text.find_first_of("123456789") != std::string::npos &&
         text.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace sealwarden
