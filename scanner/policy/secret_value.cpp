// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/secret_value.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <vector>

#include "scanner/base/ascii.h"
#include "scanner/engine/key_kind.h"
#include "scanner/engine/value_class.h"

namespace sealwarden {
namespace {

// Of a connection string, what makes it a secret.
constexpr std::string_view kSecretFields[] = {"password", "passwd", "pwd", "key=", "secret", "sig=", "token", "signature"};

bool starts_with_one(std::string_view value, std::initializer_list<std::string_view> starts) {
  return std::any_of(starts.begin(), starts.end(), [&](std::string_view start) { return value.starts_with(start); });
}

size_t distinct_bytes(std::string_view value) {
  std::array<bool, 256> seen{};
  size_t count = 0;
  for (const char c : value) {
    bool& one = seen[static_cast<unsigned char>(c)];
    count += one ? 0 : 1;
    one = true;
  }
  return count;
}

std::string letters_and_digits(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (is_letter(c) || is_digit(c)) out += to_lower(c);
  return out;
}

size_t skip_blanks(std::string_view text, size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  return at;
}

// What stands in the quotes that open at `at`; without data if none do.
std::string_view quoted_text(std::string_view text, size_t at) {
  if (at >= text.size() || (text[at] != '"' && text[at] != '\'' && text[at] != '`')) return {};
  const size_t end = text.find(text[at], at + 1);
  return end == std::string_view::npos ? std::string_view() : text.substr(at + 1, end - at - 1);
}

// The literal that an action of a template gives for certain, or if nothing else does: {{ "x" | quote }}, {{ b64enc "x" }},
// {{ coalesce .Values.a "x" }}. Only of a text that is one action.
std::string_view literal_of_action(std::string_view action) {
  if (!action.ends_with("}}") || action.find("{{", 2) != std::string_view::npos) return {};
  size_t at = skip_blanks(action, action.size() > 2 && action[2] == '-' ? 3 : 2);
  const std::string_view rest = action.substr(at);
  if (rest.starts_with("coalesce ")) {
    const size_t quote = rest.find_first_of("\"`(|");
    return quote == std::string_view::npos ? std::string_view() : quoted_text(rest, quote);
  }
  for (const std::string_view function : {"b64enc ", "quote ", "squote "})
    if (rest.starts_with(function)) at = skip_blanks(action, at + function.size());
  const std::string_view text = quoted_text(action, at);
  if (text.data() == nullptr) return {};
  const size_t behind = skip_blanks(action, at + text.size() + 2);
  const char next = behind < action.size() ? action[behind] : '\0';
  return next == '|' || next == '}' || next == '-' ? text : std::string_view();
}

// DB_PASSWORD, as what lists variables of that name has it.
bool names_variable(const Lexicon& lexicon, std::string_view value) {
  if (value.find('_') == std::string_view::npos || !is_upper(value.front())) return false;
  if (!std::all_of(value.begin(), value.end(), [](char c) { return is_upper(c) || is_digit(c) || c == '_'; })) return false;
  return key_kind(lexicon, value).kind > KeyKind::key;
}

// "sa-credentials.json" says where a secret lies.
bool names_file(std::string_view value) {
  const size_t dot = value.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  if (!std::all_of(value.begin(), value.end(), [](char c) { return is_word(c) || c == '-' || c == '.'; })) return false;
  constexpr std::string_view kEndings[] = {"yaml", "yml", "json", "toml", "ini", "conf", "cfg", "properties", "xml",  "env", "txt", "pem", "key",
                                           "crt",  "cer", "p12",  "pfx",  "jks", "jceks", "keystore", "tfvars", "gpg", "asc", "sh", "py"};
  return std::find(std::begin(kEndings), std::end(kEndings), lower_case(value.substr(dot + 1))) != std::end(kEndings);
}

// Words joined as the names of a cluster's objects are: "grafana.local-tls", no capital, at most three digits in a row.
bool looks_like_object_name(std::string_view value) {
  if (value.size() > 253 || value.find_first_of("-.") == std::string_view::npos || !is_lower(value.front())) return false;
  size_t digits = 0;
  for (const char c : value) {
    digits = is_digit(c) ? digits + 1 : 0;
    if (digits > 3 || !(is_lower(c) || is_digit(c) || c == '-' || c == '.')) return false;
  }
  return true;
}

bool has_word(std::initializer_list<std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// "tlsSecret: shop-tls", "adminSecretKey: admin-key": which object has the secret, or under which key. A variable of a process
// is never told that: JWT_SECRET is the secret.
bool names_object(const std::vector<std::string>& name, std::string_view written, std::string_view value) {
  if (name.empty() || !looks_like_object_name(value)) return false;
  const bool is_variable = std::none_of(written.begin(), written.end(), [](char c) { return is_lower(c); });
  const std::vector<std::string> words = name_tokens(value);
  size_t last = name.size() - 1;
  if (!is_variable && name[last] == "key" && words.size() > 1 && words.back().ends_with("key")) return true;
  if (last > 0 && name[last] == "key" && name[last - 1] == "secret") --last;
  if (is_variable || !has_word({"secret", "secrets", "cred", "creds", "credential", "credentials"}, name[last])) return false;
  if (last > 0 && has_word({"client", "app", "application", "shared", "consumer", "oauth", "auth", "api", "session", "cookie", "hmac", "jwt", "webhook",
                            "signing", "hash", "master", "totp", "otp"}, name[last - 1]))
    return false;
  if (words.size() < 2) return false;
  if (has_word({"secret", "secrets", "tls", "cert", "certs", "certificate", "certificates", "cred", "creds", "credential", "credentials", "token",
                "key", "keys", "auth", "config", "ca", "pull", "password", "passwords", "htpasswd"}, words.back()))
    return true;
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return word.size() > 2 && std::find(name.begin(), name.end(), word) != name.end() && !has_word({"secret", "key"}, word);
  });
}

// "redis:6379", "Server=db;Integrated Security=true": where, but not by what right.
bool is_open_connection(const std::vector<std::string>& name, std::string_view value) {
  const auto at = std::find(name.begin(), name.end(), "connection");
  if (at == name.end() || at + 1 == name.end() || !(at + 1)->starts_with("string") || value.find('@') != std::string_view::npos) return false;
  const std::string lower = lower_case(value);
  const bool has_place = lower.find('=') != std::string::npos || lower.find(':') != std::string::npos;
  return has_place && !std::any_of(std::begin(kSecretFields), std::end(kSecretFields),
                                   [&](std::string_view field) { return lower.find(field) != std::string::npos; });
}

// "secrets: |" of lines NAME=path/in/the/store:entry, as steps that fetch secrets are told them.
bool lists_store_entries(const Lexicon& lexicon, const std::vector<std::string>& name, std::string_view value) {
  if (name.empty() || name.back() != "secrets" || value.find('=') == std::string_view::npos) return false;
  while (!value.empty()) {
    const size_t end = std::min(value.find('\n'), value.size());
    const std::string_view line = value.substr(0, end);
    value.remove_prefix(std::min(end + 1, value.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const size_t sign = line.find('=');
    const std::string_view entry = sign == std::string_view::npos ? std::string_view() : line.substr(sign + 1, line.find_last_not_of(" \t\r") - sign);
    const size_t colon = entry.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == entry.size() || value_class(lexicon, entry.substr(colon + 1)) == ValueClass::random)
      return false;
    if (!std::all_of(entry.begin(), entry.end(), [](char c) { return is_word(c) || c == '-' || c == '.' || c == '/' || c == ':'; })) return false;
  }
  return true;
}

}  // namespace

bool is_secret_name(const Lexicon& lexicon, std::string_view name) {
  const std::vector<std::string> tokens = name_tokens(name);
  for (const std::string& token : tokens)
    if (token == "existing" || token == "from") return false;
  if (name == "id-token") return false;
  // What is told of a secret; beside what the lexicon has for all texts.
  if (tokens.size() > 1 && starts_with_one(tokens.back(), {"scheme", "stacking", "sha", "md", "bcrypt", "crypt", "realm", "claim", "audience", "stdin"}) &&
      tokens.back().size() <= 8)
    return false;
  // "passwordKey: db-password" names an entry.
  if (tokens.size() > 1 && tokens.back() == "key")
    for (const std::string_view word : {"password", "passwd", "pwd", "passphrase", "credentials", "credential"})
      if (tokens[tokens.size() - 2] == word) return false;
  return key_kind(lexicon, name).kind > KeyKind::key;
}

bool is_placeholder_value(const Lexicon& lexicon, std::string_view name, std::string_view value) {
  if (value.empty() || distinct_bytes(value) < 3) return true;
  const std::string lower = lower_case(value);
  if (starts_with_one(lower, {"your", "<your", "my-", "my_", "example", "dummy", "sample", "placeholder", "insert", "replace", "generate"})) return true;
  // "tlsSecret: myTlsSecret"
  const std::string bare_name = letters_and_digits(name), bare_value = letters_and_digits(value);
  if (bare_name == bare_value || "my" + bare_name == bare_value) return true;
  return value_class(lexicon, value) == ValueClass::placeholder;
}

bool is_reference_value(const Lexicon& lexicon, std::string_view value) {
  if (value.empty()) return false;
  // In a document what begins so says where to look: a bare path, a tag. "@/run/secrets/x": to be read from there.
  if (starts_with_one(value, {"$", "<", "!", "/", "./", "../", "~/", "@/", "jwt,", ".Values."})) return true;
  const ValueClass looks = value_class(lexicon, value);
  return looks == ValueClass::reference || looks == ValueClass::place;
}

bool is_default_credential(const Lexicon& lexicon, std::string_view value) {
  return lexicon.has(WordList::default_credential, lower_case(value));
}

bool is_strong(const Lexicon& lexicon, std::string_view value) {
  return value.size() >= 8 && distinct_bytes(value) >= 6 && !is_ordinary_word(lexicon, value);
}

bool is_encrypted_value(std::string_view value) {
  return starts_with_one(value, {"ENC[", "ENC(", "$ANSIBLE_VAULT;", "-----BEGIN PGP MESSAGE-----", "-----BEGIN AGE ENCRYPTED FILE-----",
                                 "age-encryption.org/", "encrypted:", "{cipher}", "vault:v1:", "U2FsdGVkX1"});
}

bool is_secret_literal(const Lexicon& lexicon, std::string_view name, std::string_view value) {
  if (!is_secret_name(lexicon, name) || value.empty() || is_encrypted_value(value)) return false;
  if (is_placeholder_value(lexicon, name, value) || is_reference_value(lexicon, value)) return false;
  if (names_variable(lexicon, value)) return false;
  const KeyKind kind = key_kind(lexicon, name).kind;
  const std::vector<std::string> tokens = name_tokens(name);
  const ValueClass looks = value_class(lexicon, value);
  if (looks != ValueClass::random &&
      (names_object(tokens, name, value) || is_open_connection(tokens, value) || lists_store_entries(lexicon, tokens, value) ||
       (kind != KeyKind::password && names_file(value))))
    return false;
  const bool is_foreign = std::any_of(value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  switch (looks) {
    case ValueClass::empty:
    case ValueClass::reference:
    case ValueClass::placeholder:
    case ValueClass::sentence:
    case ValueClass::hash:
    case ValueClass::place: return false;
    case ValueClass::name:
    case ValueClass::word:
      // passwordKey: admin-password: under which key of a Secret it is.
      if (!tokens.empty() && tokens.back() == "key" && value.find_first_of("0123456789") == std::string_view::npos) return false;
      // Words are what a translation says of a token, or how an object is called: "userKey: admin-user".
      return !is_foreign && (kind == KeyKind::password || (kind == KeyKind::secret && value.size() >= 8 && (tokens.empty() || tokens.back() != "key")));
    case ValueClass::number: return kind == KeyKind::password;
    case ValueClass::uuid:
    case ValueClass::mixed: return !is_foreign;
    case ValueClass::random: return true;
  }
  return true;
}

std::string_view literal_default(std::string_view value) {
  if (const size_t open = value.find("${"); open != std::string_view::npos) {
    const size_t close = value.find('}', open);
    if (close == std::string_view::npos) return {};
    size_t sign = open + 2;
    while (sign < close && (is_word(value[sign]) || value[sign] == '.')) ++sign;
    const std::string_view rest = value.substr(sign, close - sign);
    if (rest.starts_with(":-") || rest.starts_with(":=")) return rest.substr(2);
    if (rest.starts_with("-") || rest.starts_with("=")) return rest.substr(1);
    // Spring: ${X:literal}. A shell's ":?" and ":+" give no value.
    return rest.size() > 1 && rest[0] == ':' && rest[1] != '?' && rest[1] != '+' ? rest.substr(1) : std::string_view();
  }
  for (size_t at = value.find("default"); at != std::string_view::npos; at = value.find("default", at + 1)) {
    size_t next = at + 7;
    if (next < value.size() && value[next] == '(') ++next;
    if (const std::string_view text = quoted_text(value, skip_blanks(value, next)); text.data() != nullptr) return text;
  }
  return value.starts_with("{{") ? literal_of_action(value) : std::string_view();
}

std::string_view private_key_in(std::string_view value) {
  constexpr std::string_view kBegin = "-----BEGIN ", kKind = "PRIVATE KEY-----", kEnd = "-----END ";
  for (size_t begin = value.find(kBegin); begin != std::string_view::npos; begin = value.find(kBegin, begin + 1)) {
    const std::string_view rest = value.substr(begin);
    const std::string_view label = rest.substr(0, rest.find('-', kBegin.size()));
    if (!rest.substr(label.size()).starts_with("-----") || !rest.substr(0, label.size() + 5).ends_with(kKind)) continue;
    const size_t end = rest.find(kEnd), close = rest.find(kKind, std::min(end, rest.size()));
    return close == std::string_view::npos ? rest : rest.substr(0, close + kKind.size());
  }
  return {};
}

}  // namespace sealwarden
