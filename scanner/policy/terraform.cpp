// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/terraform.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "scanner/base/ascii.h"
#include "scanner/base/glob.h"
#include "scanner/doc/parse.h"

namespace sealwarden {
namespace {

// What is read of a folder, and put into a file, at most.
constexpr size_t kMostFiles = 256;
constexpr size_t kMostBytes = size_t{4} << 20;
constexpr size_t kMostNodes = 1000;    // of one value
constexpr size_t kMostAdded = 50'000;  // to one file
constexpr int kMostHops = 4;           // local.a = local.b = var.c

bool ends_with_one(std::string_view text, std::initializer_list<std::string_view> ends) {
  return std::any_of(ends.begin(), ends.end(), [&](std::string_view end) { return text.ends_with(end); });
}
bool is_configuration(std::string_view path) { return ends_with_one(path, {".tf", ".tofu", ".tf.json", ".tofu.json"}); }
bool is_values(std::string_view path) { return ends_with_one(path, {".tfvars", ".tfvars.json"}); }

std::string folder_of(std::string_view path) {
  const size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? std::string_view() : path.substr(0, slash + 1));
}

struct SourceFile {
  std::string bytes;
  ParsedFile parsed;
};

struct Value {
  const ParsedFile* file = nullptr;
  uint32_t node = kNoDocumentNode;
};

struct FolderValues {
  std::vector<std::unique_ptr<SourceFile>> files;
  std::map<std::string, Value, std::less<>> variables, locals;
};

bool is_container(NodeType type) { return type == NodeType::map || type == NodeType::sequence; }

// "var.x" or "local.x", in "${ }" perhaps: the name, and whether it is a local; nullopt for all else.
struct Reference {
  bool is_local = false;
  std::string_view name;
};
std::optional<Reference> reference_of(std::string_view text) {
  if (text.starts_with("${") && text.ends_with('}')) text = text.substr(2, text.size() - 3);
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  const bool is_local = text.starts_with("local.");
  if (!is_local && !text.starts_with("var.")) return std::nullopt;
  text.remove_prefix(is_local ? 6 : 4);
  if (text.empty() || !std::all_of(text.begin(), text.end(), [](char c) { return is_word(c) || c == '-'; })) return std::nullopt;
  return Reference{is_local, text};
}

// Calls `visit` with each map that `node` is or lists.
template <class Visit>
void each_map(const ParsedFile& file, uint32_t node, const Visit& visit) {
  if (node == kNoDocumentNode) return;
  if (file.nodes[node].type == NodeType::map) visit(node);
  if (file.nodes[node].type != NodeType::sequence) return;
  for (uint32_t item = file.nodes[node].first; item != kNoDocumentNode; item = file.nodes[item].next)
    if (file.nodes[item].type == NodeType::map) visit(item);
}

template <class Visit>
void each_entry(const ParsedFile& file, uint32_t map, const Visit& visit) {
  for (uint32_t child = file.nodes[map].first; child != kNoDocumentNode; child = file.nodes[child].next) visit(child);
}

class FolderReader {
 public:
  FolderReader(const TreeView& tree, std::string folder) : tree_(tree), folder_(std::move(folder)) {}

  FolderValues read() {
    std::vector<std::string> configuration, values;
    const std::vector<std::string>& paths = tree_.paths();
    for (auto at = std::lower_bound(paths.begin(), paths.end(), folder_); at != paths.end() && at->starts_with(folder_); ++at) {
      if (at->find('/', folder_.size()) != std::string::npos) continue;
      if (is_configuration(*at)) configuration.push_back(*at);
      if (is_values(*at)) values.push_back(*at);
    }
    for (const std::string& path : configuration)
      if (const ParsedFile* file = load(path)) take_configuration(*file);
    take_values(values);
    return std::move(out_);
  }

 private:
  const ParsedFile* load(const std::string& path) {
    if (out_.files.size() >= kMostFiles || bytes_ >= kMostBytes) return nullptr;
    auto bytes = tree_.read(path);
    if (!bytes || bytes->size() > kMostBytes - bytes_) return nullptr;
    bytes_ += bytes->size();
    auto source = std::make_unique<SourceFile>();
    source->bytes = std::move(*bytes);
    const DocumentFormat format = path.ends_with(".json") ? DocumentFormat::json : DocumentFormat::hcl;
    source->parsed = parse_document(format, path, source->bytes);
    const bool is_read = !source->parsed.documents.empty() && source->parsed.documents.front().root != kNoDocumentNode;
    out_.files.push_back(std::move(source));
    return is_read ? &out_.files.back()->parsed : nullptr;
  }

  void take_configuration(const ParsedFile& file) {
    const uint32_t root = file.documents.front().root;
    if (file.nodes[root].type != NodeType::map) return;
    each_map(file, file.child(root, "variable"), [&](uint32_t block) {
      each_entry(file, block, [&](uint32_t variable) {
        each_map(file, variable, [&](uint32_t body) {
          if (const uint32_t value = file.child(body, "default"); value != kNoDocumentNode)
            out_.variables[std::string(file.nodes[variable].key)] = {&file, value};
        });
      });
    });
    each_map(file, file.child(root, "locals"), [&](uint32_t block) {
      each_entry(file, block, [&](uint32_t local) { out_.locals[std::string(file.nodes[local].key)] = {&file, local}; });
    });
  }

  // terraform.tfvars, then its JSON twin, then *.auto.tfvars by name. Other ones are chosen on the command line: what two of them
  // say differently is not known.
  void take_values(const std::vector<std::string>& paths) {
    for (const std::string_view name : {"terraform.tfvars", "terraform.tfvars.json"})
      for (const std::string& path : paths)
        if (path == folder_ + std::string(name)) take_file(path, false);
    for (const std::string& path : paths)
      if (ends_with_one(path, {".auto.tfvars", ".auto.tfvars.json"})) take_file(path, false);
    for (const std::string& path : paths) {
      const bool is_loaded = ends_with_one(path, {".auto.tfvars", ".auto.tfvars.json"}) || path == folder_ + "terraform.tfvars" ||
                             path == folder_ + "terraform.tfvars.json";
      if (!is_loaded) take_file(path, true);
    }
  }

  void take_file(const std::string& path, bool is_chosen) {
    const ParsedFile* file = load(path);
    if (file == nullptr || file->nodes[file->documents.front().root].type != NodeType::map) return;
    each_entry(*file, file->documents.front().root, [&](uint32_t entry) {
      const std::string name(file->nodes[entry].key);
      Value& value = out_.variables[name];
      const bool is_first = !is_chosen || chosen_.insert(name).second;
      const bool differs = !is_first && (value.node == kNoDocumentNode || value.file->nodes[value.node].text != file->nodes[entry].text ||
                                         is_container(file->nodes[entry].type));
      value = differs ? Value{} : Value{file, entry};
    });
  }

  const TreeView& tree_;
  std::string folder_;
  FolderValues out_;
  size_t bytes_ = 0;
  std::set<std::string> chosen_;
};

class Resolver {
 public:
  Resolver(ParsedFile& file, const FolderValues& values) : file_(file), values_(values) {}

  void run() {
    const size_t count = file_.nodes.size();
    for (uint32_t node = 0; node < count; ++node) {
      if (file_.nodes[node].type != NodeType::expression || !file_.nodes[node].tag.empty()) continue;
      const auto reference = reference_of(file_.nodes[node].text);
      if (!reference) continue;
      const Value value = find(*reference, 0);
      if (value.node == kNoDocumentNode) continue;
      std::vector<DocumentNode> copy;
      if (!copy_of(value, copy) || file_.nodes.size() - count + copy.size() > kMostAdded) continue;
      put(node, copy);
    }
  }

 private:
  [[nodiscard]] Value find(const Reference& reference, int hops) const {
    const auto& table = reference.is_local ? values_.locals : values_.variables;
    const auto found = table.find(reference.name);
    if (found == table.end() || found->second.node == kNoDocumentNode) return {};
    const DocumentNode& node = found->second.file->nodes[found->second.node];
    if (node.type != NodeType::expression) return node.type == NodeType::alias ? Value{} : found->second;
    const auto further = node.tag.empty() ? reference_of(node.text) : std::nullopt;
    return further && hops < kMostHops ? find(*further, hops + 1) : Value{};
  }

  // The value's nodes, its own first, with indexes among themselves. False: too many.
  static bool copy_of(const Value& value, std::vector<DocumentNode>& out) {
    std::vector<std::pair<uint32_t, uint32_t>> open{{value.node, 0}};  // original, copy
    out.push_back(value.file->nodes[value.node]);
    out[0].parent = out[0].next = kNoDocumentNode;
    for (size_t at = 0; at < open.size(); ++at) {
      const auto [original, copied] = open[at];
      if (!is_container(value.file->nodes[original].type)) continue;
      out[copied].first = kNoDocumentNode;
      uint32_t last = kNoDocumentNode;
      for (uint32_t child = value.file->nodes[original].first; child != kNoDocumentNode; child = value.file->nodes[child].next) {
        if (out.size() == kMostNodes) return false;
        const auto index = static_cast<uint32_t>(out.size());
        out.push_back(value.file->nodes[child]);
        out[index].parent = copied;
        out[index].next = kNoDocumentNode;
        if (!is_container(out[index].type)) out[index].first = kNoDocumentNode;
        (last == kNoDocumentNode ? out[copied].first : out[last].next) = index;
        last = index;
        open.emplace_back(child, index);
      }
    }
    return true;
  }

  std::string_view keep(std::string_view text) { return text.empty() ? text : std::string_view(file_.strings.emplace_back(text)); }

  void put(uint32_t at, std::vector<DocumentNode>& copy) {
    const auto base = static_cast<uint32_t>(file_.nodes.size());
    const auto moved = [&](uint32_t index) { return index == kNoDocumentNode ? index : index == 0 ? at : base + index - 1; };
    const Span span = file_.nodes[at].span;
    for (size_t i = 0; i < copy.size(); ++i) {
      DocumentNode& node = copy[i];
      node.span = node.key_span = span;
      node.flags = static_cast<uint16_t>((node.flags & (kQuoted | kRepeated)) | kResolved);
      node.text = keep(node.text);
      node.key = keep(node.key);
      node.tag = {};
      node.first = moved(node.first);
      node.next = moved(node.next);
      node.parent = moved(node.parent);
    }
    DocumentNode& target = file_.nodes[at];
    target.type = copy[0].type;
    target.flags = copy[0].flags;
    target.text = copy[0].text;
    target.first = is_container(copy[0].type) ? copy[0].first : kNoDocumentNode;
    file_.nodes.insert(file_.nodes.end(), copy.begin() + 1, copy.end());
  }

  ParsedFile& file_;
  const FolderValues& values_;
};

std::optional<int64_t> number_of(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool opens(const std::vector<std::string>& ports, int64_t from, int64_t to) {
  return std::any_of(ports.begin(), ports.end(), [&](const std::string& port) {
    if (port == "any") return to - from > 32'767;
    const auto number = number_of(port);
    return number && from <= *number && *number <= to;
  });
}

}  // namespace

void resolve_terraform(ParsedFile& file, const std::string& path, const TreeView& tree) {
  if (!is_configuration(path)) return;
  const bool refers = std::any_of(file.nodes.begin(), file.nodes.end(), [](const DocumentNode& node) {
    return node.type == NodeType::expression && node.tag.empty() && reference_of(node.text);
  });
  if (!refers) return;
  const std::string folder = folder_of(path);
  const auto values = tree.memo().get<FolderValues>("terraform:" + folder, [&] { return FolderReader(tree, folder).read(); });
  Resolver(file, *values).run();
}

Truth is_terraform_type(const std::vector<std::string>& types, const Evaluator& evaluator, uint32_t node) {
  const ParsedFile& file = evaluator.file();
  // Several resources of one name are a list.
  uint32_t parent = file.nodes[node].parent;
  while (parent != kNoDocumentNode && file.nodes[parent].type == NodeType::sequence && file.nodes[node].key.empty()) {
    node = parent;
    parent = file.nodes[node].parent;
  }
  if (parent == kNoDocumentNode) return Truth::no;
  std::string_view type;
  if (file.nodes[node].key == "values") {
    if (const uint32_t named = file.child(parent, "type"); named != kNoDocumentNode) type = file.nodes[named].text;
  }
  if (type.empty()) {
    while (parent != kNoDocumentNode && file.nodes[parent].key.empty()) parent = file.nodes[parent].parent;
    if (parent == kNoDocumentNode) return Truth::no;
    type = file.nodes[parent].key;
  }
  return truth(std::any_of(types.begin(), types.end(), [&](const std::string& glob) { return glob_matches(glob, type); }));
}

Truth covers_port(const std::vector<std::string>& ports, const Evaluator& evaluator, uint32_t node) {
  const ParsedFile& file = evaluator.file();
  const DocumentNode& one = file.nodes[node];
  if (one.type == NodeType::expression) return Truth::unknown;
  if (one.type == NodeType::map) {
    const uint32_t from = file.child(node, "from_port"), to = file.child(node, "to_port");
    if (from == kNoDocumentNode || to == kNoDocumentNode) return Truth::no;
    if (file.nodes[from].type == NodeType::expression || file.nodes[to].type == NodeType::expression) return Truth::unknown;
    const auto low = number_of(file.nodes[from].text), high = number_of(file.nodes[to].text);
    return truth(low && high && opens(ports, *low, *high));
  }
  for (std::string_view rest = one.text; !rest.empty();) {
    const std::string_view part = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    const size_t dash = part.find('-', 1);
    if (part.find('*') != std::string_view::npos) return Truth::yes;
    const auto low = number_of(part.substr(0, dash)), high = dash == std::string_view::npos ? low : number_of(part.substr(dash + 1));
    if (low && high && opens(ports, *low, *high)) return Truth::yes;
  }
  return Truth::no;
}

}  // namespace sealwarden
