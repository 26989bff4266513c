#include "core/incident/words.hpp"

#include <algorithm>
#include <iterator>

namespace surged::incident {
namespace {

struct Word {
    Term term;
    std::string_view name, zh;
};

// clang-format off
constexpr Word words[] = {
    {Term::phase, "warned", "预警"},
    {Term::phase, "reported", "已上报"},
    {Term::phase, "activated", "已启动"},
    {Term::phase, "recovering", "恢复中"},
    {Term::phase, "ended", "已终止"},
    {Term::entry, "opened", "开立"},
    {Term::entry, "raised", "提级"},
    {Term::entry, "lowered", "降级"},
    {Term::entry, "activated", "启动"},
    {Term::entry, "recovering", "恢复"},
    {Term::entry, "ended", "应急终止"},
    {Term::entry, "acknowledged", "认领"},
    {Term::entry, "paged", "呼叫"},
    {Term::entry, "page_failed", "呼叫失败"},
    {Term::entry, "note", "备注"},
    {Term::entry, "reported", "上报"},
    {Term::entry, "asked", "请求决定"},
    {Term::entry, "declined", "不予启动"},
    {Term::entry, "pinned", "锁定级别"},
    {Term::entry, "unpinned", "解除锁定"},
    {Term::entry, "step_opened", "步骤开始"},
    {Term::entry, "step_done", "步骤完成"},
    {Term::entry, "step_skipped", "步骤跳过"},
    {Term::entry, "step_overdue", "步骤超时"},
    {Term::entry, "led", "由其他预案主导"},
    {Term::step, "open", "未完成"},
    {Term::step, "done", "已完成"},
    {Term::step, "skipped", "已跳过"},
    {Term::step, "overdue", "超时"},
    {Term::page, "due", "待发"},
    {Term::page, "sent", "已发"},
    {Term::page, "accepted", "已送达通道"},
    {Term::page, "acknowledged", "已认领"},
    {Term::page, "failed", "失败"},
    {Term::page, "over", "已失效"},
};
// clang-format on

}  // namespace

std::string said(Term term, std::string_view name, plan::Language language) {
    std::string out{name};
    if (language == plan::Language::en) {
        std::replace(out.begin(), out.end(), '_', ' ');
        return out;
    }
    const auto* const found =
        std::find_if(std::begin(words), std::end(words), [&](const Word& word) {
            return word.term == term && word.name == name;
        });
    return found == std::end(words) ? out : std::string{found->zh};
}

}  // namespace surged::incident
