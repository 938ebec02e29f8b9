// SPDX-License-Identifier: Apache-2.0
// Damaged containers: cut at every length, and with single bits turned over. Whatever is given of a container that was cut is
// the start of what the whole one gives.
#include <map>
#include <random>

#include "tests/support/archive_maker.h"
#include "tests/support/catch.h"

namespace {

using namespace sealwarden;

std::vector<std::string> containers() {
  std::vector<NamedText> members = {{"a/one.txt", "the first text"}, {"two.txt", ""}, {"a/three.bin", ""}};
  for (int i = 0; i < 300; ++i) members[1].second += std::to_string(i * i) + " ";
  for (int i = 0; i < 256; ++i) members[2].second += static_cast<char>(i);
  std::vector<std::string> made;
  for (const char* format : {"zip", "ustar", "pax", "gnutar", "newc", "odc", "arbsd"}) made.push_back(make_archive(format, "", "", members));
  for (const char* filter : {"gzip", "bzip2", "xz", "zstd"}) {
    made.push_back(make_archive("ustar", filter, "", members));
    made.push_back(compress(filter, members[1].second));
  }
  for (const char* method : {"store", "deflate", "bzip2", "lzma1", "lzma2"}) {
    made.push_back(make_archive("7zip", "", std::string("7zip:compression=") + method, members));
  }
  return made;
}

UnpackBudget small_budget() {
  UnpackBudget budget;
  budget.bytes = budget.work = 8 << 20;
  budget.members = 1000;
  return budget;
}

}  // namespace

TEST_CASE("a container that is cut gives the start of what it held") {
  for (const std::string& whole : containers()) {
    std::map<std::string, std::string> members;
    for (const auto& [path, bytes] : unpack_everything(whole).members) members.emplace(path, bytes);
    const Container kind = container_of(whole);
    for (size_t size = 0; size < whole.size(); size += size < 3000 ? 1 : 37) {
      UnpackBudget budget = small_budget();
      std::vector<UnpackGap> gaps;
      const TakeMember take = [&](const Member& member) {
        const auto found = members.find(member.path);
        if (found != members.end() && !found->second.starts_with(member.bytes)) FAIL(name_of(kind) << " cut at " << size << ": " << member.path);
      };
      unpack(whole.substr(0, size), kind, budget, take, gaps);
    }
  }
}

TEST_CASE("bits that are turned over do no harm, and the same bytes give the same members") {
  std::mt19937 random(20'240'611);
  for (const std::string& whole : containers()) {
    for (int round = 0; round < 300; ++round) {
      std::string damaged = whole;
      for (unsigned i = 0; i <= random() % 4; ++i) damaged[random() % damaged.size()] ^= static_cast<char>(1 << random() % 8);
      const Unpacked first = unpack_everything(damaged, small_budget());
      const Unpacked second = unpack_everything(damaged, small_budget());
      REQUIRE(first.members == second.members);
      REQUIRE(first.gaps.size() == second.gaps.size());
    }
  }
}
