/** What a result says, in words; every sentence follows from its figures. */
export interface Conclusion {
  readonly headline: string;
  readonly findings: readonly Finding[];
}

export interface Finding {
  readonly topic: string;
  readonly text: string;
}
