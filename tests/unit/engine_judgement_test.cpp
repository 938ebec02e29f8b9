// SPDX-License-Identifier: Apache-2.0
#include "scanner/engine/judgement.h"

#include <random>

#include "rules/builtin.h"
#include "scanner/engine/key_kind.h"
#include "scanner/engine/value_class.h"
#include "tests/support/catch.h"

namespace {

using namespace sealwarden;
using Reader = Rule::Reader;
using Words = std::vector<std::string>;

const Lexicon& lexicon() { return Lexicon::builtin(); }
KeyKind kind(Bytes name) { return key_kind(lexicon(), name).kind; }

// Made when the test runs, so that no secret stands here.
std::string random_value(size_t size) {
  static constexpr std::string_view kLetters = "q7RkT0vXw2ZbN9sLgP4dHcJ6yFm1";
  std::string made;
  for (size_t i = 0; made.size() < size; ++i) made += kLetters[(i * i * 5 + i * 11 + 3) % kLetters.size()];
  return made;
}

struct Judged {
  Verdict config = Verdict::refused, code = Verdict::refused, prose = Verdict::refused;
};

Judged judged(const std::string& text, Bytes word, Reader reader) {
  const size_t at = text.find(word);
  REQUIRE(at != std::string::npos);
  const auto found = read_assignment(text, at, at + word.size());
  if (!found) return {};
  const auto judgement = judge(lexicon(), reader, text, *found);
  if (!judgement) return {};
  const auto of = [&](FileKind file) { return judgement->verdicts[static_cast<size_t>(file)]; };
  return {of(FileKind::config), of(FileKind::code), of(FileKind::prose)};
}

}  // namespace

TEST_CASE("names fall apart into tokens") {
  CHECK(name_tokens("dbPassword") == Words{"db", "password"});
  CHECK(name_tokens("MYSQL_ROOT_PASSWORD") == Words{"mysql", "root", "password"});
  CHECK(name_tokens("db-password.2") == Words{"db", "password"});
  CHECK(name_tokens("OAuthToken2") == Words{"o", "auth", "token"});
  CHECK(name_tokens("AWSSecretKey") == Words{"aws", "secret", "key"});
  CHECK(name_tokens("x2Token") == Words{"x", "token"});
  CHECK(name_tokens("密码") == Words{"密码"});
  CHECK(name_tokens("").empty());
  CHECK(name_tokens("__2--").empty());
}

TEST_CASE("what a name promises") {
  for (const char* name : {"password", "dbPassword", "DB_PASSWD", "smtppass", "userpass", "PGPASSWORD", "pwd", "pass", "passwort", "contraseña", "密码",
                           "пароль", "sandi", "db_pass_2", "masterpassphrase"}) {
    CAPTURE(name);
    CHECK(kind(name) == KeyKind::password);
  }
  CHECK(kind("rootpw") == KeyKind::password);
  CHECK(kind("SENDGRID_PW") == KeyKind::password);
  CHECK(kind("recv-keys") == KeyKind::none);
  CHECK(kind("encrypt.key") == KeyKind::secret);
  CHECK(kind("masterauth") == KeyKind::secret);
  for (const char* name : {"client_secret", "clientSecret", "SECRET_KEY", "privateKey", "credentials", "секрет", "encryption_key"}) {
    CAPTURE(name);
    CHECK(kind(name) == KeyKind::secret);
  }
  for (const char* name : {"api_key", "apiKey", "X-Auth-Token", "access_token", "jwt", "bearer", "令牌", "github_token"}) {
    CAPTURE(name);
    CHECK(kind(name) == KeyKind::token);
  }
  for (const char* name : {"key", "auth", "some_key", "tokenA_b"}) {
    CAPTURE(name);
    CHECK(kind(name) == KeyKind::key);
  }
  // Of something about the secret, of a question, of other things that are called key or token, and no such word at all.
  for (const char* name : {"password_length", "passwordField", "token_type", "secret_name", "apiKeyId", "password_file", "has_password", "forgotPassword",
                           "validate_token", "public_key", "publicKey", "primary_key", "csrf_token", "next_page_token", "author", "keyboard", "monkey",
                           "compass", "passenger", "tokenizer", "user", "x", ""}) {
    CAPTURE(name);
    CHECK(kind(name) == KeyKind::none);
  }
  CHECK(key_kind(lexicon(), "db_password").last);
  CHECK_FALSE(key_kind(lexicon(), "password_db").last);
}

TEST_CASE("a slot for a name makes a template of a value, but not where it says how the rest is stored") {
  CHECK(value_class(lexicon(), "abc-{token}-9fk2") == ValueClass::reference);
  CHECK(value_class(lexicon(), "{user.name}") == ValueClass::reference);
  CHECK(value_class(lexicon(), "{noop}kiwi77mango") != ValueClass::reference);
  CHECK(value_class(lexicon(), "k{9-!}iwi77mango") != ValueClass::reference);
}

TEST_CASE("a name that is spelt with digits is none, nor is a sentence that a machine strews blanks into") {
  for (const char* value : {"p4ssWordKiwi", "k1wiSecretMango", "S0meVeryHardPassword", "kiwiPass77", "runt1mePw"}) {
    CAPTURE(value);
    CHECK(value_class(lexicon(), value) >= ValueClass::word);
  }
  for (const char* value : {"oauth2_token", "passwordField", "sha256Password", "user_password_01", "required|min:6|confirmed", "min:8", "2fa_token"}) {
    CAPTURE(value);
    CHECK(value_class(lexicon(), value) == ValueClass::name);
  }
  CHECK(value_class(lexicon(), "kiwi|mango77") != ValueClass::name);
  CHECK(value_class(lexicon(), "mango_pw") != ValueClass::name);
  const std::string half = random_value(14);
  CHECK(value_class(lexicon(), half + " ~" + half + "!]") == ValueClass::random);
  CHECK(value_class(lexicon(), "Basic " + half) == ValueClass::sentence);
  CHECK(value_class(lexicon(), "Give the password of user 7!") == ValueClass::sentence);
}

TEST_CASE("what a value looks like, and what merely looks like it") {
  struct Case {
    const char* good;
    const char* near_miss;
    ValueClass kind;
  };
  const std::string random = random_value(24), other = random_value(31);
  const Case cases[] = {
      {"", "abcq", ValueClass::empty},
      {" a ", "kiw", ValueClass::empty},
      {"${DB_PASSWORD}", "$Kiwi$2024", ValueClass::reference},
      {"{{ vault_password }}", "{Kiwi-2024", ValueClass::reference},
      {"%DB_PASS%", "%Kiwi2024", ValueClass::reference},
      {"getenv(x)", "Kiwi(2024)!", ValueClass::reference},
      {"$DB_PASS", "$1kiwi2024", ValueClass::reference},
      {"$name:$pass", "na$kiwi:2024", ValueClass::reference},
      {"/$file_name", "/$f1le_name", ValueClass::reference},
      {"prefix-<token>-2", "pre<token>2fix", ValueClass::reference},
      {"[a-z0-9]+", "[kiwi2024]+", ValueClass::reference},
      {"order-%d-%s", "Pa5s%word", ValueClass::reference},
      {").append(secret).append(", ").7append", ValueClass::reference},
      {"auth[1", "Kiwi[1", ValueClass::reference},
      {"2a03:4000::1", "2a03:4000:1", ValueClass::place},
      {"^1.20.3", "^1.20k3", ValueClass::place},
      {"changeme", "changeling", ValueClass::placeholder},
      {"ChangeMe!", "ChangeMonday!", ValueClass::placeholder},
      {"your_token_here", "yourtruth77", ValueClass::placeholder},
      {"Passwort", "Passworte", ValueClass::placeholder},
      {"xxxxxxxx", "xkcdxkce", ValueClass::placeholder},
      {"12345678", "83920174", ValueClass::placeholder},
      {"abababab", "abakadab", ValueClass::placeholder},
      {"enter your secret", "enteryourharbor", ValueClass::sentence},
      {"$2b$12$abcdefghijklmnopqrstuv", "$2Kiwi-banana", ValueClass::hash},
      {"{SSHA}kiwibanana", "SSHAkiwi", ValueClass::hash},
      {"https://host/x", "https-host", ValueClass::place},
      {"./secrets/db.txt", "kiwi.txt", ValueClass::place},
      {"me@mail.org", "me@mailorg", ValueClass::place},
      {"10.20.30.40", "10.20", ValueClass::place},
      {"user_password", "kiwi_banana", ValueClass::name},
      {"errors.token.missing", "errors7.kiwi.banana8", ValueClass::name},
      {"company.fruit.kiwi", "company.fruit7kiwi", ValueClass::name},
      {"App\\Fruit\\Kiwi", "Kiwi\\2024", ValueClass::name},
      {"8c36e86c-13b9-4102-a44f-646015dfd981", "8c36e86c-13b9-4102-a44f-646015dfd98", ValueClass::uuid},
      {"83920174", "83920174a", ValueClass::number},
      {"banana", "banana7", ValueClass::word},
      {"banana7", "banana", ValueClass::mixed},
      {random.c_str(), "SomeVeryHardWord", ValueClass::random},
      {other.c_str(), "identifier_of_things", ValueClass::random},
  };
  for (const Case& one : cases) {
    CAPTURE(one.good, one.near_miss);
    CHECK(name_of(value_class(lexicon(), one.good)) == name_of(one.kind));
    CHECK(name_of(value_class(lexicon(), one.near_miss)) != name_of(one.kind));
  }
  CHECK(randomness(lexicon(), random) > 10);
  CHECK(randomness(lexicon(), "configuration") < 0);
  CHECK(randomness(lexicon(), "CONFIGURATION") < 0);
  CHECK(randomness(lexicon(), "") == 0);
}

TEST_CASE("an ordinary word is told from letters of chance, also beside a word") {
  const Lexicon& lexicon = Lexicon::builtin();
  for (const char* word : {"application", "postgres", "libgit2", "/Test", "client_cert", "keystore", "password", "WorkManager", "admin", "zabbix",
                           "mysql_5", "", "abc", "a word", " and "}) {
    CAPTURE(word);
    CHECK(is_ordinary_word(lexicon, word));
  }
  for (const char* word : {"123456", "post123x", "a-b-c-d", "application-server1", "caf\xC3\xA9s"}) {
    CAPTURE(word);
    CHECK_FALSE(is_ordinary_word(lexicon, word));
  }
  std::mt19937 random(7);
  size_t mistaken = 0;
  for (size_t i = 0; i < 1000; ++i) {
    std::string value, beside = "password";
    for (size_t letter = 0; letter < 12; ++letter) value += static_cast<char>('a' + random() % 26);
    for (size_t letter = 0; letter < 8; ++letter) beside += static_cast<char>((random() % 2 ? 'A' : 'a') + random() % 26);
    mistaken += is_ordinary_word(lexicon, value) + is_ordinary_word(lexicon, beside);
  }
  CHECK(mistaken <= 20);
}

TEST_CASE("no random value is lost to what it begins or ends with") {
  // Base64 with "/" or "+" in it is no path, "!" before it no tag.
  const std::string random = random_value(32);
  for (const std::string value : {"/" + random, random + "/", random.substr(0, 9) + "/" + random.substr(9), "!" + random, "+" + random,
                                  random + "==", "#" + random, "@" + random}) {
    CAPTURE(value);
    CHECK(name_of(value_class(lexicon(), value)) == "random");
  }
}

TEST_CASE("a bare word is a literal in configuration, an expression in program text, and doubtful in prose") {
  const auto bare = judged("password: Kiwi2024x\n", "pass", Reader::assigned_password);
  CHECK(bare.config == Verdict::medium);
  CHECK(bare.code == Verdict::refused);
  const auto name = judged("password: banana\n", "pass", Reader::assigned_password);
  CHECK(name.config == Verdict::medium);
  CHECK(name.code == Verdict::refused);
  CHECK(name.prose == Verdict::low);
  const auto quoted = judged("password = \"Kiwi2024x\"", "pass", Reader::assigned_password);
  CHECK((quoted.config == Verdict::medium && quoted.code == Verdict::medium && quoted.prose == Verdict::medium));
  const auto environment = judged("DB_PASSWORD=Kiwi2024x\n", "PASS", Reader::assigned_password);
  CHECK((environment.config == Verdict::medium && environment.code == Verdict::medium));
  const auto option = judged("tool --password Kiwi2024x", "pass", Reader::assigned_password);
  CHECK(option.code == Verdict::medium);
  const auto call = judged("password = make(x1234)\n", "pass", Reader::assigned_password);
  CHECK(call.config == Verdict::refused);
  const auto sentence = judged("password: kiwi banana\n", "pass", Reader::assigned_password);
  CHECK(sentence.config == Verdict::refused);
  const auto constant = judged("password: required\n", "pass", Reader::assigned_password);
  CHECK(constant.config == Verdict::refused);
}

TEST_CASE("a line of a name and a value is a directive in configuration") {
  CHECK(judged("requirepass Kiwi77x\n", "pass", Reader::assigned_password).config == Verdict::medium);
  CHECK(judged("requirepass Kiwi77x\n", "pass", Reader::assigned_password).code == Verdict::refused);
  CHECK(judged("ENV PASSWORD Kiwi77x\n", "PASS", Reader::assigned_password).config == Verdict::medium);
  CHECK(judged("the password Kiwi77x\n", "pass", Reader::assigned_password).config == Verdict::refused);
  CHECK(judged("password required\n", "pass", Reader::assigned_password).config == Verdict::refused);
  // A line of a log, and a row of pairs in program text.
  CHECK(judged("login password=Kiwi77x from h\n", "pass", Reader::assigned_password).config == Verdict::medium);
  CHECK(judged("\"user=a password=Kiwi77x host=h\"", "pass", Reader::assigned_password).code == Verdict::medium);
  // Marked as code in prose.
  CHECK(judged("with the password `Kiwi77xQ`.", "pass", Reader::assigned_password).prose == Verdict::medium);
  CHECK(judged("with the password `argon2id`.", "pass", Reader::assigned_password).prose == Verdict::refused);
  // Within an element, where translations stand too.
  CHECK(judged("<name>a.password</name><value>Kiwi77x</value>", "pass", Reader::assigned_password).config == Verdict::medium);
  CHECK(judged("<name>a.password</name><value>kiwi</value>", "pass", Reader::assigned_password).config == Verdict::low);
}

TEST_CASE("each reader judges its own names; placeholders are low, references nothing") {
  const std::string value = random_value(24);
  CHECK(judged("password = \"" + value + "\"", "pass", Reader::assigned_password).code == Verdict::medium);
  CHECK(judged("password = \"" + value + "\"", "pass", Reader::assigned_secret).code == Verdict::refused);
  CHECK(judged("api_key = \"" + value + "\"", "key", Reader::assigned_secret).code == Verdict::medium);
  CHECK(judged("api_key = \"" + value + "\"", "key", Reader::assigned_password).code == Verdict::refused);
  CHECK(judged("password = \"changeme\"", "pass", Reader::assigned_password).code == Verdict::low);
  CHECK(judged("client_secret = \"changeme\"", "secret", Reader::assigned_secret).code == Verdict::low);
  CHECK(judged("password = \"${PASS}\"", "pass", Reader::assigned_password).code == Verdict::refused);
  CHECK(judged("password = \"Kiwi2024x\" + rest", "pass", Reader::assigned_password).code == Verdict::low);
  CHECK(judged("setPassword(\"Kiwi2024x\")", "Pass", Reader::assigned_password).code == Verdict::medium);
  CHECK(judged("selectToken(\"" + value + "\")", "Token", Reader::assigned_secret).code == Verdict::refused);
  CHECK(judged("setToken(\"" + value + "\")", "Token", Reader::assigned_secret).code == Verdict::medium);
  CHECK(judged("git_pass(\"Kiwi2024x\")", "pass", Reader::assigned_password).code == Verdict::low);
  CHECK(judged("set_pass(\"Kiwi2024x\")", "pass", Reader::assigned_password).code == Verdict::medium);
  CHECK(judged("check_password(make(c, \"kiwi.banana\"))", "password", Reader::assigned_password).code <= Verdict::low);
  CHECK(judged("run --password Kiwi2024x", "pass", Reader::assigned_password).config == Verdict::medium);
  CHECK(judged("run --password --verbose2", "pass", Reader::assigned_password).config == Verdict::refused);
  CHECK(judged("run --ask-password Kiwi2024x", "pass", Reader::assigned_password).config == Verdict::refused);
  CHECK(judged("password.equals(\"Kiwi2024x\")", "pass", Reader::assigned_password).code == Verdict::refused);
}

TEST_CASE("the whole of a node is judged like a literal of a program") {
  const Lexicon& lexicon = Lexicon::builtin();
  CHECK(literal_verdict(lexicon, "password", random_value(24)) == Verdict::medium);
  CHECK(literal_verdict(lexicon, "db.password", "kettlemoss") == Verdict::medium);
  CHECK(literal_verdict(lexicon, "password", "changeme") == Verdict::low);
  CHECK(literal_verdict(lexicon, "client_secret", "some_client_secret") == Verdict::refused);
  CHECK(literal_verdict(lexicon, "jwt-secret", "kettlemoss") == Verdict::low);
  CHECK(literal_verdict(lexicon, "api_key", random_value(24)) == Verdict::medium);
  CHECK(literal_verdict(lexicon, "password", "${PASSWORD}") == Verdict::refused);
}

TEST_CASE("a judgement says why, and whether the path matters") {
  Judgement judgement{{Verdict::low, Verdict::medium, Verdict::refused}, KeyKind::password, ValueClass::random};
  CHECK(best_verdict(judgement) == Verdict::medium);
  CHECK(path_decides(judgement));
  CHECK(reasons_of(judgement) == Words{"name of a password", "value: random"});
  judgement.verdicts.fill(Verdict::low);
  CHECK_FALSE(path_decides(judgement));
}

TEST_CASE("the kind of file is told by its name's ending") {
  const auto kind_of = [](const std::string& path) { return file_kind(&path); };
  CHECK(file_kind(nullptr) == FileKind::prose);
  for (const char* path : {"a.py", "b/c.JAVA", "x.min.js", "a.zip!src/A.java"}) CHECK(kind_of(path) == FileKind::code);
  for (const char* path : {"README", "docs/a.md", "x/CHANGELOG", "a.RST", "a.tgz!README"}) CHECK(kind_of(path) == FileKind::prose);
  for (const char* path : {".env", "Dockerfile", "a.yml", "x.unknown", "dir.py/file", "", "a.", "a.java!content"}) {
    CAPTURE(path);
    CHECK(kind_of(path) == FileKind::config);
  }
}
