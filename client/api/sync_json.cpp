#include "client/api/sync_json.h"

namespace vereda::client {

std::vector<std::string> hidden_ids(const SyncNews& news) {
    std::vector<std::string> ids = news.hidden_contacts;
    ids.insert(ids.end(), news.hidden_visits.begin(), news.hidden_visits.end());
    return ids;
}

}  // namespace vereda::client
