// SPDX-License-Identifier: Apache-2.0
// Small containers of which much can be made: each must end at a bound that a gap tells, after work that the budget covers.
#include <zlib.h>

#include <algorithm>
#include <cstdio>

#include "tests/support/archive_maker.h"
#include "tests/support/catch.h"

namespace {

using namespace sealwarden;

constexpr size_t kMiB = 1 << 20;

std::string repeated(const std::string& text, size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (size_t i = 0; i < times; ++i) out += text;
  return out;
}

struct Sum {
  uint64_t members = 0, bytes = 0;
  std::vector<UnpackGap> gaps;
  UnpackBudget left;
  [[nodiscard]] bool has(UnpackGap::Kind kind) const {
    return std::ranges::any_of(gaps, [&](const UnpackGap& gap) { return gap.kind == kind; });
  }
};

Sum unpack_bomb(Bytes bytes) {
  Sum sum;
  const TakeMember take = [&](const Member& member) {
    if (member.piece.offset == 0) ++sum.members;
    sum.bytes += member.bytes.size();
    if (member.bytes.size() > UnpackBudget::kMember) FAIL("a member is too long");
  };
  unpack_all(bytes, container_of(bytes), sum.left, take, sum.gaps);
  CHECK(sum.bytes <= UnpackBudget().bytes);
  CHECK(sum.members <= UnpackBudget().members);
  CHECK(sum.gaps.size() <= UnpackBudget().gaps);
  return sum;
}

void store(std::string& bytes, size_t at, uint32_t value) {
  for (int i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(value >> 8 * i);
}

}  // namespace

TEST_CASE("streams of zeros are cut") {
  for (const char* filter : {"gzip", "bzip2", "xz", "zstd"}) {
    const std::string bomb = repeated(compress(filter, std::string(kMiB, '\0')), 2000);  // 2 GiB
    const Sum sum = unpack_bomb(bomb);
    CHECK(sum.members == 1);
    CHECK(sum.has(UnpackGap::Kind::limit));
    CHECK(sum.bytes >= 16 * kMiB);
    CHECK(sum.left.work > 0);
  }
}

TEST_CASE("a tar that says it is larger than all there is, and one whose member is zeros without end") {
  std::string tar = make_archive("ustar", "", "", {{"a", "text"}});
  // 2^62 bytes, base 256; the checksum is that of these bytes.
  tar.replace(124, 12, std::string("\x80\0\0\0\x40\0\0\0\0\0\0\0", 12));
  unsigned checksum = 8 * ' ';
  for (size_t i = 0; i < 512; ++i) checksum += i >= 148 && i < 156 ? 0 : static_cast<unsigned char>(tar[i]);
  std::snprintf(&tar[148], 8, "%06o", checksum);
  const Sum plain = unpack_bomb(tar);
  CHECK(plain.members == 1);
  CHECK(plain.has(UnpackGap::Kind::corrupt));
  const std::string zeros = compress("zstd", std::string(kMiB, '\0'));
  const Sum packed = unpack_bomb(compress("zstd", tar.substr(0, 512)) + repeated(zeros, 10'000));
  CHECK(packed.members == 1);
  CHECK(packed.has(UnpackGap::Kind::limit));
}

TEST_CASE("zips in zips in zips are cut by depth and by bytes") {
  std::string zip = make_archive("zip", "", "", {{"zeros", std::string(8 * kMiB, '\0')}});
  for (int level = 0; level < 6; ++level) {
    std::vector<NamedText> members;
    for (int i = 0; i < 16; ++i) members.emplace_back("lib" + std::to_string(i) + ".zip", zip);
    zip = make_archive("zip", "", "", members);
  }
  const Sum sum = unpack_bomb(zip);
  CHECK(sum.has(UnpackGap::Kind::limit));
  CHECK(sum.members < 100'000);
}

TEST_CASE("members of a zip that lie over one another") {
  const std::string one = make_archive("zip", "", "", {{"zeros", std::string(kMiB, '\0')}});
  const size_t directory = one.find("PK\1\2"), end = one.find("PK\5\6");
  const std::string entry = one.substr(directory, end - directory);
  std::string bomb = one.substr(0, directory) + repeated(entry, 60'000) + one.substr(end);
  const size_t tail = bomb.size() - 22;
  bomb[tail + 10] = '\x60';
  bomb[tail + 11] = '\xEA';
  store(bomb, tail + 12, static_cast<uint32_t>(60'000 * entry.size()));
  const Sum sum = unpack_bomb(bomb);
  CHECK(sum.has(UnpackGap::Kind::limit));
  CHECK(sum.bytes <= UnpackBudget().bytes);
}

TEST_CASE("a million members that are empty") {
  const std::string tar = make_archive("ustar", "", "", {{"empty", ""}}).substr(0, 512);
  const std::string bomb = repeated(compress("gzip", repeated(tar, 10'000)), 100);
  const Sum sum = unpack_bomb(bomb);
  CHECK(sum.members == UnpackBudget().members);
  CHECK(sum.has(UnpackGap::Kind::limit));
}

TEST_CASE("dictionaries of gigabytes are not made") {
  // xz: the last byte of the filter's properties; the head of the block has a checksum.
  std::string xz = compress("xz", "text");
  const size_t head = 12, size = (static_cast<uint8_t>(xz[head]) + 1) * 4;
  const size_t filter = xz.find('\x21', head);
  REQUIRE(filter < head + size);
  xz[filter + 2] = 40;
  store(xz, head + size - 4, static_cast<uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(&xz[head]), static_cast<uInt>(size - 4))));
  const Sum lzma = unpack_bomb(xz);
  CHECK(lzma.bytes == 0);
  CHECK(lzma.has(UnpackGap::Kind::limit));
  const Sum zstd = unpack_bomb(std::string("\x28\xB5\x2F\xFD\x00\xA0\x01\0\0", 9));  // a window of 2^30
  CHECK(zstd.has(UnpackGap::Kind::limit));
}

TEST_CASE("a document whose streams are bombs") {
  // Whole deflate blocks can stand behind one another.
  const std::string gzip = compress("gzip", std::string(60 * kMiB, '\0'));
  const std::string deflate = "xx" + gzip.substr(10, gzip.size() - 18);
  std::string pdf = "%PDF-1.7\n";
  for (int i = 1; i <= 200; ++i) {
    pdf += std::to_string(i) + " 0 obj\n<< /Filter /FlateDecode >>\nstream\n" + deflate + "\nendstream\nendobj\n";
  }
  const Sum sum = unpack_bomb(pdf);
  CHECK(sum.has(UnpackGap::Kind::limit));
  CHECK(unpack_bomb("%PDF-1.7\n" + repeated("1 0 obj << /Length 9 0 R >> stream\n", 100'000)).bytes > 0);
  CHECK(unpack_bomb("%PDF-1.7\n1 0 obj " + repeated("(", 3'000'000)).bytes > 0);
  CHECK(unpack_bomb("%PDF-1.7\n1 0 obj " + repeated("<<[", 1'000'000)).gaps.empty());
}

TEST_CASE("containers that hold many things that cannot be read tell a hundred of them") {
  std::vector<NamedText> members;
  for (int i = 0; i < 1000; ++i) members.emplace_back("m" + std::to_string(i), "text");
  std::string zip = make_archive("zip", "", "", members);
  for (size_t at = zip.find("PK\1\2"); at != std::string::npos; at = zip.find("PK\1\2", at + 1)) zip[at + 8] |= 1;
  CHECK(unpack_bomb(zip).gaps.size() == 100);
}
