// SPDX-License-Identifier: Apache-2.0
#include "git/stored_objects.h"

#include <array>

#include "git/delta.h"
#include "git/object_reader.h"
#include "tests/support/catch.h"
#include "tests/support/repo_builder.h"

using namespace sealwarden;

namespace {

constexpr size_t kLimit = 1 << 20;

std::string u32(uint32_t value) {
  std::string bytes;
  for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(value >> shift);
  return bytes;
}

// A zlib stream that stores its bytes as they are.
std::string stored_stream(const std::string& bytes) {
  const auto size = static_cast<uint16_t>(bytes.size());
  uint32_t a = 1, b = 0;
  for (const char c : bytes) {
    a = (a + static_cast<uint8_t>(c)) % 65521;
    b = (b + a) % 65521;
  }
  std::string stream = "\x78\x01\x01";
  for (const uint32_t half : {uint32_t{size}, ~uint32_t{size}})
    for (const int shift : {0, 8}) stream += static_cast<char>(half >> shift);
  return stream + bytes + u32(b << 16 | a);
}

ObjectId id_of(char c) { return ObjectId::from_hex(std::string(40, c)).value(); }
std::string raw(const ObjectId& id) { return {reinterpret_cast<const char*>(id.raw.data()), id.raw.size()}; }

// A pack of one object for each (id, entry), ids ascending, with an index of version 1.
void write_pack(const std::string& folder, const std::vector<std::pair<ObjectId, std::string>>& entries) {
  const auto count = static_cast<uint32_t>(entries.size());
  const std::string checksum(20, 'c');
  std::string pack = "PACK" + u32(2) + u32(count), table;
  std::array<uint32_t, 256> fan_out{};
  for (const auto& [id, entry] : entries) {
    table += u32(static_cast<uint32_t>(pack.size())) + raw(id);
    pack += entry;
    for (size_t i = id.raw.front(); i < fan_out.size(); ++i) ++fan_out[i];
  }
  std::string index;
  for (const uint32_t number : fan_out) index += u32(number);
  write_test_file(folder + "/pack/pack-made.pack", pack + checksum);
  write_test_file(folder + "/pack/pack-made.idx", index + table + checksum + checksum);
}

std::string far_delta(const ObjectId& base, const std::string& delta) {
  return static_cast<char>(0x70 | delta.size()) + raw(base) + stored_stream(delta);
}

std::string whole_blob(const std::string& text) { return static_cast<char>(0x30 | text.size()) + stored_stream(text); }

void write_loose(const std::string& folder, const ObjectId& id, const std::string& file) {
  write_test_file(folder + "/" + id.hex().substr(0, 2) + "/" + id.hex().substr(2), file);
}

using namespace std::string_literals;

// Copies 4 bytes from offset 1 of 6, then inserts "!".
const std::string kDelta = "\x06\x05\x91\x01\x04\x01!"s;

}  // namespace

TEST_CASE("broken deltas are refused") {
  struct Case {
    const char* name;
    std::string delta;
  };
  CHECK(apply_delta("abcdef", kDelta, kLimit)->view() == "bcde!");
  CHECK(apply_delta("", "\0\0"s, kLimit)->view().empty());
  for (const Case& one : {Case{"nothing", ""},
                          {"no result size", "\x06"},
                          {"sizes without end", std::string(30, '\xff')},
                          {"another base size", "\x07\x05\x91\x01\x04\x01!"},
                          {"result too short", "\x06\x06\x91\x01\x04\x01!"},
                          {"result too long", "\x06\x04\x91\x01\x04\x01!"},
                          {"copy from behind the base", "\x06\x01\x91\x06\x01"},
                          {"copy over the end of the base", "\x06\x03\x91\x04\x03"},
                          {"copy of 65536 from a small base", "\x06\x80\x80\x04\x80"},
                          {"copy far away", "\x06\x01\x9f\xff\xff\xff\xff\x01"},
                          {"copy without its arguments", "\x06\x04\x91\x01"},
                          {"insert cut off", "\x06\x05\x05x"},
                          {"reserved instruction", "\x06\x01\x00"s}}) {
    INFO(one.name);
    const Result<OwnedBytes> result = apply_delta("abcdef", one.delta, kLimit);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == Error::Kind::corrupt);
  }
  CHECK(apply_delta("abcdef", "\x06\xff\xff\xff\xff\x0f\x01x"s, kLimit).error().kind == Error::Kind::limit);
}

TEST_CASE("heads of pack entries") {
  const std::string start = "PACK" + u32(2) + u32(1), end(20, 'c');
  const auto parse = [&](const std::string& entry) { return parse_pack_entry(start + entry + end, 12); };
  CHECK(parse("\xb5\x02...").value().size == 0x25);
  CHECK(parse("\xb5\x02...").value().kind == PackEntry::Kind::blob);
  for (const std::string& entry : {""s, "\x05x"s, "\x55x"s, "\xb5"s, "\xb5" + std::string(12, '\x80'), "\x65"s, "\x65\x00"s,
                                   "\x65\x01"s, "\x65" + std::string(12, '\xff'), "\x75"s + std::string(19, 'i')})
    CHECK_FALSE(parse(entry));
  const std::string pack = start + "\x31xxx\x65\x04y" + end;
  CHECK(parse_pack_entry(pack, 16).value().base_offset == 12);
  for (const uint64_t offset : {uint64_t{0}, uint64_t{11}, uint64_t{19}, uint64_t{1} << 40, ~uint64_t{0}})
    CHECK_FALSE(parse_pack_entry(pack, offset));
  CHECK_FALSE(parse_pack_entry("PACK", 12));
}

TEST_CASE("broken loose objects are refused") {
  const Inflater inflater;
  const auto parse = [&](const std::string& file) { return parse_loose_object(file, inflater, kLimit); };
  CHECK(parse(stored_stream("blob 3\0abc"s)).value().bytes == "abc");
  CHECK(parse(stored_stream("tree 0\0"s)).value().type == ObjectType::tree);
  for (const std::string& file :
       {""s, "x"s, "\x78\x01"s, stored_stream(""), stored_stream("blob 3"), stored_stream("blob 4\0abc"s),
        stored_stream("blob 2\0abc"s), stored_stream("blob -3\0abc"s), stored_stream("blob \0abc"s),
        stored_stream("blob 99999999999999999999\0abc"s), stored_stream("blop 3\0abc"s),
        stored_stream("blob 3\0abc"s) + "garbage"})
    CHECK_FALSE(parse(file));
  CHECK(parse_loose_object(stored_stream("blob 3\0abc"s), inflater, 9).error().kind == Error::Kind::limit);
}

TEST_CASE("a delta's base is found in its pack, in a loose file and in another folder's pack") {
  const TempFolder folder;
  const std::string here = folder.path() + "/here", there = folder.path() + "/there";
  write_pack(here, {{id_of('1'), far_delta(id_of('2'), kDelta)},
                    {id_of('2'), whole_blob("abcdef")},
                    {id_of('3'), far_delta(id_of('8'), kDelta)},
                    {id_of('4'), far_delta(id_of('9'), kDelta)},
                    {id_of('5'), far_delta(id_of('7'), kDelta)}});
  write_loose(there, id_of('8'), stored_stream("blob 6\0ABCDEF"s));
  write_pack(there, {{id_of('9'), whole_blob("uvwxyz")}});
  StoredObjects stored({here, there});
  for (int round = 0; round < 3; ++round) {
    CHECK(stored.load(id_of('1')).value().bytes == "bcde!");
    CHECK(stored.load(id_of('2')).value().bytes == "abcdef");
    CHECK(stored.load(id_of('3')).value().bytes == "BCDE!");
    CHECK(stored.load(id_of('4')).value().bytes == "vwxy!");
    CHECK_FALSE(stored.load(id_of('5')));  // its base is nowhere
  }
  CHECK_FALSE(StoredObjects({here}).load(id_of('4')));
}

TEST_CASE("deltas in a circle and what is beyond the limits are refused") {
  const TempFolder folder;
  write_pack(folder.path(), {{id_of('1'), far_delta(id_of('2'), kDelta)},
                             {id_of('2'), far_delta(id_of('1'), kDelta)},
                             {id_of('3'), far_delta(id_of('3'), kDelta)},
                             {id_of('4'), whole_blob("abcdef")},
                             {id_of('5'), far_delta(id_of('4'), kDelta)},
                             {id_of('6'), "\xbf\xff\xff\xff\x03" + stored_stream("a lie")}});
  StoredObjects stored({folder.path()});
  CHECK(stored.load(id_of('1')).error().kind == Error::Kind::limit);
  CHECK(stored.load(id_of('3')).error().kind == Error::Kind::limit);
  CHECK(stored.load(id_of('6')).error().kind == Error::Kind::corrupt);
  CHECK(stored.load(id_of('5')));
  for (const StoredLimits& limits : {StoredLimits{.object = 5}, StoredLimits{.chain = 10}, StoredLimits{.depth = 0}})
    CHECK(StoredObjects({folder.path()}, limits).load(id_of('5')).error().kind == Error::Kind::limit);
}

TEST_CASE("an object reader names what it cannot give") {
  RepoBuilder repo;
  repo.write("a", "the content");
  const ObjectId head = ObjectId::from_hex(repo.commit()).value();
  const std::string blob = repo.line("git rev-parse HEAD:a");
  repo.sh("git repack -q -a -d");
  const Result<Repository> repository = Repository::open(repo.path(), false);
  Result<ObjectReader> reader = ObjectReader::open(*repository);
  CHECK(reader->load(head, ObjectType::commit));
  CHECK(reader->contains(head));
  CHECK(reader->load(head, ObjectType::blob).error().message.find("is a commit, not a blob") != std::string::npos);
  CHECK(reader->load(id_of('1')).error().kind == Error::Kind::not_found);
  CHECK_FALSE(reader->contains(id_of('1')));
  // A broken loose copy does not hide the packed one; alone it is corrupt.
  write_loose(repo.path() + "/.git/objects", ObjectId::from_hex(blob).value(), "garbage");
  reader = ObjectReader::open(*repository);
  CHECK(reader->load(ObjectId::from_hex(blob).value())->bytes() == "the content");
  repo.sh("rm -f .git/objects/pack/*");
  reader = ObjectReader::open(*repository);
  const Result<ReadObject> broken = reader->load(ObjectId::from_hex(blob).value());
  REQUIRE_FALSE(broken);
  CHECK(broken.error().kind == Error::Kind::corrupt);
  CHECK(broken.error().message.find(blob) != std::string::npos);
}
