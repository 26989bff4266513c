#include "app/cli/top.hpp"

#include "app/cli/api.hpp"
#include "app/cli/manner.hpp"
#include "app/cli/terminal.hpp"
#include "app/cli/top_board.hpp"
#include "app/cli/top_frame.hpp"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <ctime>
#include <future>
#include <iostream>
#include <utility>
#include <vector>

namespace surged::app::cli {
namespace {

namespace json = boost::json;

constexpr Micros every_min{200ms};
constexpr Micros glance{100ms};   // between two looks at keys and answers
constexpr Micros answer_max{3s};  // a surged that hangs must not hold up the end

/// The four answers that a picture is made of.
struct Answers {
    json::value status;
    json::array queues, incidents, pages;
};

Result<Answers> ask(Api& api) {
    Answers out;
    auto status = api.get("/api/v1/status");
    if (!status) return tl::make_unexpected(status.error());
    out.status = std::move(*status);
    struct Part {
        json::array& to;
        const char* path;
        const char* key;
        const char* id;
    };
    const std::array<Part, 3> parts{
        {
         {out.queues, "/api/v1/queues", "queues", "name"},
         {out.incidents, "/api/v1/incidents", "incidents", "id"},
         {out.pages, "/api/v1/pages", "pages", "id"},
         }
    };
    for (const Part& part : parts) {
        auto list = api.list(part.path, part.key, part.id);
        if (!list) return tl::make_unexpected(list.error());
        part.to = std::move(*list);
    }
    return out;
}

TopBoard board_of(const Answers& answers) {
    return read_board(answers.status, answers.queues, answers.incidents, answers.pages);
}

/// surged's clock, by the zone of its site: 21:14:05.
std::string clock_of(const Manner& manner, Wall wall) {
    constexpr std::size_t date = 11;
    return manner.time(wall).substr(date);
}

Exit show_once(const Globals& globals, Api& api) {
    const auto answers = ask(api);
    if (!answers) return complain(globals, answers.error());
    if (globals.json) {
        const json::object all{
            {"status",    answers->status   },
            {"queues",    answers->queues   },
            {"incidents", answers->incidents},
            {"pages",     answers->pages    }
        };
        *globals.out << json::serialize(all) << '\n' << std::flush;
        return Exit::fine;
    }
    const TopBoard board = board_of(*answers);
    const Manner manner = manner_of(globals, answers->status);
    const bool terminal = globals.out == &std::cout && has_terminal();
    FrameOptions frame;
    frame.language = manner.language();
    frame.clock = clock_of(manner, board.now);
    frame.width = terminal ? screen_size().width : 0;
    frame.colour = terminal && has_colours();
    for (const std::string& line : render_frame(board, frame)) *globals.out << line << '\n';
    *globals.out << std::flush;
    return Exit::fine;
}

/// Asks in the background, so that keys and a new size of the screen are heard meanwhile.
class Watch {
public:
    Watch(Api& api, TopBoard board, Manner manner, Micros every)
        : api_{api}, board_{std::move(board)}, manner_{std::move(manner)}, every_{every} {
        options_.language = manner_.language();
        options_.colour = has_colours();
        options_.clock = clock_of(manner_, board_.now);
        options_.footer = manner_.say("q 退出", "q quit");
        asked_ = std::chrono::steady_clock::now();
    }

    void run(Screen& screen, const std::function<bool()>& stopped) {
        std::vector<std::string> shown;
        while (!stopped()) {
            turn();
            const ScreenSize size = screen_size();
            options_.width = size.width;
            options_.height = size.height;
            auto lines = render_frame(board_, options_);
            if (lines != shown) screen.show(lines);
            shown = std::move(lines);
            const auto key = screen.key(glance);
            if (key == 'q' || key == 'Q') return;
        }
    }

private:
    void turn() {
        const auto now = std::chrono::steady_clock::now();
        if (answer_.valid()) {
            if (answer_.wait_for(0s) != std::future_status::ready) return;
            take(answer_.get());
        } else if (now - asked_ >= every_) {
            asked_ = now;
            answer_ = std::async(std::launch::async, [this] { return ask(api_); });
        }
    }
    void take(Result<Answers> answers) {
        options_.problem = answers ? std::string{} : answers.error().what;
        if (!answers) return;
        board_ = board_of(*answers);
        options_.clock = clock_of(manner_, board_.now);
    }

    Api& api_;
    TopBoard board_;
    Manner manner_;
    FrameOptions options_;
    Micros every_;
    std::chrono::steady_clock::time_point asked_;
    std::future<Result<Answers>> answer_;  // the last member: its end is waited for first
};

}  // namespace

Exit top(const Globals& globals, const TopOptions& options) {
    const auto every = parse_duration(options.every);
    if (!every || *every < every_min)
        return complain(globals, {"--every: want 200ms or more, such as 1s", ""}, Exit::usage);
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    api->answer_within(answer_max);
    const bool live = !options.once && !globals.json && globals.out == &std::cout && has_terminal();
    if (!live) return show_once(globals, *api);
    const auto answers = ask(*api);
    if (!answers) return complain(globals, answers.error());
    const auto stopped = stop_on_signals();
    Watch watch{*api, board_of(*answers), manner_of(globals, answers->status), *every};
    Screen screen;  // gone before the watch, which may wait for an answer
    watch.run(screen, stopped);
    return Exit::fine;
}

}  // namespace surged::app::cli
