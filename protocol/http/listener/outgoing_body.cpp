#include "protocol/http/listener/outgoing_body.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace vereda::http {
namespace {

/// An empty chunk would end the body, so no bytes are no chunk.
std::string chunk_of(const Bytes& bytes) {
    if (bytes.empty()) return {};
    char size[16];
    const auto end = std::to_chars(size, size + sizeof size, bytes.size(), 16).ptr;
    std::string chunk(size, end);
    chunk.append("\r\n").append(as_text(bytes)).append("\r\n");
    return chunk;
}

}  // namespace

void OutgoingBody::begin(Wake wake) {
    if (source_ != nullptr) source_->begin(std::move(wake));
}

OutgoingBody::Piece OutgoingBody::next() {
    const auto asked = static_cast<std::size_t>(
        std::min<std::uint64_t>(body_piece_max, left_.value_or(body_piece_max)));
    if (asked == 0 || source_ == nullptr) return {};
    Bytes bytes;
    const BodyState state = source_->next(bytes, asked);
    if (bytes.size() > asked) throw std::runtime_error("a body gave more than it was asked for");
    if (bytes.empty() && state == BodyState::more)
        throw std::runtime_error("a body said more and gave nothing");
    if (left_) return counted(bytes, state);
    Piece piece{.bytes = chunk_of(bytes), .state = state};
    if (state == BodyState::ended) piece.bytes += "0\r\n\r\n";
    return piece;
}

OutgoingBody::Piece OutgoingBody::counted(const Bytes& bytes, BodyState state) {
    *left_ -= bytes.size();
    if (*left_ > 0 && state == BodyState::ended)
        throw std::runtime_error("a body is shorter than it said");
    return {.bytes = std::string(as_text(bytes)), .state = *left_ == 0 ? BodyState::ended : state};
}

}  // namespace vereda::http
