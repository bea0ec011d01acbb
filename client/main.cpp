#include <iostream>

#include "client/process.h"
#include "client/program.h"

int main(int argc, char** argv) {
    vereda::client::harden_process();
    std::ios::sync_with_stdio(false);
    return vereda::client::run_program({argv + 1, argv + argc}, std::cout, std::cerr);
}
