import type { Dialect } from "../resolve/dialect.ts";

/**
 * Bedrock, SageMaker, S3, API Gateway and every AWS API. Throttling has many names, at any status.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html
 */
export const aws: Dialect = {
  name: "aws",
  labels: "amazonaws.com bedrock sagemaker s3",
  headers: "x-amzn x-amz",
  fields: "__type",
  codes: {
    rate_limit:
      "Throttling ThrottledException RequestLimitExceeded RequestThrottled SlowDown EC2ThrottledException ProvisionedThroughputExceededException BandwidthLimitExceeded PriorRequestNotComplete TransactionInProgressException",
    timeout: "RequestTimeout TimeoutError ModelTimeoutException",
    "rate_limit?": "LimitExceededException TooManyRequestsException",
    unavailable: "ModelNotReadyException",
    "upstream~": "ModelErrorException ModelStreamErrorException",
    authentication: "UnrecognizedClientException RequestExpired RequestTimeTooSkewed",
  },
  messages: [
    ["quota_exhausted", /^Limit Exceeded$/],
    ["rate_limit", /too many tokens, please wait/i],
    [
      "context_length",
      /Input is too long|too many tokens|prompt is too long|expected maxLength:|prompt tokens \(\d+\) exceed model maximum/i,
    ],
  ],
};

/** The load balancers and the CDN before them. */
export const awsEdge: Dialect = {
  name: "aws-edge",
  labels: "aws-alb aws-elb alb elb aws-cloudfront cloudfront",
  headers: "server=awselb x-amz-cf-id",
  gateway: "proxy",
};
