// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sealwarden {

enum class Tone : uint8_t { plain, strong, faint, alarm, caution, calm };

// Lays text out in columns for a terminal: headings, and labelled fields whose words are wrapped under
// themselves. No line of it can be a CI workflow command.
class TextLayout {
 public:
  TextLayout(bool colour, size_t width);
  void blank() { out_ += '\n'; }
  // "LABEL  title ........ right": the label in its tone.
  void heading(Tone tone, std::string_view label, std::string_view title, std::string_view right);
  // One paragraph beside its label, wrapped; an empty label puts it under the field before.
  void field(std::string_view label, std::string_view text, Tone tone = Tone::plain);
  // The same, each text on a line of its own.
  void fields(std::string_view label, const std::vector<std::string>& texts, Tone tone = Tone::plain);
  std::string take();

 private:
  void line(std::string_view label, std::string_view text, Tone tone);
  [[nodiscard]] std::string toned(Tone tone, std::string_view text) const;

  std::string out_;
  bool colour_;
  size_t width_;
};

// Breaks a text at spaces into lines of at most `width` characters; a longer word is not broken.
std::vector<std::string> wrap(std::string_view text, size_t width);

}  // namespace sealwarden
