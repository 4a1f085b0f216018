// verdict: (time-limit|memory-limit)
const again = (): Promise<void> => Promise.resolve().then(again);
again();
