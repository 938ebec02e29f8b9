// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/text_credentials.h"

#include <algorithm>
#include <initializer_list>
#include <string>

#include "scanner/base/ascii.h"
#include "scanner/policy/literal_password.h"
#include "scanner/policy/secret_value.h"

namespace sealwarden {
namespace {

constexpr size_t kMostFound = 64;         // of one text
constexpr size_t kLongestLogin = 512;    // bytes of a URL's user and password

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool is_scheme_character(char c) { return is_letter(c) || is_digit(c) || c == '+' || c == '.' || c == '-'; }

// Where users and passwords of documentation stand for themselves: "user:password@host".
bool is_documentation(std::string_view user, std::string_view password, std::string_view host) {
  const std::string name = lower_case(user), word = lower_case(password);
  const bool is_user = is_one_of(name, {"user", "username", "usr", "name", "myuser", "login"});
  if (is_user && is_one_of(word, {"pass", "password", "passwd", "pwd", "pw", "secret"})) return true;
  return host.starts_with("example.") || host.find(".example.") != std::string_view::npos || host.ends_with(".example");
}

void url_password(const Lexicon& lexicon, std::string_view text, size_t mark, std::vector<std::string_view>& out) {
  size_t begin = mark;
  while (begin > 0 && is_scheme_character(text[begin - 1])) --begin;
  if (mark - begin < 2 || !is_letter(text[begin])) return;
  const std::string_view rest = text.substr(mark + 3, kLongestLogin);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?# \t\r\n\"'`<>\\|"));
  const size_t at = authority.rfind('@');
  if (at == std::string_view::npos || at + 1 >= authority.size()) return;
  const std::string_view login = authority.substr(0, at), host = authority.substr(at + 1);
  const size_t colon = login.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view user = login.substr(0, colon), password = login.substr(colon + 1);
  if (is_literal_password(lexicon, password) && !is_documentation(user, password, host)) out.push_back(password);
}

// The value behind `NAME=`: up to what ends it in a query or a connection string.
std::string_view value_behind(std::string_view text, size_t at, std::string_view ends) {
  const std::string_view rest = text.substr(at, kLongestLogin);
  return rest.substr(0, rest.find_first_of(ends));
}

bool has_word(const std::string& lower, std::string_view word) { return lower.find(word) != std::string::npos; }

// Names of parts of connection strings that hold a secret, by what stands before them: ';' or the start, '?' or '&', a blank.
void connection_values(const Lexicon& lexicon, std::string_view text, std::vector<std::string_view>& out) {
  const std::string lower = lower_case(text);
  const bool has_url = has_word(lower, "://") || lower.starts_with("jdbc:");
  const bool is_libpq = has_word(lower, "host=") || has_word(lower, "dbname=");
  for (const std::string_view name : {"password", "pwd", "accountkey", "sharedaccesskey"})
    for (size_t at = lower.find(name); at != std::string::npos && out.size() < kMostFound; at = lower.find(name, at + 1)) {
      size_t sign = at + name.size();
      while (sign < lower.size() && lower[sign] == ' ') ++sign;
      if (sign >= lower.size() || lower[sign] != '=') continue;
      size_t before = at;
      while (before > 0 && text[before - 1] == ' ') --before;
      const char mark = before == 0 ? ';' : text[before - 1];
      const bool is_part = mark == ';' && (before > 0 || text.find(';', sign) != std::string_view::npos);
      const bool is_query = before == at && (mark == '?' || mark == '&') && has_url;
      const bool is_word = before < at && is_libpq;
      if (!is_part && !is_query && !is_word) continue;
      size_t start = sign + 1;
      while (start < text.size() && text[start] == ' ') ++start;
      std::string_view value = value_behind(text, start, is_query ? "&;# \t\r\n\"'" : is_part ? ";\r\n\"'" : " \t\r\n\"'");
      while (!value.empty() && value.back() == ' ') value.remove_suffix(1);
      if (is_literal_password(lexicon, value)) out.push_back(value);
    }
}

void sort_unique(std::vector<std::string_view>& found) {
  const auto before = [](std::string_view a, std::string_view b) { return a.data() < b.data() || (a.data() == b.data() && a.size() > b.size()); };
  std::sort(found.begin(), found.end(), before);
  // Of what begins at one place the longest; what lies within another is that.
  std::vector<std::string_view> kept;
  for (const std::string_view one : found)
    if (kept.empty() || one.data() >= kept.back().data() + kept.back().size()) kept.push_back(one);
  found = std::move(kept);
}

}  // namespace

bool is_literal_password(const Lexicon& lexicon, std::string_view value) {
  if (value.empty() || value.size() > 512 || is_encrypted_value(value)) return false;
  if (value.find_first_of("${}<>[]`|()") != std::string_view::npos && is_reference_value(lexicon, value)) return false;
  if (std::string_view("$<%{[(@/\\-`").find(value.front()) != std::string_view::npos) return false;
  if (value.find("${") != std::string_view::npos || value.find("$(") != std::string_view::npos || value.find("{{") != std::string_view::npos) return false;
  if (std::all_of(value.begin(), value.end(), [&](char c) { return c == value.front(); })) return false;  // ***, xxx
  const std::string lower = lower_case(value);
  for (const std::string_view start : {"your", "my-", "my_", "example", "dummy", "sample", "placeholder", "insert", "replace", "redacted", "todo",
                                       "changeme", "change_me", "change-me"})
    if (lower.starts_with(start)) return false;
  for (const std::string_view part : {"...", "***", "xxxx", "-here", "_here", "placeholder"})
    if (lower.find(part) != std::string::npos) return false;
  const bool is_capital_name = std::all_of(value.begin(), value.end(), [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
  if (is_capital_name && value.size() >= 2) return false;  // PASSWORD, DB_PASS
  return !is_one_of(lower, {"null", "none", "true", "false", "yes", "no", "on", "off", "empty", "password_here", "%s"});
}

std::vector<std::string_view> credentials_in_text(const Lexicon& lexicon, std::string_view text) {
  std::vector<std::string_view> out;
  for (size_t at = text.find("://"); at != std::string_view::npos && out.size() < kMostFound; at = text.find("://", at + 3))
    url_password(lexicon, text, at, out);
  if (text.find('=') != std::string_view::npos) connection_values(lexicon, text, out);
  sort_unique(out);
  return out;
}

bool split_assignment(std::string_view text, std::string_view& name, std::string_view& value) {
  const size_t sign = text.find('=');
  if (sign == std::string_view::npos || sign == 0 || sign > 128) return false;
  const std::string_view left = text.substr(0, sign);
  if (!is_letter(left.front()) && left.front() != '_') return false;
  if (!std::all_of(left.begin(), left.end(), [](char c) { return is_word(c) || c == '.' || c == '-' || c == '/'; })) return false;
  name = left;
  value = text.substr(sign + 1);
  return true;
}

}  // namespace sealwarden
