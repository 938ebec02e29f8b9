// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scanner/base/finding.h"
#include "scanner/base/glob.h"

namespace sealwarden {

// The model of what policy rules say: conditions on nodes of documents, as data. rules/README.md tells the grammar to users,
// policy_reader.h reads it, scanner/policy evaluates it. All are plain values.

struct DocumentPath;

// One step of a path through a document.
struct PathStep {
  enum class Kind : uint8_t {
    key,        // name, "quoted name", (a|b), ~name (ASCII case ignored), name* (glob): the entries of a map by key. Of a kRepeated
                // sequence: of each of its maps
    any_key,    // *: all entries of a map
    any_depth,  // **: the node and all below it, texts that were read as documents too
    index,      // [3], [-1]: an item, from 0; from the end -1
    any_item,   // [*]: all items of a sequence; of another node the node itself
    where,      // [?(path == 'text')], != , =~ 'regex', [?(path)], [?(!path)]: keeps the nodes for which it holds
    parent,     // ^
    root,       // $root: the document's root; of an embedded document its own
    top,        // $top: the file's document around all embedded ones
    key_text,   // $key: the node's key, as a text. Last step
    name_text,  // $name: the key; of `value` in a map with name, key or Name that one's text. Last step
    old,        // @old: the same document in the older version (pair rules). First step
    resolver,   // @name: what C++ code finds from the node on (policy/resolvers.h)
  };
  Kind kind = Kind::key;
  std::vector<std::string> names;  // key: alternatives; resolver: its name
  bool ignore_case = false;
  bool is_glob = false;
  int32_t index = 0;
  enum class Compare : uint8_t { exists, absent, equals, differs, matches };
  Compare compare = Compare::exists;       // where
  std::vector<PathStep> where;             // where: from the node
  std::string operand;                     // where
  bool operator==(const PathStep&) const = default;
};

struct DocumentPath {
  std::vector<PathStep> steps;  // none: the node itself
  std::string text;             // as written
  bool operator==(const DocumentPath&) const = default;
};


struct Condition;

// One operator on a node.
struct NodeTest {
  enum class Op : uint8_t {
    exists, absent,          // some node is there; none is
    in, not_in,              // eq, in; ne, not_in: the text is one of `texts`
    less, less_equal, greater, greater_equal,  // numbers, quantities ("128Mi"), durations ("30s"), percentages: of `texts[0]`
    matches, not_matches,    // RE2, searched in the text
    glob,                    // one of `texts` matches the whole text
    length_less, length_greater, length_equals,  // bytes of a text, entries of a map or sequence; than `number`
    truthy, falsy,           // as configuration reads it: true, yes, on, 1, enabled; false, no, off, 0, disabled, none, null, empty
    type,                    // one of `texts`: map, sequence, text, number, boolean, null, expression
    literal, reference,      // a scalar that is no expression and no reference (L3 of policy.md) and not empty; a reference
    lexicon, not_lexicon,    // the word list `texts[0]`: secret_key, placeholder, default_credential, or one of [lexicon.NAME]
    secret,                  // a literal that is worth reporting as a secret under the name $name: key, value and both together
    strength,                // "weak" or "strong"
    rules,                   // a hit of one of the secret rules `texts` (ids, globs) lies in it
    url,                     // `nested` on the map scheme, user, password, host, port, path, query that a URL is
    cidr_any,                // an address range that holds everybody: 0.0.0.0/0, ::/0, *
    semver_less,             // as a version below `texts[0]`
    base64, parse,           // `nested` on the decoded text; on the document that the text is (`texts[0]`: its name, may be absent)
    same_as, differs_from,   // the text of a node at `path` is equal; of none
    count_less, count_greater, count_equals,  // number of nodes that the path gives
    unique,                  // no two nodes of the path have one text
    encrypted,               // ENC[...], Ansible Vault, SealedSecrets' data, age, PGP messages
    changed_outside,         // pair rules: something differs from the old document outside the entries `texts` of the root
    resolver,                // what C++ code says: `texts[0]` its name, the others its arguments
  };
  Op op = Op::exists;
  bool wanted = true;               // of flags (truthy, literal, secret, ...): `literal = false` asks for the opposite
  bool ignore_case = false;         // in, not_in, glob, matches
  std::vector<std::string> texts;
  double number = 0;
  DocumentPath path;                // same_as, differs_from
  std::vector<Condition> nested;    // url, base64, parse: all must hold
};

// A condition on a node. Three-valued: true, false, or unknown where the document does not say (expressions, masked templates).
struct Condition {
  enum class Kind : uint8_t {
    test,              // a node that `path` gives passes all `tests`
    all, any, negate,  // of `children`; negate: not all of them
    some, every, none, // of the nodes that `path` gives: `children` hold for one, for all (true if there is none), for none
    path_class,        // the file's path is of one of the classes `names`
    file,              // the file's path matches one of the globs `names`
    document,          // the document is of one of the kinds `names`
  };
  Kind kind = Kind::test;
  DocumentPath path;
  std::vector<NodeTest> tests;
  std::vector<Condition> children;
  std::vector<std::string> names;
};

// A kind of document: what makes a file "k8s" or "compose". A document may be of several.
struct DocumentKind {
  std::string name;
  std::vector<std::string> formats;      // of which one must be the file's; empty: any
  GlobList paths;                        // of which one must match; empty: any
  GlobList not_paths;
  std::vector<Condition> require;        // on the root
  DocumentPath units;                    // not empty: the nodes there are the documents, not the root ("items[*]" of a List)
  struct Embedded {
    DocumentPath path;                   // texts to read as documents
    bool base64 = false;
    std::string name;                    // as whose file the text is read; empty: the node's key
  };
  std::vector<Embedded> embedded;
  std::string identity;                  // template of the document's name in fingerprints: "{kind}/{metadata.namespace}/{metadata.name}"
  std::string origin;
};

struct SeverityIf {
  std::vector<Condition> when;
  std::optional<Severity> severity;
  std::optional<Confidence> confidence;
  std::optional<Finding::Kind> result;   // "review"
};

// What a rule of kind config, file (with a document condition), tree or pair has beyond Rule's own fields.
struct PolicyPart {
  enum class Scope : uint8_t { versions, head };
  Scope scope = Scope::head;
  std::vector<std::string> docs;         // kinds of documents, or formats; empty: any
  std::vector<std::string> not_docs;
  // Only texts that hold all of `prefilter_all` and one of `prefilter_any` (if given) are parsed. Bytes, ASCII case counts.
  std::vector<std::string> prefilter_all, prefilter_any;
  std::vector<Condition> where;          // on the document's root, before `each`
  std::vector<DocumentPath> each;        // nodes to look at; none: the root
  std::vector<Condition> when;           // on each of them
  DocumentPath at;                       // what is reported, from the node; several nodes: each
  bool is_secret = false;                // what is reported is a secret: it is redacted and part of the fingerprint as such
  bool is_weighed = false;               // the confidence is no higher than what the secret and its name look like allows
  std::vector<SeverityIf> severity_if;   // the first that holds decides
  Finding::Kind result = Finding::Kind::fail;  // fail or review
  enum class Unknown : uint8_t { open, ignore, fail };
  Unknown on_unknown = Unknown::open;
  bool line_mode = false;                // runs on files of which only lines could be read
  bool is_general = false;               // a more special rule at the same place gets the finding, this one is named in `also`
  std::string message;                   // "{path}" is replaced by the text at that path from the node; {$key}, {$name}

  // Rules of kind tree: where a file matches `if_any`, others must be there (or must not).
  std::vector<std::string> if_any;
  std::vector<std::string> same_folder;  // one of these names in the folder of the matched file, or above it (or_ancestor)
  bool or_ancestor = false;
  std::vector<std::string> anywhere;     // one of these globs anywhere
  std::string resolver;                  // or: what C++ code finds in the tree
  std::vector<std::string> arguments;    // for it
};

// [lexicon.NAME]: names by their tokens ("dbPassword" is db, password), as engine/key_kind.h cuts them.
struct TokenLexicon {
  std::string name;
  std::vector<std::string> one;                  // holds one of these tokens
  std::vector<std::vector<std::string>> sequences;  // or these tokens side by side ("pair" of the file)
  std::vector<std::string> whole;                // or is one of these as a whole, ASCII case ignored
  std::vector<std::string> not_last, not_first;  // but not if its last or first token is one of these
  std::string origin;
};

// [classes]: what a path says of a file's purpose ("prod", "test", "example", "docs", "vendored"). Globs; the first class
// of the configuration that fits comes before the shipped ones.
struct PathClass {
  std::string name;
  GlobList paths;
};

// What the rules of a set speak of.
struct Vocabulary {
  std::vector<DocumentKind> kinds;
  std::vector<TokenLexicon> lexicons;
  std::vector<PathClass> classes;
};

}  // namespace sealwarden
