// Files for a test: whole and right by default, each replaced by what the test is about.
#pragma once

#include "config/daemon.hpp"
#include "support/temp_folder.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace surged::config::test {

inline constexpr std::string_view good_daemon = R"(http:
  listen: 127.0.0.1:0
  public_url: https://surged.example/ops
  tokens:
    - {name: shop, role: source, site: hz, secret_file: shop.token}
store: {path: var, retention: 7d, snapshot_every: 1m, pack_commits: 50, record_state_hash: true}
rules: {path: rules}
limits: {queues: 50, lateness: 2m}
sources:
  acd-1:
    type: ami
    site: hz
    host: 127.0.0.1
    username: surged
    secret_file: ami.secret
channels:
  hook: {type: webhook, base_url: "http://127.0.0.1:9470/page", secret_file: /etc/hook.secret}
  console: {type: console}
)";

inline constexpr std::string_view good_site =
    R"(site: {id: hz, time_zone: Asia/Shanghai, language: zh-CN}
queues:
  sales: {target: 30s, short_abandon: 3s, wrap: 10s, lines: 60, callers: pseudonym}
  售后服务: {}
  chat: {formula: V3, backlog_after: 10m, complaint_limit: 24h, quantiles: [day, 5m]}
)";

inline constexpr std::string_view good_roster = R"(people:
  wang:
    name: 王芳
    language: zh-CN
    contact: [{channel: hook, to: wang}, {channel: console, after: 60s}]
  li: {name: Li Wei, language: en, contact: [{channel: hook}]}
teams:
  duty: {escalation: [{page: [wang], wait: 2m}, {page: [li]}], repeat: 3, last_resort: li}
  it: {last_resort: li}
)";

inline constexpr std::string_view good_plan = R"(plan: platform-service
title: {zh-CN: 平台客服, en: Platform service}
source: P06
triggers:
  - {id: late, kpi: longest_wait, above: {IV: 90s, III: 120s, II: 180s, I: 240s}, for: 1m}
teams: {leader: duty}
page: {III: [leader]}
)";

/// A folder with surged.yaml and rules/.
class Files {
public:
    Files() {
        put("surged.yaml", good_daemon);
        put("rules/site.yaml", good_site);
        put("rules/roster.yaml", good_roster);
        put("rules/plans/a.yaml", good_plan);
    }
    void put(const std::string& name, std::string_view text) const {
        const std::filesystem::path path = std::filesystem::path{folder_.path()} / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream{path, std::ios::binary} << text;
    }
    [[nodiscard]] std::string path(const std::string& name) const {
        return folder_.path() + "/" + name;
    }
    [[nodiscard]] std::string daemon_file() const { return path("surged.yaml"); }
    [[nodiscard]] std::string rules() const { return path("rules"); }

private:
    surged::test::TempFolder folder_;
};

/// All of it in lines, for a failing test to show.
inline std::string text_of(const Diagnostics& diagnostics) {
    std::string out;
    for (const Diagnostic& diagnostic : diagnostics) out += diagnostic.text() + "\n";
    return out;
}

/// The rules, or an empty value after saying why not.
inline std::string why_not(const tl::expected<LoadedRules, Diagnostics>& rules) {
    return rules ? std::string{} : text_of(rules.error());
}
inline std::string why_not(const tl::expected<Daemon, Diagnostics>& daemon) {
    return daemon ? std::string{} : text_of(daemon.error());
}

}  // namespace surged::config::test
