/**
 * Flink's tuples by name: one type and one class per arity, all made from the one in `tuple.ts`. `Tuple2.of("word", 1)` and
 * `new Tuple2("word", 1)` are the same; the fields are `f0`, `f1`, … and may be set.
 */
import { tupleClass, type TupleOf } from "./tuple.ts";

// biome-ignore format: a table, one line per arity
interface TupleClasses {
  0: { new (): Tuple0; of(): Tuple0 };
  1: { new <T0>(f0: T0): Tuple1<T0>; of<T0>(f0: T0): Tuple1<T0> };
  2: { new <T0, T1>(f0: T0, f1: T1): Tuple2<T0, T1>; of<T0, T1>(f0: T0, f1: T1): Tuple2<T0, T1> };
  3: { new <T0, T1, T2>(f0: T0, f1: T1, f2: T2): Tuple3<T0, T1, T2>; of<T0, T1, T2>(f0: T0, f1: T1, f2: T2): Tuple3<T0, T1, T2> };
  4: { new <T0, T1, T2, T3>(f0: T0, f1: T1, f2: T2, f3: T3): Tuple4<T0, T1, T2, T3>; of<T0, T1, T2, T3>(f0: T0, f1: T1, f2: T2, f3: T3): Tuple4<T0, T1, T2, T3> };
  5: { new <T0, T1, T2, T3, T4>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4): Tuple5<T0, T1, T2, T3, T4>; of<T0, T1, T2, T3, T4>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4): Tuple5<T0, T1, T2, T3, T4> };
  6: { new <T0, T1, T2, T3, T4, T5>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5): Tuple6<T0, T1, T2, T3, T4, T5>; of<T0, T1, T2, T3, T4, T5>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5): Tuple6<T0, T1, T2, T3, T4, T5> };
  7: { new <T0, T1, T2, T3, T4, T5, T6>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6): Tuple7<T0, T1, T2, T3, T4, T5, T6>; of<T0, T1, T2, T3, T4, T5, T6>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6): Tuple7<T0, T1, T2, T3, T4, T5, T6> };
  8: { new <T0, T1, T2, T3, T4, T5, T6, T7>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7): Tuple8<T0, T1, T2, T3, T4, T5, T6, T7>; of<T0, T1, T2, T3, T4, T5, T6, T7>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7): Tuple8<T0, T1, T2, T3, T4, T5, T6, T7> };
  9: { new <T0, T1, T2, T3, T4, T5, T6, T7, T8>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8): Tuple9<T0, T1, T2, T3, T4, T5, T6, T7, T8>; of<T0, T1, T2, T3, T4, T5, T6, T7, T8>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8): Tuple9<T0, T1, T2, T3, T4, T5, T6, T7, T8> };
  10: { new <T0, T1, T2, T3, T4, T5, T6, T7, T8, T9>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9): Tuple10<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9>; of<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9): Tuple10<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9> };
  11: { new <T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10): Tuple11<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>; of<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10): Tuple11<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10> };
  12: { new <T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11): Tuple12<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>; of<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11): Tuple12<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11> };
  13: { new <T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12): Tuple13<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>; of<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12): Tuple13<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12> };
  14: { new <T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13): Tuple14<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>; of<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13): Tuple14<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13> };
  15: { new <T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14): Tuple15<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>; of<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14): Tuple15<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14> };
  16: { new <T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15): Tuple16<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15>; of<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15): Tuple16<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15> };
  17: { new <T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16): Tuple17<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16>; of<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16): Tuple17<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16> };
  18: { new <T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16, f17: T17): Tuple18<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17>; of<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16, f17: T17): Tuple18<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17> };
  19: { new <T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16, f17: T17, f18: T18): Tuple19<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18>; of<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16, f17: T17, f18: T18): Tuple19<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18> };
  20: { new <T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16, f17: T17, f18: T18, f19: T19): Tuple20<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19>; of<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16, f17: T17, f18: T18, f19: T19): Tuple20<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19> };
  21: { new <T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16, f17: T17, f18: T18, f19: T19, f20: T20): Tuple21<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20>; of<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16, f17: T17, f18: T18, f19: T19, f20: T20): Tuple21<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20> };
  22: { new <T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20, T21>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16, f17: T17, f18: T18, f19: T19, f20: T20, f21: T21): Tuple22<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20, T21>; of<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20, T21>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16, f17: T17, f18: T18, f19: T19, f20: T20, f21: T21): Tuple22<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20, T21> };
  23: { new <T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20, T21, T22>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16, f17: T17, f18: T18, f19: T19, f20: T20, f21: T21, f22: T22): Tuple23<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20, T21, T22>; of<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20, T21, T22>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16, f17: T17, f18: T18, f19: T19, f20: T20, f21: T21, f22: T22): Tuple23<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20, T21, T22> };
  24: { new <T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20, T21, T22, T23>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16, f17: T17, f18: T18, f19: T19, f20: T20, f21: T21, f22: T22, f23: T23): Tuple24<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20, T21, T22, T23>; of<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20, T21, T22, T23>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16, f17: T17, f18: T18, f19: T19, f20: T20, f21: T21, f22: T22, f23: T23): Tuple24<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20, T21, T22, T23> };
  25: { new <T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20, T21, T22, T23, T24>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16, f17: T17, f18: T18, f19: T19, f20: T20, f21: T21, f22: T22, f23: T23, f24: T24): Tuple25<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20, T21, T22, T23, T24>; of<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20, T21, T22, T23, T24>(f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16, f17: T17, f18: T18, f19: T19, f20: T20, f21: T21, f22: T22, f23: T23, f24: T24): Tuple25<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20, T21, T22, T23, T24> };
}

/** A tuple without fields: `Tuple0.of()`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type Tuple0 = TupleOf<[]>;
export const Tuple0: TupleClasses[0] = tupleClass(0);

/** One field, `f0`: `Tuple1.of("a")`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type Tuple1<T0> = TupleOf<[f0: T0]>;
export const Tuple1: TupleClasses[1] = tupleClass(1);

/** Two fields, `f0` to `f1`: `Tuple2.of("word", 1)`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type Tuple2<T0, T1> = TupleOf<[f0: T0, f1: T1]>;
export const Tuple2: TupleClasses[2] = tupleClass(2);

/** Three fields, `f0` to `f2`: `Tuple3.of("a", 1, true)`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type Tuple3<T0, T1, T2> = TupleOf<[f0: T0, f1: T1, f2: T2]>;
export const Tuple3: TupleClasses[3] = tupleClass(3);

/** Four fields, `f0` to `f3`: `Tuple4.of(…)`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type Tuple4<T0, T1, T2, T3> = TupleOf<[f0: T0, f1: T1, f2: T2, f3: T3]>;
export const Tuple4: TupleClasses[4] = tupleClass(4);

/** Five fields, `f0` to `f4`: `Tuple5.of(…)`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type Tuple5<T0, T1, T2, T3, T4> = TupleOf<[f0: T0, f1: T1, f2: T2, f3: T3, f4: T4]>;
export const Tuple5: TupleClasses[5] = tupleClass(5);

/** Six fields, `f0` to `f5`: `Tuple6.of(…)`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type Tuple6<T0, T1, T2, T3, T4, T5> = TupleOf<[f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5]>;
export const Tuple6: TupleClasses[6] = tupleClass(6);

/** Seven fields, `f0` to `f6`: `Tuple7.of(…)`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type Tuple7<T0, T1, T2, T3, T4, T5, T6> = TupleOf<[f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6]>;
export const Tuple7: TupleClasses[7] = tupleClass(7);

/** Eight fields, `f0` to `f7`: `Tuple8.of(…)`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type Tuple8<T0, T1, T2, T3, T4, T5, T6, T7> = TupleOf<[f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7]>;
export const Tuple8: TupleClasses[8] = tupleClass(8);

/** Nine fields, `f0` to `f8`: `Tuple9.of(…)`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type Tuple9<T0, T1, T2, T3, T4, T5, T6, T7, T8> = TupleOf<[f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8]>;
export const Tuple9: TupleClasses[9] = tupleClass(9);

// biome-ignore format: one line per arity
/** Ten fields, `f0` to `f9`: `Tuple10.of(…)`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type Tuple10<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9> = TupleOf<[f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9]>;
export const Tuple10: TupleClasses[10] = tupleClass(10);

// biome-ignore format: one line per arity
/** Eleven fields, `f0` to `f10`: `Tuple11.of(…)`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type Tuple11<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10> = TupleOf<[f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10]>;
export const Tuple11: TupleClasses[11] = tupleClass(11);

// biome-ignore format: one line per arity
/** Twelve fields, `f0` to `f11`: `Tuple12.of(…)`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type Tuple12<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11> = TupleOf<[f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11]>;
export const Tuple12: TupleClasses[12] = tupleClass(12);

// biome-ignore format: one line per arity
/** Thirteen fields, `f0` to `f12`: `Tuple13.of(…)`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type Tuple13<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12> = TupleOf<[f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12]>;
export const Tuple13: TupleClasses[13] = tupleClass(13);

// biome-ignore format: one line per arity
/** Fourteen fields, `f0` to `f13`: `Tuple14.of(…)`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type Tuple14<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13> = TupleOf<[f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13]>;
export const Tuple14: TupleClasses[14] = tupleClass(14);

// biome-ignore format: one line per arity
/** Fifteen fields, `f0` to `f14`: `Tuple15.of(…)`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type Tuple15<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14> = TupleOf<[f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14]>;
export const Tuple15: TupleClasses[15] = tupleClass(15);

// biome-ignore format: one line per arity
/** Sixteen fields, `f0` to `f15`: `Tuple16.of(…)`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type Tuple16<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15> = TupleOf<[f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15]>;
export const Tuple16: TupleClasses[16] = tupleClass(16);

// biome-ignore format: one line per arity
/** Seventeen fields, `f0` to `f16`: `Tuple17.of(…)`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type Tuple17<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16> = TupleOf<[f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16]>;
export const Tuple17: TupleClasses[17] = tupleClass(17);

// biome-ignore format: one line per arity
/** Eighteen fields, `f0` to `f17`: `Tuple18.of(…)`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type Tuple18<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17> = TupleOf<[f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16, f17: T17]>;
export const Tuple18: TupleClasses[18] = tupleClass(18);

// biome-ignore format: one line per arity
/** Nineteen fields, `f0` to `f18`: `Tuple19.of(…)`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type Tuple19<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18> = TupleOf<[f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16, f17: T17, f18: T18]>;
export const Tuple19: TupleClasses[19] = tupleClass(19);

// biome-ignore format: one line per arity
/** Twenty fields, `f0` to `f19`: `Tuple20.of(…)`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type Tuple20<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19> = TupleOf<[f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16, f17: T17, f18: T18, f19: T19]>;
export const Tuple20: TupleClasses[20] = tupleClass(20);

// biome-ignore format: one line per arity
/** Twenty-one fields, `f0` to `f20`: `Tuple21.of(…)`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type Tuple21<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20> = TupleOf<[f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16, f17: T17, f18: T18, f19: T19, f20: T20]>;
export const Tuple21: TupleClasses[21] = tupleClass(21);

// biome-ignore format: one line per arity
/** Twenty-two fields, `f0` to `f21`: `Tuple22.of(…)`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type Tuple22<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20, T21> = TupleOf<[f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16, f17: T17, f18: T18, f19: T19, f20: T20, f21: T21]>;
export const Tuple22: TupleClasses[22] = tupleClass(22);

// biome-ignore format: one line per arity
/** Twenty-three fields, `f0` to `f22`: `Tuple23.of(…)`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type Tuple23<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20, T21, T22> = TupleOf<[f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16, f17: T17, f18: T18, f19: T19, f20: T20, f21: T21, f22: T22]>;
export const Tuple23: TupleClasses[23] = tupleClass(23);

// biome-ignore format: one line per arity
/** Twenty-four fields, `f0` to `f23`: `Tuple24.of(…)`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type Tuple24<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20, T21, T22, T23> = TupleOf<[f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16, f17: T17, f18: T18, f19: T19, f20: T20, f21: T21, f22: T22, f23: T23]>;
export const Tuple24: TupleClasses[24] = tupleClass(24);

// biome-ignore format: one line per arity
/** Twenty-five fields, `f0` to `f24`: `Tuple25.of(…)`. (Flink: docs/dev/datastream/fault-tolerance/serialization/types_serialization) */
export type Tuple25<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17, T18, T19, T20, T21, T22, T23, T24> = TupleOf<[f0: T0, f1: T1, f2: T2, f3: T3, f4: T4, f5: T5, f6: T6, f7: T7, f8: T8, f9: T9, f10: T10, f11: T11, f12: T12, f13: T13, f14: T14, f15: T15, f16: T16, f17: T17, f18: T18, f19: T19, f20: T20, f21: T21, f22: T22, f23: T23, f24: T24]>;
export const Tuple25: TupleClasses[25] = tupleClass(25);
