// SPDX-License-Identifier: Apache-2.0
// The XML of office documents (docx, pptx, xlsx, odt) keeps a paragraph as runs of equal format, and programs that edit begin a new
// run wherever an edit or a checked word ends: a word may lie in several, with tags between. Of paragraphs with such words the
// text is given, a line each, without tags; all else can be read as it stands.
#include <algorithm>
#include <string>

#include "scanner/decode/escapes.h"
#include "scanner/decode/unpacking.h"

namespace sealwarden {
namespace {

constexpr size_t kPiece = 4 << 20;  // of text that is given as one member

// The name of the element at the start of a tag's inside, with a slash if the tag is an end.
Bytes name_of_tag(Bytes tag) { return tag.substr(0, tag.find_first_of(" \t\r\n/", 1)); }

bool ends_paragraph(Bytes name) {
  static constexpr Bytes kEnds[] = {"/w:p", "/a:p", "/si", "/text:p", "/text:h"};
  return std::ranges::find(kEnds, name) != std::end(kEnds);
}
bool is_blank(Bytes name) {
  static constexpr Bytes kBlanks[] = {"w:tab", "w:br", "w:cr", "a:br", "text:tab", "text:s", "text:line-break"};
  return std::ranges::find(kBlanks, name) != std::end(kBlanks);
}

bool is_layout(Bytes between) {
  return between.find('\n') != Bytes::npos && between.find_first_not_of(" \t\r\n") == Bytes::npos;
}

// What is between two tags, without entities; ends of lines in it are layout.
void append_text(Bytes text, std::string& to) {
  for (size_t at = 0; at < text.size();) {
    const Escape escape = escape_at(Encoding::html_entity, text, at);
    if (escape.size != 0 && escape.value < 0x80) {
      to += static_cast<char>(escape.value);
      at += escape.size;
    } else {
      to += text[at] == '\n' || text[at] == '\r' ? ' ' : text[at];
      ++at;
    }
  }
}

}  // namespace

void unpack_office_text(Bytes container, Unpacking& job) {
  std::string text, paragraph;
  bool is_parted = false;
  const auto give = [&] {
    if (!text.empty() && job.admit()) job.give("text", text);
    text.clear();
  };
  for (size_t at = container.find('<'); at != Bytes::npos && !job.stopped();) {
    const size_t end = container.find('>', at);
    if (end == Bytes::npos) break;
    const Bytes name = name_of_tag(container.substr(at + 1, end - at - 1));
    if (is_blank(name)) paragraph += ' ';
    if (ends_paragraph(name)) {
      if (is_parted) text.append(paragraph) += '\n';
      paragraph.clear();
      is_parted = false;
      if (text.size() >= kPiece) give();
    }
    at = container.find('<', end);
    const Bytes between = container.substr(end + 1, at == Bytes::npos ? at : at - end - 1);
    if (is_layout(between)) continue;
    is_parted = is_parted || (!between.empty() && !paragraph.empty() && may_join(between.front()) && may_join(paragraph.back()));
    append_text(between, paragraph);
  }
  if (is_parted) text += paragraph;
  give();
}

}  // namespace sealwarden
