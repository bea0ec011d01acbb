#include "client/process.h"

#include <csignal>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace vereda::client {

void harden_process() {
    const rlimit none{.rlim_cur = 0, .rlim_max = 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);  // a file at its limit is a full disk: said in words
}

}  // namespace vereda::client
