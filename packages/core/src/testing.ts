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
