// SPDX-License-Identifier: Apache-2.0
// Runs at build time: embed_rules FOLDER LEXICON.txt CHAR-PAIRS.txt PACK.toml... reads, lints and compiles the packs and writes what
// builtin.S embeds. A fault in a pack fails the build with its place.
#include <cstdio>

#include "rules/anchors.h"
#include "rules/rule_codec.h"
#include "rules/rule_set.h"
#include "scanner/base/atomic_file.h"

namespace sealwarden {
namespace {

// "packs/x.toml:3:1" helps who builds; "builtin:PACK:3:1" who runs.
template <class T>
void name_origin(T& one, const std::string& file, const std::string& pack) {
  one.origin = "builtin:" + pack + one.origin.substr(file.size());
}

Result<RuleFile> load_pack(const std::string& path) {
  TRY(std::string text, read_file(path));
  TRY(RuleFile file, load_rule_file({path, std::move(text)}));
  if (file.pack.empty())
    return fail(Error::Kind::usage, path + ":1:1: a pack needs a name; write pack = \"...\"");
  if (!file.overrides.empty() || !file.allows.empty())
    return fail(Error::Kind::usage,
                path + ":1:1: a pack holds rules only; move overrides and allow entries away");
  std::string messages;
  for (Rule& rule : file.rules) {
    for (const std::string& message : lint_rule(rule))
      messages += (messages.empty() ? "" : "\n") + message;
    name_origin(rule, path, file.pack);
  }
  for (DocumentKind& kind : file.kinds) name_origin(kind, path, file.pack);
  for (TokenLexicon& lexicon : file.lexicons) name_origin(lexicon, path, file.pack);
  if (!messages.empty()) return fail(Error::Kind::usage, messages);
  return file;
}

// A later pack would take the place of an earlier one's.
template <class T>
Result<void> add_named(std::vector<T>& into, const std::vector<T>& more) {
  for (const T& one : more) {
    for (const T& old : into)
      if (old.name == one.name)
        return fail(Error::Kind::usage, one.origin + ": the name '" + one.name + "' is used by " + old.origin + " too; rename one");
    into.push_back(one);
  }
  return {};
}

struct Packs {
  std::vector<Rule> rules;
  Vocabulary words;
};

Result<void> add_pack(Packs& packs, const RuleFile& file) {
  packs.rules.insert(packs.rules.end(), file.rules.begin(), file.rules.end());
  packs.words.classes.insert(packs.words.classes.end(), file.classes.begin(), file.classes.end());
  TRY_VOID(add_named(packs.words.kinds, file.kinds));
  return add_named(packs.words.lexicons, file.lexicons);
}

Result<Packs> load_packs(const std::vector<std::string>& paths) {
  Packs packs;
  std::string messages;
  for (const std::string& path : paths) {
    const auto file = load_pack(path);
    const Result<void> added = file ? add_pack(packs, *file) : tl::unexpected<Error>(file.error());
    if (!added) messages += (messages.empty() ? "" : "\n") + added.error().message;
  }
  if (!messages.empty()) return fail(Error::Kind::usage, messages);
  // Refuses names that two packs use, and names that none has.
  TRY(RuleSet set, merge_rules(std::move(packs.rules), {}, {}, packs.words));
  packs.rules = std::move(set.rules);
  return packs;
}

std::string behind_digest(const Sha256& digest, const std::string& bytes) {
  return std::string(digest.begin(), digest.end()) + bytes;
}

// `words`: files that decide results beside the rules.
Result<void> embed(const std::string& folder, const std::vector<std::string>& words, const std::vector<std::string>& paths) {
  TRY(const Packs packs, load_packs(paths));
  const std::vector<Rule>& rules = packs.rules;
  std::string decisive = behind_digest(rules_digest(rules), "");
  decisive += behind_digest(sha256(encode_decisive(packs.words)), "");
  for (const std::string& file : words) {
    TRY(const std::string text, read_file(file));
    decisive += behind_digest(sha256(text), "");
  }
  TRY(CompiledAnchors anchors, compile_anchors(rules, TargetCpu::lowest));
  TRY(const std::string image, memory_image(anchors.database));
  anchors.database.clear();
  TRY_VOID(write_file_atomically(folder + "/builtin_rules.bin", behind_digest(sha256(decisive), encode_rules(rules))));
  TRY_VOID(write_file_atomically(folder + "/builtin_tests.bin", encode_tests(rules)));
  TRY_VOID(write_file_atomically(folder + "/builtin_vocabulary.bin", encode_vocabulary(packs.words)));
  TRY_VOID(write_file_atomically(folder + "/builtin_anchors.bin", encode_anchors(anchors)));
  return write_file_atomically(folder + "/builtin_database.bin", image);
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.size() < 3) {
    std::fputs("usage: embed_rules FOLDER LEXICON.txt CHAR-PAIRS.txt PACK.toml...\n", stderr);
    return 2;
  }
  const auto done = embed(arguments[0], {arguments[1], arguments[2]}, {arguments.begin() + 3, arguments.end()});
  if (done) return 0;
  std::fprintf(stderr, "%s\n", done.error().message.c_str());
  return 1;
}

}  // namespace
}  // namespace sealwarden

int main(int count, char** arguments) { return sealwarden::run({arguments + 1, arguments + count}); }
