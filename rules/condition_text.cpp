// SPDX-License-Identifier: Apache-2.0
#include "rules/condition_text.h"

#include <cmath>

namespace sealwarden {
namespace {

using Op = NodeTest::Op;

std::string quoted(const std::string& text) { return '"' + text + '"'; }

std::string list_of(const std::vector<std::string>& texts) {
  if (texts.size() == 1) return quoted(texts[0]);
  std::string out = "[";
  for (size_t i = 0; i < texts.size(); ++i) out += (i > 0 ? ", " : "") + quoted(texts[i]);
  return out + "]";
}

// As the key of the rule file, where there is one word for it.
std::string_view word_of(Op op) {
  constexpr std::string_view kWords[] = {
      "exists", "absent", "in", "not in", "<", "<=", ">", ">=", "matches", "does not match", "is like", "length <", "length >", "length =",
      "truthy", "falsy", "is", "literal", "reference", "in lexicon", "not in lexicon", "secret", "strength", "hit by rules", "url", "open to all",
      "version <", "base64", "parsed as", "same as", "differs from", "count <", "count >", "count =", "unique", "encrypted", "changed outside",
      "resolver"};
  static_assert(std::size(kWords) == static_cast<size_t>(Op::resolver) + 1);
  return kWords[static_cast<size_t>(op)];
}

std::string operand_of(const NodeTest& test) {
  switch (test.op) {
    case Op::in:
    case Op::not_in: return list_of(test.texts);
    case Op::length_less: case Op::length_greater: case Op::length_equals:
    case Op::count_less: case Op::count_greater: case Op::count_equals: return std::to_string(std::llround(test.number));
    case Op::same_as:
    case Op::differs_from: return test.path.text;
    case Op::url:
    case Op::base64: return "{ " + text_of(test.nested) + " }";
    case Op::parse: return (test.texts.empty() ? "" : quoted(test.texts[0]) + " ") + "{ " + text_of(test.nested) + " }";
    default: return test.texts.empty() ? "" : list_of(test.texts);
  }
}

std::string text_of_test(const NodeTest& test) {
  std::string out = test.wanted ? "" : "not ";
  if (test.op == Op::in && test.texts.size() == 1)
    out += "=";
  else if (test.op == Op::not_in && test.texts.size() == 1)
    out += "!=";
  else
    out += word_of(test.op);
  const std::string operand = operand_of(test);
  if (!operand.empty()) out += " " + operand;
  if (test.ignore_case) out += " (any case)";
  return out;
}

std::string joined(const std::vector<Condition>& conditions, std::string_view word) {
  std::string out;
  for (const Condition& condition : conditions) out += (out.empty() ? "" : " " + std::string(word) + " ") + text_of(condition);
  return out;
}

std::string in_brackets(const std::vector<Condition>& conditions, std::string_view word) {
  return conditions.size() == 1 ? text_of(conditions[0]) : "(" + joined(conditions, word) + ")";
}

}  // namespace

std::string text_of(const std::vector<Condition>& conditions) { return joined(conditions, "and"); }

std::string text_of(const Condition& condition) {
  const std::string path = condition.path.steps.empty() ? "it" : condition.path.text;
  switch (condition.kind) {
    case Condition::Kind::test: {
      std::string out;
      for (const NodeTest& test : condition.tests) out += (out.empty() ? "" : " and ") + text_of_test(test);
      return path + (condition.tests.size() == 1 ? " " + out : " (" + out + ")");
    }
    case Condition::Kind::all: return in_brackets(condition.children, "and");
    case Condition::Kind::any: return in_brackets(condition.children, "or");
    case Condition::Kind::negate: return "not (" + joined(condition.children, "and") + ")";
    case Condition::Kind::some: return "some " + path + " (" + joined(condition.children, "and") + ")";
    case Condition::Kind::every: return "every " + path + " (" + joined(condition.children, "and") + ")";
    case Condition::Kind::none: return "no " + path + " (" + joined(condition.children, "and") + ")";
    case Condition::Kind::path_class: return "file of class " + list_of(condition.names);
    case Condition::Kind::file: return "file " + list_of(condition.names);
    case Condition::Kind::document: return "document is " + list_of(condition.names);
  }
  return "";
}

}  // namespace sealwarden
