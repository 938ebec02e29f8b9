// SPDX-License-Identifier: Apache-2.0
#include "rules/compiled_rules.h"

#include <hs/hs_runtime.h>
#include <re2/re2.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "rules/builtin.h"
#include "rules/compiled_cache.h"
#include "scanner/base/atomic_file.h"
#include "tests/support/catch.h"

using namespace sealwarden;

namespace {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "rules-test-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] std::string in(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

RuleFile user_rules(const std::string& more = "") {
  return *load_rule_file({"r.toml", R"([[rule]]
id = "my-token"
title = "T"
severity = "low"
regex = '\b(myt_[0-9]{10})\b'
[[rule]]
id = "my-block"
title = "T"
severity = "low"
regex = '(?s)BEGIN MINE.+?END MINE'
max_length = 4096
anchors = [{ regex = 'BEGIN MINE', after = 4086 }, { regex = 'START MINE' }]
)" + more});
}

std::unique_ptr<CompiledRules> compiled(const std::string& cache, const RuleFile& file = user_rules()) {
  auto made = CompiledRules::make(*merge_rules({}, {file}), cache);
  REQUIRE(made);
  return *std::move(made);
}

std::string origin_of(const std::string& cache, const RuleFile& file = user_rules()) {
  return compiled(cache, file)->origins().at(0);
}

int count_hit(unsigned, unsigned long long, unsigned long long, unsigned, void* context) {
  ++*static_cast<int*>(context);
  return 0;
}

int hits(const CompiledRules::Database& part, const std::string& text) {
  hs_scratch_t* scratch = nullptr;
  REQUIRE(hs_alloc_scratch(part.database, &scratch) == HS_SUCCESS);
  int count = 0;
  hs_scan(part.database, text.data(), static_cast<unsigned>(text.size()), 0, scratch, count_hit, &count);
  hs_free_scratch(scratch);
  return count;
}

std::string only_file(const std::string& folder) {
  return std::filesystem::directory_iterator(folder)->path().string();
}

}  // namespace

TEST_CASE("user rules are compiled, with the reach of their anchors") {
  const auto rules = compiled("");
  CHECK(rules->origins() == std::vector<std::string>{"compiled"});
  REQUIRE(rules->databases().size() == 1);
  CHECK(rules->databases()[0].first_anchor == 0);
  CHECK(rules->anchor(0) == AnchorInfo{0, 14, 0, 14});
  CHECK(rules->anchor(1) == AnchorInfo{1, 10, 4086, 10});
  CHECK(rules->anchor(2) == AnchorInfo{1, 10, 0, 10});
  CHECK(rules->widest_anchor() == 14);
  CHECK(hits(rules->databases()[0], "xmyt_1234567890 START MINE") == 2);
  CHECK(re2::RE2::PartialMatch("myt_1234567890", rules->matcher(0)));
  CHECK(rules->confirm_matcher(0) == nullptr);
}

TEST_CASE("no rules, no database") {
  const auto none = CompiledRules::make(*merge_rules({}, {}), "");
  REQUIRE(none);
  CHECK((*none)->databases().empty());
  const auto file = load_rule_file({"r.toml", R"([[rule]]
id = "CFG-FILE-901"
name = "x"
kind = "file"
title = "T"
severity = "low"
paths = ["*"]
confirm = { regex = 'a', not_regex = 'b' }
)"});
  const auto files_only = compiled("", *file);
  CHECK(files_only->databases().empty());
  CHECK(re2::RE2::PartialMatch("a", *files_only->confirm_matcher(0)));
  CHECK(re2::RE2::PartialMatch("b", *files_only->refuse_matcher(0)));
}

TEST_CASE("the embedded database is taken for the shipped rules, and user rules get their own") {
  const std::vector<Rule> shipped = *builtin_rules();
  auto made = CompiledRules::make(*shipped_rule_set({user_rules()}), "");
  REQUIRE(made);
  const CompiledRules& rules = **made;
  REQUIRE_FALSE(rules.databases().empty());
  CHECK(rules.origins().back() == "compiled");
  CHECK(hits(rules.databases().back(), "myt_1234567890") == 1);
  CHECK(rules.anchor(rules.databases().back().first_anchor).rule == shipped.size());
  if (rules.databases().size() == 1) return;  // no shipped secret rules
  CHECK(rules.origins().front() == "embedded");
  // What the lowest CPU gets has the same reach as what this one would.
  const auto fresh = compile_anchors(shipped, TargetCpu::host);
  REQUIRE(fresh);
  CHECK(fresh->infos == decode_anchors(builtin_anchors())->infos);
  // And it is used where it lies.
  CHECK(reinterpret_cast<uintptr_t>(builtin_database().data()) % kImageAlignment == 0);
  CHECK(rules.databases().front().size == builtin_database().size());
}

TEST_CASE("rules that differ from the embedded ones do not use its database") {
  Rule rule = user_rules().rules[0];
  auto made = CompiledRules::make(*merge_rules({rule}, {}), "");
  REQUIRE(made);
  CHECK((*made)->origins() == std::vector<std::string>{"compiled"});
}

TEST_CASE("the cache is hit, missed by other rules, and overwritten when damaged") {
  const TemporaryFolder folder;
  const std::string cache = folder.in("a/b");
  CHECK(origin_of(cache) == "compiled");
  CHECK(origin_of(cache) == "cached");
  CHECK(origin_of(cache, user_rules("[override.my-token]\ndisabled = true\n")) == "cached");
  CHECK(hits(compiled(cache)->databases()[0], "myt_1234567890") == 1);
  CHECK(compiled(cache)->anchor(1) == AnchorInfo{1, 10, 4086, 10});
  struct stat info {};
  REQUIRE(::stat(cache.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0700);

  const std::string file = only_file(cache);
  const std::string good = *read_file(file);
  for (const size_t at :
       {size_t{0}, size_t{8}, size_t{12}, size_t{44}, size_t{60}, good.size() / 2, good.size() - 1}) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    REQUIRE(write_file_atomically(file, bad, 0600));
    CAPTURE(at);
    CHECK(origin_of(cache) == "compiled");
    CHECK(origin_of(cache) == "cached");
  }
  for (const size_t size : {size_t{0}, size_t{51}, good.size() - 1}) {
    REQUIRE(write_file_atomically(file, Bytes(good).substr(0, size), 0600));
    CHECK(origin_of(cache) == "compiled");
  }
  REQUIRE(write_file_atomically(file, good + "x", 0600));
  CHECK(origin_of(cache) == "compiled");

  const RuleFile other =
      user_rules("[[rule]]\nid = \"c\"\ntitle = \"T\"\nseverity = \"low\"\nregex = 'ccc[0-9]'\n");
  CHECK(origin_of(cache, other) == "compiled");
  CHECK(origin_of(cache) == "cached");
}

TEST_CASE("a cache that others may write is not used") {
  const TemporaryFolder folder;
  const std::string cache = folder.in("c");
  CHECK(origin_of(cache) == "compiled");
  const std::string file = only_file(cache);
  REQUIRE(::chmod(file.c_str(), 0620) == 0);
  CHECK(origin_of(cache) == "compiled");
  CHECK(origin_of(cache) == "cached");  // overwritten, private again

  REQUIRE(::chmod(cache.c_str(), 0777) == 0);
  CHECK(origin_of(cache) == "compiled");
  CHECK(origin_of(cache) == "compiled");
  REQUIRE(::chmod(cache.c_str(), 0700) == 0);

  REQUIRE(::rename(file.c_str(), folder.in("moved").c_str()) == 0);
  REQUIRE(::symlink(folder.in("moved").c_str(), file.c_str()) == 0);
  CHECK(origin_of(cache) == "compiled");

  REQUIRE(::symlink(cache.c_str(), folder.in("link").c_str()) == 0);
  CHECK(origin_of(folder.in("link")) == "compiled");
  CHECK(origin_of(folder.in("link")) == "compiled");
}

TEST_CASE("a user rule that cannot be searched is a usage error with its origin") {
  const auto file = load_rule_file({"r.toml", R"([[rule]]
id = "bad"
title = "T"
severity = "low"
regex = 'abc'
anchors = [{ regex = '[a-z]{300}' }, { regex = 'a?' }]
)"});
  REQUIRE(file);
  const auto made = CompiledRules::make(*merge_rules({}, {*file}), "");
  REQUIRE_FALSE(made);
  CHECK(made.error().kind == Error::Kind::usage);
  CHECK(made.error().message.starts_with("r.toml:1:1: rule bad: "));
  CHECK(made.error().message.find("wider than 256") != std::string::npos);
  CHECK(made.error().message.find("matches the empty text") != std::string::npos);
}

TEST_CASE("encoded anchors survive, and what is cut short is refused") {
  const CompiledAnchors anchors{{{1, 2, 3, 4}, {5, 6, 7, 0xFFFFFFFF}}, "database"};
  const std::string bytes = encode_anchors(anchors);
  const auto back = decode_anchors(bytes);
  REQUIRE(back);
  CHECK(back->infos == anchors.infos);
  CHECK(back->database == anchors.database);
  for (size_t size = 0; size < 36; ++size)
    CHECK_FALSE(decode_anchors(Bytes(bytes).substr(0, size)));
  CHECK_FALSE(decode_anchors("\xff\xff\xff\xff"));
}
