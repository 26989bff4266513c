#include "support/prometheus.hpp"

#include "io/http/client.hpp"

#include <fmt/format.h>
#include <fstream>
#include <thread>
#include <utility>

namespace surged::test {

using namespace std::chrono_literals;

void MonitoringPeer::start(const std::vector<std::string>& argv) {
    process_ = std::make_unique<PeerProcess>(argv, folder() + "/log");
}

std::string MonitoringPeer::address() const { return fmt::format("127.0.0.1:{}", port_); }

std::optional<std::string> MonitoringPeer::get(const std::string& path) const {
    io::http::Client client;
    io::http::ClientRequest request;
    request.url = url() + path;
    request.body_max = std::size_t{64} << 20;
    auto answer = io::http::request_blocking(client, std::move(request));
    if (!answer || answer->status != 200) return std::nullopt;
    return std::move(answer->body);
}

bool MonitoringPeer::wait_ready() const {
    return wait_for([&] { return get("/-/ready").has_value(); });
}

std::unique_ptr<MonitoringPeer> prometheus(const PrometheusOptions& options) {
    auto peer = std::make_unique<MonitoringPeer>(options.port != 0 ? options.port : free_port());
    const std::string& folder = peer->folder();
    std::ofstream{folder + "/prometheus.yml"} << options.config;
    if (!options.rules.empty()) std::ofstream{folder + "/rules.yml"} << options.rules;
    std::vector<std::string> argv{
        "prometheus",
        "--config.file=" + folder + "/prometheus.yml",
        "--storage.tsdb.path=" + folder + "/data",
        "--web.listen-address=" + peer->address()
    };
    argv.insert(argv.end(), options.more.begin(), options.more.end());
    peer->start(argv);
    return peer;
}

std::unique_ptr<MonitoringPeer> alertmanager(const std::string& config) {
    auto peer = std::make_unique<MonitoringPeer>(free_port());
    const std::string& folder = peer->folder();
    std::ofstream{folder + "/alertmanager.yml"} << config;
    peer->start(
        {"prometheus-alertmanager",
         "--config.file=" + folder + "/alertmanager.yml",
         "--storage.path=" + folder + "/data",
         "--web.listen-address=" + peer->address(),
         "--cluster.listen-address="}
    );
    return peer;
}

std::string missing(const std::vector<std::string>& programs) {
    std::string out;
    for (const std::string& program : programs)
        if (run_program({program, "--version"}, "").status != 0)
            out += (out.empty() ? "no " : ", no ") + program;
    return out;
}

bool wait_for(const std::function<bool()>& good) {
    const auto until = std::chrono::steady_clock::now() + 30s;
    while (std::chrono::steady_clock::now() < until) {
        if (good()) return true;
        std::this_thread::sleep_for(50ms);
    }
    return false;
}

}  // namespace surged::test
