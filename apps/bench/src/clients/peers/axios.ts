import { type AxiosInstance, create } from "axios";
import type { Call, Settings } from "../client.ts";

/** An instance on axios' http adapter, its default on Node. */
export function instance({ base, timeout }: Settings): AxiosInstance {
  return create({ baseURL: base, ...(timeout !== undefined && { timeout }) });
}

export function callOf(client: AxiosInstance): Call {
  return async ({ method, path, json, signal }) => {
    const { data } = await client.request<unknown>({ method, url: path, data: json, ...(signal && { signal }) });
    return data;
  };
}
