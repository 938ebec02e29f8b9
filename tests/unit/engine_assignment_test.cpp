// SPDX-License-Identifier: Apache-2.0
#include "scanner/engine/assignment.h"

#include <algorithm>

#include "tests/support/catch.h"

namespace {

using namespace sealwarden;
using Form = Assignment::Form;
using Quote = Assignment::Quote;

std::optional<Assignment> read(Bytes text, Bytes word = "assw") {
  const size_t at = std::min(text.find(word), text.find("ASSW"));
  REQUIRE(at != Bytes::npos);
  return read_assignment(text, at, at + word.size());
}

struct Case {
  const char* text;
  const char* key;
  const char* value;
  Form form;
  Quote quote;
};

constexpr Case kCases[] = {
    {R"(password = "v1")", "password", "v1", Form::equals, Quote::plain},
    {R"(x.db-password='v1')", "x.db-password", "v1", Form::equals, Quote::single},
    {R"({"password": "v1"})", "password", "v1", Form::colon, Quote::plain},
    {"$password = `v1`;", "password", "v1", Form::equals, Quote::backtick},
    {"DB_PASSWORD=v1\n", "DB_PASSWORD", "v1", Form::equals, Quote::none},
    {"password: v1\n", "password", "v1", Form::colon, Quote::none},
    {"'password' => 'v1'", "password", "v1", Form::arrow, Quote::single},
    {R"(password <- "v1")", "password", "v1", Form::arrow, Quote::plain},
    {R"(if (password == "v1"))", "password", "v1", Form::comparison, Quote::plain},
    {R"(password !== "v1")", "password", "v1", Form::comparison, Quote::plain},
    {R"(password := "v1")", "password", "v1", Form::equals, Quote::plain},
    {R"(password ?= "v1")", "password", "v1", Form::equals, Quote::plain},
    {R"(password ||= "v1")", "password", "v1", Form::equals, Quote::plain},
    {R"(password || "v1")", "password", "v1", Form::equals, Quote::plain},
    {R"(password ?? "v1")", "password", "v1", Form::equals, Quote::plain},
    {R"(setPassword("v1"))", "setPassword", "v1", Form::call, Quote::plain},
    {R"(f("password", "v1"))", "password", "v1", Form::argument, Quote::plain},
    {"<db-password>v1</db-password>", "db-password", "v1", Form::element, Quote::element},
    {R"(<a name="password" value="v1"/>)", "password", "v1", Form::paired, Quote::plain},
    {R"({"name": "password", "value": "v1"})", "password", "v1", Form::paired, Quote::plain},
    {"- name: PASSWORD\n  value: v1\n", "PASSWORD", "v1", Form::paired, Quote::none},
    {"x --db-password v1 y", "db-password", "v1", Form::blank, Quote::none},
    {"x --password=v1 y", "password", "v1", Form::equals, Quote::none},
    {R"(-Password "v1")", "Password", "v1", Form::blank, Quote::plain},
    {"http://h/?password=v1&b=2", "password", "v1", Form::equals, Quote::none},
    {R"(password: str = "v1")", "password", "v1", Form::equals, Quote::plain},
    {R"(password?: string = "v1")", "password", "v1", Form::equals, Quote::plain},
    {R"(const char password[16] = "v1";)", "password", "v1", Form::equals, Quote::plain},
    {R"(string Password { get; set; } = "v1";)", "Password", "v1", Form::equals, Quote::plain},
    {R"("{\"password\": \"v1\"}")", "password", "v1", Form::colon, Quote::plain},
    {"&quot;password&quot;: &quot;v1&quot;", "password", "v1", Form::colon, Quote::plain},
    {"&#39;password&#39;: &#39;v1&#39;", "password", "v1", Form::colon, Quote::single},
    {R"(password = """v1""")", "password", "v1", Form::equals, Quote::plain},
    {R"(password = b"v1")", "password", "v1", Form::equals, Quote::plain},
    {R"(password = @"v1")", "password", "v1", Form::equals, Quote::plain},
    {"password =\n    \"v1\"", "password", "v1", Form::equals, Quote::plain},
    {"password = \\\n    \"v1\"", "password", "v1", Form::equals, Quote::plain},
    {R"(password = os.getenv("X", "v1"))", "password", "v1", Form::equals, Quote::plain},
    {R"(password = os.environ["X"] or "v1")", "password", "v1", Form::equals, Quote::plain},
    {R"(password: process.env.X || "v1")", "password", "v1", Form::colon, Quote::plain},
    {R"(password = Some("v1"))", "password", "v1", Form::equals, Quote::plain},
    {R"(password = new String("v1"))", "password", "v1", Form::equals, Quote::plain},
    {R"(config["password"] = "v1")", "password", "v1", Form::equals, Quote::plain},
    {R"(passwords = ["v1", "v2"])", "passwords", "v1", Form::equals, Quote::plain},
    {R"(password = "it\"s")", "password", R"(it\"s)", Form::equals, Quote::plain},
    {R"(const password string = "v1")", "password", "v1", Form::equals, Quote::plain},
    {R"(Dim password As String = "v1")", "password", "v1", Form::equals, Quote::plain},
    {"declare @password varchar(20) = 'v1'", "password", "v1", Form::equals, Quote::single},
    {R"(password: &'static str = "v1")", "password", "v1", Form::equals, Quote::plain},
    {R"(password: &[u8] = b"v1")", "password", "v1", Form::equals, Quote::plain},
    {R"(password := []byte("v1"))", "password", "v1", Form::equals, Quote::plain},
    {"$ENV{password} = 'v1';", "password", "v1", Form::equals, Quote::single},
    {R"(f("--password", default="v1"))", "password", "v1", Form::paired, Quote::plain},
    {R"(["--password", "v1"])", "password", "v1", Form::argument, Quote::plain},
    {"<name>a.password</name>\n<value>v1</value>", "a.password", "v1", Form::element, Quote::element},
    {"<key>password</key><string>v1</string>", "password", "v1", Form::element, Quote::element},
    {R"(<x name="password" type="y"><value>v1</value></x>)", "password", "v1", Form::element, Quote::element},
    {R"(<x name="password" type="y" value="v1"/>)", "password", "v1", Form::paired, Quote::plain},
    {R"({"key": "password", "type": "y", "value": "v1"})", "password", "v1", Form::paired, Quote::plain},
    {R"(<password type="plain">v1</password>)", "password", "v1", Form::element, Quote::element},
    {"<password><![CDATA[v1]]></password>", "password", "v1", Form::element, Quote::element},
    {"password: dGhlIGtpd2k==\n", "password", "dGhlIGtpd2k==", Form::colon, Quote::none},
    {"password = ${A_B}c", "password", "${A_B}c", Form::equals, Quote::none},
};

}  // namespace

TEST_CASE("assignments of all forms and quotes are read where they stand") {
  for (const Case& one : kCases) {
    CAPTURE(one.text);
    const Bytes text = one.text;
    const auto found = read(text);
    REQUIRE(found);
    CHECK(text.substr(found->key_begin, found->key_end - found->key_begin) == one.key);
    CHECK(text.substr(found->value_begin, found->value_end - found->value_begin) == one.value);
    CHECK(found->form == one.form);
    CHECK(found->quote == one.quote);
    CHECK(found->end >= found->value_end);
    // What stands before and behind plays no part.
    const std::string inside = "x;\n" + std::string(text) + "\ny";
    const auto moved = read(inside);
    REQUIRE(moved);
    CHECK(moved->key_begin == found->key_begin + 3);
    CHECK(moved->value_begin == found->value_begin + 3);
    CHECK(moved->value_end == found->value_end + 3);
  }
}

TEST_CASE("what is no assignment is not read") {
  for (const char* text :
       {"password", "password = ", "password = \"\"", "password = \"unclosed\nx", "password = {x}", "password = compile(\"v1\")",
        "password::of", "password =~ /v1/", "f(password, \"v1\")", "f(\"a\", \"password\", \"v1\")", "password = {\"letters\": 1}",
        "password = [\"letters\" => 1]", "<password>v1<b>", "password = config['v1']", "password = b[", "password = (a)",
        "password.length > \"v1\"", "${password:+v1}", "${password:?v1}", "the password:\n\n\"v1\"", "password:\n`v1`", "password=x=\"v1\"",
        "<data name=\"password\" xml:space=\"preserve\"><value>v1</value>", "<a>password</a><b>v1</b>", "[password, \"v1\"]"}) {
    CAPTURE(text);
    CHECK_FALSE(read(text));
  }
}

TEST_CASE("what is around an assignment is noted") {
  CHECK(read("x --password v1")->option);
  CHECK(read("-Password v1")->option);
  CHECK_FALSE(read("a-password = v1")->option);
  CHECK_FALSE(read("password = v1")->option);
  CHECK(read("?password=v1")->query);
  CHECK(read("&password=v1&x")->query);
  CHECK_FALSE(read(";password=v1")->query);
  CHECK(read("PASSWORD=v1")->tight);
  CHECK_FALSE(read("PASSWORD =v1")->tight);
  CHECK_FALSE(read("PASSWORD= v1")->tight);
  CHECK(read(R"(password = Some("v1"))")->called);
  CHECK_FALSE(read(R"(setPassword("v1"))")->called);
  CHECK(read(R"(password = ["v1"])")->listed);
  CHECK(read(R"(password = "v1" + x)")->continued);
  CHECK(read(R"(password = "v1" . $x)")->continued);
  CHECK(read(R"(password = "v1" % x)")->continued);
  CHECK_FALSE(read(R"(password = "v1".trim())")->continued);
  CHECK_FALSE(read(R"(password = "v1"; +x)")->continued);
  CHECK(read("password: v1 and more")->sentence);
  CHECK_FALSE(read("password: v1 # and more")->sentence);
  CHECK_FALSE(read("password=v1 host=h")->sentence);
  CHECK_FALSE(read("the password `v1` . x")->continued);
  CHECK(read("<name>password</name><value>v1</value>")->nested);
  CHECK_FALSE(read("<password>v1</password>")->nested);
}

TEST_CASE("a row of names and values is told from program text") {
  CHECK(read("x(\"user=a password=v1 host=h\")")->inside);
  CHECK(read("x(\"host=h password=v1\")")->inside);
  CHECK(read("${db.password:v1}")->inside);
  CHECK_FALSE(read("f(user=a, password=v1)")->inside);
  CHECK_FALSE(read("<a user=a password=v1>")->inside);
  CHECK_FALSE(read("{password:v1}")->inside);
}

TEST_CASE("a name and a value that are all of a line are noted") {
  for (const char* text : {"password v1", "  password v1\n", "x\npassword v1 \r\ny", "ENV PASSWORD v1\n", "setenv PASSWORD v1"}) {
    CAPTURE(text);
    const auto found = read(text);
    REQUIRE(found);
    CHECK((found->starts_line && found->fills_line));
  }
  for (const char* text : {"the password v1", "password v1 and more", "x: ENV PASSWORD v1"}) {
    CAPTURE(text);
    const auto found = read(text);
    REQUIRE(found);
    CHECK_FALSE((found->starts_line && found->fills_line));
  }
}

TEST_CASE("the values of a list come one after the other") {
  const Bytes text = "tokens = [ 'a1',\n  'b2' , 'c3']; x = 'd4'";
  std::vector<std::string> values;
  for (auto found = read(text, "token"); found; found = next_in_list(text, *found))
    values.emplace_back(text.substr(found->value_begin, found->value_end - found->value_begin));
  CHECK(values == std::vector<std::string>{"a1", "b2", "c3"});
  const Bytes plain = "token = 'a1', 'b2'";
  CHECK_FALSE(next_in_list(plain, *read(plain, "token")));
}

TEST_CASE("names, gaps and values are read as far as the reaches and no further") {
  const auto with_gap = [](size_t blanks) { return "password=" + std::string(blanks, ' ') + "\"v1\""; };
  CHECK(read(with_gap(32)));
  CHECK_FALSE(read(with_gap(200)));
  const auto with_value = [](size_t size) { return "password = \"" + std::string(size, 'v') + "\""; };
  CHECK(read(with_value(kValueReach - 1)));
  CHECK_FALSE(read(with_value(kValueReach)));
  const std::string far = std::string(200, 'a') + "password = \"v1\"";
  const auto found = read(far);
  REQUIRE(found);
  CHECK(found->key_begin == 200 + 1 - kKeyReach);  // from "assw"
  CHECK_FALSE(read("assw" + std::string(kKeyReach, 'a') + "b = \"v1\""));
  // Offsets at the end of the text, and words that are all of it.
  CHECK_FALSE(read_assignment("", 0, 0));
  CHECK_FALSE(read_assignment("pass", 0, 4));
  CHECK_FALSE(read_assignment("pass=\"", 0, 4));
  CHECK_FALSE(read_assignment("pass=[", 0, 4));
  CHECK_FALSE(read_assignment("pass=Some(", 0, 4));
}
