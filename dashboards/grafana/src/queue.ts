// One queue in depth: what happens in it, how fast, and with whom.
import * as dash from "@grafana/grafana-foundation-sdk/dashboard";
import {
  figure, heat, labelVariable, levelMapping, lines, lost, nothing, page, stacked, states, steps,
} from "./parts";
import { levelOf } from "./level";
import { Language, Words } from "./words";

const here = 'site="$site",queue="$queue"';
const one = (metric: string, more = "") => `max(${metric}{${here}${more}})`;
const perMinute = (metric: string, by = "") =>
  `60 * sum${by && ` by (${by})`} (rate(${metric}{${here}}[$__rate_interval]))`;
const quantile = (q: number, metric: string) =>
  `histogram_quantile(${q}, sum by (le) (rate(${metric}_bucket{${here}}[$__rate_interval])))`;

function now(t: Words) {
  const small = { width: 4, height: 4 };
  return [
    figure({
      title: t("排队数", "Callers waiting"), description: t("此刻排队的来电。", "Waiting now."),
      unit: "short", ...small, queries: [{ expr: one("surged_queue_calls_waiting") }],
    }).mappings([lost(t)]),
    figure({
      title: t("最长等待", "Longest wait"), description: t("等待最久的来电已等待的时间。", "Age of the oldest caller."),
      unit: "s", ...small, queries: [{ expr: one("surged_queue_longest_wait_seconds") }],
    }).mappings([lost(t)]),
    figure({
      title: t("空闲坐席", "Agents available"), description: t("此刻空闲、可接来电的坐席。", "Agents who could take a call now."),
      unit: "short", ...small, queries: [{ expr: one("surged_queue_agents", ',state="available"') }],
    }).mappings([lost(t)]).thresholds(steps("red", [1, "text"])),
    figure({
      title: t("在线坐席", "Agents staffed"), description: t("此刻已签入的坐席。", "Agents signed in now."),
      unit: "short", ...small, queries: [{ expr: one("surged_queue_agents", ',state="staffed"') }],
    }).mappings([lost(t)]).thresholds(steps("red", [1, "text"])),
    figure({
      title: t("服务水平($window)", "Service level ($window)"), description: t("窗口内离开的来电中,时限内接起的占比。", "Answered within the target, of the calls that left in the window."),
      unit: "percentunit", ...small, queries: [{ expr: one("surged_queue_service_level_ratio", ',window="$window"') }],
    }).mappings([nothing()]),
    figure({
      title: t("放弃率($window)", "Abandon ratio ($window)"), description: t("窗口内离开的来电中放弃的占比,短放弃除外。", "Abandoned, of the calls that left in the window, short abandons apart."),
      unit: "percentunit", ...small, queries: [{ expr: one("surged_queue_abandon_ratio", ',window="$window"') }],
    }).mappings([nothing()]),
  ];
}

function waiting(t: Words) {
  const half = { width: 12, height: 8 };
  return [
    lines({
      title: t("排队数", "Callers waiting"), description: t("排队的来电。", "Callers in the queue."),
      unit: "short", ...half, queries: [{ expr: one("surged_queue_calls_waiting"), name: t("排队数", "waiting") }],
    }).fillOpacity(15),
    lines({
      title: t("最长等待", "Longest wait"), description: t("等待最久的来电。", "Age of the oldest caller."),
      unit: "s", ...half, queries: [{ expr: one("surged_queue_longest_wait_seconds"), name: t("最长等待", "longest wait") }],
    }).fillOpacity(15),
    states(
      {
        title: t("触发条件的级别", "Levels of its triggers"), description: t("本队列每个触发条件所处的级别。", "The level at which each trigger of this queue stands."),
        unit: "short", width: 24, height: 6,
        queries: [{ expr: levelOf("plan, trigger", here), name: "{{plan}} {{trigger}}" }],
      },
      levelMapping(t),
    ),
  ];
}

function service(t: Words) {
  const third = { width: 8, height: 8 };
  return [
    lines({
      title: t("服务水平,按窗口", "Service level by window"), description: t("各统计窗口的服务水平;短窗口先动。", "In each window that is kept; short ones move first."),
      unit: "percentunit", ...third, queries: [{ expr: `max by (window) (surged_queue_service_level_ratio{${here}})`, name: "{{window}}" }],
    }).max(1),
    lines({
      title: t("实时服务水平($window)", "Live service level ($window)"), description: t("另计入此刻已等待超过时限的来电:比上图更早下降。", "Also counts callers now waiting beyond the target, so that it falls sooner."),
      unit: "percentunit", ...third,
      queries: [
        { expr: one("surged_queue_service_level_live_ratio", ',window="$window"'), name: t("实时", "live") },
        { expr: one("surged_queue_service_level_ratio", ',window="$window"'), name: t("已离开的来电", "calls that left") },
      ],
    }).max(1),
    lines({
      title: t("放弃率与投诉率($window)", "Abandon and complaint ratio ($window)"), description: t("放弃 ÷ 离开;投诉 ÷ 已处理。", "Abandoned of those that left; complaints of contacts handled."),
      unit: "percentunit", ...third,
      queries: [
        { expr: one("surged_queue_abandon_ratio", ',window="$window"'), name: t("放弃率", "abandon ratio") },
        { expr: one("surged_queue_complaint_ratio", ',window="$window"'), name: t("投诉率", "complaint ratio") },
      ],
    }),
  ];
}

function calls(t: Words) {
  const unit = t("suffix: 个/分", "suffix: /min");
  return [
    lines({
      title: t("每分钟来电", "Calls a minute"), description: t("进线、接起、放弃、拒入,每分钟。", "Offered, answered, abandoned, refused; per minute."),
      unit, width: 12, height: 8,
      queries: [
        { expr: perMinute("surged_queue_calls_offered_total"), name: t("进线", "offered") },
        { expr: perMinute("surged_queue_calls_answered_total"), name: t("接起", "answered") },
        { expr: perMinute("surged_queue_calls_abandoned_total"), name: t("放弃", "abandoned") },
        { expr: perMinute("surged_queue_calls_refused_total"), name: t("拒入", "refused") },
      ],
    }),
    stacked({
      title: t("其他离开,按原因", "Exits by reason"), description: t("既未接起也未放弃而离开的来电,每分钟。", "Calls that left neither answered nor abandoned; per minute."),
      unit, width: 6, height: 8,
      queries: [{ expr: perMinute("surged_queue_calls_exited_total", "reason"), name: "{{reason}}" }],
    }),
    lines({
      title: t("通话结束与转接", "Completed and transferred"), description: t("已接起的来电如何结束,每分钟。", "How answered calls ended; per minute."),
      unit, width: 6, height: 8,
      queries: [
        { expr: perMinute("surged_queue_calls_completed_total"), name: t("结束", "completed") },
        { expr: perMinute("surged_queue_calls_transferred_total"), name: t("转接", "transferred") },
      ],
    }),
  ];
}

function times(t: Words) {
  const third = { width: 8, height: 8 };
  const wait = "surged_queue_answer_wait_seconds";
  const handle = "surged_queue_handle_seconds";
  return [
    lines({
      title: t("应答等待时长", "Wait of answered calls"), description: t("一半、九成、百分之九十九的来电在此时间内接起(由分布估算)。", "Half, nine in ten, ninety-nine in a hundred did not wait longer; from the histogram."),
      unit: "s", ...third,
      queries: [
        { expr: quantile(0.5, wait), name: "p50" },
        { expr: quantile(0.9, wait), name: "p90" },
        { expr: quantile(0.99, wait), name: "p99" },
      ],
    }),
    heat({
      title: t("应答等待的分布", "Waits of answered calls, spread"), description: t("各等待区间内接起的来电数。", "How many were answered in each span of waiting."),
      unit: "s", ...third,
      queries: [{ expr: `sum by (le) (increase(${wait}_bucket{${here}}[$__rate_interval]))`, name: "{{le}}" }],
    }),
    lines({
      title: t("处理时长", "Handle time"), description: t("通话加话后处理;平均与九成。", "Talk and wrap-up: mean, and what nine in ten do not exceed."),
      unit: "s", ...third,
      queries: [
        { expr: `sum(rate(${handle}_sum{${here}}[$__rate_interval])) / sum(rate(${handle}_count{${here}}[$__rate_interval]))`, name: t("平均", "mean") },
        { expr: quantile(0.9, handle), name: "p90" },
      ],
    }),
  ];
}

function people(t: Words) {
  const half = { width: 12, height: 8 };
  const state = (name: string, zh: string, en: string) => ({
    expr: one("surged_queue_agents", `,state="${name}"`),
    name: t(zh, en),
  });
  return [
    stacked({
      title: t("坐席状态", "Agents by state"), description: t("空闲、通话、话后处理、小休;合计为在线。", "Ready, busy, wrap-up, paused; together those staffed."),
      unit: "short", ...half,
      queries: [
        state("available", "空闲", "available"),
        state("busy", "通话中", "busy"),
        state("wrap", "话后处理", "wrap-up"),
        state("paused", "小休", "paused"),
      ],
    }),
    lines({
      title: t("投诉,按原因和严重程度", "Complaints by topic and severity"), description: t("最近一小时的投诉;严重程度 1 最重,0 未知。", "In the last hour; severity 1 is the gravest, 0 unknown."),
      unit: "short", ...half,
      queries: [{ expr: `sum by (topic, severity) (increase(surged_complaints_total{${here}}[1h]))`, name: "{{topic}} {{severity}}" }],
    }),
  ];
}

export function queue(t: Words, language: Language): dash.Dashboard {
  return page(t, language, {
    name: "queue",
    title: t("surged 单个队列", "surged: one queue"),
    description: t("一个队列的排队、服务水平、来电、时长、坐席和投诉。", "One queue: waiting, service level, calls, times, agents, complaints."),
    from: "now-6h",
    refresh: "30s",
    variables: [
      labelVariable("site", t("站点", "Site"), "surged_queue_calls_waiting", "site"),
      labelVariable("queue", t("队列", "Queue"), 'surged_queue_calls_waiting{site="$site"}', "queue"),
      labelVariable("window", t("统计窗口", "Window"), 'surged_queue_service_level_ratio{site="$site"}', "window").current({ selected: true, text: "5m", value: "5m" }),
    ],
    rows: [
      { panels: now(t) },
      { title: t("排队", "Waiting"), panels: waiting(t) },
      { title: t("服务", "Service"), panels: service(t) },
      { title: t("来电", "Calls"), panels: calls(t) },
      { title: t("时长", "Times"), panels: times(t) },
      { title: t("坐席与投诉", "Agents and complaints"), panels: people(t) },
    ],
  });
}
