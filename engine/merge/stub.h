#pragma once

#include <string>
#include <string_view>

#include "crypto/bytes.h"

/// Texts that stay in the log. Some hundred bytes of a block may hold 128 KiB of text. The
/// projection keeps stubs of the long texts of such a block, and of the long keys of every block.
/// Who shows a text reads its entry again (engine/projection/entry_texts.h). Equal texts have
/// equal stubs, on every laptop.
///
///     stub = 0xff, which begins neither a CBOR item nor UTF-8
///          | 14 bytes of BLAKE2b of the text
///          | of a value, how it begins: at most 16 bytes, to show in lists
namespace vereda::engine {

/// Bytes. A text that is no longer than this never becomes a stub.
inline constexpr std::size_t kept_text_max = 64;

/// How a state keeps its texts.
enum class TextForm {
    whole,  ///< As they were written: for those who show them.
    keyed,  ///< Long elements, sources and keys as stubs: a record is the same on every laptop.
    stubs,  ///< Long values, too.
};

[[nodiscard]] inline bool is_stub(std::string_view kept) { return kept.starts_with('\xff'); }
/// A stub without a beginning: short enough that a std::string needs no memory of its own for it.
[[nodiscard]] std::string stub_of(std::string_view text);
/// A stub with the beginning of the words that a CBOR item holds.
[[nodiscard]] std::string stub_of_value(std::string_view value);
/// The part of a stub that names the text, without its beginning.
[[nodiscard]] std::string_view name_in_stub(std::string_view stub);
/// How the text of a stub begins, with a mark that it goes on.
[[nodiscard]] std::string beginning_of(std::string_view stub);
/// The beginning of a long text that stands in a list, with a mark that it goes on.
[[nodiscard]] std::string beginning(std::string_view text);
/// Whether two texts are the same; each may be a stub.
[[nodiscard]] bool is_same_text(std::string_view a, std::string_view b);

/// A text in the form in which a state keeps it. Borrows the text unless it makes a stub.
class KeptText {
  public:
    /// A value of a register.
    [[nodiscard]] static KeptText value(std::string_view text, TextForm form) {
        return KeptText(text, form == TextForm::stubs ? stub_of_value : nullptr);
    }
    /// An element of a set, a source or an external key: what things are found by.
    [[nodiscard]] static KeptText key(std::string_view text, TextForm form = TextForm::keyed) {
        return KeptText(text, form != TextForm::whole ? stub_of : nullptr);
    }
    KeptText(const KeptText&) = delete;
    KeptText& operator=(const KeptText&) = delete;

    [[nodiscard]] std::string_view view() const { return stub_.empty() ? text_ : stub_; }

  private:
    KeptText(std::string_view text, std::string (*shorten)(std::string_view)) : text_(text) {
        if (shorten != nullptr && text.size() > kept_text_max) stub_ = shorten(text);
    }
    std::string_view text_;
    std::string stub_;
};

}  // namespace vereda::engine
