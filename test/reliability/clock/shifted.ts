// Loaded before a worker's own code (`node --import`): its clock is wrong by CLOCK_SHIFT_SECONDS, as a machine's can be.
const shiftMs = Number(process.env.CLOCK_SHIFT_SECONDS) * 1000;
const RightDate = Date;

globalThis.Date = new Proxy(RightDate, {
  construct: (target, given: [], asked) =>
    Reflect.construct(target, given.length === 0 ? [RightDate.now() + shiftMs] : given, asked) as Date,
  apply: () => new RightDate(RightDate.now() + shiftMs).toString(),
  get: (target, name, receiver) =>
    name === 'now' ? () => RightDate.now() + shiftMs : Reflect.get(target, name, receiver),
});
