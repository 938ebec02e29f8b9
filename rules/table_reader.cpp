// SPDX-License-Identifier: Apache-2.0
#include "rules/table_reader.h"

#include <algorithm>
#include <numeric>

namespace sealwarden {
namespace {

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row[b.size()];
}

std::string quoted(std::string_view word) { return "'" + std::string(word) + "'"; }

}  // namespace

void Problems::add(TomlPosition at, std::string what) { found_.push_back({at, std::move(what)}); }

std::string Problems::place(TomlPosition at) const {
  return file_ + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

std::string Problems::text() const {
  std::vector<Problem> sorted = found_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Problem& a, const Problem& b) { return a.at < b.at; });
  std::string out;
  for (const Problem& problem : sorted) {
    if (!out.empty()) out += '\n';
    out += place(problem.at) + ": " + problem.what;
  }
  return out;
}

TableReader::TableReader(const TomlValue& table, std::string_view what, Problems& problems)
    : table_(&table), what_(what), problems_(&problems) {}

const TomlValue* TableReader::member(std::string_view key) {
  known_.push_back(key);
  for (const TomlMember& member : table_->members)
    if (member.key == key) return &member.value;
  return nullptr;
}

const TomlValue* TableReader::member(std::string_view key, TomlValue::Kind kind) {
  const TomlValue* value = member(key);
  if (value == nullptr || value->kind == kind) return value;
  problems_->add(value->position, quoted(key) + " is " + std::string(description_of(value->kind)) +
                                      "; write " + std::string(description_of(kind)));
  return nullptr;
}

TomlPosition TableReader::position_of(std::string_view key) const {
  for (const TomlMember& member : table_->members)
    if (member.key == key) return member.value.position;
  return table_->position;
}

bool TableReader::has(std::string_view key) const {
  return std::any_of(table_->members.begin(), table_->members.end(),
                     [&](const TomlMember& member) { return member.key == key; });
}

std::optional<std::string> TableReader::maybe_text(std::string_view key) {
  const TomlValue* value = member(key, TomlValue::Kind::text);
  if (value == nullptr) return std::nullopt;
  return value->text;
}

std::string TableReader::text(std::string_view key) { return maybe_text(key).value_or(std::string()); }

std::optional<uint32_t> TableReader::number(std::string_view key, uint32_t most) {
  const TomlValue* value = member(key, TomlValue::Kind::integer);
  if (value == nullptr) return std::nullopt;
  if (value->integer >= 0 && value->integer <= int64_t{most}) return static_cast<uint32_t>(value->integer);
  problems_->add(value->position, quoted(key) + " must be from 0 to " + std::to_string(most));
  return std::nullopt;
}

bool TableReader::flag(std::string_view key) {
  const TomlValue* value = member(key, TomlValue::Kind::boolean);
  return value != nullptr && value->boolean;
}

std::vector<std::string> TableReader::texts(std::string_view key) {
  std::vector<std::string> out;
  const TomlValue* value = member(key, TomlValue::Kind::array);
  if (value == nullptr) return out;
  for (const TomlValue& item : value->items) {
    if (item.kind != TomlValue::Kind::text)
      problems_->add(item.position,
                     quoted(key) + " holds " + std::string(description_of(item.kind)) + "; write strings");
    else if (item.text.empty())
      problems_->add(item.position, quoted(key) + " holds an empty string; remove it");
    else
      out.push_back(item.text);
  }
  return out;
}

std::vector<const TomlValue*> TableReader::tables(std::string_view key) {
  std::vector<const TomlValue*> out;
  const TomlValue* value = member(key);
  if (value == nullptr) return out;
  if (value->kind == TomlValue::Kind::table) return {value};
  if (value->kind != TomlValue::Kind::array) {
    problems_->add(value->position,
                   quoted(key) + " is " + std::string(description_of(value->kind)) + "; write tables");
    return out;
  }
  for (const TomlValue& item : value->items) {
    if (item.kind == TomlValue::Kind::table)
      out.push_back(&item);
    else
      problems_->add(item.position,
                     quoted(key) + " holds " + std::string(description_of(item.kind)) + "; write tables");
  }
  return out;
}

void TableReader::finish() {
  for (const TomlMember& member : table_->members) {
    if (std::find(known_.begin(), known_.end(), member.key) != known_.end()) continue;
    const std::string near = nearest(member.key, known_);
    problems_->add(member.position,
                   "unknown key " + quoted(member.key) + " in " + std::string(what_) +
                       (near.empty() ? "; remove it" : "; did you mean " + quoted(near) + "?"));
  }
}

std::string nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  std::string_view best;
  size_t least = std::max<size_t>(2, word.size() / 3) + 1;
  for (const std::string_view candidate : candidates) {
    const size_t distance = edit_distance(word, candidate);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return std::string(best);
}

std::string one_of(const std::vector<std::string_view>& words) {
  std::string out;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

}  // namespace sealwarden
