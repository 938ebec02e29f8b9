// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "git/index_file.h"

namespace sealwarden {

// The extensions of an index file that matter for a reader; all parsers are total.
Result<CacheTree> parse_cache_tree(Bytes content);
Result<void> parse_link(Bytes content,
                        ParsedIndex& parsed);  // of a split index: fills base, deleted, replaced

}  // namespace sealwarden
