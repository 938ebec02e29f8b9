// SPDX-License-Identifier: Apache-2.0
// What variables and locals of a folder stand for.
#include "scanner/policy/terraform.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scanner/doc/parse.h"
#include "tests/support/catch.h"

using namespace sealwarden;

namespace {

class Files final : public TreeView {
 public:
  explicit Files(std::map<std::string, std::string> files) : files_(std::move(files)) {
    for (const auto& [path, text] : files_) paths_.push_back(path);
  }
  [[nodiscard]] std::optional<std::string> read(const std::string& path) const override {
    const auto found = files_.find(path);
    return found == files_.end() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] const std::vector<std::string>& paths() const override { return paths_; }

 private:
  std::map<std::string, std::string> files_;
  std::vector<std::string> paths_;
};

// The text of `x` in a/main.tf once it is resolved; "expression" if it stays one, the items of a list parted by blanks.
std::string resolved(const std::string& value, std::map<std::string, std::string> others) {
  const std::string text = "x = " + value + "\n";
  others.emplace("a/main.tf", text);
  const Files tree(std::move(others));
  ParsedFile file = parse_document(DocumentFormat::hcl, "a/main.tf", text);
  resolve_terraform(file, "a/main.tf", tree);
  const uint32_t x = file.child(file.documents.front().root, "x");
  REQUIRE(x != kNoDocumentNode);
  const DocumentNode& node = file.nodes[x];
  CHECK(file.bytes.substr(node.span.begin, node.span.end - node.span.begin) == value);
  if (node.type == NodeType::expression) return "expression";
  CHECK((node.flags & kResolved) != 0);
  std::string out(node.text);
  for (uint32_t item = node.first; item != kNoDocumentNode; item = file.nodes[item].next) out += std::string(file.nodes[item].text) + " ";
  return out;
}

}  // namespace

TEST_CASE("Variables and locals of the folder", "[terraform]") {
  CHECK(resolved("var.n", {{"a/v.tf", "variable \"n\" {\n  default = 5\n}\n"}}) == "5");
  CHECK(resolved("\"${var.n}\"", {{"a/v.tf", "variable \"n\" {\n  default = \"t\"\n}\n"}}) == "t");
  CHECK(resolved("local.n", {{"a/v.tf", "locals {\n  n = var.m\n}\nvariable \"m\" {\n  default = true\n}\n"}}) == "true");
  CHECK(resolved("var.n", {{"a/v.tf.json", R"({"variable": {"n": {"default": ["p", "q"]}}})"}}) == "p q ");
}

TEST_CASE("Values go before defaults", "[terraform]") {
  const std::pair<const std::string, std::string> variable{"a/v.tf", "variable \"n\" {\n  default = 1\n}\n"};
  CHECK(resolved("var.n", {variable, {"a/terraform.tfvars", "n = 2\n"}}) == "2");
  CHECK(resolved("var.n", {variable, {"a/terraform.tfvars", "n = 2\n"}, {"a/z.auto.tfvars", "n = 3\n"}}) == "3");
  CHECK(resolved("var.n", {variable, {"a/prod.tfvars", "n = 4\n"}}) == "4");
  CHECK(resolved("var.n", {variable, {"a/prod.tfvars", "n = 4\n"}, {"a/dev.tfvars", "n = 5\n"}}) == "expression");
}

TEST_CASE("All else stays unknown", "[terraform]") {
  const std::pair<const std::string, std::string> variables{
      "a/v.tf", "variable \"n\" {}\nvariable \"o\" {\n  default = \"x${1}\"\n}\nlocals {\n  a = local.b\n  b = local.a\n}\n"};
  for (const std::string value : {"var.n", "var.o", "local.a", "var.missing", "var.n.m", "f(var.n)", "var.n + 1", "\"a${var.n}\""}) {
    CAPTURE(value);
    CHECK(resolved(value, {variables}) == "expression");
  }
  CHECK(resolved("var.n", {{"b/v.tf", "variable \"n\" {\n  default = 5\n}\n"}, {"a/sub/v.tf", "variable \"n\" {\n  default = 5\n}\n"}}) == "expression");
}
