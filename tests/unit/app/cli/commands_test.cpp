// The commands against an HTTP server that answers as surged's API does, and against none.
#include "app/cli/check.hpp"
#include "app/cli/common.hpp"
#include "app/cli/queries.hpp"
#include "app/cli/simulate.hpp"
#include "io/http/server.hpp"
#include "places.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <mutex>
#include <sstream>
#include <thread>

using namespace surged;
using namespace surged::app;
using cli::Exit;

namespace {

struct Terminal {
    std::ostringstream out, err;
    cli::Globals globals;
    explicit Terminal(const std::string& url, bool json = false) {
        globals.url = url;
        globals.json = json;
        globals.language = "en";
        globals.out = &out;
        globals.err = &err;
    }
};

/// Answers every request alike and keeps what was asked.
class FakeApi {
public:
    FakeApi(unsigned status, std::string body)
        : status_{status},
          body_{std::move(body)},
          server_{loop_.get_executor(), {}, [this](io::http::Request r) {
                      return take(std::move(r));
                  }} {
        url_ = fmt::format("http://127.0.0.1:{}/", server_.start().value());
        thread_ = std::thread{[this] { loop_.run(); }};
    }
    ~FakeApi() {
        loop_.stop();
        thread_.join();
    }
    [[nodiscard]] const std::string& url() const { return url_; }
    [[nodiscard]] std::vector<std::string> asked() {
        const std::scoped_lock lock{mutex_};
        return asked_;
    }

private:
    boost::asio::awaitable<io::http::Response> take(io::http::Request request) {
        const std::scoped_lock lock{mutex_};
        const auto* token = request.header("authorization");
        asked_.push_back(fmt::format(
            "{} {} {}{}", request.method, request.target, request.body, token ? " " + *token : ""
        ));
        co_return io::http::json_response(status_, body_);
    }
    unsigned status_;
    std::string body_;
    std::mutex mutex_;
    std::vector<std::string> asked_;
    boost::asio::io_context loop_{1};
    io::http::Server server_;
    std::string url_;
    std::thread thread_;
};

}  // namespace

TEST_CASE("surgectl: pages that are open, and all of them") {
    FakeApi api{
        200, R"({"pages":[
        {"id":"p-1","level":"II","person":"wang","channel":"hook","state":"accepted","open":true,"possible_repeat":true,
         "created_at":"2026-11-23T16:35:19.000000Z","sent_at":null,"acked_by":null,"acked_at":null},
        {"id":"p-2","level":"II","person":"li","channel":"hook","state":"accepted","open":false,"possible_repeat":false,
         "created_at":"2026-11-23T16:35:19.000000Z","sent_at":null,"acked_by":null,"acked_at":null}]})"
    };
    Terminal open{api.url()};
    CHECK(cli::pages(open.globals, false) == Exit::fine);
    CHECK(open.out.str().find("p-1") != std::string::npos);
    CHECK(open.out.str().find("accepted (possible repeat)") != std::string::npos);
    CHECK(open.out.str().find("p-2") == std::string::npos);
    Terminal both{api.url()};
    CHECK(cli::pages(both.globals, true) == Exit::fine);
    CHECK(both.out.str().find("accepted (nobody is to answer it)") != std::string::npos);
    Terminal all{api.url(), true};
    CHECK(cli::pages(all.globals, true) == Exit::fine);
    CHECK(all.out.str().find("\"p-2\"") != std::string::npos);
    CHECK(api.asked().front() == "GET /api/v1/pages?limit=1000 ");
}

TEST_CASE("surgectl: a surged that does not say which pages are open is taken by their states") {
    FakeApi api{
        200, R"({"pages":[
        {"id":"p-1","state":"sent"},{"id":"p-2","state":"due"},{"id":"p-3","state":"accepted"},
        {"id":"p-4","state":"over"},{"id":"p-5","state":"failed"},{"id":"p-6","state":"acknowledged"}]})"
    };
    Terminal t{api.url()};
    CHECK(cli::pages(t.globals, false) == Exit::fine);
    for (const char* open : {"p-1", "p-2", "p-3"}) {
        CAPTURE(open);
        CHECK(t.out.str().find(open) != std::string::npos);
    }
    for (const char* settled : {"p-4", "p-5", "p-6"}) {
        CAPTURE(settled);
        CHECK(t.out.str().find(settled) == std::string::npos);
    }
}

TEST_CASE("surgectl: queues with Chinese names line up") {
    FakeApi api{200, R"({"queues":[
        {"site":"hz","name":"sales","now":{"calls_waiting":52,"longest_wait":63.25,"agents_staffed":16,
         "agents_available":0},"windows":{"5m":{"service_level":0.175}},"totals":{"offered":80,"answered":20,
         "abandoned":8,"exited":{"timeout":1,"key":2}},"level":"I"},
        {"site":"hz","name":"售后服务","now":{},"windows":{},"totals":{},"level":"none"}]})"};
    Terminal t{api.url()};
    CHECK(cli::queues(t.globals) == Exit::fine);
    std::istringstream lines{t.out.str()};
    std::string headings, sales, after;
    std::getline(lines, headings);
    std::getline(lines, sales);
    std::getline(lines, after);
    CHECK(headings.starts_with("QUEUE     LEVEL  WAITING"));
    CHECK(sales.starts_with("sales     I      52       63.25 s"));
    CHECK(sales.ends_with("3       17.5 %"));
    CHECK(after.starts_with("售后服务"));
    CHECK(headings.find("BACKLOG") == std::string::npos);  // nobody writes here
}

TEST_CASE("surgectl: queues of chat and e-mail show who waits for an answer") {
    FakeApi api{200, R"({"queues":[
        {"site":"hz","name":"sales","now":{"calls_waiting":2,"concurrency":null,"backlog":2},
         "windows":{"day":{"response_ratio":null}},"totals":{},"level":"none"},
        {"site":"hz","name":"chat-1","now":{"calls_waiting":1,"concurrency":2.5,"backlog":4,"oldest":301.5},
         "windows":{"5m":{"response_ratio":0.8}},"totals":{},"level":"none"}]})"};
    Terminal t{api.url()};
    CHECK(cli::queues(t.globals) == Exit::fine);
    std::istringstream lines{t.out.str()};
    std::string headings, sales, chat;
    std::getline(lines, headings);
    std::getline(lines, sales);
    std::getline(lines, chat);
    CHECK(headings.ends_with("BACKLOG  OLDEST    CHATS/AGENT  IN 3 MIN 5m"));
    CHECK(chat.ends_with("4        301.50 s  2.50         80.0 %"));
    CHECK(sales.ends_with("0"));
}

TEST_CASE("surgectl: ack of a page that another has says whose it is") {
    FakeApi api{200, R"({"id":"a","state":"acknowledged","acked_by":"chen"})"};
    Terminal t{api.url()};
    CHECK(cli::acknowledge(t.globals, "a", "wang") == Exit::fine);
    CHECK(t.out.str() == "a was acknowledged before, by chen\n");
    Terminal own{api.url()};
    CHECK(cli::acknowledge(own.globals, "a", "chen") == Exit::fine);
    CHECK(own.out.str() == "a is acknowledged\n");
}

TEST_CASE("surgectl: ack says who, with the token, to an id that needs escapes") {
    FakeApi api{200, R"({"id":"a/b","state":"acknowledged"})"};
    const auto file = std::filesystem::temp_directory_path() / fmt::format("token-{}", ::getpid());
    std::ofstream{file} << "secret-token\n";
    Terminal t{api.url()};
    t.globals.token_file = file;
    CHECK(cli::acknowledge(t.globals, "a/b", "wang") == Exit::fine);
    std::filesystem::remove(file);
    CHECK(t.out.str() == "a/b is acknowledged\n");
    CHECK(
        api.asked() ==
        std::vector<std::string>{R"(POST /api/v1/pages/a%2Fb/ack {"by":"wang"} Bearer secret-token)"
        }
    );
}

TEST_CASE("surgectl: a refusal is a finding, in the API's own words") {
    FakeApi api{409, R"({"title":"Conflict","detail":"it is over: this page","status":409})"};
    Terminal t{api.url()};
    CHECK(cli::acknowledge(t.globals, "p-1", "wang") == Exit::finding);
    CHECK(t.err.str().find("it is over: this page") != std::string::npos);
    FakeApi list{422, R"({"title":"Unprocessable","detail":"a.yaml:1:1: x\nb.yaml:2:2: y\n"})"};
    Terminal two{list.url()};
    CHECK(cli::acknowledge(two.globals, "p-1", "wang") == Exit::finding);
    CHECK(two.err.str().ends_with("b.yaml:2:2: y (HTTP 422)\n"));
}

TEST_CASE("surgectl: status is a finding when a part fails") {
    const char* body = R"({{"version":"0.1.0","site":"hz","now":"2026-11-23T16:35:19Z","queues":2,
        "pages_unacknowledged":0,"components":[{{"name":"store","ok":{},"detail":"","since":""}}],"sources":[]}})";
    FakeApi well{200, fmt::format(fmt::runtime(body), true)};
    Terminal good{well.url()};
    CHECK(cli::status(good.globals) == Exit::fine);
    CHECK(good.out.str().find("site hz") != std::string::npos);
    FakeApi ill{200, fmt::format(fmt::runtime(body), false)};
    Terminal bad{ill.url()};
    CHECK(cli::status(bad.globals) == Exit::finding);
    CHECK(bad.out.str().find("FAILS") != std::string::npos);
}

TEST_CASE("surgectl: status by the site's clock, in the reader's language") {
    FakeApi api{200, R"({"version":"0.1.0","site":"hz","zone":"Asia/Shanghai",
        "now":"2026-11-23T16:35:19Z","queues":2,"pages_unacknowledged":1,"components":[
        {"name":"source acd-1","ok":false,"detail":"refused","since":"2026-11-23T16:30:00Z"}],
        "sources":[{"name":"acd-1","up":false,"exits_known":true,"accepted":3,"rejected":0,
        "newest":null}]})"};
    Terminal t{api.url()};
    t.globals.language = "zh-CN";
    CHECK(cli::status(t.globals) == Exit::finding);
    for (const char* part :
         {"站点 hz,2026-11-24 00:35:19 Asia/Shanghai",
          "1 条呼叫未认领",
          "数据源 acd-1",
          "异常",
          "2026-11-24 00:30:00",
          "能区分离开原因"}) {
        CAPTURE(part);
        CHECK(t.out.str().find(part) != std::string::npos);
    }
}

TEST_CASE("surgectl: an incident in Chinese, with its time where it happened") {
    FakeApi api{
        200,
        R"({"zone":"Asia/Shanghai","id":"P06-hz-20261123-1","plan":"platform-service","site":"hz",
        "queues":["sales"],"level":"II","phase":"activated",
        "opened_at":"2026-11-23T16:35:19.000000Z","ended_at":null,"drill":true,"steps":[
        {"id":"report-up","state":"open","overdue":false,"team":"leader",
         "opened_at":"2026-11-23T16:35:19.000000Z","due_at":null,"by":""}],
        "timeline":[{"at":"2026-11-23T16:35:19.000000Z","entry":"step_overdue","level":"III",
         "by":"surged","detail":""}]})"
    };
    Terminal t{api.url()};
    t.globals.language = "zh-CN";
    CHECK(cli::incident_show(t.globals, "P06-hz-20261123-1") == Exit::fine);
    for (const char* part :
         {"【演练】", "Ⅱ级,已启动", "开立于 2026-11-24 00:35:19", "步骤超时", "未完成"}) {
        CAPTURE(part);
        CHECK(t.out.str().find(part) != std::string::npos);
    }
}

TEST_CASE("surgectl: a threshold for what does not exist, told in the reader's language") {
    FakeApi api{404, R"({"title":"Not Found","status":404,"detail":"there is no queue salse",
        "unknown":"queue","given":"salse","plan":"p","known":["sales","vip"],"more":0,
        "meant":"sales"})"};
    cli::ThresholdOptions options;
    options.plan = "P06";
    options.trigger = "pressure";
    options.queue = "salse";
    options.by = "wang";
    options.why = "ads";
    options.lasts = "1h";
    options.levels = {"III=8"};
    Terminal zh{api.url()};
    zh.globals.language = "zh-CN";
    CHECK(cli::threshold(zh.globals, options) == Exit::finding);
    CHECK(zh.err.str().find("没有队列 salse;是否指 sales?现有:sales, vip") != std::string::npos);
    Terminal en{api.url()};
    CHECK(cli::threshold(en.globals, options) == Exit::finding);
    CHECK(en.err.str().find("there is no queue salse") != std::string::npos);
    options.levels = {"V=8"};
    CHECK(cli::threshold(en.globals, options) == Exit::usage);
    CHECK(en.err.str().find("V=8 is not a level and an amount") != std::string::npos);
}

TEST_CASE("surgectl: a queue that only the rules name is taken, and said") {
    FakeApi api{200, R"({"detail":"no call","unseen":"vip"})"};
    cli::ThresholdOptions options;
    options.plan = "P06";
    options.trigger = "pressure";
    options.queue = "vip";
    options.by = "wang";
    options.why = "ads";
    options.lasts = "1h";
    options.levels = {"III=8"};
    Terminal t{api.url()};
    CHECK(cli::threshold(t.globals, options) == Exit::fine);
    CHECK(t.out.str().find("in force for 1h\nno call of vip has come yet") == 0);
}

TEST_CASE("surgectl: levels that have no threshold meanwhile are said") {
    FakeApi api{200, R"({"detail":"","without":["IV","II"]})"};
    cli::ThresholdOptions options;
    options.plan = "P06";
    options.trigger = "pressure";
    options.by = "wang";
    options.why = "ads";
    options.lasts = "1h";
    options.levels = {"III=8"};
    Terminal en{api.url()};
    CHECK(cli::threshold(en.globals, options) == Exit::fine);
    CHECK(en.out.str().find("meanwhile IV, II have no threshold") != std::string::npos);
    Terminal zh{api.url()};
    zh.globals.language = "zh-CN";
    CHECK(cli::threshold(zh.globals, options) == Exit::fine);
    CHECK(zh.out.str().find("期间 IV, II 级没有阈值") != std::string::npos);
}

TEST_CASE("surgectl: plan list marks what does not run yet") {
    FakeApi api{200, R"({"plans":[
        {"plan":"p","source":"P06","version":1,"title_zh":"平台","title_en":"Platform",
         "triggers":["t"],"kinds":[],"steps":1,"not_run":["notices","drill"]},
        {"plan":"q","source":"","version":1,"title_zh":"其他","title_en":"Other",
         "triggers":[],"kinds":[],"steps":0,"not_run":[]}]})"};
    Terminal en{api.url()};
    CHECK(cli::plan_list(en.globals) == Exit::fine);
    CHECK(en.out.str().find("Platform  t         notices, drill\n") != std::string::npos);
    Terminal zh{api.url()};
    zh.globals.language = "zh-CN";
    CHECK(cli::plan_list(zh.globals) == Exit::fine);
    CHECK(zh.out.str().find("尚未执行") != std::string::npos);
    CHECK(zh.out.str().find("客户公告、演练") != std::string::npos);
}

TEST_CASE("surgectl: nobody there, and not surged, are findings with a hint") {
    Terminal nobody{"http://127.0.0.1:1"};
    CHECK(cli::queues(nobody.globals) == Exit::finding);
    CHECK(nobody.err.str().find("is surged running there?") != std::string::npos);
    FakeApi other{200, "<html>"};
    Terminal wrong{other.url()};
    CHECK(cli::incident_show(wrong.globals, "x") == Exit::finding);
    CHECK(wrong.err.str().find("does not speak JSON") != std::string::npos);
}

TEST_CASE("surgectl: an incident with its timeline, and its end") {
    FakeApi api{
        200,
        R"({"id":"P06-hz-20261123-1","plan":"platform-service","site":"hz","queues":["sales","售后服务"],
        "level":"II","phase":"activated","opened_at":"2026-11-23T16:35:19.000000Z","ended_at":null,"drill":false,
        "timeline":[{"at":"2026-11-23T16:35:19.000000Z","entry":"opened","level":"III","by":"surged","detail":""}]})"
    };
    Terminal t{api.url()};
    CHECK(cli::incident_end(t.globals, "P06-hz-20261123-1", "li", "false alarm") == Exit::fine);
    CHECK(t.out.str().find("sales, 售后服务") != std::string::npos);
    CHECK(t.out.str().find("opened  III") != std::string::npos);
    CHECK(
        api.asked().front() ==
        R"(POST /api/v1/incidents/P06-hz-20261123-1/end {"by":"li","why":"false alarm"})"
    );
}

TEST_CASE("surgectl: check tells good rules from bad") {
    Terminal good{""};
    CHECK(cli::check(good.globals, {std::string{SURGED_SOURCE_DIR} + "/rules", ""}) == Exit::fine);
    CHECK(good.out.str().find("not checked: surged --check --config FILE") != std::string::npos);
    Terminal chinese{""};
    chinese.globals.language = "zh-CN";
    CHECK(cli::check(chinese.globals, {"/nowhere/at/all", ""}) == Exit::finding);
    CHECK(chinese.out.str().find("1 处错误") != std::string::npos);
    Terminal config{""};
    CHECK(
        cli::check(config.globals, {"", std::string{SURGED_SOURCE_DIR} + "/rules/surged.yaml"}) ==
        Exit::fine
    );
    Terminal bad{"", true};
    CHECK(cli::check(bad.globals, {"/nowhere/at/all", ""}) == Exit::finding);
    CHECK(bad.out.str().find("\"mistakes\":[{") != std::string::npos);
}

TEST_CASE("surgectl: simulate refuses what it cannot do, as usage") {
    struct Row {
        const char* name;
        cli::SimulateOptions options;
    };
    cli::SimulateOptions both, scenario, duration;
    both.to = "x";
    both.as_ami = "127.0.0.1:0";
    scenario.scenario = "storm";
    duration.duration = "soon";
    for (const Row& row : {
             Row{"both",     both    },
             Row{"scenario", scenario},
             Row{"duration", duration}
    }) {
        CAPTURE(row.name);
        Terminal t{""};
        CHECK(cli::simulate(t.globals, row.options) == Exit::usage);
        CHECK_FALSE(t.err.str().empty());
    }
}

TEST_CASE("surgectl: addresses to listen on") {
    CHECK(
        cli::parse_listen("127.0.0.1:9470") ==
        std::pair{std::string{"127.0.0.1"}, std::uint16_t{9470}}
    );
    CHECK(cli::parse_listen(":0") == std::pair{std::string{"127.0.0.1"}, std::uint16_t{0}});
    CHECK(cli::parse_listen("[::1]:80") == std::pair{std::string{"::1"}, std::uint16_t{80}});
    for (const char* wrong : {"", "9470", "host:", "host:x", "host:70000", "host:-1"}) {
        CAPTURE(wrong);
        CHECK_FALSE(cli::parse_listen(wrong).has_value());
    }
}
