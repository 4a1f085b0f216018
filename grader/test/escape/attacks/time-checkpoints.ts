// verdict: (time-limit|runtime-error|accepted|lost-records)
// A checkpoint every ten milliseconds.
import { env, honestly } from "./given";
env.enableCheckpointing(10);
honestly();
