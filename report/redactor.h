// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/base/finding.h"

namespace sealwarden {

// At most the first 4 characters, never more than a quarter of the bytes, then "…" and the length in bytes:
// "ghp_…(40)". Control characters and bytes that are no UTF-8 are escaped.
std::string redacted(const Secret& secret);

// Removes user information from a URL: "https://user:pw@host/x" -> "https://host/x"; also "user:pw@host/x".
// Anything else ("git@host:x") is returned as it is.
std::string without_user_information(std::string_view url);

// Control characters (line feeds too) as \xNN or \uNNNN and bytes that are no UTF-8 as \xNN, so that content
// cannot steer a terminal or a CI log. A CI workflow command ("::" at the start, "##[" and "##vso[" anywhere,
// because runners look for them anywhere) gets its first character escaped.
std::string escape_for_terminal(std::string_view text);

// Knows all secrets of a run, also in their encoded forms (report/encodings.h), and takes them out of a
// string. Writers apply it to every string that may come from content: paths, names of refs and authors,
// reasons, the ledger's examples, words of suppressions, URLs of remotes. Not to rule ids, titles, advice,
// fingerprints, object ids and keys: these are not content, and a secret like "admin" would make them
// unreadable. Secrets under 4 bytes are not looked for. Nor are ordinary words (Finding::ordinary_word) that only a
// blob holds ("postgres", or the name of a folder): a masked path "docker/po…(8)/x" leads nowhere and tells more than the path itself. Immutable
// after construction; thread-safe.
class Redactor {
 public:
  Redactor() = default;
  explicit Redactor(const std::vector<Finding>& findings);
  void add(const Secret& secret);  // before sharing
  [[nodiscard]] std::string operator()(std::string_view text) const;

 private:
  static constexpr size_t kHeads = size_t{1} << 18;
  struct Match {
    size_t length = 0;  // 0: none
    const std::string* shown = nullptr;
  };
  [[nodiscard]] Match longest_at(std::string_view text) const;

  std::map<std::string, std::string, std::less<>> needles_;  // what to look for -> what to write instead
  std::bitset<kHeads> heads_;                                // hashes of the needles' first 4 bytes
};

}  // namespace sealwarden
