import { ELASTICSEARCH_FACTORY } from "../elasticsearch/elasticsearch.ts";
import { POSTGRES_FACTORY } from "../database/database.ts";
import { DEBEZIUM_FACTORY } from "../database/debezium/debezium-connector.ts";
import { FILE_STORE_FACTORY } from "../files/file-store.ts";
import { ICEBERG_FACTORY } from "../iceberg/iceberg-catalog.ts";
import { KINESIS_FACTORY } from "../kinesis/kinesis.ts";
import { OBJECT_STORE_FACTORY } from "../object-store/object-store.ts";
import { SNOWFLAKE_FACTORY } from "../snowflake/snowflake.ts";
import { SOCKET_FACTORY } from "../socket/socket-server.ts";
import { VALUES_FACTORY } from "../values/values-store.ts";
import type { SystemFactory } from "./outside-system.ts";

/** One line per kind of system that a world may have. */
export const SYSTEM_FACTORIES: readonly SystemFactory[] = [
  POSTGRES_FACTORY as SystemFactory,
  DEBEZIUM_FACTORY as SystemFactory,
  FILE_STORE_FACTORY as SystemFactory,
  OBJECT_STORE_FACTORY as SystemFactory,
  ICEBERG_FACTORY as SystemFactory,
  ELASTICSEARCH_FACTORY as SystemFactory,
  SOCKET_FACTORY as SystemFactory,
  KINESIS_FACTORY as SystemFactory,
  SNOWFLAKE_FACTORY as SystemFactory,
  VALUES_FACTORY as SystemFactory,
];
