// The dashboards against the demo site: surged, a simulated centre under a surge, and Prometheus
// between them and Grafana's place. Every expression must find its series.
#include "support/dashboards.hpp"

#include "app/cli/api.hpp"
#include "io/http/client.hpp"
#include "places.hpp"
#include "support/page_sink.hpp"
#include "support/peer_process.hpp"
#include "support/process.hpp"
#include "support/raw_http.hpp"
#include "support/temp_folder.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>

using namespace surged;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

const std::string root{SURGED_SOURCE_DIR};
const std::string programs = std::string{SURGED_BINARY_DIR} + "/daemon/";

/// As script/run has it, six times faster, with Prometheus beside it.
class WatchedSite {
public:
    WatchedSite() {
        const std::uint16_t ami = test::free_port();
        simulator_ = std::make_unique<test::PeerProcess>(
            std::vector<std::string>{
                programs + "surgectl",
                "simulate",
                fmt::format("--as-ami=127.0.0.1:{}", ami),
                "--scenario=surge",
                "--speed=6",
                "--wait",
                "--secret-file=" + root + "/rules/ami.secret"
            },
            folder_.path() + "/simulator.log"
        );
        surged_ = std::make_unique<test::Process>(
            std::vector<std::string>{
                programs + "surged",
                "--config=" + root + "/rules/surged.yaml",
                "--set=http.listen=127.0.0.1:0",
                "--set=store.path=" + folder_.path() + "/var",
                fmt::format("--set=sources.acd-1.port={}", ami),
                "--set=channels.hook.base_url=" + sink_.url()
            },
            folder_.path() + "/surged.log"
        );
        const auto line = surged_->line(30s);
        REQUIRE(line.has_value());
        surged_port_ = static_cast<std::uint16_t>(std::stoi(line->substr(line->rfind(':') + 1)));
        watch();
    }

    json::value ask_surged(
        std::string_view method, const std::string& path, const std::string& body = {}
    ) const {
        return json::parse(test::http_request(surged_port_, method, path, body).body);
    }
    /// `data` of Prometheus' answer; null while it does not answer or refuses.
    [[nodiscard]] json::value ask_prometheus(const std::string& path) {
        io::http::ClientRequest request;
        request.url = fmt::format("http://127.0.0.1:{}{}", prometheus_port_, path);
        const auto answer = io::http::request_blocking(client_, std::move(request));
        if (!answer || answer->status != 200) return {};
        return json::parse(answer->body).at("data");
    }
    /// Somebody takes the first page that has arrived; the others stay as they are.
    void take_a_page() {
        if (taken_) return;
        const json::value answer = ask_surged("GET", "/api/v1/pages");
        for (const json::value& page : answer.at("pages").as_array()) {
            if (page.at("state") != "accepted") continue;
            const std::string id{page.at("id").as_string()};
            const auto path = "/api/v1/pages/" + app::cli::percent_encoded(id) + "/ack";
            ask_surged("POST", path, R"({"by":"wang"})");
            taken_ = true;
            return;
        }
    }
    /// What the surge alone does not bring: a complaint, a field that nobody knows, a broken line.
    void post_odd_events() {
        const auto now =
            std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch());
        const std::string complaint = fmt::format(
            R"({{"type":"complaint","ts":{:.3f},"queue":"sales","ticket":"T-{}","colour":"blue"}})",
            now.count(),
            ++tickets_
        );
        ask_surged("POST", "/api/v1/events", complaint + "\n{\n");
    }

private:
    void watch() {
        const std::string config = folder_.path() + "/prometheus.yml";
        std::ofstream{config} << fmt::format(
            "global: {{scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 1s}}\n"
            "rule_files: ['{0}/dashboards/prometheus/[ar]*.yml']\n"
            "scrape_configs:\n"
            "  - {{job_name: surged, static_configs: [{{targets: ['127.0.0.1:{1}']}}]}}\n",
            root,
            surged_port_
        );
        prometheus_port_ = test::free_port();
        prometheus_ = std::make_unique<test::PeerProcess>(
            std::vector<std::string>{
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder_.path() + "/data",
                fmt::format("--web.listen-address=127.0.0.1:{}", prometheus_port_)
            },
            folder_.path() + "/prometheus.log"
        );
    }

    test::TempFolder folder_;
    io::http::Client client_;
    test::PageSink sink_{"", 0};
    std::unique_ptr<test::PeerProcess> simulator_;
    std::unique_ptr<test::Process> surged_;
    std::unique_ptr<test::PeerProcess> prometheus_;
    std::uint16_t surged_port_{0}, prometheus_port_{0};
    bool taken_{false};
    int tickets_{0};
};

std::string with_values(std::string text) {
    const std::pair<const char*, const char*> values[] = {
        {"$__rate_interval", "10s"             },
        {"$instance",        ".*"              },
        {"$site",            "hz"              },
        {"$plan",            "platform-service"},
        {"$trigger",         "pressure"        },
        {"$queue",           "sales"           },
        {"$window",          "5m"              },
    };
    for (const auto& [name, value] : values) {
        for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at))
            text.replace(at, std::string{name}.size(), value);
    }
    return text;
}

/// Every query of a dashboard, of its panels and its variables, with values in the place of names.
void collect(const json::value& value, std::set<std::string>& out) {
    if (const auto* list = value.if_array()) {
        for (const json::value& item : *list) collect(item, out);
    }
    const auto* object = value.if_object();
    if (object == nullptr) return;
    for (const auto& [key, member] : *object) {
        collect(member, out);
        if (!member.is_string()) continue;
        const std::string text = with_values(std::string{member.get_string()});
        if (key == "expr") out.insert(text);
        if (key != "definition") continue;
        constexpr std::string_view begin = "label_values(";
        REQUIRE(text.starts_with(begin));
        const auto comma = text.rfind(", ");
        const std::string label = text.substr(comma + 2, text.size() - comma - 3);
        const std::string series = text.substr(begin.size(), comma - begin.size());
        out.insert(fmt::format("count by ({}) ({})", label, series));
    }
}

/// At least one series with a figure.
bool has_figure(const json::value& data) {
    if (!data.is_object()) return false;
    for (const json::value& series : data.at("result").as_array())
        if (series.at("value").as_array().at(1) != "NaN") return true;
    return false;
}

}  // namespace

TEST_CASE("dashboards: every expression finds its series on the simulated site") {
    std::set<std::string> owed;
    for (const test::DashboardFile& file : test::dashboard_files("grafana/en", ".json"))
        collect(json::parse(file.text), owed);
    REQUIRE(owed.size() > 60);
    for (const std::string& expression : owed) {
        CAPTURE(expression);
        CHECK(expression.find('$') == std::string::npos);
    }
    WatchedSite site;
    const auto until = std::chrono::steady_clock::now() + 120s;
    while (!owed.empty() && std::chrono::steady_clock::now() < until) {
        site.take_a_page();
        site.post_odd_events();
        std::erase_if(owed, [&](const std::string& expression) {
            const auto query = "/api/v1/query?query=" + app::cli::percent_encoded(expression);
            return has_figure(site.ask_prometheus(query));
        });
        std::this_thread::sleep_for(250ms);
    }
    for (const std::string& expression : owed) FAIL_CHECK("nothing for " << expression);

    const json::value groups = site.ask_prometheus("/api/v1/rules");
    REQUIRE(groups.is_object());
    CHECK(groups.at("groups").as_array().size() == 3);
    for (const json::value& group : groups.at("groups").as_array())
        for (const json::value& rule : group.at("rules").as_array()) {
            CAPTURE(rule.at("name").as_string().c_str());
            CHECK(rule.at("health") == "ok");
        }
}
