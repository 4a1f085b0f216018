/** Systems without a run around them: a clock moved by hand, seeded chance, and a list of what happened. */
import { Prng } from "../../src/base/prng.ts";
import { SYSTEM_FACTORIES } from "../../src/connectors/systems/system-factories.ts";
import { type OutsideSystem, OutsideSystems, type SystemDescription } from "../../src/connectors/systems/outside-system.ts";
import { observedBroker } from "./observed-broker.ts";

export function systemKit(...descriptions: readonly SystemDescription[]) {
  const { clock, broker } = observedBroker();
  const seen: string[] = [];
  const observer = {
    systemEvent: (system: OutsideSystem, what: string, detail: unknown) =>
      void seen.push(`${system.name} ${what} ${JSON.stringify(detail)}`),
  };
  const systems = new OutsideSystems(descriptions, SYSTEM_FACTORIES, { clock, broker, observer, random: new Prng(1) });
  return { clock, broker, seen, systems };
}
