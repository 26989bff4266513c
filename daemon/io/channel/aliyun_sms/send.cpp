#include "io/channel/aliyun_sms/send.hpp"

#include "io/channel/vendor.hpp"
#include "io/crypto.hpp"

#include <utility>

namespace surged::io::aliyun_sms {
namespace {

using delivery::Outcome;

http::ClientOptions client_options(const RobotOptions& options) {
    http::ClientOptions out;
    out.ca_file = options.ca_file;
    return out;
}

class AliyunSms : public Channel {
public:
    AliyunSms(
        RobotOptions options, std::string key_id, Template by, std::function<std::string()> nonce
    )
        : options_{std::move(options)},
          key_id_{std::move(key_id)},
          by_{std::move(by)},
          nonce_{std::move(nonce)},
          client_{client_options(options_)} {}

    boost::asio::awaitable<engine::Receipt> deliver(delivery::Page page) override {
        engine::Receipt receipt;
        if (numbers_in(page.to).empty()) {
            receipt = vendor::receipt(Outcome::bad_message, "`to` is not a telephone number");
        } else {
            Judgement judged = co_await attempt(&page, Form::rich);
            if (judged.content) {
                const std::string refused = judged.receipt.detail;
                judged = co_await attempt(&page, Form::plain);
                judged.receipt.detail += " (before: " + refused + ")";
            }
            receipt = std::move(judged.receipt);
        }
        receipt.page = page.id;
        receipt.attempt = page.attempts;
        co_return receipt;
    }

private:
    // By pointer: the caller's own, and it awaits the end.
    boost::asio::awaitable<Judgement> attempt(const delivery::Page* page, Form form) {
        const Moment at{now_of(options_), nonce_()};
        http::ClientRequest request = encode_request(*page, by_, form, options_, key_id_, at);
        const http::ClientResult result = co_await client_.request(std::move(request));
        std::vector<std::string> hidden{options_.key};
        // Vendors quote the number; it is on the roster, and has no place in a log.
        for (std::string& number : numbers_in(page->to)) hidden.push_back(std::move(number));
        co_return judge(result, now_of(options_), hidden);
    }

    RobotOptions options_;
    std::string key_id_;
    Template by_;
    std::function<std::string()> nonce_;
    http::Client client_;
};

}  // namespace

std::shared_ptr<Channel> make_channel(
    RobotOptions options, std::string key_id, Template by, std::function<std::string()> nonce
) {
    if (!nonce) nonce = [] { return crypto::to_hex(crypto::random_bytes(16)); };
    return std::make_shared<AliyunSms>(
        std::move(options), std::move(key_id), std::move(by), std::move(nonce)
    );
}

}  // namespace surged::io::aliyun_sms
