// SPDX-License-Identifier: Apache-2.0
#include "rules/anchors.h"

#include <hs/hs_common.h>
#include <hs/hs_compile.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include "rules/pattern.h"

namespace sealwarden {
namespace {

struct FreeDatabase {
  void operator()(hs_database_t* database) const { hs_free_database(database); }
};
struct FreeError {
  void operator()(hs_compile_error_t* error) const { hs_free_compile_error(error); }
};
struct FreeBytes {
  void operator()(char* bytes) const { std::free(bytes); }
};
using DatabasePtr = std::unique_ptr<hs_database_t, FreeDatabase>;

struct Expressions {
  std::vector<std::string> texts;
  std::vector<AnchorInfo> infos;
};

tl::unexpected<Error> anchor_error(const Rule& rule, const std::string& what) {
  return fail(Error::Kind::usage, rule.origin + ": rule " + rule.id + ": an anchor cannot be searched: " +
                                      what + "; give the rule simpler anchors");
}

Result<AnchorInfo> info_of(const Rule& rule, const Anchor& anchor, uint32_t index) {
  const auto width = pattern_width(anchor.regex);
  if (!width) return anchor_error(rule, width.error().message);
  if (width->most > kMaxAnchorWidth) return anchor_error(rule, "it is wider than 256 bytes");
  return AnchorInfo{index, width->most + anchor.before, anchor.after, width->most};
}

Result<Expressions> expressions_of(std::span<const Rule> rules) {
  Expressions expressions;
  for (uint32_t i = 0; i < rules.size(); ++i) {
    for (const Anchor& anchor : effective_anchors(rules[i])) {
      TRY(const AnchorInfo info, info_of(rules[i], anchor, i));
      expressions.infos.push_back(info);
      expressions.texts.push_back(hyperscan_form(anchor.regex));
    }
  }
  return expressions;
}

hs_platform_info_t platform_of(TargetCpu cpu) {
  hs_platform_info_t platform{};
  if (cpu == TargetCpu::host) hs_populate_platform(&platform);
  return platform;
}

Result<DatabasePtr> compile(std::span<const Rule> rules, const Expressions& expressions, TargetCpu cpu) {
  std::vector<const char*> texts;
  std::vector<unsigned> ids;
  for (const std::string& text : expressions.texts) {
    ids.push_back(static_cast<unsigned>(texts.size()));
    texts.push_back(text.c_str());
  }
  const std::vector<unsigned> flags(texts.size(), 0);
  const hs_platform_info_t platform = platform_of(cpu);
  hs_database_t* raw = nullptr;
  hs_compile_error_t* raw_error = nullptr;
  const hs_error_t status =
      hs_compile_multi(texts.data(), flags.data(), ids.data(), static_cast<unsigned>(ids.size()),
                       HS_MODE_BLOCK, &platform, &raw, &raw_error);
  DatabasePtr database(raw);
  const std::unique_ptr<hs_compile_error_t, FreeError> error(raw_error);
  if (status == HS_SUCCESS) return database;
  const std::string what = error ? error->message : "out of memory";
  if (error && error->expression >= 0)
    return anchor_error(rules[expressions.infos[static_cast<size_t>(error->expression)].rule], what);
  return fail(Error::Kind::usage, "the anchors of the rules cannot be compiled together: " + what);
}

Result<std::string> serialise(const hs_database_t* database) {
  char* raw = nullptr;
  size_t size = 0;
  if (hs_serialize_database(database, &raw, &size) != HS_SUCCESS)
    return fail(Error::Kind::internal, "Hyperscan cannot write its database");
  const std::unique_ptr<char, FreeBytes> bytes(raw);
  return std::string(bytes.get(), size);
}

constexpr size_t kInfoSize = 16;

void put_number(std::string& out, uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8)
    out += static_cast<char>(value >> shift & 0xFF);
}

uint32_t number_at(Bytes bytes, size_t offset) {
  uint32_t value = 0;
  for (size_t i = 4; i > 0; --i)
    value = value << 8 | static_cast<unsigned char>(bytes[offset + i - 1]);
  return value;
}

}  // namespace

std::vector<Anchor> effective_anchors(const Rule& rule) {
  if (rule.kind != RuleKind::secret) return {};
  if (!rule.anchors.empty()) return rule.anchors;
  return {Anchor{without_outer_boundaries(rule.regex), 0, 0}};
}

Result<CompiledAnchors> compile_anchors(std::span<const Rule> rules, TargetCpu cpu) {
  TRY(Expressions expressions, expressions_of(rules));
  if (expressions.texts.empty()) return CompiledAnchors{};
  TRY(const DatabasePtr database, compile(rules, expressions, cpu));
  TRY(std::string bytes, serialise(database.get()));
  return CompiledAnchors{std::move(expressions.infos), std::move(bytes)};
}

Result<std::string> memory_image(Bytes database) {
  size_t size = 0;
  if (hs_serialized_database_size(database.data(), database.size(), &size) != HS_SUCCESS)
    return fail(Error::Kind::internal, "Hyperscan does not know its own database");
  const size_t room = (size + kImageAlignment - 1) / kImageAlignment * kImageAlignment;
  const std::unique_ptr<char, FreeBytes> image(static_cast<char*>(std::aligned_alloc(kImageAlignment, room)));
  if (image == nullptr) throw std::bad_alloc();
  std::memset(image.get(), 0, room);
  if (hs_deserialize_database_at(database.data(), database.size(), reinterpret_cast<hs_database_t*>(image.get())) != HS_SUCCESS)
    return fail(Error::Kind::internal, "Hyperscan cannot read its own database");
  return std::string(image.get(), size);
}

std::string encode_anchors(const CompiledAnchors& anchors) {
  std::string out;
  put_number(out, static_cast<uint32_t>(anchors.infos.size()));
  for (const AnchorInfo& info : anchors.infos)
    for (const uint32_t number : {info.rule, info.before, info.after, info.width})
      put_number(out, number);
  return out + anchors.database;
}

Result<DecodedAnchors> decode_anchors(Bytes bytes) {
  if (bytes.size() < 4) return fail(Error::Kind::corrupt, "compiled anchors are cut short");
  const size_t count = number_at(bytes, 0);
  bytes.remove_prefix(4);
  if (count > bytes.size() / kInfoSize) return fail(Error::Kind::corrupt, "compiled anchors are cut short");
  DecodedAnchors decoded;
  decoded.infos.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    const size_t at = i * kInfoSize;
    decoded.infos.push_back({number_at(bytes, at), number_at(bytes, at + 4), number_at(bytes, at + 8),
                             number_at(bytes, at + 12)});
  }
  decoded.database = bytes.substr(count * kInfoSize);
  return decoded;
}

}  // namespace sealwarden
