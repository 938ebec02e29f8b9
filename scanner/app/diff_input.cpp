// SPDX-License-Identifier: Apache-2.0
#include "scanner/app/diff_input.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "scanner/base/object_id.h"

namespace sealwarden {
namespace {

struct HunkHeader {
  std::vector<uint32_t> old_lines;  // by parent
  uint32_t new_start = 1, new_lines = 1;
};

bool take(Bytes& text, Bytes word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

bool take_number(Bytes& text, uint32_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return true;
}

// " -12,3"; one line if no count stands there
bool take_range(Bytes& text, Bytes sign, uint32_t& start, uint32_t& lines) {
  lines = 1;
  return take(text, sign) && take_number(text, start) && (!take(text, ",") || take_number(text, lines));
}

// "@@ -12,3 +14,5 @@"; of a merge with n parents n+1 times @ and n old ranges.
std::optional<HunkHeader> hunk_header(Bytes line) {
  const size_t signs = std::min(line.find_first_not_of('@'), line.size());
  if (signs < 2) return std::nullopt;
  line.remove_prefix(signs);
  HunkHeader header;
  uint32_t start = 0, lines = 0;
  for (size_t parent = 1; parent < signs; ++parent) {
    if (!take_range(line, " -", start, lines)) return std::nullopt;
    header.old_lines.push_back(lines);
  }
  if (!take_range(line, " +", header.new_start, header.new_lines)) return std::nullopt;
  return header;
}

// A hunk of a diff that is coloured, drawn beside a graph, or broken.
bool looks_like_hunk(Bytes line) {
  return !line.empty() && Bytes("@|\x1b").find(line.front()) != Bytes::npos && line.find("@@ -") != Bytes::npos;
}

char escaped(char letter) {
  constexpr Bytes kLetters = "abtnvfr", kMeant = "\a\b\t\n\v\f\r";
  const size_t at = kLetters.find(letter);
  return at == Bytes::npos ? letter : kMeant[at];
}

// git puts unusual names in quotes, with C's escapes.
std::string unquoted(Bytes name) {
  if (name.size() < 2 || name.front() != '"' || name.back() != '"') return std::string(name);
  name = name.substr(1, name.size() - 2);
  std::string out;
  for (size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '\\' || i + 1 == name.size()) {
      out += name[i];
      continue;
    }
    unsigned code = 0;
    const char* first = name.data() + i + 1;
    const char* end = std::from_chars(first, std::min(first + 3, name.data() + name.size()), code, 8).ptr;
    out += end == first ? escaped(*first) : static_cast<char>(code);
    i += end == first ? 1 : static_cast<size_t>(end - first);
  }
  return out;
}

Bytes trimmed(Bytes text) { return text.substr(0, text.find_last_not_of(" \r") + 1); }

// "b/path" -> path. The letters are those of git's prefixes.
std::string without_prefix(std::string path) {
  const bool prefixed = path.size() > 2 && path[1] == '/' && Bytes("abciow").find(path[0]) != Bytes::npos;
  return prefixed ? path.substr(2) : path;
}

// "a/path b/path" -> path; none if the two differ: then another line of the header has the new one.
std::string common_path(Bytes names) {
  const size_t middle = names.size() / 2;
  if (names.size() % 2 == 0 || names[middle] != ' ') return {};
  std::string left = unquoted(names.substr(0, middle)), right = unquoted(names.substr(middle + 1));
  if (left == right) return left;
  return without_prefix(left) == without_prefix(right) ? without_prefix(right) : std::string();
}

class DiffReader {
 public:
  explicit DiffReader(Bytes diff) : diff_(diff) {}

  Diff read() {
    while (at_ < diff_.size()) {
      const Bytes line = next_line();
      ++line_number_;
      if (in_hunk_) hunk_line(line);
      else between_hunks(line);
    }
    if (in_hunk_) lose_hunk();
    end_file();
    return std::move(out_);
  }

 private:
  Bytes next_line() {
    line_start_ = at_;
    const size_t end = std::min(diff_.find('\n', at_), diff_.size());
    at_ = end + 1;
    return diff_.substr(line_start_, end - line_start_);
  }

  void lose(const std::string& why, const std::string& path) {
    lossy_ = true;
    out_.losses.push_back((path.empty() ? "line " + std::to_string(line_number_) + " of the diff" : path) + ": " + why);
  }
  void lose(const std::string& why) { lose(why, file_.path); }
  void lose_hunk() {
    if (std::exchange(hunk_lost_, true)) return;
    lose("the hunk at line " + std::to_string(hunk_line_) + " does not match its header");
  }

  void end_file() {
    const bool whole = created_ && regular_ && !lossy_ && file_.hunks.size() <= 1;
    file_.whole = whole && !file_.path.empty();
    file_.new_name = (file_.new_name || created_) && !file_.path.empty();
    if (file_.new_name || !file_.hunks.empty()) out_.files.push_back(std::move(file_));
    file_ = {};
    created_ = deleted_ = lossy_ = in_header_ = had_old_name_ = false;
    regular_ = true;
  }

  void between_hunks(Bytes line) {
    const bool after_hunk = std::exchange(after_hunk_, false);
    out_.is_diff = out_.is_diff || is_mark(line);
    if (line.starts_with("\\")) after_hunk_ = after_hunk;
    else if (after_hunk && is_excess(line)) lose_hunk();
    else if (line.starts_with("diff ")) begin_file(line);
    else if (line.starts_with("--- ")) old_name(line.substr(4));
    else if (line.starts_with("+++ ")) new_name(line.substr(4));
    else if (auto header = hunk_header(line)) begin_hunk(std::move(*header));
    else if (looks_like_hunk(line)) lose("a hunk that cannot be read");
    else if (line.starts_with("Binary files ") && trimmed(line).ends_with("differ")) binary_file(trimmed(line));
    else if (in_header_) extended_header(trimmed(line));
  }

  // What only a diff has, or the log and the mails that diffs come in.
  static bool is_mark(Bytes line) {
    const auto names_commit = [&](Bytes word) {
      return line.starts_with(word) && ObjectId::from_hex(line.substr(word.size(), 40)).has_value();
    };
    return line.starts_with("diff ") || line.starts_with("+++ ") || looks_like_hunk(line) || line.starts_with("Binary files ") ||
           names_commit("commit ") || names_commit("From ");
  }

  // More lines than the hunk's header says. "-- " begins a mail's signature, "--- " the next file.
  static bool is_excess(Bytes line) {
    return line.starts_with("+") || line.starts_with(" ") || (line.starts_with("-") && !line.starts_with("--"));
  }

  void begin_file(Bytes line) {
    end_file();
    in_header_ = true;
    line = trimmed(line);
    if (take(line, "diff --git ")) file_.path = common_path(line);
    else if (take(line, "diff --cc ") || take(line, "diff --combined ")) file_.path = unquoted(line);
  }

  void extended_header(Bytes line) {
    if (take(line, "new file mode ")) {
      created_ = true;
      set_mode(line);
    } else if (line.starts_with("deleted file mode ")) {
      deleted_ = true;
    } else if (line.starts_with("index ")) {
      if (line.ends_with(" 120000")) set_mode("120000");
    } else if (take(line, "rename to ") || take(line, "copy to ")) {
      file_.path = unquoted(line);
      file_.new_name = true;
    } else if (line == "GIT binary patch" && !deleted_) {
      lose("a binary patch");
    }
  }

  void set_mode(Bytes mode) {
    file_.symlink = mode == "120000";
    regular_ = mode.starts_with("100");
  }

  // "Binary files a/x and b/x differ"; of a merge without the names
  void binary_file(Bytes line) {
    if (in_header_ && deleted_) return;
    std::string path = in_header_ ? file_.path : std::string();
    const size_t name = line.rfind(" and ");
    if (path.empty() && name != Bytes::npos && line.ends_with(" differ"))
      path = without_prefix(unquoted(line.substr(name + 5, line.size() - name - 12)));
    if (path == "/dev/null") return;
    if (in_header_) file_.path = path;
    lose("binary, the diff does not hold its content", path);
  }

  void old_name(Bytes name) {
    if (had_old_name_ || !file_.hunks.empty()) end_file();
    had_old_name_ = true;
    if (trimmed(name.substr(0, name.find('\t'))) == "/dev/null") created_ = true;
  }

  void new_name(Bytes name) {
    std::string path = unquoted(trimmed(name.substr(0, name.find('\t'))));
    if (path == "/dev/null") file_.path.clear();
    else if (path != file_.path) file_.path = without_prefix(std::move(path));
  }

  void begin_hunk(HunkHeader header) {
    in_header_ = hunk_lost_ = false;
    hunk_line_ = line_number_;
    header_ = std::move(header);
    DiffHunk hunk;
    hunk.first_line = std::max(1U, header_.new_start);
    file_.hunks.push_back(std::move(hunk));
    see_end();
  }

  void see_end() {
    const std::vector<uint32_t>& old = header_.old_lines;
    in_hunk_ = header_.new_lines > 0 || std::any_of(old.begin(), old.end(), [](uint32_t left) { return left > 0; });
    after_hunk_ = !in_hunk_;
  }

  void count(uint32_t& left) {
    if (left == 0) lose_hunk();
    else --left;
  }

  // One column for each parent: '-' only the parent has the line, '+' only the new file has it.
  void hunk_line(Bytes line) {
    if (line.starts_with("\\")) return;  // "\ No newline at end of file"
    const size_t columns = header_.old_lines.size();
    std::string marks(line.substr(0, columns));
    if (marks.ends_with('\r')) marks.pop_back();
    if (marks.find_first_not_of("+- ") != std::string::npos) {
      lose_hunk();
      in_hunk_ = false;
      between_hunks(line);
      return;
    }
    marks.resize(columns, ' ');  // mails lose spaces at a line's end
    const bool removed = marks.find('-') != std::string::npos;
    for (size_t i = 0; i < columns; ++i)
      if (marks[i] == (removed ? '-' : ' ')) count(header_.old_lines[i]);
    if (!removed) add_line(line, marks.find('+') != std::string::npos);
    see_end();
  }

  void add_line(Bytes line, bool added) {
    count(header_.new_lines);
    const size_t columns = std::min(header_.old_lines.size(), line.size());
    DiffHunk& hunk = file_.hunks.back();
    hunk.text.append(line.substr(columns)).push_back('\n');
    hunk.line_offsets.push_back(line_start_ + columns);
    hunk.added.push_back(added);
  }

  Bytes diff_;
  size_t at_ = 0, line_start_ = 0, line_number_ = 0, hunk_line_ = 0;
  HunkHeader header_;  // of the hunk that is read, with the lines that are left
  bool in_hunk_ = false, after_hunk_ = false, hunk_lost_ = false;
  // Of the file that is read.
  bool in_header_ = false, had_old_name_ = false, created_ = false, deleted_ = false, regular_ = true, lossy_ = false;
  DiffFile file_;
  Diff out_;
};

}  // namespace

Diff parse_diff(Bytes diff) { return DiffReader(diff).read(); }

}  // namespace sealwarden
