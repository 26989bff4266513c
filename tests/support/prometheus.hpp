// A real Prometheus and a real Alertmanager (Debian's, from the PATH) beside a test: each on a port
// of its own and in a folder of its own, ended with the object.
#pragma once

#include "support/peer_process.hpp"
#include "support/temp_folder.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace surged::test {

/// One of the two; both say by GET /-/ready whether they serve.
class MonitoringPeer {
public:
    explicit MonitoringPeer(std::uint16_t port) : port_{port} {}
    void start(const std::vector<std::string>& argv);
    [[nodiscard]] const std::string& folder() const { return folder_.path(); }
    [[nodiscard]] std::string address() const;  // 127.0.0.1:PORT
    [[nodiscard]] std::string url() const { return "http://" + address(); }
    [[nodiscard]] pid_t pid() const { return process_->pid(); }
    /// The body of GET path; nullopt unless it is answered with 200.
    [[nodiscard]] std::optional<std::string> get(const std::string& path) const;
    /// False if it does not serve within 30 s.
    [[nodiscard]] bool wait_ready() const;

private:
    TempFolder folder_;
    std::uint16_t port_;
    std::unique_ptr<PeerProcess> process_;
};

struct PrometheusOptions {
    std::string config;             // prometheus.yml
    std::string rules;              // rules.yml beside it, unless empty
    std::uint16_t port{0};          // 0: a free one
    std::vector<std::string> more;  // further words of the command line
};
[[nodiscard]] std::unique_ptr<MonitoringPeer> prometheus(const PrometheusOptions& options);
/// A member of no cluster.
[[nodiscard]] std::unique_ptr<MonitoringPeer> alertmanager(const std::string& config);

/// Which of these programs are not installed, as words for a person; empty if all are.
[[nodiscard]] std::string missing(const std::vector<std::string>& programs);

/// Looks again and again, for half a minute at most.
[[nodiscard]] bool wait_for(const std::function<bool()>& good);

}  // namespace surged::test
