// Channels of surged.yaml, by type.
#include "unit/config/files.hpp"

#include <doctest/doctest.h>
#include <variant>

using namespace surged::config;
using namespace surged::config::test;

namespace {

std::string channels(const std::string& text) {
    return "http: {listen: \"127.0.0.1:0\"}\nchannels:\n" + text;
}

}  // namespace

TEST_CASE("config: channels of the vendors, with the least that they need and with everything") {
    const Files files;
    files.put("surged.yaml", channels(R"(  robot: {type: wecom_robot, key_file: wecom.key}
  app: {type: wecom_app, corp_id: ww01, agent_id: 1000002, secret_file: app.secret, timeout: 5s}
  ding: {type: dingtalk, key_file: d.key, secret_file: d.secret, keyword: 客服, ca_file: ca.pem}
  fei: {type: feishu, base_url: "https://open.larksuite.com", key_file: f.key}
)"));
    const auto daemon = load_daemon(files.daemon_file(), {});
    REQUIRE_MESSAGE(daemon, why_not(daemon));
    REQUIRE(daemon->channels.size() == 4);
    const auto& robot = std::get<WecomRobotChannel>(daemon->channels[0].of);
    CHECK(robot.base_url.empty());
    CHECK(robot.key_file == files.path("wecom.key"));
    CHECK_FALSE(daemon->channels[0].needs_to());
    const auto& app = std::get<WecomAppChannel>(daemon->channels[1].of);
    CHECK(app.corp_id == "ww01");
    CHECK(app.agent_id == 1'000'002);
    CHECK(app.secret_file == files.path("app.secret"));
    CHECK(daemon->channels[1].timeout == surged::Micros{5'000'000});
    CHECK(daemon->channels[1].needs_to());
    const auto& ding = std::get<DingtalkChannel>(daemon->channels[2].of);
    CHECK(ding.key_file == files.path("d.key"));
    CHECK(ding.secret_file == files.path("d.secret"));
    CHECK(ding.keyword == "客服");
    CHECK(daemon->channels[2].ca_file == files.path("ca.pem"));
    const auto& fei = std::get<FeishuChannel>(daemon->channels[3].of);
    CHECK(fei.base_url == "https://open.larksuite.com");
    CHECK(fei.secret_file.empty());
}

TEST_CASE("config: a channel of a vendor without what it needs is refused with its place") {
    const Files files;
    files.put("surged.yaml", channels(R"(  robot: {type: wecom_robot}
  app: {type: wecom_app, corp_id: ww01, agent_id: x, secret_file: s}
  ding: {type: dingtalk, key_file: d.key, key: oops}
)"));
    const auto daemon = load_daemon(files.daemon_file(), {});
    REQUIRE_FALSE(daemon.has_value());
    const std::string text = text_of(daemon.error());
    CHECK(text.find(":3:10: channels.robot: key_file is missing") != std::string::npos);
    CHECK(text.find(":4:51: channels.app.agent_id") != std::string::npos);
    CHECK(text.find("channels.ding: unknown key \"key\"") != std::string::npos);
}

TEST_CASE("config: who is reached by an application must be named in his contact") {
    const Files files;
    files.put(
        "surged.yaml",
        channels(R"(  hook: {type: wecom_app, corp_id: w, agent_id: 1, secret_file: s}
  console: {type: console}
)")
    );
    const auto daemon = load_daemon(files.daemon_file(), {});
    REQUIRE_MESSAGE(daemon, why_not(daemon));
    const auto rules = load_rules(files.rules(), &*daemon);
    REQUIRE_FALSE(rules.has_value());
    REQUIRE(rules.error().size() == 1);  // wang's contact has one, li's has none
    CHECK(
        rules.error()[0].text().find("channel \"hook\" must be told whom to address") !=
        std::string::npos
    );
    CHECK(rules.error()[0].line == 6);
}
