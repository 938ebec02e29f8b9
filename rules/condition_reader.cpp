// SPDX-License-Identifier: Apache-2.0
#include "rules/condition_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "rules/pattern.h"
#include "rules/policy_reader.h"
#include "scanner/base/ascii.h"

namespace sealwarden {
namespace {

using Op = NodeTest::Op;

constexpr int kDeepestCondition = 24;
constexpr std::string_view kTypes[] = {"map", "sequence", "text", "number", "boolean", "null", "expression"};
constexpr std::string_view kStrengths[] = {"weak", "strong"};

// How an operator's operand is written.
enum class Shape : uint8_t { flag, scalar, scalars, quantity, regex, texts, types, number, lexicon, strength, path, nested, parse, version, resolver };

struct Operator {
  std::string_view key;
  Op op;
  Shape shape;
};

// table-like: a row an operator
constexpr Operator kOperators[] = {
    {"exists", Op::exists, Shape::flag},
    {"absent", Op::absent, Shape::flag},
    {"eq", Op::in, Shape::scalar},
    {"in", Op::in, Shape::scalars},
    {"ne", Op::not_in, Shape::scalar},
    {"not_in", Op::not_in, Shape::scalars},
    {"lt", Op::less, Shape::quantity},
    {"le", Op::less_equal, Shape::quantity},
    {"gt", Op::greater, Shape::quantity},
    {"ge", Op::greater_equal, Shape::quantity},
    {"matches", Op::matches, Shape::regex},
    {"not_matches", Op::not_matches, Shape::regex},
    {"glob", Op::glob, Shape::texts},
    {"length_lt", Op::length_less, Shape::number},
    {"length_gt", Op::length_greater, Shape::number},
    {"length_eq", Op::length_equals, Shape::number},
    {"truthy", Op::truthy, Shape::flag},
    {"falsy", Op::falsy, Shape::flag},
    {"type", Op::type, Shape::types},
    {"literal", Op::literal, Shape::flag},
    {"reference", Op::reference, Shape::flag},
    {"lexicon", Op::lexicon, Shape::lexicon},
    {"not_lexicon", Op::not_lexicon, Shape::lexicon},
    {"secret", Op::secret, Shape::flag},
    {"strength", Op::strength, Shape::strength},
    {"rules", Op::rules, Shape::texts},
    {"url", Op::url, Shape::nested},
    {"cidr_any", Op::cidr_any, Shape::flag},
    {"semver_lt", Op::semver_less, Shape::version},
    {"base64", Op::base64, Shape::nested},
    {"parse", Op::parse, Shape::parse},
    {"same_as", Op::same_as, Shape::path},
    {"differs_from", Op::differs_from, Shape::path},
    {"count_lt", Op::count_less, Shape::number},
    {"count_gt", Op::count_greater, Shape::number},
    {"count_eq", Op::count_equals, Shape::number},
    {"unique", Op::unique, Shape::flag},
    {"encrypted", Op::encrypted, Shape::flag},
    {"changed_outside", Op::changed_outside, Shape::texts},
    {"resolver", Op::resolver, Shape::resolver},
};

struct Combinator {
  std::string_view key;
  Condition::Kind kind;
};
constexpr Combinator kCombinators[] = {
    {"all", Condition::Kind::all},        {"any", Condition::Kind::any},    {"not", Condition::Kind::negate},
    {"some", Condition::Kind::some},      {"every", Condition::Kind::every}, {"none", Condition::Kind::none},
    {"class", Condition::Kind::path_class}, {"file", Condition::Kind::file},  {"docs", Condition::Kind::document},
};

bool is_quantifier(Condition::Kind kind) {
  return kind == Condition::Kind::some || kind == Condition::Kind::every || kind == Condition::Kind::none;
}

bool is_about_all(const NodeTest& test) {
  return test.op == Op::count_less || test.op == Op::count_greater || test.op == Op::count_equals || test.op == Op::unique ||
         test.op == Op::changed_outside;
}
bool wants_absence(const NodeTest& test) {
  return (test.op == Op::absent && test.wanted) || (test.op == Op::exists && !test.wanted);
}
bool takes_ignore_case(Op op) {
  return op == Op::in || op == Op::not_in || op == Op::glob || op == Op::matches || op == Op::not_matches;
}

// 1.0, not 1: as a person would write it.
std::string text_of_real(double value) {
  char buffer[64];
  const auto end = std::to_chars(std::begin(buffer), std::end(buffer), value).ptr;
  std::string text(buffer, end);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

// A number with a unit perhaps: 30, "128Mi", "1.5h", "-1", "80%".
bool is_quantity(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (text.starts_with('.')) text.remove_prefix(1);
  return !text.empty() && is_digit(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_alphanumeric(c) || c == '.' || c == '%' || c == ' '; });
}

class ConditionReader {
 public:
  explicit ConditionReader(Problems& problems) : problems_(problems) {}

  std::vector<Condition> list(const TomlValue& value, std::string_view key) {
    std::vector<Condition> out;
    if (++depth_ > kDeepestCondition) {
      add(value, key, "has conditions in more than 24 levels; write it flatter");
    } else if (value.kind == TomlValue::Kind::table) {
      out.push_back(one(value));
    } else if (value.kind != TomlValue::Kind::array) {
      add(value, key, is(value) + "; write a condition { path = \"...\", ... } or an array of them");
    } else if (value.items.empty()) {
      add(value, key, "holds no condition; add one or remove it");
    } else {
      for (const TomlValue& item : value.items) {
        if (item.kind == TomlValue::Kind::table)
          out.push_back(one(item));
        else
          problems_.add(item.position, quoted(key) + " holds " + std::string(description_of(item.kind)) +
                                           "; write conditions { path = \"...\", ... }");
      }
    }
    --depth_;
    return out;
  }

 private:
  static std::string quoted(std::string_view word) { return "'" + std::string(word) + "'"; }
  static std::string is(const TomlValue& value) { return "is " + std::string(description_of(value.kind)); }
  void add(const TomlValue& value, std::string_view key, const std::string& what) {
    problems_.add(value.position, quoted(key) + " " + what);
  }

  Condition one(const TomlValue& table) {
    TableReader fields(table, "a condition", problems_);
    Condition condition;
    const Combinator* found = nullptr;
    for (const Combinator& combinator : kCombinators) {
      const TomlValue* value = fields.member(combinator.key);
      if (value == nullptr) continue;
      if (found != nullptr) {
        add(*value, combinator.key, "stands beside '" + std::string(found->key) + "'; give each a table of its own");
        continue;
      }
      found = &combinator;
      condition.kind = combinator.kind;
      operand_of_combinator(combinator, *value, condition);
    }
    if (found == nullptr)
      tests_of(fields, condition);
    else
      rest_of_combinator(*found, fields, condition);
    fields.finish();
    return condition;
  }

  void operand_of_combinator(const Combinator& combinator, const TomlValue& value, Condition& condition) {
    if (is_quantifier(combinator.kind))
      condition.path = path_of(value, combinator.key, problems_);
    else if (combinator.kind == Condition::Kind::file)
      condition.names = globs_of(value, combinator.key, problems_);
    else if (combinator.kind == Condition::Kind::path_class || combinator.kind == Condition::Kind::document)
      condition.names = texts_of(value, combinator.key, problems_);
    else
      condition.children = list(value, combinator.key);
  }

  // What may stand beside it: `when` of a quantifier, else nothing.
  void rest_of_combinator(const Combinator& combinator, TableReader& fields, Condition& condition) {
    const TomlValue* when = is_quantifier(combinator.kind) ? fields.member("when") : nullptr;
    if (when != nullptr)
      condition.children = list(*when, "when");
    else if (is_quantifier(combinator.kind))
      fields.problem(combinator.key, quoted(combinator.key) + " has no 'when'; say what holds for the nodes");
    for (const std::string_view key : {std::string_view("path"), std::string_view("ignore_case")})
      if (fields.member(key) != nullptr)
        fields.problem(key, quoted(key) + " stands beside " + quoted(combinator.key) + "; give it a table of its own");
    for (const Operator& op : kOperators)
      if (fields.member(op.key) != nullptr)
        fields.problem(op.key, quoted(op.key) + " stands beside " + quoted(combinator.key) + "; give it a table of its own");
  }

  void tests_of(TableReader& fields, Condition& condition) {
    condition.path = read_path(fields, "path");
    for (const Operator& op : kOperators) {
      const TomlValue* value = fields.member(op.key);
      if (value == nullptr) continue;
      NodeTest test;
      test.op = op.op;
      operand(op, *value, test);
      condition.tests.push_back(std::move(test));
    }
    ignore_case_of(fields, condition);
    if (condition.tests.empty())
      fields.problem("path", "a condition says nothing of its nodes; add an operator (exists = true, eq = \"...\", ...)");
    check_company(fields, condition);
  }

  void ignore_case_of(TableReader& fields, Condition& condition) {
    if (!fields.flag("ignore_case")) return;
    bool used = false;
    for (NodeTest& test : condition.tests) {
      test.ignore_case = takes_ignore_case(test.op);
      used = used || test.ignore_case;
    }
    if (!used) fields.problem("ignore_case", "'ignore_case' changes nothing here; remove it (it is for eq, ne, in, not_in, glob and matches)");
  }

  // What is asked of no node, or of all together, does not go with what is asked of one.
  static void check_company(TableReader& fields, const Condition& condition) {
    const auto& tests = condition.tests;
    if (tests.size() < 2) return;
    if (std::any_of(tests.begin(), tests.end(), wants_absence))
      fields.problem("absent", "'absent' stands beside other operators, which no node could pass; remove them or give them a table of their own");
    const bool together = std::any_of(tests.begin(), tests.end(), is_about_all);
    const bool apart = std::any_of(tests.begin(), tests.end(), [](const NodeTest& test) { return !is_about_all(test) && test.op != Op::exists; });
    if (together && apart)
      fields.problem("path", "counts, 'unique' and 'changed_outside' are about all nodes of the path, the other operators about one; "
                             "give each a table of its own");
  }

  void operand(const Operator& op, const TomlValue& value, NodeTest& test) {
    switch (op.shape) {
      case Shape::flag: return flag(op.key, value, test);
      case Shape::scalar: test.texts = {scalar(op.key, value)}; return;
      case Shape::scalars: return scalars(op.key, value, test);
      case Shape::quantity: return quantity(op.key, value, test);
      case Shape::regex: return regex(op.key, value, test);
      case Shape::texts: test.texts = texts_of(value, op.key, problems_); return;
      case Shape::types: return types(op.key, value, test);
      case Shape::number: return number(op.key, value, test);
      case Shape::lexicon: test.texts = {text(op.key, value)}; return;
      case Shape::strength: return strength(op.key, value, test);
      case Shape::path: test.path = path_of(value, op.key, problems_); return;
      case Shape::nested: test.nested = list(value, op.key); return;
      case Shape::parse: return parse(value, test);
      case Shape::version: return version(op.key, value, test);
      case Shape::resolver: test.texts = resolver_of(value, problems_); return;
    }
  }

  void flag(std::string_view key, const TomlValue& value, NodeTest& test) {
    if (value.kind != TomlValue::Kind::boolean) return add(value, key, is(value) + "; write true or false");
    test.wanted = value.boolean;
  }

  std::string text(std::string_view key, const TomlValue& value) {
    if (value.kind == TomlValue::Kind::text && !value.text.empty()) return value.text;
    add(value, key, value.kind == TomlValue::Kind::text ? "is empty; give it a text or remove it" : is(value) + "; write a string");
    return {};
  }

  std::string scalar(std::string_view key, const TomlValue& value) {
    switch (value.kind) {
      case TomlValue::Kind::text:
      case TomlValue::Kind::date: return value.text;
      case TomlValue::Kind::integer: return std::to_string(value.integer);
      case TomlValue::Kind::boolean: return value.boolean ? "true" : "false";
      case TomlValue::Kind::real:
        if (std::isfinite(value.real)) return text_of_real(value.real);
        break;
      default: break;
    }
    add(value, key, value.kind == TomlValue::Kind::array ? "is an array; write one value, or 'in' or 'not_in'"
                                                         : is(value) + "; write a string, a number, true or false");
    return {};
  }

  void scalars(std::string_view key, const TomlValue& value, NodeTest& test) {
    if (value.kind != TomlValue::Kind::array) return add(value, key, is(value) + "; write an array, or 'eq' or 'ne'");
    if (value.items.empty()) add(value, key, "is empty; add a value");
    for (const TomlValue& item : value.items) test.texts.push_back(scalar(key, item));
  }

  void quantity(std::string_view key, const TomlValue& value, NodeTest& test) {
    if (value.kind == TomlValue::Kind::boolean || value.kind == TomlValue::Kind::date) return add(value, key, is(value) + "; write a number");
    test.texts = {scalar(key, value)};
    if (value.kind == TomlValue::Kind::text && !is_quantity(value.text))
      add(value, key, "is no number; write 30, or a text like \"128Mi\", \"30s\" or \"80%\"");
  }

  void regex(std::string_view key, const TomlValue& value, NodeTest& test) {
    test.texts = {text(key, value)};
    const auto groups = count_groups(test.texts[0]);
    if (!groups) add(value, key, "is no expression that RE2 takes: " + groups.error().message);
  }

  void types(std::string_view key, const TomlValue& value, NodeTest& test) {
    test.texts = texts_of(value, key, problems_);
    const std::vector<std::string_view> known(std::begin(kTypes), std::end(kTypes));
    for (const std::string& name : test.texts)
      if (std::find(known.begin(), known.end(), name) == known.end())
        add(value, key, quoted(name) + " is no type" + remedy(name, known));
  }

  void number(std::string_view key, const TomlValue& value, NodeTest& test) {
    if (value.kind != TomlValue::Kind::integer || value.integer < 0 || value.integer > UINT32_MAX)
      return add(value, key, "must be a whole number from 0");
    test.number = static_cast<double>(value.integer);
  }

  void strength(std::string_view key, const TomlValue& value, NodeTest& test) {
    test.texts = {text(key, value)};
    if (!test.texts[0].empty() && std::find(std::begin(kStrengths), std::end(kStrengths), test.texts[0]) == std::end(kStrengths))
      add(value, key, quoted(test.texts[0]) + " is unknown; write weak or strong");
  }

  void version(std::string_view key, const TomlValue& value, NodeTest& test) {
    test.texts = {text(key, value)};
    const std::string& name = test.texts[0];
    if (!name.empty() && !is_digit(name[0]) && !(name[0] == 'v' && name.size() > 1 && is_digit(name[1])))
      add(value, key, quoted(name) + " is no version; write \"1.25.0\"");
  }

  // { name = "x.yml", when = [...] }, or the conditions themselves.
  void parse(const TomlValue& value, NodeTest& test) {
    const auto is_wrapper = [](const TomlMember& member) { return member.key == "name" || (member.key == "when"); };
    const bool quantified = value.kind == TomlValue::Kind::table && std::any_of(value.members.begin(), value.members.end(), [](const TomlMember& member) {
      return member.key == "some" || member.key == "every" || member.key == "none";
    });
    if (quantified || value.kind != TomlValue::Kind::table || std::none_of(value.members.begin(), value.members.end(), is_wrapper)) {
      test.nested = list(value, "parse");
      return;
    }
    TableReader fields(value, "parse", problems_);
    if (fields.member("name") != nullptr) test.texts = {text("name", *fields.member("name"))};
    if (const TomlValue* when = fields.member("when"))
      test.nested = list(*when, "when");
    else
      problems_.add(value.position, "'parse' has no 'when'; say what holds in the document");
    fields.finish();
  }

  Problems& problems_;
  int depth_ = 0;
};

}  // namespace

std::vector<Condition> conditions_of(const TomlValue& value, std::string_view key, Problems& problems) {
  return ConditionReader(problems).list(value, key);
}

std::vector<Condition> read_conditions(TableReader& reader, std::string_view key) {
  const TomlValue* value = reader.member(key);
  if (value == nullptr) return {};
  return conditions_of(*value, key, reader.problems());
}

}  // namespace sealwarden
