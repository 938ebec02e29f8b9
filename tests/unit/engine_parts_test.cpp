// SPDX-License-Identifier: Apache-2.0
#include "scanner/decode/content.h"
#include "scanner/engine/blob_scanner.h"
#include "scanner/engine/entropy.h"
#include "scanner/engine/file_rules.h"
#include "scanner/engine/overlaps.h"
#include "scanner/engine/windows.h"
#include "tests/support/catch.h"
#include "tests/support/compile_rules.h"

namespace {

using namespace sealwarden;

std::string utf16(std::string_view text, bool little, bool mark) {
  std::string out = mark ? (little ? "\xFF\xFE" : "\xFE\xFF") : "";
  for (const char c : text) out.append(little ? std::string{c, '\0'} : std::string{'\0', c});
  return out;
}

constexpr const char* kKey = R"(
[[rule]]
id = "key"
title = "A key"
severity = "high"
regex = '''\bkey=([a-z]{4,8})'''
group = 1
stopwords = ["dummy"]
anchors = [{ regex = 'key=[a-z]{4}', before = 0, after = 4 }]
)";

}  // namespace

TEST_CASE("windows that overlap or touch are one cluster") {
  ClusterList list;
  list.add({0, 5});
  list.add({5, 7});
  list.add({9, 12});
  REQUIRE(list.clusters() == std::vector<Window>{{0, 7}, {9, 12}});
  // A wide anchor reaches back over both.
  list.add({2, 14});
  REQUIRE(list.clusters() == std::vector<Window>{{0, 14}});
}

TEST_CASE("entropy is measured and asked for by alphabet") {
  CHECK(shannon_entropy("") == 0);
  CHECK(shannon_entropy("aaaa") == 0);
  CHECK(shannon_entropy("abcd") == 2);
  const EntropyCheck check{.digits = 1, .hex = 2, .base36 = 3, .base62 = 4, .base64 = 5, .any = 6};
  CHECK(entropy_bar(check, "0123") == 1);
  CHECK(entropy_bar(check, "0afe") == 2);
  CHECK(entropy_bar(check, "0AFE") == 2);
  CHECK(entropy_bar(check, "0xyz") == 3);
  CHECK(entropy_bar(check, "0xYz") == 4);
  CHECK(entropy_bar(check, "0x+z") == 5);
  CHECK(entropy_bar(check, "0x z") == 6);
}

TEST_CASE("a refused match hides nothing behind it") {
  const auto rules = compile(kKey);
  BlobScanner::Worker worker(*rules);
  CHECK(worker.scan("key=dummy").empty());
  const std::vector<Hit> hits = worker.scan("x key=dummy key=secr\n");
  REQUIRE(hits.size() == 1);
  CHECK(hits[0].region.start_byte == 16);
  CHECK(hits[0].region.start_column == 17);
  CHECK(hits[0].region.end_byte == 20);
}

TEST_CASE("UTF-16 is decoded and positions are those of the original") {
  const auto rules = compile(kKey);
  BlobScanner::Worker worker(*rules);
  for (const bool little : {true, false})
    for (const bool mark : {true, false}) {
      const std::string blob = utf16("first line of some length, so that it looks like text\nab key=secret\n", little, mark);
      const std::vector<Hit> hits = worker.scan(blob);
      REQUIRE(hits.size() == 1);
      CHECK(hits[0].decoded == std::vector<std::string>{little ? "utf-16le" : "utf-16be"});
      const uint64_t start = (mark ? 2 : 0) + 2 * 61;
      CHECK(hits[0].region.start_byte == start);
      CHECK(hits[0].region.end_byte == start + 12);
      CHECK(hits[0].region.start_line == 2);
      CHECK(hits[0].region.start_column == 15);
      CHECK(hits[0].region.start_column_utf16 == 8);
      CHECK(utf16("secret", little, false) == blob.substr(hits[0].region.start_byte, 12));
    }
}

TEST_CASE("UTF-16 beyond the basic plane maps back") {
  // "key=abcd" behind a surrogate pair, little endian.
  const std::string blob = utf16("", true, true) + std::string("\x3D\xD8\x00\xDE", 4) + utf16(" key=abcd", true, false);
  const WideText text(blob, WideText::Form::utf16_little);
  CHECK(text.text() == "\xEF\xBB\xBF\xF0\x9F\x98\x80 key=abcd");
  CHECK(text.original_offset(0) == 0);
  CHECK(text.original_offset(7) == 6);
  CHECK(text.original_offset(text.text().size()) == blob.size());
}

TEST_CASE("a byte order mark hides no plain text") {
  const auto rules = compile(kKey);
  BlobScanner::Worker worker(*rules);
  CHECK(worker.scan("\xFF\xFE key=secret").size() == 1);
}

TEST_CASE("allow comments mark the line and the line below") {
  const auto rules = compile(std::string(kKey) + "[[rule]]\nid = \"other\"\ntitle = \"Other\"\nseverity = \"low\"\nregex = 'oth=[a-z]{4}'\n");
  BlobScanner::Worker worker(*rules);
  const auto allowed = [&](std::string_view text) {
    const std::vector<Hit>& hits = worker.scan(text);
    REQUIRE(hits.size() == 1);
    return hits[0].allowed;
  };
  CHECK(allowed("key=secret # sealwarden:allow"));
  CHECK(allowed("key=secret # gitleaks:allow"));
  CHECK(allowed("# sealwarden:allow\nkey=secret"));
  CHECK(allowed("# sealwarden:allow\r\nkey=secret\r\n"));
  CHECK_FALSE(allowed("# sealwarden:allow\n\nkey=secret"));
  CHECK_FALSE(allowed("key=secret\n# sealwarden:allow"));
  CHECK_FALSE(allowed("key=secret # sealwarden:allowed"));
  CHECK(allowed("key=secret # sealwarden:allow key"));
  CHECK_FALSE(allowed("key=secret # sealwarden:allow other"));
  CHECK(allowed("key=secret # sealwarden:allow other, key"));
  CHECK(allowed("key=secret # sealwarden:allow it is a test"));
  worker.scan("key=secret # sealwarden:allow reason=\"made up\"");
  CHECK(worker.scan("key=secret # sealwarden:allow reason=\"made up\"")[0].allow_why == "made up");
}

TEST_CASE("where secrets overlap the highest rank is told and the others named") {
  const auto rules = compile(R"(
[[rule]]
id = "generic-key"
title = "Generic"
severity = "high"
rank = "generic"
regex = 'key=([a-z_]{4,20})'
group = 1
[[rule]]
id = "format"
title = "Format"
severity = "high"
regex = 'tok_[a-z]{8}'
)");
  BlobScanner::Worker worker(*rules);
  const std::vector<Hit> hits = worker.scan("key=tok_abcdefgh key=plain");
  REQUIRE(hits.size() == 3);
  const auto resolved = resolve_hits(rules->rule_set(), hits, nullptr);
  REQUIRE(resolved.size() == 2);
  CHECK(rules->rule(resolved[0].hit->rule).id == "format");
  CHECK(resolved[0].also == std::vector<OtherRule>{0});
  CHECK(rules->rule(resolved[1].hit->rule).id == "generic-key");
}

TEST_CASE("what a sure checksum refuses no generic rule reports instead") {
  const auto rules = compile(R"(
[[rule]]
id = "generic-key"
title = "Generic"
severity = "high"
rank = "generic"
regex = 'key=(\w{4,60})'
group = 1
[[rule]]
id = "format"
title = "Format"
severity = "high"
rank = "checksum"
checksum = "crc32-base62-body"
regex = 'tok_[A-Za-z0-9]{36}'
)");
  BlobScanner::Worker worker(*rules);
  const std::vector<Hit> hits = worker.scan("key=tok_aaaaaaaaaabbbbbbbbbbccccccccccdddddd");
  REQUIRE(hits.size() == 2);
  CHECK(resolve_hits(rules->rule_set(), hits, nullptr).empty());
}

TEST_CASE("file rules are found by name and confirmed by content") {
  const auto rules = compile(R"(
[[rule]]
id = "CFG-FILE-900"
name = "store"
kind = "file"
title = "Store"
severity = "high"
paths = ["**/*.{jks,keystore}", "**/id_rsa", "**/.env.*"]
not_paths = ["**/*.example"]
confirm = { magic = ["FEEDFEED"] }
)");
  const FileRuleIndex index(rules->rule_set());
  std::vector<uint32_t> found;
  const auto candidates = [&](std::string_view name) {
    index.candidates(name, found);
    return found.size();
  };
  CHECK(candidates("a.jks") == 1);
  CHECK(candidates("a.keystore") == 1);
  CHECK(candidates("id_rsa") == 1);
  CHECK(candidates(".env.prod") == 1);
  CHECK(candidates("id_rsa2") == 0);
  CHECK(candidates("ajks") == 0);
  const std::string example = "x/.env.example", plain = "x/.env.prod";
  CHECK_FALSE(rule_applies(rules->rule(0), &example));
  CHECK(rule_applies(rules->rule(0), &plain));
  CHECK(file_rule_confirms(*rules, 0, "\xFE\xED\xFE\xED rest"));
  CHECK_FALSE(file_rule_confirms(*rules, 0, "\xFE\xED"));
}
