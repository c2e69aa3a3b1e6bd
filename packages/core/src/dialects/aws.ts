import type { Dialect } from "../resolve/dialect.ts";

/**
 * Bedrock, SageMaker, S3, API Gateway and every AWS API. Throttling has many names, at any status.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html
 */
export const aws: Dialect = {
  name: "aws",
  labels: "bedrock sagemaker aws-json aws-apigateway aws-s3 s3",
  headers: "x-amzn-errortype x-amzn-requestid x-amz-request-id x-amz-apigw-id x-amz-id-2",
  fields: "__type",
  codes: {
    rate_limit:
      "RequestLimitExceeded ?LimitExceededException ProvisionedThroughputExceededException BandwidthLimitExceeded PriorRequestNotComplete TransactionInProgressException",
    unavailable: "ModelNotReadyException",
    upstream: "~ModelErrorException ModelStreamErrorException",
    bad_request: "~ValidationException MalformedPolicyDocument",
    permission: "OptInRequired",
    not_found: "FTUFormNotFilled",
    conflict: "ConflictException ResourceInUseException",
    authentication: "UnrecognizedClientException InvalidAccessKeyId RequestExpired RequestTimeTooSkewed",
    payload_too_large: "RequestTooLargeException RequestEntityTooLargeException EntityTooLarge",
  },
  messages: [
    ["quota_exhausted", /^Limit Exceeded$/],
    ["rate_limit", /too many tokens, please wait/i],
    [
      "context_length",
      /Input is too long|too many tokens|prompt is too long|expected maxLength:|prompt tokens \(\d+\) exceed model maximum/i,
    ],
    ["timeout", /^Endpoint request timed out/],
  ],
};

/** The load balancers and the CDN before them. */
export const awsEdge: Dialect = {
  name: "aws-edge",
  labels: "aws-alb alb elb aws-elb aws-cloudfront cloudfront",
  headers: "server=awselb x-amz-cf-id",
  gateway: "proxy",
};
