export interface Click {
  readonly user: string;
  readonly at: number;
}

export interface Count {
  readonly user: string;
  readonly minute: number;
  readonly count: number;
}
