// SPDX-License-Identifier: Apache-2.0
#include "scanner/policy/quantity.h"

#include <charconv>
#include <cstdint>
#include <string>
#include <utility>

#include "scanner/base/ascii.h"

namespace sealwarden {
namespace {

// Ambiguous letters mean what container configuration means by them: m is a thousandth, M a million, "min" a minute.
constexpr std::pair<std::string_view, double> kUnits[] = {
    {"", 1}, {"%", 0.01},
    {"ns", 1e-9}, {"us", 1e-6}, {"ms", 1e-3}, {"s", 1}, {"sec", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}, {"w", 604800}, {"y", 31536000},
    {"n", 1e-9}, {"u", 1e-6}, {"m", 1e-3}, {"k", 1e3}, {"K", 1e3}, {"M", 1e6}, {"G", 1e9}, {"T", 1e12}, {"P", 1e15}, {"E", 1e18},
    {"Ki", 1024.0}, {"Mi", 1048576.0}, {"Gi", 1073741824.0}, {"Ti", 1099511627776.0}, {"Pi", 1125899906842624.0},
    {"b", 1}, {"B", 1}, {"kb", 1024.0}, {"kB", 1024.0}, {"KB", 1024.0}, {"mb", 1048576.0}, {"MB", 1048576.0}, {"g", 1073741824.0},
    {"gb", 1073741824.0}, {"GB", 1073741824.0}, {"TB", 1099511627776.0}};

std::optional<double> unit_of(std::string_view name) {
  for (const auto& [unit, factor] : kUnits)
    if (unit == name) return factor;
  return std::nullopt;
}

// Several parts ("1h30m") are a duration: there m is a minute.
std::optional<double> duration_unit(std::string_view name) { return name == "m" ? std::optional<double>(60) : unit_of(name); }

struct Part {
  double number;
  std::string_view unit;
};

std::optional<Part> take_part(std::string_view& rest) {
  // "inf" and "nan" are words here.
  if (rest.find_first_of("0123456789") > 2) return std::nullopt;
  double number = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (error != std::errc()) return std::nullopt;
  rest.remove_prefix(static_cast<size_t>(end - rest.data()));
  size_t letters = 0;
  while (letters < rest.size() && (is_letter(rest[letters]) || rest[letters] == '%')) ++letters;
  const Part part{number, rest.substr(0, letters)};
  rest.remove_prefix(letters);
  return part;
}

std::optional<double> parse_based(std::string_view text) {
  const int base = text.starts_with("0x") ? 16 : text.starts_with("0o") ? 8 : 0;
  if (base == 0) return std::nullopt;
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return static_cast<double>(value);
}

}  // namespace

std::optional<double> parse_quantity(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  if (const auto based = parse_based(text)) return based;
  std::string plain;
  for (const char c : text)
    if (c != '_' && c != ' ') plain += c;
  std::string_view rest = plain;
  const auto first = take_part(rest);
  if (!first) return std::nullopt;
  if (rest.empty()) {
    const auto unit = unit_of(first->unit);
    return unit ? std::optional<double>(first->number * *unit) : std::nullopt;
  }
  auto unit = duration_unit(first->unit);
  double sum = unit ? first->number * *unit : 0;
  while (unit && !rest.empty()) {
    const auto part = take_part(rest);
    if (!part) return std::nullopt;
    unit = duration_unit(part->unit);
    if (unit) sum += part->number * *unit;
  }
  return unit ? std::optional<double>(sum) : std::nullopt;
}

std::optional<bool> version_less(std::string_view a, std::string_view b) {
  if (a.starts_with('v')) a.remove_prefix(1);
  if (b.starts_with('v')) b.remove_prefix(1);
  for (bool first = true;; first = false) {
    uint64_t x = 0, y = 0;
    const auto end_a = std::from_chars(a.data(), a.data() + a.size(), x), end_b = std::from_chars(b.data(), b.data() + b.size(), y);
    if (first && (end_a.ec != std::errc() || end_b.ec != std::errc())) return std::nullopt;
    if (x != y) return x < y;
    a.remove_prefix(static_cast<size_t>(end_a.ptr - a.data()));
    b.remove_prefix(static_cast<size_t>(end_b.ptr - b.data()));
    if (!a.starts_with('.') && !b.starts_with('.')) return false;
    if (a.starts_with('.')) a.remove_prefix(1);
    if (b.starts_with('.')) b.remove_prefix(1);
  }
}

}  // namespace sealwarden
