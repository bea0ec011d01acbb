#include "client/api/vault_json.h"
#include "client/commands/commands.h"
#include "client/desk/problems/vault_problem.h"
#include "client/words/catalogue.h"
#include "protocol/printed_key.h"

namespace vereda::client {

void declare_secrets(Verb& program, Chosen& chosen) {
    declare<PassphraseCommand>(
        program, chosen, "passphrase", "Change what opens the vault",
        [](Verb& verb, PassphraseCommand& c) {
            verb.word(
                    "--new-passphrase-file", c.new_passphrase_file, "Read the new one from a file")
                .word("--new-key-file", c.new_key_file, "Open with this key file from now on")
                .flag(
                    "--new-recovery-code", c.new_recovery_code,
                    "Make a new recovery code instead; the old one ends")
                .examples(
                    "  vereda passphrase\n"
                    "  vereda passphrase --new-recovery-code");
        });
    declare<RecoverCommand>(
        program, chosen, "recover",
        "Open the vault with the recovery code and set a new passphrase",
        [](Verb& verb, RecoverCommand& c) {
            verb.word("--code-file", c.code_file, "Read the code from a file instead of asking")
                .word(
                    "--new-passphrase-file", c.new_passphrase_file, "Read the new one from a file")
                .word("--new-key-file", c.new_key_file, "Open with this key file from now on")
                .examples("  vereda recover\nThe recovery code stays good.");
        });
}

namespace {

/// A vault's key slots, held against every other program.
struct OpenSlots {
    engine::VaultLock lock;
    engine::KeySlots slots;
    engine::OpenedVault opened;
};

engine::WorkspaceError error_of(engine::OpenVaultError error) {
    using enum engine::OpenVaultError;
    switch (error) {
        case missing:
            return engine::WorkspaceError::no_vault;
        case damaged:
            return engine::WorkspaceError::damaged;
        case newer_version:
            return engine::WorkspaceError::newer_version;
        case no_such_slot:
            return engine::WorkspaceError::no_such_slot;
        case wrong_secret:
            return engine::WorkspaceError::wrong_secret;
    }
    return engine::WorkspaceError::damaged;
}

Or<OpenSlots> open_slots(Application& application, const VaultSecret& secret) {
    const std::string& vault = application.settings().vault;
    auto lock = engine::VaultLock::acquire(application.files(), vault);
    if (!lock) return std::unexpected(problem_of(engine::WorkspaceError::in_use, vault));
    engine::KeySlots slots(application.files(), vault);
    auto opened = slots.open(secret.view());
    if (!opened) return std::unexpected(problem_of(error_of(opened.error()), vault));
    return OpenSlots{std::move(*lock), std::move(slots), std::move(*opened)};
}

/// Puts `secret` in the place of the slots of its kind. Passphrase and key file count as one kind,
/// the everyday way in. The new slot is known to open before the others go.
Or<void> replace_slots(
    Application& application, OpenSlots& vault, const engine::KeySecret& secret) {
    const auto before = vault.slots.list();
    const auto added = vault.slots.add(
        vault.opened.key, secret, application.environment().passphrase_cost,
        application.environment().entropy);
    if (!added) return std::unexpected(problem_of(added.error()));
    if (!before) return {};
    const bool is_code = secret.kind == engine::SlotKind::recovery_code;
    for (const engine::SlotSummary& slot : *before) {
        if ((slot.kind == engine::SlotKind::recovery_code) != is_code) continue;
        const auto removed = vault.slots.remove(vault.opened.key, slot.id);
        if (!removed) return std::unexpected(problem_of(removed.error()));
    }
    return {};
}

Outcome set_secret(Application& application, OpenSlots& vault, const VaultSecret& secret) {
    const auto replaced = replace_slots(application, vault, secret.view());
    if (!replaced) return std::unexpected(replaced.error());
    application.report().answer(
        json_of(SecretChanged{.key_file = secret.made_file}),
        secret.made_file.empty()
            ? catalogue().say("answer.new_secret")
            : catalogue().say("answer.new_secret.key_file", {{"file", secret.made_file}}));
    return Exit::ok;
}

Outcome set_recovery_code(Application& application, OpenSlots& vault) {
    const ByteArray<16> code = application.environment().entropy.bytes<16>();
    const auto replaced = replace_slots(application, vault, engine::KeySecret::recovery_code(code));
    if (!replaced) return std::unexpected(replaced.error());
    const std::string printed = protocol::print_recovery_code(code);
    application.report().answer(
        json_of(RecoveryCodeShown{printed}),
        said_line({"answer.paper.new_code"}) + "    " + application.report().style().bold(printed));
    return Exit::ok;
}

Or<VaultSecret> new_secret(
    Application& application, const std::string& passphrase_file, const std::string& key_file) {
    return load_new_secret(
        application.files(), passphrase_file, key_file, application.environment().entropy);
}

Or<void> expect_vault(Application& application) {
    const std::string& vault = application.settings().vault;
    const auto error = engine::find_no_vault(application.files(), vault);
    if (error) return std::unexpected(problem_of(*error, vault));
    return {};
}

}  // namespace

Outcome run(Application& application, const PassphraseCommand& command) {
    if (auto there = expect_vault(application); !there) return std::unexpected(there.error());
    const auto old = application.secret_to_open();
    if (!old) return std::unexpected(old.error());
    auto vault = open_slots(application, *old);
    if (!vault) return std::unexpected(vault.error());
    if (command.new_recovery_code) return set_recovery_code(application, *vault);
    const auto secret = new_secret(application, command.new_passphrase_file, command.new_key_file);
    if (!secret) return std::unexpected(secret.error());
    return set_secret(application, *vault, *secret);
}

Outcome run(Application& application, const RecoverCommand& command) {
    if (auto there = expect_vault(application); !there) return std::unexpected(there.error());
    const auto code = load_recovery_code(application.files(), command.code_file);
    if (!code) return std::unexpected(code.error());
    auto vault = open_slots(application, *code);
    if (!vault) return std::unexpected(vault.error());
    const auto secret = new_secret(application, command.new_passphrase_file, command.new_key_file);
    if (!secret) return std::unexpected(secret.error());
    return set_secret(application, *vault, *secret);
}

}  // namespace vereda::client
