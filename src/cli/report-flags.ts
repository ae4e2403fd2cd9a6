/** What is to be written in place of the table, each to where it says. */
export interface ReportFlags {
  readonly html?: string;
  readonly markdown?: string;
  readonly csv?: string;
  readonly prometheus?: string;
  readonly junit?: string;
  readonly hgrm?: string;
}
