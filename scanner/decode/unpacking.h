// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "scanner/decode/unpack.h"

namespace sealwarden {

// One call of unpack(): what the readers of formats share. They ask it before they spend, and stop when stopped() says so.
class Unpacking {
 public:
  Unpacking(Bytes container, UnpackBudget& budget, const TakeMember& take, std::vector<UnpackGap>& gaps);

  // No more may be given: a bound was hit, and its gap stands.
  [[nodiscard]] bool stopped() const { return stopped_; }

  // How many bytes a decompressor may make now whose bytes count `weight` times.
  [[nodiscard]] uint64_t room(unsigned weight) const;
  void made(uint64_t bytes, unsigned weight);

  // Counts a member, also one that cannot be read; false if there were too many.
  bool admit();
  // Gives an admitted member's bytes, cut to what a member may have and the budget has left; a gap tells it.
  void give(std::string_view path, Bytes bytes, const MemberPiece& piece = {});
  void gap(UnpackGap::Kind kind, std::string_view path, std::string message);
  // A bound that ends the whole container.
  void stop(std::string_view path, std::string message);

 private:
  UnpackBudget& budget_;
  const TakeMember& take_;
  std::vector<UnpackGap>& gaps_;
  uint64_t growth_;  // bytes that this container may still expand to
  bool stopped_ = false;
};

// Appends a gap as long as the budget has room for it.
void note_gap(UnpackBudget& budget, std::vector<UnpackGap>& gaps, UnpackGap gap);

// What follows the end of a format that says where it ends: a container is given, of anything else a gap tells.
void give_rest(Bytes rest, Unpacking& job);

constexpr const char* kTooLong = "is longer than 64 MiB";  // UnpackBudget::kMember

class PackedStream;
constexpr size_t kTarBlock = 512;
bool is_tar_head(Bytes block);  // by its checksum

// The readers, one a file. Each gives the members of `container` to the job.
void unpack_zip(Bytes container, Unpacking& job);
void unpack_tar(PackedStream& stream, Unpacking& job);
void unpack_cpio(Bytes container, Unpacking& job);
void unpack_ar(Bytes container, Unpacking& job);
void unpack_rpm(Bytes container, Unpacking& job);
void unpack_seven_zip(Bytes container, Unpacking& job);
void unpack_compressed(Bytes container, Container kind, Unpacking& job);
void unpack_pdf(Bytes container, Unpacking& job);
void unpack_sqlite(Bytes container, Unpacking& job);
void unpack_java_class(Bytes container, Unpacking& job);
void unpack_office_text(Bytes container, Unpacking& job);
void unpack_utf16_strings(Bytes container, Unpacking& job);  // of Windows programs and OLE documents

}  // namespace sealwarden
