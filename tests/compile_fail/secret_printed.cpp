// SPDX-License-Identifier: Apache-2.0
// A secret cannot be written to a stream. With -DRIGHT this file compiles, so that it fails for no other reason.
#include <iostream>

#include "scanner/base/secret.h"

void print(const sealwarden::Secret& secret) {
#ifdef RIGHT
  std::cout << secret.size();
#else
  std::cout << secret;
#endif
}
