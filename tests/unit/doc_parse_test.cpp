// SPDX-License-Identifier: Apache-2.0
// Which format a path has, and what comes before and behind the parsers: wide text, pointers, limits, line mode.
#include <string>

#include "scanner/doc/parse.h"
#include "tests/support/catch.h"
#include "tests/support/document_dump.h"

using namespace sealwarden;
using sealwarden::testing::dump;
using sealwarden::testing::dump_problems;

namespace {

std::string format(std::string_view path) {
  const auto found = document_format(path);
  return found ? std::string(name_of(*found)) : "-";
}

std::string utf16(std::string_view ascii, bool is_big) {
  std::string out = is_big ? "\xFE\xFF" : "\xFF\xFE";
  for (const char c : ascii) out += is_big ? std::string{'\0', c} : std::string{c, '\0'};
  return out;
}

}  // namespace

TEST_CASE("formats by path", "[doc][format]") {
  struct Case {
    std::string_view format;
    std::vector<std::string_view> paths;
  };
  const std::vector<Case> cases = {
      {"yaml", {"a/values.yaml", "x.YML", ".travis.yml", ".yamllint", ".clang-format", "x.yaml.j2", "x.yml.erb", "values.yaml.gotmpl", "c/templates/_x.tpl",
                "c/templates/d.yaml", "x.yaml.example", "h/.kube/config", "Chart.lock", "x.yaml.dist.j2"}},
      {"json", {"package.json", "a.jsonc", "a.json5", "a.ndjson", "a.jsonl", "t.tfstate", "t.tfstate.backup", "main.tf.json", ".babelrc", ".eslintrc",
                "composer.lock", "tsconfig.base.json", "x.code-workspace", ".dockercfg", ".dockerconfigjson", ".docker/config.json", ".env.json"}},
      {"toml", {"a.toml", "Pipfile", "Cargo.lock", "poetry.lock", ".cargo/credentials"}},
      {"ini", {"a.ini", "setup.cfg", "my.cnf", "x.conf", ".gitconfig", "pip.conf", ".npmrc", ".pypirc", ".editorconfig", "home/.aws/credentials", ".s3cfg",
               ".boto", "rclone.conf", "odbc.ini", "inventory/hosts", "a.service", "x.conf.j2"}},
      {"properties", {"a.properties", "gradle.properties", "x.properties.sample", "redis.conf"}},
      {"dotenv", {".env", ".env.production", "prod.env", ".envrc", "x.envrc", ".env.j2", ".env.example", "env.example"}},
      {"xml", {"pom.xml", "web.config", "a.csproj", "a.props", "a.targets", "Info.plist", "settings.xml", "NuGet.config", "x.xml.erb"}},
      {"hcl", {"main.tf", "x.tfvars", "x.hcl", "x.nomad", "x.pkr.hcl", ".terraformrc", "main.tf.tmpl"}},
      {"dockerfile", {"Dockerfile", "a/Dockerfile.dev", "api.Dockerfile", "x.dockerfile", "Containerfile", "Dockerfile.j2"}},
      {"nginx", {"nginx.conf", "x.nginx", "x.vhost", "etc/nginx/x.conf", "conf.d/default.conf", "sites-available/example.com", "sites-enabled/default",
                 "nginx-prod.conf", "nginx.conf.j2", "nginx/default.conf.template"}},
      {"markdown", {"README.md", "a.markdown", "README.md.j2"}},
      {"-", {"", "a", "a.cpp", "x.xaml", "a.sh.j2", "credentials", "config", "etc/hosts", "nginx/run.sh", "x.tpl", ".j2", "a/.env/x",
             "apache2/sites-available/x.conf",
             "httpd/conf.d/x.conf", "environment.t"}},
  };
  for (const Case& one : cases)
    for (const std::string_view path : one.paths) {
      INFO(path);
      CHECK(format(path) == one.format);
    }
}

TEST_CASE("wide text is read with the spans of its bytes", "[doc][wide]") {
  for (const bool is_big : {false, true}) {
    const std::string text = utf16("key=value\n[s]\nother=12\n", is_big);
    const ParsedFile file = parse_document(DocumentFormat::ini, "a.ini", text);
    CHECK(dump(file, {.spans = true}) == " @2-48\nkey = value @10-20\ns @22-46\ns.other = 12 @42-46\n");
    CHECK(file.bytes == text);
  }
  const std::string smile = std::string("\xFF\xFE" "a\0=\0\x3D\xD8\x00\xDE" "b\0\n\0c\0=\0d\0", 20);
  CHECK(dump(parse_document(DocumentFormat::properties, "", smile), {.spans = true}) == " @2-20\na = \xF0\x9F\x98\x80" "b @6-12\nc = d @18-20\n");
  const std::string four("\0\0\xFE\xFF\0\0\0a\0\0\0=\0\0\0\xE9", 16);
  CHECK(dump(parse_document(DocumentFormat::properties, "", four), {.spans = true}) == " @4-16\na = \xC3\xA9 @12-16\n");
  const ParsedFile broken = parse_document(DocumentFormat::properties, "", std::string_view("\xFF\xFE" "a\0=\0\x3D\xD8x", 9));
  CHECK(dump(broken, {.spans = true}) == " @2-8\na = \xEF\xBF\xBD @6-8\n");
  CHECK(dump_problems(broken) == "encoding 0-9 the text has broken wide characters\n");
  for (const std::string_view mark : {std::string_view("\xFF\xFE"), std::string_view("\xFE\xFF"),
                                      std::string_view("\0\0\xFE\xFF", 4), std::string_view("\xFF\xFE\0\0", 4)})
    CHECK(parse_document(DocumentFormat::ini, "", mark).nodes.size() == 1);
}

TEST_CASE("long wide text", "[doc][wide]") {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "k" + std::to_string(i) + "=v\n";
  const std::string wide = utf16(text, false);
  const ParsedFile file = parse_document(DocumentFormat::properties, "", wide);
  const ParsedFile narrow = parse_document(DocumentFormat::properties, "", text);
  REQUIRE(file.nodes.size() == narrow.nodes.size());
  for (size_t i = 1; i < file.nodes.size(); ++i) {
    CHECK(file.nodes[i].span == Span{narrow.nodes[i].span.begin * 2 + 2, narrow.nodes[i].span.end * 2 + 2});
    CHECK(file.nodes[i].key_span == Span{narrow.nodes[i].key_span.begin * 2 + 2, narrow.nodes[i].key_span.end * 2 + 2});
  }
}

TEST_CASE("files that are not read", "[doc][parse]") {
  const std::string pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n";
  const ParsedFile lfs = parse_document(DocumentFormat::yaml, "a.yaml", pointer);
  CHECK(lfs.documents.at(0).state == DocumentState::failed);
  CHECK(dump_problems(lfs) == "encoding 0-64 a Git LFS pointer stands in the place of the file\n");
  const std::string large((size_t{32} << 20) + 1, ' ');
  const ParsedFile refused = parse_document(DocumentFormat::yaml, "a.yaml", large);
  CHECK(refused.documents.at(0).state == DocumentState::failed);
  CHECK(refused.problems.at(0).kind == DocumentProblem::Kind::budget);
}

TEST_CASE("a document that failed is read by lines", "[doc][parse]") {
  const ParsedFile file = parse_document(DocumentFormat::json, "a.json", "PASS=c0rrect\nuser: me\n");
  CHECK(file.documents.at(0).state == DocumentState::lines);
  CHECK(dump(file) == "PASS = c0rrect\nuser = me\n");
  CHECK_FALSE(file.problems.empty());
}
