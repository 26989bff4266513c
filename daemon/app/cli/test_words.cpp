#include "app/cli/test_words.hpp"

#include "app/cli/mistake_words.hpp"
#include "app/cli/sentences.hpp"
#include "core/incident/words.hpp"

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <initializer_list>
#include <utility>
#include <vector>

namespace surged::app::cli {
namespace {

constexpr Sentence compared[] = {
    {"level",      "级别"       },
    {"phase",      "阶段"       },
    {"trigger {}", "触发条件 {}"},
    {"step {}",    "处置步骤 {}"},
    {"paged",      "被呼叫的人" },
    {"chased",     "被催办的人" },
    {"standing",   "未终止的"   },
    {"given",      "给定的内容" },
};
constexpr Sentence results[] = {
    {"nobody",                   "无"                  },
    {"no incident",              "没有事件"            },
    {"it is refused",            "被拒绝"              },
    {"it was done",              "已执行"              },
    {"it can be done",           "可以执行"            },
    {"refused",                  "被拒绝"              },
    {"refused: {}",              "被拒绝:{}"           },
    {"rejected: {}",             "事件被拒收:{}"       },
    {"no incident of {} stands", "没有 {} 的未终止事件"},
    {"{} has no page to take",   "{} 没有可认领的呼叫" },
};
constexpr Sentence left_out[] = {
    {"trigger {}: {}", "触发条件 {}:{}"},
    {"steps: {}",      "处置步骤:{}"   },
};

std::string by_table(std::string_view words, Sentences table) {
    const auto found = match(words, {table});
    if (!found) return std::string{words};
    std::vector<std::string> cited{found->cited.begin(), found->cited.end()};
    // Why it was refused is a sentence of surged's own.
    if (found->sentence->en == "refused: {}") cited.back() = mistakes_in_chinese(cited.back());
    return filled(found->sentence->zh, cited);
}

/// Each piece once, the first that is there.
std::string with(
    std::string_view line, std::initializer_list<std::pair<std::string_view, std::string_view>> all
) {
    std::string out{line};
    std::size_t from = 0;
    for (const auto& [en, zh] : all) {
        const std::size_t at = out.find(en, from);
        if (at == std::string::npos) continue;
        out.replace(at, en.size(), zh);
        from = at + zh.size();
    }
    return out;
}

std::string trigger_in_chinese(std::string_view line) {
    return with(
        line,
        {
            {"trigger ",      "触发条件 "},
            {" on ",          ",队列 "   },
            {": no value",    ":无数值"  },
            {": ",            ":"        },
            {" (thresholds ", "(阈值 "   },
            {", fires none",  ",未触发"  },
            {", fires ",      ",触发 "   },
    }
    );
}

}  // namespace

std::string compared_in_chinese(std::string_view what) { return by_table(what, compared); }

std::string found_in_chinese(std::string_view found) { return by_table(found, results); }

std::string missed_in_chinese(std::string_view missed) { return by_table(missed, left_out); }

std::string context_in_chinese(std::string_view line) {
    if (line.starts_with("trigger ")) return trigger_in_chinese(line);
    // P06-hz-20260805-1 III, activated, by crowd on sales
    const std::size_t comma = line.find(", ");
    if (comma == std::string_view::npos) return std::string{line};
    std::string_view phase = line.substr(comma + 2);
    const std::string_view cause = phase.substr(std::min(phase.find(", "), phase.size()));
    phase.remove_suffix(cause.size());
    return fmt::format(
        "{} 级,{}{}",
        line.substr(0, comma),
        incident::said(incident::Term::phase, phase, plan::Language::zh_cn),
        with(
            cause,
            {
                {", by ", ",起因 "},
                {" on ",  ",队列 "}
    }
        )
    );
}

}  // namespace surged::app::cli
