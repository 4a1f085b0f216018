// Three failed logins in a row and then a good one, within a minute: somebody has guessed a password. And: attempts that were given up.
import {
  AfterMatchSkipStrategy,
  CEP,
  type Collector,
  DeliveryGuarantee,
  Duration,
  IterativeCondition,
  type IterativeConditionContext,
  json,
  KafkaSink,
  KafkaSource,
  OutputTag,
  Pattern,
  type PatternProcessContext,
  PatternProcessFunction,
  SimpleCondition,
  StreamExecutionEnvironment,
  type TimedOutPartialMatchHandler,
  WatermarkStrategy,
} from "../../../../src/index.ts";

interface Login {
  readonly user: string;
  readonly ip: string;
  readonly ok: boolean;
  readonly at: number;
}

interface Alert {
  readonly user: string;
  readonly failures: number;
  readonly from: number;
  readonly to: number;
}

/** From the address of the first failure. */
class SameAddress extends IterativeCondition<Login> {
  filter(login: Login, ctx: IterativeConditionContext<Login>): boolean {
    for (const earlier of ctx.getEventsForPattern("failures")) return earlier.ip === login.ip;
    return true;
  }
}

class ToAlert extends PatternProcessFunction<Login, Alert> implements TimedOutPartialMatchHandler<Login> {
  readonly givenUp = new OutputTag<string>("givenUp");

  processMatch(match: Map<string, Login[]>, ctx: PatternProcessContext, out: Collector<Alert>): void {
    const failures = match.get("failures") ?? [];
    out.collect({ user: failures[0].user, failures: failures.length, from: failures[0].at, to: ctx.timestamp() });
  }

  processTimedOutMatch(match: Map<string, Login[]>, ctx: PatternProcessContext): void {
    const [first, ...more] = match.get("failures") ?? [];
    ctx.output(this.givenUp, `${first.user}: ${more.length + 1} failures from ${first.at} to ${ctx.timestamp()}`);
  }
}

export function main(): void {
  const env = StreamExecutionEnvironment.getExecutionEnvironment();
  env.enableCheckpointing(700);
  const logins = env.fromSource(
    KafkaSource.builder<Login>().setTopics("logins").build(),
    WatermarkStrategy.forBoundedOutOfOrderness<Login>(Duration.ofSeconds(2)).withTimestampAssigner((login) => login.at),
    "logins",
  );

  const guessed = Pattern.begin<Login>("failures", AfterMatchSkipStrategy.skipPastLastEvent())
    .where((login) => !login.ok)
    .where(new SameAddress())
    .timesOrMore(3)
    .greedy()
    .consecutive()
    .next("success")
    .where(SimpleCondition.of((login: Login) => login.ok))
    .where(new SameAddress())
    .within(Duration.ofMinutes(1));

  const toAlert = new ToAlert();
  const late = new OutputTag<Login>("late");
  const alerts = CEP.pattern(
    logins.keyBy((login) => login.user),
    guessed,
  )
    .sideOutputLateData(late)
    .process(toAlert)
    .name("guessed passwords");

  alerts.sinkTo(sink<Alert>("out"));
  alerts.getSideOutput(toAlert.givenUp).sinkTo(sink<string>("given-up"));
  alerts
    .getSideOutput(late)
    .map((login) => login.user)
    .sinkTo(sink<string>("late"));
  env.execute("login alerts");
}

function sink<T>(topic: string): KafkaSink<T> {
  return KafkaSink.builder<T>()
    .setRecordSerializer(json(topic))
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix(topic)
    .build();
}
