// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scanner/base/finding.h"
#include "scanner/doc/document.h"

namespace sealwarden {

// A mark in the file that accepts a violation.
struct Acceptance {
  std::string why;
  std::string origin;                // "checkov:skip", "hadolint ignore": of another tool; empty: our own mark
  std::optional<std::string> until;  // "2027-01-31": ends after that day
  auto operator<=>(const Acceptance&) const = default;
};

// What a policy rule says of one place in one file at one path. Owns its strings.
struct Violation {
  uint32_t rule = 0;  // index into the rule set
  Finding::Kind kind = Finding::Kind::fail;
  Severity severity = Severity::high;
  Confidence confidence = Confidence::high;
  Span span;               // of the file's bytes; empty at 0 for what is about the whole file
  std::string document;    // its name by its kind ("Deployment/default/api"); may be empty
  std::string node;        // logical path: "spec.containers[name=api].env[name=DB_PASSWORD].value"
  std::string value;       // the text there: the secret, if the rule's values are secrets
  std::string message;     // holds no secret
  std::string reason;      // for the confidence, beside that it stands there; may be empty
  bool path_judged = false;  // the severity is what the rule says of files of such a path
  std::string subject;     // document, path without indexes, and value if it is no secret: what reordering and moving leave as it is
  std::optional<Acceptance> accepted;
  auto operator<=>(const Violation&) const = default;
};

// What rules on a whole tree say of it.
struct TreeFindings {
  std::vector<std::pair<std::string, Violation>> violations;  // with the path that each is about
  struct Judged {
    std::string path;
    uint32_t rule = 0;
    bool is_in_order = true;  // as far as this alone tells: violations may be about the same path
    auto operator<=>(const Judged&) const = default;
  };
  std::vector<Judged> judged;  // files that rules looked at as what they are about
};

}  // namespace sealwarden
