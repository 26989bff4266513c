// The gravest level that fires, as a number: 0 none, 1 IV, 2 III, 3 II, 4 I.
import { levels } from "./words";

export function levelOf(by: string, selector: string): string {
  const terms = [...levels]
    .reverse()
    .map((level) => `${level.number} * surged_trigger_firing{${selector},level="${level.label}"}`);
  return `max by (${by}) (${terms.join(" or ")})`;
}
