// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "scanner/base/window.h"

namespace sealwarden {

// Merges the windows of one rule that overlap or touch into clusters as they come. Windows come with ascending candidate
// ends, but an anchor of greater width may reach back over clusters already made: those are merged too.
class ClusterList {
 public:
  void add(Window window) {
    while (!clusters_.empty() && clusters_.back().end >= window.begin) {
      window.begin = window.begin < clusters_.back().begin ? window.begin : clusters_.back().begin;
      window.end = window.end > clusters_.back().end ? window.end : clusters_.back().end;
      clusters_.pop_back();
    }
    clusters_.push_back(window);
  }
  [[nodiscard]] const std::vector<Window>& clusters() const { return clusters_; }
  void clear() { clusters_.clear(); }

 private:
  std::vector<Window> clusters_;  // ascending, apart from each other
};

}  // namespace sealwarden
