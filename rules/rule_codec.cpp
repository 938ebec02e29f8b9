// SPDX-License-Identifier: Apache-2.0
#include "rules/rule_codec.h"

#include <bit>
#include <concepts>

namespace sealwarden {
namespace {

class Writer {
 public:
  void number(uint64_t value) {
    for (; value > 127; value >>= 7)
      out_ += static_cast<char>(value | 0x80);
    out_ += static_cast<char>(value);
  }
  void field(std::unsigned_integral auto value) { number(value); }
  void field(double value) {
    const auto bits = std::bit_cast<uint64_t>(value);
    for (int shift = 0; shift < 64; shift += 8)
      out_ += static_cast<char>(bits >> shift & 0xFF);
  }
  void field(const std::string& text) {
    number(text.size());
    out_ += text;
  }
  template <class Enum>
  void choice(Enum value, Enum /*last*/) {
    number(static_cast<uint64_t>(value));
  }
  template <class T, class Body>
  void list(const std::vector<T>& items, const Body& body) {
    number(items.size());
    for (const T& item : items)
      body(item);
  }
  template <class T, class Body>
  void maybe(const std::optional<T>& item, const Body& body) {
    number(item ? 1 : 0);
    if (item) body(*item);
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

// After the first fault every field reads as empty; look at ok() once at the end.
class Reader {
 public:
  explicit Reader(Bytes bytes) : rest_(bytes) {}

  uint64_t number() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) break;
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return value;
    }
    return spoil();
  }
  template <std::unsigned_integral T>
  void field(T& value) {
    const uint64_t wide = number();
    value = static_cast<T>(wide);
    if (value != wide) spoil();
  }
  void field(double& value) {
    uint64_t bits = 0;
    for (unsigned i = 0; i < 8 && i < rest_.size(); ++i)
      bits |= uint64_t{static_cast<unsigned char>(rest_[i])} << (8 * i);
    if (rest_.size() < 8)
      spoil();
    else
      rest_.remove_prefix(8);
    value = std::bit_cast<double>(bits);
  }
  void field(std::string& text) {
    const uint64_t size = count();
    text.assign(rest_.substr(0, size));
    rest_.remove_prefix(size);
  }
  template <class Enum>
  void choice(Enum& value, Enum last) {
    const uint64_t number_of_it = number();
    if (number_of_it > static_cast<uint64_t>(last))
      spoil();
    else
      value = static_cast<Enum>(number_of_it);
  }
  template <class T, class Body>
  void list(std::vector<T>& items, const Body& body) {
    items.resize(count());
    for (T& item : items)
      body(item);
  }
  template <class T, class Body>
  void maybe(std::optional<T>& item, const Body& body) {
    if (number() != 0) body(item.emplace());
  }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  // A number of things that take at least one byte each, so that no count asks for more memory than bytes
  // justify.
  uint64_t count() {
    const uint64_t value = number();
    return value <= rest_.size() ? value : spoil();
  }
  uint64_t spoil() {
    ok_ = false;
    rest_ = {};
    return 0;
  }

  Bytes rest_;
  bool ok_ = true;
};

// Each of these lists the fields once, for Writer and Reader alike.
template <class Archive, class Texts>
void texts(Archive& archive, Texts& items) {
  archive.list(items, [&](auto& item) { archive.field(item); });
}

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
  texts(archive, confirm.magic);
  archive.field(confirm.magic_offset);
  archive.field(confirm.regex);
  archive.field(confirm.not_regex);
  archive.field(confirm.min_size);
}

template <class Archive, class T>
void decisive_fields(Archive& archive, T& rule) {
  archive.field(rule.id);
  archive.field(rule.name);
  archive.choice(rule.kind, RuleKind::file);
  archive.choice(rule.severity, Severity::critical);
  archive.choice(rule.confidence, Confidence::high);
  archive.choice(rule.rank, Rank::checksum);
  archive.field(rule.regex);
  archive.field(rule.group);
  archive.field(rule.max_length);
  texts(archive, rule.keywords);
  archive.list(rule.anchors, [&](auto& anchor) { anchor_fields(archive, anchor); });
  archive.maybe(rule.entropy, [&](auto& entropy) { entropy_fields(archive, entropy); });
  archive.choice(rule.checksum, kLastChecksum);
  texts(archive, rule.stopwords);
  texts(archive, rule.ignore);
  texts(archive, rule.paths);
  texts(archive, rule.not_paths);
  confirm_fields(archive, rule.confirm);
  texts(archive, rule.aliases);
}

template <class Archive, class T>
void prose_fields(Archive& archive, T& rule) {
  archive.field(rule.title);
  texts(archive, rule.cwe);
  archive.field(rule.advice);
  archive.field(rule.url);
  texts(archive, rule.equivalents);
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
}

template <class Archive, class T>
void allow_fields(Archive& archive, T& allow) {
  texts(archive, allow.rules);
  texts(archive, allow.paths);
  archive.field(allow.regex);
  texts(archive, allow.stopwords);
  texts(archive, allow.commits);
  archive.field(allow.why);
  archive.maybe(allow.until, [&](auto& day) { archive.field(day); });
}

}  // namespace

std::string encode_rules(const std::vector<Rule>& rules) {
  Writer writer;
  writer.list(rules, [&](const Rule& rule) {
    decisive_fields(writer, rule);
    prose_fields(writer, rule);
  });
  return writer.take();
}

std::string encode_tests(const std::vector<Rule>& rules) {
  Writer writer;
  writer.list(rules, [&](const Rule& rule) {
    writer.list(rule.tests, [&](const RuleTest& test) { test_fields(writer, test); });
  });
  return writer.take();
}

Result<std::vector<Rule>> decode_rules(Bytes bytes) {
  Reader reader(bytes);
  std::vector<Rule> rules;
  reader.list(rules, [&](Rule& rule) {
    decisive_fields(reader, rule);
    prose_fields(reader, rule);
  });
  if (!reader.ok() || !reader.at_end()) return fail(Error::Kind::corrupt, "encoded rules are damaged");
  return rules;
}

Result<void> decode_tests(Bytes bytes, std::vector<Rule>& rules) {
  Reader reader(bytes);
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

std::string encode_decisive(const Rule& rule) {
  Writer writer;
  decisive_fields(writer, rule);
  writer.field(rule.disabled);
  return writer.take();
}

std::string encode_decisive(const Allow& allow) {
  Writer writer;
  allow_fields(writer, allow);
  return writer.take();
}

}  // namespace sealwarden
