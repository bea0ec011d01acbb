#include "server/hub/hub.h"

namespace vereda::server {

using protocol::Refusal;

unsigned status_of(Refusal code) {
    switch (code) {
        case Refusal::malformed:
            return 400;
        case Refusal::bad_signature:
        case Refusal::clock_differs:
        case Refusal::repeated:
            return 401;
        case Refusal::not_permitted:
        case Refusal::bad_token:
            return 403;
        case Refusal::unknown_name:
        case Refusal::unknown_workspace:
        case Refusal::invite_unknown:
            return 404;
        case Refusal::invite_expired:
        case Refusal::invite_used:
        case Refusal::invite_cancelled:
            return 410;
        case Refusal::too_large:
            return 413;
        case Refusal::entry_refused:
        case Refusal::wraps_differ:
            return 422;
        case Refusal::too_fast:
            return 429;
        case Refusal::roster_differs:
            return 409;
        case Refusal::over_quota:
            return 507;
        case Refusal::restored:
            return 503;
        case Refusal::failed:
            return 500;
    }
    return 500;
}

}  // namespace vereda::server
