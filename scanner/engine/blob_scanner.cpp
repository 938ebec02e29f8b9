// SPDX-License-Identifier: Apache-2.0
#include "scanner/engine/blob_scanner.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "scanner/base/lines.h"
#include "scanner/decode/content.h"
#include "scanner/decode/unpacking.h"
#include "scanner/engine/allow_comments.h"
#include "scanner/engine/candidate_scan.h"
#include "scanner/engine/hidden_texts.h"
#include "scanner/engine/verify.h"

namespace sealwarden {
namespace {

bool earlier(const Hit& a, const Hit& b) {
  return std::tie(a.member, a.region.start_byte, a.region.end_byte, a.rule, a.decoded, a.secret) <
         std::tie(b.member, b.region.start_byte, b.region.end_byte, b.rule, b.decoded, b.secret);
}

// Positions of a decoded text, given as those of the original.
Region in_original(const Region& decoded, Lines& lines, const WideText& wide) {
  Region region = decoded;
  region.start_byte = wide.original_offset(decoded.start_byte);
  region.end_byte = wide.original_offset(decoded.end_byte);
  const auto column = [&](uint64_t offset, uint64_t in_text) {
    return static_cast<uint32_t>(offset - wide.original_offset(lines.line_start(in_text)) + 1);
  };
  region.start_column = column(region.start_byte, decoded.start_byte);
  region.end_column = column(region.end_byte, decoded.end_byte);
  return region;
}

Hit make_hit(Bytes text, const Found& found, Lines& lines, AllowComments& comments) {
  const Match& match = found.match;
  Hit hit;
  hit.rule = found.rule;
  hit.decoded = found.decoded;
  hit.secret = Secret(found.decoded.empty() ? std::string(text.substr(match.secret_begin, match.secret_end - match.secret_begin)) : found.secret);
  hit.region = lines.region(match.secret_begin, match.secret_end);
  hit.match_start = match.begin;
  hit.match_end = match.end;
  hit.refused = match.refused_by_checksum;
  hit.check = match.check;
  hit.judged = match.judged;
  const size_t last = match.end > match.begin ? match.end - 1 : match.end;
  if (const AllowMark* mark = comments.find(lines, match.begin, last, found.rule)) {
    hit.allowed = mark->problem.empty();
    hit.allow_why = mark->why;
    hit.allow_until = mark->until;
    hit.allow_problem = mark->problem;
  }
  return hit;
}

// Turns the matches of one text into hits; `wide` if the text was decoded as a whole.
void append_hits(const CompiledRules& rules, Bytes text, std::vector<Found>& found, const WideText* wide,
                 std::vector<Hit>& out) {
  if (found.empty()) return;
  std::sort(found.begin(), found.end(),
            [](const Found& a, const Found& b) { return a.match.secret_begin < b.match.secret_begin; });
  Lines lines(text);
  AllowComments comments(text, rules.rule_set());
  for (const Found& one : found) {
    Hit hit = make_hit(text, one, lines, comments);
    if (wide != nullptr) {
      hit.region = in_original(hit.region, lines, *wide);
      hit.match_start = wide->original_offset(hit.match_start);
      hit.match_end = wide->original_offset(hit.match_end);
      hit.decoded.insert(hit.decoded.begin(), std::string(wide->encoding()));
    }
    out.push_back(std::move(hit));
  }
}

// Of the hits of a piece of a member, from `first` on: drops what another piece owns, makes positions those in the member.
void keep_own(const MemberPiece& piece, size_t first, std::vector<Hit>& hits) {
  const auto start = hits.begin() + static_cast<ptrdiff_t>(first);
  hits.erase(std::remove_if(start, hits.end(), [&](const Hit& hit) { return !piece.owns(hit.match_start); }), hits.end());
  if (piece.offset == 0) return;
  for (size_t i = first; i < hits.size(); ++i) {
    Region& region = hits[i].region;
    const auto lines = static_cast<uint32_t>(piece.line), columns = static_cast<uint32_t>(piece.column);
    if (region.start_line == 1) {
      region.start_column += columns;
      region.start_column_utf16 += columns;
    }
    if (region.end_line == 1) {
      region.end_column += columns;
      region.end_column_utf16 += columns;
    }
    region.start_line += lines;
    region.end_line += lines;
    for (uint64_t* offset : {&region.start_byte, &region.end_byte, &hits[i].match_start, &hits[i].match_end}) *offset += piece.offset;
  }
}

// What a search finds beyond the text as it stands: in encoded runs, in wide characters, in the members of a container. The
// same for the fast search and the slow one.
class DeepScan {
 public:
  DeepScan(const CompiledRules& rules, Search search) : rules_(rules), search_(std::move(search)) {}

  // All but the text's own bytes and runs.
  void look_around(Bytes bytes, std::vector<Hit>& hits, std::vector<UnpackGap>& gaps) {
    // The bytes as they stand are scanned too: a byte order mark in front must not hide plain text.
    UnpackBudget budget = budget_of_text(bytes.size());
    look_at_wide(bytes, budget, hits, gaps);
    if (const Container kind = container_of(bytes); kind != Container::none) look_into(bytes, kind, hits, gaps);
  }
  void look_at_run(Bytes bytes, const EncodedRun& run, std::vector<Found>& found, std::vector<UnpackGap>& gaps) {
    UnpackBudget budget = budget_of_text(run.end - run.begin);  // of its own, so that a run's verdict hangs on its bytes alone
    search_run(bytes, run, budget, search_, found, gaps);
  }

 private:
  void look_at_wide(Bytes bytes, UnpackBudget& budget, std::vector<Hit>& hits, std::vector<UnpackGap>& gaps) {
    const auto form = wide_form(bytes);
    if (!form) return;
    const WideText wide(bytes, *form);
    std::vector<Found> found;
    search_(wide.text(), found);
    search_runs(wide.text(), budget, search_, found, gaps);
    append_hits(rules_, wide.text(), found, &wide, hits);
  }

  void look_into(Bytes bytes, Container kind, std::vector<Hit>& hits, std::vector<UnpackGap>& gaps) {
    UnpackBudget budget;
    budget.decoded = budget_of_text(bytes.size()).decoded;
    const size_t own = hits.size();
    const auto take = [&](const Member& member) {
      const size_t first = hits.size();
      std::vector<Found> found;
      search_(member.bytes, found);
      budget.decoded += 2 * member.bytes.size();
      search_runs(member.bytes, budget, search_, found, gaps);
      append_hits(rules_, member.bytes, found, nullptr, hits);
      look_at_wide(member.bytes, budget, hits, gaps);
      keep_own(member.piece, first, hits);
      for (size_t i = first; i < hits.size(); ++i) hits[i].member = member.path.empty() ? "content" : member.path;
    };
    unpack_all(bytes, kind, budget, take, gaps);
    if (hits.size() == own) return;
    // What is stored uncompressed was found in the bytes around it too: in the container's, or in those of an outer member.
    std::set<std::tuple<uint32_t, std::string_view, std::string_view>> inside;
    for (size_t i = own; i < hits.size(); ++i) inside.insert({hits[i].rule, hits[i].secret.reveal(), hits[i].member});
    const auto is_inside = [&](const Hit& hit) {
      const std::string within = hit.member.empty() ? "" : hit.member + "!";
      const auto next = inside.lower_bound({hit.rule, hit.secret.reveal(), within});
      if (next == inside.end()) return false;
      const auto& [rule, secret, member] = *next;
      return rule == hit.rule && secret == hit.secret.reveal() && member.starts_with(within);
    };
    std::vector<Hit> kept;
    for (const Hit& hit : hits)
      if (!is_inside(hit)) kept.push_back(hit);
    hits = std::move(kept);
  }

  const CompiledRules& rules_;
  Search search_;
};

}  // namespace

void ScanStats::add(const ScanStats& other) {
  blobs += other.blobs;
  bytes += other.bytes;
  candidates += other.candidates;
  clusters += other.clusters;
  matches += other.matches;
  scanned += other.scanned;
  inherited += other.inherited;
  for (const auto& [name, count] : other.refused) refused[name] += count;
  unsure.insert(other.unsure.begin(), other.unsure.end());
}

uint64_t unsure_number(std::string_view rule, Bytes secret) {
  return std::hash<std::string_view>()(rule) * 0x9E3779B97F4A7C15U ^ std::hash<std::string_view>()(secret);
}

struct BlobScanner::Worker::State {
  explicit State(const CompiledRules& all)
      : rules(all), candidates(all), deep(all, [this](Bytes text, std::vector<Found>& out) { search(text, nullptr, nullptr, out); }) {}

  // `derived`: null to scan all of it. `remembered`: where to keep what was found out; may be null.
  void search(Bytes text, const DerivedText* derived, ScanMemory* remembered, std::vector<Found>& out) {
    find_candidates(text, derived);
    stats.candidates += candidates.candidate_count();
    for (const uint32_t rule : candidates.touched())
      for (const Window& cluster : candidates.clusters(rule)) {
        ++stats.clusters;
        matches.clear();
        const bool inherited = derived != nullptr && inherit(*derived, rule, cluster, text.size());
        if (!inherited) verify_cluster(rule, text, cluster);
        if (remembered != nullptr) {
          remembered->clusters.push_back({rule, cluster, static_cast<uint32_t>(remembered->matches.size()),
                                          static_cast<uint32_t>(matches.size())});
          remembered->matches.insert(remembered->matches.end(), matches.begin(), matches.end());
        }
        for (const Match& match : matches)
          if (is_sure_enough(rule, match)) out.push_back({rule, match, {}, {}});
          else if (!inherited) note_unsure(rule, text.substr(match.secret_begin, match.secret_end - match.secret_begin));
      }
  }

  void find_candidates(Bytes text, const DerivedText* derived) {
    {
      const ScanCosts::Stage stage(costs, &ScanCosts::database_time);
      if (derived != nullptr) candidates.run(text, *derived);
      else candidates.run(text);
    }
    if (costs == nullptr) return;
    const ScanCosts::Stage stage(costs, &ScanCosts::measuring_time);
    costs->untold_candidates += candidates.candidate_count();
    for (const std::vector<Candidate>& list : candidates.candidates()) {
      costs->untold_candidates -= list.size();
      for (const Candidate& one : list) ++costs->rules[rules.anchor(one.anchor).rule].candidates;
    }
  }

  void verify_cluster(uint32_t rule, Bytes text, Window cluster) {
    const WordEnds words = candidates.words_in(rule, cluster);
    if (costs == nullptr) return verify(rules, rule, text, cluster, words, judge, matches, counts);
    if (rules.rule(rule).reader == Rule::Reader::regex) {
      const ScanCosts::Stage stage(costs, &ScanCosts::measuring_time);
      static_cast<void>(rules.matcher(rule));
    }
    VerifyCounts own;
    {
      const ScanCosts::Stage stage(costs, rule);
      verify(rules, rule, text, cluster, words, judge, matches, own);
    }
    ++costs->rules[rule].clusters;
    costs->rules[rule].counts.add(own);
    counts.add(own);
  }

  // What is encoded in the text; `remembered` keeps the runs that hold something.
  void search_all_runs(Bytes text, const DerivedText* derived, ScanMemory& remembered) {
    const ScanCosts::Stage stage(costs, &ScanCosts::encoded_time);
    DerivedRuns runs;
    if (derived != nullptr && (derived->base == nullptr || derived->base->usable)) runs = derive_runs(text, *derived);
    else find_encoded_runs(text, 0, text.size(), runs.fresh);
    remembered.runs = std::move(runs.inherited);
    if (costs != nullptr) costs->encoded_runs += runs.fresh.size();
    for (const EncodedRun& run : runs.fresh) {
      RunVerdict verdict{run, {}, {}};
      deep.look_at_run(text, run, verdict.found, verdict.gaps);
      if (!verdict.found.empty() || !verdict.gaps.empty()) remembered.runs.push_back(std::move(verdict));
    }
    std::ranges::sort(remembered.runs, {}, &RunVerdict::run);
    UnpackBudget all;  // of the text's gaps: those of one run are few, but runs may be many
    for (const RunVerdict& verdict : remembered.runs) {
      found.insert(found.end(), verdict.found.begin(), verdict.found.end());
      for (const UnpackGap& gap : verdict.gaps) note_gap(all, gaps, gap);
    }
  }

  void note_unsure(uint32_t rule, Bytes secret) {
    stats.unsure.insert(unsure_number(rules.rule(rule).id, secret));
    if (costs != nullptr) ++costs->rules[rule].unsure;
  }

  [[nodiscard]] bool is_sure_enough(uint32_t rule, const Match& match) const {
    if (rules.rule(rule).reader == Rule::Reader::regex) return true;
    return as_confidence(best_verdict(match.judged)) >= rules.rule_set().least_confidence;
  }

  // Takes the verdict from the base if it has the same cluster, and all that the verdict depends on was copied from there.
  bool inherit(const DerivedText& derived, uint32_t rule, Window cluster, uint64_t size) {
    if (derived.base == nullptr || !derived.base->usable) return false;
    const Window seen = seen_around(rules.rule(rule), cluster, size);
    const auto behind = std::upper_bound(derived.copied.begin(), derived.copied.end(), seen.begin,
                                         [](uint64_t at, const CopiedRegion& region) { return at < region.begin; });
    if (behind == derived.copied.begin()) return false;
    const CopiedRegion& region = *std::prev(behind);
    if (seen.end > region.end()) return false;
    const auto in_base = [&](Window window) {
      return Window{window.begin - region.begin + region.base_begin, window.end - region.begin + region.base_begin};
    };
    const Window there = in_base(cluster);
    if (seen_around(rules.rule(rule), there, derived.base_size) != in_base(seen)) return false;
    const auto known = std::lower_bound(derived.base->clusters.begin(), derived.base->clusters.end(), std::pair(rule, there),
                                        [](const ScanMemory::Cluster& one, const auto& wanted) {
                                          return std::pair(one.rule, one.window) < wanted;
                                        });
    if (known == derived.base->clusters.end() || known->rule != rule || known->window != there) return false;
    ++stats.inherited;
    for (uint32_t i = 0; i < known->match_count; ++i) {
      Match match = derived.base->matches[known->first_match + i];
      match.shift(region.begin - region.base_begin);
      matches.push_back(match);
    }
    return true;
  }

  const std::vector<Hit>& scan(Bytes bytes, const DerivedText* derived) {
    const ScanCosts::Stage stage(costs, &ScanCosts::other_time);
    hits.clear();
    gaps.clear();
    found.clear();
    ++stats.blobs;
    stats.bytes += bytes.size();
    memory = std::make_shared<ScanMemory>();
    search(bytes, derived, memory.get(), found);
    const bool complete = candidates.is_complete(), any = candidates.candidate_count() > 0;
    if (complete && any) memory->candidates = candidates.candidates();
    search_all_runs(bytes, derived, *memory);
    if (!complete) {
      *memory = {};
      memory->usable = false;
    } else if (!any && memory->runs.empty()) {
      memory.reset();
    } else if (!any) {
      memory->candidates.resize(rules.databases().size());
    }
    append_hits(rules, bytes, found, nullptr, hits);
    look_around(bytes);
    std::sort(hits.begin(), hits.end(), earlier);
    return hits;
  }

  void look_around(Bytes bytes) {
    const ScanCosts::Stage stage(costs, &ScanCosts::unpacking_time);
    deep.look_around(bytes, hits, gaps);
  }

  const CompiledRules& rules;
  CandidateScan candidates;
  Judge judge{Lexicon::builtin()};
  std::vector<Match> matches;
  std::vector<Found> found;
  std::vector<Hit> hits;
  std::vector<UnpackGap> gaps;
  DeepScan deep;
  VerifyCounts counts;
  ScanStats stats;
  std::shared_ptr<ScanMemory> memory;
  ScanCosts* costs = nullptr;  // null: nothing is measured
};

BlobScanner::Worker::Worker(const CompiledRules& rules) : state_(std::make_unique<State>(rules)) {}
BlobScanner::Worker::Worker(Worker&&) noexcept = default;
BlobScanner::Worker& BlobScanner::Worker::operator=(Worker&&) noexcept = default;
BlobScanner::Worker::~Worker() = default;

const std::vector<Hit>& BlobScanner::Worker::scan(Bytes bytes) { return state_->scan(bytes, nullptr); }

const std::vector<Hit>& BlobScanner::Worker::scan(Bytes bytes, const DerivedText& derived) {
  return state_->scan(bytes, &derived);
}

std::shared_ptr<const ScanMemory> BlobScanner::Worker::memory() const { return state_->memory; }

const std::vector<UnpackGap>& BlobScanner::Worker::gaps() const { return state_->gaps; }

bool BlobScanner::Worker::may_hit(Bytes bytes) {
  if (state_->candidates.any(bytes)) return true;
  std::vector<EncodedRun> runs;
  find_encoded_runs(bytes, 0, bytes.size(), runs);
  return !runs.empty();
}

const ScanStats& BlobScanner::Worker::stats() const {
  State& state = *state_;
  state.stats.matches = state.counts.matches;
  state.stats.scanned = state.candidates.bytes_scanned();
  for (size_t i = 1; i < kRefusals; ++i)
    if (state.counts.refused[i] != 0)
      state.stats.refused[std::string(name_of(static_cast<Refusal>(i)))] = state.counts.refused[i];
  return state.stats;
}

void BlobScanner::Worker::set_costs(ScanCosts* costs) {
  if (costs != nullptr) costs->rules.resize(state_->rules.rule_set().rules.size());
  state_->costs = costs;
}

void BlobScanner::Worker::set_piece_for_test(size_t piece) { state_->candidates.set_piece_for_test(piece); }

namespace {

void search_slowly(const CompiledRules& rules, Bytes text, std::vector<Found>& out) {
  VerifyCounts counts;
  Judge judge(Lexicon::builtin());
  for (uint32_t rule = 0; rule < rules.rule_set().rules.size(); ++rule) {
    if (!is_searched(rules.rule(rule))) continue;
    std::vector<Match> matches;
    verify(rules, rule, text, {0, text.size()}, {}, judge, matches, counts);
    for (const Match& match : matches) out.push_back({rule, match, {}, {}});
  }
}

}  // namespace

std::vector<Hit> scan_slowly(const CompiledRules& rules, Bytes bytes) {
  std::vector<Hit> hits;
  std::vector<Found> found;
  std::vector<UnpackGap> gaps;
  std::vector<EncodedRun> runs;
  DeepScan deep(rules, [&](Bytes text, std::vector<Found>& out) { search_slowly(rules, text, out); });
  search_slowly(rules, bytes, found);
  find_encoded_runs(bytes, 0, bytes.size(), runs);
  for (const EncodedRun& run : runs) deep.look_at_run(bytes, run, found, gaps);
  append_hits(rules, bytes, found, nullptr, hits);
  deep.look_around(bytes, hits, gaps);
  std::sort(hits.begin(), hits.end(), earlier);
  return hits;
}

}  // namespace sealwarden
