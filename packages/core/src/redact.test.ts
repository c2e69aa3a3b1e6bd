import { describe, expect, test } from "vitest";

import { redact } from "./redact.ts";

// Keys are put together here, so that no scanner takes them for real ones.
const key = (...parts: string[]): string => parts.join("");
const tail = "AbCdEfGhIjKlMnOpQrStUvWx";

describe("keys", () => {
  test.each([
    [key("sk-", tail), "[key]"],
    [key("sk-", "proj-", "aB3_x-Y9"), "[key]"],
    [key("sk-", "ant-", "api03-", tail), "[key]"],
    [key("sk-", "or-v1-", "0123456789abcdef0123456789abcdef"), "[key]"],
    [key("sk-", "1234"), "[key]"],
    [key("gsk_", tail), "[key]"],
    [key("r8_", tail), "[key]"],
    [key("hf_", tail), "[key]"],
    [key("xai-", tail), "[key]"],
    [key("AIza", "Sy", tail), "[key]"],
    [key("AKIA", "IOSFODNN7EXAMPLE"), "[key]"],
    [key("ASIA", "IOSFODNNAEXAMPLE"), "[key]"],
    [key("ghp_", tail), "[key]"],
    [key("gho_", tail), "[key]"],
    [key("github_pat_", "11", tail), "[key]"],
    [key("glpat-", tail), "[key]"],
    [key("xoxb-", "1234567890-abcdefghij"), "[key]"],
    [key("SG.", "AbCdEfGhIjKlMnOpQr.", tail), "[key]"],
    [key("sk_", "live_", tail), "[key]"],
    [key("pk_", "test_", tail), "[key]"],
    [key("rk_", "live_", tail), "[key]"],
    [key("nvapi-", tail), "[key]"],
    [key("tgp_v1_", tail), "[key]"],
    [key("pplx-", tail), "[key]"],
    [key("key-", "3ax6xnjp29jd6fds4gc373sgvjxteol0"), "[secret]"],
    ["0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0:0123456789abcdef0123456789abcdef", "[key]"],
    ["-----BEGIN PRIVATE KEY-----\nMIIEvQ\nIBADAN=\n-----END PRIVATE KEY-----", "[key]-----END PRIVATE KEY-----"],
  ])("%s is taken out", (input, expected) => {
    expect(redact(`got ${input}, sorry`)).toBe(`got ${expected}, sorry`);
  });

  test.each([
    ["Incorrect API key provided: sk-****abcd.", "Incorrect API key provided: [secret]."],
    ["Invalid key sk-...7f3A", "Invalid key [key]"],
    ["Invalid key sk-proj-…wxyz", "Invalid key [key]"],
    ["Invalid key xai-****wxyz", "Invalid key [key]"],
    [
      "Authentication Fails, Your api key: ****9f2e is invalid",
      "Authentication Fails, Your api key: [secret] is invalid",
    ],
    ["The key ****9f2e is invalid", "The key [key] is invalid"],
    [
      "Authentication Error, Invalid proxy server token passed. Received API Key = sk-...7f3A, Key Hash (Token) =ee997467832e008dbe74b72ddc44ee893499b1f7126abfb37ccc28fe4705ddb9. Unable to find token in cache or `LiteLLM_VerificationTokenTable`",
      "Authentication Error, Invalid proxy server token passed. Received API Key = [secret], Key Hash (Token) =[secret]. Unable to find token in cache or `LiteLLM_VerificationTokenTable`",
    ],
  ])("a masked key keeps neither head nor tail: %s", (input, expected) => {
    expect(redact(input)).toBe(expected);
  });
});

describe("secrets", () => {
  test.each([
    ["Bearer abc123", "Bearer [secret]"],
    ["bearer eyJhbGciOiJub25lIn0.eyJhIjoxfQ.", "bearer [secret]"],
    ["basic dXNlcjpwYXNz", "basic [secret]"],
    ["Authorization: Basic dXNlcjpwYXNz", "Authorization: [secret]"],
    ["Authorization: Bearer YOUR_KEY), or as the password field", "Authorization: [secret]), or as the password field"],
    ["jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVPmB92K27 expired", "jwt [secret] expired"],
    ["x-api-key: abc, x", "x-api-key: [secret], x"],
    ["Api-Key=abc", "Api-Key=[secret]"],
    ["password=hunter2&user=x", "password=[secret]&user=x"],
    ["(token: hunter2).", "(token: [secret])."],
    ["secret => hunter2", "secret => [secret]"],
    ["<Password>hunter2</Password>", "<Password>[secret]</Password>"],
    ['Cookie: sid="a b"; theme=dark\nnext', "Cookie: [secret]\nnext"],
    ['{"set-cookie":"sid=1; Path=/","a":1}', '{"set-cookie":"[secret]","a":1}'],
    ['{"password": "hun\\"ter2", "a": 1}', '{"password": "[secret]", "a": 1}'],
    ['{\\"api_key\\":\\"hunter2\\",\\"a\\":1}', '{\\"api_key\\":\\"[secret]\\",\\"a\\":1}'],
    ["{'token': 'two words'}", "{'token': '[secret]'}"],
    [
      `aws_secret_access_key = ${key("wJalrXUtnFEMI/K7MDENG/", "bPxRfiCYEXAMPLEKEY")}`,
      "aws_secret_access_key = [secret]",
    ],
    [`the AWS secret ${key("wJalrXUtnFEMI/K7MDENG/", "bPxRfiCYEXAMPLEKEY")} leaked`, "the AWS secret [secret] leaked"],
    ["digest 0123456789abcdef0123456789abcdef.", "digest [secret]."],
    ["blob Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MDEyMzQ1Ng/ab+cd== end", "blob [secret] end"],
  ])("%s", (input, expected) => {
    expect(redact(input)).toBe(expected);
  });
});

describe("URLs", () => {
  test.each([
    ["postgres://app:p@ss@db.internal:5432/app", "postgres://[secret]@[host]/app"],
    ["redis://:pw@cache:6379", "redis://[secret]@[host]"],
    ["https://user:pw@api.example.com/v1", "https://[secret]@api.example.com/v1"],
    [
      "https://b.s3.amazonaws.com/o.mp4?X-Amz-Credential=AKIA%2F2026&X-Amz-Date=20261124T000000Z&X-Amz-Signature=ab&X-Amz-Security-Token=IQ",
      "https://b.s3.amazonaws.com/o.mp4?X-Amz-Credential=[secret]&X-Amz-Date=20261124T000000Z&X-Amz-Signature=[secret]&X-Amz-Security-Token=[secret]",
    ],
    [
      "https://a.blob.core.windows.net/c/o.mp4?sv=2024-11-04&se=2026-11-24&sig=ab%3D",
      "https://a.blob.core.windows.net/c/o.mp4?sv=[secret]&se=[secret]&sig=[secret]",
    ],
    [
      "https://cdn.example.com/v.mp4?Expires=1&Signature=ab~c",
      "https://cdn.example.com/v.mp4?Expires=1&Signature=[secret]",
    ],
    ["https://api.example.com/v1?x=1\\u0026sig=def", "https://api.example.com/v1?x=1\\u0026sig=[secret]"],
  ])("keep host and path: %s", (input, expected) => {
    expect(redact(input)).toBe(expected);
  });
});

describe("people, machines and files", () => {
  test.each([
    ["contact jane.doe+x@mail.example.co.uk now", "contact [email] now"],
    ["connect ECONNREFUSED 10.0.3.17:8080", "connect ECONNREFUSED [ip]"],
    [
      "Message: fetch failed Cause: Error: connect ECONNREFUSED 10.0.3.17:8080 Name: TypeError",
      "Message: fetch failed Cause: Error: connect ECONNREFUSED [ip] Name: TypeError",
    ],
    ["http://192.168.1.2/x 172.31.0.1. 127.0.0.1, 169.254.169.254 100.64.0.1", "http://[ip]/x [ip]. [ip], [ip] [ip]"],
    ["connect ECONNREFUSED ::1:3000", "connect ECONNREFUSED [ip]"],
    ["fd00::1 FE80::1 fc00:1:2:3:4:5:6:7", "[ip] [ip] [ip]"],
    ["getaddrinfo ENOTFOUND api.internal.acme.corp", "getaddrinfo ENOTFOUND [host]"],
    ["getaddrinfo EAI_AGAIN redis-master", "getaddrinfo EAI_AGAIN [host]"],
    ["gw.prod.svc.cluster.local:8080 mac.local tv.lan localhost:3000", "[host] [host] [host] [host]"],
    ["ip-10-0-3-17.us-west-2.compute.internal and ip-10-0-3-17", "[host] and [host]"],
    ["http://gateway:8080/v1/models", "http://[host]/v1/models"],
    ["Host: api.acme.corp. is not in the cert's altnames", "Host: [host]. is not in the cert's altnames"],
    [
      "Error: x\n    at handler (/srv/app/x.js:1:2)\n    at async Api.run (node:internal/x:1:2)\n    at /srv/y.js:3:4",
      "Error: x\n    at [path]\n    at [path]\n    at [path]",
    ],
    ["\tat com.acme.Foo.bar(Foo.java:12)", "\tat [path]"],
    ['File "/srv/app/x.py", line 12, in f', 'File "[path]", line 12, in f'],
    ['File "app/x.py", line 12, in f', 'File "[path]", line 12, in f'],
    ["open '/etc/secrets/x': ENOENT", "open '[path]': ENOENT"],
    ["C:\\Users\\bob\\x.js failed", "[path] failed"],
    ["handler@https://app.example.com/x.js:1:2", "[path]"],
  ])("%s", (input, expected) => {
    expect(redact(input)).toBe(expected);
  });
});

describe("organizations and projects", () => {
  test.each([
    ["for gpt-4o in organization org-Ab12Cd34Ef56 on TPM", "for gpt-4o in organization [org] on TPM"],
    [
      "for model `qwen/qwen3.8-27b` in organization `org_01abcdefghijklmnopqrstuvwxyz` service tier `on_demand`",
      "for model `qwen/qwen3.8-27b` in organization `[org]` service tier `on_demand`",
    ],
    ["in organization `acme` now", "in organization `[org]` now"],
    [
      "your organization's rate limit (org: 0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0, model: claude-sonnet-4-5-20250929)",
      "your organization's rate limit (org: [org], model: claude-sonnet-4-5-20250929)",
    ],
    [
      "Your newly created team doesn't have any credits or licenses yet. You can purchase those on https://console.x.ai/team/481c7584-ab46-4974-b86b-a4978384e229.",
      "Your newly created team doesn't have any credits or licenses yet. You can purchase those on https://console.x.ai/team/[org].",
    ],
    ["Your team 481c7584-ab46-4974-b86b-a4978384e229 has used", "Your team [org] has used"],
    ['{"workspace_id":"ws1","account":"123456789012"}', '{"workspace_id":"[org]","account":"[org]"}'],
    ["workspace wrkspc_01AbCdEf", "workspace [org]"],
    [
      "User: arn:aws:sts::123456789012:assumed-role/prod-gw/i-0abc is not authorized to perform: bedrock:InvokeModel on resource: arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-5-sonnet-20241022-v2:0 because",
      "User: [arn] is not authorized to perform: bedrock:InvokeModel on resource: arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-5-sonnet-20241022-v2:0 because",
    ],
    [
      "denied on resource '//aiplatform.googleapis.com/projects/acme-prod-4412/locations/us-central1/publishers/google/models/gemini-2.5-pro'",
      "denied on resource '//aiplatform.googleapis.com/projects/[project]/locations/us-central1/publishers/google/models/gemini-2.5-pro'",
    ],
    ["has not been used in project 1234 before", "has not been used in project [project] before"],
    ["Consumer 'project_number:123456' has been suspended", "Consumer 'project_number:[project]' has been suspended"],
    ["project acme-prod-4412 and proj_AbCdEf12", "project [project] and [project]"],
  ])("%s", (input, expected) => {
    expect(redact(input)).toBe(expected);
  });
});

describe("what helps stays", () => {
  test.each([
    "This model's maximum context length is 128000 tokens. However, your messages resulted in 131245 tokens.",
    "Limit 200000, Used 199990, Requested 50. Please try again in 7m12.3s. resets at 2026-11-22T15:00:00Z",
    "claude-sonnet-4-5-20250929, claude-sonnet-4-5@20250929, qwen/qwen3.8-27b, pplx-70b-online, gpt-4o",
    "anthropic.claude-3-5-sonnet-20241022-v2:0 or meta-llama/Meta-Llama-3.1-405B-Instruct-Turbo-FP8-128K",
    "read https://platform.openai.com/docs/guides/error-codes/api-errors and https://go.microsoft.com/fwlink/?linkid=2198766",
    "See https://cloud.google.com/vertex-ai/generative-ai/docs/error-code-429 for more details",
    "Quota exceeded for aiplatform.googleapis.com/online_prediction_input_tokens_per_minute_per_base_model",
    "request ID req_f287898caa6364cd42bc01355f74dd2a, reference err_01JD8Z3Q5VABCDEFGHJKMNPQRSTVWXYZ",
    "(Please include the request ID 2f6d3c9f1f7c4ab2b1c9f1d0a2b3c4d5 in your message.)",
    '"request_id": "481c7584-ab46-4974-b86b-a4978384e229"',
    "(request id: 202604121530581841273208268d9d6BphFOjmu)",
    "hnd1::fs8k9-1679151302268-044a719e1f27",
    "invalid x-api-key",
    "Check the Authorization header, using Bearer auth or Basic authentication",
    "max_tokens: 4096, prompt_token_ids: [11, 429], tokens per minute (TPM): Limit 8000",
    "Unexpected token < in JSON at position 0",
    "messages.0.content: Input should be a valid list",
    "Invalid URL (POST /v1/chat/completion)",
    "getaddrinfo ENOTFOUND api.openai.com, connect ETIMEDOUT 8.8.8.8:443, 172.32.0.1, 100.128.0.1, 2001:db8::1",
    "your organization's rate limit; the project (Member, Owner); 用户已被封禁",
    "This error is **important**: 2**31-1 is the limit",
  ])("%s", (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe("control and invisible characters", () => {
  test.each([
    ["escape sequences go whole", "bad \u001B[31;1mred\u001B[0m \u001B]0;title\u0007end", "bad red end"],
    ["line breaks and tabs stay", "a\tb\nc\r\nd", "a\tb\nc\nd"],
    ["C0 and C1", "a\u0000b\u0008c\u007Fd\u0085e\u009Bf", "abcdef"],
    ["bidirectional overrides", "a\u202Eb\u2066c\u2069d", "abcd"],
    ["zero width", "a\u200Bb\u200Fc\uFEFFd", "abcd"],
    ["a key cannot hide behind them", "sk-\u200B1234567\u0000890", "[key]"],
  ])("%s", (_, input, expected) => {
    expect(redact(input)).toBe(expected);
  });
});
