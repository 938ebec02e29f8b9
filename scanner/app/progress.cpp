// SPDX-License-Identifier: Apache-2.0
#include "scanner/app/progress.h"

#include <cstdio>

namespace sealwarden {
namespace {

constexpr auto kInterval = std::chrono::milliseconds(100);
constexpr double kSettled = 1;  // seconds until the rate says something: the heaviest objects come first

double megabytes(uint64_t bytes) { return static_cast<double>(bytes) / 1e6; }

}  // namespace

Progress::Progress(bool on, std::string what) : on_(on), what_(std::move(what)), start_(std::chrono::steady_clock::now()) {}

Progress::~Progress() {
  if (printed_ != std::chrono::steady_clock::time_point{}) std::fputs("\r\033[K", stderr);
}

void Progress::advance(uint64_t items, uint64_t bytes, uint64_t findings) {
  if (!on_) return;
  items_ += items;
  bytes_ += bytes;
  findings_ += findings;
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - printed_ < kInterval) return;
  printed_ = now;
  print(now);
}

void Progress::print(std::chrono::steady_clock::time_point now) {
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const uint64_t items = items_;
  std::string line = std::to_string(items) + (total_ != 0 ? "/" + std::to_string(total_) : "") + " " + what_;
  char rest[128];
  std::snprintf(rest, sizeof rest, ", %.0f MB, %.0f MB/s", megabytes(bytes_), seconds > 0 ? megabytes(bytes_) / seconds : 0);
  line += rest;
  if (total_ > items && items > 0 && seconds >= kSettled) {
    std::snprintf(rest, sizeof rest, ", %.0f s left", seconds * static_cast<double>(total_ - items) / static_cast<double>(items));
    line += rest;
  }
  line += ", " + std::to_string(findings_) + " found";
  std::fprintf(stderr, "\r\033[K%s", line.c_str());
  std::fflush(stderr);
}

}  // namespace sealwarden
