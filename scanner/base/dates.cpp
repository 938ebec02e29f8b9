// SPDX-License-Identifier: Apache-2.0
#include "scanner/base/dates.h"

#include <chrono>
#include <cstdio>
#include <ctime>

namespace sealwarden {
namespace {

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const int year = number(text.substr(0, 4)), month = number(text.substr(5, 2)), day = number(text.substr(8, 2));
  if (year < 0 || month < 1 || day < 1) return false;
  return std::chrono::year_month_day(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                     std::chrono::day(static_cast<unsigned>(day)))
      .ok();
}

std::string rfc3339(int64_t seconds) {
  std::tm parts{};
  const std::time_t time = seconds;
  if (gmtime_r(&time, &parts) == nullptr || parts.tm_year > 9999 - 1900 || parts.tm_year < -1900) return "1970-01-01T00:00:00Z";
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

std::string today() {
  return rfc3339(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())).substr(0, 10);
}

}  // namespace sealwarden
