// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/github_scripts.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <unordered_set>

#include "scanner/base/ascii.h"

namespace sealwarden {
namespace {

constexpr size_t kMostCommands = 20'000;
constexpr size_t kMostGroups = 32;  // within one another, whose redirection is looked at

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) { return std::find(words.begin(), words.end(), word) != words.end(); }

bool prints(std::string_view word) {
  return is_one_of(word, {"echo", "printf", "print", "write-host", "write-output", "write-information", "write-warning", "write-verbose"});
}
// What it passes on is another text.
bool changes(std::string_view word) {
  return is_one_of(word, {"base64", "base32", "rev", "xxd", "od", "hexdump", "sed", "awk", "gawk", "tr", "cut", "fold", "head", "tail", "openssl", "split",
                          "paste", "nl", "uuencode", "gzip", "jq", "yq", "perl"});
}
bool passes_on(std::string_view word) {
  return is_one_of(word, {"cat", "tee", "grep", "egrep", "sort", "uniq", "column", "more", "less", "xargs"}) || changes(word);
}
bool opens_block(std::string_view word) {
  return is_one_of(word, {"if", "then", "else", "elif", "while", "until", "do", "{", "(", "!", "time", "sudo", "command", "exec", "&"});
}

// One command of a pipeline.
struct Command {
  size_t begin = 0, end = 0;
  std::vector<std::pair<size_t, size_t>> words;
  std::string target;              // of > or >>
  bool feeds_next = false;         // a pipe follows
  size_t text_begin = 0, text_end = 0;  // of a heredoc or here-string
};

// Cuts a script into commands. Quotes, substitutions and expressions are parts of words.
class ScriptReader {
 public:
  explicit ScriptReader(std::string_view script) : script_(script) {}

  std::vector<Command> read() {
    while (at_ < script_.size() && commands_.size() < kMostCommands) step();
    finish(false);
    return std::move(commands_);
  }

 private:
  [[nodiscard]] bool sees(std::string_view text) const { return script_.substr(at_).starts_with(text); }

  void step() {
    const char c = script_[at_];
    if (c == '\\' && at_ + 1 < script_.size() && (script_[at_ + 1] == '\n' || sees("\\\r\n"))) {
      at_ += script_[at_ + 1] == '\n' ? 2 : 3;
    } else if (c == '\n') {
      finish(false);
      ++at_;
      skip_heredocs();
    } else if (is_space(c)) {
      ++at_;
    } else if (c == '#') {
      while (at_ < script_.size() && script_[at_] != '\n') ++at_;
    } else if (sees("||") || sees("&&")) {
      finish(false);
      at_ += 2;
    } else if (c == '|') {
      finish(true);
      at_ += sees("|&") ? 2 : 1;
    } else if (c == ';' || c == '(' || (c == '&' && !sees("&>"))) {
      finish(false);
      if (c == '(') groups_.push_back(commands_.size());
      ++at_;
    } else if (c == ')') {
      ++at_;
      close_group();
    } else if (c == '>' || sees("1>") || sees("2>") || sees("&>")) {
      redirect();
    } else if (sees("<<<")) {
      at_ += 3;
      here_string();
    } else if (sees("<<")) {
      heredoc();
    } else if (c == '<') {
      ++at_;
    } else {
      const auto word = read_word();
      add_word(word);
    }
  }

  void add_word(std::pair<size_t, size_t> word) {
    const std::string_view text = script_.substr(word.first, word.second - word.first);
    if (text == "{" && now_.words.empty()) return groups_.push_back(commands_.size());
    if (text == "}" && now_.words.empty()) return close_group();
    if (now_.words.empty() && opens_block(text)) return;
    // Assignments before a command are no part of it.
    const size_t sign = text.find('=');
    const bool assigns = sign != std::string_view::npos && sign > 0 && std::all_of(text.begin(), text.begin() + static_cast<ptrdiff_t>(sign), is_word);
    if (now_.words.empty() && assigns) return;
    if (now_.words.empty()) now_.begin = word.first;
    now_.words.push_back(word);
    now_.end = word.second;
  }

  void finish(bool feeds_next) {
    if (!now_.words.empty()) {
      now_.feeds_next = feeds_next;
      commands_.push_back(std::move(now_));
    } else if (feeds_next && !commands_.empty()) {
      commands_.back().feeds_next = true;
    }
    now_ = {};
  }

  // What is behind the bracket holds for all commands within.
  void close_group() {
    finish(false);
    const size_t first = groups_.empty() ? commands_.size() : groups_.back();
    if (!groups_.empty()) groups_.pop_back();
    while (at_ < script_.size() && is_blank(script_[at_])) ++at_;
    if (at_ >= script_.size() || first >= commands_.size() || groups_.size() > kMostGroups) return;
    if (script_[at_] == '|' && !sees("||")) {
      for (size_t i = first; i < commands_.size(); ++i)
        if (commands_[i].target.empty()) commands_[i].target = "|";
    } else if (script_[at_] == '>' || sees("&>")) {
      redirect();
      for (size_t i = first; i < commands_.size(); ++i)
        if (commands_[i].target.empty()) commands_[i].target = now_.target;
      now_.target.clear();
    }
  }

  void redirect() {
    const bool is_error = script_[at_] == '2';
    while (at_ < script_.size() && (script_[at_] == '>' || script_[at_] == '&' || script_[at_] == '|' || is_digit(script_[at_]))) {
      if (script_[at_] == '&' && at_ + 1 < script_.size() && is_digit(script_[at_ + 1])) {  // >&2
        at_ += 2;
        return;
      }
      ++at_;
    }
    while (at_ < script_.size() && is_blank(script_[at_])) ++at_;
    const auto word = read_word();
    if (is_error) return;
    now_.target.clear();
    for (size_t i = word.first; i < word.second; ++i)
      if (script_[i] != '"' && script_[i] != '\'' && script_[i] != '{' && script_[i] != '}') now_.target += script_[i];
    if (now_.target.empty()) now_.target = "?";
  }

  void here_string() {
    while (at_ < script_.size() && is_blank(script_[at_])) ++at_;
    const auto word = read_word();
    now_.text_begin = word.first;
    now_.text_end = now_.end = word.second;
  }

  void heredoc() {
    at_ += 2;
    while (at_ < script_.size() && (script_[at_] == '-' || script_[at_] == '~' || is_blank(script_[at_]))) ++at_;
    const auto word = read_word();
    std::string name;
    for (size_t i = word.first; i < word.second; ++i)
      if (script_[i] != '"' && script_[i] != '\'' && script_[i] != '\\') name += script_[i];
    if (!name.empty()) heredocs_.push_back({name, commands_.size()});
  }

  // The lines behind the one in which heredocs were named. The command that reads the first is told of its text.
  void skip_heredocs() {
    for (const auto& [name, owner] : heredocs_) {
      const size_t begin = at_;
      size_t end = script_.size();
      while (at_ < script_.size()) {
        const size_t line_end = std::min(script_.find('\n', at_), script_.size());
        std::string_view line = script_.substr(at_, line_end - at_);
        while (!line.empty() && is_space(line.front())) line.remove_prefix(1);
        while (!line.empty() && is_space(line.back())) line.remove_suffix(1);
        const size_t line_begin = at_;
        at_ = std::min(line_end + 1, script_.size());
        if (line != name) continue;
        end = line_begin;
        break;
      }
      if (owner < commands_.size() && commands_[owner].text_end == 0) {
        commands_[owner].text_begin = begin;
        commands_[owner].text_end = std::min(end, script_.size());
      }
    }
    heredocs_.clear();
  }

  // Up to a blank or sign outside of quotes, $( ), ` ` and ${{ }}.
  std::pair<size_t, size_t> read_word() {
    const size_t begin = at_;
    char quote = 0;
    int depth = 0;
    while (at_ < script_.size()) {
      const char c = script_[at_];
      if (sees("${{")) {
        const size_t close = script_.find("}}", at_);
        at_ = close == std::string_view::npos ? script_.size() : close + 2;
        continue;
      }
      if (c == '\\' && quote != '\'' && at_ + 1 < script_.size()) {
        if (quote == 0 && depth == 0 && (script_[at_ + 1] == '\n' || script_[at_ + 1] == '\r')) break;
        at_ += 2;
        continue;
      }
      if (quote != '\'' && sees("$(")) {
        ++depth;
        at_ += 2;
        continue;
      }
      if (depth > 0 && (c == '(' || c == ')')) depth += c == '(' ? 1 : -1;
      else if (quote != 0) quote = c == quote && depth == 0 ? char{0} : quote;
      else if (depth == 0 && (c == '"' || c == '\'' || c == '`')) quote = c;
      else if (depth == 0 && (is_space(c) || std::string_view("|&;()<>").find(c) != std::string_view::npos)) break;
      ++at_;
    }
    if (at_ == begin) ++at_;
    return {begin, std::min(at_, script_.size())};
  }

  std::string_view script_;
  size_t at_ = 0;
  Command now_;
  std::vector<Command> commands_;
  std::vector<size_t> groups_;                            // the first command of each that is open
  std::vector<std::pair<std::string, size_t>> heredocs_;  // name, command
};

class SecretFinder {
 public:
  SecretFinder(std::string_view script, const ScriptSecrets& secrets) : script_(script), secrets_(secrets) {}

  struct Mention {
    bool is_there = false, is_changed = false;
  };

  // Whether a piece of the script puts a secret there. Substitutions do if what they run prints it.
  [[nodiscard]] Mention in(size_t begin, size_t end, bool in_heredoc) const {
    Mention out;
    bool single = false;
    for (size_t at = begin; at < end; ++at) {
      const char c = script_[at];
      if (c == '\'' && !in_heredoc) single = !single;
      if (script_.substr(at).starts_with("${{")) {
        const auto found = std::lower_bound(secrets_.expressions.begin(), secrets_.expressions.end(), std::pair{at, size_t{0}});
        if (found != secrets_.expressions.end() && found->first == at) out.is_there = true;
        const size_t close = script_.find("}}", at);
        if (close == std::string_view::npos || close >= end) return out;
        at = close + 1;
      } else if (!single && script_.substr(at, 2) == "$(") {
        const size_t close = closing(at + 2, end);
        substitution(at + 2, close, out);
        at = close;
      } else if (!single && c == '$') {
        variable(at + 1, end, out);
      }
    }
    return out;
  }

 private:
  [[nodiscard]] size_t closing(size_t at, size_t end) const {
    int depth = 1;
    for (; at < end; ++at) {
      depth += script_[at] == '(' ? 1 : script_[at] == ')' ? -1 : 0;
      if (depth == 0) return at;
    }
    return end;
  }

  void substitution(size_t begin, size_t end, Mention& out) const {
    size_t word = begin;
    while (word < end && is_space(script_[word])) ++word;
    size_t word_end = word;
    while (word_end < end && is_letter(script_[word_end])) ++word_end;
    if (!prints(script_.substr(word, word_end - word))) return;
    const std::string_view inner = script_.substr(word_end, end - word_end);
    const size_t pipe = inner.find('|');
    const Mention inside = in_plain(word_end, pipe == std::string_view::npos ? end : word_end + pipe);
    if (!inside.is_there) return;
    bool changed = inside.is_changed, passed = true;
    for (size_t at = pipe; at != std::string_view::npos; at = inner.find('|', at + 1)) {
      size_t name = at + 1;
      while (name < inner.size() && is_space(inner[name])) ++name;
      size_t name_end = name;
      while (name_end < inner.size() && (is_word(inner[name_end]) || inner[name_end] == '-')) ++name_end;
      const std::string_view command = inner.substr(name, name_end - name);
      changed = changed || changes(command);
      passed = passed && passes_on(command);
    }
    out.is_there = out.is_there || passed;
    out.is_changed = out.is_changed || (passed && changed);
  }

  // Without substitutions within.
  [[nodiscard]] Mention in_plain(size_t begin, size_t end) const {
    Mention out;
    for (size_t at = begin; at < end; ++at) {
      if (script_.substr(at).starts_with("${{")) {
        const auto found = std::lower_bound(secrets_.expressions.begin(), secrets_.expressions.end(), std::pair{at, size_t{0}});
        out.is_there = out.is_there || (found != secrets_.expressions.end() && found->first == at);
        at += 2;
      } else if (script_[at] == '$') {
        variable(at + 1, end, out);
      }
    }
    return out;
  }

  // Behind a '$': NAME, {NAME...}, env:NAME. ${#NAME} is a length, ${NAME:+x} another text.
  void variable(size_t at, size_t end, Mention& out) const {
    const bool braced = at < end && script_[at] == '{';
    if (braced) ++at;
    if (script_.substr(at, 4) == "env:" || script_.substr(at, 4) == "Env:") at += 4;
    size_t stop = at;
    while (stop < end && is_word(script_[stop])) ++stop;
    const std::string_view name = script_.substr(at, stop - at);
    if (name.empty() || std::find(secrets_.variables.begin(), secrets_.variables.end(), name) == secrets_.variables.end()) return;
    const std::string_view rest = script_.substr(stop, 2);
    if (braced && (rest == ":+" || rest.starts_with('+'))) return;
    out.is_there = true;
    const bool cuts = rest.size() == 2 && rest[0] == ':' && (is_digit(rest[1]) || rest[1] == ' ');
    if (braced && (cuts || rest.starts_with('#') || rest.starts_with('%') || rest.starts_with('/'))) out.is_changed = true;
  }

  std::string_view script_;
  const ScriptSecrets& secrets_;
};

class PrintFinder {
 public:
  PrintFinder(std::string_view script, const ScriptSecrets& secrets) : script_(script), secrets_(secrets), finder_(script, secrets) {}

  std::vector<PrintedSecret> run() {
    const std::vector<Command> commands = ScriptReader(script_).read();
    for (size_t first = 0; first < commands.size();) {
      size_t last = first;
      while (last + 1 < commands.size() && commands[last].feeds_next) ++last;
      for (size_t i = first; i <= last; ++i) look_at({commands.data() + i, last - i + 1});
      first = last + 1;
    }
    return std::move(out_);
  }

 private:
  struct Pipe {
    const Command* begin;
    size_t size;
  };

  [[nodiscard]] std::string_view word(const Command& command, size_t index) const {
    if (index >= command.words.size()) return {};
    const auto [begin, end] = command.words[index];
    return script_.substr(begin, end - begin);
  }

  static bool is_log(std::string_view target) {
    return target.empty() || is_one_of(target, {"/dev/stdout", "/dev/stderr", "/dev/tty", "$GITHUB_STEP_SUMMARY", "/proc/self/fd/1", "/proc/self/fd/2"});
  }

  void look_at(const Pipe& pipe) {
    const Command& first = *pipe.begin;
    // The stages of a pipeline are told once, with the first.
    if (!out_.empty() && first.begin < out_.back().end) return;
    const std::string name = lower_case(word(first, 0));
    if (traces(first, name)) return add(PrintedSecret::Way::traced, pipe);
    SecretFinder::Mention mention = source(first, name);
    if (!mention.is_there) return;
    for (size_t i = 0; i < pipe.size; ++i) {
      const Command& one = pipe.begin[i];
      if (!is_log(one.target)) return;
      const std::string filter = lower_case(word(one, 0));
      if (i > 0 && !passes_on(filter)) return;
      if (i > 0 && is_one_of(filter, {"grep", "egrep"}) && is_quiet(one)) return;
      if (i > 0 && writes_file(one, filter)) return;
      if (i > 0 && changes(filter)) mention.is_changed = true;
    }
    add(mention.is_changed ? PrintedSecret::Way::changed : PrintedSecret::Way::plain, pipe);
  }

  // -out FILE of openssl, sed -i: nothing is printed.
  [[nodiscard]] bool writes_file(const Command& command, std::string_view name) const {
    for (size_t i = 1; i < command.words.size(); ++i) {
      const std::string_view one = word(command, i);
      if (name == "openssl" && (one == "-out" || one == "dgst")) return true;
      if (name == "split" || (name == "base64" && one == "-o") || (name == "xargs" && i == 1)) return true;
    }
    return false;
  }
  [[nodiscard]] bool is_quiet(const Command& command) const {
    for (size_t i = 1; i < command.words.size(); ++i) {
      const std::string_view one = word(command, i);
      if (one == "--quiet" || one == "--count" || one == "--silent") return true;
      if (one.size() > 1 && one[0] == '-' && one[1] != '-' && one.find_first_of("qc") != std::string_view::npos) return true;
    }
    return false;
  }

  // The command that writes a secret to its output.
  [[nodiscard]] SecretFinder::Mention source(const Command& command, std::string_view name) const {
    SecretFinder::Mention out;
    const auto take = [&](const SecretFinder::Mention& one) {
      out.is_there = out.is_there || one.is_there;
      out.is_changed = out.is_changed || one.is_changed;
    };
    if (command.text_end > command.text_begin && passes_on(name)) {
      take(finder_.in(command.text_begin, command.text_end, true));
      if (changes(name)) out.is_changed = true;
    }
    if (name == "printenv")
      for (size_t i = 1; i < command.words.size(); ++i)
        if (std::find(secrets_.variables.begin(), secrets_.variables.end(), word(command, i)) != secrets_.variables.end()) take({true, false});
    if (!prints(name)) return out;
    for (size_t i = 1; i < command.words.size(); ++i) {
      std::string_view one = word(command, i);
      while (!one.empty() && (one.front() == '"' || one.front() == '\'')) one.remove_prefix(1);
      // Commands to the runner are not shown. (::warning:: and the like are.)
      if (one.starts_with("::add-mask::") || one.starts_with("::set-output") || one.starts_with("::set-env") || one.starts_with("::save-state")) return {};
      take(finder_.in(command.words[i].first, command.words[i].second, false));
    }
    return out;
  }

  // All the environment, or each command with what its variables hold.
  bool traces(const Command& command, std::string_view name) {
    const std::string_view first = word(command, 1);
    const bool has_secret = !secrets_.variables.empty();
    if ((name == "env" || name == "printenv") && command.words.size() == 1) return has_secret && is_log(command.target);
    if (name == "export" && first == "-p") return has_secret && is_log(command.target);
    if (is_one_of(name, {"gci", "get-childitem", "dir", "ls"}) && is_one_of(lower_case(first), {"env:", "env:*"})) return has_secret && is_log(command.target);
    if (name != "set" || (!has_secret && secrets_.expressions.empty())) return false;
    const bool sets = (first.size() > 1 && first[0] == '-' && first[1] != '-' && first.find('x') != std::string_view::npos) ||
                      (first.size() > 1 && first[0] == '-' && word(command, 2) == "xtrace");
    return sets && traces_secret();
  }

  // Whether a trace, once on, would show a secret. Looked for once a script.
  bool traces_secret() {
    if (!traces_secret_) traces_secret_ = script_.find("set +x") == std::string_view::npos && mentions_secret();
    return *traces_secret_;
  }

  [[nodiscard]] bool mentions_secret() const {
    if (!secrets_.expressions.empty()) return true;
    const std::unordered_set<std::string_view> names(secrets_.variables.begin(), secrets_.variables.end());
    for (size_t at = script_.find('$'); at != std::string_view::npos; at = script_.find('$', at + 1)) {
      size_t begin = at + 1;
      if (begin < script_.size() && script_[begin] == '{') ++begin;
      size_t end = begin;
      while (end < script_.size() && is_word(script_[end])) ++end;
      if (names.contains(script_.substr(begin, end - begin))) return true;
    }
    return false;
  }

  void add(PrintedSecret::Way way, const Pipe& pipe) {
    const size_t begin = pipe.begin->begin, end = pipe.begin[pipe.size - 1].end;
    out_.push_back({way, begin, std::max(begin, end)});
  }

  std::string_view script_;
  const ScriptSecrets& secrets_;
  SecretFinder finder_;
  std::optional<bool> traces_secret_;
  std::vector<PrintedSecret> out_;
};

}  // namespace

std::vector<PrintedSecret> printed_secrets(std::string_view script, const ScriptSecrets& secrets) {
  if (secrets.variables.empty() && secrets.expressions.empty()) return {};
  return PrintFinder(script, secrets).run();
}

}  // namespace sealwarden
