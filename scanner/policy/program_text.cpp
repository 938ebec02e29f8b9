// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/program_text.h"

#include <algorithm>
#include <array>
#include <string>

#include "scanner/base/ascii.h"

namespace sealwarden {
namespace {

constexpr size_t kLongestLine = 4096;  // beyond it is no line that somebody wrote
constexpr size_t kMostLiterals = 64;
constexpr size_t kLongestName = 80;

struct Literal {
  size_t begin = 0, end = 0;  // with the quotes
};

std::vector<Literal> literals_of(std::string_view line) {
  std::vector<Literal> out;
  for (size_t at = 0; at < line.size() && out.size() < kMostLiterals; ++at) {
    const char quote = line[at];
    if (quote == '#' && (at == 0 || is_space(line[at - 1])) && !(at + 1 < line.size() && line[at + 1] == '{')) break;
    if (quote == '/' && at + 1 < line.size() && line[at + 1] == '/' && (at == 0 || line[at - 1] != ':')) break;
    if (quote != '"' && quote != '\'' && quote != '`') continue;
    size_t end = at + 1;
    while (end < line.size() && line[end] != quote) end += line[end] == '\\' ? 2 : 1;
    if (end >= line.size()) break;
    out.push_back({at, end + 1});
    at = end;
  }
  return out;
}

std::string_view inner(std::string_view line, const Literal& literal) { return line.substr(literal.begin + 1, literal.end - literal.begin - 2); }

// What stands before a literal, without blanks and the letters of r"", b"", f"".
std::string_view before(std::string_view line, const Literal& literal) {
  size_t at = literal.begin;
  while (at > 0 && is_word(line[at - 1])) --at;
  std::string_view head = line.substr(0, literal.begin - at > 2 ? literal.begin : at);
  while (!head.empty() && is_space(head.back())) head.remove_suffix(1);
  return head;
}

std::string_view behind(std::string_view line, const Literal& literal) {
  std::string_view tail = line.substr(literal.end);
  while (!tail.empty() && is_space(tail.front())) tail.remove_prefix(1);
  return tail;
}

// A name, not a value: "key": and 'key' =>, config["key"].
bool is_name(std::string_view line, const Literal& literal) {
  const std::string_view tail = behind(line, literal);
  return tail.starts_with(':') || tail.starts_with("=>") || tail.starts_with(']') || tail.starts_with("=") || tail.starts_with('.');
}

bool ends_as_assignment(std::string_view head) {
  if (head.ends_with("==") || head.ends_with("!=") || head.ends_with("<=") || head.ends_with("::")) return false;
  return head.ends_with('=') || head.ends_with("=>") || (head.ends_with(':') && !head.ends_with("?:"));
}

bool ends_as_fallback(std::string_view head) {
  constexpr std::array<std::string_view, 6> kEnds = {"||", "??", "?:", " or", "default=", "default ="};
  return std::any_of(kEnds.begin(), kEnds.end(), [head](std::string_view end) { return head.ends_with(end); });
}

constexpr std::array<std::string_view, 12> kKeyMakers = {
    "hmac256",       "hmac384",    "hmac512",   "setsigningkey",        "symmetricsecuritykey", "getbytes",
    "hmacshakeyfor", "withsecret", "macsigner", "textencoder().encode", "[]byte",               "signwith"};
constexpr std::array<std::string_view, 4> kTokenCalls = {"sign", "verify", "encode", "decode"};

// The name before the bracket that is open behind `head`, and how many arguments stand between.
struct Call {
  std::string name;  // in lower case
  size_t arguments = 0;
};
Call call_around(std::string_view head, const std::vector<Literal>& literals) {
  const auto in_call = [head](size_t at) { return is_word(head[at]) || std::string_view(".[]()").find(head[at]) != std::string_view::npos; };
  size_t depth = 0, earlier = literals.size();
  Call call;
  for (size_t at = head.size(); at-- > 0;) {
    while (earlier > 0 && literals[earlier - 1].begin > at) --earlier;
    if (earlier > 0 && at < literals[earlier - 1].end) {
      at = literals[earlier - 1].begin;
      continue;
    }
    const char c = head[at];
    if (c == ')' || c == ']' || c == '}') ++depth;
    else if ((c == '(' || c == '[' || c == '{') && depth > 0) --depth;
    else if (c == '[' || c == '{') return {};
    else if (c == ',' && depth == 0) ++call.arguments;
    else if (c == '(') {
      size_t begin = at;
      while (begin > 0 && at - begin < kLongestName && in_call(begin - 1)) --begin;
      call.name = lower_case(head.substr(begin, at - begin));
      return call;
    }
  }
  return {};
}

bool ends_with_name(std::string_view name, std::string_view wanted) {
  return name.ends_with(wanted) && (name.size() == wanted.size() || !is_word(name[name.size() - wanted.size() - 1]) || !is_word(wanted.front()));
}

bool is_key_of(const Call& call) {
  for (const std::string_view maker : kKeyMakers)
    if (ends_with_name(call.name, maker)) return maker == "signwith" ? call.arguments == 1 : call.arguments == 0;
  if (call.arguments != 1) return false;
  return std::any_of(kTokenCalls.begin(), kTokenCalls.end(), [&](std::string_view one) { return ends_with_name(call.name, one); });
}

// The name that ends before `at`: the last run without blanks, brackets and commas.
std::string_view name_before(std::string_view line, size_t at) {
  if (at == std::string_view::npos) return {};
  std::string_view head = line.substr(0, at);
  while (!head.empty() && is_space(head.back())) head.remove_suffix(1);
  return head.substr(head.find_last_of(" \t({,") + 1);
}

// "isPublic ? 'publicKey' : 'jwtSecret'" gives no name a value; "jwtSecret?: string = 'x'" and "a?.b = 'x'" do.
bool is_choice(std::string_view head) {
  for (size_t at = head.find('?'); at != std::string_view::npos; at = head.find('?', at + 1))
    if (at > 0 && head[at - 1] == ' ' && at + 1 < head.size() && head[at + 1] == ' ') return true;
  return false;
}

// Calls that read a setting and take what it is if it is not set.
bool is_getter(std::string_view call) {
  constexpr std::array<std::string_view, 7> kWords = {"env", "config", "get", "setting", "secret", "param", "fetch"};
  return std::any_of(kWords.begin(), kWords.end(), [call](std::string_view word) { return call.find(word) != std::string_view::npos; });
}

}  // namespace

std::string_view assigned_literal(std::string_view line) {
  line = line.substr(0, kLongestLine);
  const std::vector<Literal> literals = literals_of(line);
  // A line within a call: "KEY", "fallback"
  const bool is_within = !literals.empty() && literals.front().begin == 0 && line.find_first_of("=:") == std::string_view::npos;
  if (is_within) return inner(line, literals.back());
  std::string_view fallback;
  bool has_assignment = false;
  for (const Literal& one : literals) {
    const std::string_view head = before(line, one);
    if (is_name(line, one)) continue;
    if (ends_as_assignment(head) && !ends_as_fallback(head)) return inner(line, one);
    has_assignment = has_assignment || head.find('=') != std::string_view::npos || head.find(':') != std::string_view::npos;
    if (!has_assignment) continue;
    if (ends_as_fallback(head)) fallback = inner(line, one);
    else if (head.ends_with(',') && behind(line, one).starts_with(')') && is_getter(call_around(head, literals).name)) fallback = inner(line, one);
  }
  return fallback;
}

std::vector<std::string_view> signing_literals(std::string_view line) {
  line = line.substr(0, kLongestLine);
  const std::vector<Literal> literals = literals_of(line);
  std::vector<std::string_view> out;
  for (const Literal& one : literals) {
    if (is_name(line, one)) continue;
    const std::string_view head = before(line, one);
    if ((head.ends_with('(') || head.ends_with(',') || ends_as_fallback(head)) && is_key_of(call_around(head, literals))) out.push_back(inner(line, one));
  }
  // JWT_SECRET = "x", secretOrKey: 'x'
  const std::string_view assigned = assigned_literal(line);
  const size_t sign = line.find_first_of("=:");
  const std::string name = lower_case(assigned.empty() || is_choice(line.substr(0, sign)) ? std::string_view() : name_before(line, sign));
  const bool is_public = name.find("public") != std::string::npos || name.find("pubkey") != std::string::npos;
  const bool is_key = !is_public && (name.find("secret") != std::string::npos || name.find("key") != std::string::npos);
  const bool is_of_tokens = name.find("jwt") != std::string::npos || name.find("secretorkey") != std::string::npos ||
                            line.find("env.JWT_") != std::string_view::npos;
  if (is_key && is_of_tokens && std::find(out.begin(), out.end(), assigned) == out.end()) out.push_back(assigned);
  return out;
}

}  // namespace sealwarden
