// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/base/object_id.h"
#include "scanner/base/secret.h"

namespace sealwarden {

enum class Severity : uint8_t { info, low, medium, high, critical };
enum class Confidence : uint8_t { low, medium, high };

// What holds the bytes. git_config is the repository's own .git/config (URLs with passwords); all others as in the glossary.
enum class Carrier : uint8_t {
  blob, symlink, file_name, ref_name, author, commit_message, tag_message, note, reflog_message, git_config
};

// Where a place can still be met; the strongest that holds, strongest first.
enum class Reach : uint8_t { head, tip, history, stash, reflog, staged, unreachable, worktree };

// Names as they stand in reports: "critical", "high", "file name", "head". The parse functions take exactly these.
std::string_view name_of(Severity);
std::string_view name_of(Confidence);
std::string_view name_of(Carrier);
std::string_view name_of(Reach);
std::optional<Severity> parse_severity(std::string_view);
std::optional<Confidence> parse_confidence(std::string_view);

// The range of a secret in its carrier's bytes: byte offsets from 0, lines and columns from 1 in bytes, ends exclusive.
// Lines end at LF. The UTF-16 columns are for SARIF only (1-based, in UTF-16 code units of the line read as UTF-8).
struct Region {
  uint64_t start_byte = 0, end_byte = 0;
  uint32_t start_line = 1, start_column = 1, end_line = 1, end_column = 1;
  uint32_t start_column_utf16 = 1, end_column_utf16 = 1;

  auto operator<=>(const Region&) const = default;
};

// One version that holds the finding, at the commit that introduced it.
struct Place {
  std::optional<ObjectId> commit;  // none for work tree, stdin, index, and what no commit holds
  std::optional<ObjectId> blob;    // none where the bytes are no blob
  Carrier carrier = Carrier::blob;
  std::optional<std::string> path;  // as in git, '/' separators, raw bytes
  Reach reach = Reach::worktree;
  std::optional<int64_t> author_date;  // seconds since the epoch, UTC
  std::string author;                  // "Name <mail>" of `commit`; empty if none
  Region region;
  std::vector<std::string> decoded;  // encodings, outermost first; empty for plain bytes
};

// Why a finding does not fail the gate.
struct Suppression {
  enum class Kind : uint8_t { allow_comment, allow_config, ignore_file, baseline };
  Kind kind = Kind::allow_comment;
  std::string why;           // the comment's, entry's or line's own words; may be empty
  bool is_new = false;       // brought by the change under test (range, staged)
  std::string origin;        // the other tool whose mark it is ("checkov:skip"); empty: one of ours
};
std::string_view name_of(Suppression::Kind);

// One leak: (rule, secret, path), with all its places. Owns everything.
struct Finding {
  std::string rule;               // id
  std::vector<std::string> also;  // ids of other rules that matched the same place, sorted
  enum class Class : uint8_t { secret, config } kind_of_leak = Class::secret;
  enum class Kind : uint8_t { fail, review, open } kind = Kind::fail;
  std::string title;
  Severity severity = Severity::high;
  Confidence confidence = Confidence::high;
  std::vector<std::string> reasons;  // why this confidence, sorted
  std::optional<std::string> path;   // of its places; none for messages, names of refs, authors
  std::string member;                // of an archive or document, if that holds the secret: `path` is "outer.zip!member"
  Secret secret;                     // empty for file rules
  bool ordinary_word = false;        // the secret is a word that any text may hold ("application"), or names a folder
  std::string fingerprint;           // "sealwarden/v1:" + 32 hex digits
  std::string secret_id;             // the same without path
  std::vector<std::string> also_fingerprints;  // what the finding would be called under each rule of `also`, in its order
  std::string document;  // policy rules: the name of the document ("Deployment/default/api"); may be empty
  std::string node;      // and the logical path in it: "spec.containers[name=api].image"
  std::string message;   // what the rule says of this place; empty: `title` says it all
  bool at_head = false;
  std::vector<ObjectId> introduced;  // in topological, then date order; several when it came on several lines of history
  std::vector<ObjectId> removed;     // empty while the secret is at any tip at that path
  bool merge_only = false;           // only merges introduce it
  std::optional<Suppression> suppressed;
  std::vector<Place> places;         // sorted, never empty
};

// What a policy rule says of a place in a document, beyond the bytes there.
struct PolicyFacts {
  Finding::Kind kind = Finding::Kind::fail;
  Severity severity = Severity::high;
  Confidence confidence = Confidence::high;
  std::string document, node, message;  // as in Finding
  std::string reason;                   // for the confidence, beside that it stands there; may be empty
  bool path_judged = false;             // the severity is what the rule says of files of such a path
  std::string subject;                  // with rule and path what tells findings apart: document, node and value, as reordering leaves them
};

}  // namespace sealwarden
