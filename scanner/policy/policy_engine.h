// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/pattern_table.h"
#include "rules/rule_set.h"
#include "scanner/base/bytes.h"
#include "scanner/doc/document.h"
#include "scanner/engine/blob_scanner.h"
#include "scanner/policy/changed_parts.h"
#include "scanner/policy/prefilter.h"
#include "scanner/policy/tree_view.h"
#include "scanner/policy/violation.h"

namespace sealwarden {

// A document that rules judged, or would have if their words were in it. Rules ascending.
struct JudgedDocument {
  Span span;                     // of the file's bytes; empty at 0: the whole file
  std::string name;              // as Violation::document
  std::vector<uint32_t> passed;  // they are about it, and nothing in it violates them
  std::vector<uint32_t> others;  // they are about it, and say something of it or cannot know
};

// What became of one file for the policy rules: every file that a rule wanted ends in exactly one of these.
struct PolicyOutcome {
  enum class State : uint8_t {
    not_wanted,  // no rule looks at such a file, or none of their prefilter words is in it
    judged,      // read; `document_state` says how well
    unread,      // a rule wanted it and it could not be read, in whole or in part
  };
  State state = State::not_wanted;
  DocumentState document_state = DocumentState::parsed;  // the worst of its documents
  std::string problem;                                   // of `unread`: "line 3: what was expected"
  std::vector<Violation> violations;                     // sorted by place, then rule; `open` ones too
  std::vector<std::string> warnings;                     // marks that allow nothing: "path:line: what"
  bool carries = false;  // an old version, of which all that was said holds where an edit changes nothing (changed_parts.h)
  std::vector<JudgedDocument> judged;                    // if the question asks for it: those that were read to their end
};

// Judges files by the rules of kind config, and pairs of versions by those of kind pair. Immutable after construction; share
// freely; borrows the rules.
class PolicyEngine {
 public:
  explicit PolicyEngine(const RuleSet& rules);
  PolicyEngine(const PolicyEngine&) = delete;
  PolicyEngine& operator=(const PolicyEngine&) = delete;
  ~PolicyEngine();

  // Whether any rule could look at a file of this path. Cheap; asked for every path.
  [[nodiscard]] bool wants(const std::string& path) const;
  // Whether a file of this last component of a path could be one whose every version counts, or whose pairs of versions do.
  [[nodiscard]] bool wants_versions_of(std::string_view name) const;
  struct Question {
    std::string path;
    Bytes bytes;
    std::span<const Hit> hits;           // of the secret rules in these bytes
    const TreeView* tree = nullptr;      // the tree that the file lies in; null: not known
    const TreeView* head = nullptr;      // of old versions: HEAD's tree; null: not known
    bool at_tip = true;                  // false: an old version, where only rules of scope `versions` count
    bool list_judged = false;            // also what is in order; costs as much as if every rule's words were in the file
  };
  [[nodiscard]] PolicyOutcome judge(const Question& question) const;

  // The rules that want a file, in three steps: judge(question) is judge(question, armed(question, present(question))).
  struct Armed {
    std::vector<uint32_t> rules;  // ascending
    bool are_covered = false;     // by changed_parts.h, all of them, at least in which documents they are about
  };
  [[nodiscard]] Prefilter::Present present(const Question& question) const;
  [[nodiscard]] Prefilter::Present present_after(const Prefilter::Present& before, Bytes bytes, Bytes changed) const;
  [[nodiscard]] Armed armed(const Question& question, const Prefilter::Present& present) const;
  [[nodiscard]] PolicyOutcome judge(const Question& question, const Armed& armed) const;
  // Whether a rule on pairs of versions wants to see this version beside an older one.
  [[nodiscard]] bool wants_pairs(const Question& question, const Prefilter::Present& present) const;
  [[nodiscard]] bool wants_pairs(const std::string& path, Bytes bytes) const;
  // Rules of kind pair: what the new version has that breaks them, seen beside the old one.
  [[nodiscard]] PolicyOutcome judge_pair(const Question& question, Bytes old_bytes) const;
  // Rules of kind tree, once a tree.
  [[nodiscard]] TreeFindings judge_tree(const TreeView& tree) const;

  // What `policy explain` shows of a place (line and column from 1; column 0: the whole line).
  [[nodiscard]] std::string explain(const Question& question, uint32_t line) const;

  [[nodiscard]] const ChangedParts& changed_parts() const;
  [[nodiscard]] std::vector<std::string> classes_of(const std::string& path) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sealwarden
