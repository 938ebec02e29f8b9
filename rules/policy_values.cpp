// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "rules/condition_reader.h"
#include "rules/policy_reader.h"
#include "rules/policy_walk.h"
#include "rules/rule_reader.h"

namespace sealwarden {
namespace {

std::string unknown_resolver(std::string_view name) {
  const std::vector<std::string_view> names = resolver_names();
  if (std::find(names.begin(), names.end(), name) != names.end()) return {};
  return "there is no resolver '" + std::string(name) + "'" + remedy(name, names);
}

// The problem with a path as a text, or the path.
Result<DocumentPath> known_path(std::string_view text) {
  TRY(DocumentPath path, parse_document_path(text));
  std::string unknown;
  walk_steps(path.steps, [&](const PathStep& step) {
    if (step.kind == PathStep::Kind::resolver && unknown.empty()) unknown = unknown_resolver(step.names.at(0));
  });
  if (!unknown.empty()) return fail(Error::Kind::usage, "the path '" + path.text + "': " + unknown);
  return path;
}

}  // namespace

DocumentPath path_of(const TomlValue& value, std::string_view key, Problems& problems) {
  if (value.kind != TomlValue::Kind::text) {
    problems.add(value.position, "'" + std::string(key) + "' is " + std::string(description_of(value.kind)) + "; write a path as a string");
    return {};
  }
  auto path = known_path(value.text);
  if (path) return *std::move(path);
  problems.add(value.position, "'" + std::string(key) + "': " + path.error().message);
  return {};
}

DocumentPath read_path(TableReader& reader, std::string_view key) {
  const TomlValue* value = reader.member(key);
  return value == nullptr ? DocumentPath{} : path_of(*value, key, reader.problems());
}

std::vector<std::string> texts_of(const TomlValue& value, std::string_view key, Problems& problems) {
  const std::string name = "'" + std::string(key) + "' ";
  std::vector<std::string> out;
  const auto take = [&](const TomlValue& item) {
    if (item.kind != TomlValue::Kind::text)
      problems.add(item.position, name + (&item == &value ? "is " : "holds ") + std::string(description_of(item.kind)) + "; write strings");
    else if (item.text.empty())
      problems.add(item.position, name + (&item == &value ? "is" : "holds") + " an empty string; remove it");
    else
      out.push_back(item.text);
  };
  if (value.kind != TomlValue::Kind::array) {
    take(value);
    return out;
  }
  if (value.items.empty()) problems.add(value.position, name + "is empty; add a text or remove it");
  for (const TomlValue& item : value.items) take(item);
  return out;
}

std::vector<std::string> read_texts(TableReader& reader, std::string_view key) {
  const TomlValue* value = reader.member(key);
  if (value == nullptr) return {};
  return texts_of(*value, key, reader.problems());
}

std::vector<std::string> resolver_of(const TomlValue& value, Problems& problems) {
  std::vector<std::string> out = texts_of(value, "resolver", problems);
  if (out.empty()) return {""};
  const std::string unknown = unknown_resolver(out[0]);
  if (!unknown.empty()) problems.add(value.position, unknown);
  return out;
}

std::vector<std::string> globs_of(const TomlValue& value, std::string_view key, Problems& problems) {
  std::vector<std::string> globs = texts_of(value, key, problems);
  for (const std::string& glob : globs) {
    const std::string problem = glob_problem(glob);
    if (!problem.empty()) problems.add(value.position, "'" + std::string(key) + "': glob '" + glob + "' " + problem);
  }
  return globs;
}

std::string read_template(TableReader& reader, std::string_view key) {
  std::string text = reader.text(key);
  for (size_t open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
    const size_t close = text.find('}', open);
    if (close == std::string::npos) {
      reader.problem(key, "'" + std::string(key) + "' has a '{' without '}'; close it");
      break;
    }
    const auto path = known_path(std::string_view(text).substr(open + 1, close - open - 1));
    if (!path) reader.problem(key, "'" + std::string(key) + "': " + path.error().message);
    open = close;
  }
  return text;
}

std::string remedy(std::string_view word, const std::vector<std::string_view>& candidates) {
  const std::string near = nearest(word, candidates);
  return near.empty() ? "; write " + one_of(candidates) : "; did you mean '" + near + "'?";
}

std::vector<std::string_view> format_names() {
  return {"yaml", "json", "toml", "ini", "properties", "dotenv", "xml", "hcl", "dockerfile", "nginx", "markdown", "source"};
}

std::vector<std::string_view> builtin_lexicon_names() { return {"secret_key", "placeholder", "default_credential"}; }

}  // namespace sealwarden
