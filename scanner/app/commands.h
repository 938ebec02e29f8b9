// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scanner/app/args.h"

namespace sealwarden {

ExitCode list_rules(const Args& args);
ExitCode show_rule(const Args& args);
// Runs the examples of the given files' rules, or of the shipped ones, through the whole engine: exit code 1 if one
// does not do what it expects.
ExitCode test_rules(const Args& args);
// Scans files in one thread and says what each rule costs and finds in them.
ExitCode measure_rules(const Args& args);

// Says how policy rules see a line of a file.
ExitCode explain_policy(const Args& args);

ExitCode install_hook(const Args& args);
ExitCode uninstall_hook(const Args& args);

}  // namespace sealwarden
