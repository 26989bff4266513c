#include "support/site.hpp"

#include "io/http/client.hpp"
#include "places.hpp"

#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

namespace surged::test {
namespace {

void write_file(const std::string& path, const std::string& text) {
    std::ofstream out{path, std::ios::binary};
    out << text;
    if (!out) throw std::runtime_error{"cannot write " + path};
}

}  // namespace

Site::Site(SiteOptions options) : options_{std::move(options)} {
    const std::string from = fmt::format(
        "{}/tests/data/{}", SURGED_SOURCE_DIR, options_.rules.empty() ? "center" : options_.rules
    );
    std::filesystem::copy(from, rules_path(), std::filesystem::copy_options::recursive);
    const auto& root = folder_.path();
    write_file(root + "/ami.secret", options_.pbx_secret);
    write_file(root + "/hook.secret", options_.hook_secret);
    std::string yaml = fmt::format(
        "http: {{listen: 127.0.0.1:0}}\n"
        "store: {{path: var, record_state_hash: {}}}\n"
        "rules: {{path: rules}}\n",
        options_.record_state_hash
    );
    if (options_.pbx_port != 0 || !options_.sources.empty()) yaml += "sources:\n";
    if (options_.pbx_port != 0)
        yaml += fmt::format(
            "  pbx: {{type: {}, site: hz, host: 127.0.0.1, port: {}, {}, "
            "secret_file: ami.secret, stale_after: 10s}}\n",
            options_.pbx_type,
            options_.pbx_port,
            options_.pbx_type == "ami" ? "username: surged" : "poll: 1s"
        );
    yaml += options_.sources;
    const std::string hook =
        options_.hook.empty()
            ? fmt::format(
                  "{{type: webhook, base_url: \"{}\", secret_file: hook.secret}}", options_.hook_url
              )
            : options_.hook;
    yaml += fmt::format("channels:\n  hook: {}\n", hook);
    write_file(root + "/surged.yaml", yaml + options_.channels);
    if (!options_.roster.empty()) write_file(rules_path() + "/roster.yaml", options_.roster);
}

void Site::start() {
    std::vector<std::string> argv = wrapper_;
    for (const char* word : {SURGED_BINARY_DIR "/daemon/surged", "--config"})
        argv.emplace_back(word);
    argv.push_back(config_file());
    for (const std::string& set : options_.more) {
        argv.emplace_back("--set");
        argv.push_back(set);
    }
    process_ = std::make_unique<Process>(argv, folder_.path() + "/log");
    const auto line = process_->line(std::chrono::seconds{30});
    if (!line || !line->starts_with("listening ")) throw std::runtime_error{"no start: " + log()};
    url_ = line->substr(std::string{"listening "}.size());
}

void Site::stop(int signal) {
    process_->signal(signal);
    if (!process_->wait(std::chrono::seconds{20})) throw std::runtime_error{"no end: " + log()};
    process_.reset();
}

Reply Site::get(const std::string& path) const {
    io::http::Client client;
    io::http::ClientRequest request;
    request.url = url_ + path;
    const auto answer = io::http::request_blocking(client, std::move(request));
    if (!answer) return {0, answer.error().what};
    return {answer->status, answer->body};
}

Reply Site::post(const std::string& path, const std::string& body) const {
    io::http::Client client;
    io::http::ClientRequest request;
    request.method = "POST";
    request.url = url_ + path;
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = body;
    const auto answer = io::http::request_blocking(client, std::move(request));
    if (!answer) return {0, answer.error().what};
    return {answer->status, answer->body};
}

bool Site::wait_until(
    const std::string& path,
    const std::function<bool(const std::string&)>& good,
    std::chrono::milliseconds limit
) const {
    const auto until = std::chrono::steady_clock::now() + limit;
    while (std::chrono::steady_clock::now() < until) {
        const Reply reply = get(path);
        if (reply.status == 200 && good(reply.body)) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    return false;
}

std::string Site::log() const {
    std::ifstream in{folder_.path() + "/log"};
    return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace surged::test
