# g++ 12's <expected> has two destructors and lets constraints choose one; clang before 16 takes the first (P0848) and
# cannot destroy a std::expected of anything with a destructor. For it we write a copy with one destructor for all.
find_file(VEREDA_EXPECTED NAMES expected PATHS ${CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES} NO_DEFAULT_PATH REQUIRED)
file(READ ${VEREDA_EXPECTED} expected_text)
string(REPLACE "constexpr ~expected() = default;" "" expected_text "${expected_text}")
string(REGEX REPLACE "~expected\\(\\)[ \t\n]*requires[^{]*{" "~expected() {" expected_text "${expected_text}")
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/old_clang/expected CONTENT "${expected_text}" @ONLY)
target_include_directories(vereda_flags SYSTEM BEFORE INTERFACE ${CMAKE_BINARY_DIR}/old_clang)
