import axios, { Axios, type AxiosInstance, type AxiosResponse, type AxiosStatic } from "axios";
import { expectTypeOf, test } from "vitest";
import { type AxiosPolicy, resilient } from "./index.ts";

interface Job {
  readonly id: string;
}
interface Extended extends AxiosInstance {
  readonly jobs: { list(): Promise<Job[]> };
}

test("what comes out is what went in", () => {
  expectTypeOf(resilient()).toEqualTypeOf<AxiosInstance>();
  expectTypeOf(resilient(undefined, { profile: "longRunning" })).toEqualTypeOf<AxiosInstance>();
  expectTypeOf(resilient({} as AxiosInstance | undefined)).toEqualTypeOf<AxiosInstance>();
  expectTypeOf(resilient(axios.create())).toEqualTypeOf<AxiosInstance>();
  expectTypeOf(resilient(axios)).toEqualTypeOf<AxiosStatic>();
  expectTypeOf(resilient(new Axios())).toEqualTypeOf<Axios>();
  expectTypeOf(resilient({} as Extended)).toEqualTypeOf<Extended>();
  expectTypeOf(resilient({} as Extended).jobs.list()).resolves.toEqualTypeOf<Job[]>();
});

test("the generics of axios stay", () => {
  const api = resilient();
  expectTypeOf(api.get<Job>("/")).resolves.toExtend<AxiosResponse<Job>>();
  expectTypeOf(api.get<Job>("/").then(({ data }) => data)).resolves.toEqualTypeOf<Job>();
  expectTypeOf(api.post<Job, Job>("/", { a: 1 })).resolves.toEqualTypeOf<Job>();
  expectTypeOf(api<Job>({ url: "/" }).then(({ data }) => data.id)).resolves.toEqualTypeOf<string>();
  expectTypeOf(api.create()).toEqualTypeOf<AxiosInstance>();
  expectTypeOf(api.interceptors.request.use).toEqualTypeOf<AxiosInstance["interceptors"]["request"]["use"]>();
  expectTypeOf(api.defaults).toEqualTypeOf<AxiosInstance["defaults"]>();
});

test("a policy is checked", () => {
  expectTypeOf<{ profile: "longRunning"; idempotencyKey: true }>().toExtend<AxiosPolicy>();
  expectTypeOf<{ reconcile: () => Promise<AxiosResponse> }>().toExtend<AxiosPolicy>();
  expectTypeOf<{ reconcile: () => Promise<Response> }>().not.toExtend<AxiosPolicy>();
  expectTypeOf<{ retry: { maxAttempts: string } }>().not.toExtend<AxiosPolicy>();
});
