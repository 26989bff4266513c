// The wallboard: every queue of a site at a glance.
import * as common from "@grafana/grafana-foundation-sdk/common";
import * as dash from "@grafana/grafana-foundation-sdk/dashboard";
import {
  cells, everything, figure, labelVariable, levelCells, levelMapping, lines, lost, nothing, page,
  states, steps, table, uid, worded,
} from "./parts";
import { levelOf } from "./level";
import { Language, levels, Words } from "./words";

const here = 'site="$site",queue=~"$queue"';

/** `metric` of the selected queues, one value each, whichever surged tells it. */
const each = (metric: string, more = "") => `max by (site, queue) (${metric}{${here}${more}})`;
const inWindow = ',window="$window"';

function now(t: Words) {
  const small = { width: 4, height: 4 };
  return [
    figure({
      title: t("排队数", "Callers waiting"),
      description: t("所选队列此刻排队的总数;数据中断的队列不计入。", "Waiting now in the queues selected, those whose feed is lost left out."),
      unit: "short", ...small,
      queries: [{ expr: `sum(surged_queue_calls_waiting{${here}} >= 0)` }],
    }).noValue(t("数据中断", "feed lost")),
    figure({
      title: t("最长等待", "Longest wait"),
      description: t("所选队列中等待最久的来电已等待的时间。", "Age of the oldest caller in the queues selected."),
      unit: "s", ...small,
      queries: [{ expr: `max(surged_queue_longest_wait_seconds{${here}} >= 0)` }],
    }).noValue(t("数据中断", "feed lost")),
    figure({
      title: t("空闲坐席", "Agents available"),
      description: t("此刻空闲的坐席;同时服务多个队列的坐席在每个队列各计一次。", "Ready now. An agent of several queues counts in each."),
      unit: "short", ...small,
      queries: [{ expr: `sum(surged_queue_agents{${here},state="available"} >= 0)` }],
    }).noValue(t("数据中断", "feed lost")).thresholds(steps("red", [1, "text"])),
    figure({
      title: t("最低服务水平($window)", "Lowest service level ($window)"),
      description: t("所选队列中最差的一个:时限内接起的占比。", "Of the worst queue selected: share answered within its target."),
      unit: "percentunit", ...small,
      queries: [{ expr: `min(surged_queue_service_level_ratio{${here}${inWindow}} >= 0)` }],
    }).decimals(0).noValue("–"),
    figure({
      title: t("未结束的事件", "Open incidents"),
      description: t("该站点尚未终止的事件。", "Incidents of the site that are not over."),
      unit: "short", ...small,
      queries: [{ expr: 'sum(surged_incidents{site="$site"}) or vector(0)' }],
    }).thresholds(steps("green", [1, "orange"])),
    figure({
      title: t("未认领的呼叫", "Pages not acknowledged"),
      description: t("已发出或待发出、尚无人认领的呼叫(所有站点)。", "Pages that nobody has taken yet, of all sites."),
      unit: "short", ...small,
      queries: [{ expr: "sum(surged_pages_unacknowledged)" }],
    }).thresholds(steps("green", [1, "red"])),
  ];
}

function board(t: Words, language: Language) {
  const link = {
    title: t("查看该队列", "This queue in depth"),
    url: `/d/${uid("queue", language)}?var-ds=\${ds}&var-site=\${site}&var-queue=\${__value.text:percentencode}&\${__url_time_range}`,
  };
  return table(
    {
      title: t("队列", "Queues"),
      description: t("最严重的在最上面。点击队列名查看详情。", "The gravest first. Click a name to see that queue in depth."),
      unit: "short", width: 24, height: 10,
    },
    { queue: t("队列", "Queue"), site: t("站点", "Site") },
    [
      { name: t("级别", "Level"), expr: levelOf("site, queue", here), properties: levelCells(t) },
      { name: t("排队数", "Waiting"), expr: each("surged_queue_calls_waiting"), properties: cells("short", lost(t)) },
      { name: t("最长等待", "Longest wait"), expr: each("surged_queue_longest_wait_seconds"), properties: cells("s", lost(t)) },
      { name: t("空闲", "Available"), expr: each("surged_queue_agents", ',state="available"'), properties: cells("short", lost(t)) },
      { name: t("在线", "Staffed"), expr: each("surged_queue_agents", ',state="staffed"'), properties: cells("short", lost(t)) },
      { name: t("服务水平", "Service level"), expr: each("surged_queue_service_level_ratio", inWindow), properties: cells("percentunit", nothing()) },
      { name: t("放弃率", "Abandon ratio"), expr: each("surged_queue_abandon_ratio", inWindow), properties: cells("percentunit", nothing()) },
      {
        name: t("一小时进线", "Offered in 1 h"),
        expr: `max by (site, queue) (increase(surged_queue_calls_offered_total{${here}}[1h]))`,
        properties: [{ id: "decimals", value: 0 }],
      },
    ],
  )
    .overrideByName(t("队列", "Queue"), [{ id: "links", value: [link] }])
    .sortBy([new common.TableSortByFieldStateBuilder().displayName(t("级别", "Level")).desc(true)]);
}

function overTime(t: Words) {
  const half = { width: 12, height: 8 };
  const name = "{{queue}}";
  return [
    lines({
      title: t("排队数", "Callers waiting"),
      description: t("各队列此刻排队的来电。", "Waiting in each queue."),
      unit: "short", ...half, queries: [{ expr: each("surged_queue_calls_waiting"), name }],
    }),
    lines({
      title: t("最长等待", "Longest wait"),
      description: t("各队列等待最久的来电。", "Age of the oldest caller of each queue."),
      unit: "s", ...half, queries: [{ expr: each("surged_queue_longest_wait_seconds"), name }],
    }),
    lines({
      title: t("服务水平($window)", "Service level ($window)"),
      description: t("时限内接起的占比,含仍在等待且已超过时限的来电。", "Share answered within the target, callers now waiting longer counted as missed."),
      unit: "percentunit", ...half, queries: [{ expr: each("surged_queue_service_level_live_ratio", inWindow), name }],
    }).max(1),
    lines({
      title: t("放弃率($window)", "Abandon ratio ($window)"),
      description: t("等待中离开的占比,短放弃除外。", "Share that gave up, short abandons apart."),
      unit: "percentunit", ...half, queries: [{ expr: each("surged_queue_abandon_ratio", inWindow), name }],
    }),
  ];
}

function response(t: Words) {
  const half = { width: 12, height: 7 };
  return [
    table(
      {
        title: t("未结束的事件", "Open incidents"),
        description: t("按预案、级别和阶段。", "By plan, level and phase."),
        unit: "short", ...half,
      },
      { plan: t("预案", "Plan"), level: t("级别", "Level"), phase: t("阶段", "Phase") },
      [{ name: t("事件数", "Incidents"), expr: 'sum by (plan, level, phase) (surged_incidents{site="$site"})' }],
    )
      .noValue(t("没有未结束的事件", "none open"))
      .overrideByName(
        t("级别", "Level"),
        worded(Object.fromEntries(levels.map((level) => [level.label, t(level.zh, level.en)]))),
      )
      .overrideByName(
        t("阶段", "Phase"),
        worded({
          warned: t("预警", "warned"),
          activated: t("已启动", "activated"),
          recovering: t("恢复中", "recovering"),
        }),
      ),
    table(
      {
        title: t("值班", "On call"),
        description: t("各组最先被呼叫的人。", "Whom the ladder of each team pages first."),
        unit: "short", ...half,
      },
      { team: t("工作组", "Team"), person: t("人员", "Person") },
      [{ name: "", expr: 'max by (team, person) (surged_oncall{site="$site"})' }],
    ),
  ];
}

export function queues(t: Words, language: Language): dash.Dashboard {
  return page(t, language, {
    name: "queues",
    title: t("surged 队列总览", "surged: queues"),
    description: t("一个站点的全部队列:此刻的排队、等待、坐席、服务水平和响应级别。", "All queues of a site: waiting, longest wait, agents, service level and response level now."),
    from: "now-1h",
    refresh: "10s",
    variables: [
      labelVariable("site", t("站点", "Site"), "surged_queue_calls_waiting", "site"),
      everything(t, labelVariable("queue", t("队列", "Queue"), 'surged_queue_calls_waiting{site="$site"}', "queue")),
      labelVariable("window", t("统计窗口", "Window"), 'surged_queue_service_level_ratio{site="$site"}', "window").current({ selected: true, text: "5m", value: "5m" }),
    ],
    rows: [
      { panels: now(t) },
      { panels: [board(t, language)] },
      { panels: overTime(t) },
      {
        panels: [
          states(
            {
              title: t("响应级别", "Response level"),
              description: t("各队列触发条件中最严重的级别。", "The gravest level that fires on each queue."),
              unit: "short", width: 24, height: 7,
              queries: [{ expr: levelOf("queue", here), name: "{{queue}}" }],
            },
            levelMapping(t),
          ),
        ],
      },
      { panels: response(t) },
    ],
  });
}
