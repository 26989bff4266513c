#include "app/cli/problem_words.hpp"

#include "app/cli/sentences.hpp"

namespace surged::app::cli {
namespace {

// clang-format off
constexpr Sentence sentences[] = {
    {"there is no such incident", "没有这个事件"},
    {"there is no such page", "没有这个呼叫"},
    {"there is no such queue", "没有这个队列"},
    {"there is no such plan", "没有这个预案"},
    {"there is no such source", "没有这个数据源"},
    {"there is nothing at this path", "此路径下没有内容"},
    {"this path takes {}", "此路径只接受 {}"},
    {"no such incident", "没有这个事件"},
    {"no such page", "没有这个呼叫"},
    {"no such plan", "没有这个预案"},
    {"no such trigger", "没有这个触发条件"},
    {"no such step has opened", "没有这个已开始的处置步骤"},
    {"it is over: this incident", "事件已终止"},
    {"it is over: this page", "呼叫已失效"},
    {"the incident has ended", "事件已终止"},
    {"the page is over", "呼叫已失效"},
    {"it was ended by {}", "事件已由 {} 终止"},
    {"it was activated by {}", "已由 {} 启动"},
    {"it was declined by {}", "已由 {} 决定不予启动"},
    {"it was done by {}", "步骤已由 {} 完成"},
    {"it was skipped by {}", "步骤已由 {} 跳过"},
    {"already acknowledged by {}", "先已由 {} 认领"},
    {"it is recovering", "事件正在恢复中"},
    {"no decision is asked for", "当前没有待决定的事项"},
    {"no level is pinned", "没有锁定级别"},
    {"{} must be done before the end, or skipped with a reason", "终止前必须完成 {},或说明理由后跳过"},
    {"no plan starts on a report of {}", "没有预案因上报 {} 而启动"},
    {"plan {} does not start on a report of {}", "预案 {} 不因上报 {} 而启动"},
    {"{} plans know {}, so name one: {}", "{} 个预案都有 {},请指定其一:{}"},
    {"too many reports stand: end some incidents first", "未了的上报过多:请先终止一些事件"},
    {"{} alerts are too many: {} stand", "{} 条外部告警超出上限:已有 {} 条"},
    {"none is set", "没有设置临时阈值"},
    {"only a trigger with one figure can be given others", "只有单一指标的触发条件才能另设阈值"},
    {"a graver level cannot be easier to reach", "更高级别的阈值不能更容易达到"},
    {"it must end at some time", "必须有结束时间"},
    {"too many are set", "已设置的临时阈值过多"},
    {"more input than can be taken now", "输入过多,请稍后再试"},
    {"another comparison is under way", "另一次比较正在进行,请稍后再试"},
    {"by is missing: who agrees", "缺少 --by:由谁确认"},
    {"for is missing: how long it holds", "缺少 for:持续多久"},
    {"why is missing: the reason", "缺少 why:理由"},
    {"plan is missing: ?plan={}", "缺少预案:?plan={}"},
    {"{} is missing", "缺少 {}"},
    {"{} is not a text of at most {} bytes", "{} 不是不超过 {} 字节的文本"},
    {"{} is not IV, III, II, I or none", "{} 不是 IV、III、II、I 或 none"},
    {"{} is no level: IV, III, II or I", "{} 不是级别:IV、III、II 或 I"},
    {"{} is given no number: seconds, shares or counts", "{} 未给出数值:秒、比例或数量"},
    {"{} is not a duration such as 30m, at most 720h", "{} 不是 30m 这样的时长,最长 720h"},
    {"levels is not a map of levels and amounts", "levels 不是级别与数值的对应"},
    {"state is not done or skipped", "state 不是 done 或 skipped"},
    {"a step is skipped only with a reason: why", "跳过步骤必须说明理由:why"},
    {"limit is not a number from 1 on", "limit 不是从 1 起的数"},
    {"the body is not a JSON object", "请求内容不是 JSON 对象"},
    {"the body is not a JSON array of alerts", "请求内容不是外部告警的 JSON 数组"},
    {"more than {} alerts at once", "一次超过 {} 条外部告警"},
    {"alert {}: it wants labels, texts all of them, and times in RFC 3339",
     "外部告警 {}:须有标签且均为文本,时间为 RFC 3339 格式"},
    {"a bearer token is needed", "需要令牌(Bearer)"},
    {"this token is not known", "令牌无效"},
    {"the role of this token does not allow it", "此令牌的角色无权这样做"},
    {"this token is for another site", "此令牌属于另一站点"},
    {"the files changed while they were read", "读取期间文件有改动"},
    {"no reload waits under this id: it was loaded, took another's place or lapsed",
     "没有以此编号等待确认的重载:已加载、已被取代或已过期"},
    {"a second person must agree, and {} is the first", "须由另一人确认,{} 是第一人"},
    {"there is no version {}", "没有版本 {}"},
    {"{} is the beginning of {} versions: {}", "{} 是 {} 个版本的开头:{}"},
    {"the request failed inside the server; its log says more", "服务内部出错,详见其日志"},
    {"this server has too many connections", "服务的连接过多"},
};
// clang-format on

}  // namespace

std::string in_chinese(std::string_view words) {
    return by_sentence(words, sentences).value_or(std::string{words});
}

}  // namespace surged::app::cli
