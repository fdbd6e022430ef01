export { clean, jsonLine } from "./clean.ts";
export { daysTable } from "./days-table.ts";
export { deadLettersTable, timeOf, type DeadLetterRow } from "./dead-letters-table.ts";
export { farmsTable, type FarmRow } from "./farms-table.ts";
export { repliesTable, type Asked } from "./replies-table.ts";
export { condition, riskTable } from "./risk-table.ts";
export { table, type Column, type Layout, type Screen } from "./table.ts";
