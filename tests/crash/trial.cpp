#include "crash/trial.hpp"

#include "app/cli/replay.hpp"
#include "app/recover.hpp"
#include "app/store_view.hpp"
#include "io/runtime/wall_clock.hpp"
#include "places.hpp"
#include "store/reader.hpp"
#include "support/page_sink.hpp"
#include "support/ran.hpp"
#include "support/site.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <stdexcept>
#include <thread>

namespace surged::crash {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::size_t callers = 11;

/// A promise that was not kept.
struct Broken : std::runtime_error {
    using std::runtime_error::runtime_error;
};
void promise(bool kept, const std::string& what) {
    if (!kept) throw Broken{what};
}

class Trial {
public:
    Trial(Fault fault, const std::set<std::string>* due)
        : fault_{std::move(fault)}, due_{due}, sink_{secret()}, site_{options()} {}

    Outcome run() {
        try {
            night();
        } catch (const std::exception& broken) {
            out_.wrong = fmt::format("{}\n{}", broken.what(), site_.log());
        }
        return out_;
    }

private:
    /// A receiver that looks at the time of a signature refuses whose clock is an hour wrong.
    [[nodiscard]] std::string secret() const {
        return fault_.kind == "clock" ? "" : test::PageSink::default_secret();
    }
    test::SiteOptions options() {
        test::SiteOptions out;
        out.hook_url = sink_.url();
        out.hook_secret = test::PageSink::default_secret();
        out.more = {"store.snapshot_every=1s", "store.pack_commits=2"};
        return out;
    }
    [[nodiscard]] std::string count_file() const { return site_.store_path() + ".count"; }
    /// The process may die of it, or the journal lose records.
    [[nodiscard]] bool kills() const {
        return fault_.kind == "kill" || fault_.kind == "torn" || fault_.kind == "power" ||
               fault_.kind == "lied";
    }

    void first_start() {
        site_.wrap(
            {"/usr/bin/env",
             "LD_PRELOAD=" SURGED_FAULTS_LIBRARY,
             "SURGED_FAULT=" + fault_.text(),
             "SURGED_FAULT_COUNT=" + count_file()}
        );
        try {
            site_.start();
        } catch (const std::exception& failed) {
            if (!kills()) {
                out_.refused = true;
                promise(
                    site_.log().find("journal") != std::string::npos ||
                        site_.log().find("store") != std::string::npos,
                    "it did not start and did not say that it was the store"
                );
            }
            start_again();
        }
    }
    void start_again() {
        promise(out_.starts < 3, "it died more than once of one fault");
        site_.wrap({});
        ++out_.starts;
        site_.start();
        // A disk that lies loses what it was given: whoever feeds us has it all, as a PBX would.
        if (fault_.kind != "lied") return;
        for (const std::string& lines : said_) static_cast<void>(say("/api/v1/events", lines));
    }
    /// Says it until there is an answer: a client whose server dies tries again.
    test::Reply say(const std::string& path, const std::string& body) {
        for (;;) {
            const test::Reply reply = site_.post(path, body);
            if (reply.status != 0) return reply;
            promise(kills(), "it gave no answer though nothing killed it: " + path);
            promise(site_.process().wait(10s).has_value(), "no answer, yet it runs: " + path);
            start_again();
        }
    }
    void events(const std::string& type, std::size_t from, std::size_t to) {
        said_at_ = Clock::now();
        std::string lines;
        for (std::size_t i = from; i < to; ++i)
            lines += fmt::format(
                R"({{"ts":{:.6f},"id":"{}-{}","type":"{}","queue":"sales","call":"c-{}"}})"
                "\n",
                static_cast<double>(io::wall_now().us) / 1e6 + clock_step_s(),
                type,
                i,
                type,
                i
            );
        said_.push_back(lines);
        test::Reply reply = say("/api/v1/events", lines);
        // 202: taken, not written down yet. Who wants to be sure says it again, under the same ids.
        while (reply.status == 202 && kills()) reply = say("/api/v1/events", lines);
        promise(reply.status == 200 || reply.status == 202, "events were refused: " + reply.body);
    }
    /// Until `count` pages in all have been taken by the receiver.
    void pages(std::size_t count, const std::string& what) {
        while (distinct().size() < count) {
            if (site_.process().wait(0ms)) {
                promise(kills(), "it ended by itself");
                start_again();
            }
            promise(Clock::now() - said_at_ < 40s, "no page: " + what);
            std::this_thread::sleep_for(5ms);
        }
        const auto took =
            std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - said_at_);
        out_.longest = std::max(out_.longest, took);
    }
    /// By how much the machine's clock was stepped: the feed's is the same one.
    [[nodiscard]] double clock_step_s() const {
        const bool stepped = fault_.kind == "clock" && operations() >= fault_.at;
        return stepped ? static_cast<double>(fault_.arg) : 0;
    }
    /// Changes of the disk so far, of the first start.
    [[nodiscard]] std::uint64_t operations() const {
        std::uint64_t out = 0;
        std::ifstream{count_file(), std::ios::binary}.read(
            reinterpret_cast<char*>(&out), sizeof out
        );
        return out;
    }
    [[nodiscard]] std::map<std::string, test::ReceivedPage> distinct() const {
        std::map<std::string, test::ReceivedPage> out;
        for (const test::ReceivedPage& page : sink_.accepted()) out.emplace(page.id, page);
        return out;
    }

    void night();
    void reload();
    void taken_by(const std::string& person);
    void check_pages();
    void check_calls() const;
    void check_journal();
    void check_replay();

    Fault fault_;
    const std::set<std::string>* due_;
    test::PageSink sink_;
    test::Site site_;
    std::vector<std::string> said_;  // by the client, in order
    Clock::time_point said_at_;      // the last of it
    Outcome out_;
};

void Trial::night() {
    first_start();
    events("offered", 0, 5);
    pages(1, "level III");
    taken_by("wang");
    std::this_thread::sleep_for(1200ms);  // an image of the state is made meanwhile
    events("offered", 5, callers);
    pages(2, "level I");
    reload();
    events("answered", 0, 6);
    events("abandoned", 6, callers);
    if (!site_.process().wait(0ms).has_value()) {
        const bool well = site_.wait_until("/readyz", [](const std::string&) { return true; }, 20s);
        if (!well && site_.process().wait(0ms)) {
            promise(kills(), "it ended by itself");
            start_again();
        } else {
            promise(well, "it does not recover from the fault: " + site_.get("/readyz").body);
        }
    } else {
        promise(kills(), "it ended by itself");
        start_again();
    }
    check_calls();
    check_pages();
    site_.stop(SIGTERM);
    check_journal();
    out_.operations = operations();
}

void Trial::taken_by(const std::string& person) {
    const std::string id = distinct().begin()->first;
    const std::string body = fmt::format(R"({{"by":"{}"}})", person);
    const test::Reply reply = say(fmt::format("/api/v1/pages/{}/ack", id), body);
    // What a lying disk lost is fed again, and makes a page of its own.
    promise(
        reply.status == 200 || fault_.kind == "lied", "the page could not be taken: " + reply.body
    );
}

void Trial::reload() {
    const std::string plan =
        std::filesystem::directory_iterator{site_.rules_path() + "/plans"} -> path().string();
    std::ifstream in{plan};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    const auto at = text.find("II: 6");
    if (at != std::string::npos) text.replace(at, 5, "II: 7");
    std::ofstream{plan} << text;
    const test::Reply reply = say("/api/v1/rules/reload", "");
    // 202: in force, and on no disk yet.
    promise(reply.status == 200 || reply.status == 202, "the rules were not taken: " + reply.body);
}

void Trial::check_calls() const {
    const std::string queue = site_.get("/api/v1/queues/sales").body;
    for (const char* figure : {R"("offered":11)", R"("answered":6)", R"("abandoned":5)"})
        promise(queue.find(figure) != std::string::npos, fmt::format("not {}: {}", figure, queue));
}

void Trial::check_pages() {
    std::map<std::string, std::size_t> times;
    for (const test::ReceivedPage& page : sink_.accepted()) {
        out_.pages.insert(page.label("person") + " " + page.label("level"));
        if (++times[page.id] == 1) continue;
        ++(page.possible_repeat ? out_.repeated : out_.unmarked);
        promise(times[page.id] <= out_.starts, "a page came more than once for a crash");
        promise(
            page.possible_repeat || fault_.kind == "lied" || !kills(), "a repeat without its mark"
        );
    }
    if (due_ != nullptr)
        for (const std::string& one : *due_)
            promise(out_.pages.contains(one), "the page was lost: " + one);
    const std::string all = site_.get("/api/v1/pages").body;
    promise(all.find(R"("state":"due")") == std::string::npos, "a page is still owed: " + all);
    promise(
        fault_.kind == "lied" || all.find(R"("acked_by":"wang")") != std::string::npos,
        "forgotten who has taken the page: " + all
    );
}

void Trial::check_journal() {
    store::Options where;
    where.path = site_.store_path();
    auto opened = store::JournalReader::open(where);
    promise(opened.has_value(), "the journal cannot be read");
    const auto reader = std::make_shared<store::JournalReader>(std::move(*opened));
    const auto gaps = reader->gaps();
    const auto note = reader->last_note();
    promise(gaps && note && note->has_value(), "the journal tells nothing of its end");
    out_.gaps = gaps->size();
    promise(out_.gaps == 0 || !kills(), "a gap after a crash");
    const auto tail = app::recover(app::view_of(reader));
    promise(tail.has_value(), "the state cannot be recovered");
    promise(
        app::state_hash(tail->engine) == (*note)->state_hash &&
            tail->effect_hash == (*note)->effect_hash,
        "what is recovered is not what was live"
    );
    check_replay();
    if (out_.gaps > 0) return;  // no replay crosses it
    const auto whole = app::recover(app::view_of(reader), true);
    promise(
        whole.has_value() && app::state_hash(whole->engine) == (*note)->state_hash,
        "the whole journal comes to another state than image and tail"
    );
}

/// What `surgectl replay` tells a person about it.
void Trial::check_replay() {
    app::cli::ReplayOptions options;
    options.store = site_.store_path();
    const auto ran = test::run_command([&](const app::cli::Globals& globals) {
        return app::cli::replay(globals, options);
    });
    promise(
        ran.code == app::cli::Exit::fine && ran.out.find(", as recorded") != std::string::npos,
        "surgectl replay does not find what was recorded: " + ran.out + ran.err
    );
}

}  // namespace

std::string Fault::text() const {
    return fmt::format("{}:{}:{}", kind.empty() ? "count" : kind, at, arg);
}

Outcome run(const Fault& fault, const std::set<std::string>* due) {
    Trial trial{fault, due};
    return trial.run();
}

}  // namespace surged::crash
