#pragma once

#include "client/api/json_writer.h"
#include "client/desk/vault_made.h"

/// What the commands around a vault answer, as JSON (docs/commands.md).
namespace vereda::client {

template <class Form, Is<VaultMade> Value>
void members(Form& form, Value& made) {
    form.member("workspace", made.workspace)
        .member("vault", made.vault)
        .member("recovery_code", made.recovery_code)
        .if_any("recovery_key", made.recovery_key)
        .if_any("on_hub", made.on_hub)
        .if_any("joined", made.joined)
        .if_any("pulled", made.pulled)
        .if_any("key_file", made.key_file);
}

template <class Form, Is<SecretChanged> Value>
void members(Form& form, Value& secret) {
    form.member("changed", secret.changed).if_any("key_file", secret.key_file);
}

template <class Form, Is<RecoveryCodeShown> Value>
void members(Form& form, Value& shown) {
    form.member("recovery_code", shown.recovery_code);
}

template <class Form, Is<InviteShown> Value>
void members(Form& form, Value& invite) {
    form.member("code", invite.code).member("role", invite.role).member("expires", invite.expires);
}

template <class Form, Is<FileWritten> Value>
void members(Form& form, Value& written) {
    form.member("file", written.file).member("rows", written.rows);
}

}  // namespace vereda::client
