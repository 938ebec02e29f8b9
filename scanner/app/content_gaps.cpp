// SPDX-License-Identifier: Apache-2.0
#include "scanner/app/content_gaps.h"

namespace sealwarden {
namespace {

Skip reason_of(UnpackGap::Kind kind) {
  switch (kind) {
    case UnpackGap::Kind::limit: return Skip::limit;
    case UnpackGap::Kind::corrupt: return Skip::damaged_content;
    case UnpackGap::Kind::encrypted: return Skip::encrypted_content;
    case UnpackGap::Kind::unsupported: return Skip::unsupported_content;
  }
  return Skip::limit;
}

}  // namespace

void note_gaps(Ledger& ledger, const std::string& where, const std::vector<UnpackGap>& gaps) {
  for (const UnpackGap& gap : gaps) ledger.skip(reason_of(gap.kind), member_path(where, gap.path) + ": " + gap.message);
}

void note_gaps(Ledger& ledger, const std::string& path, const ObjectId& blob, const std::vector<UnpackGap>& gaps) {
  const std::string id = "blob " + blob.hex();
  if (path.empty()) return note_gaps(ledger, id, gaps);
  for (const UnpackGap& gap : gaps) ledger.skip(reason_of(gap.kind), member_path(path, gap.path) + ": " + gap.message + " (" + id + ")");
}

std::string member_path(const std::string& path, const std::string& member) { return member.empty() ? path : path + "!" + member; }

}  // namespace sealwarden
