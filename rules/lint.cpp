// SPDX-License-Identifier: Apache-2.0
#include <hs/hs_common.h>
#include <hs/hs_runtime.h>
#include <re2/re2.h>

#include <algorithm>
#include <memory>

#include "rules/anchors.h"
#include "rules/pattern.h"
#include "rules/policy_walk.h"
#include "rules/rule_set.h"
#include "rules/token_maker.h"
#include "scanner/base/ascii.h"

namespace sealwarden {
namespace {

// Messages about one rule, each with its origin.
class Messages {
 public:
  explicit Messages(const Rule& rule) : start_(rule.origin + ": rule " + rule.id + ": ") {}
  void add(const std::string& what) { texts_.push_back(start_ + what); }
  void add_placed(std::string message) { texts_.push_back(std::move(message)); }  // names its origin already
  [[nodiscard]] bool empty() const { return texts_.empty(); }
  std::vector<std::string> take() { return std::move(texts_); }

 private:
  std::string start_;
  std::vector<std::string> texts_;
};

// What both the regex and the anchors must satisfy; nullopt if it is not even an expression.
std::optional<PatternWidth> lint_expression(const std::string& what, const std::string& regex,
                                            bool for_hyperscan, Messages& messages) {
  const auto groups = count_groups(regex);
  if (!groups) messages.add("RE2 refuses the " + what + ": " + groups.error().message);
  for (const std::string& construct : forbidden_constructs(regex, for_hyperscan))
    messages.add("the " + what + " holds " + construct);
  const auto width = pattern_width(regex);
  if (!width && for_hyperscan)
    messages.add("Hyperscan refuses the " + what + ": " + width.error().message +
                 "; give anchors that it can search");
  if (width && width->least == 0)
    messages.add("the " + what + " matches the empty text; make a part of it obligatory");
  return width ? std::optional(*width) : std::nullopt;
}

void lint_anchors(const Rule& rule, Messages& messages) {
  for (const Anchor& anchor : rule.anchors) {
    const auto width = lint_expression("anchor '" + anchor.regex + "'", anchor.regex, true, messages);
    if (width && width->most > kMaxAnchorWidth)
      messages.add("the anchor '" + anchor.regex +
                   "' may be wider than 256 bytes; shorten it and widen before or after");
  }
}

void lint_regex(const Rule& rule, Messages& messages) {
  const bool derived = rule.anchors.empty();
  const auto width = lint_expression("regex", rule.regex, derived, messages);
  if (derived && width && width->most > kMaxAnchorWidth)
    messages.add(
        "a match may be longer than 256 bytes, so that the regex cannot be its own anchor; give anchors");
  if (rule.max_length == 0) messages.add("the regex is unbounded; bound its repeats or give max_length");
  if (rule.max_length > kMaxMatchLength) messages.add("max_length is above 65536; lower it");
  const auto groups = count_groups(rule.regex);
  if (groups && rule.group > *groups) messages.add("the regex has no capture " + std::to_string(rule.group));
}

void lint_optional_regex(const std::string& what, const std::string& regex, Messages& messages) {
  const auto groups = count_groups(regex);
  if (!groups) messages.add("RE2 refuses " + what + ": " + groups.error().message);
}

void lint_file_rule(const Rule& rule, Messages& messages) {
  if (rule.paths.empty()) messages.add("a file rule needs paths");
  lint_optional_regex("confirm.regex", rule.confirm.regex, messages);
  lint_optional_regex("confirm.not_regex", rule.confirm.not_regex, messages);
}

// Of conditions and paths; the reader has looked at those that came from a file.
void lint_policy_patterns(const PolicyPart& part, Messages& messages) {
  const auto on_test = [&](const NodeTest& test) {
    if (test.op == NodeTest::Op::matches || test.op == NodeTest::Op::not_matches)
      for (const std::string& regex : test.texts) lint_optional_regex("'" + regex + "' of a condition", regex, messages);
  };
  const auto on_path = [&](const DocumentPath& path) {
    walk_steps(path.steps, [&](const PathStep& step) {
      if (step.compare == PathStep::Compare::matches) lint_optional_regex("'" + step.operand + "' of a path", step.operand, messages);
    });
  };
  ConditionWalk{[](const Condition&) {}, on_test, on_path}.walk(part);
}

void lint_policy_rule(const Rule& rule, Messages& messages) {
  if (!rule.policy) return messages.add("a rule of kind " + std::string(name_of(rule.kind)) + " needs conditions");
  const PolicyPart& part = *rule.policy;
  lint_policy_patterns(part, messages);
  if (part.message.empty()) messages.add("it has no message; say what is wrong where it finds something");
  if (rule.why.empty()) messages.add("it has no why; say in a sentence what comes of it");
  if (rule.advice.empty()) messages.add("it has no advice; say how to put it right");
  if (rule.kind == RuleKind::tree) {
    const bool has_require = !part.if_any.empty() && (!part.same_folder.empty() || !part.anywhere.empty());
    if (!has_require && part.resolver.empty()) messages.add("it says nothing of the tree; give it if_any and require, or resolver");
    return;
  }
  if (part.when.empty() && part.each.empty() && part.where.empty()) messages.add("it would find every document; give it when, each or where");
  if (part.docs.empty() && part.prefilter_all.empty() && part.prefilter_any.empty() && rule.paths.empty())
    messages.add("every file would be read for it; give it docs, a prefilter or paths");
}

bool contains_any(Bytes text, const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::search(text.begin(), text.end(), word.begin(), word.end(),
                       [](char a, char b) { return to_lower(a) == to_lower(b); }) != text.end();
  });
}

struct Range {
  size_t start, end;
};

// The matches of the regex in a text, one after the other.
std::vector<Range> matches_in(const re2::RE2& regex, Bytes text) {
  std::vector<Range> found;
  for (size_t from = 0; from < text.size();) {
    re2::StringPiece match;
    if (!regex.Match({text.data(), text.size()}, from, text.size(), re2::RE2::UNANCHORED, &match, 1)) break;
    const auto start = static_cast<size_t>(match.data() - text.data());
    found.push_back({start, start + match.size()});
    from = std::max(start + match.size(), start + 1);
  }
  return found;
}

struct AnchorEnd {
  unsigned anchor;
  size_t end;
};

int collect(unsigned id, unsigned long long /*from*/, unsigned long long to, unsigned /*flags*/,
            void* context) {
  static_cast<std::vector<AnchorEnd>*>(context)->push_back({id, static_cast<size_t>(to)});
  return 0;
}

// The anchors of one rule, ready to search the texts of its tests.
class AnchorSearch {
 public:
  static Result<AnchorSearch> make(const Rule& rule) {
    TRY(CompiledAnchors compiled, compile_anchors({&rule, 1}, TargetCpu::host));
    hs_database_t* database = nullptr;
    hs_scratch_t* scratch = nullptr;
    AnchorSearch search;
    search.infos_ = std::move(compiled.infos);
    hs_error_t status =
        hs_deserialize_database(compiled.database.data(), compiled.database.size(), &database);
    search.database_.reset(database);
    if (status == HS_SUCCESS) status = hs_alloc_scratch(database, &scratch);
    search.scratch_.reset(scratch);
    if (status != HS_SUCCESS)
      return fail(Error::Kind::internal, "Hyperscan refuses what it has just compiled");
    return search;
  }

  // Whether the engine would look at this match at all.
  [[nodiscard]] bool reaches(Bytes text, Range match) const {
    std::vector<AnchorEnd> ends;
    hs_scan(database_.get(), text.data(), static_cast<unsigned>(text.size()), 0, scratch_.get(), collect,
            &ends);
    return std::any_of(ends.begin(), ends.end(), [&](const AnchorEnd& hit) {
      const AnchorInfo& info = infos_[hit.anchor];
      return match.start + info.before >= hit.end && match.end <= hit.end + info.after;
    });
  }

 private:
  struct Free {
    void operator()(hs_database_t* database) const { hs_free_database(database); }
    void operator()(hs_scratch_t* scratch) const { hs_free_scratch(scratch); }
  };
  std::unique_ptr<hs_database_t, Free> database_;
  std::unique_ptr<hs_scratch_t, Free> scratch_;
  std::vector<AnchorInfo> infos_;
};

std::string of_test(const RuleTest& test) { return "test '" + test.name + "': "; }

void lint_recipe(const RuleTest& test, Messages& messages) {
  if (!test.make || test.make->checksum == Checksum::none) return;
  const bool holds = checksum_holds(test.make->checksum, make_token(*test.make, test.name));
  if (holds == test.make->damage)
    messages.add(of_test(test) + "the made token does not fit its checksum; look at prefix and length");
}

// Every match in a test must hold a keyword and lie where an anchor leads.
void lint_matches(const Rule& rule, const RuleTest& test, const re2::RE2& regex, Bytes text,
                  const AnchorSearch& search, Messages& messages) {
  for (const Range match : matches_in(regex, text)) {
    if (!search.reaches(text, match))
      messages.add(of_test(test) +
                   "no anchor leads to a match of the regex; widen before or after, or add an anchor");
    const Bytes whole = text.substr(match.start, match.end - match.start);
    if (!rule.keywords.empty() && !contains_any(whole, rule.keywords))
      messages.add(of_test(test) + "a match holds none of the keywords; add one or remove them");
    if (whole.size() > rule.max_length)
      messages.add(of_test(test) + "a match is longer than max_length; raise it");
  }
}

void lint_tests(const Rule& rule, const AnchorSearch* search, Messages& messages) {
  const auto regex = make_re2(rule.regex);
  for (const RuleTest& test : rule.tests) {
    lint_recipe(test, messages);
    const auto expanded = expand_test(rule, test);
    if (!expanded)
      messages.add(of_test(test) + "the text is not pairs of hex digits; correct it or its encoding");
    if (expanded && search != nullptr) lint_matches(rule, test, *regex, expanded->bytes, *search, messages);
  }
}

// A word that holds another would be found twice, and by its end one could not tell which.
void lint_assigned_rule(const Rule& rule, Messages& messages) {
  lint_anchors(rule, messages);
  for (const std::string& word : rule.keywords)
    for (const std::string& other : rule.keywords)
      if (&word != &other && word.find(other) != std::string::npos)
        messages.add("the keyword '" + word + "' holds the keyword '" + other + "'; remove the longer one");
  lint_tests(rule, nullptr, messages);
}

// Each expression passes by itself; now as the engine will use them.
void lint_secret_rule(const Rule& rule, Messages& messages) {
  if (rule.reader != Rule::Reader::regex) return lint_assigned_rule(rule, messages);
  lint_regex(rule, messages);
  lint_anchors(rule, messages);
  if (rule.rank == Rank::checksum && rule.checksum == Checksum::none)
    messages.add("rank checksum is for rules with a checksum; write provider");
  if (!messages.empty()) return lint_tests(rule, nullptr, messages);
  const auto search = AnchorSearch::make(rule);
  if (!search) messages.add_placed(search.error().message);
  lint_tests(rule, search ? &*search : nullptr, messages);
}

}  // namespace

std::vector<std::string> lint_rule(const Rule& rule) {
  Messages messages(rule);
  if (rule.kind == RuleKind::secret) {
    lint_secret_rule(rule, messages);
  } else {
    if (rule.kind == RuleKind::file)
      lint_file_rule(rule, messages);
    else
      lint_policy_rule(rule, messages);
    lint_tests(rule, nullptr, messages);
  }
  return messages.take();
}

}  // namespace sealwarden
