// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>

#include "report/redactor.h"
#include "scanner/app/commands.h"
#include "scanner/app/run_scan.h"
#include "scanner/base/atomic_file.h"

namespace sealwarden {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMark = "# Installed by `sealwarden hook install`; `sealwarden hook uninstall` takes it out again.";
constexpr const char* kEarlierHook = "pre-commit.before-sealwarden";

// What git prints for `arguments`, without the last line end. Only git knows where hooks lie: core.hooksPath may stand
// in the user's own configuration, and linked worktrees share a folder.
Result<std::string> ask_git(const std::vector<std::string>& arguments) {
  int pipe_ends[2];
  if (::pipe2(pipe_ends, O_CLOEXEC) != 0) return fail(Error::Kind::internal, "cannot make a pipe");
  const pid_t child = ::fork();
  if (child < 0) return fail(Error::Kind::internal, "cannot start git");
  if (child == 0) {
    ::dup2(pipe_ends[1], STDOUT_FILENO);
    if (const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC); nowhere >= 0) ::dup2(nowhere, STDERR_FILENO);
    std::vector<char*> argv;
    for (const std::string& one : arguments) argv.push_back(const_cast<char*>(one.c_str()));
    argv.push_back(nullptr);
    ::execvp("git", argv.data());
    ::_exit(127);
  }
  ::close(pipe_ends[1]);
  std::string output;
  char buffer[4096];
  for (ssize_t got; (got = ::read(pipe_ends[0], buffer, sizeof buffer)) > 0;) output.append(buffer, static_cast<size_t>(got));
  ::close(pipe_ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return fail(Error::Kind::usage, WIFEXITED(status) && WEXITSTATUS(status) == 127
                                        ? "git is not installed"
                                        : "git knows no repository there: give the path of one");
  while (!output.empty() && output.back() == '\n') output.pop_back();
  return output;
}

Result<fs::path> hooks_folder(const Args& args) {
  const std::string repository = args.repository.empty() ? "." : args.repository;
  TRY(const std::string is_bare, ask_git({"git", "-C", repository, "rev-parse", "--is-bare-repository"}));
  if (is_bare == "true")
    return fail(Error::Kind::usage, "nobody commits in a bare repository; its pre-receive hook may call `sealwarden range --stdin-refs`");
  TRY(const std::string answer, ask_git({"git", "-C", repository, "rev-parse", "--git-path", "hooks"}));
  const fs::path folder(answer);
  return folder.is_absolute() ? folder : fs::path(repository) / folder;
}

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string hook_script(const std::string& program) {
  return std::string("#!/bin/sh\n") + kMark + "\n" +
         "earlier=\"$(dirname \"$0\")/" + kEarlierHook + "\"\n"
         "if [ -x \"$earlier\" ]; then \"$earlier\" \"$@\" || exit $?; fi\n"
         "sealwarden=" + quoted(program) + "\n"
         "[ -x \"$sealwarden\" ] || sealwarden=$(command -v sealwarden) || {\n"
         "  echo 'sealwarden: the program is gone, so this commit was not checked and is refused;' >&2\n"
         "  echo '  install it again, or take the hook out: rm \"'\"$0\"'\"' >&2\n"
         "  exit 1\n"
         "}\n"
         "report=$(\"$sealwarden\" staged 2>&1) && exit 0\n"
         "code=$?\n"
         "printf '%s\\n' \"$report\" >&2\n"
         "case $code in\n"
         "  1) echo 'sealwarden: commit refused: take the secret out, or accept it as said above (once: git commit --no-verify).' >&2 ;;\n"
         "  *) echo \"sealwarden: commit refused: it could not be checked (exit code $code; once: git commit --no-verify).\" >&2 ;;\n"
         "esac\n"
         "exit 1\n";
}

bool is_ours(const fs::path& hook) {
  const Result<std::string> text = read_file(hook.string());
  return text && text->find(kMark) != std::string::npos;
}

Result<void> install(const Args& args) {
  TRY(const fs::path folder, hooks_folder(args));
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return fail(Error::Kind::usage, "cannot make " + folder.string() + ": " + error.message());
  const std::string program = fs::read_symlink("/proc/self/exe", error).string();
  const fs::path hook = folder / "pre-commit";
  if (fs::exists(fs::symlink_status(hook)) && !is_ours(hook)) {
    const fs::path aside = folder / kEarlierHook;
    if (fs::exists(fs::symlink_status(aside)))
      return fail(Error::Kind::usage, aside.string() + " is in the way: an earlier hook was already put aside there; look at both "
                                      "files and remove one");
    fs::rename(hook, aside, error);
    if (error) return fail(Error::Kind::usage, "cannot put " + hook.string() + " aside: " + error.message());
    std::cout << "The hook that was there runs first; it is now " << escape_for_terminal(aside.string()) << '\n';
  }
  TRY_VOID(write_file_atomically(hook.string(), hook_script(program), 0755));
  std::cout << "What `git commit` is about to add is checked from now on by " << escape_for_terminal(hook.string()) << '\n';
  return {};
}

Result<void> uninstall(const Args& args) {
  TRY(const fs::path folder, hooks_folder(args));
  const fs::path hook = folder / "pre-commit", aside = folder / kEarlierHook;
  if (!is_ours(hook)) return fail(Error::Kind::usage, "there is no hook of sealwarden in " + folder.string());
  std::error_code error;
  if (fs::exists(fs::symlink_status(aside))) fs::rename(aside, hook, error);
  else fs::remove(hook, error);
  if (error) return fail(Error::Kind::usage, "cannot change " + hook.string() + ": " + error.message());
  std::cout << "Taken out: " << escape_for_terminal(hook.string()) << '\n';
  return {};
}

ExitCode end(const Result<void>& done) { return done ? ExitCode::clean : report_error(done.error()); }

}  // namespace

ExitCode install_hook(const Args& args) { return end(install(args)); }
ExitCode uninstall_hook(const Args& args) { return end(uninstall(args)); }

}  // namespace sealwarden
