// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <random>
#include <string>

#include "scanner/app/judged_list.h"
#include "tests/support/catch.h"

using namespace sealwarden;

namespace {

// Rules on documents, the last id first.
RuleSet rules_of(uint32_t count) {
  RuleSet set;
  for (uint32_t i = 0; i < count; ++i) {
    Rule rule;
    rule.id = "CFG-TST-" + std::to_string(900 - i);
    rule.kind = RuleKind::config;
    rule.policy.emplace();
    set.rules.push_back(std::move(rule));
  }
  return set;
}

std::string told(const JudgedFiles& files) {
  std::string out;
  for (const auto& [path, documents] : files.files)
    for (const JudgedFiles::Document& one : documents) {
      out += path + ":" + std::to_string(one.region.start_line) + one.name;
      for (const uint32_t rule : one.passed) out += " " + files.rules[rule].id.substr(8);
      out += "; ";
    }
  for (const uint32_t rule : files.not_applicable) out += "none " + files.rules[rule].id.substr(8) + "; ";
  return out + files.left_out_from.value_or("");
}

}  // namespace

TEST_CASE("a rule passes if it does each time that the document is judged") {
  const RuleSet rules = rules_of(4);
  JudgedList list(rules);
  const std::string text = "a\n---\nb\n";
  list.add("x", text, {{{0, 1}, "A", {0, 1}, {}}, {{6, 7}, "B", {0}, {1}}});
  list.add("x", text, {{{0, 1}, "A", {2}, {1}}});
  list.add_file("y", 1, false);
  list.add_file("w", 2, true);
  CHECK(told(list.take()) == "w:1 898; x:1A 898 900; x:3B 900; none 897; ");
}

TEST_CASE("what does not fit is left out by its path, in whatever order files come") {
  const RuleSet rules = rules_of(40);
  std::vector<std::pair<std::string, size_t>> files;
  for (size_t i = 0; i < 60; ++i) files.emplace_back("d/" + std::to_string(100 + i * 7 % 60), 1 + i % 5);
  std::mt19937 random(7);
  std::string first;
  for (int round = 0; round < 20; ++round) {
    std::shuffle(files.begin(), files.end(), random);
    JudgedList list(rules, 8000);
    for (const auto& [path, count] : files)
      for (size_t part = 0; part < count; ++part) {
        const auto rule = static_cast<uint32_t>((count * 7 + part) % 40);
        list.add(path, "abcdef", {{{static_cast<uint32_t>(part), 6}, "", {rule}, {}}});
        list.add(path, "abcdef", {{{0, 6}, "", {}, {(rule + 1) % 40}}});
      }
    const std::string now = told(list.take());
    if (round == 0) first = now;
    CHECK(now == first);
  }
  CHECK(first.find("d/100:") != std::string::npos);
  CHECK(first.find("d/159:") == std::string::npos);
  CHECK(first.substr(first.rfind(' ') + 1).starts_with("d/1"));
}
