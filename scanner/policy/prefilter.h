// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/rule_set.h"
#include "rules/word_set.h"
#include "scanner/base/bytes.h"
#include "scanner/base/glob.h"

namespace sealwarden {

// Tells from the bytes of a file, before it is parsed, which rules and kinds of documents it can be of: by the prefilter words of
// rules, and by keys and values that their paths and the requirements of their kinds cannot do without. No false negatives, but where
// a word is hidden in base64 or made up by a template, and in UTF-16 without a mark. Immutable, share freely; borrows the rules.
class Prefilter {
 public:
  explicit Prefilter(const RuleSet& rules);

  // What a rule or a kind cannot do without, as it is written.
  struct Pair {
    std::string key, value;
  };
  struct Keys;

  // What of all words is in the bytes. Everything is, where escapes could spell words. Borrows both.
  struct Present {
    std::vector<bool> words;
    std::string_view path;
    Bytes bytes;
    bool everything = false;
    mutable std::map<std::pair<std::string_view, std::string_view>, bool> pairs;  // looked for so far
  };
  [[nodiscard]] Present present(std::string_view path, Bytes bytes) const;
  // Of a later version, of which only `changed` is new, all that may be in it: no less than present(), and what went may be told still.
  [[nodiscard]] Present present_after(const Present& before, Bytes bytes, Bytes changed) const;

  // Whether the rule's own words are there.
  [[nodiscard]] bool admits(uint32_t rule, const Present& present) const { return rules_[rule].holds(present); }
  // Whether a document of the file itself can be of the kind, or hold another one.
  [[nodiscard]] bool admits_kind(size_t kind, const Present& present) const { return kinds_[kind].needed.holds(present); }
  [[nodiscard]] bool may_embed(size_t kind, const Present& present) const;

 private:
  Prefilter(const RuleSet& rules, const std::vector<std::string>& escapes);

  using Word = size_t;
  // All of `words`, of `files`: a path that one of each list matches, of `pairs`: a key with this value; a list, if it has to be one.
  struct Together {
    std::vector<Word> words;
    std::vector<GlobList> files;
    std::vector<Pair> pairs;
    bool is_list = false;
    [[nodiscard]] bool holds(const Present& present) const;
  };
  // All of `all`, and one of each list of `any`.
  struct Need {
    Together all;
    std::vector<std::vector<Together>> any;
    [[nodiscard]] bool holds(const Present& present) const;
  };
  struct KindNeed {
    Need needed;
    std::vector<Together> embedded;
  };
  [[nodiscard]] Together together(const Keys& keys) const;
  [[nodiscard]] std::vector<Together> choices(const std::vector<Keys>& keys) const;

  WordSet words_;
  std::vector<Word> escapes_;    // of words_: beginnings of escapes that can stand for a letter
  std::vector<Need> rules_;      // by rule
  std::vector<KindNeed> kinds_;  // by kind
};

}  // namespace sealwarden
