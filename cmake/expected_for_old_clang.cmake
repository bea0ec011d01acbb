# g++ 12's <expected> has two destructors and lets constraints choose one; clang before 16 takes the first (P0848) and
# cannot destroy a std::expected of anything with a destructor. For it we write a copy with one destructor for all.
find_file(VEREDA_EXPECTED NAMES expected PATHS ${CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES} NO_DEFAULT_PATH REQUIRED)
file(READ ${VEREDA_EXPECTED} expected_text)
string(REPLACE "constexpr ~expected() = default;" "" expected_text "${expected_text}")
string(REGEX REPLACE "~expected\\(\\)[ \t\n]*requires[^{]*{" "~expected() {" expected_text "${expected_text}")
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/old_clang/expected CONTENT "${expected_text}" @ONLY)

# Its <variant> does the same from 202106 on; the copy stays with the version before, in which variants are no constants.
find_file(VEREDA_VARIANT NAMES variant PATHS ${CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES} NO_DEFAULT_PATH REQUIRED)
file(READ ${VEREDA_VARIANT} variant_text)
string(REPLACE "#if __cpp_concepts >= 202002L && __cpp_constexpr >= 201811L" "#if 0" variant_text "${variant_text}")
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/old_clang/variant CONTENT "${variant_text}" @ONLY)

target_include_directories(vereda_flags SYSTEM BEFORE INTERFACE ${CMAKE_BINARY_DIR}/old_clang)
