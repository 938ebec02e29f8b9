// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "scanner/base/bytes.h"

namespace sealwarden {

// The two halves of rule_codec.h: what lists its fields once, for both, is a template over them.
class CodecWriter {
 public:
  void number(uint64_t value) {
    for (; value > 127; value >>= 7)
      out_ += static_cast<char>(value | 0x80);
    out_ += static_cast<char>(value);
  }
  void field(std::unsigned_integral auto value) { number(value); }
  void field(double value) {
    const auto bits = std::bit_cast<uint64_t>(value);
    for (int shift = 0; shift < 64; shift += 8)
      out_ += static_cast<char>(bits >> shift & 0xFF);
  }
  void field(int32_t value) { number(value < 0 ? (uint64_t{static_cast<uint32_t>(-(value + 1))} << 1 | 1) : uint64_t{static_cast<uint32_t>(value)} << 1); }
  void field(const std::string& text) {
    number(text.size());
    out_ += text;
  }
  template <class Enum>
  void choice(Enum value, Enum /*last*/) {
    number(static_cast<uint64_t>(value));
  }
  template <class T, class Body>
  void list(const std::vector<T>& items, const Body& body) {
    number(items.size());
    for (const T& item : items)
      body(item);
  }
  template <class T, class Body>
  void maybe(const std::optional<T>& item, const Body& body) {
    number(item ? 1 : 0);
    if (item) body(*item);
  }
  // What nests is written by `body`; a reader refuses what is deeper than any writer's.
  template <class Body>
  void nested(const Body& body) {
    body();
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

// After the first fault every field reads as empty; look at ok() once at the end.
class CodecReader {
 public:
  explicit CodecReader(Bytes bytes) : rest_(bytes) {}

  uint64_t number() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) break;
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return value;
    }
    return spoil();
  }
  template <std::unsigned_integral T>
  void field(T& value) {
    const uint64_t wide = number();
    value = static_cast<T>(wide);
    if (value != wide) spoil();
  }
  void field(int32_t& value) {
    const uint64_t wide = number();
    if (wide >> 1 > INT32_MAX) spoil();
    const auto half = static_cast<int32_t>(wide >> 1 & INT32_MAX);
    value = (wide & 1) != 0 ? -half - 1 : half;
  }
  void field(double& value) {
    uint64_t bits = 0;
    for (unsigned i = 0; i < 8 && i < rest_.size(); ++i)
      bits |= uint64_t{static_cast<unsigned char>(rest_[i])} << (8 * i);
    if (rest_.size() < 8)
      spoil();
    else
      rest_.remove_prefix(8);
    value = std::bit_cast<double>(bits);
  }
  void field(std::string& text) {
    const uint64_t size = count();
    text.assign(rest_.substr(0, size));
    rest_.remove_prefix(size);
  }
  template <class Enum>
  void choice(Enum& value, Enum last) {
    const uint64_t number_of_it = number();
    if (number_of_it > static_cast<uint64_t>(last))
      spoil();
    else
      value = static_cast<Enum>(number_of_it);
  }
  template <class T, class Body>
  void list(std::vector<T>& items, const Body& body) {
    const uint64_t wanted = count();
    items.reserve(std::min<uint64_t>(wanted, rest_.size() / 32 + 1));
    for (uint64_t i = 0; i < wanted && ok_; ++i) body(items.emplace_back());
  }
  template <class T, class Body>
  void maybe(std::optional<T>& item, const Body& body) {
    if (number() != 0) body(item.emplace());
  }
  template <class Body>
  void nested(const Body& body) {
    if (depth_ == kDeepest) {
      spoil();
      return;
    }
    ++depth_;
    body();
    --depth_;
  }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  // A number of things that take at least one byte each, so that no count asks for more memory than bytes
  // justify.
  uint64_t count() {
    const uint64_t value = number();
    return value <= rest_.size() ? value : spoil();
  }
  uint64_t spoil() {
    ok_ = false;
    rest_ = {};
    return 0;
  }

  static constexpr int kDeepest = 128;

  Bytes rest_;
  bool ok_ = true;
  int depth_ = 0;
};

// Of std::string.
template <class Archive, class Texts>
void text_fields(Archive& archive, Texts& items) {
  archive.list(items, [&](auto& item) { archive.field(item); });
}

template <class Archive, class Globs>
void glob_fields(Archive& archive, Globs& globs) {
  std::vector<std::string> texts = globs.texts();
  text_fields(archive, texts);
  if constexpr (!std::is_const_v<Globs>) globs = std::move(texts);
}

}  // namespace sealwarden
