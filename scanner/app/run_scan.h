// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scanner/app/args.h"

namespace sealwarden {

// scan, history, range, staged, stdin: finds, judges, writes the reports. Messages go to standard error.
ExitCode run_scan(const Args& args);

// `baseline create`.
ExitCode create_baseline(const Args& args);

// Says what went wrong, on standard error, and gives the exit code for it.
struct Error;
ExitCode report_error(const Error& error);

}  // namespace sealwarden
