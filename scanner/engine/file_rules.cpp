// SPDX-License-Identifier: Apache-2.0
#include "scanner/engine/file_rules.h"

#include <re2/re2.h>

#include <algorithm>

#include "scanner/base/glob.h"

namespace sealwarden {
namespace {

bool is_plain(std::string_view text) { return text.find_first_of("*?[]{}\\") == std::string_view::npos; }

// Of a glob's parts between its wildcards the longest; empty if classes or quotes make it hard to say what is fixed.
std::string longest_part(std::string_view glob) {
  std::string_view longest;
  if (glob.find_first_of("[\\") != std::string_view::npos) return {};
  while (!glob.empty()) {
    const std::string_view part = glob.substr(0, glob.find_first_of("*?"));
    if (part.size() > longest.size()) longest = part;
    glob.remove_prefix(std::min(glob.size(), part.size() + 1));
  }
  return std::string(longest);
}

bool found(const re2::RE2& expression, Bytes content) {
  return expression.Match({content.data(), content.size()}, 0, content.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

}  // namespace

FileRuleIndex::FileRuleIndex(const RuleSet& rules) {
  for (uint32_t i = 0; i < rules.rules.size(); ++i) {
    const Rule& rule = rules.rules[i];
    if (rule.kind != RuleKind::file || rule.disabled) continue;
    for (const std::string& path : rule.paths)
      for (const std::string& glob : expand_braces(path)) add(std::string_view(glob).substr(glob.rfind('/') + 1), i);
  }
}

void FileRuleIndex::add(std::string_view last, uint32_t rule) {
  if (is_plain(last)) {
    by_name_[std::string(last)].push_back(rule);
  } else if (last.size() > 2 && last.starts_with("*.") && is_plain(last.substr(1)) &&
             last.find('.', 2) == std::string_view::npos) {
    by_suffix_[std::string(last.substr(1))].push_back(rule);
  } else {
    const size_t first = last.find_first_of("*?[\\"), final = last.find_last_of("*?]\\");
    other_.push_back({std::string(last.substr(0, first)), std::string(last.substr(final + 1)), longest_part(last), std::string(last), rule});
  }
}

void FileRuleIndex::candidates(std::string_view name, std::vector<uint32_t>& out) const {
  out.clear();
  const auto take = [&](const auto& table, std::string_view key) {
    if (const auto found_at = table.find(std::string(key)); found_at != table.end())
      out.insert(out.end(), found_at->second.begin(), found_at->second.end());
  };
  take(by_name_, name);
  if (const size_t dot = name.rfind('.'); dot != std::string_view::npos) take(by_suffix_, name.substr(dot));
  for (const Pattern& one : other_)
    if (name.starts_with(one.start) && name.ends_with(one.end) && name.find(one.part) != std::string_view::npos &&
        glob_matches(one.glob, name))
      out.push_back(one.rule);
  if (out.size() < 2) return;
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
}

bool file_rule_confirms(const CompiledRules& rules, uint32_t index, Bytes content) {
  const FileConfirm& confirm = rules.rule(index).confirm;
  if (content.size() < confirm.min_size) return false;
  if (!confirm.magic.empty()) {
    const Bytes at = content.substr(std::min<size_t>(confirm.magic_offset, content.size()));
    if (std::none_of(confirm.magic.begin(), confirm.magic.end(), [&](const std::string& magic) { return at.starts_with(magic); }))
      return false;
  }
  if (content.starts_with("\xEF\xBB\xBF")) content.remove_prefix(3);  // a byte order mark, before which no line begins
  const re2::RE2* wanted = rules.confirm_matcher(index);
  const re2::RE2* unwanted = rules.refuse_matcher(index);
  return (wanted == nullptr || found(*wanted, content)) && (unwanted == nullptr || !found(*unwanted, content));
}

}  // namespace sealwarden
