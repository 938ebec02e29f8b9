// SPDX-License-Identifier: Apache-2.0
#include "git/objects.h"

#include <random>
#include <string>

#include "git/config_file.h"
#include "tests/support/catch.h"
#include "tests/support/repo_builder.h"

using namespace sealwarden;

namespace {

std::string id_of(char digit) { return std::string(40, digit); }

std::string a_commit() {
  return "tree " + id_of('1') + "\nparent " + id_of('2') + "\nparent " + id_of('3') +
         "\nauthor A U Thor <a@example.org> 1700000000 +0100\ncommitter C <c@example.org> 1700000060 -0200\n"
         "encoding ISO-8859-1\ngpgsig -----BEGIN\n line two\n \n line four\nparent " +
         id_of('4') + "\n\nSubject\n\nBody\n";
}

std::string a_tree() {
  std::string tree = "100644 a";
  tree += '\0' + std::string(20, 'x') + "40000 folder";
  return tree + '\0' + std::string(20, 'y');
}

}  // namespace

TEST_CASE("a commit is taken apart") {
  const std::string bytes = a_commit();
  const Result<CommitView> commit = parse_commit(bytes);
  REQUIRE(commit);
  CHECK(commit->tree.hex() == id_of('1'));
  REQUIRE(commit->parents.size() == 2);
  CHECK(commit->parents[1].hex() == id_of('3'));
  CHECK(commit->author == "A U Thor <a@example.org> 1700000000 +0100");
  CHECK(commit->committer == "C <c@example.org> 1700000060 -0200");
  REQUIRE(commit->other_headers.size() == 3);
  CHECK(commit->other_headers[1].first == "gpgsig");
  CHECK(commit->other_headers[1].second == "-----BEGIN\n line two\n \n line four");
  CHECK(commit->other_headers[2].first == "parent");  // not behind the tree: no parent
  CHECK(commit->message == "Subject\n\nBody\n");
}

TEST_CASE("commits that break the format are errors") {
  for (const std::string& bytes : {std::string(), std::string("tree"), "tree " + id_of('g') + "\n",
                                   "parent " + id_of('1') + "\n", "tree " + id_of('1') + "\nparent 12\n\n"}) {
    const Result<CommitView> commit = parse_commit(bytes);
    REQUIRE_FALSE(commit);
    CHECK(commit.error().kind == Error::Kind::corrupt);
  }
}

TEST_CASE("a tag is taken apart") {
  const std::string bytes =
      "object " + id_of('5') + "\ntype tree\ntag v1\ntagger T <t@example.org> 5 +0000\nodd header\n\ntext\n";
  const Result<TagView> tag = parse_tag(bytes);
  REQUIRE(tag);
  CHECK(tag->target.hex() == id_of('5'));
  CHECK(tag->target_type == ObjectType::tree);
  CHECK(tag->name == "v1");
  CHECK(tag->tagger == "T <t@example.org> 5 +0000");
  REQUIRE(tag->other_headers.size() == 1);
  CHECK(tag->message == "text\n");
  CHECK_FALSE(parse_tag("object " + id_of('5') + "\ntype stone\n\n"));
}

TEST_CASE("signatures") {
  CHECK(parse_signature("A <a@b> 17 +0000").date == 17);
  CHECK(parse_signature("A <a@b> 17 +0000").who == "A <a@b>");
  CHECK(parse_signature("A <a@b>").date == 0);
  CHECK(parse_signature("A <a@b> -5 +0000").date == 0);
  CHECK(parse_signature("A <a@b> 99999999999999999999 +0000").date == 0);
  CHECK(parse_signature("no mail at all").who == "no mail at all");
}

TEST_CASE("tree entries") {
  const std::string bytes = a_tree();
  Bytes rest = bytes;
  const auto first = next_tree_entry(rest), second = next_tree_entry(rest), end = next_tree_entry(rest);
  REQUIRE((first && *first && second && *second && end));
  CHECK((*first)->mode == 0100644);
  CHECK((*first)->name == "a");
  CHECK((*second)->mode == kModeTree);
  CHECK((*second)->id == ObjectId::from_raw(std::string(20, 'y').data()));
  CHECK_FALSE(end->has_value());
}

TEST_CASE("no bytes whatsoever bring the parsers down") {
  std::mt19937 random(20240501);
  for (const std::string& whole : {a_commit(), a_tree()}) {
    for (int round = 0; round < 3000; ++round) {
      std::string bytes = whole.substr(0, random() % (whole.size() + 1));
      for (unsigned i = random() % 4; i > 0 && !bytes.empty(); --i)
        bytes[random() % bytes.size()] = static_cast<char>(random());
      (void)parse_commit(bytes);
      (void)parse_tag(bytes);
      (void)parse_signature(bytes);
      (void)parse_config(bytes);
      Bytes rest = bytes;
      for (auto entry = next_tree_entry(rest); entry && *entry;)
        entry = next_tree_entry(rest);
    }
  }
}

TEST_CASE("a configuration file reads as git reads it") {
  RepoBuilder repo;
  repo.write(
      "config",
      "\xef\xbb\xbf# comment\n[core]\n\tbare = false ; no\n\tsharedRepository\n[Remote \"Ori\\\"gin\"] url = "
      "\" a;b \" c \n"
      "\tfetch = one\\\n   two\n[branch.Main]\nmerge=\"x\\ty\"\\n # end\n[a \"\"]\nb-c=\n[core]bare=true\n");
  std::string ours;
  std::ifstream in(repo.path() + "/config", std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  const std::vector<ConfigValue> values = parse_config(text.str());
  for (const ConfigValue& value : values) {
    const bool has_subsection = !value.subsection.empty() || value.section == "a";
    ours += value.section + (has_subsection ? "." + value.subsection : "") + "." + value.key + "\n" +
            value.value + '\0';
  }
  std::string theirs = repo.sh("git config -f config --list -z");
  const std::string valueless =
      std::string("core.sharedrepository") + '\0';  // git shows no value, but takes it for true
  theirs.replace(theirs.find(valueless), valueless.size(), std::string("core.sharedrepository\ntrue") + '\0');
  CHECK(ours == theirs);
  CHECK(config_is_true(*config_value(values, "core", "bare")));
  CHECK_FALSE(config_value(values, "core", "none"));
  CHECK(config_is_true("2"));
  CHECK_FALSE(config_is_true("0"));
  CHECK_FALSE(config_is_true("off"));
}
