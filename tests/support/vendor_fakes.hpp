// Four vendors on loopback. Each checks method, path, key and signature with the vendor's own
// algorithm (computed here with OpenSSL, not with the code under test), holds to the real limits of
// size and rate, and answers with the real codes.
#pragma once

#include "support/vendor_server.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace surged::test {

/// What a vendor delivered, and what it would have shown.
struct Delivered {
    std::string kind;  // text, markdown, actionCard, interactive …
    std::string text;  // all that a reader sees, without the layout
    std::string link;  // of its button or anchor; empty: none
    std::string body;  // the JSON as it came
};

class VendorFake {
public:
    [[nodiscard]] std::string url() const { return server_.url(); }
    void script(std::vector<Play> plays) { server_.script(std::move(plays)); }
    [[nodiscard]] std::vector<VendorRequest> requests() const { return server_.requests(); }
    [[nodiscard]] std::vector<Delivered> delivered() const;

protected:
    /// What a vendor remembers; under the server's lock.
    struct Kept {
        std::vector<Delivered> delivered;
        std::deque<std::chrono::steady_clock::time_point> times;  // of what was accepted
        std::map<std::string, int> tokens;  // given out → 0, or the code that it is refused with
        std::chrono::steady_clock::time_point blocked_until{};
        /// Counts one, unless there were `most` within `span`.
        bool too_fast(std::size_t most, std::chrono::seconds span);
    };
    using Answer = std::function<VendorReply(Kept&, const VendorRequest&)>;
    explicit VendorFake(Answer answer);
    std::shared_ptr<Kept> kept_;
    VendorServer server_;  // last: its thread ends first
};

class WecomRobotFake : public VendorFake {
public:
    explicit WecomRobotFake(std::string key);
};

class WecomAppFake : public VendorFake {
public:
    WecomAppFake(std::string corp_id, std::string secret, std::set<std::string> members);
    /// The access tokens given out so far are refused with this code from now on.
    void refuse_tokens(int code);
};

class DingtalkFake : public VendorFake {
public:
    /// Empty secret or keyword: not locked by one.
    DingtalkFake(std::string token, std::string secret, std::string keyword);
};

class FeishuFake : public VendorFake {
public:
    FeishuFake(std::string token, std::string secret, std::string keyword);
};

}  // namespace surged::test
