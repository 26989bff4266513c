// What surgectl says where a command cannot go on, and what then helps.
#include "app/cli/mistake_table.hpp"

namespace surged::app::cli {
namespace {

// clang-format off
constexpr Sentence sentences[] = {
    // files and histories
    {"cannot read {}", "无法读取 {}"},
    {"cannot write: {}", "无法写入:{}"},
    {"cannot write {}: {}", "无法写入 {}:{}"},
    {"cannot write {}", "无法写入 {}"},
    {"cannot open {}: {}", "无法打开 {}:{}"},
    {"cannot listen on {}: {}", "无法监听 {}:{}"},
    {"{} is empty", "{} 为空"},
    {"{}: damaged, or cut off", "{}:已损坏或被截断"},
    {"gzip -t or zstd -t tells more", "用 gzip -t 或 zstd -t 查看详情"},
    {"two columns for {}", "有两列都是 {}"},
    {"the heading has no column time, or none called event", "表头缺少 time 列或 event 列"},
    {"columns are named as the fields of an event: {}", "列名即事件的字段名:{}"},
    {"{}: neither events, a queue_log, a table nor a journal", "{}:既不是事件、queue_log、表格,也不是日志库"},
    {"events: {\"ts\":…} a line; queue_log: 1795452731|…; table: a heading with time and event",
     "事件:每行一个 {\"ts\":…};queue_log:1795452731|…;表格:表头须有 time 和 event"},
    {"no event in any of the files before that time", "所有文件中在该时刻之前都没有事件"},
    {"no event in any of the files", "所有文件中都没有事件"},
    {"the answer has no {}", "应答中没有 {}"},
    {"the answer holds no objects", "应答中没有对象"},
    // options
    {"--{}: want a duration such as {}", "--{}:须为时长,如 {}"},
    {"--{}: want HOST:PORT", "--{}:须为 主机:端口"},
    {"--set {}: KEY=VALUE was expected", "--set {}:须为 键=值"},
    {"--at wants --rules and --events", "--at 须与 --rules 和 --events 同用"},
    {"--rules and --events go together", "--rules 与 --events 须同用"},
    {"--scenario: want normal, surge, outage, complaints, shortage or double11",
     "--scenario:须为 normal、surge、outage、complaints、shortage 或 double11"},
    {"--start: want a time such as {}", "--start:须为时间,如 {}"},
    {"--as-ami needs --secret-file", "--as-ami 需要 --secret-file"},
    {"the file holds the manager account's secret", "文件内是管理接口账号的密钥"},
    {"--ndjson and --to exclude each other", "--ndjson 与 --to 不能同用"},
    {"--to and --as-ami exclude each other", "--to 与 --as-ami 不能同用"},
    {"--every: want 200ms or more, such as 1s", "--every:须为 200ms 以上,如 1s"},
    {"--want {}: want a level and alarms a week, as III=1", "--want {}:须为级别与每周报警次数,如 III=1"},
    {"folders go with --diff: OLD NEW", "文件夹须与 --diff 同用:旧 新"},
    {"the history is read twice: give it as a file", "历史要读两遍:请以文件给出"},
    {"no trigger to tune", "没有可调整的触发条件"},
    {"one figure, and a level that is wanted", "须有单一指标,且有需要的级别"},
    {"{} is no time", "{} 不是时间"},
    {"such as '2026-11-11 20:05', local time, or RFC 3339", "如 '2026-11-11 20:05'(当地时间)或 RFC 3339"},
    {"there is no plan {}", "没有预案 {}"},
    {"{} of trigger {}: {}", "{} 级,触发条件 {}:{}"},
    {"no such trigger in the text", "文本中没有此触发条件"},
    {"no such override", "没有此覆盖项"},
    {"its threshold is not where it should be", "阈值不在应在之处"},
    {"change it by hand", "请手工修改"},
    {"both: offline; neither: ask surged", "都给出则离线计算,都不给出则询问 surged"},
    // versions
    {"a version is {} characters of its hash at least", "版本至少写哈希的前 {} 个字符"},
    {"surgectl rules versions lists them", "用 surgectl rules versions 查看"},
    {"give more of it", "请写得更长"},
    {"the stored rule set {} is damaged: {}", "日志库中的规则 {} 已损坏:{}"},
    {"the stored rule set {} cannot be read", "无法读取日志库中的规则 {}"},
    {"its bytes are of another one", "内容属于另一份规则"},
    {"load the rules again", "请重新加载规则"},
    // simulate
    {"a file needs an end", "写入文件须有结束时间"},
    {"give --duration", "请给出 --duration"},
    {"{} events at the end were not delivered", "最后 {} 个事件未送达"},
    {"is surged there? see --url", "surged 是否在那里?见 --url"},
    {"not an address: {}", "不是地址:{}"},
    {"choose another address, or stop what uses it", "换一个地址,或停止占用它的程序"},
    {"at most {} queues", "最多 {} 个队列"},
    {"agents: want 1 to {}", "agents:须为 1 到 {}"},
    {"speed: want 0.1 to 100", "speed:须为 0.1 到 100"},
    {"a queue needs a name of one line", "队列名须为一行文本"},
    {"a queue is named twice", "队列名重复"},
    // the store
    {"surged needs more memory", "surged 需要更多内存"},
    {"make the folder and its files writable for surged's user", "使 surged 的用户可写该文件夹及其文件"},
    {"SQLite has no memory for a connection", "SQLite 没有内存可供连接"},
    {"free memory", "请释放内存"},
    {"cannot make the store's folder {}: {}", "无法创建日志库文件夹 {}:{}"},
    {"make it yourself, or set store.path to a folder that surged's user may write",
     "请自行创建,或把 store.path 设为 surged 的用户可写的文件夹"},
    {"{} is not a folder", "{} 不是文件夹"},
    {"set store.path to a folder of surged's own", "把 store.path 设为 surged 专用的文件夹"},
    {"set store.path to a folder", "把 store.path 设为文件夹"},
    {"free space on this file system", "请释放此文件系统的空间"},
    {"cannot lock {}: {}", "无法锁定 {}:{}"},
    {"put the store on a local file system", "请把日志库放在本地文件系统上"},
    {"the store {} is in use by {}", "日志库 {} 正被 {} 使用"},
    {"stop the other surged, or give this one its own store.path", "停止另一个 surged,或给此实例单独的 store.path"},
    {"cannot sync the folder {}: {}", "无法同步文件夹 {}:{}"},
    {"check the disk", "请检查磁盘"},
    {"{} is a database of another program", "{} 是其他程序的数据库"},
    {"an image was made at input {}, where no commit ends", "输入 {} 处有快照,但该处没有提交结束"},
    {"a pack does not read back", "压缩包无法读回"},
    {"the commit of input {}: {}", "输入 {} 的提交:{}"},
    {"commits of inputs {} to {}: {}", "输入 {} 到 {} 的提交:{}"},
};
// clang-format on

}  // namespace

Sentences command_sentences() { return sentences; }

}  // namespace surged::app::cli
