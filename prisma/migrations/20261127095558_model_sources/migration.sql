-- AlterTable
ALTER TABLE "model_version" ADD COLUMN     "conversion" JSONB;

-- CreateTable
CREATE TABLE "model_source" (
    "modelVersionId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "artifactId" UUID NOT NULL,

    CONSTRAINT "model_source_pkey" PRIMARY KEY ("modelVersionId","name")
);

-- CreateIndex
CREATE INDEX "model_source_artifactId_idx" ON "model_source"("artifactId");

-- AddForeignKey
ALTER TABLE "model_source" ADD CONSTRAINT "model_source_modelVersionId_fkey" FOREIGN KEY ("modelVersionId") REFERENCES "model_version"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_source" ADD CONSTRAINT "model_source_artifactId_fkey" FOREIGN KEY ("artifactId") REFERENCES "artifact"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
