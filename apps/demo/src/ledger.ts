import { EventEmitter } from "node:events";

/** Work that costs money once it has begun. */
export interface Job {
  readonly id: string;
  readonly key: string | null;
  state: "running" | "finished" | "cancelled";
}

/** Counts the jobs that a provider began, for whoever pays. Tells `started`, `halfway` and `ended`. */
export class Ledger extends EventEmitter<{ started: [Job]; halfway: [Job]; ended: [Job] }> {
  readonly #jobs: Job[] = [];

  /** Begins a job, or finds the one that was begun under the same idempotency key. */
  start(key: string | null): Job {
    const known = key === null ? undefined : this.#jobs.find((job) => job.key === key);
    if (known !== undefined) return known;
    const job: Job = { id: `job_${this.#jobs.length + 1}`, key, state: "running" };
    this.#jobs.push(job);
    this.emit("started", job);
    return job;
  }

  halfway(job: Job): void {
    this.emit("halfway", job);
  }

  end(job: Job, state: "finished" | "cancelled"): void {
    job.state = state;
    this.emit("ended", job);
  }

  /** `1 job finished`, or `2 jobs: 1 finished, 1 cancelled`. */
  summary(): string {
    const count = this.#jobs.length;
    const states = (["running", "finished", "cancelled"] as const)
      .map((state) => [this.#jobs.filter((job) => job.state === state).length, state] as const)
      .filter(([jobs]) => jobs > 0);
    if (states.length === 1) return `${count} ${count === 1 ? "job" : "jobs"} ${states[0]![1]}`;
    return `${count} jobs${states.length > 0 ? ": " : ""}${states.map(([jobs, state]) => `${jobs} ${state}`).join(", ")}`;
  }
}
