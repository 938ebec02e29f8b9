// SPDX-License-Identifier: Apache-2.0
// A secret cannot be printed or made a string by accident: each of these must be refused by the compiler.
#include "scanner/base/secret.h"

#include <ostream>
#include <string>
#include <string_view>

using sealwarden::Secret;

#if defined(PRINT)
void leak(std::ostream& out, const Secret& secret) { out << secret; }
#elif defined(TO_STRING)
std::string leak(const Secret& secret) { return secret; }
#elif defined(TO_VIEW)
std::string_view leak(const Secret& secret) { return secret; }
#elif defined(APPEND)
std::string leak(const Secret& secret) { return "secret: " + secret; }
#elif defined(FROM_TEXT)
Secret make() { return std::string("text"); }
#else
std::string_view meant(const Secret& secret) { return secret.reveal(); }
#endif
