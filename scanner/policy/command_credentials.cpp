// SPDX-License-Identifier: Apache-2.0
// Words of commands that hold a password. Shells are read as far as words, quotes and separators go.
#include <algorithm>
#include <initializer_list>
#include <string>

#include "scanner/base/ascii.h"
#include "scanner/engine/key_kind.h"
#include "scanner/policy/literal_password.h"
#include "scanner/policy/secret_value.h"
#include "scanner/policy/text_credentials.h"

namespace sealwarden {
namespace {

constexpr size_t kMostFound = 64;
constexpr size_t kMostWords = 20'000;
constexpr size_t kLongestValue = 600;  // bytes, with what leads it
constexpr int kDeepest = 2;  // "sh -c '...'" within it

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool is_blank_character(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Without quotes around it; of an open one ('"x') that alone.
std::string_view unquoted(std::string_view text) {
  if (text.starts_with("\\\"") || text.starts_with("\\'")) text.remove_prefix(1);
  if (!text.empty() && (text.front() == '"' || text.front() == '\'')) {
    const char quote = text.front();
    text.remove_prefix(1);
    if (!text.empty() && text.back() == quote) text.remove_suffix(1);
    if (!text.empty() && text.back() == '\\') text.remove_suffix(1);
  }
  return text;
}

// "namespace/name" of an object of a cluster: --tls-secret=infra/wildcard.
bool is_object_name(std::string_view text) {
  const auto is_part = [](char c) { return is_lower(c) || is_digit(c) || c == '-' || c == '.' || c == '/'; };
  return std::count(text.begin(), text.end(), '/') == 1 && std::all_of(text.begin(), text.end(), is_part);
}

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1); }

// Cuts a command line into simple commands of words.
class WordCutter {
 public:
  explicit WordCutter(std::string_view text) : text_(text) {}

  std::vector<std::vector<std::string_view>> run() {
    while (at_ < text_.size() && count_ < kMostWords) {
      const char c = text_[at_];
      if (c == '\n' || c == ';' || c == '|' || c == '&' || c == '(' || c == ')') {
        next_command();
        ++at_;
      } else if (is_blank_character(c)) {
        ++at_;
      } else if (c == '\\' && at_ + 1 < text_.size() && is_blank_character(text_[at_ + 1])) {
        at_ += 2;
      } else {
        word();
      }
    }
    next_command();
    return std::move(commands_);
  }

 private:
  void next_command() {
    if (!words_.empty()) commands_.push_back(std::move(words_));
    words_.clear();
  }
  void word() {
    const size_t begin = at_;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\\' && at_ + 1 < text_.size()) {
        at_ += 2;
      } else if (c == '"' || c == '\'' || c == '`') {
        at_ = quote_end(c);
      } else if (c == '$' && at_ + 1 < text_.size() && (text_[at_ + 1] == '(' || text_[at_ + 1] == '{')) {
        const size_t end = text_.find(text_[at_ + 1] == '(' ? ')' : '}', at_);
        at_ = end == std::string_view::npos ? text_.size() : end + 1;
      } else if (is_blank_character(c) || c == ';' || c == '|' || c == '&' || c == '(' || c == ')') {
        break;
      } else {
        ++at_;
      }
    }
    words_.push_back(text_.substr(begin, at_ - begin));
    ++count_;
  }
  // An apostrophe of prose has no other.
  size_t quote_end(char quote) {
    bool& is_lonely = quote == '"' ? no_double_ : quote == '`' ? no_back_ : no_single_;
    if (is_lonely) return at_ + 1;
    for (size_t end = at_ + 1; end < text_.size(); ++end) {
      if (quote == '"' && text_[end] == '\\') ++end;
      else if (text_[end] == quote) return end + 1;
    }
    is_lonely = true;
    return at_ + 1;
  }

  std::string_view text_;
  size_t at_ = 0, count_ = 0;
  bool no_double_ = false, no_single_ = false, no_back_ = false;  // there is none any more
  std::vector<std::string_view> words_;
  std::vector<std::vector<std::string_view>> commands_;
};

class CommandReader {
 public:
  CommandReader(const Lexicon& lexicon, std::vector<std::string_view>& out) : lexicon_(lexicon), out_(out) {}

  void text(std::string_view text, int depth) {
    if (depth > kDeepest) return;
    std::vector<std::string_view> before;
    for (const auto& words : WordCutter(text).run()) {
      command(words, before, depth);
      before = words;
    }
    netrc(text);
    npmrc(text);
  }

  void command(const std::vector<std::string_view>& words, const std::vector<std::string_view>& piped, int depth) {
    const size_t first = program_at(words);
    const std::string program = first < words.size() ? lower_case(base_name(unquoted(words[first]))) : std::string();
    for (size_t i = 0; i < words.size() && out_.size() < kMostFound; ++i) {
      const std::string_view word = unquoted(words[i]);
      const std::string_view next = i + 1 < words.size() ? unquoted(words[i + 1]) : std::string_view();
      if (depth < kDeepest && word.find_first_of(" \n") != std::string_view::npos) text(word, depth + 1);
      assignment(word);
      if (!opens_truststore(program, words, next)) option(program, word, next);
      of_program(program, words, first, i, word, next);
    }
    into_program(program, words, piped);
  }

 private:
  // Behind what sets variables or runs another command.
  static size_t program_at(const std::vector<std::string_view>& words) {
    size_t at = 0;
    std::string_view name, value;
    const auto goes_on = [&](std::string_view word) {
      return is_one_of(word, {"sudo", "env", "exec", "time", "nohup", "then", "do", "else", "if", "!", "@", "-", "CMD", "CMD-SHELL", "NONE"});
    };
    while (at < words.size() && (goes_on(words[at]) || split_assignment(words[at], name, value))) ++at;
    return at;
  }

  // The password that Java's own list of authorities comes with guards nothing.
  static bool opens_truststore(const std::string& program, const std::vector<std::string_view>& words, std::string_view password) {
    if (program != "keytool" || password != "changeit") return false;
    return std::any_of(words.begin(), words.end(), [](std::string_view word) {
      return is_one_of(unquoted(word), {"-import", "-importcert", "-cacerts", "-trustcacerts", "-list", "-delete", "-exportcert"});
    });
  }

  void add(std::string_view value) {
    if (is_literal_password(lexicon_, value)) out_.push_back(value);
  }
  // Of a password any literal, of other secrets what looks like one.
  void add_named(std::string_view name, std::string_view value) {
    if (value.size() > kLongestValue) return;
    value = unquoted(value);
    if (value.starts_with('`')) return;
    value = value.substr(0, value.find_first_of("\"\\"));  // of a text within a text: KEY=\"x\"\n
    if (value.find_first_of(" \n") != std::string_view::npos || !is_secret_name(lexicon_, name)) return;
    const bool is_password = key_kind(lexicon_, name).kind == KeyKind::password;
    if (!is_password && is_object_name(value)) return;
    const bool is_literal = is_literal_password(lexicon_, value) && !is_reference_value(lexicon_, value);
    if (is_password ? is_literal : is_secret_literal(lexicon_, name, value)) out_.push_back(value);
  }

  // PGPASSWORD=x, -e MYSQL_PASSWORD=x, -Ddb.password=x
  void assignment(std::string_view word) {
    if (word.starts_with("-D") || word.starts_with("-P")) word.remove_prefix(2);
    std::string_view name, value;
    if (split_assignment(word, name, value)) add_named(name, value);
  }

  // --password=x, --password x, -storepass x, pass:x
  void option(const std::string& program, std::string_view word, std::string_view next) {
    if (program == "openssl" && word.starts_with("pass:")) add(unquoted(word.substr(5)));
    if (word.size() < 4 || word[0] != '-') return;
    const std::string_view body = word.substr(word.find_first_not_of('-') == std::string_view::npos ? word.size() : word.find_first_not_of('-'));
    const size_t sign = body.find('=');
    const std::string_view name = body.substr(0, sign);
    if (name.size() < 3 || !std::all_of(name.begin(), name.end(), [](char c) { return is_word(c) || c == '-' || c == '.'; })) return;
    if (sign != std::string_view::npos) {
      add_named(name, body.substr(sign + 1));
      return;
    }
    // A flag of these asks for the password.
    if (is_one_of(program, {"psql", "pg_dump", "pg_restore", "createdb", "createuser", "mysql", "mysqldump", "mysqladmin", "mariadb"})) return;
    if (name.ends_with("stdin") || name.ends_with("prompt") || next.empty() || next.front() == '-') return;
    add_named(name, next);
  }

  // The value of a short option: "-p x" or "-px".
  void short_option(std::string_view option, std::string_view word, std::string_view next, bool apart, bool joined) {
    if (word == option && apart) add(next);
    else if (joined && word.size() > option.size() && word.starts_with(option)) add(unquoted(word.substr(option.size())));
  }

  void login_pair(std::string_view login) {
    const size_t colon = login.find(':');
    if (colon != std::string_view::npos && colon > 0 && login.find("://") == std::string_view::npos) add(unquoted(login.substr(colon + 1)));
  }

  void of_program(const std::string& program, const std::vector<std::string_view>& words, size_t first, size_t i, std::string_view word,
                  std::string_view next) {
    const auto has = [&](std::string_view one) { return std::find(words.begin(), words.end(), one) != words.end(); };
    if (i <= first) return;
    if (program == "curl") {
      if (is_one_of(word, {"-u", "--user", "-U", "--proxy-user"})) login_pair(next);
      else if (word.starts_with("-u") && !word.starts_with("-u ")) login_pair(unquoted(word.substr(2)));
      else if (word.starts_with("--user=")) login_pair(unquoted(word.substr(7)));
    }
    if ((program == "curl" || program == "wget") && lower_case(word.substr(0, 40)).find("authorization:") != std::string::npos) bearer(word);
    if (is_one_of(program, {"docker", "podman", "nerdctl", "helm", "oras", "skopeo", "buildah", "crane", "az", "cf", "oc"}) && has("login"))
      short_option("-p", word, next, true, false);
    if (program.starts_with("mysql") || program.starts_with("mariadb")) short_option("-p", word, next, false, true);
    if (program.starts_with("mongo") && program != "mongod") short_option("-p", word, next, true, false);
    if (program == "redis-cli") short_option("-a", word, next, true, false);
    if (program == "sshpass") short_option("-p", word, next, true, true);
    if (program == "sqlcmd" || program == "bcp") short_option("-P", word, next, true, true);
    if (program.starts_with("ldap")) short_option("-w", word, next, true, false);
    if (program == "rabbitmqctl" && (word == "add_user" || word == "change_password") && i + 2 < words.size()) add(unquoted(words[i + 2]));
    if (program == "htpasswd" && i + 1 == words.size() && has_batch_flag(words)) add(word);
    if (word == "set" && i >= first + 1 && i + 2 < words.size() && is_one_of(unquoted(words[i - 1]), {"config", "configure"})) add_named(next, words[i + 2]);
  }

  static bool has_batch_flag(const std::vector<std::string_view>& words) {
    return std::any_of(words.begin(), words.end(), [](std::string_view word) {
      return word.size() > 1 && word[0] == '-' && word[1] != '-' && word.find('b') != std::string_view::npos;
    });
  }

  // Authorization: Bearer x
  void bearer(std::string_view header) {
    const size_t blank = header.find_last_of(" :");
    if (blank == std::string_view::npos) return;
    const std::string_view value = header.substr(blank + 1);
    if (value.size() >= 12 && is_literal_password(lexicon_, value)) out_.push_back(value);
  }

  // echo 'user:x' | chpasswd, echo x | passwd --stdin user, chpasswd <<< user:x
  void into_program(const std::string& program, const std::vector<std::string_view>& words, const std::vector<std::string_view>& piped) {
    const bool stdin_password = program == "passwd" && std::find(words.begin(), words.end(), "--stdin") != words.end();
    if (program != "chpasswd" && !stdin_password) return;
    const auto take = [&](std::string_view word) {
      word = unquoted(word);
      if (word.ends_with("\\n")) word.remove_suffix(2);
      const size_t colon = word.find(':');
      if (stdin_password) add(word);
      else if (colon != std::string_view::npos) add(unquoted(word.substr(colon + 1)));
    };
    const bool is_echo = !piped.empty() && is_one_of(base_name(piped.front()), {"echo", "printf"});
    for (size_t i = 1; is_echo && i < piped.size(); ++i)
      if (!piped[i].starts_with('-') && piped[i].find('%') == std::string_view::npos) take(piped[i]);
    for (size_t i = 1; i < words.size(); ++i)
      if (words[i] == "<<<" && i + 1 < words.size()) take(words[i + 1]);
      else if (words[i].starts_with("<<<")) take(words[i].substr(3));
  }

  // machine h login u password x
  void netrc(std::string_view text) {
    for (size_t at = text.find("machine "); at != std::string_view::npos && out_.size() < kMostFound; at = text.find("machine ", at + 1)) {
      const std::string_view near = text.substr(at, 400);
      size_t word = near.find("password");
      if (word == std::string_view::npos || near.find("machine ", 1) < word) continue;
      word += 8;
      if (word >= near.size() || !is_blank_character(near[word])) continue;
      while (word < near.size() && is_blank_character(near[word])) ++word;
      const std::string_view value = near.substr(word);
      add(value.substr(0, value.find_first_of(" \t\r\n\"'\\;&|>")));
    }
  }

  // //registry/:_authToken=x
  void npmrc(std::string_view text) {
    for (const std::string_view name : {"_authToken", "_password", "_auth"})
      for (size_t at = text.find(name); at != std::string_view::npos && out_.size() < kMostFound; at = text.find(name, at + 1)) {
        if (at > 0 && is_word(text[at - 1])) continue;
        std::string_view rest = text.substr(at + name.size(), kLongestValue);
        while (!rest.empty() && (rest.front() == ' ' || rest.front() == '"' || rest.front() == '\\')) rest.remove_prefix(1);
        if (rest.empty() || rest.front() != '=') continue;
        rest.remove_prefix(1);
        while (!rest.empty() && (rest.front() == ' ' || rest.front() == '"' || rest.front() == '\\' || rest.front() == '\'')) rest.remove_prefix(1);
        const std::string_view value = rest.substr(0, rest.find_first_of(" \t\r\n\"'\\;&|>"));
        if (value.size() >= 6 && !is_placeholder_value(lexicon_, name, value)) add(value);
      }
  }

  const Lexicon& lexicon_;
  std::vector<std::string_view>& out_;
};

void keep_disjoint(std::vector<std::string_view>& found) {
  std::sort(found.begin(), found.end(),
            [](std::string_view a, std::string_view b) { return a.data() != b.data() ? a.data() < b.data() : a.size() > b.size(); });
  std::vector<std::string_view> kept;
  for (const std::string_view one : found)
    if (kept.empty() || one.data() >= kept.back().data() + kept.back().size() || one.data() < kept.back().data()) kept.push_back(one);
  found = std::move(kept);
}

}  // namespace

std::vector<std::string_view> credentials_in_command(const Lexicon& lexicon, std::string_view text) {
  std::vector<std::string_view> out = credentials_in_text(lexicon, text);
  CommandReader(lexicon, out).text(text, 0);
  keep_disjoint(out);
  return out;
}

std::vector<std::string_view> credentials_in_words(const Lexicon& lexicon, const std::vector<std::string_view>& words) {
  std::vector<std::string_view> out;
  for (const std::string_view word : words)
    for (const std::string_view one : credentials_in_text(lexicon, word)) out.push_back(one);
  CommandReader(lexicon, out).command(words, {}, 0);
  keep_disjoint(out);
  return out;
}

}  // namespace sealwarden
