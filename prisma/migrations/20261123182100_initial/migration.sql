-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "UploadState" AS ENUM ('receiving', 'received', 'checking', 'registered', 'rejected');

-- CreateEnum
CREATE TYPE "RunState" AS ENUM ('queued', 'running', 'succeeded', 'not_applicable', 'failed', 'cancelled');

-- CreateEnum
CREATE TYPE "CheckState" AS ENUM ('checking', 'ready', 'rejected');

-- CreateEnum
CREATE TYPE "NoteSubject" AS ENUM ('project', 'experiment', 'run', 'model');

-- CreateEnum
CREATE TYPE "Role" AS ENUM ('owner', 'admin', 'researcher', 'reviewer', 'viewer');

-- CreateEnum
CREATE TYPE "ShareSubject" AS ENUM ('run', 'experiment');

-- CreateTable
CREATE TABLE "artifact" (
    "id" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "sha256" CHAR(64) NOT NULL,
    "bytes" BIGINT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "artifact_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "upload" (
    "id" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "projectId" UUID NOT NULL,
    "createdById" UUID NOT NULL,
    "fileName" TEXT NOT NULL,
    "state" "UploadState" NOT NULL DEFAULT 'receiving',
    "bytes" BIGINT NOT NULL DEFAULT 0,
    "artifactId" UUID,
    "problem" JSONB,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "upload_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "benchmark" (
    "id" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "datasetVersionId" UUID NOT NULL,
    "baselineRunId" UUID NOT NULL,
    "qualityMetric" TEXT NOT NULL,
    "higherIsBetter" BOOLEAN NOT NULL,
    "split" TEXT NOT NULL,
    "qualityKey" CHAR(64) NOT NULL,
    "performanceKey" CHAR(64),
    "isPublic" BOOLEAN NOT NULL DEFAULT false,
    "createdById" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "benchmark_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "submission" (
    "id" UUID NOT NULL,
    "benchmarkId" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "runId" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "values" JSONB NOT NULL,
    "qualityKey" CHAR(64) NOT NULL,
    "performanceKey" CHAR(64),
    "submittedById" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "withdrawnAt" TIMESTAMPTZ(3),

    CONSTRAINT "submission_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dataset" (
    "id" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "projectId" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL DEFAULT '',
    "licence" TEXT NOT NULL DEFAULT '',
    "createdById" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dataset_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dataset_version" (
    "id" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "projectId" UUID NOT NULL,
    "datasetId" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "state" "CheckState" NOT NULL DEFAULT 'checking',
    "problem" JSONB,
    "task" TEXT NOT NULL,
    "manifest" JSONB NOT NULL,
    "summary" JSONB,
    "digest" CHAR(64),
    "createdById" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dataset_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dataset_file" (
    "datasetVersionId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "artifactId" UUID NOT NULL,

    CONSTRAINT "dataset_file_pkey" PRIMARY KEY ("datasetVersionId","name")
);

-- CreateTable
CREATE TABLE "experiment" (
    "id" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "projectId" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "question" TEXT NOT NULL,
    "modelVersionId" UUID NOT NULL,
    "datasetVersionId" UUID,
    "protocol" TEXT NOT NULL DEFAULT 'quick',
    "seed" INTEGER NOT NULL DEFAULT 0,
    "createdById" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "experiment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run" (
    "id" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "projectId" UUID NOT NULL,
    "experimentId" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "isBaseline" BOOLEAN NOT NULL DEFAULT false,
    "recipeName" TEXT NOT NULL,
    "recipe" JSONB NOT NULL,
    "state" "RunState" NOT NULL DEFAULT 'queued',
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "maxAttempts" INTEGER NOT NULL DEFAULT 3,
    "workerId" UUID,
    "heartbeatAt" TIMESTAMPTZ(3),
    "cancelRequestedAt" TIMESTAMPTZ(3),
    "progress" JSONB,
    "report" JSONB,
    "problem" JSONB,
    "lastSeq" INTEGER NOT NULL DEFAULT 0,
    "createdById" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMPTZ(3),
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run_event" (
    "runId" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "level" TEXT NOT NULL DEFAULT 'info',
    "text" TEXT NOT NULL DEFAULT '',
    "data" JSONB,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "run_event_pkey" PRIMARY KEY ("runId","seq")
);

-- CreateTable
CREATE TABLE "run_examples" (
    "runId" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "split" TEXT NOT NULL,
    "items" BYTEA NOT NULL,
    "labels" BYTEA NOT NULL,
    "predictions" BYTEA NOT NULL,

    CONSTRAINT "run_examples_pkey" PRIMARY KEY ("runId")
);

-- CreateTable
CREATE TABLE "user" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "passwordHash" TEXT NOT NULL,
    "locale" TEXT NOT NULL DEFAULT 'en',
    "isOperator" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" UUID NOT NULL,
    "userId" UUID NOT NULL,
    "userAgent" TEXT NOT NULL DEFAULT '',
    "ip" TEXT NOT NULL DEFAULT '',
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastSeenAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "revokedAt" TIMESTAMPTZ(3),

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "password_reset" (
    "tokenHash" TEXT NOT NULL,
    "userId" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "usedAt" TIMESTAMPTZ(3),

    CONSTRAINT "password_reset_pkey" PRIMARY KEY ("tokenHash")
);

-- CreateTable
CREATE TABLE "rate_limit" (
    "key" VARCHAR(255) NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "rate_limit_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "measurement" (
    "runId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "split" TEXT NOT NULL DEFAULT '',
    "organisationId" UUID NOT NULL,
    "projectId" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "unit" TEXT NOT NULL,
    "intervalKind" TEXT NOT NULL,
    "low" DOUBLE PRECISION,
    "high" DOUBLE PRECISION,
    "level" DOUBLE PRECISION,
    "intervalMethod" TEXT,
    "n" INTEGER NOT NULL,
    "tier" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "conditions" JSONB NOT NULL,
    "qualityKey" CHAR(64),
    "performanceKey" CHAR(64),
    "deltaValue" DOUBLE PRECISION,
    "deltaPercent" DOUBLE PRECISION,
    "deltaLow" DOUBLE PRECISION,
    "deltaHigh" DOUBLE PRECISION,
    "deltaMethod" TEXT,
    "detail" JSONB,
    "measuredAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "measurement_pkey" PRIMARY KEY ("runId","name","split")
);

-- CreateTable
CREATE TABLE "metric_point" (
    "runId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "step" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "metric_point_pkey" PRIMARY KEY ("runId","name","step")
) PARTITION BY HASH ("runId");

-- Sixteen partitions: the points of a run stand in one, and vacuum and index work stay small.
-- One statement each: the driver that applies migrations splits scripts at semicolons and knows no DO blocks.
CREATE TABLE "metric_point_00" PARTITION OF "metric_point" FOR VALUES WITH (MODULUS 16, REMAINDER 0);
CREATE TABLE "metric_point_01" PARTITION OF "metric_point" FOR VALUES WITH (MODULUS 16, REMAINDER 1);
CREATE TABLE "metric_point_02" PARTITION OF "metric_point" FOR VALUES WITH (MODULUS 16, REMAINDER 2);
CREATE TABLE "metric_point_03" PARTITION OF "metric_point" FOR VALUES WITH (MODULUS 16, REMAINDER 3);
CREATE TABLE "metric_point_04" PARTITION OF "metric_point" FOR VALUES WITH (MODULUS 16, REMAINDER 4);
CREATE TABLE "metric_point_05" PARTITION OF "metric_point" FOR VALUES WITH (MODULUS 16, REMAINDER 5);
CREATE TABLE "metric_point_06" PARTITION OF "metric_point" FOR VALUES WITH (MODULUS 16, REMAINDER 6);
CREATE TABLE "metric_point_07" PARTITION OF "metric_point" FOR VALUES WITH (MODULUS 16, REMAINDER 7);
CREATE TABLE "metric_point_08" PARTITION OF "metric_point" FOR VALUES WITH (MODULUS 16, REMAINDER 8);
CREATE TABLE "metric_point_09" PARTITION OF "metric_point" FOR VALUES WITH (MODULUS 16, REMAINDER 9);
CREATE TABLE "metric_point_10" PARTITION OF "metric_point" FOR VALUES WITH (MODULUS 16, REMAINDER 10);
CREATE TABLE "metric_point_11" PARTITION OF "metric_point" FOR VALUES WITH (MODULUS 16, REMAINDER 11);
CREATE TABLE "metric_point_12" PARTITION OF "metric_point" FOR VALUES WITH (MODULUS 16, REMAINDER 12);
CREATE TABLE "metric_point_13" PARTITION OF "metric_point" FOR VALUES WITH (MODULUS 16, REMAINDER 13);
CREATE TABLE "metric_point_14" PARTITION OF "metric_point" FOR VALUES WITH (MODULUS 16, REMAINDER 14);
CREATE TABLE "metric_point_15" PARTITION OF "metric_point" FOR VALUES WITH (MODULUS 16, REMAINDER 15);

-- CreateTable
CREATE TABLE "metric_series" (
    "runId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "lastStep" INTEGER NOT NULL,
    "last" DOUBLE PRECISION NOT NULL,
    "min" DOUBLE PRECISION NOT NULL,
    "max" DOUBLE PRECISION NOT NULL,
    "count" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "metric_series_pkey" PRIMARY KEY ("runId","name")
);

-- CreateTable
CREATE TABLE "model" (
    "id" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "projectId" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "trainingData" TEXT NOT NULL DEFAULT '',
    "licence" TEXT NOT NULL DEFAULT '',
    "createdById" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "model_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "model_version" (
    "id" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "projectId" UUID NOT NULL,
    "modelId" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "state" "CheckState" NOT NULL DEFAULT 'checking',
    "problem" JSONB,
    "artifactId" UUID,
    "fileName" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "sha256" CHAR(64) NOT NULL,
    "inspection" JSONB,
    "parameters" BIGINT,
    "parentVersionId" UUID,
    "runId" UUID,
    "recipe" JSONB,
    "createdById" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "model_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "note" (
    "id" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "projectId" UUID NOT NULL,
    "subject" "NoteSubject" NOT NULL,
    "subjectId" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "pinned" BOOLEAN NOT NULL DEFAULT false,
    "createdById" UUID NOT NULL,
    "updatedById" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "note_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "note_revision" (
    "noteId" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "authorId" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "note_revision_pkey" PRIMARY KEY ("noteId","revision")
);

-- CreateTable
CREATE TABLE "organisation" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL DEFAULT 'company',
    "pricePerCpuHour" DOUBLE PRECISION NOT NULL DEFAULT 0.04,
    "currency" CHAR(3) NOT NULL DEFAULT 'USD',
    "gridRegion" TEXT NOT NULL DEFAULT 'world',
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "organisation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "membership" (
    "organisationId" UUID NOT NULL,
    "userId" UUID NOT NULL,
    "role" "Role" NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "membership_pkey" PRIMARY KEY ("organisationId","userId")
);

-- CreateTable
CREATE TABLE "team" (
    "id" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "discipline" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "team_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "team_member" (
    "teamId" UUID NOT NULL,
    "userId" UUID NOT NULL,

    CONSTRAINT "team_member_pkey" PRIMARY KEY ("teamId","userId")
);

-- CreateTable
CREATE TABLE "project" (
    "id" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "teamId" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "question" TEXT NOT NULL DEFAULT '',
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "project_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invitation" (
    "id" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "role" "Role" NOT NULL,
    "email" TEXT NOT NULL DEFAULT '',
    "createdById" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "acceptedAt" TIMESTAMPTZ(3),
    "acceptedById" UUID,
    "revokedAt" TIMESTAMPTZ(3),

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "share_grant" (
    "id" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "subject" "ShareSubject" NOT NULL,
    "subjectId" UUID NOT NULL,
    "granteeOrganisationId" UUID,
    "tokenHash" TEXT,
    "canDownload" BOOLEAN NOT NULL DEFAULT false,
    "createdById" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3),
    "revokedAt" TIMESTAMPTZ(3),

    CONSTRAINT "share_grant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "worker" (
    "id" UUID NOT NULL,
    "hostName" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "facts" JSONB NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "heartbeatAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "stoppedAt" TIMESTAMPTZ(3),

    CONSTRAINT "worker_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "artifact_sha256_idx" ON "artifact"("sha256");

-- CreateIndex
CREATE UNIQUE INDEX "artifact_organisationId_sha256_key" ON "artifact"("organisationId", "sha256");

-- CreateIndex
CREATE INDEX "upload_projectId_createdAt_idx" ON "upload"("projectId", "createdAt");

-- CreateIndex
CREATE INDEX "upload_artifactId_idx" ON "upload"("artifactId");

-- CreateIndex
CREATE UNIQUE INDEX "benchmark_slug_key" ON "benchmark"("slug");

-- CreateIndex
CREATE INDEX "benchmark_organisationId_idx" ON "benchmark"("organisationId");

-- CreateIndex
CREATE INDEX "submission_organisationId_idx" ON "submission"("organisationId");

-- CreateIndex
CREATE INDEX "submission_runId_idx" ON "submission"("runId");

-- CreateIndex
CREATE UNIQUE INDEX "submission_benchmarkId_runId_key" ON "submission"("benchmarkId", "runId");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_projectId_slug_key" ON "dataset"("projectId", "slug");

-- CreateIndex
CREATE INDEX "dataset_version_projectId_idx" ON "dataset_version"("projectId");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_version_datasetId_number_key" ON "dataset_version"("datasetId", "number");

-- CreateIndex
CREATE INDEX "dataset_file_artifactId_idx" ON "dataset_file"("artifactId");

-- CreateIndex
CREATE INDEX "experiment_modelVersionId_idx" ON "experiment"("modelVersionId");

-- CreateIndex
CREATE INDEX "experiment_datasetVersionId_idx" ON "experiment"("datasetVersionId");

-- CreateIndex
CREATE UNIQUE INDEX "experiment_projectId_number_key" ON "experiment"("projectId", "number");

-- CreateIndex
CREATE INDEX "run_projectId_createdAt_idx" ON "run"("projectId", "createdAt");

-- CreateIndex
CREATE INDEX "run_state_heartbeatAt_idx" ON "run"("state", "heartbeatAt");

-- CreateIndex
CREATE UNIQUE INDEX "run_experimentId_number_key" ON "run"("experimentId", "number");

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

-- CreateIndex
CREATE INDEX "session_userId_idx" ON "session"("userId");

-- CreateIndex
CREATE INDEX "password_reset_userId_idx" ON "password_reset"("userId");

-- CreateIndex
CREATE INDEX "measurement_projectId_name_value_idx" ON "measurement"("projectId", "name", "value");

-- CreateIndex
CREATE UNIQUE INDEX "model_projectId_slug_key" ON "model"("projectId", "slug");

-- CreateIndex
CREATE UNIQUE INDEX "model_version_runId_key" ON "model_version"("runId");

-- CreateIndex
CREATE INDEX "model_version_projectId_idx" ON "model_version"("projectId");

-- CreateIndex
CREATE INDEX "model_version_parentVersionId_idx" ON "model_version"("parentVersionId");

-- CreateIndex
CREATE INDEX "model_version_artifactId_idx" ON "model_version"("artifactId");

-- CreateIndex
CREATE UNIQUE INDEX "model_version_modelId_number_key" ON "model_version"("modelId", "number");

-- CreateIndex
CREATE INDEX "note_subject_subjectId_idx" ON "note"("subject", "subjectId");

-- CreateIndex
CREATE INDEX "note_projectId_updatedAt_idx" ON "note"("projectId", "updatedAt");

-- CreateIndex
CREATE UNIQUE INDEX "organisation_slug_key" ON "organisation"("slug");

-- CreateIndex
CREATE INDEX "membership_userId_idx" ON "membership"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "team_organisationId_name_key" ON "team"("organisationId", "name");

-- CreateIndex
CREATE INDEX "team_member_userId_idx" ON "team_member"("userId");

-- CreateIndex
CREATE INDEX "project_teamId_idx" ON "project"("teamId");

-- CreateIndex
CREATE UNIQUE INDEX "project_organisationId_slug_key" ON "project"("organisationId", "slug");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_tokenHash_key" ON "invitation"("tokenHash");

-- CreateIndex
CREATE INDEX "invitation_organisationId_idx" ON "invitation"("organisationId");

-- CreateIndex
CREATE UNIQUE INDEX "share_grant_tokenHash_key" ON "share_grant"("tokenHash");

-- CreateIndex
CREATE INDEX "share_grant_organisationId_idx" ON "share_grant"("organisationId");

-- CreateIndex
CREATE INDEX "share_grant_granteeOrganisationId_idx" ON "share_grant"("granteeOrganisationId");

-- CreateIndex
CREATE INDEX "share_grant_subject_subjectId_idx" ON "share_grant"("subject", "subjectId");

-- CreateIndex
CREATE INDEX "worker_heartbeatAt_idx" ON "worker"("heartbeatAt");

-- AddForeignKey
ALTER TABLE "artifact" ADD CONSTRAINT "artifact_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "organisation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "upload" ADD CONSTRAINT "upload_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "upload" ADD CONSTRAINT "upload_artifactId_fkey" FOREIGN KEY ("artifactId") REFERENCES "artifact"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "benchmark" ADD CONSTRAINT "benchmark_datasetVersionId_fkey" FOREIGN KEY ("datasetVersionId") REFERENCES "dataset_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "submission" ADD CONSTRAINT "submission_benchmarkId_fkey" FOREIGN KEY ("benchmarkId") REFERENCES "benchmark"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "submission" ADD CONSTRAINT "submission_runId_fkey" FOREIGN KEY ("runId") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset" ADD CONSTRAINT "dataset_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_version" ADD CONSTRAINT "dataset_version_datasetId_fkey" FOREIGN KEY ("datasetId") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_file" ADD CONSTRAINT "dataset_file_datasetVersionId_fkey" FOREIGN KEY ("datasetVersionId") REFERENCES "dataset_version"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_file" ADD CONSTRAINT "dataset_file_artifactId_fkey" FOREIGN KEY ("artifactId") REFERENCES "artifact"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "experiment" ADD CONSTRAINT "experiment_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "experiment" ADD CONSTRAINT "experiment_modelVersionId_fkey" FOREIGN KEY ("modelVersionId") REFERENCES "model_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "experiment" ADD CONSTRAINT "experiment_datasetVersionId_fkey" FOREIGN KEY ("datasetVersionId") REFERENCES "dataset_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_experimentId_fkey" FOREIGN KEY ("experimentId") REFERENCES "experiment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_event" ADD CONSTRAINT "run_event_runId_fkey" FOREIGN KEY ("runId") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_examples" ADD CONSTRAINT "run_examples_runId_fkey" FOREIGN KEY ("runId") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "password_reset" ADD CONSTRAINT "password_reset_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "measurement" ADD CONSTRAINT "measurement_runId_fkey" FOREIGN KEY ("runId") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model" ADD CONSTRAINT "model_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_version" ADD CONSTRAINT "model_version_modelId_fkey" FOREIGN KEY ("modelId") REFERENCES "model"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_version" ADD CONSTRAINT "model_version_artifactId_fkey" FOREIGN KEY ("artifactId") REFERENCES "artifact"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_version" ADD CONSTRAINT "model_version_parentVersionId_fkey" FOREIGN KEY ("parentVersionId") REFERENCES "model_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "note" ADD CONSTRAINT "note_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "note_revision" ADD CONSTRAINT "note_revision_noteId_fkey" FOREIGN KEY ("noteId") REFERENCES "note"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "organisation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team" ADD CONSTRAINT "team_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "organisation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_member" ADD CONSTRAINT "team_member_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_member" ADD CONSTRAINT "team_member_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "project" ADD CONSTRAINT "project_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "organisation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "project" ADD CONSTRAINT "project_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "organisation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the schema language cannot say.

-- An experiment has at most one baseline.
CREATE UNIQUE INDEX "run_one_baseline" ON "run"("experimentId") WHERE "isBaseline";

-- A measurement without a unit, tier or honest interval must not exist.
ALTER TABLE "measurement"
  ADD CONSTRAINT "measurement_tier" CHECK ("tier" IN ('metered', 'modelled', 'imported', 'planned')),
  ADD CONSTRAINT "measurement_interval" CHECK (
    ("intervalKind" IN ('exact', 'n=1') AND "low" IS NULL AND "high" IS NULL)
    OR ("intervalKind" = 'interval' AND "low" <= "high" AND "level" > 0 AND "level" <= 1)),
  ADD CONSTRAINT "measurement_count" CHECK ("n" >= 1);

-- A grant is for an organisation or for a link, never for both or neither.
ALTER TABLE "share_grant"
  ADD CONSTRAINT "share_grant_audience" CHECK (("granteeOrganisationId" IS NULL) <> ("tokenHash" IS NULL));
