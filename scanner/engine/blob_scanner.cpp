// SPDX-License-Identifier: Apache-2.0
#include "scanner/engine/blob_scanner.h"

#include <algorithm>

#include "scanner/base/lines.h"
#include "scanner/engine/allow_comments.h"
#include "scanner/engine/candidate_scan.h"
#include "scanner/engine/content.h"
#include "scanner/engine/verify.h"

namespace sealwarden {
namespace {

// A match and its rule, in the text that was searched.
struct Found {
  uint32_t rule;
  Match match;
};

bool earlier(const Hit& a, const Hit& b) {
  return std::tie(a.region.start_byte, a.region.end_byte, a.rule, a.decoded) <
         std::tie(b.region.start_byte, b.region.end_byte, b.rule, b.decoded);
}

// Positions of a decoded text, given as those of the original.
Region in_original(const Region& decoded, Lines& lines, const Utf16Text& utf16) {
  Region region = decoded;
  region.start_byte = utf16.original_offset(decoded.start_byte);
  region.end_byte = utf16.original_offset(decoded.end_byte);
  const auto column = [&](uint64_t offset, uint32_t line) {
    return static_cast<uint32_t>(offset - utf16.original_offset(lines.line_start(line - 1)) + 1);
  };
  region.start_column = column(region.start_byte, decoded.start_line);
  region.end_column = column(region.end_byte, decoded.end_line);
  return region;
}

Hit make_hit(Bytes text, const Found& found, Lines& lines, AllowComments& comments) {
  const Match& match = found.match;
  Hit hit;
  hit.rule = found.rule;
  hit.secret = Secret(std::string(text.substr(match.secret_begin, match.secret_end - match.secret_begin)));
  hit.region = lines.region(match.secret_begin, match.secret_end);
  hit.match_start = match.begin;
  hit.match_end = match.end;
  hit.refused = match.refused_by_checksum;
  hit.check = match.check;
  const size_t last = match.end > match.begin ? match.end - 1 : match.end;
  if (auto why = comments.find(lines, lines.line_of(match.begin), lines.line_of(last), found.rule)) {
    hit.allowed = true;
    hit.allow_why = std::move(*why);
  }
  return hit;
}

// Turns the matches of one text into hits; `utf16` if the text was decoded.
void append_hits(const CompiledRules& rules, Bytes text, std::vector<Found>& found, const Utf16Text* utf16,
                 std::vector<Hit>& out) {
  if (found.empty()) return;
  std::sort(found.begin(), found.end(),
            [](const Found& a, const Found& b) { return a.match.secret_begin < b.match.secret_begin; });
  Lines lines(text);
  AllowComments comments(text, rules.rule_set());
  for (const Found& one : found) {
    Hit hit = make_hit(text, one, lines, comments);
    if (utf16 != nullptr) {
      hit.region = in_original(hit.region, lines, *utf16);
      hit.match_start = utf16->original_offset(hit.match_start);
      hit.match_end = utf16->original_offset(hit.match_end);
      hit.decoded = {std::string(utf16->encoding())};
    }
    out.push_back(std::move(hit));
  }
}

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
}

struct BlobScanner::Worker::State {
  explicit State(const CompiledRules& all) : rules(all), candidates(all) {}

  // `derived`: null to scan all of it. `remembered`: where to keep what was found out; may be null.
  void scan_text(Bytes text, const Utf16Text* utf16, const DerivedText* derived, ScanMemory* remembered) {
    if (derived != nullptr) candidates.run(text, *derived);
    else candidates.run(text);
    stats.candidates += candidates.candidate_count();
    found.clear();
    for (const uint32_t rule : candidates.touched())
      for (const Window& cluster : candidates.clusters(rule)) {
        ++stats.clusters;
        matches.clear();
        if (derived == nullptr || !inherit(*derived, rule, cluster, text.size()))
          verify(rules, rule, text, cluster, matches, counts);
        if (remembered != nullptr) {
          remembered->clusters.push_back({rule, cluster, static_cast<uint32_t>(remembered->matches.size()),
                                          static_cast<uint32_t>(matches.size())});
          remembered->matches.insert(remembered->matches.end(), matches.begin(), matches.end());
        }
        for (const Match& match : matches) found.push_back({rule, match});
      }
    append_hits(rules, text, found, utf16, hits);
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
      for (uint64_t* offset : {&match.begin, &match.end, &match.secret_begin, &match.secret_end})
        *offset = *offset - region.base_begin + region.begin;
      matches.push_back(match);
    }
    return true;
  }

  const std::vector<Hit>& scan(Bytes bytes, const DerivedText* derived) {
    hits.clear();
    ++stats.blobs;
    stats.bytes += bytes.size();
    memory = std::make_shared<ScanMemory>();
    scan_text(bytes, nullptr, derived, memory.get());
    if (!candidates.is_complete()) {
      *memory = {};
      memory->usable = false;
    } else if (candidates.candidate_count() > 0) {
      memory->candidates = candidates.candidates();
    } else {
      memory.reset();
    }
    // The bytes as they stand are scanned too: a byte order mark in front must not hide plain text.
    if (const auto order = utf16_order(bytes)) {
      const Utf16Text utf16(bytes, *order);
      scan_text(utf16.text(), &utf16, nullptr, nullptr);
    }
    std::sort(hits.begin(), hits.end(), earlier);
    return hits;
  }

  const CompiledRules& rules;
  CandidateScan candidates;
  std::vector<Match> matches;
  std::vector<Found> found;
  std::vector<Hit> hits;
  VerifyCounts counts;
  ScanStats stats;
  std::shared_ptr<ScanMemory> memory;
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

bool BlobScanner::Worker::may_hit(Bytes bytes) { return state_->candidates.any(bytes); }

const ScanStats& BlobScanner::Worker::stats() const {
  State& state = *state_;
  state.stats.matches = state.counts.matches;
  state.stats.scanned = state.candidates.bytes_scanned();
  for (size_t i = 1; i < kRefusals; ++i)
    if (state.counts.refused[i] != 0)
      state.stats.refused[std::string(name_of(static_cast<Refusal>(i)))] = state.counts.refused[i];
  return state.stats;
}

void BlobScanner::Worker::set_piece_for_test(size_t piece) { state_->candidates.set_piece_for_test(piece); }

namespace {

void scan_text_slowly(const CompiledRules& rules, Bytes text, const Utf16Text* utf16, std::vector<Hit>& out) {
  std::vector<Found> found;
  VerifyCounts counts;
  for (uint32_t rule = 0; rule < rules.rule_set().rules.size(); ++rule) {
    if (rules.rule(rule).kind != RuleKind::secret || rules.rule(rule).disabled) continue;
    std::vector<Match> matches;
    verify(rules, rule, text, {0, text.size()}, matches, counts);
    for (const Match& match : matches) found.push_back({rule, match});
  }
  append_hits(rules, text, found, utf16, out);
}

}  // namespace

std::vector<Hit> scan_slowly(const CompiledRules& rules, Bytes bytes) {
  std::vector<Hit> hits;
  scan_text_slowly(rules, bytes, nullptr, hits);
  if (const auto order = utf16_order(bytes)) {
    const Utf16Text utf16(bytes, *order);
    scan_text_slowly(rules, utf16.text(), &utf16, hits);
  }
  std::sort(hits.begin(), hits.end(), earlier);
  return hits;
}

}  // namespace sealwarden
