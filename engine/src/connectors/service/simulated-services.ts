import type { Prng } from "../../base/prng.ts";
import { type ExternalService, type ExternalServices, type ServiceCaller, serviceUnknown } from "../../flow/external-service.ts";
import type { LogBroker } from "../log/log-broker.ts";
import { nearestName } from "../log/nearest-name.ts";
import { PostgresDatabase } from "../database/database.ts";
import type { OutsideSystems } from "../systems/outside-system.ts";
import { DatabaseRows, GivenRows, type ServiceContents, TopicTable } from "./service-contents.ts";
import type { ServiceDescription } from "./service-description.ts";
import { type ServiceClock, SimulatedService } from "./simulated-service.ts";

/** All outside services of a world, by name. */
export class SimulatedServices implements ExternalServices {
  private readonly services: ReadonlyMap<string, SimulatedService>;

  /** @param random is forked per service, so that one more service changes no other. */
  constructor(descriptions: readonly ServiceDescription[], broker: LogBroker, systems: OutsideSystems, clock: ServiceClock, random: Prng) {
    this.services = new Map(
      descriptions.map((description) => {
        const contents: ServiceContents[] = [new GivenRows(description.rows ?? [])];
        if (description.topic !== undefined) contents.push(new TopicTable(broker, description.topic));
        const { table } = description;
        if (table !== undefined) contents.push(new DatabaseRows(systems.get(table.database, PostgresDatabase), table.name));
        return [description.name, new SimulatedService(description, contents, clock, random.fork(description.name))];
      }),
    );
  }

  connect(name: string, caller: ServiceCaller): ExternalService {
    const service = this.services.get(name);
    if (service !== undefined) return service.connect(caller);
    const names = [...this.services.keys()];
    throw serviceUnknown(name, names, nearestName(name, names));
  }
}
