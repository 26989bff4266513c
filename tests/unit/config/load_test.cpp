#include "base/codec.hpp"
#include "places.hpp"
#include "unit/config/files.hpp"

#include <doctest/doctest.h>
#include <fstream>
#include <sstream>

using namespace surged;
using namespace surged::config;
using namespace surged::config::test;
using plan::Level;

TEST_CASE("config: a good surged.yaml becomes a Daemon") {
    const Files files;
    const auto daemon = load_daemon(files.daemon_file(), {});
    REQUIRE_MESSAGE(daemon, why_not(daemon));
    CHECK(daemon->http.address == "127.0.0.1");
    CHECK(daemon->http.port == 0);
    CHECK(daemon->http.public_url == "https://surged.example/ops");
    REQUIRE(daemon->http.tokens.size() == 1);
    CHECK(daemon->http.tokens[0].name == "shop");
    CHECK(daemon->http.tokens[0].role == "source");
    CHECK(daemon->http.tokens[0].site == "hz");
    CHECK(daemon->http.tokens[0].secret_file == files.path("shop.token"));
    CHECK(daemon->store.path == files.path("var"));
    CHECK(daemon->store.retention == std::chrono::days{7});
    CHECK(daemon->store.snapshot_every == 1min);
    CHECK(daemon->store.pack_commits == 50);
    CHECK(daemon->store.record_state_hash);
    CHECK(daemon->rules_path == files.rules());
    CHECK(daemon->limits.queues == 50);
    CHECK(daemon->limits.open_calls == 100'000);
    CHECK(daemon->limits.lateness == 2min);
    REQUIRE(daemon->sources.size() == 1);
    CHECK(daemon->sources[0].name == "acd-1");
    CHECK(daemon->sources[0].type == "ami");
    const auto& ami = std::get<AmiSource>(daemon->sources[0].of);
    CHECK(ami.port == 5038);
    CHECK(daemon->sources[0].stale_after == 30s);
    CHECK(ami.secret_file == files.path("ami.secret"));
    REQUIRE(daemon->channels.size() == 2);
    CHECK(daemon->channels[0].name == "hook");
    const auto& hook = std::get<WebhookChannel>(daemon->channels[0].of);
    CHECK(hook.base_url == "http://127.0.0.1:9470/page");
    CHECK(hook.secret_file == "/etc/hook.secret");
    CHECK(daemon->channels[0].timeout == 15s);
    CHECK(daemon->channels[1].type == "console");
}

TEST_CASE("config: a FreeSWITCH among the sources") {
    const Files files;
    files.put(
        "surged.yaml",
        "sources:\n"
        "  fs-1: {type: esl, site: hz, host: 192.0.2.20, secret_file: fs.secret}\n"
        "  fs-2: {type: esl, site: hz, host: fs, port: 8022, secret_file: /s, format: json,\n"
        "         poll: 1m, stale_after: 45s}\n"
    );
    const auto daemon = load_daemon(files.daemon_file(), {});
    REQUIRE_MESSAGE(daemon, why_not(daemon));
    REQUIRE(daemon->sources.size() == 2);
    const auto& first = std::get<EslSource>(daemon->sources[0].of);
    CHECK(first.host == "192.0.2.20");
    CHECK(first.port == 8021);
    CHECK(first.secret_file == files.path("fs.secret"));
    CHECK(first.format == "plain");
    CHECK(first.poll == 30s);
    const auto& second = std::get<EslSource>(daemon->sources[1].of);
    CHECK(second.port == 8022);
    CHECK(second.format == "json");
    CHECK(second.poll == 1min);
    CHECK(daemon->sources[1].stale_after == 45s);
}

TEST_CASE("config: a queue_log beside the manager") {
    const Files files;
    files.put("surged.yaml", R"(sources:
  acd-1: {type: ami, site: hz, host: h, username: u, secret_file: s}
  log-1:
    type: queue_log
    site: hz
    path: log/queue_log
    companion: acd-1
    members: {Heidi Dynamic: Local/104@agents, 王小明: Local/601@agents}
  log-2: {type: queue_log, site: hz, path: /log, from: end, queues: [other]}
)");
    const auto daemon = load_daemon(
        files.daemon_file(),
        {
            {"sources.log-2.path", "/other"}
    }
    );
    REQUIRE_MESSAGE(daemon, why_not(daemon));
    REQUIRE(daemon->sources.size() == 3);
    CHECK(daemon->sources[1].companion == "acd-1");
    const auto& log = std::get<QueueLogSource>(daemon->sources[1].of);
    CHECK(log.path == files.path("log/queue_log"));
    CHECK_FALSE(log.from_end);
    CHECK(log.members.size() == 2);
    CHECK(log.members.at("Heidi Dynamic") == "Local/104@agents");
    const auto& other = std::get<QueueLogSource>(daemon->sources[2].of);
    CHECK(other.path == "/other");
    CHECK(other.from_end);
    CHECK(other.members.empty());
}

TEST_CASE("config: a file that says little gets the defaults of the Daemon") {
    const Files files;
    files.put("surged.yaml", "http: {}\n");
    const auto daemon = load_daemon(files.daemon_file(), {});
    REQUIRE_MESSAGE(daemon, why_not(daemon));
    const Daemon standard;
    CHECK(daemon->http.address == standard.http.address);
    CHECK(daemon->http.port == standard.http.port);
    CHECK(daemon->store.path == standard.store.path);
    CHECK(daemon->store.retention == standard.store.retention);
    CHECK(daemon->store.snapshot_every == standard.store.snapshot_every);
    CHECK(daemon->store.pack_commits == standard.store.pack_commits);
    CHECK(daemon->limits == standard.limits);
    CHECK(daemon->rules_path == "/etc/surged/rules");
}

TEST_CASE("config: good rules become a RuleSet") {
    const Files files;
    const auto daemon = load_daemon(files.daemon_file(), {});
    REQUIRE_MESSAGE(daemon, why_not(daemon));
    const auto loaded = load_rules(files.rules(), &*daemon);
    REQUIRE_MESSAGE(loaded, why_not(loaded));
    CHECK(text_of(loaded->warnings) == "");
    const plan::RuleSet& rules = loaded->rules;

    CHECK(rules.site.id == "hz");
    CHECK(rules.site.zone.name == "Asia/Shanghai");
    REQUIRE(rules.site.zone.changes.size() == 1);
    CHECK(rules.site.zone.changes[0].offset_s == 8 * 3600);
    CHECK(rules.site.language == plan::Language::zh_cn);
    CHECK(rules.site.limits.queues == 50);
    CHECK(rules.public_url == "https://surged.example/ops");
    const plan::QueueRule& sales = rules.site.queues.at("sales");
    CHECK(sales.target == Micros{30s});
    CHECK(sales.short_abandon == 3s);
    CHECK(sales.wrap == 10s);
    CHECK(sales.lines == 60);
    CHECK(sales.callers == plan::Callers::pseudonym);
    CHECK(sales.formula == board::Formula::V8);
    CHECK(rules.site.queues.at("售后服务") == plan::QueueRule{});
    const plan::QueueRule& chat = rules.site.queues.at("chat");
    CHECK(chat.formula == board::Formula::V3);
    CHECK(chat.backlog_after == Micros{10min});
    CHECK(chat.complaint_limit == Micros{24h});
    CHECK(chat.quantiles == std::set{board::Window::m5, board::Window::day});

    const plan::Person& wang = rules.people.at("wang");
    CHECK(wang.name == "王芳");
    REQUIRE(wang.contact.size() == 2);
    CHECK(wang.contact[0] == plan::Method{"hook", "wang", Micros{0}});
    CHECK(wang.contact[1] == plan::Method{"console", "", Micros{60s}});
    CHECK(rules.people.at("li").language == plan::Language::en);
    const plan::Team& duty = rules.teams.at("duty");
    REQUIRE(duty.escalation.size() == 2);
    CHECK(duty.escalation[0] == plan::Rung{{"wang"}, Micros{2min}});
    CHECK(duty.escalation[1] == plan::Rung{{"li"}, Micros{5min}});
    CHECK(duty.repeat == 3);
    CHECK(duty.last_resort == "li");

    const plan::Plan& plan = rules.plans.at("platform-service");
    CHECK(plan.source == "P06");
    CHECK(plan.title == plan::Bilingual{"平台客服", "Platform service"});
    REQUIRE(plan.triggers.size() == 1);
    const plan::Leaf& leaf = plan.triggers[0].condition.leaf;
    CHECK(leaf.measure.kpi == board::Kpi::longest_wait);
    CHECK(leaf.ladder.at.at(Level::IV) == 90'000'000);
    CHECK(leaf.ladder.at.at(Level::I) == 240'000'000);
    CHECK(leaf.hold.at(Level::III) == 1min);
    CHECK(leaf.clear == plan::Clear{});
    CHECK(plan.activation == plan::Plan{}.activation);
    CHECK(plan.page.at(Level::IV).empty());
    CHECK(plan.page.at(Level::I) == std::vector<std::string>{"leader"});
    CHECK(plan.end.when_clear_for == 15min);

    REQUIRE(loaded->sources.size() == 3);
    CHECK(loaded->sources[0] == std::pair{std::string{"site.yaml"}, std::string{good_site}});
    CHECK(loaded->sources[2].first == "plans/a.yaml");
}

TEST_CASE("config: the demo rules load clean") {
    const std::string folder = SURGED_SOURCE_DIR "/rules";
    const auto daemon = load_daemon(folder + "/surged.yaml", {});
    REQUIRE_MESSAGE(daemon, why_not(daemon));
    CHECK(daemon->rules_path == folder);
    CHECK(daemon->store.path == SURGED_SOURCE_DIR "/var");
    for (const Source& source : daemon->sources)
        CHECK(read_secret(std::get<AmiSource>(source.of).secret_file));
    const auto loaded = load_rules(daemon->rules_path, &*daemon);
    REQUIRE_MESSAGE(loaded, why_not(loaded));
    CHECK(text_of(loaded->warnings) == "");
    const plan::Plan& plan = loaded->rules.plans.at("platform-service");
    CHECK(plan.triggers.size() >= 4);
    CHECK(plan.steps.size() >= 5);
}
