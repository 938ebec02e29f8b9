// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/changed_parts.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "scanner/base/ascii.h"

namespace sealwarden {
namespace {

using Cover = ChangedParts::Cover;
using Node = YamlOutline::Node;
using StepKind = PathStep::Kind;
constexpr uint32_t kNone = YamlOutline::kNone;

bool is_credential_step(const PathStep& step) {
  return step.kind == StepKind::resolver && (step.names.front() == "text_credential" || step.names.front() == "command_credential");
}

// Whether the rule says something of texts and numbers only: what it asks for below such a node lies in the node's own text.
bool is_about_scalars(const std::vector<Condition>& when) {
  return std::any_of(when.begin(), when.end(), [](const Condition& one) {
    if (one.kind == Condition::Kind::all) return is_about_scalars(one.children);
    if (one.kind != Condition::Kind::test || !one.path.steps.empty()) return false;
    return std::any_of(one.tests.begin(), one.tests.end(), [](const NodeTest& test) {
      if (!test.wanted) return false;
      if (test.op == NodeTest::Op::literal || test.op == NodeTest::Op::secret || test.op == NodeTest::Op::rules) return true;
      return test.op == NodeTest::Op::type && std::none_of(test.texts.begin(), test.texts.end(), [](const std::string& type) {
        return type == "map" || type == "sequence";
      });
    });
  });
}

bool counts(NodeTest::Op op) {
  return op == NodeTest::Op::length_less || op == NodeTest::Op::length_greater || op == NodeTest::Op::length_equals;
}

// What looks at more than a node, its names and its surroundings.
bool looks_elsewhere(NodeTest::Op op) {
  switch (op) {
    case NodeTest::Op::same_as:
    case NodeTest::Op::differs_from:
    case NodeTest::Op::count_less:
    case NodeTest::Op::count_greater:
    case NodeTest::Op::count_equals:
    case NodeTest::Op::unique:
    case NodeTest::Op::changed_outside:
    case NodeTest::Op::resolver: return true;
    default: return false;
  }
}

}  // namespace

// Collects the names that conditions ask for, and whether they are of the kind whose reach is known.
class ChangedParts::AskedNames {
 public:
  using Names = std::vector<std::string>;                       // alternatives, in lower case
  std::set<std::string> around;                                 // of entries of maps around the node
  std::vector<std::pair<std::string, std::string>> below_them;  // key, key above it ("": any), in such a map
  std::set<std::vector<Names>> paths;                           // from the root on; of a step that any entry fits no names
  bool is_known = true;
  bool from_root = false;    // paths begin at the root
  bool reads_kinds = false;  // steps that any entry or item fits are known too: but for the first they are of `paths`

  void take_all(const std::vector<Condition>& conditions, bool scalars, bool below = false) {
    for (const Condition& one : conditions) take(one, scalars, below);
  }

  // The nodes to judge: wherever they are, an edit there is seen.
  void take_each(const DocumentPath& path) {
    for (const PathStep& step : path.steps) {
      const bool was = std::exchange(from_root, from_root && &step == &path.steps.front());
      if (step.kind == StepKind::where) take_steps(step.where, false, false);
      from_root = was;
      const bool walks_down = step.kind == StepKind::key || step.kind == StepKind::any_key || step.kind == StepKind::any_depth ||
                              step.kind == StepKind::any_item || step.kind == StepKind::where || is_credential_step(step);
      is_known = is_known && walks_down;
    }
  }

  // `scalars`: from a node that has nothing below it but what its own text holds. `below`: from a node below the one that is judged.
  // Gives whether the path leads below the maps around.
  bool take_steps(const std::vector<PathStep>& steps, bool scalars, bool below) {
    bool own = scalars;  // still within the node's own text
    bool root = from_root && !below;
    size_t depth = below ? 1 : 0;
    Names above;
    std::vector<Names> path;
    for (const PathStep& step : steps) switch (step.kind) {
        case StepKind::parent:
        case StepKind::root:
          if (depth > 0) is_known = false;
          own = false;
          root = step.kind == StepKind::root;
          break;
        case StepKind::key:
          if (own) break;
          if (step.is_glob) is_known = false;
          path.push_back(lower_case(step.names));
          if (root) paths.insert(path);
          else ask(path.back(), above, depth);
          above = path.back();
          ++depth;
          break;
        case StepKind::any_key:
          if (!own && !(reads_kinds && root && depth > 0)) is_known = false;
          path.emplace_back();
          ++depth;
          break;
        case StepKind::any_item:
        case StepKind::index:
          if (!own && !(reads_kinds && root)) is_known = false;
          break;
        case StepKind::any_depth:
          if (!own) is_known = false;
          break;
        case StepKind::where:
          if (own) break;
          {
            const bool was = std::exchange(from_root, root && depth == 0);
            take_steps(step.where, false, depth > 0);
            from_root = was;
          }
          break;
        case StepKind::key_text:
        case StepKind::name_text: break;
        case StepKind::resolver:
          if (!is_credential_step(step)) is_known = false;
          break;
        case StepKind::top:
        case StepKind::old: is_known = false; break;
      }
    return depth > 0;
  }

 private:
  static Names lower_case(const Names& names) {
    Names out;
    for (const std::string& name : names) out.push_back(sealwarden::lower_case(name));
    return out;
  }
  void ask(const Names& names, const Names& above, size_t depth) {
    for (const std::string& name : names) {
      if (depth == 0) around.insert(name);
      else if (above.empty()) below_them.emplace_back(name, "");
      else
        for (const std::string& parent : above) below_them.emplace_back(name, parent);
    }
  }

  void take(const Condition& condition, bool scalars, bool below) {
    const bool leads_below = take_steps(condition.path.steps, scalars, below);
    for (const NodeTest& test : condition.tests) {
      if (looks_elsewhere(test.op) || (counts(test.op) && !scalars)) is_known = false;
      take_all(test.nested, true);
    }
    take_all(condition.children, scalars && condition.path.steps.empty(), leads_below);
  }
};

namespace {

// Keys that stand in a template of a name or a message: "{kind}/{metadata.name}", "{^.name}".
template <class Names>
void take_template(const std::string& text, Names& names) {
  for (size_t open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
    const size_t close = text.find('}', open);
    if (close == std::string::npos) return;
    std::vector<std::vector<std::string>> path;
    for (size_t at = open + 1; at < close;) {
      const size_t end = std::min(text.find('.', at), close);
      const std::string name = lower_case(std::string_view(text).substr(at, end - at));
      at = end + 1;
      if (name.empty() || name.front() == '$' || name.front() == '^' || name.front() == '@') continue;
      if (text[open + 1] == '^') names.around.insert(name);
      path.push_back({name});
      names.paths.insert(path);
    }
  }
}

// Line breaks that YAML knows and the outline does not.
bool has_other_breaks(Bytes text) {
  for (size_t at = text.find('\r'); at != Bytes::npos; at = text.find('\r', at + 1))
    if (at + 1 == text.size() || text[at + 1] != '\n') return true;
  return text.find('\0') != Bytes::npos || text.find("\xC2\x85") != Bytes::npos || text.find("\xE2\x80\xA8") != Bytes::npos ||
         text.find("\xE2\x80\xA9") != Bytes::npos;
}

}  // namespace

// Which nodes of the new version go into the part.
class ChangedParts::Selection {
 public:
  Selection(const ChangedParts& parts, const VersionPair& versions)
      : parts_(parts), versions_(versions), old_(versions.outline_before.nodes), new_(versions.outline_after.nodes), same_(new_.size(), kNone),
        is_gone_(old_.size(), true), is_in_(new_.size()), is_whole_(new_.size()), is_stub_(new_.size()) {}

  std::optional<ChangedPart> run() {
    // Of a list the kind may be told by any item.
    const auto is_list = [&](const Node& node) { return node.kind == Node::Kind::item && new_[node.parent].kind == Node::Kind::document; };
    if (std::any_of(new_.begin(), new_.end(), is_list)) return std::nullopt;
    match();
    if (!keep_their_actions() || has_twins(old_, versions_.before, is_gone_) || has_twins(new_, versions_.after, is_new()) || !note_changes() || !note_losses())
      return std::nullopt;
    for (const uint32_t index : versions_.outline_after.bound) is_in_[index] = true;
    for (uint32_t i = 0; i < new_.size(); ++i) is_in_[i] = is_in_[i] || new_[i].is_conditional;
    add_ancestors();
    add_surroundings();
    return written();
  }

 private:
  static constexpr uint32_t kLongText = 200;

  static Bytes key(const Node& node, Bytes text) { return text.substr(node.key_begin, node.key_end - node.key_begin); }
  static uint32_t own_size(const Node& node) { return node.own_end - node.begin; }

  // Nodes whose own lines are kept, below nodes of which that is true too.
  void match() {
    same_[0] = 0;
    is_gone_[0] = false;
    size_t range = 0;
    uint32_t old = 1;
    for (uint32_t i = 1; i < new_.size(); ++i) {
      const Node& node = new_[i];
      while (range < versions_.kept.size() && versions_.kept[range].after + versions_.kept[range].size <= node.begin) ++range;
      if (range == versions_.kept.size()) return;
      const KeptLines& kept = versions_.kept[range];
      if (node.begin < kept.after || node.own_end > kept.after + kept.size) continue;
      const size_t begin = node.begin - kept.after + kept.before;
      while (old < old_.size() && (old_[old].begin < begin || (old_[old].begin == begin && old_[old].column < node.column))) ++old;
      if (old == old_.size() || old_[old].begin != begin) continue;
      const Node& was = old_[old];
      const bool same_parent = node.parent == kNone ? was.parent == kNone : was.parent != kNone && same_[node.parent] == was.parent;
      if (was.kind != node.kind || was.column != node.column || own_size(was) != own_size(node) || !same_parent || was.has_children != node.has_children ||
          was.is_conditional != node.is_conditional)
        continue;
      same_[i] = old;
      is_gone_[old] = false;
    }
  }

  // Template actions, and what they decide about, are the same: which map hides something hangs on where they stand.
  [[nodiscard]] bool keep_their_actions() const {
    const auto are_kept = [&](const std::vector<Span>& actions, size_t KeptLines::*side) {
      size_t range = 0;
      return std::all_of(actions.begin(), actions.end(), [&](const Span& action) {
        while (range < versions_.kept.size() && versions_.kept[range].*side + versions_.kept[range].size <= action.begin) ++range;
        return range < versions_.kept.size() && versions_.kept[range].*side <= action.begin &&
               action.end <= versions_.kept[range].*side + versions_.kept[range].size;
      });
    };
    if (!are_kept(versions_.outline_before.actions, &KeptLines::before) || !are_kept(versions_.outline_after.actions, &KeptLines::after)) return false;
    for (uint32_t i = 0; i < new_.size(); ++i)
      if (new_[i].is_conditional && same_[i] == kNone) return false;
    for (uint32_t i = 0; i < old_.size(); ++i)
      if (old_[i].is_conditional && is_gone_[i]) return false;
    const auto& bound = versions_.outline_after.bound;
    const auto& was_bound = versions_.outline_before.bound;
    return std::equal(bound.begin(), bound.end(), was_bound.begin(), was_bound.end(), [&](uint32_t now, uint32_t was) { return same_[now] == was; });
  }

  [[nodiscard]] std::vector<bool> is_new() const {
    std::vector<bool> out(new_.size());
    for (uint32_t i = 1; i < new_.size(); ++i) out[i] = same_[i] == kNone;
    return out;
  }

  // Whether a map from which an entry went, or to which one came, has a key twice: of these the last counts.
  [[nodiscard]] static bool has_twins(const std::vector<Node>& nodes, Bytes text, const std::vector<bool>& is_changed) {
    std::vector<bool> is_touched(nodes.size());
    for (uint32_t i = 0; i < nodes.size(); ++i)
      if (is_changed[i] && nodes[i].parent != kNone) is_touched[nodes[i].parent] = true;
    std::unordered_set<std::string> seen;
    return std::any_of(nodes.begin(), nodes.end(), [&](const Node& node) {
      return node.parent != kNone && is_touched[node.parent] && node.kind == Node::Kind::entry &&
             !seen.insert(std::to_string(node.parent) + ' ' + std::string(key(node, text))).second;
    });
  }

  // What came: it is in, and whatever asks for it. False: that could be anything.
  bool note_changes() {
    for (uint32_t i = 1; i < new_.size(); ++i) {
      if (same_[i] != kNone) continue;
      is_in_[i] = true;
      if (!note_asker(new_, i, new_[i].parent, versions_.after)) return false;
    }
    return true;
  }

  // What went: the maps that it went from are in.
  bool note_losses() {
    std::vector<uint32_t> now(old_.size(), kNone);
    for (uint32_t i = 0; i < new_.size(); ++i)
      if (same_[i] != kNone) now[same_[i]] = i;
    for (uint32_t i = 1; i < old_.size(); ++i) {
      if (!is_gone_[i]) continue;
      const uint32_t parent = old_[i].parent == kNone ? kNone : now[old_[i].parent];
      if (!note_asker(old_, i, parent, versions_.before)) return false;
      if (parent != kNone) is_in_[parent] = true;
    }
    return true;
  }

  // `parent`: of the new version, where it is or was; kNone: there is none, or it is new itself. False: what asks for it could be
  // anywhere.
  bool note_asker(const std::vector<Node>& nodes, uint32_t index, uint32_t parent, Bytes text) {
    const Node& node = nodes[index];
    if (node.kind == Node::Kind::other || node.kind == Node::Kind::document) return false;
    const bool is_item = node.kind == Node::Kind::item;
    moves_items_ = moves_items_ || is_item;
    // A list or a map in brackets has names of its own, which the outline does not tell.
    const Bytes own = text.substr(node.begin, own_size(node));
    const bool and_below = is_item || own.find_first_of("[{") != Bytes::npos;
    const auto path = path_of(nodes, index, text);
    if (!path || parts_.is_asked_for_from_afar(*path, and_below)) return false;
    if (is_item || parent == kNone) return true;
    const bool at_root = new_[parent].kind == Node::Kind::document;
    if (!parts_.is_asked_for(key(node, text), at_root)) return true;
    // What lies in that map can ask for it; in a document's root everything does.
    is_whole_[parent] = true;
    return !at_root;
  }

  // The keys from the root on, or the last of them if there are more than in any path that is asked for. nullopt: lists lie in lists,
  // deeper than this looks.
  [[nodiscard]] std::optional<std::vector<std::string>> path_of(const std::vector<Node>& nodes, uint32_t index, Bytes text) const {
    std::vector<std::string> path;
    const size_t most = std::max<size_t>(parts_.longest_path_, 2);
    for (uint32_t at = index, steps = 0; at != kNone; at = nodes[at].parent) {
      if (++steps > 4 * most) return std::nullopt;
      if (nodes[at].kind != Node::Kind::entry) continue;
      path.push_back(lower_case(key(nodes[at], text)));
      if (path.size() > most) break;
    }
    std::reverse(path.begin(), path.end());
    return path;
  }

  void add_ancestors() {
    for (uint32_t i = static_cast<uint32_t>(new_.size()); i-- > 0;)
      if ((is_in_[i] || is_whole_[i]) && new_[i].parent != kNone) is_in_[new_[i].parent] = true;
  }

  // Beside what is in: entries that conditions ask for, keys that are more than words, texts in lists, which are read together, and one
  // child at least, so that a map remains one.
  void add_surroundings() {
    std::vector<bool> has_child(new_.size());
    for (uint32_t i = static_cast<uint32_t>(new_.size()); i-- > 0;)
      if (is_in_[i] && new_[i].parent != kNone) has_child[new_[i].parent] = true;
    for (uint32_t i = 0; i < new_.size(); ++i) {
      const Node& node = new_[i];
      const uint32_t parent = node.parent;
      if (parent != kNone && is_whole_[parent]) is_in_[i] = is_whole_[i] = true;
      if (parent != kNone && is_in_[parent] && is_needed_beside(node)) is_in_[i] = is_whole_[i] = true;
      if (parent != kNone && is_in_[parent] && !has_child[parent] && !is_stub_[parent]) {
        is_stub_[i] = !is_in_[i] && node.kind == Node::Kind::entry && (node.has_children || own_size(node) > kLongText);
        is_in_[i] = has_child[parent] = true;
      }
      // The line of an item is that of its first entry too.
      if (is_in_[i] && node.kind == Node::Kind::item && i + 1 < new_.size() && new_[i + 1].begin == node.begin) is_in_[i + 1] = has_child[i] = true;
    }
  }

  bool is_needed_beside(const Node& node) const {
    if (node.kind == Node::Kind::item) return !node.has_children;
    return node.kind == Node::Kind::other || parts_.is_asked_for(key(node, versions_.after), new_[node.parent].kind == Node::Kind::document);
  }

  ChangedPart written() const {
    ChangedPart part{.text = {}, .lines = {}, .moves_items = moves_items_, .came = {}, .went = {}};
    for (uint32_t i = 1; i < new_.size(); ++i)
      if (same_[i] == kNone) part.came.push_back({new_[i].begin, new_[i].own_end});
    for (uint32_t i = 1; i < old_.size(); ++i)
      if (is_gone_[i]) part.went.push_back({old_[i].begin, old_[i].own_end});
    const auto& bound = versions_.outline_after.bound;
    for (uint32_t i = 0; i < new_.size(); ++i) {
      if (!is_in_[i]) continue;
      const Node& node = new_[i];
      // The template actions that it depends on stand before it.
      const bool has_actions = node.is_conditional || std::binary_search(bound.begin(), bound.end(), i);
      const uint32_t begin = has_actions && i > 0 ? std::min(new_[i - 1].own_end, node.begin) : node.begin;
      if (is_stub_[i]) {
        add_lines(begin, static_cast<uint32_t>(versions_.after.find(':', node.key_end) + 1), part);
        part.text += '\n';
      } else {
        add_lines(begin, node.own_end, part);
      }
    }
    if (!bound.empty() && bound.back() + 1 == new_.size()) add_lines(new_.back().own_end, static_cast<uint32_t>(versions_.after.size()), part);
    return part;
  }

  void add_lines(uint32_t begin, uint32_t end, ChangedPart& part) const {
    if (!part.lines.empty()) begin = std::max<uint32_t>(begin, static_cast<uint32_t>(part.lines.back().version + part.lines.back().size));
    if (begin >= end) return;
    CopiedLines* last = part.lines.empty() ? nullptr : &part.lines.back();
    if (last != nullptr && last->version + last->size == begin && last->part + last->size == part.text.size()) last->size += end - begin;
    else part.lines.push_back({part.text.size(), begin, end - begin});
    part.text += versions_.after.substr(begin, end - begin);
  }

  const ChangedParts& parts_;
  const VersionPair& versions_;
  const std::vector<Node>& old_;
  const std::vector<Node>& new_;
  std::vector<uint32_t> same_;   // by node of the new version: the one that it was
  std::vector<bool> is_gone_;    // by node of the old version: it is no more
  std::vector<bool> is_in_;      // its own lines
  std::vector<bool> is_whole_;   // and all below it
  std::vector<bool> is_stub_;    // its key alone, so that what it lies in remains a map
  bool moves_items_ = false;
};

ChangedParts::ChangedParts(const RuleSet& rules) {
  // Names that stand beside their values (Evaluator::name_of_value), and those of items (logical_path).
  for (const std::string_view name : {"name", "key", "parameterkey", "id", "path", "address", "mode"}) asked_around_.emplace(name);
  for (const Rule& rule : rules.rules) note(rule);
  for (const DocumentKind& kind : rules.kinds) note(kind);
}

void ChangedParts::ask(const AskedNames& names) {
  asked_around_.insert(names.around.begin(), names.around.end());
  for (const auto& path : names.paths) {
    asked_paths_.insert(path);
    longest_path_ = std::max(longest_path_, path.size());
    if (path.size() == 1) asked_at_root_.insert(path.front().begin(), path.front().end());
  }
  for (const auto& [name, parent] : names.below_them) asked_below_[parent].insert(name);
}

void ChangedParts::note(const Rule& rule) {
  Cover& cover = covered_.emplace_back(Cover::none);
  if (rule.disabled || !rule.policy || rule.kind != RuleKind::config) return;
  const PolicyPart& part = *rule.policy;
  AskedNames names;
  names.from_root = true;
  names.take_all(part.where, false);
  if (!names.is_known) return;
  cover = Cover::documents;
  ask(names);
  const bool scalars = is_about_scalars(part.when);
  names.from_root = part.each.empty();
  for (const DocumentPath& each : part.each) names.take_each(each);
  names.take_all(part.when, scalars);
  if (!names.is_known) return;
  cover = Cover::silence;
  ask(names);
  for (const SeverityIf& one : part.severity_if) names.take_all(one.when, scalars);
  names.take_steps(part.at.steps, scalars, false);
  take_template(part.message, names);
  if (!names.is_known) return;
  cover = Cover::all;
  ask(names);
}

void ChangedParts::note(const DocumentKind& kind) {
  AskedNames names;
  names.from_root = names.reads_kinds = true;
  names.take_all(kind.require, false);
  names.take_steps(kind.units.steps, false, false);
  for (const DocumentKind::Embedded& one : kind.embedded) names.take_each(one.path);
  take_template(kind.identity, names);
  // What is asked of any entry of the root reaches everywhere; a list at the root is judged whole in any case.
  if (names.is_known) ask(names);
  else whole_.push_back(kind.paths);
}

bool ChangedParts::is_asked_for(std::string_view key, bool at_root) const {
  const std::string name = lower_case(key);
  return asked_around_.contains(name) || (at_root && asked_at_root_.contains(name));
}

bool ChangedParts::is_asked_for_from_afar(const std::vector<std::string>& names, bool and_below) const {
  if (names.empty()) return true;
  const auto below = [&](std::string_view above) {
    const auto found = asked_below_.find(above);
    return found != asked_below_.end() && found->second.contains(names.back());
  };
  const auto fits = [&](const std::vector<std::vector<std::string>>& asked) {
    if (and_below ? names.size() > asked.size() : names.size() != asked.size()) return false;
    return std::equal(names.begin(), names.end(), asked.begin(), [](const std::string& name, const std::vector<std::string>& step) {
      return step.empty() || std::find(step.begin(), step.end(), name) != step.end();
    });
  };
  return below("") || (names.size() > 1 && below(names[names.size() - 2])) || std::any_of(asked_paths_.begin(), asked_paths_.end(), fits);
}

std::optional<ChangedPart> ChangedParts::of(const VersionPair& versions) const {
  if (std::any_of(whole_.begin(), whole_.end(), [&](const GlobList& paths) { return paths.empty() || paths.any_matches(versions.path); }))
    return std::nullopt;
  if (has_other_breaks(versions.before) || has_other_breaks(versions.after)) return std::nullopt;
  return Selection(*this, versions).run();
}

}  // namespace sealwarden
