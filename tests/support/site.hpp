// A whole site for end-to-end tests: a folder with its configuration, and the real surged in it.
#pragma once

#include "support/process.hpp"
#include "support/temp_folder.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace surged::test {

struct SiteOptions {
    std::uint16_t pbx_port{0};
    std::string pbx_type{"ami"};  // or esl
    std::string pbx_secret{"s3cret"};
    std::string hook_url;
    std::string hook;  // the channel as YAML; empty: a webhook at hook_url
    std::string hook_secret;
    std::string rules;     // folder below tests/data; empty: tests/data/center
    std::string channels;  // further entries below `channels:`, two blanks before each
    std::string roster;    // instead of the one in that folder
    bool record_state_hash{true};
    std::vector<std::string> more;  // further --set values
    std::string sources;            // further lines of YAML below `sources:`, indented by two
};

struct Reply {
    int status{0};
    std::string body;
};

class Site {
public:
    explicit Site(SiteOptions options);

    /// These words stand before the program's own when it is started next.
    void wrap(std::vector<std::string> words) { wrapper_ = std::move(words); }
    /// Starts the real binary and waits until it listens; throws with its log if it does not.
    void start();
    /// Ends it with this signal and waits.
    void stop(int signal);
    [[nodiscard]] bool running() const { return process_ != nullptr; }
    Process& process() { return *process_; }

    [[nodiscard]] Reply get(const std::string& path) const;
    [[nodiscard]] Reply post(const std::string& path, const std::string& body) const;
    /// Polls until `good` holds for the body of GET path.
    [[nodiscard]] bool wait_until(
        const std::string& path,
        const std::function<bool(const std::string&)>& good,
        std::chrono::milliseconds limit
    ) const;
    [[nodiscard]] std::string store_path() const { return folder_.path() + "/var"; }
    [[nodiscard]] std::string rules_path() const { return folder_.path() + "/rules"; }
    [[nodiscard]] std::string config_file() const { return folder_.path() + "/surged.yaml"; }
    /// For a daemon that runs inside the test program.
    void attach(std::uint16_t port) { url_ = "http://127.0.0.1:" + std::to_string(port); }
    [[nodiscard]] std::string url() const { return url_; }
    [[nodiscard]] std::string log() const;

private:
    TempFolder folder_;
    SiteOptions options_;
    std::vector<std::string> wrapper_;
    std::unique_ptr<Process> process_;
    std::string url_;
};

}  // namespace surged::test
