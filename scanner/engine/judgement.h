// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/rule.h"
#include "scanner/base/finding.h"
#include "scanner/engine/assignment.h"
#include "scanner/engine/key_kind.h"
#include "scanner/engine/value_class.h"

namespace sealwarden {

// What a file's path says of its syntax: whether a bare word is a literal (configuration, shells), an expression (program
// text) or a part of a sentence (prose; also texts without a path: messages, names).
enum class FileKind : uint8_t { config, code, prose };
inline constexpr size_t kFileKinds = 3;
FileKind file_kind(const std::string* path);

// Whether the path is one of tests, examples, documentation or vendored code, by the words of its components.
bool is_side_path(const std::string& path);

enum class Verdict : uint8_t { refused, low, medium };
// nullopt: refused.
std::optional<Confidence> as_confidence(Verdict);

// What is thought of a secret without a format: for each kind of file, since the engine doesn't know the path.
struct Judgement {
  std::array<Verdict, kFileKinds> verdicts{};
  KeyKind key = KeyKind::none;
  ValueClass value = ValueClass::empty;
  auto operator<=>(const Judgement&) const = default;
};

// Whether the kind of file matters.
inline bool path_decides(const Judgement& judged) {
  return judged.verdicts[0] != judged.verdicts[1] || judged.verdicts[1] != judged.verdicts[2];
}

// The verdict in the kind of file where it is highest.
Verdict best_verdict(const Judgement& judgement);

// nullopt: refused in every kind of file, or the name is none that `reader` looks for. Locality: the assignment's bytes.
std::optional<Judgement> judge(const Lexicon& lexicon, Rule::Reader reader, Bytes text, const Assignment& found);

// What is thought of a value that is a literal for certain, being the whole of a node of a parsed document, under that name.
Verdict literal_verdict(const Lexicon& lexicon, Bytes name, Bytes value);

// judge() that remembers some of its last verdicts: versions of a file ask the same again and again. One per thread.
class Judge {
 public:
  explicit Judge(const Lexicon& lexicon) : lexicon_(lexicon) {}
  std::optional<Judgement> operator()(Rule::Reader reader, Bytes text, const Assignment& found);

 private:
  static constexpr size_t kEntries = 4096;
  struct Entry {
    std::string question;  // all that the verdict depends on
    std::optional<Judgement> verdict;
  };
  const Lexicon& lexicon_;
  std::vector<Entry> entries_;
  std::string question_;
};

// What the report says of it: "name of a password", "value looks random".
std::vector<std::string> reasons_of(const Judgement& judgement);

}  // namespace sealwarden
