// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/base/bytes.h"
#include "scanner/decode/container.h"

namespace sealwarden {

// What a blob and all that is nested in it may still cost, or an encoded run of it. Counted in bytes and members, never in time, so that the same
// input gives the same members. Every call takes its part away; one per blob.
struct UnpackBudget {
  static constexpr uint64_t kMember = 64ULL << 20;     // the largest member, or piece of one
  static constexpr uint64_t kFreeGrowth = 16ULL << 20;  // a container may expand to this,
  static constexpr uint64_t kGrowth = 200;              // and to this many times its size

  unsigned depth = 4;                  // levels of containers, and of base64 and hex
  unsigned escapes = 12;               // levels of escapes of escapes
  uint64_t bytes = 256ULL << 20;       // of members, all levels together
  uint64_t members = 100'000;          // of all levels
  uint64_t work = 512ULL << 20;        // bytes decompressed, given or not; those of slow methods count several times
  uint64_t decoded = 256ULL << 20;     // bytes of encoded runs, each as often as it is decoded
  unsigned gaps = 100;                 // that are told one by one; the last says that there are more
};

// Of a member that is longer than kMember: where the bytes that are given lie in it. Pieces overlap by more than a match or a line
// is long, and what begins in an overlap is one piece's own.
struct MemberPiece {
  static constexpr uint64_t kOverlap = 1 << 20;  // far more than the longest match

  uint64_t offset = 0, line = 0, column = 0;       // of the first byte: bytes and lines before it, bytes before it in its line
  uint64_t own_begin = 0, own_end = UINT64_MAX;  // in the piece's bytes: only what begins there counts

  [[nodiscard]] bool owns(uint64_t at) const { return at >= own_begin && at < own_end; }
};

// One text of a container. Borrowed: valid during the call that gives it. If a member is stored as it is, `bytes` lies in
// the container's own bytes.
struct Member {
  std::string path;  // as in the archive, with '/' between folders; "" for a single compressed file or document without name
  Bytes bytes;
  MemberPiece piece = {};
};
using TakeMember = std::function<void(const Member&)>;

// What was not read.
struct UnpackGap {
  enum class Kind : uint8_t {
    limit,        // a bound of the budget was hit
    corrupt,      // the bytes break their format; what could be read before was given
    encrypted,    // a password is needed
    unsupported,  // a format, compression or font that is not read
  };
  Kind kind;
  std::string path;     // of the member, "" for the whole container; nested ones as unpack_all() names them
  std::string message;  // the cause, for a person: half a sentence without a full stop
};
std::string_view name_of(UnpackGap::Kind);

// Gives the members of one container in the order in which they lie in it, one level deep: whoever takes a member may ask
// container_of() for its bytes and go on with the same budget. `take` must not throw. `kind` is what container_of()
// said; any other is safe.
// A text longer than kMember is given in pieces, each a member of the same path; of a container or UTF-16 the first only, and a gap.
// Gaps are appended. Keeps one member in memory, at most kMember, and what its decompressor needs, at
// most 128 MiB. Knows no threads: calls share nothing.
void unpack(Bytes container, Container kind, UnpackBudget& budget, const TakeMember& take, std::vector<UnpackGap>& gaps);

// The same to the depth that the budget allows: a member comes first, then what it holds, whose path is "outer!inner"
// ("inner" if the outer one has no name). Keeps one member of each level in memory.
void unpack_all(Bytes container, Container kind, UnpackBudget& budget, const TakeMember& take, std::vector<UnpackGap>& gaps);

}  // namespace sealwarden
