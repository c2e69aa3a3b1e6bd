import { addCode } from "../resolve/answer.ts";
import { filled, own } from "../resolve/own.ts";
import type { Reader } from "../resolve/reading.ts";
import { listLimit } from "../resolve/unwrap.ts";
import { canonical } from "./canonical.ts";

// Where codes stand, the most specific one first; further words that tell what a code means; ids. Paths of own keys,
// where `*` stands for every element of a list.
const codes =
  "details.*.reason metadata.error_type metadata.reason metadata.provider_error_code extensions.code errorCode error_name error_code err_code reason errorcode error_type errors.0.reason";
const hints = "details.*.violations.*.quotaId metadata.limit_source innererror.code";
const ids = "requestId error_id RequestId generationId ray_id innerError.request-id";

type Paths = readonly (readonly string[])[];

const [codePaths, hintPaths, idPaths] = /* @__PURE__ */ [codes, hints, ids].map((paths): Paths =>
  paths.split(" ").map((path) => path.split(".")),
) as [Paths, Paths, Paths];

const keys: ReadonlySet<string> = /* @__PURE__ */ new Set(
  /* @__PURE__ */ "name status __type ok error_description originalStatusCode retryable"
    .split(" ")
    .concat([...codePaths, ...hintPaths, ...idPaths].map(([key = ""]) => key)),
);

/** Reads codes and ids from wherever providers put them. */
export const fields: Reader = {
  gather(of, reading) {
    // Most objects have none of all this.
    if (!Object.keys(of).some((key) => keys.has(key))) return;
    each(of, codePaths, (code) => addCode(code, reading));
    each(of, hintPaths, (hint) => filled(hint) && reading.hints.push(hint as string));
    each(of, idPaths, (id) => (reading.requestId ??= filled(id)));
    const name = own(of, "name");
    const id = own(of, "id");
    // Stability's shape; Cohere's and Together's id is not that of a request.
    if (typeof name === "string" && typeof id === "string") {
      addCode(name, reading);
      reading.requestId ??= filled(id);
    }
    const status = own(of, "status");
    // A task has a status too.
    if (canonical.includes(status as string)) addCode(status, reading);
    // A namespace may stand before the name of an exception, and a link behind it.
    addCode(filled(own(of, "__type"))?.replace(/^.*#|[:,].*/g, ""), reading);
    if (own(of, "ok") === false || own(of, "error_description") !== undefined) addCode(own(of, "error"), reading);
    const behind = own(of, "originalStatusCode") as number;
    // A status from behind the server counts when it blames the caller.
    if (behind >= 400 && behind < 500) reading.meant = behind;
    const retryable = own(of, "retryable");
    if (typeof retryable === "boolean") reading.word ??= { retryable, evidence: "body retryable" };
  },
};

function each(of: object, paths: Paths, take: (value: unknown) => void): void {
  for (const path of paths) if (Object.hasOwn(of, path[0]!)) walk(of, path, 0, take);
}

function walk(value: unknown, path: readonly string[], step: number, take: (value: unknown) => void): void {
  const key = path[step];
  if (key === undefined) take(value);
  else if (key !== "*") walk(own(value, key), path, step + 1, take);
  else if (Array.isArray(value)) for (const one of value.slice(0, listLimit)) walk(one, path, step + 1, take);
}
