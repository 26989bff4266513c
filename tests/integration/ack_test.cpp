// A page by a vendor's robot, its link, and the answer; and an answer to a page that no journal
// has.
#include "app/daemon.hpp"
#include "support/faulty_vfs.hpp"
#include "support/page_sink.hpp"
#include "support/site.hpp"
#include "support/surge_events.hpp"
#include "support/vendor_fakes.hpp"

#include <chrono>
#include <csignal>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <functional>
#include <string>
#include <thread>

using namespace surged;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view public_url = "https://surged.example";

std::string path_of(const std::string& link) {
    REQUIRE(link.starts_with(public_url));
    return link.substr(public_url.size());
}

std::string field(const std::string& html, const std::string& name) {
    const std::string begin = "name=\"" + name + "\" value=\"";
    const auto at = html.find(begin);
    REQUIRE(at != std::string::npos);
    const auto from = at + begin.size();
    return html.substr(from, html.find('"', from) - from);
}

/// Opens the link and presses a button.
test::Reply press(const test::Site& site, const std::string& path, const std::string& answer) {
    const test::Reply shown = site.get(path);
    REQUIRE(shown.status == 200);
    return site.post(
        path,
        fmt::format(
            "form={}&rise={}&answer={}",
            field(shown.body, "form"),
            field(shown.body, "rise"),
            answer
        )
    );
}

bool wait_until(const std::function<bool()>& good) {
    const auto limit = std::chrono::steady_clock::now() + 10s;
    while (!good()) {
        if (std::chrono::steady_clock::now() > limit) return false;
        std::this_thread::sleep_for(10ms);
    }
    return true;
}

}  // namespace

TEST_CASE("ack: a page by WeCom arrives, is opened and taken, and no log has its key or token") {
    test::WecomRobotFake wecom{"k3y-secret"};
    test::SiteOptions options;
    options.hook_secret = "k3y-secret";
    options.hook =
        fmt::format("{{type: wecom_robot, base_url: \"{}\", key_file: hook.secret}}", wecom.url());
    options.more = {fmt::format("http.public_url={}", public_url)};
    test::Site site{options};
    site.start();
    REQUIRE(site.post("/api/v1/events", test::offered_now(6)).status == 200);
    REQUIRE(wait_until([&] { return !wecom.delivered().empty(); }));
    const std::string path = path_of(wecom.delivered().front().link);
    const test::Reply done = press(site, path, "acknowledge");
    CHECK(done.status == 200);
    CHECK(done.body.find("您已认领") != std::string::npos);
    const test::Reply pages = site.get("/api/v1/pages");
    CHECK(pages.body.find(R"("state":"acknowledged")") != std::string::npos);
    CHECK(pages.body.find(R"("acked_by":"wang")") != std::string::npos);
    const std::string ready = site.get("/readyz").body;
    CHECK(ready.find(R"("channel hook","ok":true)") != std::string::npos);
    const std::string metrics = site.get("/metrics").body;
    site.stop(SIGTERM);
    const std::string token = path.substr(3, path.find('.') - 3);
    for (const std::string& text : {site.log(), ready, metrics, pages.body}) {
        CHECK(text.find("k3y-secret") == std::string::npos);
        CHECK(text.find(token) == std::string::npos);
    }
    CHECK(site.log().find("event=page_attempt") != std::string::npos);
}

TEST_CASE("ack: a page sent while the disk was full is taken by its link after a crash") {
    test::FaultyVfs disk;
    test::PageSink sink;
    test::SiteOptions options;
    options.hook_url = sink.url();
    options.hook_secret = test::PageSink::default_secret();
    test::Site site{options};
    app::DaemonOptions daemon_options{
        site.config_file(), {{"http.public_url", std::string{public_url}}}, disk.name()
    };
    const auto run = [&](const std::function<void()>& meanwhile) {
        auto made = app::Daemon::make(daemon_options);
        REQUIRE_MESSAGE(made.has_value(), (made ? "" : made.error().what));
        site.attach((*made)->port());
        std::thread runs{[&] { (*made)->run(); }};
        meanwhile();
        (*made)->stop();
        runs.join();
    };
    std::string lost;  // li's link
    run([&] {
        CHECK(site.post("/api/v1/events", test::offered_now(6)).status == 200);
        REQUIRE(sink.wait_accepted(1, 10s));
        const auto wang = sink.accepted().front();
        CHECK(wang.annotation("person") == "wang");
        disk.fill_disk();
        // He cannot; the next is paged, and that is on no disk.
        CHECK(press(site, path_of(wang.annotation("ack_url")), "pass_on").status == 202);
        REQUIRE(sink.wait_accepted(2, 10s));
        const auto li = sink.accepted().back();
        CHECK(li.annotation("person") == "li");
        lost = path_of(li.annotation("ack_url"));
    });
    disk.heal();
    run([&] {
        CHECK(site.get("/api/v1/pages").body.find(R"("person":"li")") == std::string::npos);
        const test::Reply done = press(site, lost, "acknowledge");
        CHECK(done.status == 200);
        CHECK(done.body.find("Acknowledged by Li") != std::string::npos);
        const test::Reply incidents = site.get("/api/v1/incidents");
        CHECK(incidents.body.find(R"("entry":"acknowledged")") != std::string::npos);
        CHECK(incidents.body.find(R"("by":"li")") != std::string::npos);
    });
}
