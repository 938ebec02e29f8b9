// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/parse.h"
#include "tests/fuzz/fuzz.h"

// YAML from any bytes, plain and as a template: spans lie in the file and in their parents, and a scalar that needed no decoding
// is its bytes.
namespace {

using namespace sealwarden;

void check(const ParsedFile& file) {
  if (file.documents.empty()) __builtin_trap();
  uint32_t before = 0;
  for (const DocumentComment& comment : file.comments) {
    if (comment.span.begin < before || comment.span.end > file.bytes.size() || file.bytes[comment.span.begin] != '#') __builtin_trap();
    before = comment.span.end;
  }
  for (const DocumentProblem& problem : file.problems)
    if (problem.at.begin > problem.at.end || problem.at.end > file.bytes.size() || problem.what.empty()) __builtin_trap();
  for (const DocumentNode& node : file.nodes) {
    if (node.span.begin > node.span.end || node.span.end > file.bytes.size()) __builtin_trap();
    if (node.key_span.begin > node.key_span.end || node.key_span.end > file.bytes.size()) __builtin_trap();
    if (node.parent != kNoDocumentNode) {
      const DocumentNode& parent = file.node(node.parent);
      if (node.span.begin < parent.span.begin || node.span.end > parent.span.end) __builtin_trap();
    }
    // An alias of a key is a scalar with that key's text.
    const std::string_view source = file.bytes.substr(node.span.begin, node.span.end - node.span.begin);
    const bool literal = node.type >= NodeType::text && node.type <= NodeType::null && (node.flags & kQuoted) == 0;
    if (literal && node.text != source && source.find_first_of("\r\n") == Bytes::npos && !source.starts_with("*"))
      __builtin_trap();
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  for (const std::string_view path : {"a.yaml", "templates/a.yaml"}) {
    ParsedFile file;
    file.bytes = as_bytes(data, size);
    parse_yaml(path, file, {.depth = 128, .nodes = 20000, .text = 1 << 20});
    check(file);
  }
  return 0;
}
