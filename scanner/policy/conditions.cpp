// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <initializer_list>

#include "rules/policy_reader.h"
#include "scanner/base/ascii.h"
#include "scanner/base/glob.h"
#include "scanner/doc/base64.h"
#include "scanner/doc/embed.h"
#include "scanner/doc/parse.h"
#include "scanner/engine/key_kind.h"
#include "scanner/engine/overlaps.h"
#include "scanner/policy/evaluator.h"
#include "scanner/policy/quantity.h"
#include "scanner/policy/resolvers.h"
#include "scanner/policy/secret_value.h"
#include "scanner/policy/small_documents.h"

namespace sealwarden {
namespace {

using Op = NodeTest::Op;

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool is_truthy(std::string_view text) { return is_one_of(lower_case(text), {"true", "yes", "on", "y", "1", "enabled", "enable", "always", "t"}); }
bool is_falsy(std::string_view text) {
  return is_one_of(lower_case(text), {"false", "no", "off", "n", "0", "disabled", "disable", "never", "none", "null", "~", "", "f"});
}

// Answered by what kind of node it is, also for expressions.
bool is_about_type(Op op) {
  return op == Op::type || op == Op::literal || op == Op::reference || op == Op::secret || op == Op::resolver || op == Op::length_less ||
         op == Op::length_greater || op == Op::length_equals || op == Op::rules || op == Op::encrypted;
}

// Asked of all nodes of a path together.
bool is_about_all(Op op) {
  return op == Op::exists || op == Op::absent || op == Op::count_less || op == Op::count_greater || op == Op::count_equals || op == Op::unique ||
         op == Op::changed_outside;
}

bool is_type(const NodeValue& value, std::string_view name) {
  switch (value.type) {
    case NodeType::map: return name == "map";
    case NodeType::sequence: return name == "sequence";
    case NodeType::text: return name == "text";
    case NodeType::integer:
    case NodeType::real: return name == "number";
    case NodeType::boolean: return name == "boolean";
    case NodeType::null: return name == "null";
    case NodeType::expression: return name == "expression";
    case NodeType::alias: break;
  }
  return false;
}

bool is_scalar(NodeType type) { return type != NodeType::map && type != NodeType::sequence && type != NodeType::alias; }

bool tests_expressions(const std::vector<NodeTest>& tests) {
  return std::any_of(tests.begin(), tests.end(), [](const NodeTest& test) {
    return test.op == Op::type && std::find(test.texts.begin(), test.texts.end(), "expression") != test.texts.end();
  });
}

bool text_in(const NodeTest& test, std::string_view text) {
  return std::any_of(test.texts.begin(), test.texts.end(), [&](const std::string& one) {
    return test.ignore_case ? lower_case(one) == lower_case(text) : one == text;
  });
}

Truth compare_numbers(const NodeTest& test, std::string_view text) {
  const auto number = parse_quantity(text), bound = parse_quantity(test.texts.empty() ? std::string_view() : test.texts.front());
  if (!number || !bound) return Truth::no;
  switch (test.op) {
    case Op::less: return truth(*number < *bound);
    case Op::less_equal: return truth(*number <= *bound);
    case Op::greater: return truth(*number > *bound);
    default: return truth(*number >= *bound);
  }
}

bool token_sequence_in(const std::vector<std::string>& tokens, const std::vector<std::string>& sequence) {
  return std::search(tokens.begin(), tokens.end(), sequence.begin(), sequence.end()) != tokens.end();
}

bool in_lexicon(const TokenLexicon& lexicon, std::string_view text) {
  const std::string lower = lower_case(text);
  const auto has = [](const std::vector<std::string>& list, const std::string& word) { return std::find(list.begin(), list.end(), word) != list.end(); };
  if (std::any_of(lexicon.whole.begin(), lexicon.whole.end(), [&](const std::string& one) { return lower_case(one) == lower; })) return true;
  const std::vector<std::string> tokens = name_tokens(text);
  if (tokens.empty() || has(lexicon.not_last, tokens.back()) || has(lexicon.not_first, tokens.front())) return false;
  return std::any_of(tokens.begin(), tokens.end(), [&](const std::string& token) { return has(lexicon.one, token); }) ||
         std::any_of(lexicon.sequences.begin(), lexicon.sequences.end(),
                     [&](const std::vector<std::string>& sequence) { return token_sequence_in(tokens, sequence); });
}

size_t child_count(const ParsedFile& file, const NodeValue& value) {
  size_t count = 0;
  for (uint32_t child = file.nodes[value.node].first; child != kNoDocumentNode; child = file.nodes[child].next) ++count;
  return count;
}

}  // namespace

bool Evaluator::has_secret_name(std::string_view name) {
  const auto known = secret_names_.find(name);
  if (known != secret_names_.end()) return known->second;
  const bool is = is_secret_name(context_.lexicon, name);
  secret_names_.emplace(name, is);
  return is;
}

// Items of a list called "secrets", and what a workflow's permissions allow, are named like secrets and are none.
Truth Evaluator::is_secret(const NodeValue& value) {
  if (!is_scalar(value.type)) return Truth::no;
  const std::string_view name = name_of_value(value.node).text;
  if (!has_secret_name(name)) return Truth::no;
  const DocumentNode& node = file_.nodes[value.node];
  if ((node.flags & kResolved) != 0) return Truth::no;
  const bool is_item = node.parent != kNoDocumentNode && file_.nodes[node.parent].type == NodeType::sequence;
  const std::string lower = lower_case(name);
  if (is_item && (lower.ends_with("secrets") || is_one_of(lower, {"tokens", "credentials"}))) return Truth::no;
  if ((node.flags & kTagged) != 0 && !node.tag.starts_with("!!")) return Truth::no;
  std::string_view text = value.text;
  if (value.type == NodeType::expression) {
    text = literal_default(text);
    if (text.empty()) return Truth::no;
  } else if (const std::string_view fallback = literal_default(text); !fallback.empty()) {
    text = fallback;
  }
  if (value.type != NodeType::text && value.type != NodeType::expression && value.type != NodeType::integer) return Truth::no;
  if (value.type == NodeType::integer && (text.size() < 6 || key_kind(context_.lexicon, name).kind != KeyKind::password)) return Truth::no;
  return truth(is_secret_literal(context_.lexicon, name, text));
}

bool Evaluator::hit_in(const std::vector<std::string>& rules, Span span) const {
  return std::any_of(context_.hits.begin(), context_.hits.end(), [&](const Hit& hit) {
    if (!hit.member.empty() || hit.refused || hit.region.end_byte <= span.begin || hit.region.start_byte >= span.end) return false;
    const Rule& rule = context_.rules.rules[hit.rule];
    const auto sure = confidence_of(rule, hit, file_kind(&context_.path));
    if (!sure || *sure < Confidence::medium) return false;
    return std::any_of(rules.begin(), rules.end(), [&](const std::string& pattern) { return rule_name_matches(pattern, rule); });
  });
}

Truth Evaluator::passes_lexicon(const std::string& name, const NodeValue& value) {
  if (name == "secret_key") return truth(has_secret_name(value.text));
  if (name == "placeholder") return truth(is_placeholder_value(context_.lexicon, name_of_value(value.node).text, value.text));
  if (name == "default_credential") return truth(is_default_credential(context_.lexicon, value.text));
  for (const TokenLexicon& lexicon : context_.rules.lexicons)
    if (lexicon.name == name) return truth(in_lexicon(lexicon, value.text));
  return Truth::no;
}

Truth Evaluator::passes_nested(const NodeTest& test, const NodeValue& value) {
  ParsedFile inner;
  std::string decoded;
  if (test.op == Op::url) {
    if (!url_document(value.text, inner)) return Truth::no;
  } else if (test.op == Op::base64) {
    const auto bytes = decode_base64(value.text);
    if (!bytes || bytes->empty()) return Truth::no;
    decoded = *bytes;
    text_document(decoded, inner);
  } else {
    const std::string_view name = test.texts.empty() ? file_.nodes[value.node].key : std::string_view(test.texts.front());
    const auto format = document_format(name);
    inner = parse_document(format ? *format : DocumentFormat::yaml, name, value.text);
  }
  if (inner.documents.empty() || inner.documents.front().root == kNoDocumentNode) return Truth::no;
  const uint32_t root = inner.documents.front().root;
  Evaluator evaluator(context_, inner, root, root, kinds_);
  return evaluator.all_hold(test.nested, root);
}

Truth Evaluator::passes_text(const NodeTest& test, const NodeValue& value) {
  const std::string_view text = value.text;
  switch (test.op) {
    case Op::in: return truth(text_in(test, text));
    case Op::not_in: return truth(!text_in(test, text));
    case Op::less:
    case Op::less_equal:
    case Op::greater:
    case Op::greater_equal: return compare_numbers(test, text);
    case Op::matches:
    case Op::not_matches: {
      const PatternMatcher* pattern = context_.patterns.find(test.texts.front(), test.ignore_case);
      return pattern == nullptr ? Truth::unknown : truth(pattern->search(text) == (test.op == Op::matches));
    }
    case Op::glob: return truth(std::any_of(test.texts.begin(), test.texts.end(), [&](const std::string& one) {
      return test.ignore_case ? glob_matches(lower_case(one), lower_case(text)) : glob_matches(one, text);
    }));
    case Op::truthy: return truth(is_truthy(text) == test.wanted);
    case Op::falsy: return truth(is_falsy(text) == test.wanted);
    case Op::lexicon: return passes_lexicon(test.texts.front(), value);
    case Op::not_lexicon: return !passes_lexicon(test.texts.front(), value);
    case Op::strength: {
      const std::string_view fallback = literal_default(text);
      return truth(is_strong(context_.lexicon, fallback.empty() ? text : fallback) == (test.texts.front() == "strong"));
    }
    case Op::cidr_any: return truth(is_one_of(text, {"0.0.0.0/0", "::/0", "0.0.0.0", "::", "*", "any", "Any", "Internet", "0.0.0.0/00"}) == test.wanted);
    case Op::semver_less: return truth(version_less(text, test.texts.front()).value_or(false));
    default: return Truth::unknown;
  }
}

Truth Evaluator::passes(const NodeTest& test, const NodeValue& value, uint32_t from, bool reads_expressions) {
  if (value.type == NodeType::expression && !is_about_type(test.op) && !reads_expressions) return Truth::unknown;
  switch (test.op) {
    case Op::exists: return Truth::yes;
    case Op::absent: return Truth::no;
    case Op::type: return truth(std::any_of(test.texts.begin(), test.texts.end(), [&](const std::string& name) { return is_type(value, name); }));
    case Op::literal: {
      const bool literal = is_scalar(value.type) && value.type != NodeType::expression && value.type != NodeType::null && !value.text.empty() &&
                           !is_reference_value(context_.lexicon, value.text) && (file_.nodes[value.node].flags & (kTagged | kResolved)) == 0;
      return truth(literal == test.wanted);
    }
    case Op::reference: {
      const bool reference = value.type == NodeType::expression || (file_.nodes[value.node].flags & kResolved) != 0 ||
                             (is_scalar(value.type) && is_reference_value(context_.lexicon, value.text));
      return truth(reference == test.wanted);
    }
    case Op::secret: return test.wanted ? is_secret(value) : !is_secret(value);
    case Op::encrypted: return truth((is_encrypted_value(value.text) || (file_.nodes[value.node].tag == "!vault")) == test.wanted);
    case Op::rules: return truth(is_scalar(value.type) && hit_in(test.texts, value.span));
    case Op::resolver: {
      const std::vector<std::string> arguments(test.texts.begin() + 1, test.texts.end());
      return resolve_condition(test.texts.front(), arguments, *this, value.node);
    }
    case Op::length_less:
    case Op::length_greater:
    case Op::length_equals: {
      if (value.type == NodeType::expression) return Truth::unknown;
      const bool container = !is_scalar(value.type);
      if (container && (file_.nodes[value.node].flags & kMasked) != 0) return Truth::unknown;
      const auto length = static_cast<double>(container ? child_count(file_, value) : value.text.size());
      return truth(test.op == Op::length_less ? length < test.number : test.op == Op::length_greater ? length > test.number : length == test.number);
    }
    case Op::url:
    case Op::base64:
    case Op::parse: return passes_nested(test, value);
    case Op::same_as:
    case Op::differs_from: {
      const FoundNodes others = find(test.path, from);
      const bool same = std::any_of(others.nodes.begin(), others.nodes.end(), [&](const NodeValue& one) { return one.text == value.text; });
      if (!same && others.hidden) return Truth::unknown;
      return truth(same == (test.op == Op::same_as));
    }
    default: break;
  }
  // What a map or a list is compared with is never its text.
  if (!is_scalar(value.type)) return truth(test.op == Op::not_in || test.op == Op::not_matches || test.op == Op::not_lexicon);
  return passes_text(test, value);
}

Truth Evaluator::test_holds(const Condition& condition, uint32_t node) {
  // Most conditions are about the node itself, its name or the key above it: for these nothing is collected.
  if (!is_single(condition.path)) {
    const FoundNodes found = find(condition.path, node);
    return test_nodes(condition, node, found.nodes, found.hidden);
  }
  const std::optional<NodeValue> single = find_single(condition.path, node);
  return test_nodes(condition, node, single ? std::span(&*single, 1) : std::span<const NodeValue>(), false);
}

Truth Evaluator::test_nodes(const Condition& condition, uint32_t node, std::span<const NodeValue> nodes, bool hidden) {
  Truth about_all = Truth::yes;  // what is asked of the nodes together
  bool about_each = false;
  for (const NodeTest& test : condition.tests) {
    const auto count = static_cast<double>(nodes.size());
    switch (test.op) {
      case Op::exists:
      case Op::absent: {
        const Truth there = !nodes.empty() ? Truth::yes : hidden ? Truth::unknown : Truth::no;
        about_all = about_all & ((test.op == Op::exists) == test.wanted ? there : !there);
        break;
      }
      case Op::count_less: about_all = about_all & (hidden ? Truth::unknown : truth(count < test.number)); break;
      case Op::count_greater: about_all = about_all & (count > test.number ? Truth::yes : hidden ? Truth::unknown : Truth::no); break;
      case Op::count_equals: about_all = about_all & (hidden ? Truth::unknown : truth(count == test.number)); break;
      case Op::unique: {
        std::vector<std::string_view> texts;
        for (const NodeValue& one : nodes) texts.push_back(one.text);
        std::sort(texts.begin(), texts.end());
        about_all = about_all & truth((std::adjacent_find(texts.begin(), texts.end()) == texts.end()) == test.wanted);
        break;
      }
      case Op::changed_outside: about_all = about_all & truth(context_.old != nullptr && differs_outside(*context_.old, file_, test.texts)); break;
      default: about_each = true;
    }
  }
  if (!about_each || about_all == Truth::no) return about_all;
  const bool reads_expressions = tests_expressions(condition.tests);
  Truth some = hidden ? Truth::unknown : Truth::no;
  for (const NodeValue& value : nodes) {
    // A node of the older version is judged there.
    if (value.file != &file_) {
      Evaluator other(context_, *value.file, value.node, value.node, kinds_);
      Condition here = condition;
      here.path = {};
      some = some | other.test_holds(here, value.node);
      continue;
    }
    Truth all = Truth::yes;
    for (const NodeTest& test : condition.tests) {
      if (is_about_all(test.op)) continue;
      all = all & passes(test, value, node, reads_expressions);
      if (all == Truth::no) break;
    }
    some = some | all;
    if (some == Truth::yes) break;
  }
  return about_all & some;
}

Truth Evaluator::quantified(const Condition& condition, uint32_t node) {
  const FoundNodes found = find(condition.path, node);
  Truth some = Truth::no, every = Truth::yes;
  for (const NodeValue& value : found.nodes) {
    const Truth one = value.file == &file_ ? all_hold(condition.children, value.node)
                                           : Evaluator(context_, *value.file, value.node, value.node, kinds_).all_hold(condition.children, value.node);
    some = some | one;
    every = every & one;
  }
  if (found.hidden) {
    some = some | Truth::unknown;
    every = every & Truth::unknown;
  }
  switch (condition.kind) {
    case Condition::Kind::some: return some;
    case Condition::Kind::every: return every;
    default: return !some;
  }
}

Truth Evaluator::all_hold(std::span<const Condition> conditions, uint32_t node) {
  Truth all = Truth::yes;
  for (const Condition& condition : conditions) {
    all = all & holds(condition, node);
    if (all == Truth::no) break;
  }
  return all;
}

Truth Evaluator::holds(const Condition& condition, uint32_t node) {
  const auto& names = condition.names;
  switch (condition.kind) {
    case Condition::Kind::test: return test_holds(condition, node);
    case Condition::Kind::all: return all_hold(condition.children, node);
    case Condition::Kind::negate: return !all_hold(condition.children, node);
    case Condition::Kind::any: {
      Truth any = Truth::no;
      for (const Condition& child : condition.children)
        if (any != Truth::yes) any = any | holds(child, node);
      return any;
    }
    case Condition::Kind::some:
    case Condition::Kind::every:
    case Condition::Kind::none: return quantified(condition, node);
    case Condition::Kind::path_class:
      return truth(std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        return std::find(context_.classes.begin(), context_.classes.end(), name) != context_.classes.end();
      }));
    case Condition::Kind::file: {
      const auto [known, is_new] = files_.try_emplace(&condition, false);
      if (is_new) known->second = std::any_of(names.begin(), names.end(), [&](const std::string& glob) { return glob_matches(glob, context_.path); });
      return truth(known->second);
    }
    case Condition::Kind::document:
      return truth(std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        return std::find(kinds_.begin(), kinds_.end(), name) != kinds_.end();
      }));
  }
  return Truth::unknown;
}

std::string Evaluator::fill(std::string_view format, uint32_t node, bool hide_values) {
  std::string out;
  for (size_t at = 0; at < format.size();) {
    const size_t open = format.find('{', at);
    const size_t close = open == std::string_view::npos ? open : format.find('}', open);
    if (close == std::string_view::npos) return out += format.substr(at);
    out += format.substr(at, open - at);
    at = close + 1;
    const auto path = parse_document_path(format.substr(open + 1, close - open - 1));
    const FoundNodes found = path ? find(*path, node) : FoundNodes{};
    if (found.nodes.empty()) continue;
    const NodeValue& value = found.nodes.front();
    const bool is_value = value.node == node && value.span.begin >= file_.nodes[node].span.begin && value.span.end <= file_.nodes[node].span.end &&
                          value.text != name_of_value(node).text;
    out += (hide_values && is_value) || !is_scalar(value.type) ? std::string("?") : std::string(value.text.substr(0, 120));
  }
  return out;
}

}  // namespace sealwarden
