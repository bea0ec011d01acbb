#include "engine/schema/channels.h"

#include "engine/schema/fields.h"
#include "engine/text/nearest_word.h"
#include "engine/text/word_list.h"

namespace vereda::engine {
namespace {

struct ChannelWords {
    std::string_view channel;
    std::string_view words;  ///< Folded, without spaces, separated by spaces.
};

constexpr ChannelWords channel_words[] = {
    {"sms", "sms text texts texting texto textos smsmessages смс رسائل"},
    {"phone",
     "phone call calls calling telephone telefono telefone telefonema llamar llamada llamadas "
     "ligar appeler appel appels telephoner телефон звонить звонки "
     "звонок дзвонити дзвінки zvati اتصال الاتصال هاتف الهاتف"},
    {"email",
     "email emails emailing correo correoelectronico courriel имеил электроннаяпочта "
     "електроннапошта بريدالكتروني"},
    {"post",
     "mail post postal letter letters correopostal courrier carta cartas письма письмо листи"},
    {"door",
     "door doors visit visits doorknock visita visitas visitar visite visites visiter визит визиты "
     "посещение візит زياره"},
    {"whatsapp", "whatsapp"},
    {"signal", "signal"},
    {"telegram", "telegram телеграм"},
};

// "correo" means email to people; so does "emial".
std::string meant_by(std::string_view typed, const std::vector<std::string_view>& words) {
    if (const auto other_language = channel_of(typed)) return *other_language;
    return std::string(nearest_word(typed, words).value_or(""));
}

}  // namespace

std::optional<std::string_view> channel_of_plain(std::string_view word) {
    for (const ChannelWords& each : channel_words) {
        if (lists_word(each.words, word)) return each.channel;
    }
    return std::nullopt;
}

std::optional<std::string> channel_of(std::string_view word) {
    const auto channel = channel_of_plain(plain_title(word));
    return channel ? std::optional<std::string>(*channel) : std::nullopt;
}

std::vector<std::string> every_channel() {
    std::vector<std::string> channels;
    for (const Term& term : terms(Vocabulary::channel)) channels.emplace_back(term.word);
    return channels;
}

std::string channels_known(std::string_view typed) {
    std::vector<std::string_view> words;
    std::string text = "the channels are ";
    for (const Term& term : terms(Vocabulary::channel)) {
        if (!words.empty()) text += ", ";
        text += term.word;
        words.push_back(term.word);
    }
    const std::string meant = meant_by(typed, words);
    return meant.empty() ? text : text + "; did you mean " + meant + "?";
}

}  // namespace vereda::engine
