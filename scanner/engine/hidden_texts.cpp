// SPDX-License-Identifier: Apache-2.0
#include "scanner/engine/hidden_texts.h"

#include <algorithm>

#include "scanner/decode/container.h"
#include "scanner/decode/content.h"
#include "scanner/decode/decoded_run.h"
#include "scanner/decode/unpacking.h"

namespace sealwarden {
namespace {

bool is_escaped(Encoding encoding) { return encoding != Encoding::base64 && encoding != Encoding::hex; }

// Whether bytes [begin, end) of the decoded text stand in the outer one as they are, with a byte on either side, which is what
// a match sees of its neighbours: then a search of the outer text finds what is there.
bool stands_plain(Bytes text, const DecodedRun& decoded, uint64_t begin, uint64_t end) {
  begin -= begin > 0 ? 1 : 0;
  end += end < decoded.text().size() ? 1 : 0;
  const Window there = decoded.original_range(begin, end);
  return text.substr(there.begin, there.end - there.begin) == decoded.text().substr(begin, end - begin);
}

// Moves what was found in the decoded text to the text that the run stands in; false if that is found without decoding.
bool to_original(Bytes text, const DecodedRun& decoded, Found& found) {
  Match& match = found.match;
  if (match.secret_begin >= match.secret_end || match.begin >= match.end) return false;
  const uint64_t begin = std::min(match.begin, match.secret_begin), end = std::max(match.end, match.secret_end);
  if (found.decoded.empty() && stands_plain(text, decoded, begin, end)) return false;
  const Window secret = decoded.original_range(match.secret_begin, match.secret_end);
  const Window whole = decoded.original_range(match.begin, match.end);
  if (found.decoded.empty()) found.secret = decoded.text().substr(match.secret_begin, match.secret_end - match.secret_begin);
  match.begin = whole.begin;
  match.end = whole.end;
  match.secret_begin = secret.begin;
  match.secret_end = secret.end;
  found.decoded.insert(found.decoded.begin(), std::string(name_of(decoded.run().encoding)));
  return true;
}

uint64_t count_telling(Bytes text, Encoding encoding) {
  uint64_t count = 0;
  for (uint64_t at = 0; at < text.size(); ++at)
    if (may_begin_escape(encoding, text[at]) && escape_at(encoding, text, at).telling) ++count;
  return count;
}

// Whether decoding brought no escape of an inner run to light: all stood beside those that were decoded.
bool stands_beside(Bytes text, const DecodedRun& decoded, const EncodedRun& inner) {
  if (!is_escaped(decoded.run().encoding) || !is_escaped(inner.encoding) || inner.encoding == decoded.run().encoding) return false;
  const Window there = decoded.original_range(inner.begin, inner.end);
  return count_telling(text.substr(there.begin, there.end - there.begin), inner.encoding) >=
         count_telling(decoded.text().substr(inner.begin, inner.end - inner.begin), inner.encoding);
}

// What decodes to UTF-16 or UTF-32 is read as that: so PowerShell takes its commands.
void search_wide(Bytes text, UnpackBudget& budget, const Search& search, std::vector<Found>& out, std::vector<UnpackGap>& gaps) {
  const auto form = wide_form(text);
  if (!form) return;
  const WideText wide(text, *form);
  std::vector<Found> found;
  search(wide.text(), found);
  for (Found& one : found) one.secret = wide.text().substr(one.match.secret_begin, one.match.secret_end - one.match.secret_begin);
  search_runs(wide.text(), budget, search, found, gaps);
  for (Found& one : found) {
    for (uint64_t* offset : {&one.match.begin, &one.match.end, &one.match.secret_begin, &one.match.secret_end}) *offset = wide.original_offset(*offset);
    one.decoded.insert(one.decoded.begin(), std::string(wide.encoding()));
    out.push_back(std::move(one));
  }
}

// What is compressed has no places in the text but that of the whole run.
void search_compressed(const DecodedRun& decoded, UnpackBudget& budget, const Search& search, std::vector<Found>& out,
                       std::vector<UnpackGap>& gaps) {
  const Container kind = container_of(decoded.text());
  if (kind == Container::none) return;
  const auto take = [&](const Member& member) {
    std::vector<Found> found;
    search(member.bytes, found);
    for (Found& one : found) one.secret = member.bytes.substr(one.match.secret_begin, one.match.secret_end - one.match.secret_begin);
    budget.decoded += 2 * member.bytes.size();
    search_runs(member.bytes, budget, search, found, gaps);
    search_wide(member.bytes, budget, search, found, gaps);
    std::erase_if(found, [&](const Found& one) { return !member.piece.owns(one.match.begin); });
    for (Found& one : found) {
      one.decoded.insert(one.decoded.begin(), std::string(name_of(kind)));
      one.match.begin = one.match.secret_begin = 0;
      one.match.end = one.match.secret_end = decoded.text().size();
      out.push_back(std::move(one));
    }
  };
  // What merely begins like something compressed says so by breaking off: that is no gap.
  std::vector<UnpackGap> all;
  unpack_all(decoded.text(), kind, budget, take, all);
  for (UnpackGap& gap : all)
    if (gap.kind == UnpackGap::Kind::limit || gap.kind == UnpackGap::Kind::encrypted) gaps.push_back(std::move(gap));
}

// Searches the runs within a decoded one. Escapes of several encodings side by side would decode in any order to the same
// text, so each goes on to the next of them alone, in the order of their names, and that takes no depth.
void search_inner(Bytes text, const DecodedRun& decoded, UnpackBudget& budget, const Search& search, std::vector<Found>& out,
                  std::vector<UnpackGap>& gaps) {
  std::vector<EncodedRun> inner, beside;
  find_encoded_runs(decoded.text(), 0, decoded.text().size(), inner);
  for (const EncodedRun& one : inner) {
    if (stands_plain(text, decoded, one.begin, one.end)) continue;
    if (!stands_beside(text, decoded, one)) search_run(decoded.text(), one, budget, search, out, gaps);
    else if (one.encoding > decoded.run().encoding) beside.push_back(one);
  }
  const auto next = std::ranges::min_element(beside, {}, &EncodedRun::encoding);
  for (const EncodedRun& one : beside) {
    if (one.encoding != next->encoding) continue;
    ++budget.escapes;
    search_run(decoded.text(), one, budget, search, out, gaps);
    --budget.escapes;
  }
}

// Of a region, what runs have their whole neighbourhood in it.
struct Inner {
  uint64_t begin, end;
  const CopiedRegion* region;
};

std::vector<Inner> inner_parts(uint64_t size, const DerivedText& derived) {
  constexpr uint64_t kWorthwhile = 1024;  // looking at less costs no more than beginning anew behind it
  std::vector<Inner> inners;
  for (const CopiedRegion& region : derived.copied) {
    const bool starts_both = region.begin == 0 && region.base_begin == 0;
    const bool ends_both = region.end() == size && region.base_end() == derived.base_size;
    const Inner inner{starts_both ? 0 : region.begin + kRunContext, ends_both ? size : region.end() - std::min(region.end(), kRunContext), &region};
    if (inner.begin + kWorthwhile < inner.end) inners.push_back(inner);
  }
  return inners;
}

// Appends all runs that are not within one of `inners`, and maybe others. Returns how many bytes were read beyond what lies
// between them. A run as long as the text would be read for each edit of it: once that comes to a quarter of the text, the rest
// is searched in one go, which costs no more, as the way back to a run's start is some times slower.
uint64_t find_between(Bytes text, const std::vector<Inner>& inners, std::vector<EncodedRun>& out) {
  const uint64_t most = text.size() / 4;
  uint64_t next = 0, beyond = 0;  // next: the first offset that was not dealt with
  for (const Inner& inner : inners) {
    if (beyond > most) break;
    if (inner.begin > next) beyond += find_encoded_runs(text, next, inner.begin, out);
    next = std::max(next, inner.end);
  }
  if (next < text.size()) beyond += find_encoded_runs(text, next, text.size(), out);
  return beyond;
}

bool is_within_one(const std::vector<Inner>& inners, const EncodedRun& run) {
  const auto behind = std::upper_bound(inners.begin(), inners.end(), run.begin, [](uint64_t at, const Inner& one) { return at < one.begin; });
  return behind != inners.begin() && run.end <= std::prev(behind)->end;
}

// Appends the base's runs within `inner`.
void inherit_runs(const std::vector<RunVerdict>& base, const Inner& inner, std::vector<RunVerdict>& out) {
  const uint64_t shift = inner.region->begin - inner.region->base_begin;  // wraps where the text moved to the left
  const uint64_t first = inner.begin - shift, last = inner.end - shift;
  auto next = std::lower_bound(base.begin(), base.end(), first, [](const RunVerdict& one, uint64_t at) { return one.run.begin < at; });
  for (; next != base.end() && next->run.begin <= last; ++next) {
    if (next->run.end > last) continue;
    RunVerdict& inherited = out.emplace_back(*next);
    inherited.run.begin += shift;
    inherited.run.end += shift;
    for (Found& one : inherited.found) one.match.shift(shift);
  }
}

}  // namespace

UnpackBudget budget_of_text(uint64_t size) {
  constexpr uint64_t kDecodings = 8, kFree = 16 << 10, kFreeMembers = 1 << 20;
  UnpackBudget budget;
  budget.decoded = std::min(budget.decoded, kFree + kDecodings * size);
  budget.bytes = std::min(budget.bytes, kFreeMembers + UnpackBudget::kGrowth * size);
  budget.work = std::min(budget.work, 2 * budget.bytes);
  budget.gaps = 2;  // one with its cause, one that says that there are more
  return budget;
}

void search_run(Bytes text, const EncodedRun& run, UnpackBudget& budget, const Search& search, std::vector<Found>& out,
                std::vector<UnpackGap>& gaps) {
  const uint64_t size = run.end - run.begin;
  unsigned& depth = is_escaped(run.encoding) ? budget.escapes : budget.depth;
  if (depth == 0 || size > budget.decoded) return note_gap(budget, gaps, {UnpackGap::Kind::limit, "", "encoded text is nested too deep, or too long"});
  const auto decoded = decode(text, run);
  if (!decoded) return;
  budget.decoded -= size;
  --depth;
  std::vector<Found> found;
  search(decoded->text(), found);
  if (!is_escaped(run.encoding)) {
    search_compressed(*decoded, budget, search, found, gaps);
    search_wide(decoded->text(), budget, search, found, gaps);
  }
  search_inner(text, *decoded, budget, search, found, gaps);
  ++depth;
  for (Found& one : found)
    if (to_original(text, *decoded, one)) out.push_back(std::move(one));
}

void search_runs(Bytes text, UnpackBudget& budget, const Search& search, std::vector<Found>& out, std::vector<UnpackGap>& gaps) {
  std::vector<EncodedRun> runs;
  find_encoded_runs(text, 0, text.size(), runs);
  for (const EncodedRun& run : runs) search_run(text, run, budget, search, out, gaps);
}

DerivedRuns derive_runs(Bytes text, const DerivedText& derived) {
  DerivedRuns out;
  const std::vector<Inner> inners = inner_parts(text.size(), derived);
  out.beyond = find_between(text, inners, out.fresh);
  std::erase_if(out.fresh, [&](const EncodedRun& run) { return is_within_one(inners, run); });
  std::sort(out.fresh.begin(), out.fresh.end());
  out.fresh.erase(std::unique(out.fresh.begin(), out.fresh.end()), out.fresh.end());
  if (derived.base == nullptr) return out;
  for (const Inner& inner : inners) inherit_runs(derived.base->runs, inner, out.inherited);
  return out;
}

}  // namespace sealwarden
