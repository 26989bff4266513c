// The few kinds of panel that the dashboards are made of, so that all of them look and read alike.
import * as cog from "@grafana/grafana-foundation-sdk/cog";
import * as common from "@grafana/grafana-foundation-sdk/common";
import * as dash from "@grafana/grafana-foundation-sdk/dashboard";
import * as heatmaps from "@grafana/grafana-foundation-sdk/heatmap";
import * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import * as stats from "@grafana/grafana-foundation-sdk/stat";
import * as timelines from "@grafana/grafana-foundation-sdk/statetimeline";
import * as tables from "@grafana/grafana-foundation-sdk/table";
import * as series from "@grafana/grafana-foundation-sdk/timeseries";
import { Language, levels, Words } from "./words";

export type Panel = cog.Builder<dash.Panel>;
export type Mapping = dash.ValueMapping;

/** What Prometheus is asked, and what the answer is called; without a name: its labels. */
export interface Query {
  expr: string;
  name?: string;
}

/** What every panel has. `width` of 24 columns, `height` in rows of 30 pixels. */
export interface Frame {
  title: string;
  description: string;
  unit: string;
  width: number;
  height: number;
  queries: Query[];
}

export const source: common.DataSourceRef = { type: "prometheus", uid: "${ds}" };

/** A figure that is not there says so: no data is never 0. */
export function lost(t: Words): Mapping {
  return special(t("数据中断", "feed lost"), "red");
}
/** A ratio with nothing under it. */
export function nothing(): Mapping {
  return special("–", "text");
}
function special(text: string, color: string): Mapping {
  return {
    type: dash.MappingType.SpecialValue,
    options: { match: dash.SpecialValueMatch.NullAndNan, result: { text, color, index: 9 } },
  };
}
function values(options: Record<string, dash.ValueMappingResult>): Mapping {
  return { type: dash.MappingType.ValueToText, options };
}
export function levelMapping(t: Words): Mapping {
  const options: Record<string, dash.ValueMappingResult> = {
    "0": { text: t("正常", "none"), color: "green", index: 0 },
  };
  for (const level of levels) {
    options[`${level.number}`] = {
      text: t(level.zh, level.en),
      color: level.colour,
      index: level.number,
    };
  }
  return values(options);
}
/** Words for the values of a label, such as a phase. */
export function worded(words: Record<string, string>): dash.DynamicConfigValue[] {
  const options: Record<string, dash.ValueMappingResult> = {};
  Object.entries(words).forEach(([value, text], index) => (options[value] = { text, index }));
  return [{ id: "mappings", value: [values(options)] }];
}
export function yesNo(yes: string, no: string): Mapping {
  return values({
    "1": { text: yes, color: "green", index: 0 },
    "0": { text: no, color: "red", index: 1 },
  });
}

/** A colour from each of these values on. */
export function steps(first: string, ...more: [number, string][]): dash.ThresholdsConfigBuilder {
  return new dash.ThresholdsConfigBuilder().mode(dash.ThresholdsMode.Absolute).steps([
    { value: null, color: first },
    ...more.map(([value, color]) => ({ value, color })),
  ]);
}

function target(query: Query, index: number): prometheus.DataqueryBuilder {
  const out = new prometheus.DataqueryBuilder()
    .refId(String.fromCharCode("A".charCodeAt(0) + index))
    .datasource(source)
    .expr(query.expr);
  return query.name === undefined ? out : out.legendFormat(query.name);
}

interface Framed {
  title(title: string): this;
  description(text: string): this;
  unit(unit: string): this;
  span(width: number): this;
  height(height: number): this;
  datasource(source: common.DataSourceRef): this;
}
function framed<B extends Framed>(panel: B, frame: Frame): B {
  return panel
    .title(frame.title)
    .description(frame.description)
    .unit(frame.unit)
    .span(frame.width)
    .height(frame.height)
    .datasource(source);
}

/** Lines over time. */
export function lines(frame: Frame): series.PanelBuilder {
  const panel = framed(new series.PanelBuilder(), frame)
    .lineWidth(2)
    .fillOpacity(0)
    .showPoints(common.VisibilityMode.Never)
    .axisSoftMin(0)
    .legend(legend())
    .tooltip(
      new common.VizTooltipOptionsBuilder()
        .mode(common.TooltipDisplayMode.Multi)
        .sort(common.SortOrder.Descending),
    );
  frame.queries.forEach((query, i) => panel.withTarget(target(query, i).range()));
  return panel;
}

/** Parts of a whole over time, one upon the other. */
export function stacked(frame: Frame): series.PanelBuilder {
  return lines(frame)
    .lineWidth(1)
    .fillOpacity(60)
    .stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group("A"));
}

/** One large figure: the newest. */
export function figure(frame: Frame): stats.PanelBuilder {
  const panel = framed(new stats.PanelBuilder(), frame)
    .colorMode(common.BigValueColorMode.Value)
    .graphMode(common.BigValueGraphMode.None)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]))
    .thresholds(steps("text"));
  frame.queries.forEach((query, i) => panel.withTarget(target(query, i).instant()));
  return panel;
}

/** States over time, a band each. */
export function states(frame: Frame, mapping: Mapping): timelines.PanelBuilder {
  const panel = framed(new timelines.PanelBuilder(), frame)
    .mappings([mapping])
    .mergeValues(true)
    .showValue(common.VisibilityMode.Auto)
    .rowHeight(0.85)
    .fillOpacity(80)
    .legend(new common.VizLegendOptionsBuilder().showLegend(false).displayMode(common.LegendDisplayMode.List).placement(common.LegendPlacement.Bottom));
  frame.queries.forEach((query, i) => panel.withTarget(target(query, i).range()));
  return panel;
}

/** How many fell into each bucket of a histogram, over time. */
export function heat(frame: Frame): heatmaps.PanelBuilder {
  const panel = framed(new heatmaps.PanelBuilder(), frame);
  frame.queries.forEach((query, i) =>
    panel.withTarget(target(query, i).range().format(prometheus.PromQueryFormat.Heatmap)),
  );
  return panel;
}

/**
 * A column of a table: what is asked, and its heading; an empty one hides it, when only the labels
 * matter. `properties` as Grafana's overrides.
 */
export interface Column extends Query {
  name: string;
  properties?: dash.DynamicConfigValue[];
}

/**
 * A row for each set of labels, a column for each query. All queries must keep the same labels;
 * `labels` gives them their headings, in order.
 */
export function table(
  frame: Omit<Frame, "queries">,
  labels: Record<string, string>,
  columns: Column[],
): tables.PanelBuilder {
  const panel = framed(new tables.PanelBuilder(), { ...frame, queries: columns }).filterable(false);
  const renameByName: Record<string, string> = { ...labels };
  const indexByName: Record<string, number> = {};
  Object.keys(labels).forEach((label, i) => (indexByName[label] = i));
  const excludeByName: Record<string, boolean> = { Time: true };
  columns.forEach((column, i) => {
    const field = columns.length === 1 ? "Value" : `Value #${String.fromCharCode(65 + i)}`;
    renameByName[field] = column.name;
    excludeByName[field] = column.name === "";
    indexByName[field] = Object.keys(labels).length + i;
    panel.withTarget(target({ expr: column.expr }, i).instant().format(prometheus.PromQueryFormat.Table));
    if (column.properties) panel.overrideByName(column.name, column.properties);
  });
  return panel
    .withTransformation({ id: "merge", options: {} })
    .withTransformation({
      id: "organize",
      options: { excludeByName, indexByName, renameByName },
    });
}

/** Properties of a column whose cells show a level in its colour. */
export function levelCells(t: Words): dash.DynamicConfigValue[] {
  return [
    { id: "mappings", value: [levelMapping(t)] },
    { id: "custom.cellOptions", value: { type: "color-background", mode: "basic" } },
    { id: "custom.width", value: 80 },
  ];
}
export function cells(unit: string, mapping: Mapping): dash.DynamicConfigValue[] {
  return [
    { id: "unit", value: unit },
    { id: "mappings", value: [mapping] },
  ];
}

export function legend(...calcs: string[]): common.VizLegendOptionsBuilder {
  return new common.VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(calcs.length > 0 ? common.LegendDisplayMode.Table : common.LegendDisplayMode.List)
    .placement(common.LegendPlacement.Bottom)
    .calcs(calcs);
}

/** A variable whose values are those of a label. */
export function labelVariable(
  name: string,
  title: string,
  series: string,
  label: string,
): dash.QueryVariableBuilder {
  const query = `label_values(${series}, ${label})`;
  return new dash.QueryVariableBuilder(name)
    .label(title)
    .datasource(source)
    .query({ query, refId: name })
    .definition(query)
    .refresh(dash.VariableRefresh.OnTimeRangeChanged)
    .sort(dash.VariableSort.NaturalAsc);
}
export function everything(t: Words, variable: dash.QueryVariableBuilder): dash.QueryVariableBuilder {
  return variable
    .multi(true)
    .includeAll(true)
    .allValue(".*")
    .current({ selected: true, text: [t("全部", "All")], value: ["$__all"] });
}

export interface Page {
  name: string; // of the file and in the uid
  title: string;
  description: string;
  from: string;
  refresh: string;
  variables: cog.Builder<dash.VariableModel>[];
  rows: { title?: string; panels: Panel[] }[];
}

/** Panels flow from left to right; those of a line must be of one height and fill it. */
export function page(t: Words, language: Language, page: Page): dash.Dashboard {
  const builder = new dash.DashboardBuilder(page.title)
    .uid(uid(page.name, language))
    .description(page.description)
    .tags(["surged", language])
    .timezone("browser")
    .editable()
    .tooltip(dash.DashboardCursorSync.Crosshair)
    .time({ from: page.from, to: "now" })
    .refresh(page.refresh)
    .withVariable(
      new dash.DatasourceVariableBuilder("ds").label(t("数据源", "Data source")).type("prometheus"),
    )
    .link(
      new dash.DashboardLinkBuilder("surged")
        .type(dash.DashboardLinkType.Dashboards)
        .tags(["surged", language])
        .includeVars(true)
        .keepTime(true),
    );
  page.variables.forEach((variable) => builder.withVariable(variable));
  for (const row of page.rows) {
    if (row.title !== undefined) builder.withRow(new dash.RowBuilder(row.title));
    row.panels.forEach((panel) => builder.withPanel(panel));
  }
  const out = builder.build();
  (out.panels ?? []).forEach((panel, i) => (panel.id = i + 1));
  out.links?.forEach((link) => delete link.placement); // in sight, not in a menu
  return out;
}
export function uid(name: string, language: Language): string {
  return `surged-${name}-${language === "zh-CN" ? "zh" : "en"}`;
}
