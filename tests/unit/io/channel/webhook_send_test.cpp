#include "io/channel/webhook/outcome.hpp"
#include "io/channel/webhook/send.hpp"
#include "support/page_sink.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

using namespace surged;
using namespace surged::io;
using delivery::Outcome;
using test::Answer;

namespace {

engine::Receipt deliver(webhook::WebhookChannel& channel, delivery::Page page) {
    boost::asio::io_context loop{1};
    engine::Receipt receipt;
    boost::asio::co_spawn(
        loop,
        channel.deliver(std::move(page)),
        [&receipt](std::exception_ptr, engine::Receipt got) { receipt = std::move(got); }
    );
    loop.run();
    return receipt;
}

webhook::WebhookOptions options_for(const std::string& url) {
    webhook::WebhookOptions options;
    options.name = "hook";
    options.base_url = url;
    options.secret = test::PageSink::default_secret();
    options.timeout = 300ms;
    return options;
}

delivery::Page page_of(const char* id) {
    delivery::Page page;
    page.id = id;
    page.attempts = 3;
    page.content.title = "title";
    return page;
}

}  // namespace

TEST_CASE("webhook: outcome of every kind of answer") {
    test::PageSink sink;
    webhook::WebhookChannel channel{options_for(sink.url())};
    struct Row {
        const char* name;
        Answer answer;
        Outcome want;
        std::optional<Micros> after;
    };
    const Row rows[] = {
        {"accepted",         Answer::accept(),                        Outcome::accepted,     {}},
        {"202",              Answer::error(202),                      Outcome::accepted,     {}},
        {"429 with a time",  Answer::too_many("7"),                   Outcome::rate_limited, 7s},
        {"429 without",      Answer::too_many(""),                    Outcome::rate_limited, {}},
        {"500",              Answer::error(500),                      Outcome::retry,        {}},
        {"503",              Answer::error(503),                      Outcome::retry,        {}},
        {"408",              Answer::error(408),                      Outcome::retry,        {}},
        {"425",              Answer::error(425),                      Outcome::retry,        {}},
        {"400",              Answer::error(400),                      Outcome::bad_message,  {}},
        {"413",              Answer::error(413),                      Outcome::bad_message,  {}},
        {"410",              Answer::error(410),                      Outcome::bad_channel,  {}},
        {"401",              Answer::error(401),                      Outcome::bad_channel,  {}},
        {"redirect",         Answer::redirect("http://127.0.0.1:1/"), Outcome::bad_channel,  {}},
        {"taken, no answer", Answer::hang(),                          Outcome::unknown,      {}},
        {"taken, reset",     Answer::reset(),                         Outcome::unknown,      {}},
        {"taken, not HTTP",  Answer::garbage(),                       Outcome::unknown,      {}},
    };
    std::size_t sent = 0;
    for (const Row& row : rows) {
        CAPTURE(row.name);
        sink.script({row.answer});
        const auto receipt = deliver(channel, page_of("page-1"));
        CAPTURE(receipt.detail);
        CHECK(receipt.outcome == row.want);
        CHECK(receipt.retry_after == row.after);
        CHECK(receipt.page == "page-1");
        CHECK(receipt.attempt == 3);
        CHECK(sink.received().size() == ++sent);  // one attempt a call, redirects not followed
    }
}

TEST_CASE("webhook: nobody there is a retry, and says nothing secret") {
    std::string url;
    {
        const test::PageSink gone;
        url = gone.url() + "/path-secret?key=query-secret";
    }
    webhook::WebhookChannel channel{options_for(url)};
    const auto receipt = deliver(channel, page_of("page-1"));
    CHECK(receipt.outcome == Outcome::retry);
    CHECK_FALSE(receipt.detail.empty());
    CHECK(receipt.detail.find("secret") == std::string::npos);
}

TEST_CASE("webhook: an address that is not one, or not allowed, is a retry with its reason") {
    webhook::WebhookChannel nonsense{options_for("ftp://nowhere")};
    CHECK(deliver(nonsense, page_of("p")).outcome == Outcome::retry);
    const test::PageSink sink;
    auto options = options_for(sink.url());
    options.allow_private = false;
    webhook::WebhookChannel refused{options};
    CHECK(deliver(refused, page_of("p")).detail == "private addresses are refused");
    CHECK(sink.received().empty());
}

TEST_CASE("webhook: what arrives is signed for the wire bytes") {
    const test::PageSink sink;
    auto options = options_for(sink.url());
    options.hub_signature = true;
    webhook::WebhookChannel channel{options};
    CHECK(deliver(channel, page_of("page-7")).outcome == Outcome::accepted);
    REQUIRE(sink.received().size() == 1);
    const auto got = sink.received().front();
    CHECK(got.signature_good);
    CHECK(got.id == "page-7");
    CHECK(got.method == "POST");
    CHECK(got.target == "/hook");
    CHECK(got.annotation("page") == "page-7");
    CHECK(got.header("X-Hub-Signature-256").starts_with("sha256="));
}

TEST_CASE("webhook: Retry-After in both its forms") {
    const Wall now{1'000'000'000};  // 1970-01-01T00:16:40Z
    CHECK(webhook::parse_retry_after("120", now) == Micros{120s});
    CHECK(webhook::parse_retry_after("Thu, 01 Jan 1970 00:17:00 GMT", now) == Micros{20s});
    CHECK(webhook::parse_retry_after("Thu, 01 Jan 1970 00:00:00 GMT", now) == Micros{0});
    CHECK(webhook::parse_retry_after("99999999", now) == Micros{24h});
    for (const char* wrong :
         {"", "-1", "soon", "1.5", "Thu, 32 Jan 1970 00:17:00 GMT", "Thu, 01 Jnu 1970 00:17:00 GMT"
         }) {
        CAPTURE(wrong);
        CHECK_FALSE(webhook::parse_retry_after(wrong, now).has_value());
    }
}
