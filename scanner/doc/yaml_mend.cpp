// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/yaml_mend.h"

#include <algorithm>

namespace sealwarden {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

void sort_unique(std::vector<uint32_t>& places) {
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
}

void trim(std::string_view& text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
}

// Whether tabs between `before`, of the same line, and `rest` only separate: before nothing, a comment, or an item's scalar.
bool only_separates(std::string_view before, std::string_view rest) {
  trim(before);
  trim(rest);
  if (rest.empty() || rest.front() == '#') return true;
  if (before.empty()) return false;
  if (rest.front() == '[' || rest.front() == '{') return true;
  const bool nested = rest == "-" || rest.starts_with("- ") || rest.starts_with("-\t") || rest.starts_with("?") ||
                      rest.find(": ") != std::string_view::npos || rest.find(":\t") != std::string_view::npos || rest.ends_with(':');
  return !nested;
}

// The first tabs of each line from `at` on that stand behind blanks and indicators alone.
void mend_lines(std::string_view text, size_t at, YamlMends& mends) {
  at = text.substr(0, at).find_last_of("\r\n") + 1;  // npos + 1 is 0
  while (at < text.size()) {
    const size_t end = std::min(text.find_first_of("\r\n", at), text.size());
    const std::string_view line = text.substr(at, end - at);
    const size_t tab = std::min(line.find_first_not_of(" -?:"), line.size());
    if (tab < line.size() && line[tab] == '\t' && only_separates(line.substr(0, tab), line.substr(tab)))
      for (size_t i = tab; i < line.size() && line[i] == '\t'; ++i) mends.blanks.push_back(static_cast<uint32_t>(at + i));
    at = end + 1;
  }
}

}  // namespace

void mend_tabs(std::string_view text, const std::vector<YamlBadTab>& tabs, YamlMends& mends) {
  uint32_t first = UINT32_MAX;
  for (const YamlBadTab& tab : tabs) {
    if (tab.in_block) mends.letters.push_back(tab.at);
    else first = std::min(first, tab.at);
  }
  if (first < text.size()) mend_lines(text, first, mends);
  sort_unique(mends.blanks);
  sort_unique(mends.letters);
}

void mend_flow_starts(std::string_view text, YamlMends& mends) {
  char before = '\n';  // the last byte that is no blank
  for (size_t at = 0; at + 1 < text.size(); ++at) {
    const char c = text[at];
    if (c == ' ' || c == '\t') continue;
    const bool opens = before == '[' || before == '{' || before == ',' || (before == ':' && c == ':' && is_space(text[at - 1]));
    if (opens && (c == ':' || c == '?') && !is_space(text[at + 1]) && std::string_view(",[]{}").find(text[at + 1]) == std::string_view::npos)
      mends.letters.push_back(static_cast<uint32_t>(at));
    before = c;
  }
  sort_unique(mends.letters);
}

}  // namespace sealwarden
