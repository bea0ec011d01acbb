#include "engine/schema/channels.h"

#include "engine/schema/fields.h"
#include "engine/text/word_list.h"

namespace vereda::engine {
namespace {

struct ChannelWords {
    std::string_view channel;
    WordList words;  ///< Folded, without spaces, separated by spaces.
};

constexpr ChannelWords channel_words[] = {
    {"sms", WordList{"sms text texts texting texto textos smsmessages смс رسائل"}},
    {"phone",
     WordList{
         "phone call calls calling telephone telefono telefone telefonema llamar llamada llamadas "
         "ligar appeler appel appels telephoner телефон звонить звонки "
         "звонок дзвонити дзвінки zvati اتصال الاتصال هاتف الهاتف"}},
    {"email",
     WordList{"email emails emailing correo correoelectronico courriel имеил электроннаяпочта "
              "електроннапошта بريدالكتروني"}},
    {"post",
     WordList{
         "mail post postal letter letters correopostal courrier carta cartas письма письмо листи"}},
    {"door", WordList{"door doors visit visits doorknock visita visitas visitar visite visites "
                      "visiter визит визиты "
                      "посещение візит زياره"}},
    {"whatsapp", WordList{"whatsapp"}},
    {"signal", WordList{"signal"}},
    {"telegram", WordList{"telegram телеграм"}},
};

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

}  // namespace vereda::engine
