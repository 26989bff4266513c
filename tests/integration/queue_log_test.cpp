// The real surged beside a PBX and its log, killed at any moment: every call counts once.
#include "base/random.hpp"
#include "io/runtime/wall_clock.hpp"
#include "support/journal_check.hpp"
#include "support/pbx.hpp"
#include "support/site.hpp"
#include "support/temp_folder.hpp"

#include <boost/json.hpp>
#include <chrono>
#include <csignal>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

using namespace surged;
using namespace std::chrono_literals;

namespace {

const std::string agent = "Local/101@agents";

/// What every caller came to, by the words of the totals.
using Truth = std::map<std::string, std::uint64_t>;

/// A queue_log as Asterisk writes it.
class Log {
public:
    explicit Log(std::string path) : path_{std::move(path)} {}
    void write(const std::string& call, const std::string& rest) const {
        const auto now = io::wall_now().us / 1'000'000;
        std::ofstream{path_, std::ios::binary | std::ios::app}
            << fmt::format("{}|{}|sales|{}\n", now, call, rest);
    }
    void rotate() {
        std::filesystem::rename(path_, fmt::format("{}.{}", path_, rotated_++));
        std::ofstream{path_, std::ios::binary | std::ios::app} << io::wall_now().us / 1'000'000
                                                               << "|NONE|NONE|NONE|CONFIGRELOAD|\n";
    }
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_;
    int rotated_{0};
};

/// Callers of one queue, told by the manager and written to the log.
class Center {
public:
    Center(test::Pbx& pbx, Log& log, std::uint64_t seed) : pbx_{pbx}, log_{log}, random_{seed} {}

    /// Something happens to somebody.
    void happen() {
        const auto what = random_.below(8);
        if (what < 3 || waiting_.empty()) return join();
        if (what == 7 && !talking_.empty()) return complete();
        const std::string call = take(waiting_);
        switch (random_.below(5)) {
            case 0:
                log_.write(call, "NONE|ABANDON|1|1|0");
                pbx_.abandon(call, 0);
                ++truth["abandoned"];
                break;
            case 1:
                log_.write(call, "NONE|EXITWITHTIMEOUT|1|1|0");
                pbx_.abandon(call, 0);
                ++truth["timeout"];
                break;
            case 2:
                log_.write(call, "NONE|WITHDRAW|1|1|0|to callback");
                pbx_.abandon(call, 0);
                ++truth["withdrawn"];
                break;
            case 3:
                log_.write(call, "NONE|EXITWITHKEY|9|1|1|0");
                pbx_.leave(call);
                ++truth["key"];
                break;
            default:
                log_.write(call, "Alice Zhou|CONNECT|0|1.1|0");
                pbx_.answer(call, agent, 0);
                talking_.push_back(call);
                ++truth["answered"];
                break;
        }
    }
    void end() {
        while (!waiting_.empty() || !talking_.empty()) {
            if (!talking_.empty()) complete();
            if (waiting_.empty()) continue;
            const std::string call = take(waiting_);
            log_.write(call, "NONE|EXITEMPTY|1|1|0");
            pbx_.abandon(call, 0);
            ++truth["empty"];
        }
    }
    Truth truth;

private:
    void join() {
        const std::string call = fmt::format("1795451{:03}.{}", joined_ % 997, joined_);
        ++joined_;
        log_.write(call, "NONE|ENTERQUEUE||13800138000|1");
        pbx_.join(call);
        waiting_.push_back(call);
        ++truth["offered"];
    }
    void complete() {
        const std::string call = take(talking_);
        log_.write(call, "Alice Zhou|COMPLETECALLER|0|1|1");
        pbx_.complete(call, agent, 1);
        ++truth["completed"];
    }
    std::string take(std::vector<std::string>& from) {
        const auto at = static_cast<std::ptrdiff_t>(random_.below(from.size()));
        std::string call = from[static_cast<std::size_t>(at)];
        from.erase(from.begin() + at);
        return call;
    }
    test::Pbx& pbx_;
    Log& log_;
    Random random_;
    std::vector<std::string> waiting_, talking_;
    std::uint64_t joined_{0};
};

/// The totals of the queue sales; empty while there is none.
Truth totals_of(const std::string& body) {
    Truth out;
    boost::system::error_code failed;
    const auto json = boost::json::parse(body, failed);
    if (failed) return out;
    for (const auto& queue : json.at("queues").as_array()) {
        if (queue.at("name") != "sales") continue;
        const auto& totals = queue.at("totals").as_object();
        for (const char* name : {"offered", "answered", "abandoned", "completed"})
            if (const auto n = totals.at(name).to_number<std::uint64_t>(); n > 0) out[name] = n;
        for (const auto& [reason, n] : totals.at("exited").as_object())
            if (n.to_number<std::uint64_t>() > 0)
                out[std::string{reason}] = n.to_number<std::uint64_t>();
    }
    return out;
}

std::string words(const Truth& truth) {
    std::string out;
    for (const auto& [name, n] : truth) out += fmt::format(" {}={}", name, n);
    return out;
}

void check_totals(const test::Site& site, const Truth& want) {
    Truth got;
    const bool same = site.wait_until(
        "/api/v1/queues",
        [&](const std::string& body) {
            got = totals_of(body);
            return got == want;
        },
        20s
    );
    CHECK_MESSAGE(same, "got" << words(got) << ", want" << words(want));
}

}  // namespace

TEST_CASE("queue_log: a manager and its log through kill -9 count every call once") {
    const test::TempFolder folder;
    Log log{folder.path() + "/queue_log"};
    log.write("NONE", "NONE|CONFIGRELOAD|");
    test::Pbx pbx{"surged", "s3cret", "sales"};
    pbx.add_agent(agent);
    test::SiteOptions options;
    options.pbx_port = pbx.port();
    options.hook_url = "http://127.0.0.1:9/page";  // nobody is to be paged
    options.hook_secret = "unused";
    options.sources = fmt::format(
        "  log: {{type: queue_log, site: hz, path: \"{}\", companion: pbx}}\n", log.path()
    );
    test::Site site{options};
    Center center{pbx, log, 20261125};
    Random random{7};
    site.start();
    const auto ready = [](const std::string& body) {  // both feeds; the pager has nobody to reach
        return body.find(R"("name":"source pbx","ok":true)") != std::string::npos &&
               body.find(R"("name":"source log","ok":true)") != std::string::npos;
    };
    REQUIRE(site.wait_until("/readyz", ready, 10s));
    const auto busy_for = [&](std::uint64_t ms) {
        const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds{ms};
        while (std::chrono::steady_clock::now() < until) {
            center.happen();
            std::this_thread::sleep_for(std::chrono::microseconds{random.below(8000)});
        }
    };
    for (int kill = 0; kill < 12; ++kill) {
        CAPTURE(kill);
        busy_for(100 + random.below(700));
        site.stop(SIGKILL);
        // The PBX goes on without us; now and then its log is rotated.
        for (auto n = random.below(30); n > 0; --n) center.happen();
        if (kill % 3 == 0) log.rotate();
        for (auto n = random.below(10); n > 0; --n) center.happen();
        site.start();
        if (random.below(2) == 0)
            REQUIRE_MESSAGE(site.wait_until("/readyz", ready, 10s), site.get("/readyz").body);
    }
    busy_for(500);
    center.end();
    CAPTURE(site.log());
    check_totals(site, center.truth);
    CHECK(site.get("/api/v1/queues").body.find(R"("exits_known":true)") != std::string::npos);
    site.stop(SIGTERM);
    test::check_hashes(site.store_path());
}

TEST_CASE("queue_log: a log alone through kill -9, rotation and truncation") {
    const test::TempFolder folder;
    Log log{folder.path() + "/queue_log"};
    test::Pbx nobody{"surged", "s3cret", "sales"};  // nobody listens to it
    test::SiteOptions options;
    options.hook_url = "http://127.0.0.1:9/page";  // nobody is to be paged
    options.hook_secret = "unused";
    options.sources =
        fmt::format("  log: {{type: queue_log, site: hz, path: \"{}\"}}\n", log.path());
    test::Site site{options};
    site.start();
    const auto says = [&](const std::string& what) {
        return site.wait_until(
            "/readyz",
            [&](const std::string& body) { return body.find(what) != std::string::npos; },
            10s
        );
    };
    CHECK(says("waiting for " + log.path() + ": there is no such file"));
    Center center{nobody, log, 99};
    Random random{11};
    for (int kill = 0; kill < 8; ++kill) {
        CAPTURE(kill);
        for (auto n = random.below(200); n > 0; --n) center.happen();
        std::this_thread::sleep_for(std::chrono::milliseconds{random.below(300)});
        if (kill == 2) log.rotate();
        site.stop(SIGKILL);
        for (auto n = random.below(50); n > 0; --n) center.happen();
        if (kill == 4) log.rotate();
        if (kill == 5) {
            std::filesystem::copy_file(log.path(), log.path() + "-20261125");
            std::filesystem::resize_file(log.path(), 0);
        }
        site.start();
    }
    center.end();
    CAPTURE(site.log());
    check_totals(site, center.truth);
    CHECK(says("following " + log.path() + " at byte "));
    site.stop(SIGTERM);
    test::check_hashes(site.store_path());
}
