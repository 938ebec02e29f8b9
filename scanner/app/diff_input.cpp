// SPDX-License-Identifier: Apache-2.0
#include "scanner/app/diff_input.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace sealwarden {
namespace {

struct HunkHeader {
  uint32_t old_lines = 1, new_start = 1, new_lines = 1;
};

bool take_number(Bytes& text, uint32_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return true;
}

bool take(Bytes& text, Bytes word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

// "@@ -12,3 +14,5 @@"
std::optional<HunkHeader> hunk_header(Bytes line) {
  HunkHeader header;
  uint32_t old_start = 0;
  if (!take(line, "@@ -") || !take_number(line, old_start)) return std::nullopt;
  if (take(line, ",") && !take_number(line, header.old_lines)) return std::nullopt;
  if (!take(line, " +") || !take_number(line, header.new_start)) return std::nullopt;
  if (take(line, ",") && !take_number(line, header.new_lines)) return std::nullopt;
  return header;
}

// "+++ b/path<TAB>date" -> path; git's prefix is taken off, /dev/null is none.
std::string new_path(Bytes line) {
  line = line.substr(4);
  line = line.substr(0, line.find('\t'));
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
  if (line.size() >= 2 && line.front() == '"' && line.back() == '"') line = line.substr(1, line.size() - 2);
  if (line == "/dev/null") return {};
  if (line.starts_with("b/") || line.starts_with("w/") || line.starts_with("i/")) line.remove_prefix(2);
  return std::string(line);
}

class DiffReader {
 public:
  explicit DiffReader(Bytes diff) : diff_(diff) {}

  std::vector<DiffHunk> read() {
    while (at_ < diff_.size()) {
      const Bytes line = next_line();
      if (old_left_ == 0 && new_left_ == 0) between_hunks(line);
      else in_hunk(line);
    }
    return std::move(hunks_);
  }

 private:
  Bytes next_line() {
    line_start_ = at_;
    const size_t end = std::min(diff_.find('\n', at_), diff_.size());
    at_ = end + 1;
    return diff_.substr(line_start_, end - line_start_);
  }

  void between_hunks(Bytes line) {
    if (line.starts_with("+++ ")) path_ = new_path(line);
    else if (line.starts_with("diff ")) path_.clear();
    else if (const auto header = hunk_header(line)) {
      old_left_ = header->old_lines;
      new_left_ = header->new_lines;
      hunks_.push_back({.path = path_, .text = {}, .first_line = std::max(1U, header->new_start), .line_offsets = {}, .added = {}});
    }
  }

  void in_hunk(Bytes line) {
    const char kind = line.empty() ? ' ' : line.front();
    if (kind == '\\') return;  // "\ No newline at end of file"
    if (kind == '-') {
      old_left_ -= old_left_ > 0;
      return;
    }
    if (kind != '+' && kind != ' ' && kind != '\r') {
      // Not what the header promised: the hunk ends here.
      old_left_ = new_left_ = 0;
      between_hunks(line);
      return;
    }
    if (kind != '+') old_left_ -= old_left_ > 0;
    new_left_ -= new_left_ > 0;
    DiffHunk& hunk = hunks_.back();
    hunk.text.append(line.empty() ? line : line.substr(1)).push_back('\n');
    hunk.line_offsets.push_back(line_start_ + (line.empty() ? 0 : 1));
    hunk.added.push_back(kind == '+');
  }

  Bytes diff_;
  size_t at_ = 0, line_start_ = 0;
  uint32_t old_left_ = 0, new_left_ = 0;
  std::string path_;
  std::vector<DiffHunk> hunks_;
};

}  // namespace

std::vector<DiffHunk> parse_diff(Bytes diff) { return DiffReader(diff).read(); }

}  // namespace sealwarden
