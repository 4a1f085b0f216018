/** What a warehouse answers when it does not do what it was asked: failures of the simulated world. */
export class SnowflakeFailure extends Error {
  readonly code: string;

  private constructor(code: string, message: string) {
    super(message);
    this.name = "SnowflakeSQLException";
    this.code = code;
  }

  static unavailable(): SnowflakeFailure {
    return new SnowflakeFailure("SNOWFLAKE_UNAVAILABLE", "JDBC driver encountered communication error.");
  }

  static noSuchFile(file: string): SnowflakeFailure {
    return new SnowflakeFailure(
      "SNOWFLAKE_NO_SUCH_FILE",
      `Remote file '${file}' was not found. If you are running a copy command, please make sure files are not deleted when they are being loaded.`,
    );
  }

  static answerLost(): SnowflakeFailure {
    return new SnowflakeFailure("SNOWFLAKE_ANSWER_LOST", "The connection was closed before the statement's result arrived.");
  }

  static channelInvalid(channel: string): SnowflakeFailure {
    return new SnowflakeFailure(
      "SNOWFLAKE_CHANNEL_INVALID",
      `Channel ${channel} is invalid: it has been opened by another client. Please reopen the channel to restart.`,
    );
  }

  static badRow(table: string, why: string): SnowflakeFailure {
    return new SnowflakeFailure("SNOWFLAKE_BAD_ROW", `The given row cannot be converted to the internal format of ${table}: ${why}`);
  }
}
