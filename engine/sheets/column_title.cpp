#include "engine/sheets/column_title.h"

#include <algorithm>
#include <map>

#include "engine/text/fold.h"
#include "engine/text/word_list.h"

namespace vereda::engine {
namespace {

struct Titles {
    std::string_view field;
    /// Separated by |; written as people write them, compared as `plain_title`.
    WordList titles;
};

/// A further title is one more word here. Sources: exports of CiviCRM, OSDI, NationBuilder, Google
/// Contacts and Outlook; voter files.
constexpr Titles table[] = {
    {"given_name",
     WordList{
         "first|first name|given name|given names|forename|christian name|nombre de pila|primer "
         "nombre|nombres|prénom|prénoms|primeiro nome|"
         "nome próprio|имя отчество|الاسم الأول|الاسم الشخصي|الإسم الشخصي"}},
    {"family_name",
     WordList{"last|last name|family name|surname|apellido|apellidos|primer "
              "apellido|sobrenome|apelido|último nome|nom de famille|фамилия|прізвище|"
              "презиме|prezime|اسم العائلة|اللقب|النسب|الاسم العائلي|الكنية"}},
    {"additional_name",
     WordList{
         "middle|middle name|middle initial|additional name|second name|segundo nombre|segundo "
         "apellido|nome do meio|deuxième prénom|отчество|"
         "по батькові|اسم الأب|الاسم الأوسط"}},
    {"name",
     WordList{"full name|display name|organisation|organization|organisation name|organization "
              "name|household name|company|company name|"
              "nombre completo|nombre y apellido|nombre y apellidos|organización|empresa|nome "
              "completo|organização|nom complet|"
              "nom et prénom|organisme|фио|ф.и.о.|полное имя|организация|піб|п.і.б.|повне "
              "ім'я|організація|الاسم الكامل|الاسم واللقب|المنظمة|الجمعية"}},
    {column_part::bare_name, WordList{"name|nombre|nome|nom|ime|имя|ім'я|име|الاسم|الإسم"}},
    {column_part::kind, WordList{"kind|contact type|type of contact|tipo de contacto"}},
    {"phones",
     WordList{"phone|phones|phone number|telephone|telephone number|tel|cell|cellphone|cell "
              "number|mobile "
              "number|mobile phone|landline|"
              "teléfono|teléfonos|número de "
              "teléfono|móvil|celular|telefone|telefones|telemóvel|téléphone|numéro de "
              "téléphone|portable|"
              "телефон|номер телефона|мобильный|мобильный телефон|моб. телефон|сотовый|номер "
              "телефону|мобільний|мобільний телефон|telefon|"
              "الهاتف|هاتف|رقم الهاتف|الجوال|رقم الجوال|المحمول|الموبايل|موبايل"}},
    {"emails", WordList{"email|emails|e-mail|e-mails|email address|mail|correo|correos|correo "
                        "electrónico|correo-e|dirección de correo|correio eletrónico|"
                        "correio eletrônico|courriel|adresse email|adresse "
                        "électronique|почта|электронная почта|эл. "
                        "почта|имейл|пошта|електронна пошта|"
                        "ел. пошта|البريد|البريد الإلكتروني|بريد إلكتروني|الإيميل|ايميل"}},
    {"address_line",
     WordList{
         "address|addresses|address line|street|street address|street name|mailing address|postal "
         "address|supplemental address|residential address|"
         "dirección|domicilio|calle|endereço|morada|rua|logradouro|adresse|rue|адрес|улица|адреса|"
         "вулиця|ulica|adresa|العنوان|عنوان|الشارع"}},
    {column_part::house_number,
     WordList{"street number|house number|house no|building number|número exterior|nº|номер "
              "дома|дом|будинок|رقم المنزل"}},
    {"city",
     WordList{"city|town|village|suburb|locality|municipality|ciudad|localidad|municipio|pueblo|"
              "población|poblado|cidade|município|localidade|ville|commune|"
              "localité|город|населённый пункт|село|місто|населений "
              "пункт|grad|град|المدينة|مدينة|البلدية|القرية"}},
    {"region",
     WordList{"region|state|province|state province|departamento|provincia|estado|región|comunidad "
              "autónoma|distrito federal|província|região|uf|"
              "département|région|état|область|регион|край|область/"
              "край|регіон|المحافظة|الولاية|الإقليم|الجهة|المنطقة"}},
    {"postal_code",
     WordList{"zip|zip code|zipcode|postal code|postcode|post code|código postal|c.p.|cep|code "
              "postal|cp|индекс|почтовый индекс|індекс|поштовий індекс|"
              "الرمز البريدي"}},
    {"country", WordList{"country|país|pays|страна|країна|država|البلد|الدولة"}},
    {"district",
     WordList{"district|voting district|precinct|ward|constituency|county|polling "
              "station|distrito|sección|sección electoral|circunscripción|colonia|"
              "barrio|vereda|corregimiento|bairro|zona "
              "eleitoral|freguesia|circonscription|canton|quartier|arrondissement|район|округ|"
              "избирательный "
              "округ|"
              "участок|избирательный участок|виборчий округ|виборча "
              "дільниця|дільниця|opština|الدائرة|الدائرة الانتخابية|الحي|مركز الاقتراع"}},
    {"language",
     WordList{"language|preferred language|languages|spoken language|idioma|lengua|idioma "
              "preferido|língua|langue|язык|мова|jezik|اللغة|اللغة المفضلة"}},
    {"birth_date",
     WordList{
         "birth date|birthdate|date of birth|birthday|born|fecha de nacimiento|nacimiento|data "
         "de nascimento|nascimento|date de naissance|"
         "né le|дата рождения|день рождения|дата народження|день народження|datum rođenja|تاريخ "
         "الميلاد|تاريخ الازدياد"}},
    {column_part::dob, WordList{"dob"}},
    {column_part::birth_year,
     WordList{
         "yob|year of birth|birth year|año de nacimiento|ano de nascimento|année de naissance|год "
         "рождения|рік народження|سنة الميلاد"}},
    {column_part::birth_month, WordList{"mob|month of birth|birth month|mes de nacimiento|mês de "
                                        "nascimento|mois de naissance|месяц "
                                        "рождения"}},
    {column_part::birth_day,
     WordList{
         "day of birth|birth day number|día de nacimiento|dia de nascimento|jour de naissance"}},
    {"gender", WordList{"gender|sex|género|sexo|genre|sexe|gênero|пол|стать|pol|الجنس|النوع"}},
    {"notes",
     WordList{
         "note|notes|comment|comments|remarks|observations|nota|notas|observaciones|comentario|"
         "comentarios|observações|remarque|remarques|commentaire|"
         "commentaires|заметки|примечание|примечания|комментарий|комментарии|примітка|примітки|"
         "коментар|нотатки|ملاحظات|ملاحظة"}},
    {"preferred_channel",
     WordList{
         "preferred channel|preferred contact|preferred contact method|contact "
         "preference|preferred "
         "communication method|canal preferido|"
         "medio de contacto|contacto preferido|canal préféré|предпочтительный способ связи|способ "
         "связи|спосіб зв'язку|وسيلة الاتصال المفضلة"}},
    {"tags", WordList{"tag|tags|label|labels|groups|group "
                      "membership|etiqueta|etiquetas|grupos|étiquette|étiquettes|метка|метки|теги|"
                      "мітки|теґи|الوسوم|"
                      "وسوم"}},
    {"support",
     WordList{"support|support level|support score|apoyo|nivel de apoyo|apoio|soutien|niveau de "
              "soutien|поддержка|підтримка|podrška|الدعم|مستوى الدعم"}},
    {"household",
     WordList{"household|household id|hogar|id hogar|agregado "
              "familiar|foyer|ménage|домохозяйство|домогосподарство|الأسرة|رقم الأسرة"}},
    {"occupation",
     WordList{
         "occupation|job "
         "title|profession|ocupación|profesión|cargo|profissão|métier|профессия|должность|професія|"
         "посада|المهنة"}},
    {"employer",
     WordList{
         "employer|workplace|empleador|lugar de trabajo|empregador|employeur|место работы|місце "
         "роботи|جهة العمل"}},
    {"links", WordList{"website|web site|url|links|sitio web|página web|site "
                       "web|сайт|веб-сайт|الموقع الإلكتروني"}},
};

/// Words that say which of several, not what: the field is the same without them. Folded.
constexpr WordList qualifiers{
    "home work mobile primary main other billing personal business private value line secondary "
    "alternate no nr num number "
    "casa trabajo principal otro otra particular trabalho outro domicile travail autre домашнии "
    "рабочии дополнительныи "
    "основнои домашніи робочии додатковии"};

using Table = std::map<std::string, std::string_view, std::less<>>;

Table make_table() {
    Table titles;
    for (const Titles& row : table) {
        const std::string_view written = row.titles.words;
        for (std::size_t at = 0; at <= written.size();) {
            const std::size_t end = std::min(written.find('|', at), written.size());
            titles.emplace(plain_title(written.substr(at, end - at)), row.field);
            at = end + 1;
        }
        std::string name(row.field);
        titles.emplace(plain_title(name), row.field);
    }
    return titles;
}

bool is_number(std::string_view word) {
    return std::ranges::all_of(word, [](char letter) { return letter >= '0' && letter <= '9'; });
}

std::string without_qualifiers(std::string_view title) {
    std::string kept;
    for (const std::string& word : words(title)) {
        const bool qualifies = lists_word(qualifiers, word);
        if (!qualifies && !is_number(word)) kept += word;
    }
    return kept;
}

}  // namespace

bool column_part::is_part(std::string_view field) {
    return field == birth_year || field == birth_month || field == birth_day ||
           field == house_number || field == kind;
}

std::string_view field_of_title(std::string_view title) {
    static const Table titles = make_table();
    if (const auto found = titles.find(plain_title(title)); found != titles.end())
        return found->second;
    const auto found = titles.find(without_qualifiers(title));
    if (found != titles.end()) return found->second;
    if (plain_title(title) == "mobile" || plain_title(title) == "cell") return "phones";
    return {};
}

}  // namespace vereda::engine
