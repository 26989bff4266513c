// Both languages of every text a person reads stand side by side: t("排队数", "Callers waiting").

export type Language = "zh-CN" | "en";
export type Words = (zh: string, en: string) => string;

export const languages: Language[] = ["zh-CN", "en"];

export function wordsOf(language: Language): Words {
  return (zh, en) => (language === "zh-CN" ? zh : en);
}

/** Response levels, mildest first: how they are counted, named, and coloured everywhere. */
export const levels = [
  { label: "IV", number: 1, zh: "Ⅳ级", en: "IV", colour: "blue" },
  { label: "III", number: 2, zh: "Ⅲ级", en: "III", colour: "yellow" },
  { label: "II", number: 3, zh: "Ⅱ级", en: "II", colour: "orange" },
  { label: "I", number: 4, zh: "Ⅰ级", en: "I", colour: "red" },
] as const;
