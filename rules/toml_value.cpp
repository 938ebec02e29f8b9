// SPDX-License-Identifier: Apache-2.0
#include "rules/toml_value.h"

// What toml++ 3.3 asserts of a key it also checks, but where it asserts, it stops the program at a broken file, or lets the
// compiler take the assertion for true. Nothing is asserted, so that the check decides.
#undef NDEBUG
#define TOML_ASSERT(expr) static_cast<void>(0)
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <algorithm>
#include <optional>

namespace sealwarden {
namespace {

TomlPosition position_of(const toml::source_region& region) {
  return {region.begin.line, region.begin.column};
}

std::string padded(unsigned value, size_t width) {
  std::string digits = std::to_string(value);
  return std::string(width - std::min(width, digits.size()), '0') + digits;
}

std::string date_text(const toml::date& date) {
  return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2);
}

TomlValue convert(const toml::node& node);

void convert_members(const toml::table& table, TomlValue& value) {
  for (const auto& [key, member] : table)
    value.members.push_back({std::string(key.str()), position_of(key.source()), convert(member)});
  std::sort(value.members.begin(), value.members.end(),
            [](const TomlMember& a, const TomlMember& b) { return a.position < b.position; });
}

// The depth is bounded by the parser.
TomlValue convert(const toml::node& node) {
  TomlValue value;
  value.position = position_of(node.source());
  value.kind = TomlValue::Kind::other_time;
  if (const toml::table* table = node.as_table()) {
    value.kind = TomlValue::Kind::table;
    convert_members(*table, value);
  } else if (const toml::array* array = node.as_array()) {
    value.kind = TomlValue::Kind::array;
    for (const toml::node& item : *array)
      value.items.push_back(convert(item));
  } else if (const auto* text = node.as_string()) {
    value.kind = TomlValue::Kind::text;
    value.text = text->get();
  } else if (const auto* integer = node.as_integer()) {
    value.kind = TomlValue::Kind::integer;
    value.integer = integer->get();
  } else if (const auto* real = node.as_floating_point()) {
    value.kind = TomlValue::Kind::real;
    value.real = real->get();
  } else if (const auto* boolean = node.as_boolean()) {
    value.kind = TomlValue::Kind::boolean;
    value.boolean = boolean->get();
  } else if (const auto* date = node.as_date()) {
    value.kind = TomlValue::Kind::date;
    value.text = date_text(date->get());
  }
  return value;
}

}  // namespace

std::string_view description_of(TomlValue::Kind kind) {
  switch (kind) {
    case TomlValue::Kind::text:
      return "a string";
    case TomlValue::Kind::integer:
      return "an integer";
    case TomlValue::Kind::real:
      return "a number with a fraction";
    case TomlValue::Kind::boolean:
      return "true or false";
    case TomlValue::Kind::date:
      return "a date";
    case TomlValue::Kind::other_time:
      return "a time";
    case TomlValue::Kind::array:
      return "an array";
    case TomlValue::Kind::table:
      return "a table";
  }
  return "";
}

namespace {

struct Forbidden {
  size_t at;
  std::string_view why;
};

bool is_forbidden_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < ' ' && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f;
}

// Where the string or comment that starts at `at` ends, as far as it is sound; `at` if none does.
size_t behind_text(std::string_view text, size_t at) {
  if (text[at] == '#') return std::min(text.find('\n', at), text.size());
  for (const std::string_view quote : {R"(""")", "'''", R"(")", "'"}) {
    if (!text.substr(at).starts_with(quote)) continue;
    size_t end = at + quote.size();
    while (end < text.size() && !text.substr(end).starts_with(quote) && (quote.size() > 1 || text[end] != '\n'))
      end += text[end] == '\\' && quote.front() == '"' ? 2 : 1;
    return std::min(end + quote.size(), text.size());
  }
  return at;
}

std::optional<Forbidden> find_forbidden(std::string_view text) {
  const auto control = std::find_if(text.begin(), text.end(), is_forbidden_control);
  if (control != text.end())
    return Forbidden{static_cast<size_t>(control - text.begin()),
                     "a control character stands here; remove it, or write it as an escape in a string"};
  for (size_t at = 0; at < text.size();) {
    const size_t end = behind_text(text, at);
    if (end == at && static_cast<unsigned char>(text[at]) >= 0x80) return Forbidden{at, "a letter beyond ASCII stands outside of quotes"};
    at = std::max(end, at + 1);
  }
  return std::nullopt;
}

tl::unexpected<Error> not_toml(const std::string& name, TomlPosition at, std::string_view why) {
  return fail(Error::Kind::usage, name + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) +
                                      ": not valid TOML: " + std::string(why));
}

}  // namespace

// Control characters stand nowhere in TOML, and letters beyond ASCII in strings and comments alone. toml++ 3.3 lets some pass,
// and runs into what its authors took for unreachable.
Result<TomlValue> parse_toml(const std::string& name, std::string_view text) {
  if (const std::optional<Forbidden> found = find_forbidden(text)) {
    const std::string_view before = text.substr(0, found->at);
    const auto line = static_cast<uint32_t>(std::count(before.begin(), before.end(), '\n') + 1);
    const auto column = static_cast<uint32_t>(before.size() - (before.rfind('\n') + 1) + 1);
    return not_toml(name, {line, column}, found->why);
  }
  const toml::parse_result parsed = toml::parse(text, std::string_view(name));
  if (parsed) return convert(parsed.table());
  return not_toml(name, position_of(parsed.error().source()), parsed.error().description());
}

}  // namespace sealwarden
