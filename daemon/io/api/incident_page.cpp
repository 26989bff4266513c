#include "io/api/incident_page.hpp"

#include "base/markup.hpp"
#include "core/incident/words.hpp"
#include "core/paging/words.hpp"
#include "io/ack/document.hpp"
#include "io/ack/page.hpp"
#include "io/api/routes.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <charconv>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace surged::io::api {
namespace {

using incident::Term;
using paging::phrase;
using plan::Language;

constexpr std::size_t pages_shown = 50, id_bytes_max = 100;
constexpr std::string_view id_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";

/// The weight of a language in Accept-Language (RFC 9110 §12.5.4); 0: not named.
double weight_of(std::string_view header, std::string_view language) {
    namespace beast = boost::beast;
    double best = 0;
    for (const auto& [range, parameters] : beast::http::ext_list{header}) {
        if (!beast::iequals(range.substr(0, range.find('-')), language)) continue;
        double quality = 1;
        for (const auto& [name, value] : parameters)
            if (beast::iequals(name, "q"))
                std::from_chars(value.data(), value.data() + value.size(), quality);
        best = std::max(best, std::clamp(quality, 0.0, 1.0));
    }
    return best;
}

class Sheet {
public:
    Sheet(const engine::Engine& engine, const incident::Incident& incident, Language language)
        : engine_{engine}, incident_{incident}, language_{language} {}

    [[nodiscard]] std::string text() const {
        ack::Shown shown;
        shown.language = language_;
        shown.incident = incident_.id;
        shown.level = incident_.level;
        shown.content = engine_.describe(incident_.id, "", language_).value_or(delivery::Content{});
        shown.taken = taken();
        shown.standing = shown.taken.empty() ? ack::Standing::waiting : ack::Standing::taken;
        if (incident_.phase == incident::Phase::recovering)
            shown.standing = ack::Standing::recovered;
        if (incident_.phase == incident::Phase::ended) {
            shown.standing = ack::Standing::ended;
            shown.ended = {
                name_of(incident_.ended_by), clock(incident_.ended_at.value_or(Instant{}))
            };
        }
        return ack::render(shown, facts() + steps() + pages());
    }

private:
    [[nodiscard]] std::string clock(Instant at) const {
        return plan::local_clock(engine_.rules().site.zone, to_wall(at, engine_.wall_offset()));
    }
    [[nodiscard]] std::string name_of(const std::string& person) const {
        const auto& people = engine_.rules().people;
        const auto found = people.find(person);
        return found == people.end() ? person : found->second.name;
    }
    [[nodiscard]] std::string list(
        const std::string& heading, const std::vector<std::string>& lines
    ) const {
        if (lines.empty()) return {};
        std::string out =
            fmt::format("<div class=\"card\">\n<h1>{}</h1>\n<ul>\n", escape_markup(heading));
        for (const std::string& line : lines)
            out += fmt::format("<li>{}</li>\n", escape_markup(line));
        return out + "</ul>\n</div>\n";
    }

    [[nodiscard]] std::string facts() const {
        const auto& plans = engine_.rules().plans;
        const auto plan = plans.find(incident_.plan);
        const std::string title = plan == plans.end() ? "" : plan->second.title.in(language_);
        std::string queues;
        for (const std::string& queue : incident_.queues)
            queues += (queues.empty() ? "" : ", ") + queue;
        std::vector<std::string> lines{
            phrase(language_, "预案:{} {}", "Plan: {} {}", incident_.plan, title),
            phrase(
                language_,
                "{},{};自 {}",
                "{}, {}; since {}",
                paging::level_word(incident_.level, language_),
                incident::said(Term::phase, incident::name_of(incident_.phase), language_),
                clock(incident_.level_since)
            ),
            phrase(language_, "开立于 {}", "Opened {}", clock(incident_.opened_at))
        };
        if (!queues.empty()) lines.push_back(phrase(language_, "队列:{}", "Queues: {}", queues));
        return list(incident_.id, lines);
    }

    [[nodiscard]] std::string steps() const {
        std::vector<std::string> lines;
        for (const auto& [id, task] : incident_.tasks) {
            if (task.state != incident::TaskState::open) continue;
            std::string line = id;
            if (task.due_at) line += phrase(language_, ",时限 {}", ", due {}", clock(*task.due_at));
            if (task.overdue)
                line += phrase(
                    language_, ",{}", ", {}", incident::said(Term::step, "overdue", language_)
                );
            lines.push_back(std::move(line));
        }
        return list(phrase(language_, "未完成的处置步骤", "Open steps"), lines);
    }

    /// Who has taken the level that stands.
    [[nodiscard]] std::vector<ack::Said> taken() const {
        std::vector<ack::Said> out;
        if (incident_.acked_rise < incident_.rise) return out;
        for (const incident::TimelineItem& item : incident_.timeline) {
            const bool begins =
                item.entry == incident::Entry::raised || item.entry == incident::Entry::opened;
            if (begins) out.clear();
            if (item.entry == incident::Entry::acknowledged)
                out.push_back({name_of(item.by), clock(item.at)});
        }
        return out;
    }

    [[nodiscard]] std::string pages() const {
        std::vector<std::string> lines;
        for (const auto& [id, page] : engine_.pages()) {
            if (page.incident != incident_.id) continue;
            if (lines.size() == pages_shown) {
                lines.emplace_back("…");
                break;
            }
            std::string line = phrase(
                language_,
                "{} {},{},{}",
                "{} {}, {}, {}",
                clock(page.created_at),
                name_of(page.person),
                page.channel,
                incident::said(Term::page, delivery::name_of(page.state), language_)
            );
            if (!page.acked_by.empty() && page.acked_at)
                line += phrase(
                    language_,
                    ",{} 认领于 {}",
                    ", acknowledged by {} at {}",
                    name_of(page.acked_by),
                    clock(*page.acked_at)
                );
            lines.push_back(std::move(line));
        }
        return list(phrase(language_, "呼叫", "Pages"), lines);
    }

    const engine::Engine& engine_;
    const incident::Incident& incident_;
    Language language_;
};

std::string foot(Language language) {
    return "<p class=\"foot\">" + ack::other_language(language) + "</p>\n";
}

}  // namespace

Language language_of(const http::Request& request, Language otherwise) {
    if (const std::string* wanted = request.query_value("lang")) {
        if (*wanted == "en") return Language::en;
        if (*wanted == "zh-CN") return Language::zh_cn;
    }
    const std::string* header = request.header("accept-language");
    if (header == nullptr) return otherwise;
    const double zh = weight_of(*header, "zh"), en = weight_of(*header, "en");
    if (zh == en) return otherwise;
    return zh > en ? Language::zh_cn : Language::en;
}

http::Response incident_page(
    const engine::Engine& engine, const std::string& id, Language language
) {
    const auto found = engine.incidents().find(id);
    if (found != engine.incidents().end())
        return ack::html(200, Sheet{engine, found->second, language}.text());
    const std::string words = phrase(language, "没有事件 {}", "There is no incident {}", id);
    return ack::html(
        404, ack::document(ack::code_of(language), words, ack::box("bad", words) + foot(language))
    );
}

http::Response incident_page_refused(
    const http::Response& refusal, const std::string& id, Language language
) {
    const std::string title = phrase(language, "需要令牌", "A token is needed");
    // It goes from the address into a command that people copy.
    const bool plain = id.find_first_not_of(id_characters) == std::string::npos;
    const std::string copied = plain && id.size() <= id_bytes_max ? id : "ID";
    std::string body = ack::box(
        "plain",
        refusal.status == 403
            ? phrase(language, "此令牌无权查看事件。", "This token may not read incidents.")
            : phrase(
                  language,
                  "查看事件需要有读取权限的令牌,浏览器没有。",
                  "Incidents are for who has a token that may read; a browser has none."
              )
    );
    body += ack::box(
        "",
        phrase(
            language,
            "请在终端运行:surgectl incident show {} --token-file 文件",
            "In a terminal: surgectl incident show {} --token-file FILE",
            copied
        )
    );
    body += ack::box(
        "",
        phrase(
            language,
            "收到呼叫的人:请打开呼叫消息中的认领链接。",
            "Who was paged: open the acknowledgement link of the page."
        )
    );
    http::Response out = ack::html(
        refusal.status, ack::document(ack::code_of(language), title, body + foot(language))
    );
    for (const auto& [name, value] : refusal.headers)
        if (name == "WWW-Authenticate") out.headers.emplace_back(name, value);
    return out;
}

http::Response Routes::page_of_incident(const http::Request& request) {
    const std::string& id = request.params.at("id");
    const Language language = language_of(request, host_.engine().rules().site.language);
    const auto who = tokens_.check(request, Right::read, site());
    if (!who) return incident_page_refused(who.error(), id, language);
    host_.refresh();
    return incident_page(host_.engine(), id, language);
}

}  // namespace surged::io::api
