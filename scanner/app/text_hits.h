// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "scanner/base/finding.h"
#include "scanner/engine/blob_scanner.h"

namespace sealwarden {

// Hits in a text that is no file: a name, a message, an author.
struct TextHits {
  Carrier carrier = Carrier::commit_message;
  ObjectId object;  // the commit, tag or reflog target it belongs to; zero if none
  std::string text; // only for names and authors, to tell equal ones apart
  std::vector<Hit> hits;
  std::vector<UnpackGap> gaps;  // what of it could not be read
};

// Scans `text` and appends its hits and gaps, if it has any.
inline void scan_text(BlobScanner::Worker& scanner, Carrier carrier, const ObjectId& object, Bytes text,
                      std::vector<TextHits>& out) {
  const std::vector<Hit>& hits = scanner.scan(text);
  if (hits.empty() && scanner.gaps().empty()) return;
  const bool keep_text = carrier == Carrier::author || carrier == Carrier::file_name || carrier == Carrier::ref_name;
  out.push_back({carrier, object, keep_text ? std::string(text) : std::string(), hits, scanner.gaps()});
}

}  // namespace sealwarden
