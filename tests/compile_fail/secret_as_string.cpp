// SPDX-License-Identifier: Apache-2.0
// A secret does not become a string by itself. With -DRIGHT this file compiles.
#include "scanner/base/secret.h"

std::string text_of(const sealwarden::Secret& secret) {
#ifdef RIGHT
  return std::string(secret.reveal());
#else
  return secret;
#endif
}
