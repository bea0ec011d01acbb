# How every target is compiled, and the two functions that declare libraries and programs.

find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

# Line numbers are enough for a stack trace, and take a fifth off every build.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")

add_library(vereda_flags INTERFACE)
target_include_directories(vereda_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(vereda_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                       -Wno-missing-field-initializers)  # designated initialisers leave the rest to its defaults
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(vereda_flags INTERFACE -Wno-maybe-uninitialized)  # GCC 12 sees ghosts in std::optional
    if(VEREDA_UNITY)
        target_compile_options(vereda_flags INTERFACE -Wno-subobject-linkage)  # it takes our sources for headers
    endif()
endif()
if(VEREDA_WARNINGS_ARE_ERRORS)
    target_compile_options(vereda_flags INTERFACE -Werror)
endif()
if(VEREDA_SANITIZE)
    target_compile_options(vereda_flags INTERFACE -fsanitize=${VEREDA_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(vereda_flags INTERFACE -fsanitize=${VEREDA_SANITIZE})
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # clang-14 hides std::expected behind an old __cpp_concepts.
    target_compile_options(vereda_flags INTERFACE -D__cpp_concepts=202002L -Wno-builtin-macro-redefined
                           -Wno-macro-redefined)
    if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 17)
        # It has coroutines and does not say so: Boost and libstdc++ then leave theirs out. The check of function types
        # puts data before a coroutine's code that its assembler does not take.
        target_compile_options(vereda_flags INTERFACE -D__cpp_impl_coroutine=201902L -DBOOST_ASIO_HAS_CO_AWAIT=1
                               -DBOOST_ASIO_HAS_STD_COROUTINE=1)
        if(VEREDA_SANITIZE)
            target_compile_options(vereda_flags INTERFACE -fno-sanitize=function)
        endif()
    endif()
    if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 16)
        include(cmake/expected_for_old_clang.cmake)
    endif()
endif()

# The sources of one folder are compiled at once, so that a new file changes nothing for those of other folders.
function(vereda_unite name)
    set_target_properties(${name} PROPERTIES UNITY_BUILD ${VEREDA_UNITY} UNITY_BUILD_MODE GROUP)
    foreach(source ${ARGN})
        cmake_path(GET source PARENT_PATH folder)
        cmake_path(RELATIVE_PATH folder BASE_DIRECTORY ${PROJECT_SOURCE_DIR})
        string(MAKE_C_IDENTIFIER ${folder} group)
        set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${group})
    endforeach()
endfunction()

# vereda_library(NAME FOLDER [LINK library…] [EXCLUDE file…]): all sources below FOLDER, except those of a nested
# library (protocol/http) and the excluded ones.
function(vereda_library name folder)
    cmake_parse_arguments(arg "" "" "LINK;EXCLUDE" ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
    if(folder STREQUAL "protocol")
        list(FILTER sources EXCLUDE REGEX "/protocol/http/")
    endif()
    foreach(excluded ${arg_EXCLUDE})
        list(REMOVE_ITEM sources ${PROJECT_SOURCE_DIR}/${folder}/${excluded})
    endforeach()
    if(sources)
        add_library(${name} STATIC ${sources})
        target_link_libraries(${name} PUBLIC vereda_flags ${arg_LINK})
        vereda_unite(${name} ${sources})
    else()
        add_library(${name} INTERFACE)
        target_link_libraries(${name} INTERFACE vereda_flags ${arg_LINK})
    endif()
endfunction()

function(vereda_program name main)
    cmake_parse_arguments(arg "" "" "LINK" ${ARGN})
    if(EXISTS ${PROJECT_SOURCE_DIR}/${main})
        add_executable(${name} ${main})
        target_link_libraries(${name} PRIVATE ${arg_LINK})
    endif()
endfunction()
