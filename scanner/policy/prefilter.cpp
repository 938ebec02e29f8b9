// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/prefilter.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "scanner/base/ascii.h"

namespace sealwarden {

// What no node on a path can be without: its keys, and values that the path asks for.
struct Prefilter::Keys {
  std::vector<std::string> words;
  std::vector<GlobList> files;
  std::vector<Pair> pairs;
  bool is_list = false;  // the document is a list
  [[nodiscard]] bool empty() const { return words.empty() && files.empty(); }
};

namespace {

using Keys = Prefilter::Keys;
using Words = std::vector<std::string>;

// Beginnings of what can stand for a letter, or for nothing, in JSON, YAML, TOML and properties.
constexpr std::array<std::string_view, 18> kEscapes = {"\\u004", "\\u005", "\\u006", "\\u007", "\\uu", "\\U0000004", "\\U0000005", "\\U0000006", "\\U0000007",
                                                       "\\x4", "\\x5", "\\x6", "\\x7", "\\\n", "\\\r", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"};

bool is_plain_key(const PathStep& step) { return step.kind == PathStep::Kind::key && step.names.size() == 1 && !step.ignore_case && !step.is_glob; }

// Documents of these formats have each key as it is in the file.
void add_keys(const DocumentPath& path, Keys& out) {
  for (const PathStep& step : path.steps) {
    if (step.kind == PathStep::Kind::parent || step.kind == PathStep::Kind::old || step.kind == PathStep::Kind::resolver) return;
    if (is_plain_key(step)) out.words.push_back(step.names.front());
    if (step.kind != PathStep::Kind::where || step.compare != PathStep::Compare::equals || step.where.size() != 1 || !is_plain_key(step.where.front()))
      continue;
    out.words.push_back(step.where.front().names.front());
    // The value alone is none of the words: a variable of another file can give it.
    out.pairs.push_back({step.where.front().names.front(), step.operand});
  }
}

// Whether the test fails on what is not there.
bool asks_for_presence(const NodeTest& test) {
  switch (test.op) {
    case NodeTest::Op::exists:
    case NodeTest::Op::in:
    case NodeTest::Op::matches:
    case NodeTest::Op::lexicon:
    case NodeTest::Op::glob: return test.wanted;
    case NodeTest::Op::type: return test.wanted && std::find(test.texts.begin(), test.texts.end(), "null") == test.texts.end();
    default: return false;
  }
}

void add_keys(const std::vector<Condition>& conditions, Keys& out) {
  for (const Condition& one : conditions) {
    if (one.kind == Condition::Kind::all) add_keys(one.children, out);
    if (one.kind == Condition::Kind::file) out.files.emplace_back(one.names);
    if (one.kind != Condition::Kind::test || std::none_of(one.tests.begin(), one.tests.end(), asks_for_presence)) continue;
    add_keys(one.path, out);
    for (const NodeTest& test : one.tests)
      if (one.path.steps.empty() && test.op == NodeTest::Op::type && test.wanted && test.texts == Words{"sequence"}) out.is_list = true;
      else if (test.op == NodeTest::Op::in && test.wanted && !test.ignore_case && test.texts.size() == 1 &&
               one.path.steps.size() == 1 && is_plain_key(one.path.steps.front()))
        out.pairs.push_back({one.path.steps.front().names.front(), test.texts.front()});
  }
}

// Of a path with alternatives at a step each of them.
bool add_names(const Condition& condition, std::vector<Keys>& out) {
  if (condition.kind != Condition::Kind::test || std::none_of(condition.tests.begin(), condition.tests.end(), asks_for_presence)) return false;
  const auto& steps = condition.path.steps;
  if (std::any_of(steps.begin(), steps.end(), [](const PathStep& step) {
        return step.kind == PathStep::Kind::parent || step.kind == PathStep::Kind::old;
      }))
    return false;
  const auto choice = std::find_if(steps.begin(), steps.end(), [](const PathStep& step) {
    return step.kind == PathStep::Kind::key && step.names.size() > 1 && !step.ignore_case && !step.is_glob;
  });
  if (choice == steps.end()) return false;
  for (const std::string& name : choice->names) out.emplace_back().words.push_back(name);
  return true;
}

// Of conditions that leave a choice (`any`, a path with alternatives at its front) what each alternative needs.
void add_choices(const std::vector<Condition>& conditions, std::vector<std::vector<Keys>>& out) {
  for (const Condition& one : conditions) {
    std::vector<Keys> choices;
    if (one.kind == Condition::Kind::test) add_names(one, choices);
    if (one.kind == Condition::Kind::any)
      for (const Condition& child : one.children) {
        Keys keys;
        add_keys({child}, keys);
        if (!keys.empty() || !add_names(child, choices)) choices.push_back(std::move(keys));
      }
    if (!choices.empty() && std::none_of(choices.begin(), choices.end(), [](const Keys& keys) { return keys.empty(); })) out.push_back(std::move(choices));
  }
}

// Formats whose trees have keys that the file has not.
bool makes_up_keys(std::string_view format) {
  return format == "dockerfile" || format == "nginx" || format == "markdown" || format == "lines" || format == "source" || format == "dotenv";
}

bool has_keys_of_file(const DocumentKind& kind) {
  return !kind.formats.empty() && std::none_of(kind.formats.begin(), kind.formats.end(), makes_up_keys);
}

// Where a pair is `key: value`.
bool has_pairs(const DocumentKind& kind) {
  return !kind.formats.empty() && std::all_of(kind.formats.begin(), kind.formats.end(), [](const std::string& one) { return one == "yaml" || one == "json"; });
}

// Whether `text` may have the key with this value, in YAML or JSON: "key: value", in quotes or not, on one line or two, or within a
// string, where quotes have backslashes. No is certain: what stands behind each key of this name is another word, or a list. Linear.
bool may_have_pair(Bytes text, std::string_view key, std::string_view value) {
  constexpr size_t kLookedAt = 160;
  const auto skip = [&](size_t at, std::string_view chars) { return std::min(text.find_first_not_of(chars, at), text.size()); };
  for (size_t found = text.find(key); found != Bytes::npos; found = text.find(key, found + 1)) {
    // A line that begins with a comment has no keys.
    const size_t seen = std::min(found, kLookedAt);
    const size_t feed = text.substr(found - seen, seen).find_last_of("\r\n");
    const size_t line = feed == Bytes::npos ? found - seen : found - seen + feed + 1;
    if ((feed != Bytes::npos || seen == found) && skip(line, " \t") < found && text[skip(line, " \t")] == '#') continue;
    size_t at = skip(found + key.size(), "\"'\\ \t\r\n");
    if (at < text.size() && (text[at] == '#' || text[at] == '/')) return true;  // a comment before the colon
    if (at == text.size() || text[at] != ':') continue;
    const size_t behind = ++at;
    at = skip(at, " \t\r\n\"'");
    if (text.substr(behind, 1) == "\\" || text.substr(at, 1) == "\\") at = skip(at, "\"'\\ \t\r\n");
    if (at == text.size()) continue;
    const char first = text[at];
    if (is_letter(first) || is_digit(first) || first == '_' || first == '-') {
      if (text.substr(at).starts_with(value) || text[at - 1] == '\\') return true;
      continue;
    }
    // A comment, a reference, a template: more than this looks at.
    return true;
  }
  return false;
}

// Whether a document of a YAML file could be a list: by the first line of each that is no comment.
bool may_be_list(Bytes text) {
  bool at_start = true;
  size_t begin = 0, close = 0;  // the next `---` and `...` behind a line
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    Bytes line = text.substr(at, end - at);
    at = end + 1;
    if (line.starts_with("---") || line.starts_with("...")) {
      at_start = true;
      line.remove_prefix(3);
    }
    if (!at_start) continue;
    const size_t first = line.find_first_not_of(" \t\r\xEF\xBB\xBF");
    if (line.find('\r') < line.size() - 1) return true;
    if (first == Bytes::npos || line[first] == '#' || line[first] == '%') continue;
    // Behind a tag, an anchor or a template anything can stand.
    if (Bytes("-[!&{*<").find(line[first]) != Bytes::npos) return true;
    at_start = false;
    // On to the next document.
    if (begin < end) begin = text.find("\n---", end);
    if (close < end) close = text.find("\n...", end);
    if (std::min(begin, close) == Bytes::npos) break;
    at = std::min(begin, close) + 1;
  }
  return false;
}

// Of text in UTF-16 or UTF-32, by its mark, the bytes without their NULs: there each ASCII word stands as it is.
std::optional<std::string> narrowed(Bytes bytes) {
  using namespace std::string_view_literals;
  if (!bytes.starts_with("\xFF\xFE"sv) && !bytes.starts_with("\xFE\xFF"sv) && !bytes.starts_with("\0\0\xFE\xFF"sv)) return std::nullopt;
  std::string narrow(bytes);
  std::erase(narrow, '\0');
  return narrow;
}

// What a rule or a kind needs, before words have numbers.
struct Texts {
  Keys all;
  std::vector<std::vector<Keys>> any;
};

const DocumentKind* find_kind(const RuleSet& rules, const std::string& name) {
  const auto kind = std::find_if(rules.kinds.begin(), rules.kinds.end(), [&](const DocumentKind& one) { return one.name == name; });
  return kind == rules.kinds.end() ? nullptr : &*kind;
}

// Whether a document of the kind has the key with a literal text, in YAML or JSON.
bool has_literal(const DocumentKind* kind, std::string_view key) {
  return kind != nullptr && has_pairs(*kind) &&
         std::any_of(kind->require.begin(), kind->require.end(), [&](const Condition& one) {
           return one.kind == Condition::Kind::test && one.path.steps.size() == 1 &&
                  is_plain_key(one.path.steps.front()) && one.path.steps.front().names.front() == key &&
                  std::any_of(one.tests.begin(), one.tests.end(), [](const NodeTest& test) {
                    return test.op == NodeTest::Op::type && test.wanted && test.texts == Words{"text"};
                  });
         });
}

// The values that conditions on the document ask for, where each of the rule's kinds has one in the text.
void add_values(const RuleSet& rules, const PolicyPart& part, std::vector<std::vector<Keys>>& out) {
  for (const Condition& one : part.where) {
    if (one.kind != Condition::Kind::test || one.path.steps.size() != 1 || !is_plain_key(one.path.steps.front()) || part.docs.empty()) continue;
    const std::string& key = one.path.steps.front().names.front();
    if (!std::all_of(part.docs.begin(), part.docs.end(), [&](const std::string& name) { return has_literal(find_kind(rules, name), key); })) continue;
    for (const NodeTest& test : one.tests) {
      if (test.op != NodeTest::Op::in || !test.wanted || test.ignore_case) continue;
      std::vector<Keys>& choices = out.emplace_back();
      for (const std::string& text : test.texts) {
        choices.emplace_back().words = {key, text};
        choices.back().pairs.push_back({key, text});
      }
    }
  }
}

// The keys of each of the rule's paths; nothing if one of them needs none, or the documents can be of any kind.
std::vector<Keys> alternatives(const RuleSet& rules, const PolicyPart& part) {
  if (part.docs.empty() || part.each.empty()) return {};
  bool pairs = true;
  for (const std::string& name : part.docs) {
    const DocumentKind* kind = find_kind(rules, name);
    if (kind == nullptr ? makes_up_keys(name) : !has_keys_of_file(*kind)) return {};
    pairs = pairs && kind != nullptr && has_pairs(*kind);
  }
  std::vector<Keys> out;
  for (const DocumentPath& path : part.each) {
    Keys& keys = out.emplace_back();
    add_keys(path, keys);
    if (keys.words.empty()) return {};
    if (!pairs) keys.pairs.clear();
  }
  return out;
}

Texts texts_of(const RuleSet& rules, const Rule& rule) {
  if (rule.disabled || !rule.policy) return {};
  Texts texts{{rule.policy->prefilter_all, {}, {}}, {}};
  if (!rule.policy->prefilter_any.empty()) {
    texts.any.emplace_back();
    for (const std::string& word : rule.policy->prefilter_any) texts.any.back().push_back({{word}, {}, {}});
  }
  if (std::vector<Keys> each = alternatives(rules, *rule.policy); !each.empty()) texts.any.push_back(std::move(each));
  add_values(rules, *rule.policy, texts.any);
  return texts;
}

Keys keys_of(const DocumentKind& kind, const DocumentKind::Embedded* embedded) {
  Keys keys;
  if (!has_keys_of_file(kind)) return keys;
  if (embedded != nullptr) add_keys(embedded->path, keys);
  else add_keys(kind.require, keys);
  if (!has_pairs(kind)) keys.pairs.clear();
  keys.is_list = keys.is_list && kind.formats == Words{"yaml"};
  return keys;
}

std::vector<std::vector<Keys>> choices_of(const DocumentKind& kind) {
  std::vector<std::vector<Keys>> out;
  if (has_keys_of_file(kind)) add_choices(kind.require, out);
  if (!has_pairs(kind))
    for (std::vector<Keys>& choices : out)
      for (Keys& one : choices) one.pairs.clear();
  return out;
}

// Those beyond ASCII, of UTF-8 that is valid and of the basic plane.
std::vector<char32_t> code_points(std::string_view word) {
  std::vector<char32_t> out;
  for (size_t at = 0; at < word.size(); ++at) {
    const auto byte = static_cast<unsigned char>(word[at]);
    if (byte < 0xC0 || byte >= 0xF0) continue;
    const size_t more = byte < 0xE0 ? 1 : 2;
    char32_t point = byte & (more == 1 ? 0x1FU : 0x0FU);
    for (size_t i = 1; i <= more && at + i < word.size(); ++i) point = point << 6U | (static_cast<unsigned char>(word[at + i]) & 0x3FU);
    out.push_back(point);
  }
  return out;
}

// What can spell a part of one of the words otherwise: for letters the beginnings of escapes, for others the escapes themselves, as
// \u003c is in every second JSON file.
Words escapes_of(const Words& words) {
  std::set<std::string> out(kEscapes.begin(), kEscapes.end());
  for (const std::string& word : words)
    for (const char c : word) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte >= 0x40 || byte < 0x20) continue;
      for (const std::string_view digits : {"0123456789abcdef", "0123456789ABCDEF"}) {
        const std::string code = {digits[byte >> 4U], digits[byte & 15U]};
        for (const std::string_view begin : {"\\u00", "\\U000000", "\\x"}) out.insert(std::string(begin) + code);
      }
      if (c == '/' || c == ' ') out.insert({'\\', c});
    }
  for (const std::string& word : words)
    for (const char32_t point : code_points(word))
      for (const char* format : {"\\u%04x", "\\u%04X", "\\U%08x", "\\U%08X"}) {
        std::array<char, 16> code{};
        std::snprintf(code.data(), code.size(), format, static_cast<unsigned>(point));
        out.insert(code.data());
      }
  return {out.begin(), out.end()};
}

Words all_words(const RuleSet& rules) {
  std::set<std::string> words;
  const auto add = [&](const Words& more) { words.insert(more.begin(), more.end()); };
  for (const Rule& rule : rules.rules) {
    const Texts texts = texts_of(rules, rule);
    add(texts.all.words);
    for (const std::vector<Keys>& choices : texts.any)
      for (const Keys& one : choices) add(one.words);
  }
  for (const DocumentKind& kind : rules.kinds) {
    add(keys_of(kind, nullptr).words);
    for (const std::vector<Keys>& choices : choices_of(kind))
      for (const Keys& one : choices) add(one.words);
    for (const DocumentKind::Embedded& embedded : kind.embedded) add(keys_of(kind, &embedded).words);
  }
  words.erase("");
  return {words.begin(), words.end()};
}

// What is looked for without being one of the words: the values of pairs, and what stands between these and their keys.
Words spelt_words(const RuleSet& rules) {
  Words words = all_words(rules);
  words.emplace_back("\"':");
  const auto add = [&](const Keys& keys) {
    for (const Prefilter::Pair& pair : keys.pairs) {
      words.push_back(pair.key);
      words.push_back(pair.value);
    }
  };
  for (const Rule& rule : rules.rules) {
    const Texts texts = texts_of(rules, rule);
    add(texts.all);
    for (const std::vector<Keys>& choices : texts.any) std::for_each(choices.begin(), choices.end(), add);
  }
  for (const DocumentKind& kind : rules.kinds) {
    add(keys_of(kind, nullptr));
    for (const std::vector<Keys>& choices : choices_of(kind)) std::for_each(choices.begin(), choices.end(), add);
    for (const DocumentKind::Embedded& embedded : kind.embedded) add(keys_of(kind, &embedded));
  }
  return words;
}

Words joined(const Words& words, const Words& more) {
  std::set<std::string> all(words.begin(), words.end());
  all.insert(more.begin(), more.end());
  return {all.begin(), all.end()};
}

}  // namespace

bool Prefilter::Together::holds(const Present& present) const {
  if (present.everything) return true;
  return std::all_of(words.begin(), words.end(), [&](Word word) { return present.words[word]; }) &&
         (!is_list || may_be_list(present.bytes)) &&
         std::all_of(files.begin(), files.end(), [&](const GlobList& globs) { return globs.any_matches(present.path); }) &&
         std::all_of(pairs.begin(), pairs.end(), [&](const Pair& one) {
           const auto [known, is_new] = present.pairs.try_emplace({one.key, one.value}, false);
           if (is_new) known->second = may_have_pair(present.bytes, one.key, one.value);
           return known->second;
         });
}

bool Prefilter::Need::holds(const Present& present) const {
  const auto one_holds = [&](const Together& one) { return one.holds(present); };
  return all.holds(present) && std::all_of(any.begin(), any.end(), [&](const std::vector<Together>& choices) {
           return std::any_of(choices.begin(), choices.end(), one_holds);
         });
}

Prefilter::Together Prefilter::together(const Keys& keys) const {
  Together out{{}, keys.files, keys.pairs, keys.is_list};
  for (const std::string& word : keys.words)
    if (!word.empty()) out.words.push_back(words_.number(word));
  return out;
}

std::vector<Prefilter::Together> Prefilter::choices(const std::vector<Keys>& keys) const {
  std::vector<Together> out;
  for (const Keys& one : keys) out.push_back(together(one));
  return out;
}

Prefilter::Prefilter(const RuleSet& rules) : Prefilter(rules, escapes_of(spelt_words(rules))) {}

Prefilter::Prefilter(const RuleSet& rules, const Words& escapes) : words_(joined(all_words(rules), escapes)) {
  for (const std::string& escape : escapes) escapes_.push_back(words_.number(escape));
  for (const Rule& rule : rules.rules) {
    const Texts texts = texts_of(rules, rule);
    Need& need = rules_.emplace_back(Need{together(texts.all), {}});
    for (const std::vector<Keys>& one : texts.any) need.any.push_back(choices(one));
  }
  for (const DocumentKind& kind : rules.kinds) {
    KindNeed& made = kinds_.emplace_back(KindNeed{{together(keys_of(kind, nullptr)), {}}, {}});
    for (const std::vector<Keys>& one : choices_of(kind)) made.needed.any.push_back(choices(one));
    for (const DocumentKind::Embedded& one : kind.embedded) made.embedded.push_back(together(keys_of(kind, &one)));
  }
}

Prefilter::Present Prefilter::present(std::string_view path, Bytes bytes) const {
  const std::optional<std::string> narrow = narrowed(bytes);
  Present present{words_.present(narrow ? Bytes(*narrow) : bytes), path, bytes};
  // What is wide is rare: its values are not looked at. In properties a backslash before any letter stands for nothing.
  present.everything =
      narrow.has_value() || (path.ends_with(".properties") && bytes.find('\\') != Bytes::npos) ||
      std::any_of(escapes_.begin(), escapes_.end(), [&](Word escape) { return present.words[escape]; });
  return present;
}

Prefilter::Present Prefilter::present_after(const Present& before, Bytes bytes, Bytes changed) const {
  Present now = present(before.path, changed);
  now.bytes = bytes;
  now.everything = now.everything || before.everything;
  for (size_t i = 0; i < now.words.size(); ++i) now.words[i] = now.words[i] || before.words[i];
  for (const auto& [pair, was_there] : before.pairs) now.pairs.emplace(pair, was_there || may_have_pair(changed, pair.first, pair.second));
  return now;
}

bool Prefilter::may_embed(size_t kind, const Present& present) const {
  return std::any_of(kinds_[kind].embedded.begin(), kinds_[kind].embedded.end(), [&](const Together& one) { return one.holds(present); });
}

}  // namespace sealwarden
