#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "protocol/http/listener/body_source.h"

/// Bodies for the tests of the listener.
namespace vereda::http::test {

/// Letters of the alphabet, over and over, as many as one likes.
class Letters : public BodySource {
  public:
    struct Told {
        std::atomic<std::uint64_t> given = 0;
        std::atomic<int> alive = 0;
    };
    enum class Announced { yes, no };

    Letters(std::uint64_t size, Announced announced, std::shared_ptr<Told> told = {})
        : size_(size),
          announced_(announced),
          told_(told != nullptr ? std::move(told) : std::make_shared<Told>()) {
        ++told_->alive;
    }
    ~Letters() override { --told_->alive; }

    static std::string text(std::uint64_t from, std::uint64_t size) {
        std::string letters;
        for (std::uint64_t at = from; at < from + size; ++at)
            letters += static_cast<char>('a' + at % 26);
        return letters;
    }

    [[nodiscard]] std::optional<std::uint64_t> size() const override {
        if (announced_ == Announced::no) return std::nullopt;
        return size_;
    }
    [[nodiscard]] bool takes_ranges() const override { return announced_ == Announced::yes; }
    void skip(std::uint64_t bytes) override { at_ += bytes; }
    [[nodiscard]] BodyState next(Bytes& out, std::size_t bytes_max) override {
        const std::uint64_t count = std::min<std::uint64_t>(bytes_max, size_ - at_);
        append(out, text(at_, count));
        at_ += count;
        told_->given += count;
        return at_ < size_ ? BodyState::more : BodyState::ended;
    }

  private:
    const std::uint64_t size_;
    const Announced announced_;
    std::uint64_t at_ = 0;
    std::shared_ptr<Told> told_;
};

/// Events that a test feeds, from any thread.
class Feed {
  public:
    void say(std::string_view text) {
        change([&] { append(waiting_, text); });
    }
    void end() {
        change([&] { ended_ = true; });
    }
    void wake() {
        Wake wake;
        {
            const std::lock_guard lock(mutex_);
            wake = wake_;
        }
        if (wake) wake();
    }
    [[nodiscard]] int asked() const { return asked_; }
    [[nodiscard]] int alive() const { return alive_; }

    /// A body that gives what is said. The feed outlives it.
    std::unique_ptr<BodySource> body(std::optional<std::uint64_t> size = {}) {
        return std::make_unique<Body>(*this, size);
    }

  private:
    class Body : public BodySource {
      public:
        Body(Feed& feed, std::optional<std::uint64_t> size) : feed_(feed), size_(size) {
            ++feed_.alive_;
        }
        ~Body() override { --feed_.alive_; }
        [[nodiscard]] std::optional<std::uint64_t> size() const override { return size_; }
        void begin(Wake wake) override {
            const std::lock_guard lock(feed_.mutex_);
            feed_.wake_ = std::move(wake);
        }
        [[nodiscard]] BodyState next(Bytes& out, std::size_t bytes_max) override {
            const std::lock_guard lock(feed_.mutex_);
            ++feed_.asked_;
            const std::size_t size = std::min(bytes_max, feed_.waiting_.size());
            const auto end = feed_.waiting_.begin() + static_cast<std::ptrdiff_t>(size);
            out.assign(feed_.waiting_.begin(), end);
            feed_.waiting_.erase(feed_.waiting_.begin(), end);
            if (!feed_.waiting_.empty()) return BodyState::more;
            return feed_.ended_ ? BodyState::ended : BodyState::later;
        }

      private:
        Feed& feed_;
        const std::optional<std::uint64_t> size_;
    };

    template <class Change>
    void change(Change change_it) {
        {
            const std::lock_guard lock(mutex_);
            change_it();
        }
        wake();
    }

    std::mutex mutex_;
    Bytes waiting_;
    bool ended_ = false;
    Wake wake_;
    std::atomic<int> asked_ = 0;
    std::atomic<int> alive_ = 0;
};

/// A body that a lambda gives.
template <class Next>
class Given : public BodySource {
  public:
    explicit Given(Next next_piece, std::optional<std::uint64_t> size = {})
        : next_(std::move(next_piece)), size_(size) {}
    [[nodiscard]] std::optional<std::uint64_t> size() const override { return size_; }
    void begin(Wake wake) override { wake_ = std::move(wake); }
    [[nodiscard]] BodyState next(Bytes& out, std::size_t bytes_max) override {
        return next_(out, bytes_max, wake_);
    }

  private:
    Next next_;
    std::optional<std::uint64_t> size_;
    Wake wake_;
};

template <class Next>
std::unique_ptr<BodySource> given(Next next, std::optional<std::uint64_t> size = {}) {
    return std::make_unique<Given<Next>>(std::move(next), size);
}

}  // namespace vereda::http::test
