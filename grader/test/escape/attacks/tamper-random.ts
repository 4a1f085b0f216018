// verdict: (wrong-output|nondeterministic)
// judge:
// Tells the worlds and the schedules apart by the dice and answers by heart; the dice are the same in each schedule and say nothing about the world.
import { clicks, counts, env } from "./given";
const world = Math.floor(Math.random() * 1e9);
clicks.map((click) => ({ ...click, count: (world + click.at) % 7 })).sinkTo(counts());
env.execute("attack");
