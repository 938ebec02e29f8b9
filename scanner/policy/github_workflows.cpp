// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/github_workflows.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scanner/base/ascii.h"
#include "scanner/doc/scalar_origin.h"
#include "scanner/policy/github_expressions.h"
#include "scanner/policy/github_scripts.h"

namespace sealwarden {
namespace {

constexpr int kMostHops = 3;  // from an env to another, to a job's output

// What an expression's text can be made of, the worst of all.
enum class Origin { fixed, input, writer, outsider };

// Actions whose outputs are what outsiders wrote: names of changed files, texts of comments, names of branches.
constexpr std::string_view kTellingActions[] = {
    "tj-actions/changed-files", "tj-actions/branch-names", "jitterbit/get-changed-files", "trilom/file-changes-action", "lots0logs/gh-action-get-changed-files",
    "khan/pull-request-comment-trigger", "xt0rted/pull-request-comment-branch", "alessbell/pull-request-comment-branch", "eficode/resolve-pr-refs",
    "peter-evans/find-comment", "potiuk/get-workflow-origin", "dawidd6/action-get-tag", "marocchino/on_artifact", "zentered/issue-forms-body-parser"};

// Finds its way in the tree of a workflow or action. Names are compared as GitHub does: case ignored.
class WorkflowTree {
 public:
  WorkflowTree(const ParsedFile& file, uint32_t root) : file_(file), root_(root) {}

  [[nodiscard]] uint32_t target(uint32_t node) const {
    for (int hops = 0; hops < 4 && node != kNoDocumentNode && file_.nodes[node].type == NodeType::alias; ++hops) node = file_.nodes[node].first;
    return node;
  }
  [[nodiscard]] uint32_t entry(uint32_t map, std::string_view lower_key) const {
    map = target(map);
    if (map == kNoDocumentNode || file_.nodes[map].type != NodeType::map) return kNoDocumentNode;
    uint32_t found = kNoDocumentNode;
    for (uint32_t child = file_.nodes[map].first; child != kNoDocumentNode; child = file_.nodes[child].next)
      if (lower_case(file_.nodes[child].key) == lower_key) found = child;
    return target(found);
  }
  [[nodiscard]] std::string_view text(uint32_t node) const {
    if (node == kNoDocumentNode || file_.nodes[node].type == NodeType::map || file_.nodes[node].type == NodeType::sequence) return {};
    return file_.nodes[node].text;
  }
  // The step and the job that a node lies in; none for what lies in no step.
  struct Place {
    uint32_t step = kNoDocumentNode, steps = kNoDocumentNode, job = kNoDocumentNode;
  };
  [[nodiscard]] Place place_of(uint32_t node) const {
    Place place;
    for (uint32_t one = node, below = kNoDocumentNode; one != kNoDocumentNode; below = one, one = file_.nodes[one].parent) {
      const DocumentNode& here = file_.nodes[one];
      if (here.type == NodeType::sequence && here.key == "steps" && place.step == kNoDocumentNode) {
        place.step = below;
        place.steps = one;
        place.job = here.parent;
      }
      if (here.key == "jobs" && here.parent == root_ && place.job == kNoDocumentNode) place.job = below;
    }
    return place;
  }

  [[nodiscard]] const ParsedFile& file() const { return file_; }
  [[nodiscard]] uint32_t root() const { return root_; }

 private:
  const ParsedFile& file_;
  uint32_t root_;
};

std::vector<std::string_view> steps_of(std::string_view name) {
  std::vector<std::string_view> out;
  for (size_t at = 0; at <= name.size();) {
    const size_t dot = std::min(name.find('.', at), name.size());
    out.push_back(name.substr(at, dot - at));
    at = dot + 1;
  }
  return out;
}

// Judges what contexts hold, in the place of one script.
class ContextJudge {
 public:
  ContextJudge(const WorkflowTree& tree, uint32_t node, Evaluator::Memo& memo) : tree_(tree), memo_(memo), place_(tree.place_of(node)) {}

  [[nodiscard]] Origin origin(const GithubContext& context, int hops = 0) const {
    switch (github_author(context.name, context.is_whole)) {
      case GithubAuthor::outsider: return Origin::outsider;
      case GithubAuthor::writer: return context.name.starts_with("github.event.inputs.") ? input_origin(context.name.substr(20), true) : Origin::writer;
      case GithubAuthor::nobody: break;
    }
    const std::vector<std::string_view> steps = steps_of(context.name);
    if (steps.size() == 2 && steps[0] == "inputs") return input_origin(steps[1], false);
    if (hops == kMostHops) return Origin::fixed;
    Origin worst = Origin::fixed;
    for (const uint32_t value : values_of(steps)) worst = std::max(worst, origin_of_value(value, hops + 1));
    if (steps.size() >= 4 && steps[0] == "steps" && steps[2] == "outputs") worst = std::max(worst, step_origin(steps[1]));
    return worst;
  }

  [[nodiscard]] bool is_secret(const GithubContext& context, int hops = 0) const {
    if (context.name == "github.token" || (context.name.starts_with("secrets.") && context.name.size() > 8)) return true;
    if (hops == kMostHops) return false;
    const std::vector<uint32_t> values = values_of(steps_of(context.name));
    return std::any_of(values.begin(), values.end(), [&](uint32_t value) { return value_holds_secret(value, hops + 1); });
  }
  [[nodiscard]] bool holds_secret(std::string_view text, int hops = 0) const {
    for (const GithubExpression& expression : github_expressions(text))
      for (const GithubContext& context : expression.contexts)
        if (context.flows && is_secret(context, hops)) return true;
    return false;
  }

  // Names of environment variables of the script that hold a secret. `lasting`: not the job's own token, which dies with it.
  [[nodiscard]] std::vector<std::string_view> secret_variables(bool lasting) const {
    std::vector<std::string_view> names;
    for (const uint32_t env : environments()) {
      const std::vector<std::string_view>& some = secret_entries(env, lasting);
      names.insert(names.end(), some.begin(), some.end());
    }
    return names;
  }

  // The worst of all expressions of a text.
  [[nodiscard]] Origin origin_of_text(std::string_view text, int hops = 0) const {
    Origin worst = Origin::fixed;
    for (const GithubExpression& expression : github_expressions(text))
      for (const GithubContext& context : expression.contexts)
        if (context.flows) worst = std::max(worst, origin(context, hops));
    return worst;
  }

  static bool is_job_token(std::string_view text) {
    const std::string lower = lower_case(text);
    return lower.find("secrets.github_token") != std::string::npos || lower.find("github.token") != std::string::npos;
  }

 private:
  // What a value of an `env` or of `outputs` was judged to be is remembered: others refer to it. One that refers to itself is none.
  enum About : uint64_t { origin_of, secret_in, names_of, lasting_names_of };
  static uint64_t memo_key(uint32_t node, About about) { return uint64_t{node} << 8 | about; }

  [[nodiscard]] Origin origin_of_value(uint32_t node, int hops) const {
    const auto [known, is_new] = memo_.numbers.try_emplace(memo_key(node, origin_of), 0);
    if (!is_new) return static_cast<Origin>(known->second);
    const Origin origin = origin_of_text(tree_.text(node), hops);
    memo_.numbers[memo_key(node, origin_of)] = static_cast<uint32_t>(origin);
    return origin;
  }
  [[nodiscard]] bool value_holds_secret(uint32_t node, int hops) const {
    const auto [known, is_new] = memo_.numbers.try_emplace(memo_key(node, secret_in), 0);
    if (!is_new) return known->second != 0;
    const bool holds = holds_secret(tree_.text(node), hops);
    memo_.numbers[memo_key(node, secret_in)] = holds ? 1 : 0;
    return holds;
  }
  [[nodiscard]] const std::vector<std::string_view>& secret_entries(uint32_t env, bool lasting) const {
    const auto [known, is_new] = memo_.names.try_emplace(memo_key(env, lasting ? lasting_names_of : names_of));
    std::vector<std::string_view>& names = known->second;
    const DocumentNode& map = tree_.file().nodes[env];
    if (!is_new || map.type != NodeType::map) return names;
    for (uint32_t child = map.first; child != kNoDocumentNode; child = tree_.file().nodes[child].next) {
      const uint32_t value = tree_.target(child);
      if (value == kNoDocumentNode || !value_holds_secret(value, 1)) continue;
      if (!lasting || !is_job_token(tree_.text(value))) names.push_back(tree_.file().nodes[child].key);
    }
    return names;
  }

  // Of the step, the job and the workflow; the nearest first.
  [[nodiscard]] std::vector<uint32_t> environments() const {
    std::vector<uint32_t> out;
    for (const uint32_t owner : {place_.step, place_.job, tree_.root()})
      if (const uint32_t env = owner == kNoDocumentNode ? kNoDocumentNode : tree_.entry(owner, "env"); env != kNoDocumentNode) out.push_back(env);
    return out;
  }

  // The texts in the file that a context stands for.
  [[nodiscard]] std::vector<uint32_t> values_of(const std::vector<std::string_view>& steps) const {
    if (steps.size() == 2 && steps[0] == "env") {
      for (const uint32_t env : environments())
        if (const uint32_t value = tree_.entry(env, steps[1]); value != kNoDocumentNode) return {value};
    }
    if (steps.size() == 4 && steps[0] == "needs" && steps[2] == "outputs") {
      const uint32_t job = tree_.entry(tree_.entry(tree_.root(), "jobs"), steps[1]);
      if (const uint32_t value = tree_.entry(tree_.entry(job, "outputs"), steps[3]); value != kNoDocumentNode) return {value};
    }
    return {};
  }

  // Of a step of the same job, by its id.
  [[nodiscard]] Origin step_origin(std::string_view id) const {
    if (place_.steps == kNoDocumentNode) return Origin::fixed;
    for (uint32_t step = tree_.file().nodes[place_.steps].first; step != kNoDocumentNode; step = tree_.file().nodes[step].next) {
      if (lower_case(tree_.text(tree_.entry(step, "id"))) != id) continue;
      const std::string uses = lower_case(tree_.text(tree_.entry(step, "uses")));
      const std::string_view action = std::string_view(uses).substr(0, uses.find('@'));
      return std::find(std::begin(kTellingActions), std::end(kTellingActions), action) != std::end(kTellingActions) ? Origin::outsider : Origin::fixed;
    }
    return Origin::fixed;
  }

  // An input of a manual run is a writer's; of an action or a called workflow it is the caller's.
  [[nodiscard]] Origin input_origin(std::string_view name, bool manual_only) const {
    Origin worst = Origin::fixed;
    const uint32_t triggers = tree_.entry(tree_.root(), "on");
    const auto consider = [&](uint32_t inputs, Origin origin) {
      const uint32_t input = tree_.entry(inputs, name);
      if (input == kNoDocumentNode) return;
      const std::string type = lower_case(tree_.text(tree_.entry(input, "type")));
      if (type.empty() || type == "string") worst = std::max(worst, origin);
    };
    if (triggers != kNoDocumentNode) consider(tree_.entry(tree_.entry(triggers, "workflow_dispatch"), "inputs"), Origin::writer);
    if (!manual_only && triggers != kNoDocumentNode) consider(tree_.entry(tree_.entry(triggers, "workflow_call"), "inputs"), Origin::input);
    if (!manual_only) consider(tree_.entry(tree_.root(), "inputs"), Origin::input);
    return worst;
  }

  const WorkflowTree& tree_;
  Evaluator::Memo& memo_;
  WorkflowTree::Place place_;
};

// Adds pieces of a node's text.
class Pieces {
 public:
  Pieces(const ParsedFile& file, uint32_t node, FoundNodes& out) : file_(file), node_(node), out_(out) {}

  void add(size_t begin, size_t end) {
    if (origin_.empty()) origin_ = text_origin(file_, node_);
    const std::string_view text = file_.nodes[node_].text;
    const Span span = origin_of(origin_, {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)});
    out_.nodes.push_back({node_, NodeType::text, text.substr(begin, end - begin), span, &file_});
  }

 private:
  const ParsedFile& file_;
  uint32_t node_;
  FoundNodes& out_;
  TextOrigin origin_;
};

bool is_all_secrets(const GithubContext& context) {
  if (context.name == "secrets") return context.is_whole || context.flows;
  return context.name.starts_with("secrets.") && context.has_computed_key;
}

void add_contexts(std::string_view name, const ContextJudge& judge, std::string_view text, Pieces& pieces) {
  const Origin worst = name == "injected_expressions" ? judge.origin_of_text(text) : Origin::fixed;
  for (const GithubExpression& expression : github_expressions(text))
    for (const GithubContext& context : expression.contexts) {
      bool wanted = false;
      if (name == "injected_expressions") wanted = context.flows && worst > Origin::fixed && judge.origin(context) == worst;
      else if (name == "all_secrets_expressions") wanted = is_all_secrets(context);
      else if (name == "unredacted_expressions") wanted = context.is_parsed && context.name.starts_with("secrets.");
      else if (!context.flows) wanted = false;
      else if (name == "outsider_expressions") wanted = judge.origin(context) == Origin::outsider;
      else if (name == "writer_expressions") wanted = judge.origin(context) == Origin::writer;
      else if (name == "input_expressions") wanted = judge.origin(context) == Origin::input;
      else if (name == "secret_expressions") wanted = judge.is_secret(context);
      if (wanted) pieces.add(context.begin, context.end);
    }
}

void add_prints(PrintedSecret::Way way, const ContextJudge& judge, std::string_view text, Pieces& pieces) {
  const bool traced = way == PrintedSecret::Way::traced;
  ScriptSecrets secrets{judge.secret_variables(traced), {}};
  for (const GithubExpression& expression : github_expressions(text))
    if (std::any_of(expression.contexts.begin(), expression.contexts.end(), [&](const GithubContext& context) {
          return context.flows && judge.is_secret(context) && !(traced && ContextJudge::is_job_token(context.name));
        }))
      secrets.expressions.emplace_back(expression.begin, expression.end);
  for (const PrintedSecret& one : printed_secrets(text, secrets))
    if (one.way == way) pieces.add(one.begin, one.end);
}

std::optional<PrintedSecret::Way> way_of(std::string_view name) {
  if (name == "printed_secrets") return PrintedSecret::Way::plain;
  if (name == "changed_secrets") return PrintedSecret::Way::changed;
  if (name == "traced_secrets") return PrintedSecret::Way::traced;
  return std::nullopt;
}

bool is_of_contexts(std::string_view name) {
  static constexpr std::string_view kNames[] = {"outsider_expressions", "writer_expressions",     "input_expressions",      "injected_expressions",
                                                "secret_expressions",   "unredacted_expressions", "all_secrets_expressions"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

}  // namespace

bool resolve_github(std::string_view name, const Evaluator& evaluator, uint32_t node, FoundNodes& out) {
  const auto way = way_of(name);
  const bool is_leak = name == "leaked_secrets";
  if (!way && !is_leak && !is_of_contexts(name)) return false;
  const DocumentNode& one = evaluator.file().nodes[node];
  const bool is_scalar = one.type == NodeType::text || one.type == NodeType::expression;
  if (!is_scalar || one.text.empty()) return true;
  const bool is_script = one.key == "run";
  if (!is_script && (way || one.text.find("${{") == std::string_view::npos)) return true;
  const WorkflowTree tree(evaluator.file(), evaluator.root());
  const ContextJudge judge(tree, node, evaluator.memo());
  Pieces pieces(evaluator.file(), node, out);
  if (is_leak) {
    using enum PrintedSecret::Way;
    if (is_script)
      for (const PrintedSecret::Way each : {plain, changed, traced}) add_prints(each, judge, one.text, pieces);
    add_contexts("unredacted_expressions", judge, one.text, pieces);
  } else if (way) {
    add_prints(*way, judge, one.text, pieces);
  } else {
    add_contexts(name, judge, one.text, pieces);
  }
  return true;
}

}  // namespace sealwarden
