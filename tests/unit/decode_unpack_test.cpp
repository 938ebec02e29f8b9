// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <map>

#include "tests/support/archive_maker.h"
#include "tests/support/catch.h"

namespace {

using namespace sealwarden;

std::string long_text() {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "line " + std::to_string(i * 7919 % 1013) + "\n";
  return text;
}

const std::vector<NamedText>& sample() {
  static const std::vector<NamedText> members = {
      {"a/b.txt", "one text"}, {"long.txt", long_text()}, {"bytes.bin", std::string("\0\xFF\n\x80", 4)}};
  return members;
}

void check_whole(const std::string& archive, Container kind) {
  REQUIRE(container_of(archive) == kind);
  const Unpacked unpacked = unpack_everything(archive);
  CHECK(unpacked.gaps.empty());
  CHECK(unpacked.members == sample());
}

// A tar head and what follows it with another type of member.
std::string with_type(std::string tar, char type) {
  tar[156] = type;
  unsigned checksum = 8 * ' ';
  for (size_t i = 0; i < 512; ++i) checksum += i >= 148 && i < 156 ? 0 : static_cast<unsigned char>(tar[i]);
  std::snprintf(&tar[148], 8, "%06o", checksum);
  return tar;
}

std::string seven_zip_around(const std::string& packed, const std::string& header) {
  std::string archive("7z\xBC\xAF\x27\x1C\0\4\0\0\0\0", 12);
  const uint64_t fields[] = {packed.size(), header.size()};
  archive.append(reinterpret_cast<const char*>(fields), sizeof(fields)).append(4, '\0');
  return archive + packed + header;
}

// A 7z archive of one member by hand: any method, any sizes.
std::string seven_zip(const std::string& coder, const std::string& packed, uint32_t size) {
  const auto number = [](uint32_t value) {  // in the form of five bytes
    std::string bytes = "\xF0";
    for (int i = 0; i < 4; ++i) bytes += static_cast<char>(value >> 8 * i);
    return bytes;
  };
  std::string header("\x01\x04\x06\x00\x01\x09", 6);
  header += number(static_cast<uint32_t>(packed.size())) + std::string("\x00\x07\x0B\x01\x00", 5) + coder;
  header += "\x0C" + number(size) + std::string("\x00\x00\x05\x01\x11\x07\x00m\0e\0\0\0", 13) + std::string("\x00\x00", 2);
  return seven_zip_around(packed, header);
}

}  // namespace

TEST_CASE("what containers look like") {
  const std::string blanks(600, ' ');
  CHECK(container_of("") == Container::none);
  CHECK(container_of("a text of letters" + blanks) == Container::none);
  CHECK(container_of("x^2 + y^2 = z^2, which is known" + blanks) == Container::none);
  CHECK(container_of("MZ is a name" + blanks) == Container::none);
  CHECK(container_of("PK is one, too" + blanks) == Container::none);
  CHECK(container_of("BZh91 is a word" + blanks) == Container::none);
  CHECK(container_of("SQLite format 4" + blanks) == Container::none);
  CHECK(container_of("070701,070702,070707\n" + blanks) == Container::none);
  CHECK(container_of(std::string(257, ' ') + "ustar" + blanks) == Container::none);
  CHECK(container_of(std::string("\xCA\xFE\xBA\xBE\0\0\0\2", 8) + blanks) == Container::none);  // Mach-O
  CHECK(container_of(std::string("\xCA\xFE\xBA\xBE\0\0\0\x34", 8)) == Container::java_class);
  CHECK(container_of(std::string(148, ' ') + "0" + blanks) == Container::none);
  CHECK(container_of("%PDF-1.7\n") == Container::pdf);
  CHECK(container_of(blanks + std::string("koly\0\0\0\4", 8) + std::string(504, '\0')) == Container::unread);
  CHECK(container_of("Rar!\x1A\x07\1" + std::string(1, '\0')) == Container::unread);
}

TEST_CASE("members of archives are exact") {
  check_whole(make_archive("zip", "", "", sample()), Container::zip);
  check_whole(make_archive("zip", "", "zip:compression=store", sample()), Container::zip);
  for (const char* format : {"ustar", "pax", "gnutar", "v7tar"}) {
    check_whole(make_archive(format, "gzip", "", sample()), Container::gzip);
    check_whole(make_archive(format, "bzip2", "", sample()), Container::bzip2);
    check_whole(make_archive(format, "xz", "", sample()), Container::xz);
    check_whole(make_archive(format, "zstd", "", sample()), Container::zstd);
    check_whole(make_archive(format, "", "", sample()), Container::tar);
  }
  check_whole(make_archive("newc", "", "", sample()), Container::cpio);
  check_whole(make_archive("odc", "", "", sample()), Container::cpio);
  for (const char* method : {"store", "deflate", "bzip2", "lzma1", "lzma2"}) {
    check_whole(make_archive("7zip", "", std::string("7zip:compression=") + method, sample()), Container::seven_zip);
  }
}

TEST_CASE("members of ar archives have names of two kinds") {
  const std::vector<NamedText> members = {{"short.o", "a text"}, {"a_name_of_more_than_16_letters.o", "odd"}, {"c.o", "text"}};
  const auto head = [](std::string name, size_t size) {
    name.resize(48, ' ');
    std::string field = std::to_string(size);
    field.resize(10, ' ');
    return name + field + "`\n";
  };
  const std::string bsd = make_archive("arbsd", "", "", members);
  const std::string gnu = "!<arch>\n" + head("/", 4) + "symb" + head("//", 35) + "a_name_of_more_than_16_letters.o/\n\n\n" +
                          head("short.o/", 6) + "a text" + head("/0", 3) + "odd\n" + head("c.o/", 4) + "text";
  for (const std::string& archive : {bsd, gnu}) {
    REQUIRE(container_of(archive) == Container::ar);
    const Unpacked unpacked = unpack_everything(archive);
    CHECK(unpacked.gaps.empty());
    CHECK(unpacked.members == members);
  }
}

TEST_CASE("names may be long, foreign or of Windows") {
  const std::string longest = std::string(120, 'u') + "/" + std::string(130, 'v'), foreign = "sch\xC3\xB6n \xE2\x82\xAC.txt";
  const std::vector<NamedText> members = {{longest, "1"}, {foreign, "2"}};
  for (const char* format : {"pax", "gnutar", "zip", "newc", "7zip"}) {
    // libarchive can write foreign letters only where its locale has them.
    const std::vector<NamedText> named(members.begin(), members.begin() + (std::string(format) == "7zip" || std::string(format) == "pax" ? 1 : 2));
    const Unpacked unpacked = unpack_everything(make_archive(format, "", "", named));
    CHECK(unpacked.members == named);
  }
  const Unpacked windows = unpack_everything(make_archive("zip", "", "", {{"a\\b.txt", "x"}}));
  CHECK(windows.members == std::vector<NamedText>{{"a/b.txt", "x"}});
}

TEST_CASE("a compressed text is one member, and several streams are one text") {
  for (const char* filter : {"gzip", "bzip2", "xz", "zstd", "lzip", "lzma"}) {
    const std::string packed = compress(filter, long_text());
    CHECK(unpack_everything(packed).members == std::vector<NamedText>{{"", long_text()}});
    if (filter == std::string("lzma")) continue;
    const Unpacked two = unpack_everything(packed + packed);
    CHECK(two.members == std::vector<NamedText>{{"", long_text() + long_text()}});
    CHECK(two.gaps.empty());
  }
  // A gzip head with a name.
  std::string named = compress("gzip", "text");
  named[3] = 8;
  named.insert(10, std::string("the name\0", 9));
  CHECK(unpack_everything(named).members == std::vector<NamedText>{{"the name", "text"}});
}

TEST_CASE("a long text is given in pieces that overlap, a long container only in part") {
  std::string text;
  for (uint64_t i = 1; text.size() < (70U << 20); i = i * 6364136223846793005 + 1) text += "line " + std::to_string(i) + "\n";
  std::string one_line = text.substr(0, 66 << 20);
  std::ranges::replace(one_line, '\n', ' ');
  const std::string gzip = compress("gzip", text);
  const std::vector<std::pair<std::string, std::string>> archives = {{gzip, text}, {make_archive("zip", "", "", {{"a", text}}), text},
                                                                    {make_archive("ustar", "zstd", "", {{"a", text}, {"b", "next"}}), text},
                                                                    {compress("zstd", one_line + text), one_line + text}};
  for (const auto& [archive, whole] : archives) {
    std::vector<MemberPiece> pieces;
    std::vector<uint64_t> sizes;
    UnpackBudget budget;
    std::vector<UnpackGap> gaps;
    bool is_right = true;
    const TakeMember take = [&](const Member& member) {
      if (member.bytes.size() < 100) return;
      const MemberPiece& piece = member.piece;
      const Bytes before = Bytes(whole).substr(0, piece.offset);
      is_right = is_right && Bytes(whole).substr(piece.offset, member.bytes.size()) == member.bytes;
      is_right = is_right && piece.line == static_cast<uint64_t>(std::ranges::count(before, '\n'));
      is_right = is_right && piece.column == before.size() - (before.rfind('\n') + 1);
      pieces.push_back(piece);
      sizes.push_back(member.bytes.size());
    };
    unpack_all(archive, container_of(archive), budget, take, gaps);
    CHECK(gaps.empty());
    CHECK(is_right);
    REQUIRE(pieces.size() >= 2);
    for (size_t i = 1; i < pieces.size(); ++i) {
      CHECK(pieces[i].own_begin >= MemberPiece::kOverlap);
      CHECK(pieces[i].offset + pieces[i].own_begin == pieces[i - 1].offset + pieces[i - 1].own_end);
      CHECK(pieces[i - 1].own_end + MemberPiece::kOverlap == sizes[i - 1]);
    }
    CHECK(pieces.back().own_end == UINT64_MAX);
    CHECK(pieces.back().offset + sizes.back() == whole.size());
  }
  std::string damaged = gzip;
  damaged[damaged.size() - 6] = static_cast<char>(damaged[damaged.size() - 6] ^ 1);  // of its checksum
  CHECK(unpack_everything(damaged).gaps.size() == 1);
  const Unpacked cut = unpack_everything(compress("gzip", make_archive("zip", "", "zip:compression=store", {{"a", text}})));
  REQUIRE_FALSE(cut.gaps.empty());
  CHECK(cut.gaps.back().kind == UnpackGap::Kind::limit);
}

TEST_CASE("what follows the end of a format is read, or told") {
  for (const char* filter : {"gzip", "bzip2", "zstd"}) {
    const std::string packed = compress(filter, "a text");
    CHECK(unpack_everything(packed + std::string(512, '\0')).gaps.empty());
    const Unpacked junk = unpack_everything(packed + "other bytes");
    REQUIRE(junk.gaps.size() == 1);
    CHECK(junk.gaps[0].kind == UnpackGap::Kind::corrupt);
    const std::string other = compress("xz", "another text");
    const std::vector<NamedText> both{{"", "a text"}, {"behind the end", other}, {"behind the end", "another text"}};
    CHECK(unpack_everything(packed + other).members == both);
  }
  const std::string image = make_archive("newc", "", "", {{"a", "early"}}) + make_archive("newc", "gzip", "", {{"b", "late"}});
  const Unpacked unpacked = unpack_everything(image);  // as a boot image is made
  CHECK(unpacked.gaps.empty());
  REQUIRE(unpacked.members.size() == 4);
  CHECK(unpacked.members[3] == NamedText{"behind the end!b", "late"});
}

TEST_CASE("zstd may begin with a frame that is to be skipped") {
  const std::string packed = std::string("\x50\x2A\x4D\x18\3\0\0\0xyz", 11) + compress("zstd", "a text");
  REQUIRE(container_of(packed) == Container::zstd);
  CHECK(unpack_everything(packed).members == std::vector<NamedText>{{"", "a text"}});
  CHECK(container_of(std::string("\x50\x2A\x4D\x18\xFF\xFF\xFF\xFFxyz", 11)) == Container::none);
}

TEST_CASE("members of a zip that its directory does not name") {
  const std::string first = make_archive("zip", "", "", {{"first.txt", long_text()}}), last = make_archive("zip", "", "", {{"last.txt", "x"}});
  const std::vector<NamedText> both{{"last.txt", "x"}, {"first.txt", long_text()}};
  const Unpacked joined = unpack_everything(first + last);
  CHECK(joined.gaps.empty());
  CHECK(joined.members == both);
  // The entry of the first member is taken out of the directory; the last one's follows it.
  std::string two = make_archive("zip", "", "", {{"first.txt", long_text()}, {"last.txt", "x"}});
  const size_t entry = two.find("PK\1\2"), next = two.find("PK\1\2", entry + 1), end = two.rfind("PK\5\6");
  const auto size = static_cast<uint32_t>(end - next);
  std::memcpy(two.data() + end + 12, &size, sizeof(size));
  two.erase(entry, next - entry);
  const Unpacked hidden = unpack_everything(two);
  CHECK(hidden.gaps.empty());
  CHECK(hidden.members == both);
  // What merely looks like a head before a zip is none.
  const Unpacked program = unpack_everything("MZ code PK\3\4 more code that looks for it, and so on and on" + last);
  CHECK(program.gaps.empty());
  CHECK(program.members == std::vector<NamedText>{{"last.txt", "x"}});
}

TEST_CASE("names in a compressed tar that a token may hide in are given") {
  const std::string name = "d/0123456789abcdef.txt", longest = std::string(150, 'u') + "7";
  for (const char* format : {"ustar", "pax", "gnutar"}) {
    const std::string plain = make_archive(format, "", "", {{name, "1"}, {"plain.txt", "2"}}), packed = compress("gzip", plain);
    CHECK(unpack_everything(plain).members.size() == 2);
    const Unpacked unpacked = unpack_everything(packed);
    REQUIRE(unpacked.members.size() == 3);
    CHECK(unpacked.members[2] == NamedText{"names", name + "\n"});
    if (format == std::string("ustar")) continue;
    const Unpacked large = unpack_everything(make_archive(format, "xz", "", {{longest, "1"}}));
    REQUIRE(large.members.size() == 2);
    CHECK(large.members[1].second.find(longest) != std::string::npos);
  }
}

TEST_CASE("members of a tar are files but for what is known to be none") {
  const std::string first = make_archive("ustar", "", "", {{"a.txt", "one text"}}).substr(0, 1024), end(1024, '\0');
  const std::string last = make_archive("ustar", "", "", {{"b.txt", "the next"}}).substr(0, 1024);
  const std::vector<NamedText> both{{"a.txt", "one text"}, {"b.txt", "the next"}};
  for (const char type : {'Z', 'M', 'D', 'A', '1', '2', '5', 'V'}) {  // of a link, too, if a program wrote its bytes
    const std::string tar = with_type(first, type) + last + end;
    for (const std::string& archive : {tar, compress("gzip", tar)}) {
      const Unpacked unpacked = unpack_everything(archive);
      CHECK(unpacked.gaps.empty());
      CHECK(unpacked.members == both);
    }
  }
  for (const char type : {'1', '5'}) {  // whose size says nothing
    const Unpacked unpacked = unpack_everything(compress("gzip", with_type(first.substr(0, 512), type) + last + end));
    CHECK(unpacked.gaps.empty());
    CHECK(unpacked.members == std::vector<NamedText>{{"b.txt", "the next"}});
  }
}

TEST_CASE("what lies behind the end of a compressed tar, or behind a damaged head") {
  const std::string tar = make_archive("ustar", "", "", {{"a.txt", "one text"}});
  for (const std::string& behind : {std::string("a line of text"), long_text()}) {
    const Unpacked unpacked = unpack_everything(compress("xz", tar + behind));
    CHECK(unpacked.gaps.empty());
    CHECK(unpacked.members == std::vector<NamedText>{{"a.txt", "one text"}, {"behind the end", behind}});
    const Unpacked damaged = unpack_everything(compress("gzip", tar.substr(0, 1024) + behind));
    REQUIRE(damaged.gaps.size() == 1);
    CHECK(damaged.gaps[0].kind == UnpackGap::Kind::corrupt);
    CHECK(damaged.members == std::vector<NamedText>{{"a.txt", "one text"}, {"behind a damaged head", behind}});
  }
  const Unpacked two = unpack_everything(compress("gzip", tar) + std::string(100, '\0') + compress("bzip2", "another"));
  CHECK(two.gaps.empty());
  REQUIRE_FALSE(two.members.empty());
  CHECK(two.members.back() == NamedText{"behind the end", "another"});
}

TEST_CASE("the end of a zip may have a comment, and bytes behind it") {
  std::string zip = make_archive("zip", "", "", {{"a.txt", "inside"}}), commented = zip + "PK\5\6 is how it begins";
  commented[zip.size() - 2] = static_cast<char>(commented.size() - zip.size());
  for (const std::string& archive : {"#!/bin/sh\nexit\n" + commented, "GIF89a" + std::string(100, '\0') + commented, "#!/bin/sh\n" + zip + "a signature"}) {
    REQUIRE(container_of(archive) == Container::zip);
    const Unpacked unpacked = unpack_everything(archive);
    CHECK(unpacked.gaps.empty());
    CHECK(unpacked.members == std::vector<NamedText>{{"a.txt", "inside"}});
  }
  CHECK(container_of("a text about PK\5\6, which is how a zip ends, says no more than that") == Container::none);
  CHECK(container_of(make_archive("ustar", "", "", {{"a.zip", zip}}).substr(0, 1024 + 512)) == Container::tar);
}

TEST_CASE("a program that carries a 7z archive") {
  std::string archive = make_archive("7zip", "", "", {{"a.txt", "inside"}}), program(512, '\1');
  program.replace(0, 2, "MZ").replace(0x3C, 4, std::string("\x80\0\0\0", 4)).replace(0x80, 4, std::string("PE\0\0", 4));
  REQUIRE(container_of(program + archive) == Container::windows_program);
  const Unpacked unpacked = unpack_everything(program + "7z\xBC\xAF\x27\x1C" + archive);
  CHECK(unpacked.gaps.empty());
  CHECK(unpacked.members == std::vector<NamedText>{{"a.txt", "inside"}});
  const Unpacked other = unpack_everything(program + "\xEF\xBE\xAD\xDENullsoftInst");
  REQUIRE(other.gaps.size() == 1);
  CHECK(other.gaps[0].kind == UnpackGap::Kind::unsupported);
}

TEST_CASE("what is nested has the names of all levels, to the depth of the budget") {
  std::string archive = make_archive("zip", "", "", {{"leaf.txt", "deep"}});
  archive = make_archive("ustar", "xz", "", {{"b.zip", archive}});
  archive = make_archive("7zip", "", "", {{"c/b.tar.xz", archive}, {"c/d.txt", "flat"}});
  const Unpacked all = unpack_everything(archive);
  CHECK(all.gaps.empty());
  REQUIRE(all.members.size() == 4);
  CHECK(all.members[2] == NamedText{"c/b.tar.xz!b.zip!leaf.txt", "deep"});
  CHECK(all.members[3] == NamedText{"c/d.txt", "flat"});
  UnpackBudget shallow;
  shallow.depth = 2;
  const Unpacked two = unpack_everything(archive, shallow);
  CHECK(two.members.size() == 3);
  REQUIRE(two.gaps.size() == 1);
  CHECK(two.gaps[0].kind == UnpackGap::Kind::limit);
  CHECK(two.gaps[0].path == "c/b.tar.xz!b.zip");
  CHECK(two.left.depth == 2);
}

TEST_CASE("a stored member lies in the container, and a zip may stand behind anything") {
  const std::string archive = "#!/bin/sh\nexec something\n" + make_archive("zip", "", "zip:compression=store", {{"a", "text"}});
  REQUIRE(container_of(archive) == Container::zip);
  UnpackBudget budget;
  std::vector<UnpackGap> gaps;
  size_t offset = 0;
  const TakeMember take = [&](const Member& member) { offset = static_cast<size_t>(member.bytes.data() - archive.data()); };
  unpack(archive, Container::zip, budget, take, gaps);
  CHECK(archive.substr(offset, 4) == "text");
  CHECK(gaps.empty());
}

TEST_CASE("what cannot be read is told, and what came before is given") {
  std::string archive = make_archive("zip", "", "", sample());
  SECTION("a zip without its directory") {
    const Unpacked cut = unpack_everything(archive.substr(0, archive.rfind("PK\1\2") - 20));
    REQUIRE(cut.members.size() == 3);
    CHECK(cut.members[1] == sample()[1]);
    REQUIRE_FALSE(cut.gaps.empty());
    CHECK(cut.gaps[0].kind == UnpackGap::Kind::corrupt);
  }
  SECTION("a zip's encrypted member") {
    archive[archive.find("PK\1\2") + 8] |= 1;
    const Unpacked unpacked = unpack_everything(archive);
    CHECK(unpacked.members.size() == 2);
    REQUIRE(unpacked.gaps.size() == 1);
    CHECK(unpacked.gaps[0].kind == UnpackGap::Kind::encrypted);
    CHECK(unpacked.gaps[0].path == "a/b.txt");
  }
  SECTION("a zip's member of another method") {
    archive[archive.find("PK\1\2") + 10] = 98;
    const Unpacked unpacked = unpack_everything(archive);
    REQUIRE(unpacked.gaps.size() == 1);
    CHECK(unpacked.gaps[0].kind == UnpackGap::Kind::unsupported);
  }
  SECTION("a wrong checksum") {
    archive[archive.find("PK\1\2") + 16] ^= 1;
    const Unpacked unpacked = unpack_everything(archive);
    CHECK(unpacked.members == sample());
    REQUIRE(unpacked.gaps.size() == 1);
    CHECK(unpacked.gaps[0].kind == UnpackGap::Kind::corrupt);
  }
  SECTION("streams that end midway") {
    for (const char* filter : {"gzip", "bzip2", "xz", "zstd"}) {
      std::string packed = make_archive("ustar", filter, "", {sample()[1], sample()[0]});
      packed.resize(packed.size() * 3 / 4);
      const Unpacked unpacked = unpack_everything(packed);
      REQUIRE_FALSE(unpacked.gaps.empty());
      CHECK(unpacked.gaps.back().kind == UnpackGap::Kind::corrupt);
      for (const NamedText& member : unpacked.members) CHECK(long_text().starts_with(member.second));
    }
  }
  SECTION("an archive that is of no kind that is read") {
    const Unpacked rar = unpack_everything(std::string("Rar!\x1A\x07\0some bytes", 17));
    REQUIRE(rar.gaps.size() == 1);
    CHECK(rar.gaps[0].kind == UnpackGap::Kind::unsupported);
  }
}

TEST_CASE("parts of a 7z header stand there once") {
  const std::string streams("\x07\x0B\x01\x00\x01\x01\x00\x0C\x00\x00", 10), parts("\x08\x0D\x64\x00", 4);
  const auto unpack_header = [](const std::string& header) { return unpack_everything(seven_zip_around("", header)); };
  CHECK(unpack_header(std::string("\x01\x04", 2) + streams + parts + std::string(2, '\0')).members.size() == 100);
  for (const std::string& again : {std::string("\x08\x00", 2), streams}) {
    const Unpacked repeated = unpack_header(std::string("\x01\x04", 2) + streams + parts + again + std::string(2, '\0'));
    CHECK(repeated.members.empty());
    REQUIRE(repeated.gaps.size() == 1);
    CHECK(repeated.gaps[0].kind == UnpackGap::Kind::corrupt);
  }
  const Unpacked twice = unpack_header(std::string("\x01\x04", 2) + streams + parts + std::string("\0\x04", 2) + streams + parts + std::string(2, '\0'));
  CHECK(twice.members.empty());
  CHECK(twice.gaps.size() == 1);
  const Unpacked coders = unpack_header(std::string("\x01\x04\x07\x0B\xC0\x40\x1F\x00", 8) + [] {
    std::string folders;  // 8000 of 32 decompressors without a name
    for (int i = 0; i < 8000; ++i) folders += '\x20' + std::string(32 + 62, '\0');
    return folders;
  }());
  REQUIRE(coders.gaps.size() == 1);
  CHECK(coders.gaps[0].kind == UnpackGap::Kind::limit);
  const Unpacked longest = unpack_header("\x01" + std::string(17 << 20, '\0'));
  REQUIRE(longest.gaps.size() == 1);
  CHECK(longest.gaps[0].kind == UnpackGap::Kind::limit);
}

TEST_CASE("methods of 7z") {
  const std::string copy("\x01\x01\x00", 3);
  CHECK(unpack_everything(seven_zip(copy, "plain", 5)).members == std::vector<NamedText>{{"me", "plain"}});
  const std::map<std::string, UnpackGap::Kind> others = {
      {std::string("\x01\x23\x03\x04\x01\x05\x5D\0\0\1\0", 11), UnpackGap::Kind::unsupported},   // PPMd
      {std::string("\x01\x04\x06\xF1\x07\x01", 6), UnpackGap::Kind::encrypted},                  // AES
      {std::string("\x01\x23\x03\x01\x01\x05\x5D\xFF\xFF\xFF\xFF", 11), UnpackGap::Kind::limit},  // LZMA, dictionary of 4 GiB
      {std::string("\x01\x21\x21\x01\x28", 5), UnpackGap::Kind::limit},                           // LZMA2, the same
  };
  for (const auto& [coder, kind] : others) {
    const Unpacked unpacked = unpack_everything(seven_zip(coder, std::string(40, '\0'), 100));
    REQUIRE(unpacked.gaps.size() == 1);
    CHECK(unpacked.gaps[0].kind == kind);
    CHECK(unpacked.gaps[0].path == "me");
  }
}
