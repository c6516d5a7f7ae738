// Who may import whom. Each rule says where the code belongs instead; a test plants a violation of each.
const native =
  "^(fs|node:fs|child_process|node:child_process|worker_threads|node:worker_threads|os|node:os|net|node:net|http|node:http)(/|$)";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "engine-stands-alone",
      comment:
        "The engine knows nothing of the web or the database. Move what both need into the engine, or pass it in.",
      severity: "error",
      from: { path: "^engine/" },
      to: { path: "^(app|components|contracts|server|workers|prisma|bin|messages|i18n)/" },
    },
    {
      name: "engine-is-pure",
      comment:
        "Outside engine/runtime the engine has no native code, files, threads or environment. Open files in engine/runtime and pass byte sources.",
      severity: "error",
      from: { path: "^engine/", pathNot: "^engine/runtime/|/testing/|\\.(test|itest)\\.ts$" },
      to: { path: `${native}|node_modules/(onnxruntime-node|@tensorflow)/` },
    },
    {
      name: "native-only-in-runtime",
      comment:
        "ONNX Runtime and TensorFlow.js are loaded in engine/runtime only, each through the file that keeps it quiet. Import engine/runtime/onnxruntime.ts. (The benchmark of training steps times TensorFlow.js itself.)",
      severity: "error",
      from: {
        pathNot:
          "^engine/runtime/(onnxruntime|tfjs)\\.ts$|/testing/|\\.(test|itest|spec)\\.ts$|^e2e/|^bin/bench/train/tensorflow-",
      },
      to: { path: "node_modules/(onnxruntime-node|@tensorflow)/" },
    },
    {
      name: "engine-runtime-not-in-server",
      comment:
        "Whatever executes a model runs in a worker's child process: call the engine's runtime from workers/child.",
      severity: "error",
      from: { path: "^(server|app|components|contracts)/", pathNot: "\\.(test|itest)\\.ts$" },
      to: { path: "^engine/runtime/" },
    },
    {
      name: "contracts-are-isomorphic",
      comment: "contracts import zod, and from the engine its schemas and types only.",
      severity: "error",
      from: { path: "^contracts/", pathNot: "\\.test\\.ts$" },
      to: {
        pathNot: "^contracts/|^engine/.*\\.schema\\.ts$|node_modules/zod/",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "prisma-only-in-repos",
      comment:
        "The Prisma client is touched by repo.ts files and server/db only: add a function to the module's repo.",
      severity: "error",
      from: {
        pathNot:
          "^server/(db|auth)/|^server/modules/.+/[a-z.-]*repo\\.ts$|^prisma/|\\.(test|itest)\\.ts$|^server/testing/",
      },
      to: { path: "^prisma/generated/|node_modules/@prisma/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "workers-not-in-web",
      comment: "Workers never import app or the tRPC layer: call a service in server/modules.",
      severity: "error",
      from: { path: "^workers/", pathNot: "\\.itest\\.ts$" },
      to: { path: "^(app|components|server/trpc|server/entry)/" },
    },
    {
      name: "components-see-contracts",
      comment:
        "Components see contracts, other components and the router's type; of the engine its schemas and what it says of recipes without loading a technique.",
      severity: "error",
      from: { path: "^components/", pathNot: "\\.test\\.ts$" },
      to: {
        path: "^(app|workers|prisma|bin|server)/|^engine/(?!(.*\\.schema|passes/(needs|order-check))\\.ts$)",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "app-through-doors",
      comment: "app/ reaches the server through server/entry only.",
      severity: "error",
      from: { path: "^app/" },
      to: {
        path: "^(server/(?!entry/)|workers|prisma|bin)|^engine/(?!.*\\.schema\\.ts$)",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "modules-through-services",
      comment: "A module's repo is its own: ask the other module's service.",
      severity: "error",
      from: { path: "^server/modules/([^/]+)/", pathNot: "\\.itest\\.ts$" },
      to: { path: "^server/modules/.+/[a-z.-]*repo\\.ts$", pathNot: "^server/modules/$1/" },
    },
    {
      name: "repos-from-services",
      comment: "Only a module's own files call its repo.",
      severity: "error",
      from: { pathNot: "^server/modules/|^server/testing/" },
      to: { path: "^server/modules/.+/[a-z.-]*repo\\.ts$" },
    },
    {
      name: "no-cycles",
      comment: "Two files that import each other are one file, or lack a third.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(\\.next|\\.parsimony|\\.cache)/|^prisma/generated/internal" },
    enhancedResolveOptions: { extensions: [".ts", ".tsx", ".mjs", ".js", ".json"] },
  },
};
