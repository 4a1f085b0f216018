// verdict: (time-limit|compile-error)
const again = (): Promise<void> => Promise.resolve().then(again);
again();
