// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace sealwarden {

// What went wrong, for a person: `message` names the thing (file, object, option), the cause and, where there is one,
// the remedy. The kind decides the exit code or the ledger's reason.
struct Error {
  enum class Kind {
    usage,      // wrong option, configuration or rule file: exit code 2
    not_found,  // absent object or file
    corrupt,    // bytes that break their format
    io,         // the system refused: permission, disk full, broken pipe
    limit,      // a stated bound was reached
    internal,   // a fault of ours
  };
  Kind kind = Kind::internal;
  std::string message;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Error::Kind kind, std::string message) {
  return tl::unexpected<Error>(Error{kind, std::move(message)});
}

// Puts the outer view before the inner one: "reading x: " + message.
inline tl::unexpected<Error> within(std::string_view context, Error error) {
  error.message.insert(0, context);
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace sealwarden

#define SW_CONCAT_(a, b) a##b
#define SW_CONCAT(a, b) SW_CONCAT_(a, b)
// TRY(auto x, expression) unwraps a Result or returns its error; TRY_VOID for Result<void>.
#define TRY(declaration, expression)                                                                       \
  auto SW_CONCAT(try_result_, __LINE__) = (expression);                                                    \
  if (!SW_CONCAT(try_result_, __LINE__))                                                                   \
    return tl::unexpected<::sealwarden::Error>(std::move(SW_CONCAT(try_result_, __LINE__)).error());       \
  declaration = std::move(*SW_CONCAT(try_result_, __LINE__))
#define TRY_VOID(expression)                                                                               \
  do {                                                                                                     \
    auto try_result_ = (expression);                                                                       \
    if (!try_result_) return tl::unexpected<::sealwarden::Error>(std::move(try_result_).error());          \
  } while (false)
