// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/base/bytes.h"

namespace sealwarden {

// How a text is written. `lines`: nothing but `key: value` and `KEY=value` lines, what is left of a text that breaks its format.
// `source`: program text, of which only lines are known.
enum class DocumentFormat : uint8_t {
  yaml, json, toml, ini, properties, dotenv, xml, hcl, dockerfile, nginx, markdown, lines, source
};
inline constexpr size_t kDocumentFormats = 13;
std::string_view name_of(DocumentFormat);  // "yaml"
std::optional<DocumentFormat> parse_document_format(std::string_view name);

enum class NodeType : uint8_t {
  map, sequence,
  text, integer, real, boolean, null,  // literals
  expression,                          // not a literal: an HCL expression, a text that a template action makes up
  alias,                               // YAML: stands for the node in DocumentNode::first
};

// Facts about how a node is written. Bits.
enum NodeFlag : uint16_t {
  kQuoted = 1,         // in quotes, or a block text: its type is not guessed from its letters
  kBlock = 2,          // a block text (YAML | and >, heredoc)
  kMasked = 4,         // a template action was masked within it; of a map or sequence: it may have more children than are seen
  kMergeKey = 8,       // YAML: the map's "<<" entry, weaker than its own keys
  kDuplicateKey = 16,  // an earlier entry of the same map has the same key
  kRepeated = 32,      // of a sequence: made of elements or blocks of one name (XML, HCL), so one alone would be no sequence
  kTagged = 64,        // has a tag or function that makes its meaning another one (!vault, !Ref); DocumentNode::tag
  kEmbedded = 128,     // of a text: it was read as a document of its own; that is the one child, in DocumentNode::first
  kResolved = 256,     // what an expression stands for, found elsewhere (policy/terraform.h): in this place a reference, no literal
};

// Byte range [begin, end) of the file's bytes.
struct Span {
  uint32_t begin = 0, end = 0;
  auto operator<=>(const Span&) const = default;
};

inline constexpr uint32_t kNoDocumentNode = UINT32_MAX;

// One node of a tree. Views point into the file's bytes or into ParsedFile::strings.
struct DocumentNode {
  NodeType type = NodeType::null;
  uint16_t flags = 0;
  uint32_t parent = kNoDocumentNode;
  uint32_t first = kNoDocumentNode;  // child; of an alias: the node it stands for
  uint32_t next = kNoDocumentNode;   // sibling
  std::string_view key;   // decoded; of a map's entries
  std::string_view text;  // decoded; of scalars and expressions. Numbers and booleans as they stand in the file
  std::string_view tag;   // "!vault"; empty: none
  Span key_span;  // with quotes
  Span span;      // of the value as it stands, with quotes; of a map or sequence: from its first to its last byte
};

// What a parser could not make sense of.
struct DocumentProblem {
  enum class Kind : uint8_t { syntax, budget, encoding };
  Kind kind = Kind::syntax;
  Span at;
  std::string what;  // "expected ':' after a key"; for a person, one line, no bytes of the file
};

// How far a document can be trusted.
enum class DocumentState : uint8_t {
  parsed,   // as its format says
  masked,   // parsed after template actions were masked
  partial,  // what stands before a problem or a budget's end
  lines,    // only lines of the form `key: value` and `KEY=value`
  failed,   // nothing
};
std::string_view name_of(DocumentState);  // "parsed"

// One document of a file: YAML and NDJSON may have several.
struct Document {
  uint32_t root = kNoDocumentNode;  // none: empty or failed
  DocumentState state = DocumentState::parsed;
  Span span;                        // of the document's text
};

// A comment, where the format has some, without its marks ("#", "//").
struct DocumentComment {
  Span span;  // with its marks
};

// A stretch of a decoded text, and where its bytes come from. It reaches up to the next one; the last one is empty and tells the
// text's end.
struct OriginPiece {
  enum class Kind : uint8_t {
    same,     // byte for byte
    whole,    // an escape, or what cannot be told apart: all of `from` makes all of the stretch
    letters,  // base64: three bytes from each four
  };
  uint32_t text = 0;  // where it begins in the decoded text
  Span from;          // letters: from the first letter of the first byte's four
  Kind kind = Kind::same;
  uint8_t phase = 0;  // letters: which of its three bytes (0 to 2) the first one is
};

// A text that was read as a document of its own. Its nodes are those of the file from `first` to before `end`; documents within
// them lie behind, and are texts of their own here.
struct EmbeddedText {
  uint32_t node = 0;  // the text's
  uint32_t first = 0, end = 0;
  DocumentFormat format = DocumentFormat::yaml;
  DocumentState state = DocumentState::parsed;  // the worst, of several documents
  std::string_view text;            // what was read: the node's text, or what its base64 holds
  std::vector<OriginPiece> origin;  // of `text`, in the file's bytes
  std::vector<Span> spans;          // of the nodes, in `text`
};

// A file as documents. Owns the nodes and decoded strings, borrows the file's bytes. Immutable after parsing, except that
// texts within it may be read as documents of their own (embed.h). One thread at a time.
struct ParsedFile {
  DocumentFormat format = DocumentFormat::yaml;
  Bytes bytes;
  std::vector<DocumentNode> nodes;
  std::vector<Document> documents;         // in the order of the file
  std::vector<DocumentProblem> problems;   // by position
  std::vector<DocumentComment> comments;   // by position
  std::deque<std::string> strings;         // decoded texts; addresses are stable
  std::deque<std::deque<std::string>> part_strings;  // of parts that were read by themselves, and of transcoded files
  std::vector<EmbeddedText> embedded;      // by their nodes; their problems and comments lie behind the file's own

  [[nodiscard]] const DocumentNode& node(uint32_t index) const { return nodes[index]; }
  // Child of a map by key: the last one of that key counts, as readers of all formats but few do it; kNoDocumentNode if absent.
  // Follows neither aliases nor merge keys.
  [[nodiscard]] uint32_t child(uint32_t map, std::string_view key) const;
};

// What a parser may use of a file.
struct DocumentLimits {
  uint32_t depth = 128;
  uint32_t nodes = 2'000'000;
  uint64_t text = uint64_t{64} << 20;  // bytes of decoded strings
};

}  // namespace sealwarden
