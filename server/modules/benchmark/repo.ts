import type { OrganisationScope } from "#contracts/scope.ts";
import type { Prisma } from "#prisma/generated/client.ts";
import type { Tx } from "#server/db/client.ts";

const summary = {
  id: true,
  slug: true,
  name: true,
  description: true,
  isPublic: true,
  createdAt: true,
  organisationId: true,
  baselineRunId: true,
  qualityMetric: true,
  higherIsBetter: true,
  split: true,
  qualityKey: true,
  performanceKey: true,
  datasetVersion: { select: { number: true, task: true, dataset: { select: { name: true } } } },
  _count: { select: { submissions: { where: { withdrawnAt: null } } } },
} as const satisfies Prisma.BenchmarkSelect;

/** What a scope may see: its own benchmarks and the public ones; without a scope the public ones. */
const visibleTo = (scope: OrganisationScope | undefined): Prisma.BenchmarkWhereInput =>
  scope ? { OR: [{ organisationId: scope.organisationId }, { isPublic: true }] } : { isPublic: true };

export function list(tx: Tx, scope: OrganisationScope | undefined) {
  return tx.benchmark.findMany({
    where: visibleTo(scope),
    select: summary,
    orderBy: { createdAt: "desc" },
    take: 200,
  });
}

export function find(tx: Tx, scope: OrganisationScope | undefined, slug: string) {
  return tx.benchmark.findFirst({ where: { AND: [visibleTo(scope), { slug }] }, select: summary });
}

/** undefined where the slug is taken. */
export async function insert(
  tx: Tx,
  scope: OrganisationScope,
  data: Omit<Prisma.BenchmarkCreateManyInput, "organisationId" | "createdById">,
) {
  const made = await tx.benchmark.createManyAndReturn({
    data: [{ ...data, organisationId: scope.organisationId, createdById: scope.userId }],
    skipDuplicates: true,
    select: { id: true, slug: true },
  });
  return made[0];
}

export function submissions(tx: Tx, benchmarkId: string) {
  return tx.submission.findMany({
    where: { benchmarkId, withdrawnAt: null },
    select: { id: true, title: true, runId: true, organisationId: true, values: true, createdAt: true },
    orderBy: { createdAt: "asc" },
    take: 2_000,
  });
}

/** False where the run is an entry already. One that was withdrawn is entered anew, with its values of now. */
export async function submit(
  tx: Tx,
  scope: OrganisationScope,
  data: Omit<Prisma.SubmissionUncheckedCreateInput, "organisationId" | "submittedById">,
): Promise<{ id: string } | undefined> {
  const { benchmarkId, runId, ...rest } = data;
  const anew = await tx.submission.updateManyAndReturn({
    where: { benchmarkId, runId, organisationId: scope.organisationId, withdrawnAt: { not: null } },
    data: { ...rest, withdrawnAt: null, createdAt: new Date(), submittedById: scope.userId },
    select: { id: true },
  });
  if (anew[0]) return anew[0];
  const made = await tx.submission.createManyAndReturn({
    data: [{ ...data, organisationId: scope.organisationId, submittedById: scope.userId }],
    skipDuplicates: true,
    select: { id: true },
  });
  return made[0];
}

export async function withdraw(tx: Tx, scope: OrganisationScope, id: string): Promise<boolean> {
  const done = await tx.submission.updateMany({
    where: { id, organisationId: scope.organisationId, withdrawnAt: null },
    data: { withdrawnAt: new Date() },
  });
  return done.count === 1;
}

/** Names of organisations as a board shows them: entering a board makes the name public there. */
export async function organisationNames(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.organisation.findMany({
    where: { id: { in: [...new Set(ids)] } },
    select: { id: true, name: true },
  });
  return new Map(rows.map((row) => [row.id, row.name]));
}
