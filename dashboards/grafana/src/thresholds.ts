// Every trigger of a plan: its value against the line of each level.
import * as common from "@grafana/grafana-foundation-sdk/common";
import * as dash from "@grafana/grafana-foundation-sdk/dashboard";
import {
  labelVariable, levelCells, levelMapping, lines, nothing, page, stacked, states, table,
} from "./parts";
import { levelOf } from "./level";
import { Language, levels, Words } from "./words";

const plan = 'site="$site",plan="$plan"';
const here = `${plan},trigger="$trigger",queue="$queue"`;

function againstLines(t: Words) {
  const value = t("当前值", "value");
  const panel = lines({
    title: "$trigger",
    description: t("触发条件的当前值(粗线)与各级阈值(虚线),以指标自身的单位。指标越小越差的,低于虚线即达到该级。", "What the trigger watches (thick) against the threshold of each level (dashed), in the figure's own unit. Where less is worse, a level is reached below its line."),
    unit: "short", width: 12, height: 9,
    queries: [
      { expr: `max(surged_trigger_value{${here}})`, name: value },
      ...levels.map((level) => ({
        expr: `max(surged_trigger_threshold{${here},level="${level.label}"})`,
        name: t(level.zh, level.en),
      })),
    ],
  })
    .repeat("trigger")
    .repeatDirection("h")
    .maxPerRow(2)
    .overrideByName(value, [
      { id: "custom.lineWidth", value: 3 },
      { id: "color", value: { mode: "fixed", fixedColor: "text" } },
    ]);
  for (const level of levels) {
    panel.overrideByName(t(level.zh, level.en), [
      { id: "color", value: { mode: "fixed", fixedColor: level.colour } },
      { id: "custom.lineWidth", value: 1 },
      { id: "custom.lineStyle", value: { fill: "dash", dash: [8, 6] } },
      { id: "custom.lineInterpolation", value: common.LineInterpolation.StepAfter },
    ]);
  }
  return panel;
}

function standing(t: Words) {
  const by = (metric: string, more = "") => `max by (trigger, queue) (${metric}{${plan}${more}})`;
  return table(
    {
      title: t("此刻", "Now"),
      description: t("本预案每个触发条件在每个队列上的当前值和各级阈值。", "Value and thresholds of every trigger of this plan on every queue."),
      unit: "short", width: 24, height: 9,
    },
    { trigger: t("触发条件", "Trigger"), queue: t("队列", "Queue") },
    [
      { name: t("级别", "Level"), expr: levelOf("trigger, queue", plan), properties: levelCells(t) },
      { name: t("当前值", "Value"), expr: by("surged_trigger_value"), properties: [{ id: "mappings", value: [nothing()] }, { id: "decimals", value: 2 }] },
      ...levels.map((level) => ({
        name: t(`${level.zh}阈值`, `Threshold ${level.en}`),
        expr: by("surged_trigger_threshold", `,level="${level.label}"`),
        properties: [{ id: "decimals", value: 2 }],
      })),
    ],
  ).sortBy([new common.TableSortByFieldStateBuilder().displayName(t("级别", "Level")).desc(true)]);
}

function incidents(t: Words) {
  const half = { width: 12, height: 8 };
  const colours = levels.map((level) => ({
    name: level.label,
    properties: [{ id: "color", value: { mode: "fixed", fixedColor: level.colour } }],
  }));
  const open = stacked({
    title: t("未结束的事件,按级别", "Open incidents by level"),
    description: t("本预案尚未终止的事件。", "Incidents of this plan that are not over."),
    unit: "short", ...half,
    queries: [{ expr: `sum by (level) (surged_incidents{${plan}})`, name: "{{level}}" }],
  });
  const total = lines({
    title: t("事件累计,按达到的级别", "Incidents so far, by level reached"),
    description: t("达到该级或更严重级别的事件总数。", "Incidents that reached this level or a graver one."),
    unit: "short", ...half,
    queries: [{ expr: `sum by (level) (surged_incidents_total{${plan}})`, name: "{{level}}" }],
  });
  for (const { name, properties } of colours) {
    open.overrideByName(name, properties);
    total.overrideByName(name, properties);
  }
  return [open, total];
}

export function thresholds(t: Words, language: Language): dash.Dashboard {
  return page(t, language, {
    name: "thresholds",
    title: t("surged 阈值", "surged: thresholds"),
    description: t("一个预案的触发条件:当前值与各级阈值、所处级别和由此产生的事件。", "The triggers of a plan: value against each level's line, the levels they stand at, and the incidents they made."),
    from: "now-6h",
    refresh: "30s",
    variables: [
      labelVariable("site", t("站点", "Site"), "surged_trigger_value", "site"),
      labelVariable("plan", t("预案", "Plan"), 'surged_trigger_value{site="$site"}', "plan"),
      labelVariable("queue", t("队列", "Queue"), `surged_trigger_threshold{${plan}}`, "queue"),
      labelVariable("trigger", t("触发条件", "Trigger"), `surged_trigger_threshold{${plan}}`, "trigger")
        .multi(true)
        .includeAll(true)
        .current({ selected: true, text: [t("全部", "All")], value: ["$__all"] }),
    ],
    rows: [
      { panels: [standing(t)] },
      {
        title: t("级别与事件", "Levels and incidents"),
        panels: [
          states(
            {
              title: t("各触发条件的级别", "Level of each trigger"),
              description: t("本预案每个触发条件在每个队列上所处的级别;没有队列名的监视数据源。", "The level at which each trigger stands on each queue; one without a queue watches a source."),
              unit: "short", width: 24, height: 9,
              queries: [{ expr: levelOf("trigger, queue", plan), name: "{{trigger}} {{queue}}" }],
            },
            levelMapping(t),
          ),
          ...incidents(t),
        ],
      },
      { title: t("$queue:当前值与各级阈值", "$queue: value against each level's line"), panels: [againstLines(t)] },
    ],
  });
}
