export { failure, type Handler, recovering, type Seen, serve, serveRaw, type TestServer, until } from "./server.ts";
export { refused, serveScript } from "./scripted.ts";
export { clientStage } from "./contract.ts";
export { growthOfUpload } from "./upload.ts";
