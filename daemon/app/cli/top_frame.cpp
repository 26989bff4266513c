#include "app/cli/top_frame.hpp"

#include "app/cli/table.hpp"
#include "core/paging/words.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <initializer_list>
#include <limits>
#include <string_view>
#include <utility>

namespace surged::app::cli {
namespace {

constexpr std::size_t name_cells_min = 12;
constexpr std::size_t troubles_max = 3;

enum class Style : std::uint8_t { plain, bold, dim, alarm, I, II, III, IV };

// Red, orange, yellow and blue as everywhere; 256 colours, which every terminal of today has.
std::string_view escape_of(Style style) {
    switch (style) {
        case Style::plain:
            return "";
        case Style::bold:
            return "\x1b[1m";
        case Style::dim:
            return "\x1b[2m";
        case Style::alarm:
            return "\x1b[1;31m";
        case Style::I:
            return "\x1b[1;38;5;231;48;5;160m";
        case Style::II:
            return "\x1b[1;38;5;16;48;5;208m";
        case Style::III:
            return "\x1b[38;5;16;48;5;220m";
        case Style::IV:
            return "\x1b[38;5;231;48;5;26m";
    }
    return "";
}

Style style_of(plan::Level level) {
    switch (level) {
        case plan::Level::I:
            return Style::I;
        case plan::Level::II:
            return Style::II;
        case plan::Level::III:
            return Style::III;
        case plan::Level::IV:
            return Style::IV;
        case plan::Level::none:
            break;
    }
    return Style::plain;
}

struct Piece {
    std::string text;
    Style style{Style::plain};
};
using Line = std::vector<Piece>;

/// One screen line: cut at `width` cells (0: never), in colours or without.
std::string text_of(const Line& line, std::size_t width, bool colour) {
    std::size_t room = width == 0 ? std::numeric_limits<std::size_t>::max() : width;
    std::string out;
    for (const Piece& piece : line) {
        const std::string text = clipped(piece.text, room);
        room -= std::min(room, display_width(text));
        const bool styled = colour && piece.style != Style::plain && !text.empty();
        if (styled) out += escape_of(piece.style);
        out += text;
        if (styled) out += "\x1b[0m";
    }
    if (!colour) out.erase(out.find_last_not_of(' ') + 1);
    return out;
}

/// Renders in one language.
class Frame {
public:
    Frame(const TopBoard& board, const FrameOptions& options) : board_{board}, options_{options} {}
    std::vector<std::string> lines();

private:
    struct Column {
        std::string heading;
        std::size_t cells;
        std::string (Frame::*text)(const TopQueue&) const;
    };

    [[nodiscard]] std::string say(std::string_view zh, std::string_view en) const {
        return std::string{options_.language == plan::Language::zh_cn ? zh : en};
    }
    [[nodiscard]] std::string level(plan::Level level) const {
        if (options_.language == plan::Language::zh_cn)
            return paging::level_word(level, options_.language);
        return level == plan::Level::none ? std::string{} : std::string{plan::name_of(level)};
    }
    [[nodiscard]] Piece level_piece(plan::Level value) const {
        return {fitted(" " + level(value), 6), style_of(value)};
    }
    [[nodiscard]] std::string ago(const std::optional<Wall>& then) const {
        if (!then) return {};
        return paging::elapsed_words(Micros{board_.now.us - then->us}, options_.language);
    }
    [[nodiscard]] std::string phase(const std::string& word) const;
    [[nodiscard]] std::string state(const std::string& word) const;

    std::string waiting(const TopQueue& queue) const;
    std::string longest(const TopQueue& queue) const;
    std::string service_level(const TopQueue& queue) const;
    std::string abandon_ratio(const TopQueue& queue) const;
    std::string agents(const TopQueue& queue) const;

    [[nodiscard]] std::vector<Line> head() const;
    [[nodiscard]] std::vector<Line> queues() const;  // with their heading
    [[nodiscard]] std::vector<Line> incidents() const;
    [[nodiscard]] std::vector<Line> pages() const;
    [[nodiscard]] std::vector<Column> columns() const;
    [[nodiscard]] std::size_t name_cells(const std::vector<Column>& columns) const;
    void shorten(std::vector<Line>& lines, std::size_t most) const;
    void share(std::array<std::vector<Line>, 3>& parts, std::size_t room) const;

    const TopBoard& board_;
    const FrameOptions& options_;
};

std::string count(const std::optional<double>& value) {
    return value ? fmt::format("{:.0f}", *value) : "–";
}

/// 0:27, 1:52, 1:02:03.
std::string clock_of(double seconds) {
    const auto s = static_cast<std::int64_t>(std::floor(std::max(0.0, seconds)));
    if (s < 3600) return fmt::format("{}:{:02}", s / 60, s % 60);
    return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

std::string percent(const std::optional<double>& value) {
    return value ? fmt::format("{:.1f} %", *value * 100) : "–";
}

std::string Frame::waiting(const TopQueue& queue) const { return count(queue.waiting); }
std::string Frame::longest(const TopQueue& queue) const {
    return queue.longest_s ? clock_of(*queue.longest_s) : "–";
}
std::string Frame::service_level(const TopQueue& queue) const {
    return percent(queue.service_level);
}
std::string Frame::abandon_ratio(const TopQueue& queue) const {
    return percent(queue.abandon_ratio);
}
std::string Frame::agents(const TopQueue& queue) const {
    return count(queue.available) + "/" + count(queue.staffed);
}

std::string Frame::phase(const std::string& word) const {
    if (word == "warned") return say("预警", "warned");
    if (word == "activated") return say("已启动", "activated");
    if (word == "recovering") return say("恢复中", "recovering");
    return word;
}

std::string Frame::state(const std::string& word) const {
    if (word == "due") return say("待发送", "due");
    if (word == "sent") return say("已发出", "sent");
    return say("已送达", "accepted");
}

std::vector<Line> Frame::head() const {
    const double waiting = [&] {
        double sum = 0;
        for (const TopQueue& queue : board_.queues) sum += queue.waiting.value_or(0);
        return sum;
    }();
    std::vector<Line> out;
    out.push_back({
        {"surged " + board_.site + "  " + options_.clock, Style::bold},
        {say(
            fmt::format("   {} 个队列   排队 {:.0f}", board_.queues.size(), waiting),
         fmt::format("   {} queues   {:.0f} waiting", board_.queues.size(), waiting)
        )}
    });
    if (!options_.problem.empty())
        out.push_back({
            {say("数据已过时:", "OLD FIGURES: ") + options_.problem, Style::alarm}
        });
    const std::size_t shown = std::min(board_.troubles.size(), troubles_max);
    for (std::size_t i = 0; i < shown; ++i)
        out.push_back({
            {say("故障 ", "FAILS ") + board_.troubles[i], Style::alarm}
        });
    if (shown < board_.troubles.size()) {
        const std::size_t more = board_.troubles.size() - shown;
        out.push_back({
            {say(fmt::format("另有 {} 项故障", more), fmt::format("{} more fail", more)),
             Style::alarm}
        });
    }
    out.emplace_back();
    return out;
}

/// From the one that is dropped last to the one that is dropped first on a narrow screen.
std::vector<Frame::Column> Frame::columns() const {
    const std::string& window = board_.window;
    std::vector<Column> all;
    const auto add = [&](std::string heading, std::string (Frame::*text)(const TopQueue&) const) {
        const std::size_t cells = std::max<std::size_t>(display_width(heading) + 2, 9);
        all.push_back({std::move(heading), cells, text});
    };
    add(say("排队", "WAITING"), &Frame::waiting);
    add(say("最长等待", "LONGEST"), &Frame::longest);
    add(say("空闲/在线", "FREE/STAFFED"), &Frame::agents);
    if (!window.empty()) {
        add(say("服务水平 ", "SL ") + window, &Frame::service_level);
        add(say("放弃率 ", "ABANDON ") + window, &Frame::abandon_ratio);
    }
    const auto needed = [&] {
        std::size_t cells = 6 + 1 + name_cells_min;
        for (const Column& column : all) cells += column.cells;
        return cells;
    };
    while (options_.width > 0 && all.size() > 1 && needed() > options_.width) all.pop_back();
    return all;
}

std::size_t Frame::name_cells(const std::vector<Column>& columns) const {
    std::size_t longest = name_cells_min;
    for (const TopQueue& queue : board_.queues)
        longest = std::max(longest, display_width(queue.name));
    if (options_.width == 0) return longest;
    std::size_t others = 6 + 1;
    for (const Column& column : columns) others += column.cells;
    const std::size_t room = options_.width > others ? options_.width - others : 1;
    return std::min(longest, room);
}

std::vector<Line> Frame::queues() const {
    const std::vector<Column> shown = columns();
    const std::size_t name = name_cells(shown);
    std::vector<Line> out;
    Line heading{
        {fitted(" " + say("级别", "LEVEL"), 6) + " " + fitted(say("队列", "QUEUE"), name),
         Style::dim}
    };
    for (const Column& column : shown)
        heading.push_back({fitted(column.heading, column.cells, Align::right), Style::dim});
    out.push_back(std::move(heading));
    for (const TopQueue& queue : board_.queues) {
        const bool grave = queue.level >= plan::Level::II;
        Line line{
            level_piece(queue.level),
            {" " + fitted(queue.name, name), grave ? Style::bold : Style::plain}
        };
        if (queue.live) {
            for (const Column& column : shown)
                line.push_back({fitted((this->*column.text)(queue), column.cells, Align::right)});
        } else {
            line.push_back(
                {"  " + say("数据中断,非零来电", "feed lost: not \"no calls\""), Style::alarm}
            );
        }
        out.push_back(std::move(line));
    }
    return out;
}

std::vector<Line> Frame::incidents() const {
    std::vector<Line> out;
    out.push_back({
        {say(fmt::format("未结束的事件 {}", board_.incidents.size()),
         fmt::format("OPEN INCIDENTS {}", board_.incidents.size())),
         Style::dim}
    });
    const auto name = [&](const TopIncident& incident) {
        return (incident.drill ? say("【演练】", "DRILL ") : std::string{}) + incident.id;
    };
    std::size_t cells = 0;
    for (const TopIncident& incident : board_.incidents)
        cells = std::max(cells, display_width(name(incident)));
    for (const TopIncident& incident : board_.incidents)
        out.push_back(
            {level_piece(incident.level),
             {fmt::format(
                 " {}  {}  {}  {}",
                 fitted(name(incident), cells),
                 fitted(phase(incident.phase), 10),
                 fitted(ago(incident.opened), 14),
                 incident.queues
             )}}
        );
    return out;
}

std::vector<Line> Frame::pages() const {
    std::vector<Line> out;
    out.push_back({
        {say(fmt::format("未认领的呼叫 {}", board_.pages.size()),
         fmt::format("PAGES NOT ACKNOWLEDGED {}", board_.pages.size())),
         Style::dim}
    });
    for (const TopPage& page : board_.pages)
        out.push_back(
            {level_piece(page.level),
             {fmt::format(
                 " {} {} {} {} {}",
                 fitted(page.person, 12),
                 fitted(page.channel, 10),
                 fitted(state(page.state), 9),
                 fitted(ago(page.created), 14),
                 page.incident
             )}}
        );
    return out;
}

/// To `most` lines with the heading, which stays; the last one says how many are not shown.
void Frame::shorten(std::vector<Line>& lines, std::size_t most) const {
    if (lines.size() <= most) return;
    const std::size_t kept = std::max<std::size_t>(most, 2) - 1;
    const std::size_t left = lines.size() - kept;
    lines.resize(kept);
    if (most < 2) return;
    lines.push_back({
        {"       … " + say(fmt::format("另有 {} 项", left), fmt::format("{} more", left)),
         Style::dim}
    });
}

/// Queues, incidents and pages share `room` lines: the latter two have a quarter each at least, the
/// queues what they need of the rest, and what then is free goes to the others again.
void Frame::share(std::array<std::vector<Line>, 3>& parts, std::size_t room) const {
    const std::size_t quarter = std::max<std::size_t>(room / 4, 1);
    std::array<std::size_t, 3> lines{
        0, std::min(parts[1].size(), quarter), std::min(parts[2].size(), quarter)
    };
    std::size_t free = room > lines[1] + lines[2] ? room - lines[1] - lines[2] : 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::size_t more = std::min(parts.at(i).size() - lines.at(i), free);
        lines.at(i) += more;
        free -= more;
        shorten(parts.at(i), lines.at(i));
    }
}

std::vector<std::string> Frame::lines() {
    std::vector<Line> out = head();
    std::array<std::vector<Line>, 3> parts{queues(), incidents(), pages()};
    if (options_.height > 0) {
        const std::size_t fixed = out.size() + 2 + (options_.footer.empty() ? 0 : 1);
        share(parts, options_.height > fixed ? options_.height - fixed : 0);
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) out.emplace_back();
        for (Line& line : parts.at(i)) out.push_back(std::move(line));
    }
    if (options_.height > 0) out.resize(std::min(out.size(), options_.height));
    if (!options_.footer.empty()) {
        if (options_.height > 0) out.resize(options_.height - 1);
        out.push_back({
            {options_.footer, Style::dim}
        });
    }
    std::vector<std::string> texts;
    texts.reserve(out.size());
    for (const Line& line : out) texts.push_back(text_of(line, options_.width, options_.colour));
    return texts;
}

}  // namespace

std::vector<std::string> render_frame(const TopBoard& board, const FrameOptions& options) {
    return Frame{board, options}.lines();
}

}  // namespace surged::app::cli
