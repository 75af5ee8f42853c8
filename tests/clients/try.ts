// Asks inventory for articles through a client that was generated from its OpenAPI document.
import createClient from "openapi-fetch";
import type { paths as Billing } from "./billing.js";
import type { paths as Inventory } from "./inventory.js";
import type { paths as Notification } from "./notification.js";
import type { paths as Ordering } from "./ordering.js";
import type { paths as Prescription } from "./prescription.js";

declare const process: { argv: string[] };
const [, , address, token] = process.argv;
const asked = { baseUrl: address ?? "", headers: { Authorization: `Bearer ${token}` } };

// Only compiled: a client of each service, and a change that names its key.
export const others = {
  billing: createClient<Billing>(asked),
  notification: createClient<Notification>(asked),
  ordering: createClient<Ordering>(asked),
};
export const claim = () =>
  others.notification.POST("/tasks/{task_id}/claim", {
    params: { path: { task_id: "t-1" }, header: { "idempotency-key": "claim-0001" } },
  });
export type Registered = Prescription["/prescriptions"]["post"]["responses"][201]["content"]["application/json"];

const inventory = createClient<Inventory>(asked);
const { data, error } = await inventory.POST("/articles/search", { body: { text: "demodryck" } });
if (error) throw new Error(error.detail);
console.log(JSON.stringify(data));
