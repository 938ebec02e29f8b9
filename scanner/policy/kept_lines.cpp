// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/kept_lines.h"

#include <algorithm>

namespace sealwarden {
namespace {

constexpr size_t kMostLines = size_t{1} << 18;  // between the first and the last that differ
constexpr size_t kMostChanges = 1000;           // lines that one of the versions has alone
constexpr size_t kMostSteps = size_t{1} << 20;  // of the search, beside a few over all lines

using Lines = std::vector<Bytes>;

Lines lines_of(Bytes text) {
  Lines lines;
  for (size_t at = 0, end = 0; at < text.size() && lines.size() <= kMostLines; at = end) {
    const size_t feed = text.find('\n', at);
    end = feed == Bytes::npos ? text.size() : feed + 1;
    lines.push_back(text.substr(at, end - at));
  }
  return lines;
}

struct Run {
  size_t before, after, size;  // in lines
};

// The shortest way from one version to the other, by Myers' greedy algorithm ("An O(ND) difference algorithm and its variations", 1986):
// after each number of changes, how far each diagonal gets. Gives the runs of lines that it keeps; nullopt: there are too many changes.
// A general library would first hash all lines of both, which costs more than this on versions that differ little.
std::optional<std::vector<Run>> kept_runs(const Lines& before, const Lines& after) {
  using Step = int32_t;
  const auto old_size = static_cast<Step>(before.size()), new_size = static_cast<Step>(after.size());
  const auto most = static_cast<Step>(std::min(kMostChanges, before.size() + after.size()));
  size_t steps_left = kMostSteps + 4 * (before.size() + after.size());
  std::vector<Step> reached(2 * static_cast<size_t>(most) + 3);  // by diagonal + most + 1: how many lines of `before` are behind
  std::vector<std::vector<Step>> trace;                          // `reached` before each number of changes, diagonals -d to d
  const auto at = [&](Step diagonal) -> Step& { return reached[static_cast<size_t>(diagonal + most + 1)]; };
  const auto comes_from_above = [](Step diagonal, Step changes, Step left, Step right) {
    return diagonal == -changes || (diagonal != changes && left < right);
  };
  for (Step changes = 0; changes <= most; ++changes) {
    trace.emplace_back(&at(-changes), &at(changes) + 1);
    for (Step diagonal = -changes; diagonal <= changes; diagonal += 2) {
      Step x = 0;
      if (changes > 0) x = comes_from_above(diagonal, changes, at(diagonal - 1), at(diagonal + 1)) ? at(diagonal + 1) : at(diagonal - 1) + 1;
      Step y = x - diagonal;
      for (; x < old_size && y < new_size && y >= 0 && before[static_cast<size_t>(x)] == after[static_cast<size_t>(y)]; ++x, ++y)
        if (--steps_left == 0) return std::nullopt;
      at(diagonal) = x;
      if (--steps_left == 0) return std::nullopt;
      if (x < old_size || y < new_size) continue;

      // Back along the way.
      std::vector<Run> runs;
      for (Step d = changes, k = diagonal; d >= 0; --d) {
        const std::vector<Step>& was = trace[static_cast<size_t>(d)];
        const auto reached_then = [&](Step of) { return was[static_cast<size_t>(of + d)]; };
        Step start = 0;  // of the run, behind the change that led to it
        Step from = k;
        if (d > 0) {
          const bool above = comes_from_above(k, d, k == -d ? 0 : reached_then(k - 1), k == d ? 0 : reached_then(k + 1));
          from = above ? k + 1 : k - 1;
          start = above ? reached_then(k + 1) : reached_then(k - 1) + 1;
        }
        if (x > start) runs.push_back({static_cast<size_t>(start), static_cast<size_t>(start - k), static_cast<size_t>(x - start)});
        if (d > 0) x = reached_then(from);
        k = from;
      }
      std::reverse(runs.begin(), runs.end());
      return runs;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::vector<KeptLines>> find_kept_lines(Bytes before, Bytes after) {
  // Whole lines that both begin with, and end with.
  size_t head = static_cast<size_t>(std::mismatch(before.begin(), before.end(), after.begin(), after.end()).first - before.begin());
  if (head < std::max(before.size(), after.size())) head = head == 0 ? 0 : before.substr(0, head).rfind('\n') + 1;
  const Bytes rest_before = before.substr(head), rest_after = after.substr(head);
  size_t tail = static_cast<size_t>(
      std::mismatch(rest_before.rbegin(), rest_before.rend(), rest_after.rbegin(), rest_after.rend()).first - rest_before.rbegin());
  const size_t feed = rest_before.find('\n', rest_before.size() - tail);
  tail = feed == Bytes::npos ? 0 : rest_before.size() - feed - 1;
  const Lines old_lines = lines_of(rest_before.substr(0, rest_before.size() - tail)),
              new_lines = lines_of(rest_after.substr(0, rest_after.size() - tail));
  if (old_lines.size() > kMostLines || new_lines.size() > kMostLines) return std::nullopt;

  std::vector<KeptLines> kept;
  const auto runs = kept_runs(old_lines, new_lines);
  if (!runs) return std::nullopt;
  size_t old_at = 0, new_at = 0;
  const auto keep = [&](size_t size) {
    KeptLines* last = kept.empty() ? nullptr : &kept.back();
    if (last != nullptr && last->before + last->size == old_at && last->after + last->size == new_at) last->size += size;
    else if (size > 0) kept.push_back({old_at, new_at, size});
    old_at += size;
    new_at += size;
  };
  keep(head);
  size_t i = 0, j = 0;
  const auto pass = [&](size_t to_old, size_t to_new) {
    for (; i < to_old; ++i) old_at += old_lines[i].size();
    for (; j < to_new; ++j) new_at += new_lines[j].size();
  };
  for (const Run& run : *runs) {
    pass(run.before, run.after);
    size_t size = 0;
    for (size_t end = i + run.size; i < end; ++i, ++j) size += old_lines[i].size();
    keep(size);
  }
  pass(old_lines.size(), new_lines.size());
  keep(tail);
  return kept;
}

}  // namespace sealwarden
