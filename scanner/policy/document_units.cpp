// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/document_units.h"

#include <algorithm>
#include <map>
#include <utility>

#include "scanner/doc/embed.h"
#include "scanner/doc/parse.h"

namespace sealwarden {
namespace {

constexpr size_t kMaxUnits = 10'000;  // of one file

bool holds_name(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class UnitFinder {
 public:
  UnitFinder(const PolicyContext& context, ParsedFile& file) : context_(context), file_(file) {}

  std::vector<DocumentUnit> run() {
    for (const Document& document : file_.documents)
      if (document.root != kNoDocumentNode) add(document.root, document.root, context_.path, name_of(file_.format), document.state, 0);
    return std::move(units_);
  }

 private:
  // `path`: the file's, or the name under which the text was read.
  void add(uint32_t root, uint32_t top, const std::string& path, std::string_view format, DocumentState state, uint32_t depth) {
    if (units_.size() == kMaxUnits && !limited_) {
      limited_ = true;
      file_.problems.push_back({DocumentProblem::Kind::budget, file_.nodes[root].span, "the file holds more than " + std::to_string(kMaxUnits) + " documents"});
    }
    if (limited_) return;
    DocumentUnit unit{.root = root, .top = top, .kinds = {std::string(format)}, .state = state};
    std::vector<const DocumentKind*> kinds;
    for (const DocumentKind& kind : context_.rules.kinds) {
      if (!is_of_kind(kind, root, top, path, format)) continue;
      unit.kinds.push_back(kind.name);
      kinds.push_back(&kind);
    }
    Evaluator evaluator(context_, file_, root, top, unit.kinds);
    for (const DocumentKind* kind : kinds)
      if (unit.identity.empty() && !kind->identity.empty()) unit.identity = evaluator.fill(kind->identity, root, false);
    std::vector<uint32_t> inner;
    for (const DocumentKind* kind : kinds)
      if (!kind->units.steps.empty())
        for (const NodeValue& one : evaluator.find(kind->units, root).nodes)
          if (one.node != root && one.type == NodeType::map) inner.push_back(one.node);
    units_.push_back(unit);
    for (const uint32_t node : inner) add(node, top, path, format, state, depth);
    // What the items of a list hold is theirs.
    if (inner.empty())
      for (const DocumentKind* kind : kinds)
        for (const DocumentKind::Embedded& embedded : kind->embedded) read_embedded(embedded, units_.back().root, top, unit.kinds, state, depth);
  }

  bool is_of_kind(const DocumentKind& kind, uint32_t root, uint32_t top, const std::string& path, std::string_view format) {
    if (!kind.formats.empty() && !holds_name(kind.formats, format)) return false;
    if (!fits_path(kind, path)) return false;
    Evaluator evaluator(context_, file_, root, top, {});
    return evaluator.all_hold(kind.require, root) == Truth::yes;
  }

  // Asked again for each of the units of a file.
  bool fits_path(const DocumentKind& kind, const std::string& path) {
    if (kind.paths.empty() && kind.not_paths.empty()) return true;
    const auto [known, is_new] = fitting_.try_emplace({&kind, path}, false);
    if (is_new) known->second = (kind.paths.empty() || kind.paths.any_matches(path)) && !kind.not_paths.any_matches(path);
    return known->second;
  }

  void read_embedded(const DocumentKind::Embedded& embedded, uint32_t root, uint32_t top, const std::vector<std::string>& kinds, DocumentState state,
                     uint32_t depth) {
    if (depth >= kMaxEmbeddedDepth) return;
    const FoundNodes found = Evaluator(context_, file_, root, top, kinds).find(embedded.path, root);
    for (const NodeValue& one : found.nodes) {
      const bool is_template = one.type == NodeType::expression && file_.format == DocumentFormat::hcl && (file_.nodes[one.node].flags & kQuoted) != 0;
      if ((one.type != NodeType::text && !is_template) || (file_.nodes[one.node].flags & (kEmbedded | kMasked)) != 0) continue;
      const std::string name = embedded.name.empty() ? std::string(file_.nodes[one.node].key) : embedded.name;
      if (!embed_document(file_, one.node, name, embedded.base64 ? EmbeddedCoding::base64 : EmbeddedCoding::none, depth)) continue;
      if (is_template) mark_templates(file_.nodes[one.node].first);
      const auto format = document_format(name);
      add(file_.nodes[one.node].first, top, name, format ? name_of(*format) : std::string_view("yaml"), state, depth + 1);
    }
  }

  // In a text that HCL makes up in part, the values that it does are expressions.
  void mark_templates(uint32_t first) {
    std::vector<uint32_t> open{first};
    while (!open.empty()) {
      DocumentNode& node = file_.nodes[open.back()];
      open.pop_back();
      const bool is_made = node.text.find("${") != std::string_view::npos || node.text.find("%{") != std::string_view::npos;
      if (node.type == NodeType::text && is_made) node.type = NodeType::expression;
      if (node.type == NodeType::map || node.type == NodeType::sequence)
        for (uint32_t child = node.first; child != kNoDocumentNode; child = file_.nodes[child].next) open.push_back(child);
    }
  }

  const PolicyContext& context_;
  ParsedFile& file_;
  std::vector<DocumentUnit> units_;
  bool limited_ = false;
  std::map<std::pair<const DocumentKind*, std::string>, bool> fitting_;
};

}  // namespace

std::vector<DocumentUnit> document_units(const PolicyContext& context, ParsedFile& file) { return UnitFinder(context, file).run(); }

}  // namespace sealwarden
