#include "client/commands/commands.h"

namespace vereda::client {

void declare_commands(Verb& program, Chosen& chosen) {
    declare_init(program, chosen);
    declare_join(program, chosen);
    declare_turf(program, chosen);
    declare_invite(program, chosen);
    declare_contact(program, chosen);
    declare_search(program, chosen);
    declare_consent(program, chosen);
    declare_interaction(program, chosen);
    declare_import(program, chosen);
    declare_export(program, chosen);
    declare_batch(program, chosen);
    declare_sync(program, chosen);
    declare_status(program, chosen);
    declare_conflicts(program, chosen);
    declare_history(program, chosen);
    declare_audit(program, chosen);
    declare_secrets(program, chosen);
}

}  // namespace vereda::client
