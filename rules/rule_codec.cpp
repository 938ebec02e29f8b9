// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_codec.h"

#include "rules/codec_archive.h"
#include "rules/policy_codec.h"

namespace sealwarden {
namespace {

// Each of these lists the fields once, for CodecWriter and CodecReader alike.
template <class Archive, class T>
void anchor_fields(Archive& archive, T& anchor) {
  archive.field(anchor.regex);
  archive.field(anchor.before);
  archive.field(anchor.after);
}

template <class Archive, class T>
void entropy_fields(Archive& archive, T& entropy) {
  archive.field(entropy.digits);
  archive.field(entropy.hex);
  archive.field(entropy.base36);
  archive.field(entropy.base62);
  archive.field(entropy.base64);
  archive.field(entropy.any);
}

template <class Archive, class T>
void confirm_fields(Archive& archive, T& confirm) {
  text_fields(archive, confirm.magic);
  archive.field(confirm.magic_offset);
  archive.field(confirm.regex);
  archive.field(confirm.not_regex);
  archive.field(confirm.min_size);
}

template <class Archive, class T>
void decisive_fields(Archive& archive, T& rule) {
  archive.field(rule.id);
  archive.field(rule.name);
  archive.choice(rule.kind, RuleKind::pair);
  archive.choice(rule.severity, Severity::critical);
  archive.choice(rule.confidence, Confidence::high);
  archive.choice(rule.rank, Rank::checksum);
  archive.choice(rule.reader, Rule::Reader::assigned_secret);
  archive.field(rule.regex);
  archive.field(rule.group);
  archive.field(rule.max_length);
  text_fields(archive, rule.keywords);
  archive.list(rule.anchors, [&](auto& anchor) { anchor_fields(archive, anchor); });
  archive.maybe(rule.entropy, [&](auto& entropy) { entropy_fields(archive, entropy); });
  archive.choice(rule.checksum, kLastChecksum);
  text_fields(archive, rule.stopwords);
  text_fields(archive, rule.ignore);
  glob_fields(archive, rule.paths);
  glob_fields(archive, rule.not_paths);
  confirm_fields(archive, rule.confirm);
  archive.maybe(rule.policy, [&](auto& part) { decisive_policy_fields(archive, part); });
  text_fields(archive, rule.aliases);
}

template <class Archive, class T>
void prose_fields(Archive& archive, T& rule) {
  archive.field(rule.title);
  if (rule.policy) prose_policy_fields(archive, *rule.policy);
  text_fields(archive, rule.cwe);
  text_fields(archive, rule.owasp);
  text_fields(archive, rule.cis);
  text_fields(archive, rule.ssdf);
  archive.field(rule.why);
  archive.field(rule.advice);
  archive.field(rule.example);
  archive.field(rule.url);
  text_fields(archive, rule.equivalents);
  archive.field(rule.origin);
}

template <class Archive, class T>
void recipe_fields(Archive& archive, T& recipe) {
  archive.field(recipe.prefix);
  archive.field(recipe.alphabet);
  archive.field(recipe.length);
  archive.choice(recipe.checksum, kLastChecksum);
  archive.field(recipe.suffix);
  archive.field(recipe.damage);
}

template <class Archive, class T>
void test_fields(Archive& archive, T& test) {
  archive.field(test.name);
  archive.field(test.path);
  archive.field(test.text);
  archive.field(test.encoding);
  archive.maybe(test.make, [&](auto& recipe) { recipe_fields(archive, recipe); });
  archive.list(test.expect_lines, [&](auto& line) { archive.field(line); });
  archive.maybe(test.expect_count, [&](auto& count) { archive.field(count); });
  archive.field(test.expect_secret);
  archive.list(test.files, [&](auto& file) {
    archive.field(file.first);
    archive.field(file.second);
  });
  archive.maybe(test.old, [&](auto& text) { archive.field(text); });
  archive.maybe(test.expect_kind, [&](auto& kind) { archive.choice(kind, Finding::Kind::open); });
  archive.field(test.expect_node);
  archive.maybe(test.expect_severity, [&](auto& severity) { archive.choice(severity, Severity::critical); });
}

template <class Archive, class T>
void allow_fields(Archive& archive, T& allow) {
  text_fields(archive, allow.rules);
  text_fields(archive, allow.paths);
  archive.field(allow.regex);
  text_fields(archive, allow.stopwords);
  text_fields(archive, allow.commits);
  archive.field(allow.why);
  archive.maybe(allow.until, [&](auto& day) { archive.field(day); });
}

}  // namespace

std::string encode_rules(const std::vector<Rule>& rules) {
  CodecWriter writer;
  writer.list(rules, [&](const Rule& rule) {
    decisive_fields(writer, rule);
    prose_fields(writer, rule);
  });
  return writer.take();
}

std::string encode_tests(const std::vector<Rule>& rules) {
  CodecWriter writer;
  writer.list(rules, [&](const Rule& rule) {
    writer.list(rule.tests, [&](const RuleTest& test) { test_fields(writer, test); });
  });
  return writer.take();
}

Result<std::vector<Rule>> decode_rules(Bytes bytes) {
  CodecReader reader(bytes);
  std::vector<Rule> rules;
  reader.list(rules, [&](Rule& rule) {
    decisive_fields(reader, rule);
    prose_fields(reader, rule);
  });
  if (!reader.ok() || !reader.at_end()) return fail(Error::Kind::corrupt, "encoded rules are damaged");
  return rules;
}

Result<void> decode_tests(Bytes bytes, std::vector<Rule>& rules) {
  CodecReader reader(bytes);
  std::vector<std::vector<RuleTest>> tests;
  reader.list(tests, [&](std::vector<RuleTest>& of_rule) {
    reader.list(of_rule, [&](RuleTest& test) { test_fields(reader, test); });
  });
  if (!reader.ok() || !reader.at_end() || tests.size() != rules.size())
    return fail(Error::Kind::corrupt, "encoded rule tests are damaged");
  for (size_t i = 0; i < rules.size(); ++i)
    rules[i].tests = std::move(tests[i]);
  return {};
}

std::string encode_vocabulary(const Vocabulary& words) {
  CodecWriter writer;
  vocabulary_fields(writer, words);
  writer.list(words.kinds, [&](const DocumentKind& kind) { writer.field(kind.origin); });
  writer.list(words.lexicons, [&](const TokenLexicon& lexicon) { writer.field(lexicon.origin); });
  return writer.take();
}

Result<Vocabulary> decode_vocabulary(Bytes bytes) {
  CodecReader reader(bytes);
  Vocabulary words;
  vocabulary_fields(reader, words);
  std::vector<std::string> kinds, lexicons;
  text_fields(reader, kinds);
  text_fields(reader, lexicons);
  const bool whole = kinds.size() == words.kinds.size() && lexicons.size() == words.lexicons.size();
  if (!reader.ok() || !reader.at_end() || !whole) return fail(Error::Kind::corrupt, "encoded kinds of documents are damaged");
  for (size_t i = 0; i < kinds.size(); ++i) words.kinds[i].origin = std::move(kinds[i]);
  for (size_t i = 0; i < lexicons.size(); ++i) words.lexicons[i].origin = std::move(lexicons[i]);
  return words;
}

std::string encode_decisive(const Vocabulary& words) {
  CodecWriter writer;
  vocabulary_fields(writer, words);
  return writer.take();
}

std::string encode_decisive(const Rule& rule) {
  CodecWriter writer;
  decisive_fields(writer, rule);
  writer.field(rule.disabled);
  return writer.take();
}

std::string encode_decisive(const Allow& allow) {
  CodecWriter writer;
  allow_fields(writer, allow);
  return writer.take();
}

}  // namespace sealwarden
