-- AlterTable
ALTER TABLE "run" ADD COLUMN     "recipeVersionId" UUID;

-- CreateTable
CREATE TABLE "recipe" (
    "id" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "projectId" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "archivedAt" TIMESTAMPTZ(3),
    "createdById" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "recipe_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "recipe_version" (
    "id" UUID NOT NULL,
    "organisationId" UUID NOT NULL,
    "projectId" UUID NOT NULL,
    "recipeId" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "content" JSONB NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "createdById" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "recipe_version_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "recipe_projectId_slug_key" ON "recipe"("projectId", "slug");

-- CreateIndex
CREATE UNIQUE INDEX "recipe_projectId_name_key" ON "recipe"("projectId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "recipe_version_recipeId_number_key" ON "recipe_version"("recipeId", "number");

-- CreateIndex
CREATE INDEX "run_recipeVersionId_idx" ON "run"("recipeVersionId");

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_recipeVersionId_fkey" FOREIGN KEY ("recipeVersionId") REFERENCES "recipe_version"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recipe" ADD CONSTRAINT "recipe_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recipe_version" ADD CONSTRAINT "recipe_version_recipeId_fkey" FOREIGN KEY ("recipeId") REFERENCES "recipe"("id") ON DELETE CASCADE ON UPDATE CASCADE;
