// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "scanner/base/ascii.h"
#include "scanner/doc/builder.h"
#include "scanner/doc/parse.h"

namespace sealwarden {

void parse_source(ParsedFile& into, const DocumentLimits& limits) {
  DocumentBuilder builder(into, limits);
  const auto size = static_cast<uint32_t>(into.bytes.size());
  builder.begin_document(0);
  bool goes_on = builder.begin_sequence({}, {0, size});
  for (uint32_t start = 0; start < size && goes_on;) {
    const auto feed = static_cast<uint32_t>(std::min<size_t>(into.bytes.find('\n', start), size));
    uint32_t begin = start, end = feed;
    while (begin < end && is_space(into.bytes[begin])) ++begin;
    while (end > begin && is_space(into.bytes[end - 1])) --end;
    if (begin < end) goes_on = builder.scalar({}, NodeType::text, into.bytes.substr(begin, end - begin), {begin, end});
    start = feed + 1;
  }
  builder.end(size);
  builder.finish_document(size, DocumentState::parsed);
}

}  // namespace sealwarden
