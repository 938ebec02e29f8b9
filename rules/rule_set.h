// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule.h"
#include "scanner/base/bytes.h"
#include "scanner/base/digest.h"
#include "scanner/base/result.h"

namespace sealwarden {

// A file that a person wrote: where it came from, for messages, and its text.
struct RuleSource {
  std::string name;  // path as the user knows it, or "HEAD:.sealwarden.toml"
  std::string text;
};

// What one TOML file says. The grammar is architecture.md §7 and policy.md §7.7; rules/README.md tells
// it to users.
struct RuleFile {
  std::string pack;  // may be empty
  std::vector<Rule> rules;
  struct Override {
    std::string rule;  // id, name or alias
    std::optional<Severity> severity;
    std::optional<bool> disabled;
    std::string origin;  // file:line:column, for messages
  };
  std::vector<Override> overrides;
  std::vector<Allow> allows;
  std::vector<DocumentKind> kinds;
  std::vector<TokenLexicon> lexicons;
  std::vector<PathClass> classes;
};

// Reads one rule file or configuration. Every problem (syntax, unknown key, wrong type, bad value, id given
// twice) is an Error of kind usage whose message is "file:line:column: what; remedy". All problems of the
// file, one per line.
Result<RuleFile> load_rule_file(const RuleSource& source);

// All rules of a run: the shipped ones first, then the user's; ids unique. Immutable after merging.
struct RuleSet {
  std::vector<Rule> rules;
  size_t builtin_count =
      0;  // rules[0, builtin_count) are the shipped ones, in the order of the embedded database
  Sha256 shipped{};   // builtin_rules_digest() if these are what the program ships, overrides aside
  std::vector<Allow> allows;
  std::vector<DocumentKind> kinds;        // shipped ones first; a user's kind of the same name takes the shipped one's place
  std::vector<TokenLexicon> lexicons;     // likewise
  std::vector<PathClass> classes;         // the configuration's first
  Confidence least_confidence = Confidence::low;  // what the engine is less sure of in any kind of file it only counts
  std::string digest;  // 16 hex digits over everything that decides a result

  [[nodiscard]] const Rule* find(std::string_view id_or_name) const;  // also aliases; nullptr if absent
};

// The shipped rules (embedded), then those of `files` in order; overrides applied. An override of an unknown
// rule or a rule with a used id is an Error of kind usage with its origin.
// `builtin_digest`: RuleSet::shipped, if `builtin` is what the program ships (shipped_rule_set() says so); it saves taking the
// digest, a third of a start. `words`: the shipped kinds of documents, word lists and classes. What a rule names and is not
// there (a kind, a format, a word list, a class, a secret rule) is an Error of kind usage too.
Result<RuleSet> merge_rules(std::vector<Rule> builtin, const std::vector<RuleFile>& files,
                            const Sha256& builtin_digest = {}, Vocabulary words = {});

// Over everything in the rules that decides a result.
Sha256 rules_digest(std::span<const Rule> rules);

// Checks that cannot be seen while parsing: both engines compile the patterns, widths are bounded, anchors
// cover the keyword, no engine-dependent construct. Messages as above, one per problem; empty if the rule is
// fine. Sets nothing.
std::vector<std::string> lint_rule(const Rule& rule);

}  // namespace sealwarden
