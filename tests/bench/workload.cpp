#include "tests/bench/workload.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <sstream>

namespace vereda::bench {
namespace {

std::vector<std::string> split(const char* words) {
    std::istringstream in(words);
    std::vector<std::string> list;
    for (std::string word; in >> word;) list.push_back(word);
    return list;
}

const std::vector<std::string> given_names = split(
    "Ana Maria João Pedro Luís Sofia Inês Tiago Rui Marta Carla Paulo Nuno Rita Hugo Clara Amina "
    "Fatou Yusuf Omar "
    "Leila Samir Priya Arjun Wei Mei Jun Olga Ivan Nadia Petra Jan Eva Karel Tomas Lena Jonas Mia "
    "Felix Emma Noah "
    "Olivia Liam Ava Ethan Grace Chloe Lucas Hannah Oscar Ella Leo Ruby Max Alice Jack Harriet "
    "George Freya "
    "Arthur Isla Theo Daisy Alfie Poppy Archie Evie Henry Rosie Oliver Millie Jacob Florence "
    "Samuel Elsie Joseph "
    "Ivy Daniel Willow David Beatriz Miguel Teresa Diogo Joana Gonçalo Mariana Vasco Catarina "
    "Afonso");
const std::vector<std::string> family_names = split(
    "Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Sousa Fernandes Gonçalves "
    "Gomes Lopes Marques "
    "Alves Almeida Ribeiro Pinto Carvalho Teixeira Moreira Correia Mendes Nunes Soares Vieira "
    "Monteiro Cardoso "
    "Rocha Neves Coelho Cruz Cunha Pires Ramos Reis Simões Antunes Matos Fonseca Smith Jones "
    "Taylor Brown "
    "Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker White Roberts "
    "Green Hall Wood "
    "Jackson Clarke Khan Ali Hussain Ahmed Begum Singh Kaur Sharma Diallo Traore Sow Ba Ndiaye "
    "Okafor Mensah "
    "Adeyemi Novak Svoboda Dvorak Kowalski Nowak Wisniewska Petrov Ivanova Popescu Ionescu Chen "
    "Wang Li Zhang Liu "
    "Nguyen Tran Pham");
const std::vector<std::string> streets = split(
    "Station Church Mill Park Victoria Albert Queen King Garden Bridge School Chapel Orchard "
    "Meadow River Hill "
    "Spring North South West East Market Castle Abbey Cedar Elm Oak Ash Birch Maple Rowan Harbour "
    "Quay Canal "
    "Foundry Weaver Baker Cooper Tanner Forge");
const std::vector<std::string> vocabulary = split(
    "to about the and call wants back rent bus son daughter works evenings school worried spoke at "
    "door not home "
    "try after before Thursday Tuesday Saturday Monday weekend morning asked for leaflet prices "
    "clinic queue "
    "roads potholes safety lighting park closed shop neighbour said moved away mother father keen "
    "help stall "
    "flyers needs lift polling station postal vote registered unsure heating bills energy housing "
    "damp landlord "
    "council tax waiting list hospital nurse teacher driver retired student first time voter dog "
    "in garden ring "
    "twice side gate intercom broken flat buzzer number changed email sent again very friendly "
    "busy short chat "
    "long talk translation needed prefers text only no calls please remember card signed petition "
    "interested in "
    "meeting next week community centre library hours pension care sister brother wife husband "
    "partner kids "
    "nursery fees traffic crossing speed bins recycling noise trees flooding drains jobs wages "
    "contract union "
    "shift night weekend-only parking permits cycle lane pavement wheelchair access ramp undecided "
    "leaning maybe "
    "strong supporter undecided-still will think thinks both sides trust honest local issue "
    "national news heard "
    "radio saw poster window sign yes please deliver two copies spare key left note under mat");
const std::vector<std::string> kinds = split("door phone event street text email");
const std::vector<std::string> outcomes =
    split("spoke no_answer call_back refused moved volunteer leaning undecided wrong_number");
const std::vector<std::string> cities =
    split("Lisboa Porto Braga Coimbra Leeds Bristol Derby Hull");
const std::vector<std::string> languages = split("pt en fr ar hi zh uk ro");
const std::vector<std::string> channels = split("phone email whatsapp signal post none");
const std::vector<std::string> supports = split("1 2 3 4 5 unknown");
const std::vector<std::string> ways = split("Street Road Lane Avenue");
constexpr std::int64_t first_ms = 1'762'000'000'000;

// sfc32 on 32-bit integers: the same numbers everywhere.
class Random {
  public:
    explicit Random(std::uint32_t seed) : a_(seed) {
        for (int i = 0; i < 20; ++i) next();
    }
    std::uint32_t next() {
        const std::uint32_t t = a_ + b_ + d_++;
        a_ = b_ ^ (b_ >> 9);
        b_ = c_ + (c_ << 3);
        c_ = (c_ << 21) | (c_ >> 11);
        c_ += t;
        return t;
    }
    double fraction() { return next() / 4294967296.0; }
    std::size_t up_to(std::size_t n) {
        return static_cast<std::size_t>(fraction() * static_cast<double>(n));
    }
    template <class List>
    const auto& pick(const List& list) {
        return list[up_to(list.size())];
    }

  private:
    std::uint32_t a_, b_ = 0x9e3779b9, c_ = 0x243f6a88, d_ = 1;
};

// Words as people use them: few often, most seldom (Zipf, exponent 0.9).
class Words {
  public:
    explicit Words(std::vector<std::string> words) : words_(std::move(words)) {
        double sum = 0;
        for (std::size_t i = 0; i < words_.size(); ++i) {
            sum += 1 / std::pow(static_cast<double>(i + 2), 0.9);
            cumulated_.push_back(sum);
        }
        for (double& value : cumulated_) value /= sum;
    }
    const std::string& word(Random& random) const {
        const double x = random.fraction();
        std::size_t low = 0, high = cumulated_.size() - 1;
        while (low < high) {
            const std::size_t middle = (low + high) / 2;
            if (cumulated_[middle] < x) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return words_[low];
    }
    std::string note(Random& random) const {
        const std::size_t length = 40 + random.up_to(41);
        std::string text = word(random);
        text[0] = static_cast<char>(std::toupper(text[0]));
        while (text.size() < length) {
            text += random.up_to(9) == 0 ? ", " : " ";
            text += word(random);
            if (random.up_to(23) == 0) text += " " + std::to_string(1 + random.up_to(20));
        }
        return text;
    }

  private:
    std::vector<std::string> words_;
    std::vector<double> cumulated_;
};

const Words& usual_words() {
    static const Words words(vocabulary);
    return words;
}

// Lower case and without the accents that occur in the lists above.
std::string plain(const std::string& name) {
    static const std::array<std::pair<const char*, char>, 10> accents{
        {{"ã", 'a'},
         {"á", 'a'},
         {"é", 'e'},
         {"ê", 'e'},
         {"í", 'i'},
         {"ó", 'o'},
         {"õ", 'o'},
         {"ú", 'u'},
         {"ç", 'c'},
         {"â", 'a'}}};
    std::string text;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const auto accent = std::find_if(accents.begin(), accents.end(), [&](const auto& pair) {
            return name.compare(i, 2, pair.first) == 0;
        });
        if (accent == accents.end()) {
            text += static_cast<char>(std::tolower(static_cast<unsigned char>(name[i])));
        } else {
            text += accent->second;
            ++i;
        }
    }
    return text;
}

std::string make_value(Random& random, std::size_t field) {
    switch (field) {
        case 0:
            return random.pick(given_names);
        case 1:
            return random.pick(family_names);
        case 2:
            return "+351 9" + std::to_string(10000000 + random.up_to(89999999));
        case 3: {
            const std::string given = random.pick(given_names);
            const std::string family = random.pick(family_names);
            return plain(given) + "." + plain(family) + std::to_string(random.up_to(1000)) +
                   "@example.org";
        }
        case 4: {
            const std::string number = std::to_string(1 + random.up_to(180));
            const std::string street = random.pick(streets);
            return number + " " + street + " " + random.pick(ways);
        }
        case 5:
            return random.pick(cities);
        case 6: {
            const std::string number = std::to_string(1 + random.up_to(48));
            return (number.size() == 1 ? "D0" : "D") + number;
        }
        case 7:
            return random.pick(languages);
        case 8:
            return std::to_string(1935 + random.up_to(72));
        case 9:
            return random.pick(supports);
        case 10:
            return usual_words().note(random);
        default:
            return random.pick(channels);
    }
}

Deed make_visit(Random& random, std::size_t people, std::int64_t at_ms, const Words& words) {
    Deed deed{.visit = true, .at_ms = at_ms};
    random.next(),
        random.next();  // the visit's own name in other systems; a dot is name enough here
    deed.person = random.up_to(people);
    deed.kind = random.pick(kinds);
    deed.outcome = random.pick(outcomes);
    deed.note = words.note(random);
    return deed;
}

// The (person, field) pairs that each laptop edits; the first of them are edited by two.
std::vector<std::vector<std::size_t>> shared_targets(
    const FieldDayOptions& o, Random& random, std::set<std::size_t>& used) {
    std::vector<std::vector<std::size_t>> targets(o.laptops);
    const auto each =
        static_cast<std::size_t>(std::lround(static_cast<double>(o.edits) * o.conflicting));
    const std::size_t pairs = o.laptops > 1 ? o.laptops * each / 2 : 0;
    for (std::size_t k = 0; k < pairs; ++k) {
        const std::size_t a = k % o.laptops;
        const std::size_t b = (a + 1 + k / o.laptops % (o.laptops - 1)) % o.laptops;
        std::size_t target = 0;
        do {
            target = random.up_to(o.people) * 12;
            target += random.up_to(12);
        } while (!used.insert(target).second);
        targets[a].push_back(target);
        targets[b].push_back(target);
    }
    return targets;
}

std::vector<Deed> make_day(
    const FieldDayOptions& o, std::size_t laptop, const std::vector<std::size_t>& targets) {
    Random random(o.seed * 1000003 + 100 + static_cast<std::uint32_t>(laptop));
    constexpr std::size_t visit = SIZE_MAX;
    std::vector<std::size_t> sequence(o.visits, visit);
    sequence.insert(sequence.end(), targets.begin(), targets.end());
    for (std::size_t i = sequence.size() - 1; i > 0; --i)
        std::swap(sequence[i], sequence[random.up_to(i + 1)]);
    std::vector<Deed> day;
    std::int64_t at = first_ms + static_cast<std::int64_t>(random.up_to(600000));
    for (const std::size_t what : sequence) {
        at += 5000 + static_cast<std::int64_t>(random.up_to(80000));
        if (what == visit) {
            day.push_back(make_visit(random, o.people, at, usual_words()));
            continue;
        }
        Deed deed{.visit = false, .person = what / 12, .field = what % 12, .at_ms = at};
        deed.value = make_value(random, deed.field);
        day.push_back(std::move(deed));
    }
    return day;
}

std::vector<Deed> make_log(
    std::size_t count, std::size_t people, std::uint32_t seed, const Words& words) {
    Random random(seed * 1000003 + 50);
    std::vector<Deed> log;
    std::int64_t at = first_ms;
    for (std::size_t i = 0; i < count; ++i) {
        at += 5000 + static_cast<std::int64_t>(random.up_to(80000));
        log.push_back(make_visit(random, people, at, words));
    }
    return log;
}

}  // namespace

const std::vector<std::string> person_fields{
    "given_name", "family_name", "phone",      "email",   "address_line", "city",
    "district",   "language",    "birth_date", "support", "notes",        "preferred_channel"};

FieldDayWork make_field_day(const FieldDayOptions& options) {
    FieldDayWork work;
    Random random(options.seed * 1000003);
    for (std::size_t i = 0; i < options.people; ++i) {
        Person person;
        for (std::size_t field = 0; field < 12; ++field)
            person.values.push_back(make_value(random, field));
        work.people.push_back(std::move(person));
    }
    Random targeting(options.seed * 1000003 + 1);
    std::set<std::size_t> used;
    auto targets = shared_targets(options, targeting, used);
    for (std::size_t laptop = 0; laptop < options.laptops; ++laptop) {
        while (targets[laptop].size() < options.edits) {
            std::size_t target = targeting.up_to(options.people) * 12;
            target += targeting.up_to(12);
            if (used.insert(target).second) targets[laptop].push_back(target);
        }
        work.days.push_back(make_day(options, laptop, targets[laptop]));
        targeting =
            Random(options.seed * 1000003 + 1 + 7919 * static_cast<std::uint32_t>(laptop + 1));
    }
    return work;
}

std::vector<Deed> make_long_log(std::size_t count, std::size_t people, std::uint32_t seed) {
    return make_log(count, people, seed, usual_words());
}

std::vector<Deed> make_wordy_log(std::size_t count, std::size_t people, std::size_t words) {
    std::vector<std::string> invented;
    Random random(7);
    while (invented.size() < words) {
        std::string word;
        const std::size_t syllables = 1 + random.up_to(4);
        for (std::size_t i = 0; i < syllables; ++i) {
            word += "bcdfghjklmnprstvz"[random.up_to(17)];
            word += "aeiou"[random.up_to(5)];
        }
        invented.push_back(word + std::to_string(invented.size() % 7));
    }
    return make_log(count, people, 1, Words(std::move(invented)));
}

}  // namespace vereda::bench
