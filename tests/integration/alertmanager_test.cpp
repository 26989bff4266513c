// Pages as alerts in a real Alertmanager: raised, refreshed past their own end, called off.
#include "io/http/client.hpp"
#include "io/runtime/wall_clock.hpp"
#include "support/page_sink.hpp"
#include "support/peer_process.hpp"
#include "support/site.hpp"
#include "support/surge_events.hpp"

#include <boost/json/parse.hpp>
#include <chrono>
#include <csignal>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

using namespace surged;
using namespace std::chrono_literals;

namespace {

/// One Alertmanager of Debian's, on a port of its own, that is no member of any cluster.
class Alertmanager {
public:
    explicit Alertmanager(const std::string& folder) : port_{test::free_port()} {
        const std::string config = fmt::format("{}/am-{}.yml", folder, port_);
        std::ofstream{config} << "route: {receiver: none}\nreceivers: [{name: none}]\n";
        process_ = std::make_unique<test::PeerProcess>(
            std::vector<std::string>{
                "prometheus-alertmanager",
                "--config.file=" + config,
                fmt::format("--storage.path={}/am-{}", folder, port_),
                fmt::format("--web.listen-address=127.0.0.1:{}", port_),
                "--cluster.listen-address="
            },
            fmt::format("{}/am-{}.log", folder, port_)
        );
    }
    [[nodiscard]] std::string url() const { return fmt::format("http://127.0.0.1:{}", port_); }
    [[nodiscard]] bool wait_ready() const {
        return wait([&] { return get("/-/ready").has_value(); });
    }
    /// The alerts that it holds for firing.
    [[nodiscard]] boost::json::array firing() const {
        const auto body = get("/api/v2/alerts?active=true");
        boost::json::error_code ec;
        auto parsed = boost::json::parse(body.value_or("[]"), ec);
        return !ec && parsed.is_array() ? parsed.as_array() : boost::json::array{};
    }
    [[nodiscard]] static bool wait(const std::function<bool()>& good) {
        const auto until = std::chrono::steady_clock::now() + 30s;
        while (std::chrono::steady_clock::now() < until) {
            if (good()) return true;
            std::this_thread::sleep_for(50ms);
        }
        return false;
    }

private:
    [[nodiscard]] std::optional<std::string> get(const std::string& path) const {
        io::http::Client client;
        io::http::ClientRequest request;
        request.url = url() + path;
        request.timeout = 2s;
        const auto answer = io::http::request_blocking(client, std::move(request));
        if (!answer || answer->status != 200) return std::nullopt;
        return answer->body;
    }
    std::uint16_t port_;
    std::unique_ptr<test::PeerProcess> process_;
};

}  // namespace

TEST_CASE("alertmanager: an incident fires in a real one until it ends, over a restart too") {
    const test::TempFolder folder;
    const Alertmanager one{folder.path()};
    auto two = std::make_unique<Alertmanager>(folder.path());
    REQUIRE(one.wait_ready());
    REQUIRE(two->wait_ready());
    test::SiteOptions options;
    options.hook_url = "http://127.0.0.1:1/";
    options.hook_secret = test::PageSink::default_secret();
    // An alert holds for four seconds: what still fires after that has been refreshed.
    options.channels = fmt::format(
        "  am: {{type: alertmanager, resend: 1s, base_urls: [\"{}\", \"{}\"]}}\n",
        one.url(),
        two->url()
    );
    options.roster =
        "people:\n  wang: {name: 王, language: zh-CN, contact: [{channel: am}]}\n"
        "teams:\n  duty: {escalation: [{page: [wang], wait: 5m}], last_resort: wang}\n";
    test::Site site{options};
    site.start();
    REQUIRE(site.post("/api/v1/events", test::offered_now(6)).status == 200);
    const auto fires = [&] { return one.firing().size() == 1 && two->firing().size() == 1; };
    REQUIRE_MESSAGE(Alertmanager::wait(fires), site.log());
    const auto alert = one.firing().front().as_object();
    CHECK(alert.at("labels").at("plan") == "platform-service");
    CHECK(alert.at("labels").at("site") == "hz");
    CHECK(alert.at("annotations").at("queue") == "sales");
    const std::string incident{alert.at("labels").at("incident").as_string()};
    const std::string held_until{alert.at("endsAt").as_string()};
    CHECK(Alertmanager::wait([&] {
        const auto now = one.firing();
        const auto at = parse_rfc3339(held_until);
        return at && io::wall_now() > *at && now.size() == 1;
    }));
    // surged dies and comes back: the alert is one, and goes on.
    site.stop(SIGKILL);
    site.start();
    CHECK(Alertmanager::wait([&] {
        return one.firing().size() == 1 &&
               one.firing().front().at("endsAt").as_string() > held_until;
    }));
    two.reset();  // a member is gone: the other still hears the end
    const auto ended =
        site.post("/api/v1/incidents/" + incident + "/end", R"({"by":"wang","why":"over"})");
    CHECK(ended.status == 200);
    CHECK_MESSAGE(Alertmanager::wait([&] { return one.firing().empty(); }), site.log());
    site.stop(SIGTERM);
}
