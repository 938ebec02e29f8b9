# Debian's packages (bookworm, trixie; Ubuntu 24.04). All are SYSTEM: their warnings are not ours.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(TBB REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
pkg_check_modules(HS REQUIRED IMPORTED_TARGET libhs)
pkg_check_modules(GIT2 REQUIRED IMPORTED_TARGET libgit2)
pkg_check_modules(DEFLATE REQUIRED IMPORTED_TARGET libdeflate)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
find_package(simdjson REQUIRED)
find_package(ZLIB REQUIRED)
find_package(BZip2 REQUIRED)
pkg_check_modules(LZMA REQUIRED IMPORTED_TARGET liblzma)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
find_package(CLI11 REQUIRED)
find_path(TOMLPLUSPLUS_INCLUDE toml++/toml.h REQUIRED)
find_path(EXPECTED_INCLUDE tl/expected.hpp REQUIRED)

# The packaged oneTBB is blind to ThreadSanitizer: a false report for each use, and silencing those hides true ones.
if(SANITIZE MATCHES "thread" AND NOT TBB_DIR MATCHES "tsan-tbb")
  message(FATAL_ERROR "The preset tsan needs an instrumented oneTBB: run cmake/build_tsan_tbb.sh, then configure "
    "afresh (cmake --preset tsan --fresh). Found: ${TBB_DIR}")
endif()
