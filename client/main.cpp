#include <iostream>

#include "client/process.h"
#include "client/program.h"

int main(int argc, char** argv) {
    vereda::client::harden_process();
    std::ios::sync_with_stdio(false);
    auto arguments = vereda::client::take_arguments(argc, argv);
    return vereda::client::run_program(std::move(arguments), std::cout, std::cerr);
}
