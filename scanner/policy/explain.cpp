// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/explain.h"

#include <algorithm>

#include "rules/condition_text.h"
#include "scanner/policy/secret_value.h"

namespace sealwarden {
namespace {

std::string_view name_of_type(NodeType type) {
  constexpr std::string_view kNames[] = {"map", "sequence", "text", "integer", "real", "boolean", "null", "expression", "alias"};
  return kNames[static_cast<size_t>(type)];
}

std::string_view name_of_truth(Truth truth) { return truth == Truth::yes ? "yes" : truth == Truth::no ? "no" : "unknown"; }

Span line_span(Bytes bytes, uint32_t line) {
  size_t begin = 0;
  for (uint32_t i = 1; i < line; ++i) {
    const size_t feed = bytes.find('\n', begin);
    if (feed == Bytes::npos) return {static_cast<uint32_t>(bytes.size()), static_cast<uint32_t>(bytes.size())};
    begin = feed + 1;
  }
  return {static_cast<uint32_t>(begin), static_cast<uint32_t>(std::min(bytes.find('\n', begin), bytes.size()))};
}

bool overlaps(Span a, Span b) { return a.begin < b.end && b.begin < a.end; }

bool is_inside(const ParsedFile& file, uint32_t node, uint32_t root) {
  for (; node != kNoDocumentNode; node = file.nodes[node].parent)
    if (node == root) return true;
  return false;
}

// Its key, or all of it if it is a scalar, has a byte on the line.
bool begins_on(const ParsedFile& file, uint32_t index, Span line) {
  const DocumentNode& node = file.nodes[index];
  const bool scalar = node.type != NodeType::map && node.type != NodeType::sequence;
  return overlaps(node.key_span, line) || (scalar && overlaps(node.span, line));
}

// The innermost nodes that have a byte on the line.
std::vector<uint32_t> nodes_at(const ParsedFile& file, Span line) {
  std::vector<uint32_t> out;
  for (uint32_t i = 0; i < file.nodes.size(); ++i) {
    if (begins_on(file, i, line) && (file.nodes[i].flags & kEmbedded) == 0) out.push_back(i);
  }
  return out;
}

std::string shortened(std::string text) {
  constexpr size_t kLongest = 160;
  if (text.size() > kLongest) text = text.substr(0, kLongest) + " ...";
  return text;
}

class Explanation {
 public:
  Explanation(const PolicyContext& context, const ParsedFile& file) : context_(context), file_(file) {}

  std::string run(std::span<const DocumentUnit> units, std::span<const uint32_t> armed, uint32_t line) {
    const Span at = line_span(file_.bytes, line);
    out_ += context_.path + ":" + std::to_string(line) + "\nformat: " + std::string(name_of(file_.format)) + "\nclasses:";
    for (const std::string& name : context_.classes) out_ += " " + name;
    if (context_.classes.empty()) out_ += " none";
    out_ += "\n";
    for (const DocumentProblem& problem : file_.problems) out_ += "problem at byte " + std::to_string(problem.at.begin) + ": " + problem.what + "\n";
    const std::vector<uint32_t> nodes = nodes_at(file_, at);
    if (nodes.empty()) out_ += "no node of a document stands on this line\n";
    for (const DocumentUnit& unit : units) explain_unit(unit, nodes, armed, at);
    return out_;
  }

 private:
  void explain_unit(const DocumentUnit& unit, const std::vector<uint32_t>& nodes, std::span<const uint32_t> armed, Span at) {
    std::vector<uint32_t> inside;
    for (const uint32_t node : nodes)
      if (is_inside(file_, node, unit.root)) inside.push_back(node);
    if (inside.empty()) return;
    out_ += "document: " + std::string(name_of(unit.state)) + ", kinds:";
    for (const std::string& kind : unit.kinds) out_ += " " + kind;
    if (!unit.identity.empty()) out_ += ", name: " + unit.identity;
    out_ += "\n";
    Evaluator evaluator(context_, file_, unit.root, unit.top, unit.kinds);
    for (const uint32_t node : inside) explain_node(evaluator, node);
    for (const uint32_t rule : armed) explain_rule(evaluator, unit, rule, at);
  }

  void explain_node(Evaluator& evaluator, uint32_t index) {
    const DocumentNode& node = file_.nodes[index];
    out_ += "node: " + logical_path(file_, index) + " (" + std::string(name_of_type(node.type)) + ")";
    const std::string_view name = evaluator.name_of_value(index).text;
    if (is_secret_name(context_.lexicon, name)) out_ += ", its name promises a secret";
    if ((node.flags & kMasked) != 0) out_ += ", made by a template";
    if ((node.flags & kDuplicateKey) != 0) out_ += ", its key stood before";
    out_ += "\n";
  }

  void explain_rule(Evaluator& evaluator, const DocumentUnit& unit, uint32_t index, Span at) {
    const Rule& rule = context_.rules.rules[index];
    const PolicyPart& part = *rule.policy;
    const auto is_kind = [&](const std::string& name) { return std::find(unit.kinds.begin(), unit.kinds.end(), name) != unit.kinds.end(); };
    if (!part.docs.empty() && std::none_of(part.docs.begin(), part.docs.end(), is_kind)) return;
    const Truth where = evaluator.all_hold(part.where, unit.root);
    std::vector<uint32_t> looked_at;
    // A node that begins on the line, or one of which the rule would report something there.
    const auto is_here = [&](uint32_t node) {
      if (begins_on(file_, node, at)) return true;
      const FoundNodes reported = evaluator.find(part.at, node);
      return !part.at.steps.empty() && std::any_of(reported.nodes.begin(), reported.nodes.end(), [&](const NodeValue& one) { return overlaps(one.span, at); });
    };
    for (const DocumentPath& each : part.each)
      for (const NodeValue& node : evaluator.find(each, unit.root).nodes)
        if (is_here(node.node)) looked_at.push_back(node.node);
    if (part.each.empty()) looked_at.push_back(unit.root);
    if (looked_at.empty()) return;
    out_ += "rule " + rule.id + " (" + rule.title + ")\n";
    explain_conditions(evaluator, part.where, unit.root, "  document: ");
    if (where == Truth::no) return;
    for (const uint32_t node : looked_at) {
      const Truth verdict = evaluator.all_hold(part.when, node);
      const std::string place = logical_path(file_, node);
      out_ += "  at " + (place.empty() ? std::string("the document") : place) + ": " +
              (verdict == Truth::yes  ? "violated"
               : verdict == Truth::no ? "not violated"
                                      : "cannot be decided") +
              "\n";
      explain_conditions(evaluator, part.when, node, "    ");
    }
  }

  void explain_conditions(Evaluator& evaluator, std::span<const Condition> conditions, uint32_t node, const std::string& indent) {
    for (const Condition& condition : conditions)
      out_ += indent + std::string(name_of_truth(evaluator.holds(condition, node))) + ": " + shortened(text_of(condition)) + "\n";
  }

  const PolicyContext& context_;
  const ParsedFile& file_;
  std::string out_;
};

}  // namespace

std::string explain_line(const PolicyContext& context, const ParsedFile& file, std::span<const DocumentUnit> units,
                         std::span<const uint32_t> armed, uint32_t line) {
  return Explanation(context, file).run(units, armed, line);
}

}  // namespace sealwarden
