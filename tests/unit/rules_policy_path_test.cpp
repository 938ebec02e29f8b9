// SPDX-License-Identifier: Apache-2.0
#include "rules/policy_reader.h"
#include "tests/support/catch.h"

using namespace sealwarden;

namespace {

std::string shown(const std::vector<PathStep>& steps);

std::string shown(const PathStep& step) {
  using Kind = PathStep::Kind;
  switch (step.kind) {
    case Kind::key: {
      std::string out = std::string(step.ignore_case ? "~" : "") + (step.is_glob ? "glob:" : "");
      for (size_t i = 0; i < step.names.size(); ++i) out += (i > 0 ? "|" : "") + step.names[i];
      return out;
    }
    case Kind::any_key: return "ANY";
    case Kind::any_depth: return "DEEP";
    case Kind::index: return "#" + std::to_string(step.index);
    case Kind::any_item: return "EACH";
    case Kind::where: {
      constexpr std::string_view kSigns[] = {"?", "!", "==", "!=", "=~"};
      return "<" + shown(step.where) + std::string(kSigns[static_cast<size_t>(step.compare)]) + step.operand + ">";
    }
    case Kind::parent: return "UP";
    case Kind::root: return "ROOT";
    case Kind::top: return "TOP";
    case Kind::key_text: return "KEY";
    case Kind::name_text: return "NAME";
    case Kind::old: return "OLD";
    case Kind::resolver: return "@" + step.names.at(0);
  }
  return "?";
}

std::string shown(const std::vector<PathStep>& steps) {
  std::string out;
  for (const PathStep& step : steps) out += (out.empty() ? "" : " ") + shown(step);
  return out;
}

std::string shown(std::string_view text) {
  const auto path = parse_document_path(text);
  if (!path) return "error: " + path.error().message;
  CHECK(path->text == text);
  return shown(path->steps);
}

}  // namespace

TEST_CASE("a path is read as its steps") {
  // table-like: a row a form
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"", ""},
      {".", ""},
      {"a", "a"},
      {"spec.containers[*].env", "spec containers EACH env"},
      {"a.\"b.c/d\".'e \"f\"'", "a b.c/d e \"f\""},
      {R"("a\"b\\c\d")", "a\"b\\c\\d"},
      {"kubernetes.io/x", "kubernetes io/x"},
      {"#text.a-b_c:d@e$f", "#text a-b_c:d@e$f"},
      {"**.(containers|initContainers)[*].env[*]", "DEEP containers|initContainers EACH env EACH"},
      {"(a|\"b|c\"|'d')", "a|b|c|d"},
      {"~password", "~password"},
      {"~(pass*|'a*')", "~glob:pass*|a\\*"},
      {"name*.*.*suffix", "glob:name* ANY glob:*suffix"},
      {"'*'", "*"},
      {"**", "DEEP"},
      {"*[*]", "ANY EACH"},
      {"a[3][-1]", "a #3 #-1"},
      {"[0].b", "#0 b"},
      {"^", "UP"},
      {"^^.name", "UP UP name"},
      {"^.^.name", "UP UP name"},
      {"^name", "UP name"},
      {"^^[0]", "UP UP #0"},
      {"$root.metadata.name", "ROOT metadata name"},
      {"$top.a", "TOP a"},
      {"a.$key", "a KEY"},
      {"^.$name", "UP NAME"},
      {"$key", "KEY"},
      {"@old.sops.mac", "OLD sops mac"},
      {"@old.$root.a", "OLD ROOT a"},
      {"@role.rules[*]", "@role rules EACH"},
      {"a[?(name == 'x y')].value", "a <name==x y> value"},
      {"a[?(name!=\"x\")]", "a <name!=x>"},
      {"a[?( name =~ '^a\\.b$' )]", "a <name=~^a\\.b$>"},
      {"a[?(b.c[0] == true)]", "a <b c #0==true>"},
      {"a[?(b)].c", "a <b?> c"},
      {"a[?(!b)]", "a <b!>"},
      {"a[?(. == 'x')]", "a <==x>"},
      {"a[?($root.kind == 'Pod')]", "a <ROOT kind==Pod>"},
      {"a[?(b[?(c == '1')])]", "a <b <c==1>?>"},
  };
  for (const auto& [text, steps] : rows) {
    INFO(text);
    CHECK(shown(text) == steps);
  }
}

TEST_CASE("a broken path is told with its column") {
  struct Row {
    std::string text, says, column;
  };
  // table-like: a row a fault
  const std::vector<Row> rows = {
      {".a", "remove the '.'", "2"},
      {"..", "'.'", "1"},
      {"a.", "no step behind '.'", "3"},
      {"a..b", "no step behind '.'", "3"},
      {"a b", "a blank", "2"},
      {"a\tb", "strange byte", "2"},
      {"a]", "has ']'", "2"},
      {"a=b", "has '='", "2"},
      {"a[", "without ']'", "2"},
      {"a[x]", "[*], [3], [-1]", "2"},
      {"a['x']", "quoted without brackets", "2"},
      {"a[1234567]", "[*], [3]", "2"},
      {"a[-]", "[*], [3]", "2"},
      {"(a", "without ')'", "1"},
      {"(a|", "ends where a name", "4"},
      {"(a,(b)", "has '('", "4"},
      {"()", "has ')'", "2"},
      {"~", "ends where a name", "2"},
      {"\"a", "without its end", "1"},
      {"a.'b", "without its end", "3"},
      {"$rot.a", "unknown step '$rot'", "1"},
      {"a.$root", "start with it", "3"},
      {"$key.a", "goes on behind '$key'", "6"},
      {"$name[0]", "goes on behind '$name'", "6"},
      {"a.@old", "start with it", "3"},
      {"@", "without a name", "1"},
      {"@A", "without a name", "1"},
      {"a[?(b]", "has ']'", "6"},
      {"a[?()]", "empty filter", "2"},
      {"a[?(b", "without ')]'", "2"},
      {"a[?(b = 'x')]", "write ==, != or =~", "7"},
      {"a[?(!b == 'x')]", "write != or remove", "2"},
      {"a[?(b == )]", "no text to compare", "10"},
      {"a[?(b =~ '(')]", "RE2 refuses", "10"},
      {std::string(5000, 'a'), "longer than 4096", "1"},
      {std::string("a\0b", 3), "strange byte", "2"},
  };
  for (const Row& row : rows) {
    const std::string said = shown(row.text);
    INFO(row.text.substr(0, 100) << " -> " << said);
    CHECK(said.starts_with("error: the path '"));
    CHECK(said.find(row.says) != std::string::npos);
    CHECK(said.ends_with("(column " + row.column + ")"));
  }
}

TEST_CASE("filters within filters end somewhere") {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "a[?(";
  CHECK(shown(text).find("filters within filters") != std::string::npos);
  CHECK(shown(std::string(4000, '[')).starts_with("error: "));
  CHECK(shown(std::string(4000, '^')).starts_with("UP UP"));
}
