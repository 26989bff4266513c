#include "app/cli/help_words.hpp"

#include "app/cli/language.hpp"
#include "app/cli/sentences.hpp"
#include "app/cli/unknown_command.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>
#include <string>
#include <vector>

namespace surged::app::cli {
namespace {

// clang-format off
constexpr Sentence sentences[] = {
    {"surgectl: the operator's tool of surged", "surgectl:surged 的运维命令"},
    // surged
    {"surged: watches call-center queues and pages whoever is on call", "surged:监视客服队列,呼叫值班人员"},
    {"the configuration file", "配置文件"},
    {"KEY=VALUE: overrides a scalar of the file by its dotted path", "键=值:按点分路径覆盖文件中的单个值"},
    {"validate the configuration and the rules, then leave", "检查配置与规则后退出"},
    {"print a completion script for this shell, then leave", "输出补全脚本后退出"},
    // every command of surgectl
    {"where surged listens", "surged 的监听地址"},
    {"bearer token for the API", "API 令牌所在的文件"},
    {"zh-CN or en; default by LANG", "zh-CN 或 en;默认按 LANG"},
    {"table or json", "table 或 json"},
    {"Print this help message and exit", "显示此帮助"},
    {"Display program version information and exit", "显示版本"},
    {"the reason", "理由"},
    {"which", "哪一个"},
    {"where", "地点"},
    {"rules", "规则文件夹"},
    {"the rules", "规则文件夹"},
    {"the same", "同上"},
    {"write to this file", "写入此文件"},
    {"by name or source", "名称或编号"},
    {"only this plan", "只限此预案"},
    {"which queue", "哪个队列"},
    {"IV, III, II or I", "IV、III、II 或 I"},
    {"text, json or html", "text、json 或 html"},
    {"a surged.yaml, with its rules", "surged.yaml,连同其规则"},
    // commands
    {"are these rules right?", "检查规则是否正确"},
    {"run the tests of rules, in virtual time", "以虚拟时间运行规则的测试"},
    {"files of tests, or rules folders with tests/", "测试文件,或含 tests/ 的规则文件夹"},
    {"these rules instead of those that the files name", "用这些规则,代替文件中指明的"},
    {"tests whose name fits this; * matches any", "只运行名称相符的测试;* 匹配任意"},
    {"list triggers, levels and steps that no test reached", "列出没有测试触及的触发条件、级别与处置步骤"},
    {"is surged well?", "surged 是否正常"},
    {"the queues now", "各队列现状"},
    {"the queues live, the gravest first; q ends it", "队列实时墙板,最严重的在前;按 q 退出"},
    {"one picture, for scripts; so too without a terminal", "只显示一次,供脚本使用;没有终端时也如此"},
    {"how often to look", "刷新间隔"},
    {"pages still open", "尚待认领的呼叫"},
    {"the settled ones too", "也显示无须认领的"},
    {"take a page: the first who does stops the escalation", "认领呼叫:有人认领后不再升级"},
    {"its id", "其编号"},
    {"who takes it", "认领人"},
    // incidents
    {"list, show, decide, pin, work, end", "查看、决定、锁定级别、处置、终止"},
    {"incidents not ended", "未终止的事件"},
    {"the ended ones too", "也显示已终止的"},
    {"one incident and its timeline", "一个事件及其时间线"},
    {"declare an incident over", "宣布事件终止"},
    {"who declares it", "宣布人"},
    {"who says so", "操作人"},
    {"decide: the first answer stands", "决定:以首个答复为准"},
    {"the reason, for the timeline", "理由,记入时间线"},
    {"pin the level for a while; none takes the pin away", "暂时锁定级别;none 取消锁定"},
    {"IV, III, II, I or none", "IV、III、II、I 或 none"},
    {"so long: 30m, 2h; default 30m", "持续多久:30m、2h;默认 30m"},
    {"a step is done, or skipped for a reason", "处置步骤已完成,或说明理由后跳过"},
    {"it is skipped", "跳过"},
    {"write to the timeline", "记入时间线"},
    {"something has happened: the plans for it start", "上报突发情况:相应预案随之启动"},
    {"a kind of a plan, such as system_fault", "预案的类别,如 system_fault"},
    {"who reports it", "上报人"},
    {"IV, III, II or I; default: the kind's", "IV、III、II 或 I;默认按类别"},
    {"who and what is touched", "影响范围"},
    {"first guess at the cause", "初步原因"},
    {"what happened, in words", "情况描述"},
    // plans
    {"the plans in force", "生效中的预案"},
    {"each with its triggers, and what does not run yet", "列出各预案的触发条件,以及尚未实现的部分"},
    {"plans, cards and contacts on paper", "供打印的预案、处置卡与联系人"},
    {"what is written in a plan", "预案内容"},
    {"text, or html: one file that needs no other", "text,或 html:单个文件,不依赖其他"},
    {"write a new plan from the template", "按模板新建预案"},
    {"letters, digits, -", "字母、数字、-"},
    {"its title in Chinese", "中文标题"},
    {"its title in English", "英文标题"},
    {"what incident ids begin with, such as P22", "事件编号的开头,如 P22"},
    {"a plan's whole chain, if nobody answers", "推演预案全过程(假设无人认领)"},
    {"local time, such as '2026-11-11 20:05'; default now", "当地时间,如 '2026-11-11 20:05';默认为现在"},
    {"a kind of event: its steps open too", "事件类别:其处置步骤也会开始"},
    {"of which queue the report speaks", "上报涉及的队列"},
    {"how far to look", "推演时长"},
    // rules and thresholds
    {"why a plan fires, or does not", "预案为何触发或未触发"},
    {"on which; none: each queue's level", "哪个队列;不写则列出各队列的级别"},
    {"offline: these rules", "离线:使用这些规则"},
    {"offline: recorded files, as backtest takes them", "离线:历史文件,同 backtest"},
    {"offline: local time of the site, or RFC 3339", "离线:站点当地时间,或 RFC 3339"},
    {"other thresholds for a while", "设置临时阈值"},
    {"III=0.4 II=0.6; none: the written ones again", "III=0.4 II=0.6;不写则恢复原阈值"},
    {"only on this queue", "只限此队列"},
    {"so long: 30m, 4h", "持续多久:30m、4h"},
    {"who sets it", "设置人"},
    {"those in force, and until when", "生效中的临时阈值及其期限"},
    {"read the rules again", "重新加载规则"},
    {"who loads them", "加载人"},
    {"the reason: it is kept with the version", "理由,随版本保存"},
    {"agree, as a second person, to what waits", "作为第二人确认等待中的加载"},
    {"only say what would change", "只说明将有何变化"},
    {"with --diff, offline: the old rules, the new ones", "与 --diff 同用,离线:旧规则、新规则"},
    {"the versions that were in force", "曾生效的版本"},
    {"each loading: who, when, why", "每次加载:何人、何时、为何"},
    {"the files of a version", "一个版本的文件"},
    {"its hash, or six characters of it", "其哈希,或前六个字符"},
    {"only this one, such as plans/P06.yaml", "只限此文件,如 plans/P06.yaml"},
    {"what changed in behaviour between two versions", "两个版本之间行为上的变化"},
    {"the older one", "较旧的版本"},
    {"the newer one; default: what is in force", "较新的版本;默认为生效中的"},
    {"line by line", "逐行比较"},
    {"print the JSON Schema of a file, for editors", "输出文件的 JSON Schema,供编辑器使用"},
    {"print a completion script for a shell", "输出命令行补全脚本"},
    // histories
    {"what would these rules have done on recorded days?", "这些规则在历史数据上会有何表现"},
    {"compare with these rules, side by side", "与这些规则对照"},
    {"each page is taken so much later", "每次呼叫在多久后被认领"},
    {"the feed that the files are of", "文件所属的数据源"},
    {"events, queue_logs, tables, a journal; - is input", "事件、queue_log、表格、日志库;- 为标准输入"},
    {"events, queue_logs, tables, a journal", "事件、queue_log、表格、日志库"},
    {"which thresholds would have given the wanted alarms a week?", "求每周报警次数符合要求的阈值"},
    {"alarms a week of each trigger, such as III=1", "每个触发条件每周的报警次数,如 III=1"},
    {"only this plan, or plan/trigger", "只限此预案,或 预案/触发条件"},
    {"write the difference alone to this file", "只把差异写入此文件"},
    {"the state of a store at any instant, what fired and why", "日志库在任一时刻的状态:触发了什么,为何触发"},
    {"the folder of the store", "日志库所在文件夹"},
    {"local time or RFC 3339; default: the end", "当地时间或 RFC 3339;默认为末尾"},
    {"behind this input instead", "改为在此输入之后"},
    {"leave the images aside", "不使用快照"},
    // simulate, receive, run-command
    {"a call centre that does not exist", "模拟呼叫中心"},
    {"normal, surge, outage, complaints, shortage, double11", "normal、surge、outage、complaints、shortage、double11"},
    {"the same seed, the same day", "相同的种子得到相同的一天"},
    {"agents in all; default 30, double11 300", "坐席总数;默认 30,double11 为 300"},
    {"names, separated by commas", "名称,以逗号分隔"},
    {"90s, 10m, 8h; default: no end; a file: 1h, 2h, 7h", "90s、10m、8h;默认不结束;写文件时为 1h、2h、7h"},
    {"so many times faster", "加速倍数"},
    {"write events to standard output", "把事件写到标准输出"},
    {"write events to this file; - is standard output", "把事件写入此文件;- 为标准输出"},
    {"first instant of such a file, RFC 3339", "该文件的起始时刻,RFC 3339"},
    {"act as an Asterisk manager on HOST:PORT", "在 主机:端口 充当 Asterisk 管理接口"},
    {"the manager account's name", "管理接口的账号"},
    {"the manager account's secret", "管理接口的密钥所在的文件"},
    {"begin with the first manager login", "首个客户端登录后才开始"},
    {"go on answering so long after the end", "结束后继续响应多久"},
    {"write the true counts to this file as JSON", "把真实计数以 JSON 写入此文件"},
    {"take pages as a webhook and show them", "以 webhook 接收呼叫并显示"},
    {"address to listen on", "监听地址"},
    {"the channel's signing secret", "通道的签名密钥所在的文件"},
    {"acknowledge each page so much later", "每次呼叫在多久后认领"},
    {"who acknowledges", "认领人"},
    {"run a program with a page from a socket", "对套接字送来的呼叫运行程序"},
    {"so long it may take", "限时"},
    {"its absolute path, and arguments, after --", "-- 之后是程序的绝对路径与参数"},
    // a wrong command line
    {"A subcommand is required", "须给出子命令"},
    {"there is no command {}", "没有命令 {}"},
    {"there is no command {}; did you mean {}", "没有命令 {};是否指 {}"},
    {"there is no command {}; did you mean {} or {}", "没有命令 {};是否指 {} 或 {}"},
    {"{} has no command {}", "{} 没有命令 {}"},
    {"{} has no command {}; did you mean {}", "{} 没有命令 {};是否指 {}"},
    {"{} has no command {}; did you mean {} or {}", "{} 没有命令 {};是否指 {} 或 {}"},
    {"The following argument was not expected: {}", "多余的参数:{}"},
    {"The following arguments were not expected: {}", "多余的参数:{}"},
    {"{} is required", "缺少 {}"},
    {"PLAN, TRIGGER and --by is required", "须给出 PLAN、TRIGGER 和 --by"},
    {"{} requires {}", "{} 须与 {} 同用"},
    {"{} excludes {}", "{} 不能与 {} 同用"},
    {"{}: {} not in {}", "{}:{} 不在 {} 之中"},
    {"{}: 1 required {} missing", "{} 缺少值 {}"},
    {"{}: At Most {} required but received {}", "{} 最多给出 {} 次,现有 {} 次"},
    {"{}: At least {} required but received {}", "{} 至少给出 {} 次,现有 {} 次"},
    {"{}: {} required {} missing", "{} 缺少 {} 个值 {}"},
    {"Expected exactly {} arguments to {}, got {}", "须给出 {} 个参数:{},现有 {} 个"},
    {"Expected at least {} arguments to {}, got {}", "至少给出 {} 个参数:{},现有 {} 个"},
    {"{} was given a disallowed flag override", "{} 不能带值"},
    {"{}: too many inputs for a flag", "{} 的值过多"},
    {"{}: Should be true/false or a number", "{}:须为 true、false 或数"},
    {"The value {} is not an allowed value for {}", "值 {} 不能用于 {}"},
    {"{} was not readable (missing?)", "无法读取 {}"},
    {"Could not convert: {}", "无法转换:{}"},
};
// clang-format on

std::vector<CLI::App*> below(CLI::App& command) {
    return command.get_subcommands([](const CLI::App*) { return true; });
}

void translate(CLI::App& command, const std::shared_ptr<CLI::Formatter>& labels) {
    command.formatter(labels);
    command.description(help_in_chinese(command.get_description()));
    command.group("命令");
    for (CLI::Option* option : command.get_options()) {
        option->description(help_in_chinese(option->get_description()));
        if (option->get_group() == "Options") option->group("选项");
    }
    for (CLI::App* one : below(command)) translate(*one, labels);
}

std::string wrong_in_chinese(const CLI::App* program, const CLI::Error& wrong) {
    const std::string word = unknown_command(*program, wrong);
    return fmt::format(
        "{}\n用 --help 查看用法\n", help_in_chinese(word.empty() ? wrong.what() : word)
    );
}

std::string wrong_in_english(const CLI::App* program, const CLI::Error& wrong) {
    const std::string word = unknown_command(*program, wrong);
    if (word.empty()) return CLI::FailureMessage::simple(program, wrong);
    return CLI::FailureMessage::simple(
        program, CLI::RequiredError{word, CLI::ExitCodes::RequiredError}
    );
}

}  // namespace

std::string help_in_chinese(std::string_view words) {
    const auto found = match(words, {sentences});
    if (!found) return std::string{words};
    const std::vector<std::string> cited{found->cited.begin(), found->cited.end()};
    return filled(found->sentence->zh, cited);
}

plan::Language language_asked(int argc, const char* const* argv) {
    constexpr std::string_view option = "--language";
    std::string_view asked;
    for (int i = 1; i < argc && std::string_view{argv[i]} != "--"; ++i) {
        const std::string_view word{argv[i]};
        if (word == option && i + 1 < argc) asked = argv[i + 1];
        if (word.starts_with(option) && word.substr(option.size()).starts_with('='))
            asked = word.substr(option.size() + 1);
    }
    // What is none of them is refused, in the language of the terminal.
    return language_for(asked == "zh-CN" || asked == "en" ? std::string{asked} : std::string{});
}

void speak(CLI::App& program, plan::Language language) {
    if (language != plan::Language::zh_cn) {
        program.failure_message(wrong_in_english);
        return;
    }
    const auto labels = std::make_shared<CLI::Formatter>();
    labels->label("Usage", "用法");
    labels->label("OPTIONS", "选项");
    labels->label("SUBCOMMAND", "命令");
    labels->label("SUBCOMMANDS", "命令");
    labels->label("Positionals", "参数");
    labels->label("REQUIRED", "必填");
    labels->label("Excludes", "不能同用");
    labels->label("Needs", "须同用");
    translate(program, labels);
    program.failure_message(wrong_in_chinese);
}

}  // namespace surged::app::cli
