#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Columns about consent: "consent_sms", "Do not phone", "opt out", "No llamar". A withdrawal read
/// wrongly as consent is what hurts people, so every doubt is a rejection for a person to look at,
/// and "no" is a withdrawal.
namespace vereda::engine {

struct ConsentColumn {
    /// Words of the schema's vocabulary; "opt out" concerns every one.
    std::vector<std::string> channels;
    /// "consent_sms": yes gives it. Otherwise "do not phone": yes withdraws it.
    bool asks_for_consent = true;
};

/// Nothing if `title` is not about consent.
[[nodiscard]] std::optional<ConsentColumn> consent_column(std::string_view title);

/// How an export titles a channel's column: this, then the channel.
inline constexpr std::string_view consent_title = "consent_";
/// The channel in such a title, known or not; nothing for other titles.
[[nodiscard]] std::optional<std::string_view> channel_in_title(std::string_view title);

enum class ConsentAnswer { none, given, withdrawn, unclear };

/// What a cell says in such a column. Empty, "-" and, under "do not phone", "no" say nothing.
[[nodiscard]] ConsentAnswer consent_answer(const ConsentColumn& column, std::string_view cell);

}  // namespace vereda::engine
