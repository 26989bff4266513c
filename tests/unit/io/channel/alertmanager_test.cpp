#include "io/channel/alertmanager/encode.hpp"
#include "io/channel/alertmanager/send.hpp"
#include "robots.hpp"
#include "support/surge_page.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>
#include <memory>

using namespace surged;
using namespace surged::io;
using delivery::Outcome;
using test::Play;

namespace {

/// One member of a cluster: keeps what it was posted.
class Member {
public:
    Member()
        : server_{[this](const test::VendorRequest& request) {
              last_ = request;
              const bool right = request.method == "POST" && request.path == "/api/v2/alerts";
              if (!right) return test::VendorReply{404, "", {}, "text/plain"};
              const auto body = boost::json::parse(request.body);
              for (const auto& alert : body.as_array()) alerts_.push_back(alert.as_object());
              return test::VendorReply{200, "", {}, "application/json"};
          }} {}
    [[nodiscard]] std::string url() const { return server_.url(); }
    void script(std::vector<Play> plays) { server_.script(std::move(plays)); }
    std::vector<boost::json::object> take() {
        std::vector<boost::json::object> out;
        server_.look([&] { std::swap(out, alerts_); });
        return out;
    }
    [[nodiscard]] test::VendorRequest last() const {
        test::VendorRequest out;
        server_.look([&] { out = last_; });
        return out;
    }

private:
    std::vector<boost::json::object> alerts_;
    test::VendorRequest last_;
    test::VendorServer server_;  // last: its thread ends first
};

/// A cluster of two, a clock of our own, and what stands.
struct Bench {
    Member one, two;
    Micros steady{0};
    std::vector<alertmanager::Standing> stands;
    std::unique_ptr<alertmanager::AlertmanagerChannel> channel;

    Bench() {
        alertmanager::AlertmanagerOptions options;
        options.name = "am";
        options.base_urls = {one.url(), two.url() + "/"};
        options.timeout = 500ms;
        options.token = "t0ken-secret";
        options.link = [](const delivery::Page&) { return "https://surged.example/a/x"; };
        options.standing = [this] { return stands; };
        options.steady = [this] { return steady; };
        options.clock = [this] { return Wall{1'795'451'719'000'000 + steady.count()}; };
        channel = std::make_unique<alertmanager::AlertmanagerChannel>(std::move(options));
    }
    void refresh() {
        boost::asio::io_context loop{1};
        for (std::size_t i = 0; i < channel->members(); ++i)
            boost::asio::co_spawn(loop, channel->refresh(i), [](const std::exception_ptr& failed) {
                if (failed) std::rethrow_exception(failed);
            });
        loop.run();
    }
};

std::string text(const boost::json::object& alert, const char* name) {
    return std::string{alert.at(name).as_string()};
}

}  // namespace

TEST_CASE("alertmanager: labels stay, what changes is an annotation") {
    auto page = test::a_page();
    const auto first = boost::json::parse(alertmanager::encode_alert(page, Wall{}, "")).as_object();
    CHECK(
        first.at("labels") ==
        boost::json::parse(R"({"alertname":"platform-service","incident":"P06-hz-20261123-2",)"
                           R"("plan":"platform-service","site":"hz"})")
    );
    page.content.level = plan::Level::I;
    page.content.queue = "vip";
    page.content.trigger = "late";
    page.content.value = "0.9";
    page.rise = 2;
    const auto later =
        boost::json::parse(alertmanager::encode_alert(page, Wall{}, "L")).as_object();
    CHECK(later.at("labels") == first.at("labels"));
    CHECK(later.at("annotations").at("level") == "I");
    CHECK(later.at("annotations").at("queue") == "vip");
    CHECK(later.at("annotations").at("ack_url") == "L");
    CHECK(first.at("annotations").as_object().if_contains("ack_url") == nullptr);
    page.content.drill = true;
    CHECK(alertmanager::labels_of(page.content).at("drill") == "true");
}

TEST_CASE("alertmanager: every member gets a page, and one is enough") {
    Bench bench;
    const auto page = test::a_page();
    const auto receipt = test::deliver(*bench.channel, page);
    CHECK_MESSAGE(receipt.outcome == Outcome::accepted, receipt.detail);
    CHECK(receipt.detail == "taken by 2 of 2");
    CHECK(receipt.page == page.id);
    for (Member* member : {&bench.one, &bench.two}) {
        const auto alerts = member->take();
        REQUIRE(alerts.size() == 1);
        CHECK(text(alerts[0], "endsAt") == "2026-11-23T16:39:19.000000Z");  // four minutes on
        CHECK(text(alerts[0], "startsAt") == format_rfc3339(page.content.since));
        CHECK(member->last().headers.at("authorization") == "Bearer t0ken-secret");
    }
    for (const Play& play : {Play::status(500), Play::hang(), Play::reset(), Play::html()}) {
        bench.one.script({play});
        const auto half = test::deliver(*bench.channel, page);
        CHECK(half.outcome == Outcome::accepted);
        CHECK(half.detail.starts_with("taken by 1 of 2; "));
    }
}

TEST_CASE("alertmanager: outcome where no member has it") {
    struct Row {
        const char* name;
        Play one, two;
        Outcome want;
    };
    const Row rows[] = {
        {"500 and 400", Play::status(500), Play::status(400), Outcome::retry},
        {"no answer, no word", Play::hang(), Play::status(400), Outcome::retry},
        {"429 and 401", Play::status(429), Play::status(401), Outcome::rate_limited},
        {"403 and 400", Play::status(403), Play::status(400), Outcome::bad_channel},
        {"404 twice", Play::status(404), Play::status(404), Outcome::bad_channel},
        {"redirects", Play::redirect(), Play::redirect(), Outcome::bad_channel},
        {"a portal's page", Play::html(), Play::html(), Outcome::retry},
        {"400 twice",
         Play::json("\"bad t0ken-secret\"", 400),
         Play::status(400),
         Outcome::bad_message},
    };
    Bench bench;
    for (const Row& row : rows) {
        CAPTURE(row.name);
        bench.one.script({row.one});
        bench.two.script({row.two});
        const auto receipt = test::deliver(*bench.channel, test::a_page());
        CAPTURE(receipt.detail);
        CHECK(receipt.outcome == row.want);
        CHECK(receipt.detail.find("t0ken") == std::string::npos);
        CHECK(receipt.detail.starts_with("taken by 0 of 2; "));
    }
}

TEST_CASE("alertmanager: what stands is sent again, what has ended is called off") {
    Bench bench;
    auto page = test::a_page();
    CHECK(test::deliver(*bench.channel, page).outcome == Outcome::accepted);
    bench.stands = {
        {page, std::nullopt}
    };
    (void)bench.one.take();
    const auto sent = [&] {
        bench.refresh();
        const auto alerts = bench.one.take();
        return alerts.empty() ? std::string{"nothing"} : text(alerts.back(), "endsAt");
    };
    bench.steady = 59s;
    CHECK(sent() == "nothing");
    bench.steady = 60s;
    CHECK(sent() == "2026-11-23T16:40:19.000000Z");
    CHECK(sent() == "nothing");
    bench.steady = 70s;  // a newer page of the same incident: at once
    page.id = "P06-hz-20261123-2.2.0.0.wang.mail";
    bench.stands = {
        {page, std::nullopt}
    };
    CHECK(sent() == "2026-11-23T16:40:29.000000Z");
    bench.steady = 80s;  // the end: at once, and then every minute, with the same end
    bench.stands = {
        {page, Wall{1'795'451'799'000'000}}
    };
    CHECK(sent() == "2026-11-23T16:36:39.000000Z");
    CHECK(sent() == "nothing");
    bench.steady = 140s;
    CHECK(sent() == "2026-11-23T16:36:39.000000Z");
    bench.stands.clear();
    bench.steady = 1h;
    CHECK(sent() == "nothing");
    CHECK(bench.two.take().size() == 5);  // the other member got all of it
}

TEST_CASE("alertmanager: a restart forgets no alert, a member that was away gets all") {
    Bench bench;  // nothing was sent by this one
    bench.stands = {
        {test::a_page(), std::nullopt}
    };
    bench.two.script({Play::status(503), Play::status(503)});
    bench.refresh();
    CHECK(bench.one.take().size() == 1);
    CHECK(bench.two.take().empty());
    bench.steady = 9s;  // not every second
    bench.refresh();
    CHECK(bench.two.take().empty());
    bench.steady = 10s;
    bench.refresh();
    bench.steady = 20s;
    bench.refresh();
    CHECK(bench.two.take().size() == 1);
    CHECK(bench.one.take().empty());
}

TEST_CASE("alertmanager: many at once go in few requests") {
    Bench bench;
    for (int i = 0; i < 250; ++i) {
        auto page = test::a_page();
        page.incident = page.content.incident = "P06-hz-20261123-" + std::to_string(i);
        page.id = page.incident + ".1.0.0.wang.am";
        bench.stands.push_back({page, std::nullopt});
    }
    bench.refresh();
    CHECK(bench.one.take().size() == 250);
    CHECK(bench.two.take().size() == 250);
}
