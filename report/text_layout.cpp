// SPDX-License-Identifier: Apache-2.0
#include "report/text_layout.h"

#include <algorithm>
#include <utility>

#include "report/utf8.h"

namespace sealwarden {
namespace {

constexpr size_t kLabelWidth = 10, kIndent = 2, kLeastWidth = 40;
constexpr std::string_view kTones[] = {"", "\x1b[1m", "\x1b[2m", "\x1b[1;31m", "\x1b[33m", "\x1b[32m"};

std::string padded(std::string_view text, size_t width) {
  std::string out(text);
  const size_t used = count_characters(text);
  if (used < width) out.append(width - used, ' ');
  return out;
}

}  // namespace

std::vector<std::string> wrap(std::string_view text, size_t width) {
  std::vector<std::string> lines;
  std::string line;
  size_t used = 0;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (word.empty()) continue;
    const size_t length = count_characters(word);
    if (used > 0 && used + 1 + length > width) {
      lines.push_back(std::exchange(line, {}));
      used = 0;
    }
    if (used > 0) line += ' ';
    line += word;
    used += length + (used > 0 ? 1 : 0);
  }
  if (!line.empty() || lines.empty()) lines.push_back(line);
  return lines;
}

TextLayout::TextLayout(bool colour, size_t width) : colour_(colour), width_(std::max(width, kLeastWidth)) {}

std::string TextLayout::toned(Tone tone, std::string_view text) const {
  if (!colour_ || tone == Tone::plain || text.empty()) return std::string(text);
  return std::string(kTones[static_cast<size_t>(tone)]).append(text).append("\x1b[0m");
}

void TextLayout::heading(Tone tone, std::string_view label, std::string_view title, std::string_view right) {
  const size_t left = count_characters(label) + 2 + count_characters(title), end = count_characters(right);
  const size_t gap = left + 2 + end <= width_ ? width_ - left - end : 2;
  out_ += toned(tone, label);
  if (!title.empty()) out_.append("  ").append(toned(Tone::strong, title));
  if (end > 0) out_.append(gap, ' ').append(toned(Tone::faint, right));
  out_ += '\n';
}

void TextLayout::line(std::string_view label, std::string_view text, Tone tone) {
  out_.append(kIndent, ' ').append(toned(Tone::faint, padded(label, kLabelWidth)));
  // A runner strips the blanks before "::" and obeys.
  if (label.empty() && text.starts_with("::")) out_ += '\\';
  out_.append(toned(tone, text)).append("\n");
}

void TextLayout::field(std::string_view label, std::string_view text, Tone tone) {
  for (const std::string& part : wrap(text, width_ - kIndent - kLabelWidth))
    line(std::exchange(label, std::string_view{}), part, tone);
}

void TextLayout::fields(std::string_view label, const std::vector<std::string>& texts, Tone tone) {
  for (const std::string& text : texts)
    line(std::exchange(label, std::string_view{}), text, tone);
}

std::string TextLayout::take() { return std::exchange(out_, {}); }

}  // namespace sealwarden
