// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <utility>

namespace sealwarden {

// Owns an open file descriptor; -1 is none.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  [[nodiscard]] int get() const { return value_; }
  // Gives the descriptor away, for instance to see what close() says.
  int release() { return std::exchange(value_, -1); }

 private:
  int value_;
};

}  // namespace sealwarden
