#include "server/data/founding_tokens.h"

#include "protocol/domain.h"

namespace vereda::server {

TokenHash hash_of(const protocol::FoundingToken& token) {
    return protocol::domain_hash("founding-token", token.view());
}

FileTokens::FileTokens(engine::FileSystem& files, std::string directory)
    : files_(files), directory_(std::move(directory)) {
    files_.create_directory(directory_);
}

protocol::FoundingToken FileTokens::issue(crypto::Entropy& entropy) {
    const protocol::FoundingToken token{entropy.bytes<protocol::FoundingToken::size>()};
    files_.write(path_of(hash_of(token)), {});
    return token;
}

bool FileTokens::holds(const TokenHash& token) { return files_.exists(path_of(token)); }

void FileTokens::spend(const TokenHash& token) { files_.remove(path_of(token)); }

std::string FileTokens::path_of(const TokenHash& token) const {
    return directory_ + "/" + hex(token);
}

}  // namespace vereda::server
