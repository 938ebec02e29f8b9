// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "scanner/doc/document.h"
#include "scanner/policy/truth.h"

namespace sealwarden {

// What a Dockerfile's stages come to when their ARG and ENV defaults are put in. `stage`: a map of `stages` (scanner/doc/dockerfile.cpp
// tells the tree); of another node all answers are no. Pure.

// Whether the stage builds on an image by no tag or by "latest". Neither a stage of the same file, nor "scratch", nor a digest is
// that; unknown if a variable without default decides.
Truth has_moving_base(const ParsedFile& file, uint32_t stage);

// Who runs what the stage builds: the last USER of it, or of the stage that it builds on.
struct DockerUser {
  enum class Kind : uint8_t {
    root,          // USER root or 0
    other,         // a USER that is not root; an image that is known to run as one
    unset_root,    // none, and the image is known to run as root (or is "scratch")
    unset,         // none, and who knows what the image does
    unknown,       // USER $X without default
  };
  Kind kind = Kind::other;
  uint32_t node = kNoDocumentNode;  // of the USER's value, else of the image's name
};
DockerUser docker_user(const ParsedFile& file, uint32_t stage);

}  // namespace sealwarden
