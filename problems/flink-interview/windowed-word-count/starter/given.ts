/** A row of topic `counts`. Times are epoch milliseconds. */
export interface WordCount {
  readonly word: string;
  readonly from: number;
  readonly to: number;
  readonly count: number;
}
