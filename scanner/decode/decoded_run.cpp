// SPDX-License-Identifier: Apache-2.0
#include "scanner/decode/decoded_run.h"

#include <algorithm>
#include <cassert>

#include "scanner/decode/content.h"
#include "scanner/decode/pieces.h"
#include "scanner/decode/utf8.h"

namespace sealwarden {
namespace {

constexpr uint64_t kStep = 1024;         // of what the form is counted in, between marks
constexpr uint64_t kJudgedBytes = 1024;  // the start of what was decoded, by which it is judged

bool is_worth_it(Bytes text) {
  if (text.empty()) return false;
  const Bytes head = text.substr(0, kJudgedBytes);
  return is_compressed(head) || wide_form(text) || count_text(head) * 4 >= head.size() * 3;
}

}  // namespace

DecodedRun::DecodedRun(Bytes original, const EncodedRun& run) : original_(original.substr(0, run.end)), run_(run) {
  assert(run.begin < run.end && run.end <= original.size());
  if (run.encoding == Encoding::base64) form_ = Form::base64;
  if (run.encoding == Encoding::hex) form_ = item_end(original, run.begin) != run.begin ? Form::list : Form::hex;
  switch (form_) {
    case Form::base64: case Form::hex: read_characters(); break;
    case Form::list: read_list(); break;
    case Form::escapes: read_escapes(); break;
  }
}

// Before the first unit of every kStep, or the first behind that where a unit weighs more.
void DecodedRun::mark(uint64_t index, uint64_t original) {
  if (marks_.empty() || index - marks_.back().index >= kStep) marks_.push_back({index, original});
}

void DecodedRun::read_characters() {
  const Alphabet alphabet = form_ == Form::hex ? Alphabet::hex : Alphabet::base64;
  const unsigned bits_each = form_ == Form::hex ? 4 : 6;
  text_.reserve((run_.end - run_.begin) * bits_each / 8 + 1);
  uint32_t bits = 0;
  unsigned count = 0;
  uint64_t index = 0;
  for (uint64_t at = run_.begin; at < original_.size();) {
    if (!is_in(alphabet, original_[at])) {
      const uint64_t behind = wrap_end(original_, at);
      if (behind == at) break;  // padding
      at = behind;
      continue;
    }
    if (index % kStep == 0) mark(index, at);
    bits = bits << bits_each | symbol_value(alphabet, original_[at]);
    count += bits_each;
    if (count >= 8) text_ += static_cast<char>(bits >> (count -= 8) & 0xFF);
    ++at;
    ++index;
  }
}

void DecodedRun::read_list() {
  for (uint64_t at = run_.begin; at < original_.size();) {
    const Unit item = next_unit(at);
    mark(text_.size(), item.begin);
    uint32_t value = 0;
    for (uint64_t i = item.begin + 2; i < item.end; ++i) value = value << 4 | symbol_value(Alphabet::hex, original_[i]);
    text_ += static_cast<char>(value);
    at = item.end;
  }
}

void DecodedRun::read_escapes() {
  text_.reserve(run_.end - run_.begin);
  for (uint64_t at = run_.begin; at < original_.size();) {
    mark(text_.size(), at);
    uint64_t plain = at;
    while (plain < original_.size() && plain - at < kStep && !may_begin_escape(run_.encoding, original_[plain])) ++plain;
    if (plain > at) {
      text_.append(original_.substr(at, plain - at));
      at = plain;
      continue;
    }
    const Escape escape = escape_at(run_.encoding, original_, at);
    if (escape.size == 0) {
      text_ += original_[at++];
      continue;
    }
    if (escape.kind == Escape::Kind::byte) text_ += static_cast<char>(escape.value);
    if (escape.kind == Escape::Kind::code_point) append_utf8(text_, escape.value);
    at += escape.size;
  }
}

// The first unit at or behind `at`, where a unit ends or begins.
DecodedRun::Unit DecodedRun::next_unit(uint64_t at) const {
  switch (form_) {
    case Form::base64: case Form::hex: {
      const Alphabet alphabet = form_ == Form::hex ? Alphabet::hex : Alphabet::base64;
      if (!is_in(alphabet, original_[at])) at = wrap_end(original_, at);
      return {at, at + 1, 1};
    }
    case Form::list: {
      const uint64_t begin = item_end(original_, at) != at ? at : item_behind(original_, at).value_or(at);
      return {begin, item_end(original_, begin), 1};
    }
    case Form::escapes: break;
  }
  const Escape escape = escape_at(run_.encoding, original_, at);
  if (escape.size == 0) return {at, at + 1, 1};
  const uint64_t weight = escape.kind == Escape::Kind::nothing ? 0 : escape.kind == Escape::Kind::byte ? 1 : utf8_size(escape.value);
  return {at, at + escape.size, weight};
}

DecodedRun::Unit DecodedRun::find_unit(uint64_t index) const {
  const auto behind = std::upper_bound(marks_.begin(), marks_.end(), index, [](uint64_t value, const Mark& one) { return value < one.index; });
  const Mark& last = *std::prev(behind);  // the first mark is at 0
  uint64_t before = last.index;
  Unit unit = next_unit(last.original);
  while (before + unit.weight <= index) {
    before += unit.weight;
    unit = next_unit(unit.end);
  }
  return unit;
}

Window DecodedRun::original_range(uint64_t begin, uint64_t end) const {
  assert(begin < end && end <= text_.size());
  uint64_t first = begin, last = end - 1;
  if (form_ == Form::base64) {
    first = begin * 8 / 6;
    last = (end * 8 - 1) / 6;
  } else if (form_ == Form::hex) {
    first = begin * 2;
    last = end * 2 - 1;
  }
  return {find_unit(first).begin, find_unit(last).end};
}

std::optional<DecodedRun> decode(Bytes original, const EncodedRun& run) {
  DecodedRun decoded(original, run);
  const bool plain = decoded.form_ == DecodedRun::Form::escapes;
  if (plain || is_worth_it(decoded.text_)) return decoded;
  return std::nullopt;
}

}  // namespace sealwarden
