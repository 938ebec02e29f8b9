// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/yaml_scalar.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sealwarden {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

NodeType word_type(std::string_view text) {
  if (text.size() > 5) return NodeType::text;
  if (is_one_of(text, {"true", "True", "TRUE", "false", "False", "FALSE", "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON",
                       "off", "Off", "OFF", "y", "Y", "n", "N"}))
    return NodeType::boolean;
  return is_one_of(text, {"~", "null", "Null", "NULL"}) ? NodeType::null : NodeType::text;
}

// How many digits of a base, with "_" between, begin a text; 0 too if there are only "_".
size_t digits(std::string_view text, int base) {
  size_t at = 0;
  bool any = false;
  for (; at < text.size(); ++at) {
    const char c = text[at], lower = static_cast<char>(c | 0x20);
    const int value = is_digit(c) ? c - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 99;
    if (value < base) any = true;
    else if (c != '_') break;
  }
  return any ? at : 0;
}

bool is_integer(std::string_view text) {
  if (text.size() > 1 && text[0] == '0') {
    const char mark = static_cast<char>(text[1] | 0x20);
    const int base = mark == 'x' ? 16 : mark == 'o' ? 8 : mark == 'b' ? 2 : 0;
    if (base != 0) return text.size() > 2 && digits(text.substr(2), base) == text.size() - 2;
    return digits(text, 8) == text.size();
  }
  return !text.empty() && text[0] != '_' && digits(text, 10) == text.size();
}

// [0-9]*.?[0-9]*([eE][-+]?[0-9]+)?, with a digit before the exponent.
bool is_real(std::string_view text) {
  if (is_one_of(text, {".inf", ".Inf", ".INF"})) return true;
  if (text.empty() || text[0] == '_') return false;
  const size_t whole = digits(text, 10);
  text.remove_prefix(whole);
  size_t fraction = 0;
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    fraction = digits(text, 10);
    text.remove_prefix(fraction);
  }
  if (whole == 0 && fraction == 0) return false;
  if (text.empty()) return true;
  if ((text[0] | 0x20) != 'e') return false;
  text.remove_prefix(1);
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) text.remove_prefix(1);
  return !text.empty() && digits(text, 10) == text.size();
}

}  // namespace

NodeType plain_yaml_type(std::string_view text) {
  if (text.empty()) return NodeType::null;
  const char first = text[0];
  if (is_digit(first) || first == '-' || first == '+' || first == '.') {
    if (is_one_of(text, {".nan", ".NaN", ".NAN"})) return NodeType::real;
    if (first == '-' || first == '+') text.remove_prefix(1);
    if (is_integer(text)) return NodeType::integer;
    return is_real(text) ? NodeType::real : NodeType::text;
  }
  static constexpr std::string_view kFirstLetters = "yYnNtTfFoO~";
  return kFirstLetters.find(first) == std::string_view::npos ? NodeType::text : word_type(text);
}

std::optional<NodeType> core_yaml_type(std::string_view tag) {
  static constexpr std::string_view kCore = "tag:yaml.org,2002:";
  if (!tag.starts_with(kCore)) return std::nullopt;
  static constexpr std::array<std::pair<std::string_view, NodeType>, 12> kTypes = {{{"str", NodeType::text},
                                                                                    {"int", NodeType::integer},
                                                                                    {"float", NodeType::real},
                                                                                    {"bool", NodeType::boolean},
                                                                                    {"null", NodeType::null},
                                                                                    {"timestamp", NodeType::text},
                                                                                    {"value", NodeType::text},
                                                                                    {"merge", NodeType::text},
                                                                                    {"map", NodeType::map},
                                                                                    {"set", NodeType::map},
                                                                                    {"seq", NodeType::sequence},
                                                                                    {"omap", NodeType::sequence}}};
  for (const auto& [name, type] : kTypes)
    if (tag.substr(kCore.size()) == name) return type;
  return std::nullopt;
}

}  // namespace sealwarden
