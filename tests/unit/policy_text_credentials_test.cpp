// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/text_credentials.h"

#include <string>
#include <vector>

#include "tests/support/catch.h"

using namespace sealwarden;

namespace {

using Texts = std::vector<std::string>;

Texts in_text(std::string_view text) {
  const auto found = credentials_in_text(Lexicon::builtin(), text);
  return {found.begin(), found.end()};
}
Texts in_command(std::string_view text) {
  const auto found = credentials_in_command(Lexicon::builtin(), text);
  return {found.begin(), found.end()};
}
Texts in_words(const std::vector<std::string_view>& words) {
  const auto found = credentials_in_words(Lexicon::builtin(), words);
  return {found.begin(), found.end()};
}

}  // namespace

TEST_CASE("passwords of URLs and connection strings") {
  CHECK(in_text("postgres://app:c0rrect9horse@db/x") == Texts{"c0rrect9horse"});
  CHECK(in_text("a redis://:pw@h/0, amqp://u:c0rrect@h") == Texts{"pw", "c0rrect"});
  CHECK(in_text("jdbc:mysql://h/d?user=a&password=c0rrect9horse&x=1") == Texts{"c0rrect9horse"});
  CHECK(in_text("Server=s;User Id=a;Password = c0rrect9horse;") == Texts{"c0rrect9horse"});
  CHECK(in_text("host=db user=a password=c0rrect9horse dbname=d") == Texts{"c0rrect9horse"});
  CHECK(in_text("postgres://app:${PW}@db/x; https://h/a:b@c; ssh://git@h; redis://:@h; redis://:***@h").empty());
  CHECK(in_text("https://user:password@host and Password=; Pwd=#{x}#;").empty());
}

TEST_CASE("passwords of commands") {
  CHECK(in_command("curl -fsS -u ci:c0rrect9horse https://h") == Texts{"c0rrect9horse"});
  CHECK(in_command("A=1 PGPASSWORD='c0rrect9horse' psql -h db") == Texts{"c0rrect9horse"});
  CHECK(in_command("mysql -uroot -pc0rrect9horse < x; mysql --password -u a db1") == Texts{"c0rrect9horse"});
  CHECK(in_command("echo 'root:c0rrect9horse' | chpasswd") == Texts{"c0rrect9horse"});
  CHECK(in_command("sh -c \"docker login -u a -p c0rrect9horse r\"") == Texts{"c0rrect9horse"});
  CHECK(in_command("mkdir -p /a1b2c3 && tool --password-file /x --token-ttl 3600s && X_TOKEN=$(cat x) run").empty());
  CHECK(in_words({"redis-server", "--requirepass", "c0rrect9horse"}) == Texts{"c0rrect9horse"});
  CHECK(in_words({"CMD-SHELL", "redis-cli -a c0rrect9horse ping"}) == Texts{"c0rrect9horse"});
}

TEST_CASE("hostile commands cost little and give little") {
  for (const std::string piece : {"'", "$(", "a://:", "machine password ", "_auth=", "\\", "password=", "x=`", "\"a ", "password = ;", "--password=a "}) {
    std::string text;
    while (text.size() < 65536) text += piece;
    CHECK(in_command(text).size() <= 128);
  }
}

TEST_CASE("items that set variables") {
  std::string_view name, value;
  CHECK(split_assignment("A_B=c=d", name, value));
  CHECK(name == "A_B");
  CHECK(value == "c=d");
  CHECK_FALSE(split_assignment("--a=b", name, value));
  CHECK_FALSE(split_assignment("a b=c", name, value));
  CHECK_FALSE(split_assignment("=c", name, value));
}
