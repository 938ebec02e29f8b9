// SPDX-License-Identifier: Apache-2.0
#include "report/redactor.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "report/encodings.h"
#include "report/utf8.h"

namespace sealwarden {
namespace {

std::string escape_byte(char byte) {
  char text[8];
  std::snprintf(text, sizeof text, "\\x%02x", static_cast<unsigned char>(byte));
  return text;
}

void append_escaped(std::string& out, std::string_view bytes, uint32_t code) {
  if (code < 0x80 || bytes.size() == 1) {
    out += escape_byte(bytes[0]);
    return;
  }
  char text[16];
  std::snprintf(text, sizeof text, "\\u%04x", static_cast<unsigned>(code));
  out += text;
}

bool starts_command(std::string_view text) { return text.starts_with("##[") || text.starts_with("##vso["); }

// Takes one character, or one byte that is no UTF-8, off `text` and appends it as it may be shown.
void append_shown(std::string& out, std::string_view& text) {
  const Character character = first_character(text);
  const size_t length = std::max<size_t>(1, character.length);
  const std::string_view bytes = text.substr(0, length);
  if (character.length == 0 || is_control(character.code) || starts_command(text))
    append_escaped(out, bytes, character.code);
  else
    out += bytes;
  text.remove_prefix(length);
}

bool only_in_blobs(const Finding& finding) {
  return std::all_of(finding.places.begin(), finding.places.end(),
                     [](const Place& place) { return place.carrier == Carrier::blob; });
}

size_t head_of(std::string_view text) {
  uint32_t head = 0;
  std::memcpy(&head, text.data(), sizeof head);
  return head * 0x9E3779B1u >> 14;
}

size_t common_prefix(std::string_view a, std::string_view b) {
  const size_t most = std::min(a.size(), b.size());
  return static_cast<size_t>(
      std::mismatch(a.begin(), a.begin() + static_cast<ptrdiff_t>(most), b.begin()).first - a.begin());
}

bool is_port(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Where the host starts in what follows "scheme://".
size_t host_start(std::string_view rest) {
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (const size_t at = authority.rfind('@'); at != authority.npos) return at + 1;
  // "user:pa/ss@host": no proper URL, but a password all the same.
  const size_t colon = authority.find(':');
  if (colon == authority.npos || authority.starts_with('[') || is_port(authority.substr(colon + 1))) return 0;
  const size_t at = rest.find('@');
  return at == rest.npos ? 0 : at + 1;
}

}  // namespace

std::string redacted(const Secret& secret) {
  std::string_view rest = secret.reveal();
  const size_t most = rest.size() / 4;
  std::string out;
  for (size_t shown = 0, used = 0; shown < 4; ++shown) {
    const size_t length = std::max<size_t>(1, first_character(rest).length);
    if (used + length > most) break;
    used += length;
    append_shown(out, rest);
  }
  return out + "…(" + std::to_string(secret.size()) + ")";
}

std::string without_user_information(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme != url.npos) {
    const std::string_view rest = url.substr(scheme + 3);
    return std::string(url.substr(0, scheme + 3)).append(rest.substr(host_start(rest)));
  }
  const size_t at = url.find('@'), colon = url.find(':'), slash = url.find('/');
  const bool has_password = at != url.npos && colon < at && at < slash;
  return std::string(has_password ? url.substr(at + 1) : url);
}

std::string escape_for_terminal(std::string_view text) {
  std::string out;
  const size_t start = std::min(text.find_first_not_of(" \t"), text.size());
  if (text.substr(start).starts_with("::")) {
    out.append(text.substr(0, start)).append(escape_byte(':'));
    text.remove_prefix(start + 1);
  }
  while (!text.empty())
    append_shown(out, text);
  return out;
}

Redactor::Redactor(const std::vector<Finding>& findings) {
  for (const Finding& finding : findings)
    if (!finding.ordinary_word || !only_in_blobs(finding)) add(finding.secret);
}

void Redactor::add(const Secret& secret) {
  if (needles_.contains(secret.reveal())) return;
  const std::string shown = redacted(secret);
  for (std::string& form : encoded_forms(secret.reveal())) {
    heads_.set(head_of(form));
    needles_.emplace(std::move(form), shown);
  }
}

// The longest needle that `text` starts with. Of all needles not greater than the text the greatest is looked
// at; if it is no prefix, then a prefix can only be what both have in common or shorter.
Redactor::Match Redactor::longest_at(std::string_view text) const {
  for (std::string_view key = text;;) {
    auto after = needles_.upper_bound(key);
    if (after == needles_.begin()) return {};
    const auto& [needle, shown] = *std::prev(after);
    const size_t common = common_prefix(needle, text);
    if (common == needle.size()) return {common, &shown};
    key = text.substr(0, common);
  }
}

std::string Redactor::operator()(std::string_view text) const {
  std::string out;
  size_t copied = 0;   // text before this is in `out`
  size_t covered = 0;  // end of the run of overlapping secrets that is being left out
  for (size_t i = 0; i + 4 <= text.size(); ++i) {
    if (!heads_[head_of(text.substr(i))]) continue;
    const Match match = longest_at(text.substr(i));
    if (match.length == 0) continue;
    if (i >= covered) {
      out.append(text.substr(copied, i - copied)).append(*match.shown);
      covered = i;
    }
    covered = std::max(covered, i + match.length);
    copied = covered;
  }
  return out.append(text.substr(copied));
}

}  // namespace sealwarden
