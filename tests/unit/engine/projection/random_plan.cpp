#include "tests/unit/engine/projection/random_plan.h"

#include <algorithm>

namespace vereda::tests {

using model::Entry;
using model::Write;

namespace {

/// Fills a plan: first which entries create what, then everything that names them.
class Planner {
  public:
    explicit Planner(std::mt19937_64& random) : random_(random) {}

    RandomPlan make() {
        for (int log = 0; log < 5; ++log) add_log("log " + std::to_string(log), log < 4 ? 1 : 2);
        for (const std::string& log : plan_.logs) {
            for (Entry& entry : plan_.entries[log]) {
                fill(entry);
                add_claims(entry);
            }
        }
        return std::move(plan_);
    }

  private:
    std::size_t below(std::size_t bound) { return random_() % bound; }
    bool chance(int percent) { return below(100) < static_cast<std::size_t>(percent); }
    template <class T>
    const T& pick(const std::vector<T>& from) {
        return from[below(from.size())];
    }

    void add_log(const std::string& log, int turf) {
        plan_.logs.push_back(log);
        plan_.turfs[log] = turf;
        const std::size_t count = 5 + below(20);
        for (std::size_t seq = 1; seq <= count; ++seq) {
            Entry entry{.dot = {log, seq}, .turf = turf};
            if (seq == 1 || chance(20)) {
                entry.kind = Entry::Kind::create_contact;
                entry.record = entry.dot;
                contacts_.push_back(entry.dot);
            } else if (chance(25)) {
                entry.kind = Entry::Kind::create_interaction;
                entry.record = entry.dot;
                interactions_.push_back(entry.dot);
            }
            all_.push_back(entry.dot);
            plan_.entries[log].push_back(entry);
        }
    }

    void fill(Entry& entry) {
        switch (entry.kind) {
            case Entry::Kind::create_contact:
                return fill_contact(entry);
            case Entry::Kind::create_interaction:
                return fill_interaction(entry);
            default:
                break;
        }
        if (!interactions_.empty() && chance(30)) {
            entry.record = of_turf(interactions_, entry.turf);
            entry.contact = of_turf(contacts_, entry.turf);
        } else {
            entry.record = of_turf(contacts_, entry.turf);
        }
        const std::size_t kind = below(10);
        if (kind == 0) {
            entry.kind = Entry::Kind::retract;
        } else if (kind == 1) {
            entry.kind = Entry::Kind::restore;
            entry.over = some_dots(entry);
        } else if (kind == 2 && !entry.contact) {
            entry.kind = Entry::Kind::lift;
            entry.channel = pick(channels_);
            entry.over = some_dots(entry);
        } else {
            fill_edit(entry);
        }
    }

    // Of each other log that the entry refers to: mostly that it was seen just so far, sometimes
    // further, and now and then what is not so.
    void add_claims(Entry& entry) {
        std::map<std::string, std::uint64_t> greatest;
        const auto refer = [&](const model::Dot& dot) {
            if (dot.log != entry.dot.log) greatest[dot.log] = std::max(greatest[dot.log], dot.seq);
        };
        refer(entry.record);
        if (entry.contact) refer(*entry.contact);
        for (const model::Dot& dot : entry.over) refer(dot);
        for (const Write& write : entry.writes) std::ranges::for_each(write.over, refer);
        for (const auto& [log, seq] : greatest) {
            const std::uint64_t further = chance(20) ? below(12) : 0;
            entry.claims[log] = {seq + further, !chance(15)};
        }
    }

    // A record of the entry's turf; rarely of another.
    model::Dot of_turf(const std::vector<model::Dot>& records, int turf) {
        for (int tries = 0; tries < 20; ++tries) {
            const model::Dot& dot = pick(records);
            if (plan_.turfs.at(dot.log) == turf || chance(5)) return dot;
        }
        return pick(records);
    }

    std::vector<model::Dot> some_dots(const Entry& entry) {
        std::set<model::Dot> dots;
        if (chance(60)) dots.insert(entry.record);
        const std::size_t more = below(6);
        for (std::size_t i = 0; i < more; ++i) dots.insert(pick(all_));
        dots.erase(entry.dot);
        return {dots.begin(), dots.end()};
    }

    void fill_contact(Entry& entry) {
        if (chance(50)) {
            entry.source = pick(sources_);
            const std::string key = "k" + std::to_string(below(4));
            entry.key = {entry.source, chance(20) ? key + std::string(90, 'k') : key};
        }
        for (const int field : registers_) {
            if (chance(60)) entry.writes.push_back({Write::Kind::set, field, pick(values_)});
        }
        for (const int field : sets_) {
            std::set<std::string> elements;
            while (chance(40)) elements.insert(pick(values_));
            for (const std::string& element : elements)
                entry.writes.push_back({Write::Kind::add, field, element});
        }
        add_consents(entry);
    }

    void fill_interaction(Entry& entry) {
        entry.contact = of_turf(contacts_, entry.turf);
        entry.writes = {
            {Write::Kind::set, 101, pick(kinds_)},
            {Write::Kind::set, 102, pick(outcomes_)},
            {Write::Kind::set, 104, std::to_string(1'600'000'000'000 + below(1000))}};
        if (chance(50)) entry.writes.push_back({Write::Kind::set, 103, pick(values_)});
    }

    void fill_edit(Entry& entry) {
        if (chance(40)) entry.source = pick(sources_);
        if (entry.contact) return fill_interaction_edit(entry);
        for (const int field : registers_) {
            if (chance(40))
                entry.writes.push_back(
                    {Write::Kind::set, field, pick(values_), false, some_dots(entry)});
        }
        for (const int field : sets_) {
            if (chance(40)) entry.writes.push_back({Write::Kind::add, field, pick(values_)});
            if (chance(40))
                entry.writes.push_back(
                    {Write::Kind::remove, field, pick(values_), false, some_dots(entry)});
        }
        if (chance(20)) add_consents(entry);
        if (entry.writes.empty())
            entry.writes.push_back({Write::Kind::set, 1, pick(values_), false, some_dots(entry)});
    }

    void fill_interaction_edit(Entry& entry) {
        entry.writes.push_back({Write::Kind::set, 102, pick(outcomes_), false, some_dots(entry)});
        if (chance(50))
            entry.writes.push_back({Write::Kind::set, 103, pick(values_), false, some_dots(entry)});
    }

    void add_consents(Entry& entry) {
        for (const std::string& channel : channels_) {
            if (chance(25))
                entry.writes.push_back({Write::Kind::consent, 0, channel, chance(50), {}});
        }
    }

    std::mt19937_64& random_;
    RandomPlan plan_;
    std::vector<model::Dot> contacts_;
    std::vector<model::Dot> interactions_;
    std::vector<model::Dot> all_;
    const std::vector<int> registers_{1, 2, 14, 20};
    const std::vector<int> sets_{6, 19};
    // The long ones may stay in the log, and begin alike.
    const std::vector<std::string> values_{
        "Ana",
        "Bo",
        "Céline",
        "Dmitri",
        "Eva " + std::string(90, 'a'),
        "Eva " + std::string(90, 'a') + "b"};
    const std::vector<std::string> sources_{"roll", "list", "sheet " + std::string(90, 's')};
    const std::vector<std::string> channels_{
        "sms", "email", "pigeon post", "letter " + std::string(90, 'l')};
    const std::vector<std::string> kinds_{"door", "call", "street theatre"};
    const std::vector<std::string> outcomes_{"spoke", "refused", "sang along"};
};

}  // namespace

RandomPlan make_plan(std::mt19937_64& random) { return Planner(random).make(); }

std::vector<Step> random_order(const RandomPlan& plan, std::mt19937_64& random) {
    std::map<std::string, std::size_t> next;
    std::vector<std::string> open = plan.logs;
    std::vector<Entry> withheld;
    std::vector<Step> steps;
    while (!open.empty() || !withheld.empty()) {
        if (!withheld.empty() && (open.empty() || random() % 8 == 0)) {
            const auto which = static_cast<std::ptrdiff_t>(random() % withheld.size());
            steps.push_back({Step::Kind::come_late, withheld[static_cast<std::size_t>(which)]});
            withheld.erase(withheld.begin() + which);
            continue;
        }
        const std::size_t which = random() % open.size();
        const std::string log = open[which];
        const Entry& entry = plan.entries.at(log)[next[log]++];
        if (random() % 10 == 0) {
            withheld.push_back(entry);
            steps.push_back({Step::Kind::withhold, entry});
        } else {
            steps.push_back({Step::Kind::read, entry});
        }
        if (next[log] == plan.entries.at(log).size())
            open.erase(open.begin() + static_cast<std::ptrdiff_t>(which));
    }
    return steps;
}

}  // namespace vereda::tests
