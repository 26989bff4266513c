// surgectl queues.
#include "app/cli/api.hpp"
#include "app/cli/language.hpp"
#include "app/cli/manner.hpp"
#include "app/cli/queries.hpp"
#include "app/cli/show.hpp"
#include "app/cli/table.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <ostream>

namespace surged::app::cli {

namespace {

namespace json = boost::json;

std::uint64_t exits_of(const json::value& queue) {
    boost::system::error_code ec;
    const json::value* reasons = queue.find_pointer("/totals/exited", ec);
    if (reasons == nullptr || !reasons->is_object()) return 0;
    std::uint64_t sum = 0;
    for (const auto& reason : reasons->get_object())
        if (reason.value().is_number()) sum += reason.value().to_number<std::uint64_t>(ec);
    return sum;
}

// clang-format off: a heading beside what stands under it
std::vector<std::string> headings(plan::Language language) {
    if (language == plan::Language::zh_cn)
        return {"队列", "级别", "排队数", "最长等待", "在线", "空闲",
                "进线量", "接起量", "放弃量", "离开量", "服务水平 5m"};
    return {"QUEUE", "LEVEL", "WAITING", "LONGEST", "STAFFED", "AVAILABLE",
            "OFFERED", "ANSWERED", "ABANDONED", "EXITED", "SERVICE LEVEL 5m"};
}
// Where there is chat or e-mail: what is open, whoever has it, and whether people answer.
std::vector<std::string> headings_of_writing(plan::Language language) {
    if (language == plan::Language::zh_cn)
        return {"积压量", "最早", "每坐席会话", "3 分钟回复率 5m"};
    return {"BACKLOG", "OLDEST", "CHATS/AGENT", "IN 3 MIN 5m"};
}

std::string seconds_cell(const json::value& queue, std::string_view pointer) {
    const std::string text = cell(queue, pointer);
    return text.empty() ? "" : text + " s";
}

std::vector<std::string> row_of(const json::value& queue, const Manner& manner) {
    return {
        cell(queue, "/name"), manner.level(queue, "/level"), cell(queue, "/now/calls_waiting"),
        seconds_cell(queue, "/now/longest_wait"), cell(queue, "/now/agents_staffed"),
        cell(queue, "/now/agents_available"),
        cell(queue, "/totals/offered"), cell(queue, "/totals/answered"),
        cell(queue, "/totals/abandoned"), std::to_string(exits_of(queue)),
        percent_cell(queue, "/windows/5m/service_level")};
}
std::vector<std::string> row_of_writing(const json::value& queue) {
    return {
        cell(queue, "/now/backlog"), seconds_cell(queue, "/now/oldest"),
        cell(queue, "/now/concurrency"), percent_cell(queue, "/windows/5m/response_ratio")};
}
// clang-format on

bool is_written(const json::value& queue) {
    return !cell(queue, "/now/concurrency").empty() ||
           !cell(queue, "/windows/day/response_ratio").empty();
}

Table table_of(const json::array& queues, const Manner& manner) {
    const bool writing = std::any_of(queues.begin(), queues.end(), is_written);
    std::vector<std::string> top = headings(manner.language());
    if (writing) {
        const auto more = headings_of_writing(manner.language());
        top.insert(top.end(), more.begin(), more.end());
    }
    Table table{top};
    for (const json::value& queue : queues) {
        std::vector<std::string> row = row_of(queue, manner);
        const auto more = is_written(queue) ? row_of_writing(queue) : std::vector<std::string>{};
        row.insert(row.end(), more.begin(), more.end());
        row.resize(top.size());
        table.add(row);
    }
    return table;
}

}  // namespace

Exit queues(const Globals& globals) {
    auto api = Api::open(globals);
    if (!api) return complain(globals, api.error());
    auto all = api->list("/api/v1/queues", "queues", "name");
    if (!all) return complain(globals, all.error());
    if (globals.json) {
        *globals.out << json::serialize(json::object{
                            {"queues", *all}
        })
                     << '\n'
                     << std::flush;
        return Exit::fine;
    }
    const Manner manner{language_for(globals.language)};
    *globals.out << table_of(*all, manner).text() << std::flush;
    return Exit::fine;
}

}  // namespace surged::app::cli
