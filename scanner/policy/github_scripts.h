// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sealwarden {

// A piece of a script through which a secret reaches the log.
struct PrintedSecret {
  enum class Way {
    plain,    // printed as it is: the runner masks it, as long as the text is the secret's own
    changed,  // encoded, cut or turned around: what is printed is not masked
    traced,   // with all the environment, or every command before it is run
  };
  Way way = Way::plain;
  size_t begin = 0, end = 0;  // of the command, in the script
};

// What is known of a script's surroundings.
struct ScriptSecrets {
  std::vector<std::string_view> variables;  // of the environment, that hold a secret
  // Places in the script where an expression puts in a secret: [begin, end), in order.
  std::vector<std::pair<size_t, size_t>> expressions;
};

// Looks at a script of bash, sh or PowerShell for commands that write a secret to standard output or error: echo and its like,
// with nothing behind a pipe that swallows it and no redirection to a file. Linear in the script; an approximation of what a
// shell reads.
std::vector<PrintedSecret> printed_secrets(std::string_view script, const ScriptSecrets& secrets);

}  // namespace sealwarden
