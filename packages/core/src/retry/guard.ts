import { MAX_TIMER_MS } from "./clock.ts";
import { TimeoutError, type TimerName } from "./errors.ts";
import { enter, leave, type Mark, markSignal } from "./nesting.ts";
import type { Plan } from "./policy.ts";
import { type Alarm, type Timers, timersOf } from "./timers.ts";
import type { Phase } from "../verdict.ts";

/** Is told by a transport how far a request got. */
export interface Progress {
  /**
   * It looks for a connection: from now on it will say when the request goes out.
   *
   * @param method of what will be sent: a redirect may change it
   */
  connecting(method?: string): void;
  /** The request goes out. */
  connected(): void;
  /**
   * The headers came in, and somebody else reads the body inside the attempt: from now on it is the silence that counts.
   *
   * @param bytes how many bytes came so far, where nobody calls `received`
   */
  answered(bytes?: () => number): void;
  /** A piece of the body came in. */
  received(): void;
}

/** What a guard can attempt. */
interface Attemptable<T> {
  call(guard: Guard, number: number): PromiseLike<T>;
  discard?(value: T): void;
}

/**
 * Ends a call, whatever it is waiting for: on the caller's abort, on the deadline, or when one attempt takes too long.
 * It lives until `release`: for a response with a body, until the body is read.
 */
export class Guard implements Progress {
  /** Why the whole call is over; `null` while it goes on. */
  over: "aborted" | "deadline" | null = null;
  /** How far the present attempt got, as far as the transport tells. */
  phase: Phase = "unanswered";
  /** Did anything of the present attempt go out? A redirect may look for another connection afterwards. */
  sent = false;
  /** Of what was sent last, where the transport tells. */
  method: string | undefined;
  /** Does the transport tell how far it got? */
  informed = false;
  readonly startedMs: number;
  attemptStartedMs: number;
  readonly #plan: Plan;
  readonly #timers: Timers;
  readonly #caller: AbortSignal | null;
  readonly #deadline: Alarm | null;
  #alarm: Alarm | null = null;
  #connectAlarm: Alarm | null = null;
  #controller: AbortController | null = null;
  #reject: ((reason: unknown) => void) | null = null;
  #reason: unknown;
  #receivedMs = 0;
  #waited = false;
  #asleep = false;
  /** While an attempt is under way. */
  #mark: Mark | null = null;

  constructor(plan: Plan, caller: AbortSignal | null) {
    this.#plan = plan;
    this.#timers = timersOf(plan.clock);
    this.#caller = caller;
    this.startedMs = this.attemptStartedMs = plan.clock.now();
    this.#deadline = this.#timers.set(() => this.#ring("deadline", plan.deadline), plan.deadline, this.startedMs);
    caller?.addEventListener("abort", this);
  }

  /** ms to the deadline. */
  remaining(): number {
    return this.#plan.deadline - this.elapsed();
  }

  /** ms since the call began. */
  elapsed(): number {
    return this.#plan.clock.now() - this.startedMs;
  }

  /** The signal of the present attempt: a fresh one for each, so that one timeout never aborts another attempt. */
  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#mark !== null) markSignal(this.#controller.signal, this.#mark);
    }
    return this.#controller.signal;
  }

  /** Between attempts, a signal for what is done there. */
  renew(): void {
    this.#controller = null;
  }

  /** Makes an attempt. A value that comes after this guard has ended it is discarded. */
  attempt<T>(operation: Attemptable<T>, number: number): Promise<T> {
    const { clock, attempt, deadline } = this.#plan;
    this.phase = "unanswered";
    this.sent = false;
    this.method = undefined;
    this.#controller = null;
    this.#mark = { active: true };
    this.#asleep = false;
    if (this.over !== null) return Promise.reject(this.#reason);
    if (number > 1 || this.#waited) this.attemptStartedMs = clock.now();
    // The deadline rings by itself, so an attempt that may take as long needs no alarm of its own.
    if (attempt < deadline)
      this.#alarm = this.#timers.set(() => this.#ring("attempt", attempt), attempt, this.attemptStartedMs);
    enter();
    let work: PromiseLike<T>;
    try {
      work = operation.call(this, number);
    } catch (error) {
      this.#settle();
      throw error;
    } finally {
      leave();
    }
    return this.watch(work, operation);
  }

  /** Waits for `work`, but not longer than the call goes on. */
  watch<T>(work: T | PromiseLike<T>, operation?: Attemptable<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.over !== null) reject(this.#reason);
      else this.#reject = reject;
      // Even when it is over: what comes late is discarded, and no rejection stays unhandled.
      Promise.resolve(work).then(
        (value) => {
          if (this.#reject !== reject) return operation?.discard?.(value);
          this.#settle();
          resolve(value);
        },
        (error: unknown) => {
          if (this.#reject === reject) this.#settle();
          reject(error);
        },
      );
    });
  }

  /** Sleeps `ms`, however long. Never returns early: timers may fire a tick too soon, so the clock is asked again. */
  sleep(ms: number): Promise<void> {
    this.#waited = this.#asleep = true;
    const { clock } = this.#plan;
    const end = clock.now() + ms;
    let timer: unknown;
    const sleeping = new Promise<void>((resolve) => {
      const step = (): void => {
        const left = end - clock.now();
        if (left <= 0) resolve();
        else timer = clock.set(step, Math.min(Math.ceil(left), MAX_TIMER_MS));
      };
      step();
    });
    return this.watch(sleeping).catch((reason: unknown) => {
      clock.clear(timer);
      throw reason;
    });
  }

  /** Waits for a body or the next piece of it, but not longer than `timeouts.idle` after the last piece. */
  read<T>(work: PromiseLike<T>): Promise<T> {
    this.received();
    this.#armIdle(this.#plan.idle);
    return this.watch(work);
  }

  connecting(method?: string): void {
    this.method = method;
    const { connect, attempt, clock } = this.#plan;
    this.informed = true;
    this.#timers.clear(this.#connectAlarm);
    if (!this.sent) this.phase = "unsent";
    if (connect < attempt)
      this.#connectAlarm = this.#timers.set(() => this.#ring("connect", connect), connect, clock.now());
  }

  connected(): void {
    this.sent = true;
    this.phase = "unanswered";
    this.#timers.clear(this.#connectAlarm);
    this.#connectAlarm = null;
  }

  answered(bytes?: () => number): void {
    // What came too late finds nobody waiting for it: a wait between attempts is no silence.
    if (this.#mark === null && (this.#reject === null || this.#asleep)) return;
    this.#timers.clear(this.#alarm);
    this.received();
    this.#armIdle(this.#plan.idle, bytes);
  }

  received(): void {
    this.#receivedMs = this.#plan.clock.now();
  }

  /** No more timers, no more listeners. */
  release(): void {
    this.#settle();
    this.#timers.clear(this.#deadline);
    this.#caller?.removeEventListener("abort", this);
  }

  handleEvent(): void {
    this.over ??= "aborted";
    this.#abort(this.#caller!.reason);
  }

  #armIdle(ms: number, bytes?: () => number): void {
    const { clock, idle } = this.#plan;
    const before = bytes?.();
    const look = (): void => {
      if (bytes?.() !== before) this.received();
      const left = this.#receivedMs + idle - clock.now();
      if (left > 0) this.#armIdle(left, bytes);
      else this.#ring("idle", idle);
    };
    // Bytes that nobody tells of are asked for: a silence is noticed a tenth too late.
    this.#alarm = this.#timers.set(look, bytes === undefined ? ms : Math.min(ms, idle / 10), clock.now());
  }

  #ring(timer: TimerName, limitMs: number): void {
    if (timer === "deadline") this.over ??= "deadline";
    const since = { deadline: this.startedMs, idle: this.#receivedMs }[timer as string] ?? this.attemptStartedMs;
    this.#abort(new TimeoutError(timer, { limitMs, elapsedMs: this.#plan.clock.now() - since, phase: this.phase }));
  }

  #abort(reason: unknown): void {
    this.#reason = reason;
    const reject = this.#reject;
    this.#settle();
    if (this.over !== null) this.release();
    this.#controller?.abort(reason);
    reject?.(reason);
  }

  #settle(): void {
    this.#reject = null;
    // Nobody repeats what is called when the attempt is over.
    if (this.#mark !== null) this.#mark.active = false;
    this.#mark = null;
    this.#timers.clear(this.#alarm);
    this.#timers.clear(this.#connectAlarm);
    this.#alarm = this.#connectAlarm = null;
  }
}
