export { clientContract } from "./testing/client-contract.ts";
export type {
  ClientStage,
  ContractAnswer,
  ContractCall,
  ScriptedAnswer,
  ScriptedServer,
  SeenRequest,
} from "./testing/client-stage.ts";
export { jumpingClock, type JumpingClock } from "./testing/jumping-clock.ts";
export {
  breakerContract,
  breakerContractOptions,
  budgetContract,
  type ContractCase,
  cooldownContract,
  type Stage,
} from "./testing/port-contracts.ts";
export { seededRandom } from "./testing/seeded-random.ts";
