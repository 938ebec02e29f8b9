// SPDX-License-Identifier: Apache-2.0
#include "scanner/engine/judgement.h"

#include <algorithm>

#include "scanner/base/ascii.h"

namespace sealwarden {
namespace {

using Form = Assignment::Form;
using Quote = Assignment::Quote;

bool is_token_byte(char c) { return is_alphanumeric(c) || std::string_view("+/=_.-%").find(c) != Bytes::npos; }

bool is_hex(Bytes value) { return value.find_first_not_of("0123456789abcdefABCDEF") == Bytes::npos; }

bool is_shouted(Bytes key) {
  return std::all_of(key.begin(), key.end(), [](char c) { return is_upper(c) || is_digit(c) || c == '_'; });
}

// DB_PASSWORD=v: so write shells, dotenv files and Docker; in program text it stands within literals.
bool is_environment(Bytes key, const Assignment& found) { return found.tight && found.form == Form::equals && is_shouted(key); }

// Whether a bare value is a literal whatever the language.
bool is_literal_anywhere(Bytes key, const Assignment& found) {
  return found.quote != Quote::none || found.option || ((found.query || found.inside) && found.tight) || is_environment(key, found);
}

// "requirepass v", "ENV PASSWORD v": a name and a value are all of the line.
bool is_line(const Assignment& found) { return found.form == Form::blank && found.starts_line && found.fills_line; }

Verdict password_verdict(Bytes value, ValueClass kind, const Assignment& found) {
  const bool quoted = found.quote != Quote::none;
  const bool loose = found.form == Form::argument || found.form == Form::call || (found.form == Form::blank && !found.option && !is_line(found));
  switch (kind) {
    case ValueClass::empty:
    case ValueClass::reference:
    case ValueClass::sentence:
    case ValueClass::place: return Verdict::refused;
    case ValueClass::placeholder:
    case ValueClass::hash:
    case ValueClass::name: return Verdict::low;
    case ValueClass::number: return value.size() < 5 || loose ? Verdict::refused : Verdict::medium;
    case ValueClass::word: return value.size() < 4 || loose ? Verdict::low : Verdict::medium;
    case ValueClass::uuid:
    case ValueClass::mixed: return value.size() < 4 || (loose && !quoted) ? Verdict::low : Verdict::medium;
    case ValueClass::random: return Verdict::medium;
  }
  return Verdict::refused;
}

Verdict secret_verdict(Bytes value, ValueClass kind, KeyKind key, double bits) {
  const bool digit = std::any_of(value.begin(), value.end(), is_digit);
  switch (kind) {
    case ValueClass::empty:
    case ValueClass::reference:
    case ValueClass::sentence:
    case ValueClass::place: return Verdict::refused;
    case ValueClass::name:
    case ValueClass::number: return Verdict::refused;
    case ValueClass::placeholder:
    case ValueClass::hash: return key == KeyKind::key ? Verdict::refused : Verdict::low;
    case ValueClass::word: return key == KeyKind::secret && value.size() >= 4 ? Verdict::low : Verdict::refused;
    case ValueClass::uuid: return key == KeyKind::key ? Verdict::low : Verdict::medium;
    case ValueClass::mixed:
      if (key == KeyKind::key || value.size() < 5) return Verdict::refused;
      return key == KeyKind::secret && digit && value.size() >= 8 ? Verdict::medium : Verdict::low;
    case ValueClass::random:
      if (key == KeyKind::key && !std::all_of(value.begin(), value.end(), is_token_byte)) return Verdict::refused;
      if (key == KeyKind::key) return value.size() >= (is_hex(value) ? 32 : 16) && bits > 15 ? Verdict::medium : Verdict::low;  // 16 digits name a key
      return Verdict::medium;
  }
  return Verdict::refused;
}

// must_pass("v"): the last token says what is done.
bool is_verb(const Lexicon& lexicon, Bytes key) {
  const std::vector<std::string> tokens = name_tokens(key);
  return !tokens.empty() && lexicon.has(WordList::verb, tokens.back());
}

// setToken("v"), with_api_key("v"), Token("v"), but not selectToken("v").
bool is_setter(const Lexicon& lexicon, Bytes key) {
  const std::vector<std::string> tokens = name_tokens(key.substr(key.find_last_of('.') + 1));
  if (tokens.size() < 2 || lexicon.has(WordList::setter, tokens.front())) return true;
  const std::string pair = tokens[0] + "_" + tokens[1];
  return tokens.size() == 2 && (lexicon.has(WordList::pair_token, pair) || lexicon.has(WordList::pair_secret, pair));
}

// "log in with the password `Kiwi1234!`", but not "the password `sha256`".
bool is_shown_password(const Lexicon& lexicon, Bytes key, Bytes value, ValueClass kind) {
  const bool digit = std::any_of(value.begin(), value.end(), is_digit), upper = std::any_of(value.begin(), value.end(), is_upper);
  return lexicon.has(WordList::password, lower_case(key)) && (kind == ValueClass::random || (kind == ValueClass::mixed && digit && upper));
}

// A bare value in each kind of file, given what it would be as a literal.
void judge_bare(const Lexicon& lexicon, Bytes key, Bytes value, const Assignment& found, Verdict verdict, Judgement& out) {
  const bool literal = is_literal_anywhere(key, found);
  const bool digit = std::any_of(value.begin(), value.end(), is_digit);
  const bool joined = found.tight && found.form == Form::equals && digit;  // a line of a log: "user=a password=v from h"
  const bool alone = !found.sentence || found.option || is_environment(key, found) || found.query || joined;
  const bool number = value.starts_with("0x") || value.starts_with("0X");
  const bool beyond_ascii = static_cast<unsigned char>(value.front()) >= 0x80;
  const bool call = value.find('(') != Bytes::npos;
  const bool bearer = lower_case(key) == "bearer" && out.value == ValueClass::random;  // of HTTP
  const bool directive = is_line(found) && out.key >= KeyKind::secret;
  const bool told_by_blank = found.form == Form::blank && !found.option && !is_shouted(key) && !bearer && !directive;
  const bool strange = call || told_by_blank || found.form == Form::arrow || found.form == Form::comparison || number || beyond_ascii ||
                       value.front() == '=' || value.front() == ':';
  if (strange || !alone) verdict = Verdict::refused;
  if (lexicon.has(WordList::constant, lower_case(value))) verdict = Verdict::refused;
  if (found.form == Form::blank && !found.option && !digit) verdict = Verdict::refused;
  auto& [config, code, prose] = out.verdicts;
  config = verdict;
  code = literal ? verdict : Verdict::refused;
  const bool plain = out.value == ValueClass::word || out.value == ValueClass::number;
  const bool told = (literal && !(found.option && plain)) || (found.form != Form::blank && digit && !plain);
  prose = told ? verdict : std::min(verdict, Verdict::low);
  if (found.form == Form::blank && !found.option) prose = std::min(prose, Verdict::low);
}

}  // namespace

FileKind file_kind(const std::string* path) {
  if (path == nullptr) return FileKind::prose;
  const std::string_view name = std::string_view(*path).substr(path->find_last_of("/!") + 1);  // also of a member: a.zip!README
  const size_t dot = name.rfind('.');
  const Lexicon& lexicon = Lexicon::builtin();
  if (dot == std::string_view::npos) return lexicon.has(WordList::prose_name, lower_case(name)) ? FileKind::prose : FileKind::config;
  const std::string ending = lower_case(name.substr(dot + 1));
  if (lexicon.has(WordList::code_ending, ending)) return FileKind::code;
  return lexicon.has(WordList::prose_ending, ending) ? FileKind::prose : FileKind::config;
}

bool is_side_path(const std::string& path) {
  const Lexicon& lexicon = Lexicon::builtin();
  for (size_t start = 0, end = path.find('/'); end != std::string::npos; start = end + 1, end = path.find('/', start))
    if (lexicon.has(WordList::side_folder, std::string_view(path).substr(start, end - start))) return true;
  const std::vector<std::string> tokens = name_tokens(path);
  return std::any_of(tokens.begin(), tokens.end(), [&](const std::string& token) { return lexicon.has(WordList::side_path, token); });
}

std::optional<Judgement> judge(const Lexicon& lexicon, Rule::Reader reader, Bytes text, const Assignment& found) {
  const Bytes key = text.substr(found.key_begin, found.key_end - found.key_begin);
  const Bytes value = text.substr(found.value_begin, found.value_end - found.value_begin);
  if (value.size() < 3) return std::nullopt;
  Judgement out;
  const NamedKind named = key_kind(lexicon, key);
  out.key = named.kind;
  const bool function = found.form == Form::call, argument = found.form == Form::argument;
  if ((function || argument) && !named.last) return std::nullopt;  // password.equals("v"), ("PasswordManager", "v")
  const bool sets = !function || is_setter(lexicon, key);
  if (!sets && named.kind != KeyKind::password) return std::nullopt;
  const bool wanted = reader == Rule::Reader::assigned_password ? out.key == KeyKind::password
                                                                : out.key != KeyKind::password && out.key != KeyKind::none;
  if (!wanted) return std::nullopt;
  out.value = value_class(lexicon, value);
  Verdict verdict = out.key == KeyKind::password ? password_verdict(value, out.value, found)
                                                 : secret_verdict(value, out.value, out.key, randomness(lexicon, value));
  const bool plain = out.value == ValueClass::word || out.value == ValueClass::number;
  // "Pass `this` on": a verb, and code in prose.
  const bool told_in_prose = found.quote == Quote::backtick && !is_shown_password(lexicon, key, value, out.value);
  if (found.form == Form::blank && !found.option && (told_in_prose || lexicon.has(WordList::verb, lower_case(key)))) return std::nullopt;
  const bool separate = found.option && found.form == Form::blank && found.quote == Quote::none;
  if (((argument || found.called) && value.starts_with("--")) || (separate && value.starts_with('-'))) return std::nullopt;  // the next option
  if (found.option && found.form == Form::blank && found.sentence && plain) return std::nullopt;  // "--ask-pass asks for it"
  if (!sets && is_verb(lexicon, key)) verdict = std::min(verdict, Verdict::low);
  if (function && found.called && out.value != ValueClass::random) verdict = std::min(verdict, Verdict::low);  // set_password(make("v"))
  if (found.continued || (plain && (!named.last || found.nested))) verdict = std::min(verdict, Verdict::low);
  if (found.quote != Quote::none) out.verdicts.fill(verdict);
  else judge_bare(lexicon, key, value, found, verdict, out);
  return best_verdict(out) == Verdict::refused ? std::nullopt : std::optional(out);
}

Verdict literal_verdict(const Lexicon& lexicon, Bytes name, Bytes value) {
  Assignment whole;
  whole.quote = Quote::plain;
  const NamedKind named = key_kind(lexicon, name);
  const ValueClass kind = value_class(lexicon, value);
  const Verdict verdict = named.kind == KeyKind::password ? password_verdict(value, kind, whole)
                                                          : secret_verdict(value, kind, named.kind, randomness(lexicon, value));
  const bool plain = kind == ValueClass::word || kind == ValueClass::number;
  return plain && !named.last ? std::min(verdict, Verdict::low) : verdict;
}

std::optional<Judgement> Judge::operator()(Rule::Reader reader, Bytes text, const Assignment& found) {
  if (found.value_end - found.value_begin < 3) return std::nullopt;
  question_.assign(text.substr(found.key_begin, found.key_end - found.key_begin));
  question_ += '\0';
  question_ += text.substr(found.value_begin, found.value_end - found.value_begin);
  question_ += static_cast<char>(reader);
  question_ += static_cast<char>(found.form);
  question_ += static_cast<char>(found.quote);
  for (const bool flag : {found.option, found.query, found.inside, found.tight, found.called, found.continued, found.sentence, found.nested,
                          found.starts_line, found.fills_line})
    question_ += flag ? '1' : '0';
  if (entries_.empty()) entries_.resize(kEntries);
  Entry& entry = entries_[std::hash<std::string>()(question_) % kEntries];
  if (entry.question != question_) {
    entry.verdict = judge(lexicon_, reader, text, found);
    entry.question = question_;
  }
  return entry.verdict;
}

std::optional<Confidence> as_confidence(Verdict verdict) {
  switch (verdict) {
    case Verdict::refused: break;
    case Verdict::low: return Confidence::low;
    case Verdict::medium: return Confidence::medium;
  }
  return std::nullopt;
}

Verdict best_verdict(const Judgement& judgement) { return *std::max_element(judgement.verdicts.begin(), judgement.verdicts.end()); }

std::vector<std::string> reasons_of(const Judgement& judgement) {
  static constexpr std::array<std::string_view, 5> kKeys = {"", "name of a key", "name of a token", "name of a secret", "name of a password"};
  return {std::string(kKeys[static_cast<size_t>(judgement.key)]), "value: " + std::string(name_of(judgement.value))};
}

}  // namespace sealwarden
