// SPDX-License-Identifier: Apache-2.0
#include "scanner/app/judged_list.h"

#include <algorithm>
#include <iterator>

#include "scanner/base/lines.h"

namespace sealwarden {
namespace {

constexpr size_t kFileCost = 128, kDocumentCost = 160, kRuleCost = 64;

std::vector<uint32_t> joined(const std::vector<uint32_t>& a, const std::vector<uint32_t>& b) {
  std::vector<uint32_t> out;
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
  return out;
}

std::vector<uint32_t> without(const std::vector<uint32_t>& a, const std::vector<uint32_t>& b) {
  std::vector<uint32_t> out;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
  return out;
}

}  // namespace

void JudgedList::add(const std::string& path, Bytes bytes, const std::vector<JudgedDocument>& documents) {
  Lines lines(bytes);
  std::vector<Region> regions;
  for (const JudgedDocument& one : documents) regions.push_back(lines.region(one.span.begin, one.span.end));
  const std::lock_guard lock(mutex_);
  for (size_t i = 0; i < documents.size(); ++i)
    note(path, {documents[i].span, documents[i].name}, {regions[i], documents[i].passed, documents[i].others});
}

void JudgedList::add_file(const std::string& path, uint32_t rule, bool passed) {
  const std::lock_guard lock(mutex_);
  Entry entry;
  (passed ? entry.passed : entry.others).push_back(rule);
  note(path, {}, entry);
}

// Grows only, whatever comes: so what is kept in the end hangs on what came and not on the order.
size_t JudgedList::cost_of(const std::string& name, const Entry& entry) {
  return kDocumentCost + name.size() + kRuleCost * joined(entry.passed, entry.others).size();
}

void JudgedList::note(const std::string& path, const std::pair<Span, std::string>& document, const Entry& entry) {
  for (const std::vector<uint32_t>* list : {&entry.passed, &entry.others})
    for (const uint32_t rule : *list) is_about_something_[rule] = true;
  if (first_dropped_ && path >= *first_dropped_) return;
  const auto [file, is_new_file] = files_.try_emplace(path);
  if (is_new_file) used_ += kFileCost + path.size();
  const auto [at, is_new] = file->second.try_emplace(document);
  Entry& known = at->second;
  if (!is_new) used_ -= cost_of(document.second, known);
  known.region = entry.region;
  known.others = joined(known.others, entry.others);
  known.passed = without(joined(known.passed, entry.passed), known.others);
  used_ += cost_of(document.second, known);
  keep_within_budget();
}

void JudgedList::keep_within_budget() {
  while (used_ > budget_) {
    const auto last = std::prev(files_.end());
    used_ -= kFileCost + last->first.size();
    for (const auto& [document, entry] : last->second) used_ -= cost_of(document.second, entry);
    first_dropped_ = last->first;
    files_.erase(last);
  }
}

JudgedFiles JudgedList::take() {
  const std::lock_guard lock(mutex_);
  JudgedFiles out;
  std::vector<uint32_t> sorted;
  for (uint32_t i = 0; i < rules_.rules.size(); ++i)
    if (rules_.rules[i].policy && !rules_.rules[i].disabled) sorted.push_back(i);
  std::sort(sorted.begin(), sorted.end(), [&](uint32_t a, uint32_t b) { return rules_.rules[a].id < rules_.rules[b].id; });
  std::vector<uint32_t> number(rules_.rules.size());
  for (uint32_t i = 0; i < sorted.size(); ++i) {
    number[sorted[i]] = i;
    out.rules.push_back(rules_.rules[sorted[i]]);
    if (!is_about_something_[sorted[i]]) out.not_applicable.push_back(i);
  }
  for (auto& [path, file] : files_)
    for (auto& [document, entry] : file) {
      if (entry.passed.empty()) continue;
      for (uint32_t& rule : entry.passed) rule = number[rule];
      std::sort(entry.passed.begin(), entry.passed.end());
      out.files[path].push_back({document.second, entry.region, std::move(entry.passed)});
    }
  out.left_out_from = std::move(first_dropped_);
  files_.clear();
  return out;
}

}  // namespace sealwarden
