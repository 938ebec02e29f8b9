// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule_set.h"
#include "scanner/base/bytes.h"
#include "scanner/base/glob.h"
#include "scanner/policy/kept_lines.h"
#include "scanner/policy/yaml_outline.h"

namespace sealwarden {

// A version of a YAML file beside the one before it. Both borrow their bytes.
struct VersionPair {
  std::string_view path;
  Bytes before, after;
  const YamlOutline& outline_before;
  const YamlOutline& outline_after;
  const std::vector<KeptLines>& kept;
};

// A run of lines of one version, in bytes.
struct LineRun {
  size_t begin = 0, end = 0;
};

// Lines of a version that were copied into a part of it, in bytes.
struct CopiedLines {
  size_t part = 0, version = 0;  // where they begin in each
  size_t size = 0;
};

// What of a version has to be judged again: a smaller text, which has all that verdicts on what it holds can depend on.
struct ChangedPart {
  std::string text;
  std::vector<CopiedLines> lines;  // in order; all of it, but for line breaks behind keys that stand there alone
  bool moves_items = false;      // items came into lists or left them: those behind them have other numbers
  // The own lines of nodes that came, of the version, and of those that went, of the one before it; ascending.
  std::vector<LineRun> came, went;
};

// Tells which part of a YAML file an edit can have changed the verdicts of. Rules that judge a node by its value, its names, and
// entries of the maps around it (`$key`, `^.name`, `$root.kind`) are covered: what they say of a node that the edit left alone, under
// keys that it left alone, beside entries that they ask for and it left alone, holds. Immutable, share freely.
class ChangedParts {
 public:
  explicit ChangedParts(const RuleSet& rules);

  enum class Cover : uint8_t {
    none,       // the rule looks further
    documents,  // it does, but which documents it is about is told by their kinds and by entries of their roots
    silence,    // where it said nothing, it says nothing after the edit; what it said of a finding's severity may change
    all,
  };
  [[nodiscard]] Cover covers(uint32_t rule) const { return covered_[rule]; }

  // nullopt: the edit reaches everything, for all that is known. Linear.
  [[nodiscard]] std::optional<ChangedPart> of(const VersionPair& versions) const;

 private:
  class AskedNames;
  class Selection;
  void ask(const AskedNames& names);
  void note(const Rule& rule);
  void note(const DocumentKind& kind);
  // Whether a condition asks for entries of this name of a map that the judged node lies in; `at_root`: of the document's root.
  [[nodiscard]] bool is_asked_for(std::string_view key, bool at_root) const;
  // Whether a condition asks for it from further away. `path`: the keys from the document's root on to it, in lower case; `and_below`:
  // or for what lies below it.
  [[nodiscard]] bool is_asked_for_from_afar(const std::vector<std::string>& path, bool and_below) const;

  std::vector<Cover> covered_;                    // by rule
  std::set<std::string, std::less<>> asked_around_, asked_at_root_;  // in lower case
  std::map<std::string, std::set<std::string>, std::less<>> asked_below_;  // by the key above, of a map around the node; "": any
  // From the root on; of each step the names, none if any fits; without steps to items.
  std::set<std::vector<std::vector<std::string>>> asked_paths_;
  size_t longest_path_ = 0;
  std::vector<GlobList> whole_;  // files that may be of a kind by what stands anywhere in them; of each list one matches
};

}  // namespace sealwarden
