// verdict: (runtime-error|compile-error)
// import() at run time, by way of code that is made from text.
import { honestly } from "./given";
const load = new Function("name", "return import(name)") as (name: string) => Promise<unknown>;
load("node:fs").then((fs) => console.log(fs), () => undefined);
honestly();
throw new Error("nothing was loaded");
