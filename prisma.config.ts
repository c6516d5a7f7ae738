import { defineConfig } from "prisma/config";

/** Read by the Prisma command line only; the application connects through server/db. */
export default defineConfig({
  schema: "prisma",
  migrations: { path: "prisma/migrations" },
});
