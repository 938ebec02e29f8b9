// SPDX-License-Identifier: Apache-2.0
#include "scanner/engine/assignment.h"

#include <algorithm>

#include "rules/lexicon.h"
#include "scanner/base/ascii.h"

namespace sealwarden {
namespace {

bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }
bool is_key(char c) { return is_word(c) || c == '-' || c == '.' || is_beyond_ascii(c); }
bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }

// A place in the text that is read from left to right; beyond the limit there is nothing.
class Cursor {
 public:
  Cursor(Bytes text, uint64_t at, uint64_t limit) : text_(text.substr(0, std::min<uint64_t>(text.size(), limit))), at_(at) {}
  [[nodiscard]] uint64_t at() const { return at_; }
  void go_to(uint64_t at) { at_ = at; }
  [[nodiscard]] bool ended() const { return at_ >= text_.size(); }
  [[nodiscard]] char peek(uint64_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  [[nodiscard]] Bytes rest() const { return text_.substr(std::min<uint64_t>(at_, text_.size())); }
  bool take(std::string_view word) {
    if (!rest().starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  void skip(uint64_t count) { at_ += count; }
  template <class Test>
  uint64_t skip_while(const Test& test, uint64_t most = kGapReach) {
    const uint64_t from = at_;
    while (!ended() && at_ - from < most && test(text_[at_])) ++at_;
    return at_ - from;
  }

 private:
  Bytes text_;
  uint64_t at_;
};

// The quote at the cursor, escaped or not, as the text spells it; empty if there is none.
std::string_view quote_at(const Cursor& cursor) {
  const Bytes rest = cursor.rest();
  size_t size = 0;
  while (size < 3 && size < rest.size() && rest[size] == '\\') ++size;
  if (size < rest.size() && is_quote(rest[size])) return rest.substr(0, size + 1);
  if (rest.starts_with("&quot;")) return rest.substr(0, 6);
  if (rest.starts_with("&#34;") || rest.starts_with("&#39;")) return rest.substr(0, 5);
  return {};
}

Assignment::Quote kind_of(std::string_view quote) {
  if (quote.ends_with('\'') || quote == "&#39;") return Assignment::Quote::single;
  return quote.ends_with('`') ? Assignment::Quote::backtick : Assignment::Quote::plain;
}

// Where the literal ends that `closing` closes; npos if not on this line.
size_t end_of_literal(Bytes rest, std::string_view closing) {
  for (size_t i = 0; i < rest.size() && rest[i] != '\n'; ++i) {
    if (rest.substr(i).starts_with(closing)) return i;
    if (rest[i] == '\\' && i + 1 < rest.size() && rest[i + 1] != '\n') ++i;
  }
  return Bytes::npos;
}

constexpr std::string_view kCharacterData = "<![CDATA[";

class Reader {
 public:
  Reader(Bytes text, uint64_t word_begin, uint64_t word_end)
      : text_(text), word_end_(word_end), cursor_(text, word_end, word_end + kKeyReach + kGapReach) {
    read_key(word_begin);
  }

  std::optional<Assignment> read() {
    if (out_.key_end - out_.key_begin > 2 * kKeyReach) return std::nullopt;
    cursor_.go_to(out_.key_end);
    const bool closed = close_key();
    const bool joined = ((closed || is_value_of_a_name()) && read_pair()) || read_nested(closed) || read_join(closed);
    if (!joined || !read_value()) return std::nullopt;
    return out_;
  }

 private:
  [[nodiscard]] char before(uint64_t at, uint64_t back = 1) const { return at >= back ? text_[at - back] : '\0'; }

  void read_key(uint64_t word_begin) {
    uint64_t begin = word_begin, end = word_end_;
    while (begin > 0 && word_begin - begin < kKeyReach && is_key(text_[begin - 1])) --begin;
    while (end < text_.size() && end - word_end_ < kKeyReach && is_key(text_[end])) ++end;
    const uint64_t whole = begin;
    while (begin < word_begin && (text_[begin] == '-' || text_[begin] == '.')) {
      out_.option = out_.option || text_[begin] == '-';
      ++begin;
    }
    const char beyond_dashes = before(whole);
    while (end > word_end_ && (text_[end - 1] == '-' || text_[end - 1] == '.')) --end;
    const char lead = before(begin, out_.option ? 3 : 1);
    out_.option = out_.option && !is_word(before(begin, 2)) && (before(begin, 2) != '-' || !is_word(lead));
    out_.query = lead == '?' || lead == '&';
    out_.key_begin = begin;
    out_.key_end = end;
    opener_ = out_.option && is_quote(beyond_dashes) ? beyond_dashes : before(begin);
    out_.starts_line = begins_line(whole, word_begin - std::min(word_begin, kKeyReach));
  }

  // Quotes and brackets that close what was opened before the name; false if nothing was open.
  bool close_key() {
    if (cursor_.peek() == '?' || cursor_.peek() == '!') {  // TypeScript: password?: string
      if (cursor_.peek(1) == ':') cursor_.skip(1);
    }
    if (!is_quote(opener_) && opener_ != ';' && opener_ != '[' && opener_ != '{' && opener_ != ':') return false;
    const std::string_view quote = quote_at(cursor_);
    const bool quoted = !quote.empty() && (is_quote(opener_) || opener_ == ';');
    if (quoted) cursor_.skip(quote.size());
    if (cursor_.peek() == ']' || (cursor_.peek() == '}' && opener_ == '{' && is_word(before(out_.key_begin, 2)))) cursor_.skip(1);  // $ENV{PASSWORD}
    if (cursor_.peek() == ')' && cursor_.peek(1) != ')') cursor_.skip(quoted ? 1 : 0);
    return quoted;
  }

  // name: PASSWORD
  [[nodiscard]] bool is_value_of_a_name() const {
    return is_blank(opener_) && before(out_.key_begin, 2) == ':' && before(out_.key_begin, 3) != ':';
  }

  // Nothing but blanks, or the command that sets a variable, stands on the line before the name.
  [[nodiscard]] bool begins_line(uint64_t begin, uint64_t limit) const {
    while (begin > limit && is_blank(text_[begin - 1])) --begin;
    if (begin == 0 || text_[begin - 1] == '\n') return true;
    uint64_t word = begin;
    while (word > limit && is_letter(text_[word - 1])) --word;
    if (!Lexicon::builtin().has(WordList::sets_variable, lower_case(text_.substr(word, begin - word)))) return false;
    while (word > limit && is_blank(text_[word - 1])) --word;
    return word == 0 || text_[word - 1] == '\n';
  }

  // <name>password</name><value>v</value>; <key>password</key> <string>v</string>; <x name="password"><value>v</value></x>.
  bool read_nested(bool closed) {
    Cursor ahead = cursor_;
    if (closed) {
      const uint64_t from = ahead.at();
      ahead.skip_while([](char c) { return c != '<' && c != '>' && c != '\n'; }, 60);
      if (text_.substr(from, ahead.at() - from).find("xml:") != Bytes::npos) return false;  // texts of .NET: translations
    } else if (opener_ != '>' || !ahead.take("</") || ahead.skip_while(is_key, 24) == 0) {
      return false;
    }
    if (!ahead.take(">")) return false;
    ahead.skip_while(is_space, 40);
    if (!ahead.take("<")) return false;
    const uint64_t begin = ahead.at();
    ahead.skip_while(is_key, 24);
    const Bytes name = text_.substr(begin, ahead.at() - begin);
    if (!name.ends_with("value") && name != "string") return false;
    if (!ahead.take(">")) return false;
    out_.form = Assignment::Form::element;
    out_.nested = true;
    cursor_.go_to(ahead.at());
    return true;
  }

  // Another attribute or member before the value: type="x", "type": "x",
  static bool skip_other_pair(Cursor& ahead) {
    Cursor one = ahead;
    const std::string_view quote = quote_at(one);
    one.skip(quote.size());
    const auto& names = Lexicon::builtin().words(WordList::value_name);
    if (std::any_of(names.begin(), names.end(), [&](const std::string& name) { return one.rest().starts_with(name); })) return false;
    if (one.skip_while(is_key, 24) == 0 || (!quote.empty() && !one.take(quote))) return false;
    one.skip_while(is_blank, 4);
    if (!one.take("=") && !one.take(":")) return false;
    one.skip_while(is_blank, 4);
    const std::string_view opening = quote_at(one);
    if (opening.empty()) return false;
    one.skip(opening.size());
    one.skip_while([&](char c) { return c != opening.front() && c != '\n'; }, 48);
    if (!one.take(opening)) return false;
    one.skip_while([](char c) { return is_space(c) || c == ','; }, 24);
    ahead = one;
    return true;
  }

  // name="password" value="v"; {"name": "password", "value": "v"}; - name: PASSWORD, on the next line value: v.
  bool read_pair() {
    Cursor ahead = cursor_;
    ahead.skip_while([](char c) { return is_space(c) || c == ',' || c == '/'; });
    const bool quoted = !quote_at(ahead).empty();
    while (skip_other_pair(ahead)) {}
    const std::string_view quote = quote_at(ahead);
    if (quoted && quote.empty()) return false;
    ahead.skip(quote.size());
    const auto& names = Lexicon::builtin().words(WordList::value_name);
    if (std::none_of(names.begin(), names.end(), [&](const std::string& name) { return ahead.take(name); })) return false;
    if (!quote.empty() && !ahead.take(quote)) return false;
    ahead.skip_while(is_blank);
    if (!ahead.take("=") && !ahead.take(":")) return false;
    if (ahead.peek() == '=' || ahead.peek() == ':') return false;
    out_.form = Assignment::Form::paired;
    cursor_.go_to(ahead.at());
    return true;
  }

  // A type between the name and `=`: `password: str = "v"`, `const char password[] = "v"`, `Password { get; set; } = "v"`.
  bool read_typed() {
    Cursor ahead = cursor_;
    if (ahead.peek() == '[') {
      ahead.skip(1);
      ahead.skip_while(is_word, 8);
      if (!ahead.take("]")) return false;
      ahead.skip_while(is_blank);
    } else if (ahead.rest().starts_with("{ get;")) {
      const size_t close = ahead.rest().substr(0, 40).find('}');
      if (close == Bytes::npos) return false;
      ahead.skip(close + 1);
      ahead.skip_while(is_blank);
    } else if (ahead.peek() == ':' && ahead.peek(1) != '=' && ahead.peek(1) != ':') {
      ahead.skip(1);
      ahead.skip_while([](char c) { return is_word(c) || is_blank(c) || std::string_view("<>.&?|'[]").find(c) != Bytes::npos; }, 40);
    } else {
      return read_type_behind();
    }
    if (ahead.peek() != '=' || ahead.peek(1) == '=' || ahead.peek(1) == '>') return false;
    cursor_.go_to(ahead.at());
    return true;
  }

  // Go's `password string = "v"`, Basic's `password As String = "v"`, SQL's `@password varchar(20) = 'v'`.
  bool read_type_behind() {
    Cursor ahead = cursor_;
    if (!is_blank(before(ahead.at()))) return false;
    if (ahead.take("As ") || ahead.take("as ")) ahead.skip_while(is_blank, 4);
    ahead.take("[]");
    const uint64_t begin = ahead.at();
    ahead.skip_while(is_letter, 12);
    if (!Lexicon::builtin().has(WordList::text_type, lower_case(text_.substr(begin, ahead.at() - begin)))) return false;
    if (ahead.peek() == '(') ahead.skip_while([](char c) { return is_digit(c) || c == '(' || c == ')'; }, 8);
    ahead.skip_while(is_blank, 8);
    if (ahead.peek() == ':' && ahead.peek(1) == '=') ahead.skip(1);
    if (ahead.peek() != '=' || ahead.peek(1) == '=') return false;
    Cursor behind = ahead;
    behind.skip(1);
    behind.skip_while(is_blank, 8);
    if (quote_at(behind).empty() && behind.peek() != '[') return false;
    cursor_.go_to(ahead.at());
    return true;
  }

  bool read_join(bool closed) {
    const uint64_t blanks = cursor_.skip_while(is_blank, 32);
    read_typed();
    using Form = Assignment::Form;
    struct Join {
      std::string_view text;
      Form form;
    };
    static constexpr Join kJoins[] = {{"===", Form::comparison}, {"!==", Form::comparison}, {"==", Form::comparison},
                                      {"!=", Form::comparison},  {"::=", Form::equals},     {":=", Form::equals},
                                      {"||=", Form::equals},     {"?=", Form::equals},      {"=>", Form::arrow},
                                      {"->", Form::arrow},       {"<-", Form::arrow},       {"=", Form::equals},
                                      {":", Form::colon},        {"||", Form::equals},      {"??", Form::equals}};
    // Most names are followed by nothing of the kind.
    if (std::string_view("=!:|?-<").find(cursor_.peek()) == std::string_view::npos) return read_rarer_join(closed, blanks);
    for (const auto& [text, form] : kJoins)
      if (cursor_.take(text)) {
        if (text == ":" && cursor_.peek() == ':') return false;
        if (text == "=" && cursor_.peek() == '~') return false;
        const bool expanded = opener_ == '{' && before(out_.key_begin, 2) == '$';  // ${NAME:+text}, ${NAME:?message}
        if (text == ":" && expanded && (cursor_.peek() == '+' || cursor_.peek() == '?')) return false;
        out_.form = form;
        out_.tight = blanks == 0 && !is_blank(cursor_.peek());
        return true;
      }
    return read_rarer_join(closed, blanks);
  }

  bool read_rarer_join(bool closed, uint64_t blanks) {
    using Form = Assignment::Form;
    const char next = cursor_.peek();
    if (next == ',' && closed && (is_first_argument() || out_.option)) out_.form = Form::argument;
    else if (next == '(' && blanks == 0 && !closed) out_.form = Form::call;
    else if (next == '>' && blanks == 0 && (closed || opener_ == '<' || opener_ == ':')) out_.form = Form::element;
    else if (blanks > 0 && !closed && (opener_ == '<' || opener_ == ':') && skip_attributes()) out_.form = Form::element;
    else if (blanks > 0 && (!closed || opener_ == ';')) out_.form = Form::blank;
    else return false;
    if (out_.form != Form::blank) cursor_.skip(1);
    return true;
  }

  // <password type="plain">
  bool skip_attributes() {
    Cursor ahead = cursor_;
    while (skip_other_pair(ahead)) {}
    if (ahead.peek() != '>' || before(ahead.at()) == ' ') return false;
    cursor_ = ahead;
    return true;
  }

  // f("password", "v"), and not one of a list of names.
  [[nodiscard]] bool is_first_argument() const {
    for (uint64_t back = 2; back <= 4; ++back)
      if (!is_blank(before(out_.key_begin, back))) return before(out_.key_begin, back) == '(';
    return false;
  }

  bool read_value() {
    using Form = Assignment::Form;
    if (out_.form == Form::element) return read_element();
    cursor_.skip_while(is_blank, 32);
    if (out_.form != Form::blank && out_.form != Form::argument) skip_line_break();
    if (cursor_.peek() == '[' && cursor_.peek(1) == ']') {  // []byte("v")
      Cursor ahead = cursor_;
      ahead.skip(2);
      if (ahead.skip_while(is_letter, 12) > 0) cursor_ = ahead;
    }
    if (cursor_.peek() == '[' || cursor_.peek() == '(' || cursor_.peek() == '{') {
      Cursor ahead = cursor_;
      ahead.skip(1);
      ahead.skip_while(is_space, 40);
      if (quote_at(ahead).empty()) return false;
      out_.listed = cursor_.peek() == '[';
      out_.called = !out_.listed;
      cursor_ = ahead;
    }
    if (read_quoted()) return !is_key_of_a_map();
    const Cursor here = cursor_;
    if (read_called()) return true;
    cursor_ = here;
    out_.called = false;
    if (out_.form == Form::call || out_.form == Form::argument) return false;
    return read_bare();
  }

  // password: {"letters": ...}, 'password' => ['letters' => ...]
  [[nodiscard]] bool is_key_of_a_map() const {
    if (!out_.listed && !out_.called) return false;
    Cursor ahead(text_, out_.end, out_.end + 12);
    ahead.skip_while(is_blank, 8);
    return ahead.peek() == ':' || ahead.rest().starts_with("=>");
  }

  // The value may stand on the next line, if it is a literal.
  void skip_line_break() {
    Cursor ahead = cursor_;
    ahead.take("\\");
    const uint64_t begin = ahead.at(), blanks = ahead.skip_while(is_space, 48);
    const Bytes skipped = text_.substr(begin, blanks);
    if (std::count(skipped.begin(), skipped.end(), '\n') > 1) return;  // behind an empty line something else begins
    if (blanks > 0 && !quote_at(ahead).empty() && ahead.peek() != '`') cursor_ = ahead;
  }

  bool read_element() {
    const bool data = text_.substr(std::min<uint64_t>(cursor_.at(), text_.size())).starts_with(kCharacterData);
    if (data) cursor_.skip(kCharacterData.size());
    const Bytes rest = text_.substr(std::min<uint64_t>(cursor_.at(), text_.size()), kValueReach);
    const size_t end = data ? rest.find("]]>") : rest.find('<');
    if (data && end != Bytes::npos && rest.substr(0, end).find_first_of("<\n") == Bytes::npos) {
      out_.quote = Assignment::Quote::element;
      return finish(cursor_.at(), cursor_.at() + end, cursor_.at() + end);
    }
    if (end == Bytes::npos || !(rest.substr(end).starts_with("</") || rest.substr(end).starts_with("<![CDATA["))) return false;
    out_.quote = Assignment::Quote::element;
    return finish(cursor_.at(), cursor_.at() + end, cursor_.at() + end);
  }

  // "v", b"v", """v""", \"v\".
  bool read_quoted() {
    Cursor ahead = cursor_;
    ahead.skip_while([](char c) { return is_letter(c) || c == '@' || c == '$'; }, 3);
    if (quote_at(ahead).empty()) ahead = cursor_;
    const std::string_view quote = quote_at(ahead);
    if (quote.empty()) return false;
    ahead.skip(quote.size());
    std::string closing(quote);
    if (ahead.rest().starts_with(closing + closing)) {  // """v""" and '''v''', which may begin on the next line
      ahead.skip(2 * quote.size());
      closing += std::string(quote) + std::string(quote);
      ahead.skip_while(is_space, 8);
    } else if (ahead.rest().starts_with(quote) && quote == "'") {  // ''v'' within an SQL string
      if (is_word(ahead.peek(1)) || ahead.peek(1) == '\'') {
        ahead.skip_while([](char c) { return c == '\''; }, 3);
        closing = "'";
      }
    }
    const uint64_t begin = ahead.at();
    const Bytes rest = text_.substr(std::min<uint64_t>(begin, text_.size()), kValueReach);
    const size_t end = end_of_literal(rest, closing);
    if (end == Bytes::npos) return false;
    out_.quote = kind_of(quote);
    return finish(begin, begin + end, begin + end + closing.size());
  }

  // Some("v"), os.getenv("NAME", "v"), process.env.NAME || "v", new String("v").
  bool read_called() {
    Cursor ahead = cursor_;
    while (ahead.take("new ") || ahead.take("await ") || ahead.take("&")) {}
    const uint64_t begin = ahead.at();
    if (ahead.skip_while([](char c) { return is_word(c) || c == '.' || c == ':' || c == '>' || c == '$'; }, 60) == 0) return false;
    const Bytes name = text_.substr(begin, ahead.at() - begin);
    if (ahead.peek() == '[' || ahead.peek() == '(') {
      ahead.skip(1);
      if (looks_up(name)) return read_default(ahead);
      if (Lexicon::builtin().has(WordList::not_wrapper, name.substr(name.find_last_of(".:>") + 1))) return false;
      if (text_[ahead.at() - 1] == '[') return false;
      cursor_ = ahead;
      out_.called = true;
      return read_quoted();
    }
    ahead.skip_while(is_blank, 8);
    return read_alternative(ahead);
  }

  static bool looks_up(Bytes name) {
    const auto& parts = Lexicon::builtin().words(WordList::lookup);
    return std::any_of(parts.begin(), parts.end(), [&](const std::string& part) { return name.find(part) != Bytes::npos; });
  }

  // ("NAME", "v"): the default is the secret. ("NAME") || "v" too.
  bool read_default(Cursor ahead) {
    const std::string_view quote = quote_at(ahead);
    if (!quote.empty()) {
      ahead.skip(quote.size());
      ahead.skip_while(is_key, kKeyReach);
      if (!ahead.take(quote)) return false;
    } else {
      ahead.skip_while(is_key, kKeyReach);
    }
    ahead.skip_while(is_blank, 8);
    if (ahead.take(",")) {
      ahead.skip_while(is_blank, 8);
      cursor_ = ahead;
      out_.called = true;
      return read_quoted();
    }
    if (!ahead.take(")") && !ahead.take("]")) return false;
    ahead.skip_while(is_blank, 8);
    return read_alternative(ahead);
  }

  bool read_alternative(Cursor ahead) {
    if (!ahead.take("||") && !ahead.take("??") && !ahead.take("or ") && !ahead.take("?:")) return false;
    ahead.skip_while(is_blank, 8);
    cursor_ = ahead;
    out_.called = true;
    return read_quoted();
  }

  static bool ends_bare(char c) {
    return is_space(c) || is_quote(c) || c == '<' || c == '>' || c == ',' || c == ';' || c == ')' || c == ']' || c == '}' || c == '|' ||
           c == '&' || c == '\\' || c == '\0';
  }

  bool read_bare() {
    const uint64_t begin = cursor_.at();
    const Bytes rest = text_.substr(std::min<uint64_t>(begin, text_.size()), kValueReach);
    size_t end = 0;
    while (end < rest.size() && !ends_bare(rest[end])) {
      if (rest[end] == '$' && end + 1 < rest.size() && (rest[end + 1] == '{' || rest[end + 1] == '(')) {  // a reference, whole
        const size_t close = rest.find(rest[end + 1] == '{' ? '}' : ')', end);
        if (close == Bytes::npos) return false;
        end = close;
      }
      ++end;
    }
    if (end == 0 || end >= kValueReach) return false;
    size_t next = end;
    while (next < rest.size() && is_blank(rest[next])) ++next;
    out_.sentence = next > end && next < rest.size() && (is_letter(rest[next]) || std::string_view(".$({").find(rest[next]) != Bytes::npos);
    const bool in_row = out_.tight && out_.form == Assignment::Form::equals && follows_pair() && (next == rest.size() || !is_part_of_call(rest[next]));
    if (out_.sentence && begins_pair(rest.substr(next))) out_.sentence = false;
    out_.fills_line = next == rest.size() || rest[next] == '\n' || rest[next] == '\r';
    // A part of something longer: <password>, config['password'], f(x).
    const char last = rest[end - 1];
    if (last == '[' || last == '(' || last == '{' || last == '+' || (end < rest.size() && rest[end] == '<')) return false;
    if (last == '=' && (end < 9 || (end < rest.size() && !is_space(rest[end]) && !is_quote(rest[end])))) return false;  // else base64 ends so
    if (last == '=' && end < rest.size() && is_quote(rest[end]) && rest[end] != opener_) return false;
    const bool quoted = is_quote(opener_) && end < rest.size() && rest[end] == opener_;
    const bool default_of_slot = opener_ == '{' && before(out_.key_begin, 2) == '$' && end < rest.size() && rest[end] == '}';  // ${name:v}
    out_.inside = quoted || in_row || default_of_slot;
    return finish(begin, begin + end, begin + end);
  }

  // host=h user=u password=v: names and values in a row, as connection strings have them; program text has none.
  [[nodiscard]] bool follows_pair() const {
    uint64_t at = out_.key_begin;
    const uint64_t limit = word_end_ - std::min(word_end_, kKeyReach);
    if (at <= limit || !is_blank(text_[at - 1])) return false;
    --at;
    uint64_t begin = at;
    while (begin > limit && (is_key(text_[begin - 1]) || text_[begin - 1] == '/')) --begin;
    return begin < at && begin > limit + 1 && text_[begin - 1] == '=' && is_word(text_[begin - 2]);
  }

  static bool is_part_of_call(char c) { return c == ')' || c == ',' || c == '>' || c == '/' || c == '}'; }

  // name=value
  static bool begins_pair(Bytes rest) {
    const auto end = std::find_if_not(rest.begin(), rest.end(), is_word);
    return end != rest.begin() && end + 1 < rest.end() && *end == '=' && end[1] != '=' && !is_blank(end[1]);
  }

  bool finish(uint64_t begin, uint64_t end, uint64_t behind) {
    if (begin >= end) return false;
    out_.value_begin = begin;
    out_.value_end = end;
    out_.end = behind;
    Cursor ahead(text_, behind, behind + 8);
    ahead.skip_while(is_blank, 4);
    const char next = ahead.peek();
    const bool quoted = out_.quote != Assignment::Quote::none && out_.quote != Assignment::Quote::element && out_.form != Assignment::Form::blank;
    out_.continued = quoted && (next == '+' || (next == '.' && !is_letter(ahead.peek(1))) || (next == '%' && is_blank(ahead.peek(1))));
    return true;
  }

  Bytes text_;
  uint64_t word_end_;
  Cursor cursor_;
  char opener_ = '\0';
  Assignment out_;
};

}  // namespace

std::optional<Assignment> read_assignment(Bytes text, uint64_t word_begin, uint64_t word_end) {
  return Reader(text, word_begin, word_end).read();
}

std::optional<Assignment> next_in_list(Bytes text, const Assignment& found) {
  if (!found.listed) return std::nullopt;
  const uint64_t limit = found.key_end + kGapReach + kValueReach;
  Cursor cursor(text, found.end, limit);
  cursor.skip_while(is_space, 40);
  if (!cursor.take(",")) return std::nullopt;
  cursor.skip_while(is_space, 40);
  const std::string_view quote = quote_at(cursor);
  if (quote.empty()) return std::nullopt;
  cursor.skip(quote.size());
  const size_t end = end_of_literal(cursor.rest(), quote);
  if (end == Bytes::npos || end == 0) return std::nullopt;
  Assignment next = found;
  next.value_begin = cursor.at();
  next.value_end = cursor.at() + end;
  next.end = next.value_end + quote.size();
  return next;
}

}  // namespace sealwarden
