#include "client/line/https_connection.h"

#include <array>
#include <curl/curl.h>
#include <openssl/ssl.h>
#include <unistd.h>
#include <utility>

#include "crypto/assert.h"

namespace vereda::client {
namespace {

constexpr std::size_t head_bytes_max = 16 * 1024;
constexpr long slowest_bytes_per_second = 16;

void start_curl_once() {
    static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
    VEREDA_ASSERT(started == CURLE_OK);
}

/// A list of header lines for curl; owns it.
class HeaderList {
  public:
    HeaderList() = default;
    HeaderList(const HeaderList&) = delete;
    HeaderList& operator=(const HeaderList&) = delete;
    ~HeaderList() { curl_slist_free_all(list_); }
    void add(const std::string& line) {
        curl_slist* longer = curl_slist_append(list_, line.c_str());
        if (longer == nullptr) throw std::bad_alloc();
        list_ = longer;
    }
    [[nodiscard]] curl_slist* get() const { return list_; }

  private:
    curl_slist* list_ = nullptr;
};

/// What curl's callbacks write into.
struct Arriving {
    http::Response response;
    std::size_t head_bytes = 0;
    std::size_t body_bytes_max = 0;
    bool too_large = false;
};

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view spaces = " \t\r\n";
    const std::size_t first = text.find_first_not_of(spaces);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(spaces) - first + 1);
}

std::size_t receive_head_line(char* data, std::size_t, std::size_t size, void* target) {
    Arriving& arriving = *static_cast<Arriving*>(target);
    const std::string_view line(data, size);
    arriving.head_bytes += size;
    if (arriving.head_bytes > head_bytes_max) {
        arriving.too_large = true;
        return 0;
    }
    if (line.starts_with("HTTP/")) arriving.response.headers = {};  // after a 1xx
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || line.starts_with("HTTP/")) return size;
    arriving.response.headers.add(
        lower(line.substr(0, colon)), std::string(trim(line.substr(colon + 1))));
    return size;
}

std::size_t receive_body(char* data, std::size_t, std::size_t size, void* target) {
    Arriving& arriving = *static_cast<Arriving*>(target);
    if (arriving.response.body.size() + size > arriving.body_bytes_max) {
        arriving.too_large = true;
        return 0;
    }
    append(arriving.response.body, std::string_view(data, size));
    return size;
}

/// The last moment at which the socket's counters can be read.
int close_socket(void* counted, curl_socket_t socket) {
    *static_cast<ByteCount*>(counted) += bytes_on_socket(socket);
    return ::close(socket);
}

/// A short ClientHello: what a hub of ours understands, and nothing for TLS 1.2.
CURLcode prepare_tls(CURL*, void* context, void*) {
    SSL_CTX* tls = static_cast<SSL_CTX*>(context);
    SSL_CTX_set_options(
        tls, SSL_OP_NO_TICKET | SSL_OP_NO_ENCRYPT_THEN_MAC | SSL_OP_NO_EXTENDED_MASTER_SECRET);
    const bool prepared =
        SSL_CTX_set1_sigalgs_list(tls, "ed25519:ECDSA+SHA256:RSA-PSS+SHA256") == 1;
    return prepared ? CURLE_OK : CURLE_SSL_CONNECT_ERROR;
}

LinkError link_error(CURLcode code) {
    switch (code) {
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            return LinkError::wrong_pin;
        case CURLE_OPERATION_TIMEDOUT:
            return LinkError::timeout;
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CIPHER:
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_HTTP2:
        case CURLE_BAD_CONTENT_ENCODING:
            return LinkError::not_a_hub;
        default:
            return LinkError::unreachable;
    }
}

}  // namespace

struct HttpsConnection::Curl {
    CURL* handle = nullptr;
    const LinkOptions options;
    const std::string base_url;
    ByteCount closed;  // of connections gone
    std::array<char, CURL_ERROR_SIZE> failure{};

    explicit Curl(const LinkOptions& options_) : options(options_), base_url(options_.hub.url()) {
        open();
    }
    Curl(const Curl&) = delete;
    Curl& operator=(const Curl&) = delete;
    ~Curl() { curl_easy_cleanup(handle); }

    void open() {
        handle = curl_easy_init();
        if (handle == nullptr) throw std::bad_alloc();
        trust_the_pin_alone(options.pin);
        go_straight(options.proxy);
        give_up_in_time();
        set(CURLOPT_HEADERFUNCTION, receive_head_line);
        set(CURLOPT_WRITEFUNCTION, receive_body);
        set(CURLOPT_CLOSESOCKETFUNCTION, close_socket);
        set(CURLOPT_CLOSESOCKETDATA, &closed);
        set(CURLOPT_ERRORBUFFER, failure.data());
    }

    template <class Value>
    void set(CURLoption option, Value value) {
        const CURLcode code = curl_easy_setopt(handle, option, value);
        VEREDA_ASSERT(code == CURLE_OK);
    }

    /// No authority vouches for a hub: its key does. The check of names and chains is off, that of
    /// the pin is not, and it comes before the first byte of the request.
    void trust_the_pin_alone(const http::TlsPin& pin) {
        set(CURLOPT_SSL_VERIFYPEER, 0L);
        set(CURLOPT_SSL_VERIFYHOST, 0L);
        set(CURLOPT_PINNEDPUBLICKEY, http::pin_text(pin).c_str());
        set(CURLOPT_CAINFO,
            static_cast<const char*>(nullptr));  // or 140 certificates are read for nothing
        set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
        set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_3));
        set(CURLOPT_TLS13_CIPHERS, "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256");
        set(CURLOPT_SSL_EC_CURVES, "X25519");
        set(CURLOPT_SSL_ENABLE_ALPN, 0L);
        set(CURLOPT_SSL_SESSIONID_CACHE, 0L);
        set(CURLOPT_SSL_CTX_FUNCTION, prepare_tls);
    }

    void go_straight(const std::string& proxy) {
        set(CURLOPT_PROTOCOLS_STR, "https");
        set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
        set(CURLOPT_FOLLOWLOCATION, 0L);
        set(CURLOPT_PATH_AS_IS, 1L);
        set(CURLOPT_PROXY, proxy.c_str());  // empty, not unset: the environment has no say
        if (proxy.empty()) set(CURLOPT_NOPROXY, "*");
    }

    void give_up_in_time() {
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_time.count()));
        set(CURLOPT_LOW_SPEED_LIMIT, slowest_bytes_per_second);
        set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.stall_time.count()));
        set(CURLOPT_TCP_KEEPALIVE, 1L);
    }

    void prepare(const http::Request& request, const HeaderList& headers, Arriving& arriving) {
        set(CURLOPT_URL, (base_url + request.target).c_str());
        if (request.method == "POST") {
            set(CURLOPT_POST, 1L);
            set(CURLOPT_POSTFIELDS, request.body.data());
            set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        } else {
            VEREDA_ASSERT(request.method == "GET");
            set(CURLOPT_HTTPGET, 1L);
        }
        set(CURLOPT_HTTPHEADER, headers.get());
        set(CURLOPT_HEADERDATA, &arriving);
        set(CURLOPT_WRITEDATA, &arriving);
    }

    [[nodiscard]] unsigned status() const {
        long code = 0;
        curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &code);
        return static_cast<unsigned>(code);
    }
};

HttpsConnection::HttpsConnection(const LinkOptions& options) {
    start_curl_once();
    curl_ = std::make_unique<Curl>(options);
}

HttpsConnection::~HttpsConnection() = default;

std::expected<http::Response, LinkError> HttpsConnection::exchange(const http::Request& request) {
    static const std::uint8_t empty = 0;
    HeaderList headers;
    headers.add("Accept:");  // none, and no Expect either
    headers.add("Expect:");
    for (const http::Header& line : request.headers.lines())
        headers.add(line.name + ": " + line.value);
    Arriving arriving;
    arriving.body_bytes_max = curl_->options.answer_bytes_max;
    curl_->prepare(request, headers, arriving);
    if (request.method == "POST" && request.body.empty()) curl_->set(CURLOPT_POSTFIELDS, &empty);

    curl_->failure[0] = '\0';
    const CURLcode code = curl_easy_perform(curl_->handle);
    curl_->set(CURLOPT_HTTPHEADER, static_cast<curl_slist*>(nullptr));
    if (code != CURLE_OK) {
        last_failure_ =
            curl_->failure[0] != '\0' ? curl_->failure.data() : curl_easy_strerror(code);
        return std::unexpected(arriving.too_large ? LinkError::answer_too_large : link_error(code));
    }
    arriving.response.status = curl_->status();
    return std::move(arriving.response);
}

ByteCount HttpsConnection::bytes() const {
    ByteCount total = curl_->closed;
    curl_socket_t open = CURL_SOCKET_BAD;
    curl_easy_getinfo(curl_->handle, CURLINFO_ACTIVESOCKET, &open);
    if (open != CURL_SOCKET_BAD) total += bytes_on_socket(open);
    return total;
}

void HttpsConnection::disconnect() {
    curl_easy_cleanup(std::exchange(curl_->handle, nullptr));
    curl_->open();
}

}  // namespace vereda::client
