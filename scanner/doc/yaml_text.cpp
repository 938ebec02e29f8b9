// SPDX-License-Identifier: Apache-2.0
#include "scanner/doc/yaml_text.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace sealwarden {
namespace {

constexpr size_t kMaxEncodingProblems = 50;  // of a file; a binary one would have thousands

bool is_plain(unsigned char c) { return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\t' || c == '\r'; }

// Eight bytes at a time: a word with a byte beyond ASCII, below a blank or 0x7f is looked at byte by byte.
bool all_plain(Bytes text) {
  static constexpr uint64_t kOnes = 0x0101010101010101, kHigh = 0x8080808080808080;
  const auto plain = [](char c) { return is_plain(static_cast<unsigned char>(c)); };
  size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    if (((word | (word - kOnes * 0x20) | (word + kOnes)) & kHigh) == 0) continue;
    if (!std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.begin() + static_cast<std::ptrdiff_t>(at) + 8, plain)) return false;
  }
  return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), plain);
}

// Length of the code point at the start of a text, if it is one that YAML allows; else 0.
size_t allowed_length(std::string_view text) {
  const auto byte = [text](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const size_t length = lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xc2 && lead < 0xe0 ? 2 : 0;
  if (length == 0 || length > text.size()) return 0;
  uint32_t point = lead & (0x7fU >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
    point = point << 6 | (byte(i) & 0x3fU);
  }
  if (length == 2) return point >= 0xa0 || point == 0x85 ? 2 : 0;
  if (length == 3) return point >= 0x800 && (point < 0xd800 || point > 0xdfff) && point < 0xfffe ? 3 : 0;
  return point >= 0x10000 && point <= 0x10ffff ? 4 : 0;
}

class Placeholders {
 public:
  Placeholders(YamlText& text, std::vector<DocumentProblem>& problems) : text_(text), problems_(problems) {}

  void put() {
    std::string& changed = text_.changed;
    for (size_t at = 0; at < changed.size();) {
      const auto c = static_cast<unsigned char>(changed[at]);
      size_t length = 1;
      if (!is_plain(c)) {
        length = c < 0x80 ? 0 : allowed_length(std::string_view(changed).substr(at));
        if (length == 0) tell(static_cast<uint32_t>(at), c < 0x80);
        length = std::max<size_t>(length, 1);
        std::fill_n(changed.begin() + static_cast<std::ptrdiff_t>(at), length, YamlText::kPlaceholder);
        text_.placeholders = true;
      }
      at += length;
    }
  }

 private:
  void tell(uint32_t at, bool control) {
    if (told_ > 0 && told_ <= kMaxEncodingProblems && problems_.back().at.end == at) {
      problems_.back().at.end = at + 1;
      return;
    }
    if (++told_ > kMaxEncodingProblems) return;
    const char* what = told_ == kMaxEncodingProblems ? "more bytes that are no text are not listed"
                       : control                     ? "a control character, which YAML does not allow"
                                                     : "bytes that are not UTF-8";
    problems_.push_back({DocumentProblem::Kind::encoding, {at, at + 1}, what});
  }

  YamlText& text_;
  std::vector<DocumentProblem>& problems_;
  size_t told_ = 0;
};

}  // namespace

YamlText make_yaml_text(Bytes source, bool mask, YamlMends mends, std::vector<DocumentProblem>& problems) {
  YamlText text{.source = source, .changed = {}, .actions = {}, .mends = std::move(mends)};
  if (mask) {
    MaskedTemplate masked = mask_template(source);
    text.changed = std::move(masked.text);
    text.actions = std::move(masked.actions);
  }
  const bool plain = all_plain(source);
  if (text.changed.empty() && plain && text.mends.blanks.empty() && text.mends.letters.empty()) return text;
  if (text.changed.empty()) text.changed = std::string(source);
  for (const uint32_t at : text.mends.blanks) text.changed[at] = ' ';
  for (const uint32_t at : text.mends.letters) text.changed[at] = text.changed[at] == text.source[at] ? YamlText::kPlaceholder : text.changed[at];
  text.placeholders = !text.mends.letters.empty();
  if (!plain) Placeholders(text, problems).put();
  return text;
}

std::string with_original_bytes(const YamlText& text, Span inside, std::string decoded, bool escapes) {
  const std::string_view masked = text.text();
  std::string bytes;  // what the placeholder letters of the decoded text stand for, in order
  for (size_t at = inside.begin; at < inside.end; ++at) {
    if (escapes && masked[at] == '\\' && at + 1 < inside.end) {
      const char kind = masked[++at];
      const size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
      static constexpr std::string_view kHexOfPlaceholder = "00000051";
      if (digits > 0 && masked.substr(at + 1, digits) == kHexOfPlaceholder.substr(8 - digits)) bytes += YamlText::kPlaceholder;
      at += digits;
    } else if (masked[at] == YamlText::kPlaceholder) {
      bytes += text.source[at];
    }
  }
  size_t next = 0;
  for (char& c : decoded)
    if (c == YamlText::kPlaceholder && next < bytes.size()) c = bytes[next++];
  return decoded;
}

std::string block_lines(Bytes source, Span inside, size_t column) {
  std::string lines;
  for (size_t at = inside.begin; at < inside.end;) {
    const size_t end = std::min<size_t>(std::min(source.find('\n', at), source.size()), inside.end);
    std::string_view line = source.substr(at, end - at);
    if (at > inside.begin)
      for (size_t i = 0; i < column && !line.empty() && line.front() == ' '; ++i) line.remove_prefix(1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.append(line).append("\n");
    at = end + 1;
  }
  return lines;
}

}  // namespace sealwarden
