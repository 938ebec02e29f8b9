// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>

#include "scanner/base/ascii.h"
#include "scanner/doc/parse.h"

namespace sealwarden {
namespace {

using enum DocumentFormat;

struct Known {
  std::string_view name;
  DocumentFormat format;
};

// Whole names, in lower case. They go before extensions.
constexpr Known kNames[] = {
    {".clang-format", yaml}, {".clang-tidy", yaml}, {".clangd", yaml}, {".gemrc", yaml}, {".yamllint", yaml}, {".ansible-lint", yaml},
    {".prettierrc", yaml}, {".stylelintrc", yaml}, {".lintstagedrc", yaml}, {".hadolintrc", yaml}, {".kubeconfig", yaml},
    {"kubeconfig", yaml}, {"chart.lock", yaml}, {"pubspec.lock", yaml}, {"podfile.lock", yaml}, {"citation.cff", yaml},
    {"mongod.conf", yaml}, {"mongos.conf", yaml}, {"cloud.cfg", yaml}, {"user-data", yaml},
    {".babelrc", json}, {".eslintrc", json}, {".jshintrc", json}, {".swcrc", json}, {".hintrc", json}, {".dockercfg", json},
    {".dockerconfigjson", json}, {"composer.lock", json}, {"pipfile.lock", json}, {"flake.lock", json}, {"deno.lock", json},
    {".ftpconfig", json}, {".arcconfig", json}, {".watchmanconfig", json}, {".bowerrc", json},
    {"pipfile", toml}, {"cargo.lock", toml}, {"poetry.lock", toml}, {"uv.lock", toml}, {"pdm.lock", toml}, {"gopkg.lock", toml},
    {".gitconfig", ini}, {"gitconfig", ini}, {".gitmodules", ini}, {".lfsconfig", ini}, {".npmrc", ini}, {"npmrc", ini},
    {".pypirc", ini}, {".editorconfig", ini}, {".s3cfg", ini}, {".boto", ini}, {".pylintrc", ini}, {"pylintrc", ini},
    {".flake8", ini}, {".coveragerc", ini}, {".hgrc", ini}, {"hgrc", ini}, {".bumpversion", ini}, {".curlrc", ini}, {".wgetrc", ini},
    {".condarc", yaml}, {"inventory", ini},
    {".yarnrc", properties}, {"redis.conf", properties}, {"sentinel.conf", properties},
    {".env", dotenv}, {".envrc", dotenv}, {".flaskenv", dotenv},
    {"pom.xml", xml}, {".classpath", xml}, {".project", xml},
    {".terraformrc", hcl}, {"terraform.rc", hcl}, {"dockerfile", dockerfile}, {"containerfile", dockerfile},
    {"nginx.conf", nginx}, {"pg_hba.conf", source}, {"haproxy.cfg", source},
};

// Extensions without their dot, in lower case.
constexpr Known kExtensions[] = {
    {"yaml", yaml}, {"yml", yaml}, {"eyaml", yaml}, {"sls", yaml}, {"kubeconfig", yaml},
    {"json", json}, {"jsonc", json}, {"json5", json}, {"ndjson", json}, {"jsonl", json}, {"tfstate", json}, {"code-workspace", json},
    {"webmanifest", json}, {"sarif", json}, {"ipynb", json}, {"avsc", json}, {"har", json},
    {"toml", toml},
    {"ini", ini}, {"cfg", ini}, {"cnf", ini}, {"service", ini}, {"socket", ini}, {"timer", ini}, {"mount", ini},
    {"properties", properties},
    {"env", dotenv}, {"envrc", dotenv},
    {"xml", xml}, {"config", xml}, {"csproj", xml}, {"vbproj", xml}, {"fsproj", xml}, {"vcxproj", xml}, {"props", xml},
    {"targets", xml}, {"plist", xml}, {"nuspec", xml}, {"pom", xml}, {"wsdl", xml}, {"pubxml", xml}, {"ruleset", xml},
    {"tf", hcl}, {"tfvars", hcl}, {"hcl", hcl}, {"nomad", hcl}, {"tofu", hcl},
    {"dockerfile", dockerfile}, {"containerfile", dockerfile},
    {"nginx", nginx}, {"vhost", nginx},
    {"md", markdown}, {"markdown", markdown},
};

// Program text: read as lines.
constexpr std::array<std::string_view, 30> kPrograms = {
    "py", "pyw", "rb", "rake", "ru", "js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts", "java", "kt", "kts",
    "groovy", "gradle", "scala", "go", "php", "cs", "vb", "fs", "rs", "ex", "exs", "swift", "vue", "dart"};
// And what else is not a Dockerfile by the name of one ("dockerfile.cpp").
constexpr std::array<std::string_view, 22> kOtherTexts = {"c", "h", "cc", "cpp", "hpp", "cxx", "md", "txt", "rst", "sh", "lua", "pl", "html", "css",
                                                          "svg", "png", "snap", "vim", "el", "lock", "tmlanguage", "adoc"};
bool is_program(std::string_view extension) { return std::find(kPrograms.begin(), kPrograms.end(), extension) != kPrograms.end(); }
bool is_program_text(std::string_view extension) {
  return is_program(extension) || std::find(kOtherTexts.begin(), kOtherTexts.end(), extension) != kOtherTexts.end();
}

// What is written behind the name of a template, a sample or a copy.
constexpr std::array<std::string_view, 19> kCopies = {"j2",   "jinja", "jinja2", "erb",  "gotmpl", "tmpl",    "tpl",   "mustache", "hbs", "template",
                                                      "dist", "sample", "example", "in", "default", "bak", "backup", "orig", "old"};

template <size_t kSize>
std::optional<DocumentFormat> look_up(const Known (&known)[kSize], std::string_view name) {
  const auto* const found = std::find_if(std::begin(known), std::end(known), [name](const Known& one) { return one.name == name; });
  return found == std::end(known) ? std::nullopt : std::optional(found->format);
}

// A path in lower case, in its folders and its name.
struct Path {
  std::string_view folders;  // with a '/' at its end; empty: none
  std::string_view name;
  [[nodiscard]] bool is_below(std::string_view folder) const {
    for (size_t at = folders.find(folder); at != std::string_view::npos; at = folders.find(folder, at + 1))
      if ((at == 0 || folders[at - 1] == '/') && folders.substr(at + folder.size()).starts_with('/')) return true;
    return false;
  }
  [[nodiscard]] bool is_in(std::string_view folder) const {
    const std::string_view whole = folders.substr(0, folders.empty() ? 0 : folders.size() - 1);
    return whole.ends_with(folder) && (whole.size() == folder.size() || whole[whole.size() - folder.size() - 1] == '/');
  }
};

std::string_view extension_of(std::string_view name) {
  const size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
}

// Files whose name says nothing without the folder they lie in.
std::optional<DocumentFormat> by_folder(const Path& path) {
  if (path.name == "credentials" && (path.is_in(".aws") || path.is_in(".oci"))) return ini;
  if (path.name == "config" && (path.is_in(".aws") || path.is_in(".git") || path.is_in(".oci"))) return ini;
  if (path.name == "config" && path.is_in(".kube")) return yaml;
  if (path.is_in(".cargo") && (path.name == "config" || path.name == "credentials")) return toml;
  if (path.name == "hosts" && !path.is_in("etc")) return ini;  // an inventory
  if (path.name == "credentials" && path.is_in(".gem")) return yaml;
  if (extension_of(path.name) == "tpl" && path.is_below("templates")) return yaml;
  return std::nullopt;
}

// What nginx reads, as far as paths tell. Apache has folders of the same names.
std::optional<DocumentFormat> as_conf(const Path& path) {
  const bool is_conf = path.name.ends_with(".conf");
  const bool is_apache = path.is_below("apache2") || path.is_below("apache") || path.is_below("httpd");
  if (path.is_below("sites-available") || path.is_below("sites-enabled")) return is_apache ? std::nullopt : std::optional(nginx);
  if (path.is_below("nginx") && (is_conf || path.name.ends_with("_params") || path.name.ends_with(".inc"))) return nginx;
  if (!is_conf) return std::nullopt;
  if (path.is_below("conf.d") && !is_apache) return nginx;
  if (path.name.starts_with("nginx")) return nginx;
  return is_apache ? std::nullopt : std::optional(ini);
}

std::optional<DocumentFormat> format_of(const Path& path) {
  const std::string_view name = path.name;
  if (const auto known = look_up(kNames, name)) return known;
  if (const auto known = by_folder(path)) return known;
  if (name.starts_with(".env.") || name.starts_with("env.")) {
    if (const auto known = look_up(kExtensions, extension_of(name)); known && *known != dotenv) return known;  // .env.json
    if (name.starts_with(".env.")) return dotenv;
    const std::string_view rest = name.substr(4);
    if (std::find(kCopies.begin(), kCopies.end(), rest) != kCopies.end()) return dotenv;
  }
  if (const auto known = look_up(kExtensions, extension_of(name))) return known;
  if ((name.starts_with("dockerfile.") || name.starts_with("containerfile")) && !is_program_text(extension_of(name))) return dockerfile;
  if (is_program(extension_of(name))) return source;
  if (name.starts_with("haproxy") && name.ends_with(".conf")) return source;
  if ((name.starts_with("redis") || name.starts_with("valkey") || name.starts_with("keydb")) && name.ends_with(".conf")) return properties;
  if (name.find(".tfstate.") != std::string_view::npos) return json;
  return as_conf(path);
}

}  // namespace

std::optional<DocumentFormat> document_format(std::string_view path) {
  const std::string lower = lower_case(path);
  const size_t slash = lower.rfind('/');
  const size_t name_at = slash == std::string::npos ? 0 : slash + 1;
  Path parts{std::string_view(lower).substr(0, name_at), std::string_view(lower).substr(name_at)};
  // "x.yaml.j2" and "x.yaml.example.j2" are read as "x.yaml": what a name says as it stands goes first.
  for (int layers = 0; layers < 3; ++layers) {
    if (const auto format = format_of(parts)) return format;
    const std::string_view extension = extension_of(parts.name);
    if (std::find(kCopies.begin(), kCopies.end(), extension) == kCopies.end() || extension.size() + 1 >= parts.name.size()) break;
    parts.name.remove_suffix(extension.size() + 1);
  }
  return std::nullopt;
}

}  // namespace sealwarden
