// All dashboards in all languages: where each goes, and what it is.
import * as dash from "@grafana/grafana-foundation-sdk/dashboard";
import { health } from "./health";
import { queue } from "./queue";
import { queues } from "./queues";
import { thresholds } from "./thresholds";
import { languages, wordsOf } from "./words";

export interface Dashboard {
  path: string;
  dashboard: dash.Dashboard;
}

export function dashboards(): Dashboard[] {
  const kinds = { queues, queue, thresholds, health };
  return languages.flatMap((language) =>
    Object.entries(kinds).map(([name, make]) => ({
      path: `${language}/${name}.json`,
      dashboard: make(wordsOf(language), language),
    })),
  );
}
