// SPDX-License-Identifier: Apache-2.0
#include "scanner/decode/unpack.h"

#include <algorithm>

#include "scanner/decode/byte_cursor.h"
#include "scanner/decode/packed_stream.h"
#include "scanner/decode/unpacking.h"

namespace sealwarden {
namespace {

constexpr size_t kLongestPath = 4096;
constexpr const char* kTooMuch = "holds more than may be unpacked of one file";

std::string joined(std::string_view outer, std::string_view inner) {
  std::string path(outer);
  if (!outer.empty() && !inner.empty()) path += '!';
  return path += inner;
}

// The name that a gzip head may hold.
std::string gzip_name(Bytes bytes) {
  constexpr uint8_t kExtra = 4, kName = 8;
  if (bytes.size() < 10) return "";
  const auto flags = static_cast<uint8_t>(bytes[3]);
  size_t at = 10;
  if ((flags & kExtra) != 0 && bytes.size() > at + 2) {
    at += 2 + static_cast<uint8_t>(bytes[at]) + (size_t{static_cast<uint8_t>(bytes[at + 1])} << 8);
  }
  if ((flags & kName) == 0 || at >= bytes.size()) return "";
  const Bytes rest = bytes.substr(at, kLongestPath);
  return std::string(rest.substr(0, rest.find('\0')));
}

Codec codec_of(Container kind) {
  switch (kind) {
    case Container::bzip2:
      return Codec::bzip2;
    case Container::xz:
    case Container::lzip:
    case Container::lzma:
      return Codec::xz;
    case Container::zstd:
      return Codec::zstd;
    case Container::zlib:
      return Codec::zlib;
    default:
      return Codec::gzip;
  }
}

// What programs that install something carry behind their own code. A 7z archive has a sum over its first fields: the code that
// looks for it may hold its mark, too.
void unpack_program(Bytes program, Unpacking& job) {
  using namespace std::string_view_literals;
  unpack_utf16_strings(program, job);
  for (size_t at = program.find("7z\xBC\xAF\x27\x1C"sv); at != Bytes::npos; at = program.find("7z\xBC\xAF\x27\x1C"sv, at + 1)) {
    const Bytes fields = program.substr(at).substr(0, 32);
    if (fields.size() == 32 && crc32_of(fields.substr(12)) == ByteCursor(fields.substr(8)).le32()) return unpack_seven_zip(program.substr(at), job);
  }
  for (const Bytes mark : {"Rar!\x1A\x07"sv, "\xEF\xBE\xAD\xDENullsoftInst"sv, "Inno Setup Setup Data ("sv, "MSCF\0\0\0\0"sv}) {
    if (program.find(mark) == Bytes::npos) continue;
    return job.gap(UnpackGap::Kind::unsupported, "", "is a program with an archive of a kind that is not read");
  }
}

void dispatch(Bytes container, Container kind, Unpacking& job) {  // table-like
  switch (kind) {
    case Container::none:
      return;
    case Container::zip:
      return unpack_zip(container, job);
    case Container::tar: {
      PackedStream stream(Codec::stored, container, job);
      return unpack_tar(stream, job);
    }
    case Container::cpio:
      return unpack_cpio(container, job);
    case Container::ar:
      return unpack_ar(container, job);
    case Container::rpm:
      return unpack_rpm(container, job);
    case Container::seven_zip:
      return unpack_seven_zip(container, job);
    case Container::gzip:
    case Container::bzip2:
    case Container::xz:
    case Container::lzip:
    case Container::lzma:
    case Container::zstd:
    case Container::zlib:
      return unpack_compressed(container, kind, job);
    case Container::pdf:
      return unpack_pdf(container, job);
    case Container::sqlite:
      return unpack_sqlite(container, job);
    case Container::java_class:
      return unpack_java_class(container, job);
    case Container::windows_program:
      return unpack_program(container, job);
    case Container::ole:
      return unpack_utf16_strings(container, job);
    case Container::office_text:
      return unpack_office_text(container, job);
    case Container::unread:
      return job.gap(UnpackGap::Kind::unsupported, "", "is an archive of a kind that is not read");
  }
}

// Not deeper than the budget's depth.
void unpack_below(Bytes container, Container kind, const std::string& outer, UnpackBudget& budget, const TakeMember& take,
                  std::vector<UnpackGap>& gaps) {
  if (budget.depth == 0) {
    if (kind == Container::office_text) return;  // which was searched as it stands, and mostly holds no more
    note_gap(budget, gaps, {UnpackGap::Kind::limit, outer, "is nested too deep to be unpacked"});
    return;
  }
  --budget.depth;
  const size_t before = gaps.size();
  size_t below = before;  // gaps up to here have their whole path
  const auto name_gaps = [&] {
    for (; below < gaps.size(); ++below) gaps[below].path = joined(outer, gaps[below].path);
  };
  const TakeMember take_one = [&](const Member& member) {
    name_gaps();
    const Member named{joined(outer, member.path), member.bytes, member.piece};
    take(named);
    if (member.piece.offset > 0) return;
    const Container inner = container_of(member.bytes);
    if (inner == Container::none) return;
    unpack_below(member.bytes, inner, named.path, budget, take, gaps);
    below = gaps.size();
  };
  unpack(container, kind, budget, take_one, gaps);
  name_gaps();
  ++budget.depth;
}

}  // namespace

std::string_view name_of(UnpackGap::Kind kind) {
  switch (kind) {
    case UnpackGap::Kind::limit:
      return "limit";
    case UnpackGap::Kind::corrupt:
      return "corrupt";
    case UnpackGap::Kind::encrypted:
      return "encrypted";
    case UnpackGap::Kind::unsupported:
      return "unsupported";
  }
  return "";
}

void note_gap(UnpackBudget& budget, std::vector<UnpackGap>& gaps, UnpackGap gap) {
  if (budget.gaps == 0) return;
  if (--budget.gaps == 0) gap.message = "could not be read, and more could not";
  gaps.push_back(std::move(gap));
}

Unpacking::Unpacking(Bytes container, UnpackBudget& budget, const TakeMember& take, std::vector<UnpackGap>& gaps)
    : budget_(budget), take_(take), gaps_(gaps),
      growth_(UnpackBudget::kFreeGrowth + UnpackBudget::kGrowth * container.size()) {}

uint64_t Unpacking::room(unsigned weight) const { return stopped_ ? 0 : std::min(growth_, budget_.work / weight); }

void Unpacking::made(uint64_t bytes, unsigned weight) {
  growth_ -= std::min(growth_, bytes);
  budget_.work -= std::min(budget_.work, bytes * weight);
}

bool Unpacking::admit() {
  if (stopped_) return false;
  if (budget_.members == 0) stop("", "holds too many members");
  if (budget_.bytes == 0) stop("", kTooMuch);
  if (stopped_) return false;
  --budget_.members;
  return true;
}

void Unpacking::give(std::string_view path, Bytes bytes, const MemberPiece& piece) {
  if (stopped_) return;
  const Bytes given = bytes.substr(0, std::min(budget_.bytes, UnpackBudget::kMember));
  budget_.bytes -= given.size();
  if (!given.empty() || bytes.empty()) take_(Member{std::string(path.substr(0, kLongestPath)), given, piece});
  if (given.size() == bytes.size()) return;
  if (given.size() == UnpackBudget::kMember) return gap(UnpackGap::Kind::limit, path, kTooLong);
  stop(path, kTooMuch);
}

void Unpacking::gap(UnpackGap::Kind kind, std::string_view path, std::string message) {
  if (!stopped_) note_gap(budget_, gaps_, {kind, std::string(path.substr(0, kLongestPath)), std::move(message)});
}

void Unpacking::stop(std::string_view path, std::string message) {
  gap(UnpackGap::Kind::limit, path, std::move(message));
  stopped_ = true;
}

// A tar is unpacked as it comes out of the compression, without ever being whole in memory.
void unpack_compressed(Bytes container, Container kind, Unpacking& job) {
  PackedStream stream(codec_of(kind), container, job);
  const Bytes head = stream.next(kTarBlock);
  const bool holds_tar = is_tar_head(head);
  // What begins with the two bytes of a zlib stream need not be one.
  if (kind == Container::zlib && stream.state() == PackedStream::State::corrupt) return;
  stream.put_back();
  if (holds_tar) {
    unpack_tar(stream, job);
  } else {
    if (!job.admit()) return;
    give_stream(stream, kWholeStream, std::nullopt, kind == Container::gzip ? gzip_name(container) : "", job);
  }
  if (stream.state() == PackedStream::State::end) give_rest(stream.packed_rest(), job);
}

// Zeros fill up to a block or a word.
void give_rest(Bytes rest, Unpacking& job) {
  rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of('\0')));
  if (rest.empty() || job.stopped()) return;
  if (container_of(rest) == Container::none) return job.gap(UnpackGap::Kind::corrupt, "", "other bytes follow its end");
  if (job.admit()) job.give("behind the end", rest);
}

void unpack(Bytes container, Container kind, UnpackBudget& budget, const TakeMember& take, std::vector<UnpackGap>& gaps) {
  Unpacking job(container, budget, take, gaps);
  dispatch(container, kind, job);
}

void unpack_all(Bytes container, Container kind, UnpackBudget& budget, const TakeMember& take, std::vector<UnpackGap>& gaps) {
  unpack_below(container, kind, "", budget, take, gaps);
}

}  // namespace sealwarden
