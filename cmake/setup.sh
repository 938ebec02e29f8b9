# SPDX-License-Identifier: Apache-2.0
# What sealwarden.sh and test.sh share; sourced with `root` set to the checkout. Everything here talks on standard error.

say() { echo "${0##*/}: $*" >&2; }

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# choose A|B: nothing if one is installed, else the one to install. Hyperscan exists on x86 alone, Vectorscan replaces it.
choose() {
  for name in $(echo "$1" | tr '|' ' '); do
    is_installed "$name" && return
  done
  case $1:$(uname -m) in
    libhyperscan-dev*:x86_64 | libhyperscan-dev*:i?86) echo libhyperscan-dev ;;
    libhyperscan-dev*) echo libvectorscan-dev ;;
    *) echo "${1%%|*}" ;;
  esac
}

# install_packages PURPOSE...: brings what is missing of these lines of packages.txt, and nothing else.
install_packages() {
  missing=
  for purpose in "$@"; do
    for entry in $(sed -n "s/^$purpose //p" "$root/cmake/packages.txt"); do
      if command -v dpkg-query >/dev/null; then missing="$missing $(choose "$entry")"; else missing="$missing $entry"; fi
    done
  done
  missing=$(echo $missing)
  [ -n "$missing" ] || return 0
  if ! command -v apt-get >/dev/null; then
    say "this is no Debian; the build needs what Debian calls: $missing"
    return 0
  fi
  say "installing Debian packages: $missing"
  sudo=
  [ "$(id -u)" = 0 ] || sudo=sudo
  if [ -n "$sudo" ] && ! command -v sudo >/dev/null; then
    say "neither root nor sudo here; as root run: apt-get install --no-install-recommends $missing"
    exit 4
  fi
  apt="$sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300"
  { $apt update && $apt install -y --no-install-recommends $missing; } >&2 || {
    say "apt-get could not install: $missing"
    exit 4
  }
}
