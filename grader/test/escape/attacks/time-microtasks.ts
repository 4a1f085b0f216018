// verdict: (time-limit|memory-limit|accepted)
// Work that goes on in microtasks, behind the run.
import { honestly } from "./given";
const forever = async () => {
  for (;;) await null;
};
void forever();
honestly();
