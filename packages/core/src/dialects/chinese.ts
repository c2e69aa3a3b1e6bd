import type { Dialect } from "../resolve/dialect.ts";
import { anthropic } from "./anthropic.ts";
import { openai } from "./openai.ts";

/**
 * Alibaba's DashScope. Its compatible mode says `insufficient_quota` for a throttle.
 *
 * @see https://help.aliyun.com/zh/model-studio/error-code
 */
export const dashscope: Dialect = {
  name: "dashscope",
  labels: "aliyuncs.com aliyun alibaba bailian qwen model-studio",
  headers: "x-dashscope",
  fields: "error.code=insufficient_quota&request_id",
  text: /\/help\.aliyun\.com/,
  codes: {
    rate_limit: "insufficient_quota",
    overloaded: "Throttling.ServiceOverloaded",
    payment_required: "*BillOverdue",
  },
  like: openai,
};

/** @see https://platform.minimaxi.com/document/error-code */
export const minimax: Dialect = {
  name: "minimax",
  labels: "minimax.io minimaxi.com",
  text: /^usage limit exceeded, \d/,
  fields: "base_resp",
  codeAt: "base_resp.status_code",
  codeIn: /\((\d{4})\)$/,
  codes: {
    rate_limit: "1002 1039 1041",
    timeout: "1001",
    internal: "1000 1024 1013",
    upstream: "1033",
    payment_required: "1008",
    authentication: "1004 2049",
    content_policy: "1026 1027",
    bad_request: "2013 1042",
    quota_exhausted: "2056",
  },
  messages: [["quota_exhausted", /^usage limit exceeded/]],
  like: anthropic,
};

/** @see https://docs.bigmodel.cn/cn/api/api-code */
export const zhipu: Dialect = {
  name: "zhipu",
  labels: "bigmodel.cn z.ai bigmodel glm z-ai zai",
  codes: {
    permission: "1112 1121 1220",
    payment_required: "1113",
    not_found: "1211",
    context_length: "1261",
    content_policy: "1301",
    rate_limit: "1302 1303",
    quota_exhausted: "1304 1308 1309 1310",
    overloaded: "1305 1312",
    internal: "1230 1234",
  },
  like: openai,
};

/** Moonshot calls an empty account a quota. */
export const moonshot: Dialect = {
  name: "moonshot",
  labels: "moonshot.cn moonshot.ai kimi",
  codes: {
    payment_required: "exceeded_current_quota",
  },
  like: openai,
};

export const novita: Dialect = {
  name: "novita",
  labels: "novita.ai",
  like: openai,
};

/** one-api, new-api and their family: gateways that answer an unknown model with 503. */
export const newApi: Dialect = {
  name: "new-api",
  labels: "newapi one-api oneapi",
  headers: "x-oneapi x-new-api",
  fields: "error.type=new_api error.type=one_api",
  gateway: "api",
  messages: [
    ["authentication", /^(?:无效的令牌|未提供令牌|该令牌)|令牌已过期/],
    ["permission", /已被封禁|无权访问/],
    ["payment_required", /额度不足|余额不足|额度已用尽/],
    ["overloaded", /负载已?饱和/],
  ],
  like: openai,
};
