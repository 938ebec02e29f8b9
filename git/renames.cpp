// SPDX-License-Identifier: Apache-2.0
#include "git/renames.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "git/similarity.h"

namespace sealwarden {
namespace {

constexpr unsigned kLeastLikeness = 50;     // percent; git's default
constexpr size_t kMostSources = 4;          // for one new path
constexpr size_t kMostPairs = 250'000;      // compared by content
constexpr size_t kLargestText = 16 << 20;   // of a blob compared by content

bool is_new_file(const PathChange& change) { return change.new_path && !change.id.is_zero(); }

// Line counts of blobs, each read once.
class Texts {
 public:
  explicit Texts(const ObjectReader& reader) : reader_(reader) {}
  // Null for what cannot be read (the scan itself says so) or is too large.
  const LineCounts* find(const ObjectId& id) {
    const auto [place, is_first] = counts_.try_emplace(id);
    if (is_first) place->second = count(id);
    return place->second ? &*place->second : nullptr;
  }

 private:
  [[nodiscard]] std::optional<LineCounts> count(const ObjectId& id) const {
    const auto object = reader_.load(id, ObjectType::blob);
    if (!object || object->bytes().size() > kLargestText) return std::nullopt;
    return LineCounts(object->bytes());
  }
  const ObjectReader& reader_;
  std::map<ObjectId, std::optional<LineCounts>> counts_;
};

void add_once(std::vector<ObjectId>& ids, const ObjectId& id) {
  if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
}

void add_alike(Texts& texts, const std::vector<Removed>& removed, PathChange& change) {
  const LineCounts* text = texts.find(change.id);
  if (text == nullptr) return;
  std::vector<std::pair<unsigned, const Removed*>> alike;
  for (const Removed& source : removed) {
    const LineCounts* other = is_regular_file(source.mode) ? texts.find(source.id) : nullptr;
    const unsigned likeness = other != nullptr ? text->likeness(*other) : 0;
    if (likeness >= kLeastLikeness) alike.emplace_back(likeness, &source);
  }
  std::sort(alike.begin(), alike.end(), [](const auto& a, const auto& b) {
    return std::tie(b.first, a.second->path, a.second->id) < std::tie(a.first, b.second->path, b.second->id);
  });
  for (size_t i = 0; i < std::min(alike.size(), kMostSources); ++i) add_once(change.before, alike[i].second->id);
}

}  // namespace

void add_rename_sources(const ObjectReader& reader, const std::vector<Removed>& removed,
                        std::vector<PathChange>& changes) {
  if (removed.empty()) return;
  std::set<std::pair<ObjectId, bool>> contents;
  for (const Removed& source : removed) contents.emplace(source.id, is_regular_file(source.mode));
  std::vector<PathChange*> unmatched;
  for (PathChange& change : changes) {
    if (!is_new_file(change)) continue;
    if (contents.contains({change.id, is_regular_file(change.mode)})) add_once(change.before, change.id);
    else if (is_regular_file(change.mode)) unmatched.push_back(&change);
  }
  if (unmatched.size() * removed.size() > kMostPairs) return;
  Texts texts(reader);
  for (PathChange* change : unmatched) add_alike(texts, removed, *change);
}

}  // namespace sealwarden
