// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "scanner/doc/embed.h"
#include "scanner/doc/parse.h"
#include "scanner/doc/scalar_origin.h"
#include "tests/fuzz/fuzz.h"

// Any bytes in any format (the first byte says which), and every text of them read as a document of its own, by a name that the
// second byte chooses, three deep: spans stay within those of what they lie in, and what is said to be the file's bytes is.
namespace {

using namespace sealwarden;

constexpr std::array<std::string_view, 8> kNames = {"", "a.yaml", "a.json", "a.properties", "a.ini", "a.toml", ".env", "a.md"};

void check_origin(const ParsedFile& file, uint32_t index) {
  const DocumentNode& node = file.node(index);
  const TextOrigin origin = text_origin(file, index);
  if (origin.empty() || origin.back().text != node.text.size()) __builtin_trap();
  for (size_t i = 0; i < origin.size(); ++i) {
    const OriginPiece& piece = origin[i];
    if (piece.from.begin > piece.from.end || piece.from.end > file.bytes.size()) __builtin_trap();
    if (i + 1 == origin.size()) break;
    if (piece.text >= origin[i + 1].text) __builtin_trap();
    const std::string_view made = node.text.substr(piece.text, origin[i + 1].text - piece.text);
    if (piece.kind == OriginPiece::Kind::same && file.bytes.substr(piece.from.begin, piece.from.end - piece.from.begin) != made) __builtin_trap();
  }
  Span before;
  for (uint32_t at = 0; at < node.text.size(); at += 1 + static_cast<uint32_t>(node.text.size()) / 16) {
    const Span one = origin_of(origin, {at, at + 1});
    if (one.begin > one.end || one.end > file.bytes.size() || one.begin < before.begin) __builtin_trap();
    before = one;
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const auto format = static_cast<DocumentFormat>(data[0] % kDocumentFormats);
  const DocumentLimits limits{.depth = 128, .nodes = 20'000, .text = 1 << 20};
  ParsedFile file = parse_document(format, (data[0] & 0x80) != 0 ? "templates/a" : "", as_bytes(data + 2, size - 2), limits);
  uint32_t from = 0;
  for (uint32_t depth = 0; depth <= kMaxEmbeddedDepth; ++depth) {
    const auto to = static_cast<uint32_t>(file.nodes.size());
    for (uint32_t i = from; i < to; ++i) {
      if (file.node(i).type != NodeType::text && file.node(i).type != NodeType::expression) continue;
      check_origin(file, i);
      const auto coding = (data[1] & 8) != 0 ? EmbeddedCoding::base64 : EmbeddedCoding::none;
      const size_t before = file.nodes.size();
      const bool is_done = embed_document(file, i, kNames[data[1] % kNames.size()], coding, depth, limits);
      if (is_done != (file.nodes.size() > before) || (is_done && depth >= kMaxEmbeddedDepth)) __builtin_trap();
      if (is_done && file.node(file.node(i).first).parent != i) __builtin_trap();
    }
    from = to;
  }
  for (const DocumentNode& node : file.nodes)
    if (node.span.begin > node.span.end || node.span.end > file.bytes.size() || node.key_span.end > file.bytes.size()) __builtin_trap();
  return 0;
}
