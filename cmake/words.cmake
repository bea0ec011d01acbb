# The sentences of every language (client/words/*.json), embedded into the library that says them.
# As a script, with -P: writes OUT from the files FILES. Else declares vereda_words(TARGET FOLDER).

if(CMAKE_SCRIPT_MODE_FILE)
    set(text "// Written by cmake/words.cmake.\n#include \"client/words/catalogue.h\"\n\n")
    string(APPEND text "namespace vereda::client {\nnamespace {\nconstexpr LanguageFile files[] = {\n")
    foreach(file ${FILES})
        cmake_path(GET file STEM language)
        file(READ ${file} json)
        string(APPEND text "    {\"${language}\", R\"words(${json})words\"},\n")
    endforeach()
    string(APPEND text "};\n}  // namespace\n\nstd::span<const LanguageFile> language_files() { return files; }\n")
    file(WRITE ${OUT} "${text}\n}  // namespace vereda::client\n")
    return()
endif()

function(vereda_words target folder)
    file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.json)
    set(source ${CMAKE_BINARY_DIR}/words/language_files.cpp)
    add_custom_command(
        OUTPUT ${source}
        COMMAND ${CMAKE_COMMAND} -DOUT=${source} "-DFILES=${files}" -P ${PROJECT_SOURCE_DIR}/cmake/words.cmake
        DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/words.cmake
        VERBATIM)
    target_sources(${target} PRIVATE ${source})
endfunction()
