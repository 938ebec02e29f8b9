// SPDX-License-Identifier: Apache-2.0
#include "scanner/engine/allow_mark.h"

#include <algorithm>

#include "scanner/base/ascii.h"
#include "scanner/base/dates.h"

namespace sealwarden {
namespace {

constexpr std::string_view kReason = "reason=\"", kUntil = "until=";
constexpr size_t kLongest = 1024, kMaxIds = 32;

bool is_id_byte(char c) { return is_alphanumeric(c) || c == '-' || c == '*' || c == '_' || c == '.'; }

// Prose begins with words, ids have a hyphen or a star in them.
bool is_id(Bytes word) {
  return is_alphanumeric(word.front()) && word.find_first_of("-*") != Bytes::npos && is_letter(word.front());
}

Bytes value_of(Bytes text, std::string_view key, std::string_view ends) {
  const size_t at = text.find(key);
  if (at == Bytes::npos) return {};
  const Bytes value = text.substr(at + key.size());
  return value.substr(0, value.find_first_of(ends));
}

}  // namespace

AllowMark parse_allow_mark(Bytes rest, const std::function<bool(const std::string& id)>& names_rule) {
  rest = rest.substr(0, std::min(rest.find('\n'), kLongest));
  AllowMark mark;
  mark.why = value_of(rest, kReason, "\"");
  Bytes words = rest.substr(0, rest.find(kReason));
  if (words.find(kUntil) != Bytes::npos) {
    mark.until = value_of(words, kUntil, " \t,;\r\"'");
    if (!is_date(*mark.until)) mark.problem = "until=" + *mark.until + " is no date; write it as until=2027-01-31";
  }
  while (mark.rules.size() < kMaxIds) {
    const size_t start = std::min(words.find_first_not_of(" \t,:[("), words.size());
    size_t end = start;
    while (end < words.size() && is_id_byte(words[end])) ++end;
    const Bytes word = words.substr(start, end - start);
    if (word.empty() || (end < words.size() && words[end] == '=')) break;
    const std::string id(word);
    const bool known = names_rule(id);
    if (!known && !is_id(word)) break;
    if (!known) mark.problem = "no rule is called '" + id + "'; `sealwarden rules list` names them";
    mark.rules.push_back(id);
    words.remove_prefix(end);
  }
  return mark;
}

}  // namespace sealwarden
