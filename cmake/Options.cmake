# Switches of the build, none of the program: no feature can be turned off.
option(BUILD_TESTING "Build the tests" ON)
option(BUILD_BENCH "Build the benchmarks" OFF)
option(BUILD_FUZZERS "Build the fuzz targets with libFuzzer (Clang)" OFF)
set(SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
# Optimised a little, with asserts: what CI runs. FORCE, since project() has put an empty entry into the cache.
set(CMAKE_CXX_FLAGS_CI "-O1 -g1" CACHE STRING "" FORCE)
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG" CACHE STRING "" FORCE)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

# Both are linked PRIVATE by our own targets only.
add_library(project_options INTERFACE)
target_include_directories(project_options INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)
if(SANITIZE)
  target_compile_options(project_options INTERFACE
    -fsanitize=${SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(project_options INTERFACE -fsanitize=${SANITIZE})
else()
  # Hostile repositories are parsed here.
  target_compile_options(project_options INTERFACE
    -fstack-protector-strong $<$<CONFIG:Release>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>)
  target_link_options(project_options INTERFACE
    -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed)
endif()
if(BUILD_FUZZERS)
  target_compile_options(project_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
target_compile_definitions(project_options INTERFACE $<$<CONFIG:Debug,CI>:_GLIBCXX_ASSERTIONS>)

add_library(project_warnings INTERFACE)
target_compile_options(project_warnings INTERFACE $<$<COMPILE_LANGUAGE:CXX>:
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wextra-semi -Wold-style-cast
  -Wimplicit-fallthrough -Wconversion -Wno-sign-conversion -Wno-missing-field-initializers>)

# sealwarden_room(name SOURCES a.cpp ... LINK lib ...): one folder, one static library.
function(sealwarden_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINK;PUBLIC" ${ARGN})
  add_library(${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(${name} PUBLIC ${ROOM_PUBLIC} PRIVATE project_options project_warnings ${ROOM_LINK})
endfunction()
