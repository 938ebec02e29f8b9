// SPDX-License-Identifier: Apache-2.0
#include "rules/word_set.h"

#include <hs/hs_common.h>
#include <hs/hs_compile.h>
#include <hs/hs_runtime.h>

#include <algorithm>
#include <limits>
#include <mutex>

namespace sealwarden {

namespace {

constexpr size_t kMostSearched = size_t{64} << 10;  // bytes: a millisecond or two, a fourth of what compiling takes

uint16_t start_of(std::string_view text) {
  return static_cast<uint16_t>(static_cast<unsigned char>(text[0]) << 8 | static_cast<unsigned char>(text[1]));
}

}  // namespace

struct WordSet::Compiled {
  ~Compiled() {
    for (hs_scratch_t* scratch : spare) hs_free_scratch(scratch);
    hs_free_database(database);
  }
  Compiled() = default;
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;

  void compile(const std::vector<std::string>& words) {
    std::vector<const char*> texts;
    std::vector<size_t> sizes;
    std::vector<unsigned> ids, flags;
    for (const std::string& word : words) {
      texts.push_back(word.data());
      sizes.push_back(word.size());
      ids.push_back(static_cast<unsigned>(ids.size()));
      flags.push_back(HS_FLAG_SINGLEMATCH);
    }
    hs_compile_error_t* error = nullptr;
    const auto count = static_cast<unsigned>(texts.size());
    if (hs_compile_lit_multi(texts.data(), flags.data(), ids.data(), sizes.data(), count, HS_MODE_BLOCK, nullptr, &database, &error) != HS_SUCCESS) {
      hs_free_compile_error(error);
      database = nullptr;
    }
  }

  // One scratch a thread at a time.
  hs_scratch_t* take() {
    const std::lock_guard lock(guard);
    hs_scratch_t* scratch = nullptr;
    if (!spare.empty()) {
      scratch = spare.back();
      spare.pop_back();
    } else if (database == nullptr || hs_alloc_scratch(database, &scratch) != HS_SUCCESS) {
      return nullptr;
    }
    return scratch;
  }
  void give_back(hs_scratch_t* scratch) {
    const std::lock_guard lock(guard);
    spare.push_back(scratch);
  }

  std::once_flag once;
  hs_database_t* database = nullptr;
  std::mutex guard;
  std::vector<hs_scratch_t*> spare;
};

WordSet::WordSet(std::vector<std::string> words) : words_(std::move(words)), compiled_(std::make_unique<Compiled>()) {
  for (size_t i = 0; i < words_.size(); ++i) {
    numbers_.emplace(words_[i], i);
    if (words_[i].size() < 2) single_.push_back(i);
    else by_start_[start_of(words_[i])].push_back(i);
  }
}
WordSet::~WordSet() = default;

size_t WordSet::number(std::string_view word) const {
  const auto found = numbers_.find(word);
  return found == numbers_.end() ? words_.size() : found->second;
}

std::vector<bool> WordSet::search(Bytes text) const {
  std::vector<bool> out(words_.size(), false);
  for (const size_t word : single_) out[word] = text.find(words_[word]) != Bytes::npos;
  for (size_t at = 0; at + 1 < text.size(); ++at) {
    const auto bucket = by_start_.find(start_of(text.substr(at)));
    if (bucket == by_start_.end()) continue;
    for (const size_t word : bucket->second) out[word] = out[word] || text.substr(at).starts_with(words_[word]);
  }
  return out;
}

std::vector<bool> WordSet::present(Bytes text) const {
  if (text.size() <= kMostSearched && searched_.fetch_add(text.size()) + text.size() <= kMostSearched) return search(text);
  std::vector<bool> out(words_.size(), false);
  if (words_.empty()) return out;
  std::call_once(compiled_->once, [this] { compiled_->compile(words_); });
  hs_scratch_t* scratch = compiled_->take();
  const bool fits = text.size() <= std::numeric_limits<unsigned>::max();
  const auto note = [](unsigned id, unsigned long long, unsigned long long, unsigned, void* context) {
    (*static_cast<std::vector<bool>*>(context))[id] = true;
    return 0;
  };
  const bool scanned = scratch != nullptr && fits &&
                       hs_scan(compiled_->database, text.data(), static_cast<unsigned>(text.size()), 0, scratch, note, &out) == HS_SUCCESS;
  if (scratch != nullptr) compiled_->give_back(scratch);
  if (!scanned) std::fill(out.begin(), out.end(), true);
  return out;
}

}  // namespace sealwarden
