// The real daemon beside a FreeSWITCH made by hand: configured, connected, counting, and saying in
// words what is wrong.
#include "base/time.hpp"
#include "support/esl_fake.hpp"
#include "support/esl_text.hpp"
#include "support/site.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <csignal>
#include <doctest/doctest.h>
#include <string>
#include <thread>

using namespace surged;
using namespace surged::test;
namespace net = boost::asio;

namespace {

constexpr auto patience = std::chrono::milliseconds{15'000};

/// A fake on a thread of its own; the test's is busy asking the daemon.
struct Switch {
    explicit Switch(FakeFreeswitchOptions options)
        : fake{context, std::move(options)}, thread{[this] { context.run(); }} {}
    ~Switch() {
        context.stop();
        thread.join();
    }
    void send(std::string bytes) {
        net::post(context, [this, bytes = std::move(bytes)] { fake.send(bytes); });
    }
    void answer(std::string command, std::string table) {
        net::post(context, [this, command = std::move(command), table = std::move(table)] {
            fake.options().answers["callcenter_config " + command] = table;
        });
    }

    net::io_context context;
    net::executor_work_guard<net::io_context::executor_type> busy{context.get_executor()};
    FakeFreeswitch fake;
    std::thread thread;
};

FakeFreeswitchOptions with_tables() {
    FakeFreeswitchOptions options;
    options.answers["callcenter_config queue list"] = "name|strategy\nsales@d|ring-all\n+OK\n";
    options.answers["callcenter_config agent list"] =
        "name|contact|status|state\n101@d|user/101|Available|Waiting\n+OK\n";
    options.answers["callcenter_config tier list"] =
        "queue|agent|state|level|position\nsales@d|101@d|Ready|1|1\n+OK\n";
    options.answers["callcenter_config queue list members sales@d"] = "+OK\n";
    return options;
}

std::string member(std::string_view action, const std::string& id, const Fields& more) {
    Fields fields{
        {"Queue",             "sales@d"    },
        {"Member-UUID",       id           },
        {"Member-CID-Number", "13800138000"}
    };
    fields.insert(fields.end(), more.begin(), more.end());
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto us = std::chrono::duration_cast<Micros>(now).count();
    return esl_plain(center_event(us, action, fields));
}

bool has(const std::string& body, const std::string& text) {
    return body.find(text) != std::string::npos;
}

Site site_at(const FakeFreeswitch& fake, const std::string& secret) {
    SiteOptions options;
    options.pbx_port = fake.port();
    options.pbx_type = "esl";
    options.pbx_secret = secret;
    options.hook_url = "http://127.0.0.1:9/";
    options.hook_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    return Site{options};
}

}  // namespace

TEST_CASE("esl: the daemon counts what a FreeSWITCH tells, and a poll mends what it does not") {
    Switch pbx{with_tables()};
    Site site = site_at(pbx.fake, "s3cret");
    site.start();
    CHECK(site.wait_until(
        "/readyz",
        [](const std::string& body) { return has(body, "connected, FreeSWITCH 1.10.12, 1 queue"); },
        patience
    ));
    pbx.send(member("member-queue-start", "m1", {}) + member("member-queue-start", "m2", {}));
    pbx.send(member(
        "member-queue-end",
        "m1",
        {
            {"Cause",         "Cancel"   },
            {"Cancel-Reason", "BREAK_OUT"},
            {"Answer-State",  "hangup"   }
    }
    ));
    const std::string queue = "/api/v1/queues/sales@d";
    const auto counted = [&](const std::string& offered, const std::string& abandoned) {
        return [=](const std::string& body) {
            return has(body, "\"offered\":" + offered) && has(body, "\"abandoned\":" + abandoned);
        };
    };
    CHECK(site.wait_until(queue, counted("2", "1"), patience));
    // m2 is in no table: his end was lost.
    CHECK_MESSAGE(
        site.wait_until(
            queue, [](const std::string& body) { return has(body, "\"unknown\":1"); }, patience
        ),
        site.get(queue).body
    );
    CHECK_FALSE(has(site.log(), "13800138000"));
    CHECK_FALSE(has(site.log(), "s3cret"));
    site.stop(SIGTERM);
}

TEST_CASE("esl: the daemon says what is wrong with its FreeSWITCH") {
    Switch pbx{with_tables()};
    Site site = site_at(pbx.fake, "wrong");
    site.start();
    CHECK(site.wait_until(
        "/readyz",
        [](const std::string& body) { return has(body, "login refused (-ERR invalid)"); },
        patience
    ));
    CHECK_FALSE(has(site.log(), "auth wrong"));
    site.stop(SIGTERM);
}
