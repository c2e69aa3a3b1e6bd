import type { Reader } from "../resolve/reading.ts";
import { canonical } from "./canonical.ts";

/** gRPC-web and Connect tell their status beside the HTTP one: in a header, or in the trailer frame at the end of a body. */
export const rpc: Reader = {
  open(reading) {
    const { headers, text } = reading;
    let status = headers.get("grpc-status");
    let message = headers.get("grpc-message");
    if (status === undefined && headers.get("content-type")?.startsWith("application/grpc")) {
      const frames = text.includes("grpc-status") ? text : attempt(atob, text, "");
      status = /grpc-status: *(\d{1,2})/i.exec(frames)?.[1];
      message = /grpc-message: *([^\r\n]*)/i.exec(frames)?.[1];
    }
    if (status === undefined || status === "0") return;
    reading.part = {
      status: canonical[Number(status)],
      message: message && attempt(decodeURIComponent, message, message),
    };
  },
};

function attempt(decode: (text: string) => string, text: string, otherwise: string): string {
  try {
    return decode(text);
  } catch {
    return otherwise;
  }
}
