export { resilient } from "@failwell/axios";
