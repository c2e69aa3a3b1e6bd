import ky, { type Input, type KyInstance, type KyResponse, type Options, type ResponsePromise } from "ky";
import { expectTypeOf, test } from "vitest";
import {
  type Attempt,
  attemptsOf,
  createResilient,
  type Failure,
  failureOf,
  type KyPolicy,
  resilient,
  type Verdict,
  verdictOf,
} from "./index.ts";

const api = resilient(ky);

interface User {
  readonly id: number;
}

test("what comes out is the type that went in", () => {
  expectTypeOf(resilient()).toEqualTypeOf<KyInstance>();
  expectTypeOf(resilient(undefined, { profile: "none" })).toEqualTypeOf<KyInstance>();
  expectTypeOf(api).toEqualTypeOf<KyInstance>();
  expectTypeOf(resilient(ky, { profile: "longRunning" })).toEqualTypeOf<typeof ky>();
  expectTypeOf(resilient(api)).toEqualTypeOf<KyInstance>();
  interface Mine extends KyInstance {
    readonly tenant: string;
  }
  expectTypeOf(resilient({} as Mine).tenant).toEqualTypeOf<string>();
  expectTypeOf(createResilient).returns.toEqualTypeOf<typeof resilient>();
});

test("calls, verbs and shortcuts keep their types", () => {
  expectTypeOf(api).parameter(0).toEqualTypeOf<Input>();
  expectTypeOf(api).parameter(1).toEqualTypeOf<Options | undefined>();
  expectTypeOf(api<User>("")).toEqualTypeOf<ResponsePromise<User>>();
  expectTypeOf(api("")).resolves.toEqualTypeOf<KyResponse>();
  expectTypeOf(api("").json<User>()).resolves.toEqualTypeOf<User>();
  expectTypeOf(api<User>("").json()).resolves.toEqualTypeOf<User>();
  expectTypeOf(api.get<User>("").json()).resolves.toEqualTypeOf<User>();
  expectTypeOf(api.post("").json()).resolves.toBeUnknown();
  expectTypeOf(api.put("").text()).resolves.toBeString();
  expectTypeOf(api.patch("").blob()).resolves.toEqualTypeOf<Blob>();
  expectTypeOf(api.delete("").arrayBuffer()).resolves.toEqualTypeOf<ArrayBuffer>();
  expectTypeOf(api.head("")).toEqualTypeOf<ResponsePromise>();
  expectTypeOf(api.query<User>("").json()).resolves.toEqualTypeOf<User>();
});

test("a schema says what .json() gives", () => {
  interface UserSchema {
    readonly "~standard": {
      readonly version: 1;
      readonly vendor: string;
      readonly validate: (value: unknown) => { readonly value: User };
      readonly types?: { readonly input: unknown; readonly output: User };
    };
  }
  expectTypeOf(api("").json({} as UserSchema)).resolves.toEqualTypeOf<User>();
});

test("extend and create keep everything", () => {
  expectTypeOf(api.extend({})).toEqualTypeOf<KyInstance>();
  expectTypeOf(api.extend((defaults) => ({ headers: defaults.headers! }))).toEqualTypeOf<KyInstance>();
  expectTypeOf(api.create({})).toEqualTypeOf<KyInstance>();
  expectTypeOf(api.stop).toEqualTypeOf<KyInstance["stop"]>();
  expectTypeOf(api.retry).toEqualTypeOf<KyInstance["retry"]>();
});

test("what is no ky is refused", () => {
  // @ts-expect-error a fetch is no ky
  resilient(fetch);
  expectTypeOf<{ retry: { maxAttempts: string } }>().not.toExtend<KyPolicy>();
  expectTypeOf<{ profile: "none"; bufferBody: 10 }>().toExtend<KyPolicy>();
});

test("what an error and a response carry has a type", () => {
  expectTypeOf(failureOf).returns.toEqualTypeOf<Failure | null>();
  expectTypeOf(attemptsOf).returns.toEqualTypeOf<readonly Attempt[]>();
  expectTypeOf(verdictOf(new Response())).resolves.toEqualTypeOf<Verdict | null>();
});
