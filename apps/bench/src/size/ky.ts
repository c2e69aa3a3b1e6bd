export { resilient } from "@failwell/ky";
