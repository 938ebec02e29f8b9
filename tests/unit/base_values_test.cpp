// SPDX-License-Identifier: Apache-2.0
// Small values: object ids, digests, names of enumerations.
#include <string>
#include <unordered_set>

#include "scanner/base/digest.h"
#include "scanner/base/finding.h"
#include "scanner/base/object_id.h"
#include "tests/support/catch.h"

using namespace sealwarden;

TEST_CASE("an object id is 40 hex digits of either case, and nothing else") {
  const std::string text = "0123456789abcdefABCDEF0123456789aBcDeF01";
  const auto id = ObjectId::from_hex(text);
  REQUIRE(id);
  CHECK(id->hex() == "0123456789abcdefabcdef0123456789abcdef01");
  CHECK(id->raw[0] == 0x01);
  CHECK(id->raw[19] == 0x01);
  CHECK(ObjectId::from_raw(id->raw.data()) == *id);
  CHECK_FALSE(ObjectId::from_hex(""));
  CHECK_FALSE(ObjectId::from_hex(text.substr(1)));
  CHECK_FALSE(ObjectId::from_hex(text + "0"));
  for (const char c : {'g', 'G', '/', ':', '@', '`', ' ', '\0', '\xFF'}) {
    std::string wrong = text;
    wrong[20] = c;
    CHECK_FALSE(ObjectId::from_hex(wrong));
  }
}

TEST_CASE("object ids compare as their hex digits do, and hash") {
  const auto low = *ObjectId::from_hex(std::string(39, '0') + "1"),
             high = *ObjectId::from_hex("f" + std::string(39, '0'));
  CHECK(low < high);
  CHECK(ObjectId{}.is_zero());
  CHECK_FALSE(low.is_zero());
  CHECK(std::unordered_set<ObjectId>{low, high, low}.size() == 2);
}

TEST_CASE("digests are those of the standards") {
  CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex(sha256(""), 8) == "e3b0c442");
  CHECK(slow_hash("a", "salt") == slow_hash("a", "salt"));
  CHECK(slow_hash("a", "salt") != slow_hash("b", "salt"));
  CHECK(slow_hash("a", "salt") != slow_hash("a", "tlas"));
}

TEST_CASE("names of enumerations are those of the reports") {
  for (const auto severity :
       {Severity::info, Severity::low, Severity::medium, Severity::high, Severity::critical})
    CHECK(parse_severity(name_of(severity)) == severity);
  for (const auto confidence : {Confidence::low, Confidence::medium, Confidence::high})
    CHECK(parse_confidence(name_of(confidence)) == confidence);
  CHECK_FALSE(parse_severity("High"));
  CHECK_FALSE(parse_confidence(""));
  CHECK(name_of(Carrier::blob) == "blob");
  CHECK(name_of(Carrier::git_config) == "git config");
  CHECK(name_of(Reach::head) == "head");
  CHECK(name_of(Reach::worktree) == "worktree");
  CHECK(name_of(Suppression::Kind::baseline) == "baseline");
}
