// surged's own health: is it there, does it hear, does it write, do its pages arrive?
import * as common from "@grafana/grafana-foundation-sdk/common";
import * as dash from "@grafana/grafana-foundation-sdk/dashboard";
import {
  everything, figure, labelVariable, lines, nothing, page, stacked, states, steps, yesNo,
} from "./parts";
import { Language, Words } from "./words";

const here = 'job="surged",instance=~"$instance"';
const rate = (metric: string, by: string) =>
  `sum by (${by}) (rate(${metric}{${here}}[$__rate_interval]))`;
const quantile = (q: number, metric: string) =>
  `histogram_quantile(${q}, sum by (le) (rate(${metric}_bucket{${here}}[$__rate_interval])))`;

function now(t: Words) {
  const small = { width: 4, height: 4 };
  const name = "{{instance}}";
  return [
    figure({
      title: t("应答", "Answers"), description: t("Prometheus 最近一次抓取是否成功。", "Whether the last scrape got through."),
      unit: "short", ...small, queries: [{ expr: `up{${here}}`, name }],
    }).mappings([yesNo(t("正常", "yes"), t("无应答", "no"))]),
    figure({
      title: t("版本", "Version"), description: t("正在运行的 surged 版本。", "Of the surged that runs."),
      unit: "short", ...small, queries: [{ expr: `surged_build_info{${here}}`, name: "{{version}}" }],
    }).textMode(common.BigValueTextMode.Name),
    figure({
      title: t("主用", "Leads"), description: t("是否由它代表站点发出呼叫。", "Whether it is the one that pages for its site."),
      unit: "short", ...small, queries: [{ expr: `surged_leader{${here}}`, name: "{{site}} {{instance}}" }],
    }).mappings([yesNo(t("主用", "leads"), t("备用", "stands by"))]),
    figure({
      title: t("日志库", "Journal"), description: t("能否写入日志库。", "Whether the journal can be written."),
      unit: "short", ...small, queries: [{ expr: `surged_store_up{${here}}`, name }],
    }).mappings([yesNo(t("可写", "writable"), t("不可写", "FAILS"))]),
    figure({
      title: t("规则", "Rules"), description: t("最近一次读取的规则是否被接受;被拒绝时旧规则继续生效。", "Whether the last rules read were taken; if not, the old ones stay."),
      unit: "short", ...small, queries: [{ expr: `surged_rules_last_reload_successful{${here}}`, name }],
    }).mappings([yesNo(t("已接受", "taken"), t("被拒绝", "refused"))]),
    figure({
      title: t("规则生效已", "Rules in force since"), description: t("现行规则自加载至今的时间。", "Time since the rules in force were loaded."),
      unit: "s", ...small, queries: [{ expr: `time() - surged_rules_loaded_timestamp_seconds{${here}}`, name }],
    }),
  ];
}

function feeds(t: Words) {
  const half = { width: 12, height: 8 };
  return [
    states(
      {
        title: t("数据源", "Sources"), description: t("已配置的数据源是否连通且有数据。", "Whether each configured source is connected and heard."),
        unit: "short", width: 24, height: 5,
        queries: [{ expr: `min by (source) (surged_source_up{${here}})`, name: "{{source}}" }],
      },
      yesNo(t("正常", "up"), t("中断", "down")),
    ),
    lines({
      title: t("接收的事件,按来源和类型", "Events accepted, by source and type"), description: t("每秒接收的事件。", "Per second."),
      unit: "cps", ...half, queries: [{ expr: rate("surged_events_total", "source, type"), name: "{{source}} {{type}}" }],
    }),
    lines({
      title: t("拒收的事件,按来源和原因", "Events refused, by source and reason"), description: t("每秒拒收的事件;duplicate 是重复送达,不是错误。", "Per second; a duplicate is a repeat, not a fault."),
      unit: "cps", ...half, queries: [{ expr: rate("surged_events_rejected_total", "source, reason"), name: "{{source}} {{reason}}" }],
    }),
    lines({
      title: t("数据滞后", "Lag"), description: t("距各来源最新事件的时间;夜间没有来电时自然增长。", "Age of the newest event of each source; it grows by itself in a quiet night."),
      unit: "s", ...half, queries: [{ expr: `max by (source) (surged_source_lag_seconds{${here}})`, name: "{{source}}" }],
    }),
    lines({
      title: t("未识别的字段", "Fields ignored"), description: t("已接收事件中 surged 不认识的字段,每秒。", "Fields of accepted events that mean nothing to surged; per second."),
      unit: "cps", ...half, queries: [{ expr: rate("surged_event_fields_ignored_total", "source"), name: "{{source}}" }],
    }),
  ];
}

function engine(t: Words) {
  const third = { width: 8, height: 8 };
  return [
    lines({
      title: t("提交耗时", "Commits"), description: t("日志库一次提交的耗时;呼叫最多等 250 毫秒。", "Time of one commit of the journal; a page waits for it, 250 ms at most."),
      unit: "s", ...third,
      queries: [
        { expr: quantile(0.5, "surged_store_commit_seconds"), name: "p50" },
        { expr: quantile(0.99, "surged_store_commit_seconds"), name: "p99" },
      ],
    }),
    lines({
      title: t("处理一步的耗时", "Engine steps"), description: t("引擎处理一个输入的耗时。", "Time the engine takes for one input."),
      unit: "s", ...third,
      queries: [
        { expr: quantile(0.5, "surged_evaluation_seconds"), name: "p50" },
        { expr: quantile(0.99, "surged_evaluation_seconds"), name: "p99" },
      ],
    }),
    lines({
      title: t("每秒提交与处理", "Commits and steps a second"), description: t("引擎处理的输入和日志库的提交。", "Inputs the engine took, and commits of the journal."),
      unit: "cps", ...third,
      queries: [
        { expr: rate("surged_store_commit_seconds_count", "instance"), name: t("提交 {{instance}}", "commits {{instance}}") },
        { expr: rate("surged_evaluation_seconds_count", "instance"), name: t("处理 {{instance}}", "steps {{instance}}") },
      ],
    }),
  ];
}

function pages(t: Words) {
  const third = { width: 8, height: 8 };
  return [
    lines({
      title: t("呼叫尝试,按渠道和结果", "Attempts to page, by channel and result"), description: t("最近十分钟的次数;bad_ 开头的结果重试也不会好转。", "In the last ten minutes; what begins with bad_ will not get better by trying again."),
      unit: "short", ...third, queries: [{ expr: `sum by (channel, result) (increase(surged_pages_total{${here}}[10m])) > 0`, name: "{{channel}} {{result}}" }],
    }).noValue(t("没有呼叫", "no pages")),
    lines({
      title: t("送达耗时", "Delivery"), description: t("从呼叫产生到渠道接受。", "From a page's creation to its acceptance by the channel."),
      unit: "s", ...third,
      queries: [
        { expr: quantile(0.5, "surged_page_delivery_seconds"), name: "p50" },
        { expr: quantile(0.9, "surged_page_delivery_seconds"), name: "p90" },
      ],
    }),
    lines({
      title: t("认领耗时", "Acknowledgement"), description: t("从呼叫产生到有人认领。", "From a page's creation to somebody taking it."),
      unit: "s", ...third,
      queries: [
        { expr: quantile(0.5, "surged_page_ack_seconds"), name: "p50" },
        { expr: quantile(0.9, "surged_page_ack_seconds"), name: "p90" },
      ],
    }),
    figure({
      title: t("未认领的呼叫", "Pages not acknowledged"), description: t("尚无人认领的呼叫。", "Pages that nobody has taken yet."),
      unit: "short", width: 8, height: 6, queries: [{ expr: `sum(surged_pages_unacknowledged{${here}})` }],
    }).thresholds(steps("green", [1, "red"])),
    figure({
      title: t("日志库缺口", "Gaps in the journal"), description: t("启动以来日志库不完整的次数。", "Times the journal was left incomplete since the start."),
      unit: "short", width: 8, height: 6, queries: [{ expr: `sum(surged_store_gaps_total{${here}})` }],
    }).thresholds(steps("green", [1, "orange"])),
    figure({
      title: t("HTTP 连接", "HTTP connections"), description: t("此刻打开的连接;上限 1024。", "Open now; 1024 at most."),
      unit: "short", width: 8, height: 6, queries: [{ expr: `sum(surged_http_connections{${here}})` }],
    }).mappings([nothing()]),
    stacked({
      title: t("HTTP 请求,按状态码", "HTTP requests by status code"), description: t("每秒应答的请求。", "Answered, per second."),
      unit: "reqps", width: 24, height: 7, queries: [{ expr: rate("surged_http_requests_total", "code"), name: "{{code}}" }],
    }),
  ];
}

export function health(t: Words, language: Language): dash.Dashboard {
  return page(t, language, {
    name: "health",
    title: t("surged 自身状态", "surged: its own health"),
    description: t("surged 是否在运行、能否收到数据、能否落盘、呼叫是否送达。", "Is surged there, does it hear, does it write, do its pages arrive?"),
    from: "now-6h",
    refresh: "30s",
    variables: [everything(t, labelVariable("instance", t("实例", "Instance"), 'up{job="surged"}', "instance"))],
    rows: [
      { panels: now(t) },
      { title: t("数据源", "Feeds"), panels: feeds(t) },
      { title: t("引擎与日志库", "Engine and journal"), panels: engine(t) },
      { title: t("呼叫与接口", "Pages and HTTP"), panels: pages(t) },
    ],
  });
}
