// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rules/checksum.h"
#include "rules/policy.h"
#include "scanner/base/finding.h"
#include "scanner/base/glob.h"

namespace sealwarden {

// The kinds of the rule format: what a rule looks at. secret: bytes; file: a path and what confirms it; config: a document; tree:
// all paths of a tree; pair: two versions of a file.
enum class RuleKind : uint8_t { secret, file, config, tree, pair };
std::string_view name_of(RuleKind);  // "secret"

// Where overlapping matches at one place compete, the highest wins and the others are named in `also`.
enum class Rank : uint8_t { file, generic, policy, provider, checksum };

// A short pattern of bounded width for the Hyperscan database. Every match of the rule holds a hit of one of
// its anchors.
struct Anchor {
  std::string regex;    // Hyperscan syntax, bytes; flags inline: (?i) (?s) (?m)
  uint32_t before = 0;  // bytes that a match may reach before the anchor's first byte
  uint32_t after = 0;   // bytes that a match may reach behind the anchor's last byte
};

// Minimum Shannon entropy of the secret in bits per byte, by the narrowest alphabet that holds all its bytes.
struct EntropyCheck {
  double digits = 0, hex = 0, base36 = 0, base62 = 0, base64 = 0, any = 0;
};

// How an example token is made at test time, so that the repository holds nothing that looks live.
struct TokenRecipe {
  std::string prefix;
  std::string alphabet = "base62";     // digits, hex, HEX, base32, base36, base58, base62, base64, base64url,
                                       // lower, upper, or "chars:..."
  uint32_t length = 0;                 // characters between prefix and suffix, without the checksum's
  Checksum checksum = Checksum::none;  // appended by checksum_complete()
  std::string suffix;   // before the check characters, which cover it: "=" in Atlassian's tokens
  bool damage = false;  // change one character that the checksum covers
};

struct RuleTest {
  std::string name;
  std::string path;                // file rules and rules with `paths`; may be empty
  std::string text;                // "{token}" stands for the made token, "{token2}" for a second one
  std::string encoding = "utf-8";  // or utf-16le, utf-16be (with BOM), hex (text is hex digits of the bytes)
  std::optional<TokenRecipe> make;
  std::vector<uint32_t> expect_lines;    // lines of the expected findings of this rule, from 1; empty: none
  std::optional<uint32_t> expect_count;  // instead of lines: how many
  std::string expect_secret;             // if given: the secret of the first finding, with {token} filled in

  // Of rules of kind config, tree and pair. Findings are `fail` and `review`; `open` ones only if `expect_kind` is that.
  std::vector<std::pair<std::string, std::string>> files;  // path and text: what else is in the tree; {token} as in `text`
  std::optional<std::string> old;                          // the older version. Pair rules: seen beside `text`; config rules: judged, `text` being HEAD's
  std::optional<Finding::Kind> expect_kind;                // of all findings that are counted; none: fail or review
  std::string expect_node;                                 // logical path of the first finding; empty: not said
  std::optional<Severity> expect_severity;                 // of the first finding
};

// What a file rule wants to see in the bytes; all that is given must hold. Nothing given: the path is enough.
struct FileConfirm {
  std::vector<std::string> magic;  // raw bytes; one of them at offset `magic_offset`
  uint32_t magic_offset = 0;
  std::string regex;      // RE2 on bytes
  std::string not_regex;  // must not match
  uint32_t min_size = 1;  // bytes
};

// Bytes that a match may have if it is read as an assignment.
inline constexpr uint32_t kLongestAssignment = 512;

struct Rule {
  std::string id;    // kebab case, or CFG-FILE-001 style for all but secret rules
  std::string name;  // second accepted name (kebab case) of CFG- rules; may be empty
  RuleKind kind = RuleKind::secret;
  std::string title;
  Severity severity = Severity::high;
  Confidence confidence = Confidence::high;
  Rank rank = Rank::provider;
  // How matches are read: by the regex, or as assignments whose name holds one of the keywords and says that the value is a
  // password, or another secret (scanner/engine/assignment.h). Only the shipped rules use the latter.
  enum class Reader : uint8_t { regex, assigned_password, assigned_secret };
  Reader reader = Reader::regex;
  std::string regex;        // RE2, Latin-1, bytes
  uint32_t group = 0;       // capture that is the secret; 0 the whole match
  uint32_t max_length = 0;  // bytes of a whole match; 0 until the loader has derived it from a bounded regex
  std::vector<std::string> keywords;
  std::vector<Anchor> anchors;  // empty: derived by the compiler
  std::optional<EntropyCheck> entropy;
  Checksum checksum = Checksum::none;
  std::vector<std::string> stopwords;    // a secret that contains one (ASCII case ignored) is refused
  std::vector<std::string> ignore;       // a secret that equals one is refused (documentation values)
  GlobList paths;                        // the rule counts only there; empty: everywhere
  GlobList not_paths;                    // not there
  FileConfirm confirm;                   // file rules
  std::optional<PolicyPart> policy;      // config, tree and pair rules
  std::vector<std::string> cwe;          // "CWE-798"
  std::vector<std::string> owasp, cis, ssdf;
  std::string why;                       // why it matters: sentences
  std::string advice;                    // a sentence: how to rotate or fix
  std::string example;                   // how it looks when it is right
  std::string url;                       // the vendor's page
  std::vector<std::string> equivalents;  // "gitleaks:github-pat"
  std::vector<std::string> aliases;      // former ids
  std::vector<RuleTest> tests;
  std::string origin;     // "builtin:PACK:line:column" or "file:line:column": where it was defined
  bool disabled = false;  // by an override or a selection
  bool is_asked = false;  // although disabled: a policy rule that runs asks what it finds. Not reported
};

// Whether its matches are looked for.
inline bool is_searched(const Rule& rule) { return rule.kind == RuleKind::secret && (!rule.disabled || rule.is_asked); }

// One [[allow]] entry of a configuration: every condition given must hold; it marks a finding, never hides
// it.
struct Allow {
  std::vector<std::string> rules;      // ids or globs of ids; SEC-* means all secret rules
  std::vector<std::string> paths;      // globs
  std::string regex;                   // RE2, searched in the secret
  std::vector<std::string> stopwords;  // contained in the secret, ASCII case ignored
  std::vector<std::string> commits;    // full or abbreviated (at least 7 digits) ids of introducing commits
  std::string why;
  std::optional<std::string> until;  // "2027-01-31": the entry ends after that day
  std::string origin;                // file:line
};

// "SEC-*", "generic-*", an id, a name or an alias.
bool rule_name_matches(const std::string& pattern, const Rule& rule);

}  // namespace sealwarden
