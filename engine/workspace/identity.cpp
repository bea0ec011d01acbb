#include "engine/workspace/identity.h"

#include "protocol/cbor.h"

namespace vereda::engine {
namespace {

constexpr const char* identity_name = "identity";
constexpr const char* beginnings_name = "beginnings";

void put_sealed(LogStore& store, const SecretSealer& sealer, const char* name, Bytes& plain) {
    store.put_secret(name, sealer.seal(name, plain));
    crypto::wipe(plain);
}

[[noreturn]] void throw_damaged() {
    throw StorageFailure(StorageFault::corrupt, "the identity kept in this vault does not open");
}

}  // namespace

// [workspace, member, incarnation, roster end, signing seed, box seed, http seed]
void Identity::save(LogStore& store, const SecretSealer& sealer) const {
    Bytes out;
    out.reserve(512);
    protocol::CborWriter writer(out);
    writer.array(7)
        .byte_string(workspace.view())
        .byte_string(member.view())
        .byte_string(incarnation.view());
    writer.byte_string(roster_end.view())
        .byte_string(keys.signing.seed())
        .byte_string(keys.box.seed());
    writer.byte_string(keys.http.seed());
    put_sealed(store, sealer, identity_name, out);
}

Identity Identity::load(LogStore& store, const SecretSealer& sealer) {
    const auto sealed = store.secret(identity_name);
    if (!sealed) throw_damaged();
    const auto plain = sealer.open(identity_name, *sealed);
    if (!plain) throw_damaged();
    protocol::CborReader reader(plain->view());
    Identity identity;
    reader.array_of(7);
    identity.workspace = reader.id<protocol::WorkspaceId>();
    identity.member = reader.id<protocol::MemberId>();
    identity.incarnation = reader.id<protocol::Incarnation>();
    identity.roster_end = reader.id<protocol::RosterHash>();
    const ByteView signing = reader.byte_string();
    const ByteView box = reader.byte_string();
    const ByteView http = reader.byte_string();
    if (!reader.finished() || signing.size() != 32 || box.size() != 32 || http.size() != 32)
        throw_damaged();
    identity.keys.signing = crypto::SigningKey::from_seed(signing);
    identity.keys.box = crypto::BoxKey::from_seed(box);
    identity.keys.http = crypto::SigningKey::from_seed(http);
    return identity;
}

// [found message | null, invite code text | null, member name, device name]
void Beginnings::save(LogStore& store, const SecretSealer& sealer) const {
    Bytes out;
    out.reserve(1024);
    protocol::CborWriter writer(out);
    writer.array(4);
    founding ? writer.byte_string(*founding) : writer.null();
    joining ? writer.text(protocol::print_invite_code(*joining)) : writer.null();
    writer.text(member_name).text(device_name);
    put_sealed(store, sealer, beginnings_name, out);
}

Beginnings Beginnings::load(LogStore& store, const SecretSealer& sealer) {
    Beginnings beginnings;
    const auto sealed = store.secret(beginnings_name);
    if (!sealed) return beginnings;
    const auto plain = sealer.open(beginnings_name, *sealed);
    if (!plain) throw_damaged();
    protocol::CborReader reader(plain->view());
    reader.array_of(4);
    if (!reader.take_null()) {
        const ByteView message = reader.byte_string();
        beginnings.founding = Bytes(message.begin(), message.end());
    }
    if (!reader.take_null()) {
        const auto code = protocol::parse_invite_code(reader.text());
        if (!code) throw_damaged();
        beginnings.joining = *code;
    }
    beginnings.member_name = reader.text();
    beginnings.device_name = reader.text();
    if (!reader.finished()) throw_damaged();
    return beginnings;
}

}  // namespace vereda::engine
