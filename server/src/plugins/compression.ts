/** Compresses answers and the client's files above 1 KB; recordings of runs shrink to a tenth. */
import compress from "@fastify/compress";
import type { FastifyInstance } from "fastify";

export async function compression(app: FastifyInstance): Promise<void> {
  await app.register(compress, { threshold: 1024, encodings: ["br", "gzip"], zlibOptions: { level: 4 } });
}
