// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sealwarden {

// Stable. If several hold, the one that stands first here wins.
enum class ExitCode : int {
  interrupted = 130,
  internal = 4,  // also: a report could not be written
  usage = 2,     // wrong option, configuration or rule file
  findings = 1,
  incomplete = 3,
  clean = 0,
};

}  // namespace sealwarden
