// SPDX-License-Identifier: Apache-2.0
#include "scanner/engine/hidden_texts.h"

#include <algorithm>

#include "scanner/engine/container.h"
#include "scanner/engine/content.h"
#include "scanner/engine/decoded_run.h"

namespace sealwarden {
namespace {

// Moves what was found in the decoded text to the text that the run stands in; false if nothing of it is encoded.
bool to_original(Bytes text, const DecodedRun& decoded, Found& found) {
  Match& match = found.match;
  if (match.secret_begin >= match.secret_end || match.begin >= match.end) return false;
  const Window secret = decoded.original_range(match.secret_begin, match.secret_end);
  const Window whole = decoded.original_range(match.begin, match.end);
  const Bytes inside = decoded.text().substr(match.secret_begin, match.secret_end - match.secret_begin);
  const bool plain = found.decoded.empty() && text.substr(secret.begin, secret.end - secret.begin) == inside &&
                     text.substr(whole.begin, whole.end - whole.begin) == decoded.text().substr(match.begin, match.end - match.begin);
  if (plain) return false;
  if (found.decoded.empty()) found.secret = inside;
  match.begin = whole.begin;
  match.end = whole.end;
  match.secret_begin = secret.begin;
  match.secret_end = secret.end;
  found.decoded.insert(found.decoded.begin(), std::string(name_of(decoded.run().encoding)));
  return true;
}

// Whether the run stands in the outer text as it does in the decoded one: then it was found there.
bool is_plain(Bytes text, const DecodedRun& decoded, const EncodedRun& run) {
  const Window there = decoded.original_range(run.begin, run.end);
  return text.substr(there.begin, there.end - there.begin) == decoded.text().substr(run.begin, run.end - run.begin);
}

// What is compressed has no places in the text but that of the whole run.
void search_compressed(const DecodedRun& decoded, UnpackBudget& budget, const Search& search, std::vector<Found>& out,
                       std::vector<UnpackGap>& gaps) {
  const Container kind = container_of(decoded.text());
  if (kind == Container::none) return;
  const auto take = [&](const Member& member) {
    std::vector<Found> found;
    search(member.bytes, found);
    budget.decoded += 2 * member.bytes.size();
    for (Found& one : found) {
      one.secret = member.bytes.substr(one.match.secret_begin, one.match.secret_end - one.match.secret_begin);
      one.decoded = {std::string(name_of(kind))};
    }
    search_runs(member.bytes, budget, search, found, gaps);
    std::erase_if(found, [&](const Found& one) { return !member.piece.owns(one.match.begin); });
    for (Found& one : found) {
      if (one.decoded.front() != name_of(kind)) one.decoded.insert(one.decoded.begin(), std::string(name_of(kind)));
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

// What decodes to UTF-16 or UTF-32 is read as that: so PowerShell takes its commands.
void search_wide(const DecodedRun& decoded, UnpackBudget& budget, const Search& search, std::vector<Found>& out, std::vector<UnpackGap>& gaps) {
  const auto form = wide_form(decoded.text());
  if (!form) return;
  const WideText wide(decoded.text(), *form);
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
  return budget;
}

void search_run(Bytes text, const EncodedRun& run, UnpackBudget& budget, const Search& search, std::vector<Found>& out,
                std::vector<UnpackGap>& gaps) {
  const uint64_t size = run.end - run.begin;
  const bool packed = run.encoding == Encoding::base64 || run.encoding == Encoding::hex;
  if (budget.depth == 0 && !packed) return;  // escapes of escapes of escapes: each level only takes a backslash away
  if (budget.depth == 0 || size > budget.decoded) {
    gaps.push_back({UnpackGap::Kind::limit, "", "encoded text is nested too deep, or too long"});
    return;
  }
  const auto decoded = decode(text, run);
  if (!decoded) return;
  budget.decoded -= size;
  --budget.depth;
  std::vector<Found> found;
  search(decoded->text(), found);
  if (packed) {
    search_compressed(*decoded, budget, search, found, gaps);
    search_wide(*decoded, budget, search, found, gaps);
  }
  std::vector<EncodedRun> inner;
  find_encoded_runs(decoded->text(), 0, decoded->text().size(), inner);
  for (const EncodedRun& one : inner)
    if (!is_plain(text, *decoded, one)) search_run(decoded->text(), one, budget, search, found, gaps);
  ++budget.depth;
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
  uint64_t next = 0;  // the first offset that was not dealt with
  for (const Inner& inner : inners) {
    if (inner.begin > next) find_encoded_runs(text, next, inner.begin, out.fresh);
    next = std::max(next, inner.end);
  }
  if (next < text.size()) find_encoded_runs(text, next, text.size(), out.fresh);
  std::erase_if(out.fresh, [&](const EncodedRun& run) { return is_within_one(inners, run); });
  std::sort(out.fresh.begin(), out.fresh.end());
  out.fresh.erase(std::unique(out.fresh.begin(), out.fresh.end()), out.fresh.end());
  if (derived.base == nullptr) return out;
  for (const Inner& inner : inners) inherit_runs(derived.base->runs, inner, out.inherited);
  return out;
}

}  // namespace sealwarden
