// SPDX-License-Identifier: Apache-2.0
// What is found within encoded and packed content, as the engine tells it; the parts of it are tested one by one elsewhere.
#include <algorithm>

#include "scanner/engine/hidden_texts.h"
#include "scanner/engine/overlaps.h"
#include "tests/support/archive_maker.h"
#include "tests/support/catch.h"
#include "tests/support/compile_rules.h"
#include "tests/support/encoded_text.h"

namespace {

using namespace sealwarden;

constexpr const char* kRules = R"(
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
not_paths = ["**/*.md"]
)";

// A hit as a scan would give it.
Hit hit_at(uint32_t rule, std::string secret, std::string member, uint64_t begin, std::vector<std::string> decoded = {}) {
  Hit hit;
  hit.rule = rule;
  hit.region.start_byte = begin;
  hit.region.end_byte = begin + (decoded.empty() ? secret.size() : 100);
  hit.secret = Secret(std::move(secret));
  hit.member = std::move(member);
  hit.decoded = std::move(decoded);
  return hit;
}

}  // namespace

TEST_CASE("hits of different members are judged apart, each at its own path") {
  const auto rules = compile(kRules);
  const std::vector<Hit> hits = {hit_at(0, "tok_abcdefgh", "", 4), hit_at(0, "tok_abcdefgh", "a.md", 4), hit_at(1, "tok_abcdefgh", "a.md", 4),
                                 hit_at(0, "tok_abcdefgh", "b.txt", 4), hit_at(1, "tok_abcdefgh", "b.txt", 4)};
  const std::string path = "x.zip";
  const auto resolved = resolve_hits(rules->rule_set(), hits, &path);
  REQUIRE(resolved.size() == 3);
  CHECK(resolved[0].hit == &hits[0]);
  CHECK(resolved[1].hit == &hits[1]);  // the format counts in no *.md
  CHECK(resolved[1].also.empty());
  CHECK(resolved[2].hit == &hits[4]);
  CHECK(resolved[2].also == std::vector<OtherRule>{0});
}

TEST_CASE("secrets of one compressed run are findings of their own, and each has one") {
  const auto rules = compile(kRules);
  const std::vector<std::string> packed = {"base64", "gzip"};
  const std::vector<Hit> hits = {hit_at(0, "plain_one", "", 7, packed), hit_at(0, "tok_abcdefgh", "", 7, packed), hit_at(0, "plain_two", "", 7, packed),
                                 hit_at(1, "tok_abcdefgh", "", 7, packed), hit_at(1, "tok_ijklmnop", "", 7, packed)};
  const auto resolved = resolve_hits(rules->rule_set(), hits, nullptr);
  REQUIRE(resolved.size() == 4);
  CHECK(resolved[0].hit == &hits[0]);
  CHECK(resolved[1].hit == &hits[2]);
  CHECK(resolved[2].hit == &hits[3]);
  CHECK(resolved[2].also == std::vector<OtherRule>{0});
  CHECK(resolved[3].hit == &hits[4]);
  // Decoded in two ways a place is one.
  const std::vector<Hit> ways = {hit_at(0, "a_b_c", "", 7, {"percent"}), hit_at(0, "a_b_d", "", 7, {"percent", "html-entity"})};
  CHECK(resolve_hits(rules->rule_set(), ways, nullptr).size() == 1);
}

TEST_CASE("what a checksum refuses silences generic rules at the same secret, not in all of a compressed run") {
  const auto rules = compile(kRules);
  const std::vector<std::string> packed = {"base64", "gzip"};
  std::vector<Hit> hits = {hit_at(0, "plain_one", "", 7, packed), hit_at(0, "tok_abcdefgh", "", 7, packed), hit_at(1, "tok_abcdefgh", "", 7, packed)};
  hits[2].refused = true;
  auto resolved = resolve_hits(rules->rule_set(), hits, nullptr);
  REQUIRE(resolved.size() == 1);
  CHECK(resolved[0].hit == &hits[0]);
  hits = {hit_at(1, "tok_abcdefgh", "", 7), hit_at(0, "tok_abcdefgh", "", 7), hit_at(0, "other", "", 30)};
  hits[0].refused = true;
  resolved = resolve_hits(rules->rule_set(), hits, nullptr);
  REQUIRE(resolved.size() == 1);
  CHECK(resolved[0].hit == &hits[2]);
}

TEST_CASE("a text is found in members, members of members and stored ones once") {
  const auto rules = compile(kRules);
  BlobScanner::Worker worker(*rules);
  const std::string inner = make_archive("zip", "", "", {{"deep.txt", "x key=secret"}});
  for (const char* compression : {"zip:compression=store", "zip:compression=deflate"}) {
    const std::vector<Hit> hits = worker.scan(make_archive("zip", "", compression, {{"one.txt", "key=other"}, {"in.zip", inner}}));
    REQUIRE(hits.size() == 2);
    CHECK(hits[0].member == "in.zip!deep.txt");
    CHECK(hits[0].region.start_byte == 6);
    CHECK(hits[1].member == "one.txt");
    CHECK(worker.gaps().empty());
  }
  const std::vector<Hit> hits = worker.scan(compress("gzip", "key=secret"));
  REQUIRE(hits.size() == 1);
  CHECK(hits[0].member == "content");
}

TEST_CASE("base64 of compressed and of wide text is searched, and positions are those of what encodes it") {
  const auto rules = compile(kRules);
  BlobScanner::Worker worker(*rules);
  const std::string run = encoded_text::to_base64(compress("gzip", "key=secret and key=another"));
  std::vector<Hit> hits = worker.scan("x: '" + run + "'");
  REQUIRE(hits.size() == 2);
  for (const Hit& hit : hits) {
    CHECK(hit.decoded == std::vector<std::string>{"base64", "gzip"});
    CHECK(hit.region.start_byte == 4);
    CHECK(hit.region.end_byte == 4 + run.find_last_not_of('=') + 1);
  }
  std::string wide;
  for (const char c : std::string("some text, key=secret, and more")) wide += {c, '\0'};
  const std::string encoded = encoded_text::to_base64(wide);
  hits = worker.scan("run " + encoded + " now");
  REQUIRE(hits.size() == 1);
  CHECK(hits[0].decoded == std::vector<std::string>{"base64", "utf-16le"});
  CHECK(hits[0].secret.reveal() == "secret");
  CHECK(hits[0].region.start_byte == 4 + 2 * 15 * 8 / 6);
  CHECK(hits[0].region.end_byte == 4 + (2 * 21 * 8 - 1) / 6 + 1);
}

TEST_CASE("a run as long as the text is not read anew for each edit of it") {
  constexpr size_t kSize = 400'000;
  const auto repeat = [](std::string_view part, size_t size) {
    std::string text;
    while (text.size() < size) text += part;
    return text;
  };
  const std::string line(76, 'I'), mixed = repeat("plain words\nkey=%41%42 and more of them\n", kSize / 2);
  // The last four: runs of all sizes, and long ones before, behind and between short ones.
  const std::string texts[] = {repeat("{\\\"key\\\":\\\"word\\\"},", kSize), repeat("0x41, 0xf1, ", kSize), repeat(line + "\n", kSize),
                               repeat("IGFi" + line.substr(4) + "\n", kSize), repeat("IGFi", kSize), repeat("4142", kSize),
                               mixed, repeat("\\u0041", kSize / 2) + "\n" + mixed, mixed + repeat("IGFi", kSize / 2),
                               mixed + repeat("0x41, ", kSize / 2) + mixed};
  for (const std::string& text : texts) {
    CAPTURE(text.substr(0, 100));
    std::vector<EncodedRun> expected;
    find_encoded_runs(text, 0, text.size(), expected);
    ScanMemory memory;
    for (const EncodedRun& run : expected) memory.runs.push_back({run, {}, {}});  // as if all of them held something
    std::vector<CopiedRegion> copied;
    for (uint64_t at = 100; at + 2500 < text.size(); at += 2600) copied.push_back({at, at, 2500});
    const DerivedRuns derived = derive_runs(text, {text.size(), &memory, copied});
    CHECK(derived.beyond <= text.size() * 9 / 4);
    std::vector<EncodedRun> together = derived.fresh;
    for (const RunVerdict& one : derived.inherited) together.push_back(one.run);
    std::ranges::sort(together);
    CHECK((together == expected));
  }
}

TEST_CASE("a line full of escapes of all kinds costs a few times its size and is read whole") {
  const auto rules = compile(kRules);
  BlobScanner::Worker worker(*rules);
  std::string text;
  while (text.size() < 200'000) {
    for (int i = 0; i < 60; ++i)
      for (const char* escape : {"%41", "\\x41", "&lt;", "=4A", "\\n\\'", "\"+\""}) text.append("abcdef").append(escape);
    text += '\n';
  }
  worker.scan(text);
  CHECK(worker.stats().scanned < 30 * text.size());
  CHECK(worker.gaps().empty());
}

TEST_CASE("escapes that stand side by side are undone together") {
  const auto rules = compile(kRules);
  BlobScanner::Worker worker(*rules);
  // Each letter of the token in another way, in every order of the ways.
  std::vector<std::string> ways = {"%74", "\\u006f", "&#107;", "=5F=61"};
  const std::vector<std::string> plain = {"t", "o", "k", "_a"};
  for (unsigned which = 1; which < 16; ++which) {
    std::string token;
    for (size_t i = 0; i < 4; ++i) token += which >> i & 1 ? ways[i] : plain[i];
    CAPTURE(token);
    const auto hits = worker.scan("x: " + token + "bcdefgh;");
    REQUIRE(hits.size() == 1);
    CHECK(hits[0].secret.reveal() == "tok_abcdefgh");
    CHECK(hits[0].region.start_byte == 3);
    CHECK(hits[0].region.end_byte == 3 + token.size() + 7);
  }
}

TEST_CASE("a token is found behind an escape that hides where it begins") {
  const auto rules = compile(R"(
[[rule]]
id = "word"
title = "A word"
severity = "high"
regex = '\bwrd_[a-z]{12}\b'
)");
  BlobScanner::Worker worker(*rules);
  for (const char* text : {"k\\u003dwrd_abcdefghijkl", "k=3Dwrd_abcdefghijkl", "k%41%20%3Dwrd_abcdefghijkl", "\"k\\nwrd_abcdefghijkl\"",
                           "k&#61;wrd_abcdefghijkl", "k\\x3dwrd_abcdefghijkl\\x3d", "wrd_abcdefghijkl\\u003dx"}) {
    CAPTURE(text);
    const auto hits = worker.scan(text);
    const auto resolved = resolve_hits(rules->rule_set(), hits, nullptr);
    REQUIRE(resolved.size() == 1);
    CHECK(resolved[0].hit->secret.reveal() == "wrd_abcdefghijkl");
    CHECK(Bytes(text).substr(resolved[0].hit->region.start_byte, 16) == "wrd_abcdefghijkl");
  }
}

TEST_CASE("compressed wide text in base64 is read, and two secrets at two depths are two") {
  const auto rules = compile(kRules);
  BlobScanner::Worker worker(*rules);
  std::string wide = "\xFF\xFE";
  for (const char c : std::string("some text, key=secret, and more")) wide += {c, '\0'};
  auto hits = worker.scan("x: " + encoded_text::to_base64(compress("gzip", wide)));
  REQUIRE(hits.size() == 1);
  CHECK(hits[0].decoded == std::vector<std::string>{"base64", "gzip", "utf-16le"});
  const std::string inner = encoded_text::to_base64("and key=another there");
  hits = worker.scan("x: " + encoded_text::to_base64(compress("gzip", "first key=secret\nother: " + inner)));
  CHECK(resolve_hits(rules->rule_set(), hits, nullptr).size() == 2);
}

TEST_CASE("escapes of escapes are undone twelve times, and then told as too deep") {
  const auto rules = compile(kRules);
  BlobScanner::Worker worker(*rules);
  std::string text = "key%3Dsecret";
  for (int i = 1; i < 12; ++i) {
    size_t at = 0;
    while ((at = text.find('%', at)) != std::string::npos) text.replace(at, 1, "%25"), at += 3;
  }
  CHECK(worker.scan(text + ";").size() == 1);
  CHECK(worker.gaps().empty());
  text.replace(text.find('%'), 1, "%25");
  CHECK(worker.scan(text + ";").empty());
  REQUIRE(worker.gaps().size() == 1);
  CHECK(worker.gaps()[0].kind == UnpackGap::Kind::limit);
}
