// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <exception>
#include <iostream>
#include <new>

#include "scanner/app/args.h"
#include "scanner/app/commands.h"
#include "scanner/app/run_scan.h"
#include "scanner/base/parallel.h"
#include "scanner/base/stop.h"

namespace sealwarden {
namespace {

// The first SIGINT asks for an early end with a partial report, the second one ends the program.
void on_interrupt(int) {
  stop_requested = true;
  std::signal(SIGINT, SIG_DFL);
}

ExitCode run(const Args& args) {
  if (args.jobs != 0) set_thread_count(args.jobs);
  switch (args.command) {
    case Command::rules_list: return list_rules(args);
    case Command::rules_show: return show_rule(args);
    case Command::rules_test: return test_rules(args);
    case Command::rules_stats: return measure_rules(args);
    case Command::policy_explain: return explain_policy(args);
    case Command::baseline_create: return create_baseline(args);
    case Command::hook_install: return install_hook(args);
    case Command::hook_uninstall: return uninstall_hook(args);
    default: return run_scan(args);
  }
}

ExitCode run_guarded(int argc, char** argv) {
  try {
    const auto parsed = parse_args(argc, argv);
    const ExitCode* shown = std::get_if<ExitCode>(&parsed);
    const ExitCode code = shown != nullptr ? *shown : run(std::get<Args>(parsed));
    if (std::cout.flush()) return code;
    std::cerr << "sealwarden: cannot write to standard output\n";
  } catch (const std::bad_alloc&) {
    std::cerr << "sealwarden: out of memory; -j1 needs the least\n";
  } catch (const std::exception& error) {
    std::cerr << "sealwarden: internal error: " << error.what() << '\n';
  }
  return ExitCode::internal;
}

}  // namespace
}  // namespace sealwarden

int main(int argc, char** argv) {
  std::signal(SIGINT, sealwarden::on_interrupt);
  std::signal(SIGTERM, sealwarden::on_interrupt);
  std::signal(SIGXFSZ, SIG_IGN);  // so are a limit of the file size
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error of the write, told and with its exit code
  return static_cast<int>(sealwarden::run_guarded(argc, argv));
}
